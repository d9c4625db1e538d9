"""Charts of the Goals page: a DataFrame in, a Plotly figure out. See charts.py."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import FEW, colours, framed
from dashboard.i18n import N_, _, missing, number, percent_sign, short_date


def trend(
    points: pd.DataFrame, goal: dict[str, Any], show: Callable[[float | None], str], theme: str | None
) -> go.Figure:
    """A measure over time and its target, dashed; points of too few are grey.

    ``points``: period_on, value, n. ``goal``: how, target. ``show`` writes a value in words.
    """
    use = colours(theme)
    points = points[points["value"].notna()]
    share = goal["how"] == "share"
    factor = 100 if share else 1
    names = [short_date(day) for day in points["period_on"]]
    few = [share and n < FEW for n in points["n"]]
    hover = [
        f"{name}<br>{show(value)}<br>n = {number(n)}" + ("<br>" + _("too little data") if thin else "")
        for name, value, n, thin in zip(names, points["value"], points["n"], few, strict=True)
    ]
    places = [*range(len(names))]
    traces: list[dict[str, Any]] = [{
        "type": "scatter", "mode": "lines+markers", "x": places, "y": [float(v) * factor for v in points["value"]],
        "hovertext": hover, "hoverinfo": "text", "line": {"color": use.line, "width": 2},
        "marker": {"size": 8, "color": [use.few if thin else use.line for thin in few]},
    }]  # fmt: skip
    if not missing(goal["target"]) and places:
        traces.append({
            "type": "scatter", "mode": "lines", "x": [places[0] - 0.3, places[-1] + 0.3], "hoverinfo": "skip",
            "y": [float(goal["target"]) * factor] * 2, "line": {"color": use.goal, "width": 1.5, "dash": "dash"},
        })  # fmt: skip
    every = max(1, len(places) // 8)
    layout: dict[str, Any] = {
        "xaxis": {"tickvals": places[::every], "ticktext": names[::every], "showgrid": False, "zeroline": False},
        "yaxis": {"gridcolor": use.grid, "nticks": 5, "zeroline": False, "ticksuffix": percent_sign() if share else ""},
        "showlegend": False,
    }  # fmt: skip
    return framed(traces, layout, 260, use)


BANDS = (7, 21, 28, 35)
"""Where the bands of the self-assessment begin and end."""


def areas(means: pd.DataFrame, names: dict[str, str], theme: str | None) -> go.Figure:
    """A bar for the mean of each area over respondents, 1 to 5, and a dot for each respondent.

    ``means``: area, respondent, mean. ``names``: area → what it is called, in order.
    """
    use = colours(theme)
    known = [code for code in names if (means["area"] == code).any()][::-1]
    mean = [float(means.loc[means["area"] == code, "mean"].mean()) for code in known]
    labels = ["<br>".join(wrap(names[code], 24)) for code in known]
    place = {code: n for n, code in enumerate(known)}
    traces: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "y": [*range(len(known))], "x": [m - 1 for m in mean], "base": 1, "width": 0.55,
            "marker": {"color": use.line}, "hovertext": [f"{escape(names[c])}: {number(m, 1)}" for c, m in zip(known, mean, strict=True)],
            "hoverinfo": "text", "text": [number(m, 1) for m in mean], "textposition": "inside", "insidetextanchor": "start",
            "textfont": {"color": "#FFFFFF" if theme != "dark" else "#0E1720"},
        },
        {
            "type": "scatter", "mode": "markers", "x": [float(m) for m in means["mean"]], "y": [place[a] for a in means["area"]],
            "marker": {"size": 9, "color": use.goal, "line": {"width": 1, "color": use.text}},
            "hovertext": [f"{escape(str(r))}: {number(m, 1)}" for r, m in zip(means["respondent"], means["mean"], strict=True)],
            "hoverinfo": "text",
        },
    ]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": {"range": [1, 5.1], "tickvals": [1, 2, 3, 4, 5], "gridcolor": use.grid, "zeroline": False},
        "yaxis": {"tickvals": [*range(len(known))], "ticktext": labels, "showgrid": False, "zeroline": False},
        "showlegend": False,
    }  # fmt: skip
    return framed(traces, layout, 60 + 44 * max(len(known), 1), use)


def totals(whole: pd.DataFrame, theme: str | None) -> go.Figure:
    """The total of every whole assessment over time, a line per respondent; dashed lines where the bands begin.

    ``whole``: answered_at, respondent, total.
    """
    use = colours(theme)
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "x": [*rows["answered_at"]], "y": [float(t) for t in rows["total"]],
            "line": {"color": use.line, "width": 1.5}, "marker": {"size": 9}, "hoverinfo": "text",
            "hovertext": [f"{escape(str(who))}<br>{short_date(at)}: {number(t, 1)}" for at, t in zip(rows["answered_at"], rows["total"], strict=True)],
        }
        for who, rows in whole.sort_values("answered_at").groupby("respondent")
    ]  # fmt: skip
    lines = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": {"color": use.goal, "width": 1, "dash": "dash"}}
        for at in BANDS[1:3]
    ]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": {"showgrid": False, "zeroline": False, "nticks": 5, "tickformat": "%m/%Y"},
        "yaxis": {"range": [BANDS[0], BANDS[-1]], "tickvals": list(BANDS), "gridcolor": use.grid, "zeroline": False},
        "shapes": lines, "showlegend": False,
    }  # fmt: skip
    return framed(traces, layout, 240, use)


PARTS = {
    "lost_cost": N_("Lost customers"), "redo_cost": N_("Redone work"), "compensation_cost": N_("Compensation"),
    "repeat_cost": N_("Repeat contacts"), "handling_cost": N_("First contacts"),
}  # fmt: skip
"""What poor service costs, part by part: columns of poor_service_weeks and issue_ledger."""
SHADES = {
    "light": ("#0B4F94", "#3F86C4", "#84B8E0", "#F0A35E", "#9A3B00"),
    "dark": ("#2C6BA3", "#6CB4F0", "#A8D4F7", "#FFA04D", "#9C5A24"),
}


def waterfall(parts: dict[str, float], show: Callable[[float | None], str], theme: str | None) -> go.Figure:
    """The parts of a cost one after the other, then their sum. ``parts``: as ``PARTS``, in money."""
    use = colours(theme)
    names = [*(_(PARTS[part]) for part in parts), _("Together")]
    values = [*parts.values(), sum(parts.values())]
    traces: list[dict[str, Any]] = [{
        "type": "waterfall", "x": ["<br>".join(wrap(name, 12)) for name in names], "y": [*parts.values(), None],
        "measure": ["relative"] * len(parts) + ["total"], "text": [show(value) for value in values], "textposition": "outside",
        "textfont": {"color": use.text}, "hovertext": [f"{name}: {show(value)}" for name, value in zip(names, values, strict=True)],
        "hoverinfo": "text", "increasing": {"marker": {"color": use.line}}, "totals": {"marker": {"color": use.goal}},
        "connector": {"line": {"color": use.text, "width": 1}}, "cliponaxis": False,
    }]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": {"showgrid": False}, "yaxis": {"gridcolor": use.grid, "nticks": 5, "zeroline": False, "range": [0, 1.15 * max(values[-1], 1)]},
        "showlegend": False,
    }  # fmt: skip
    return framed(traces, layout, 320, use)


def cost_weeks(weeks: pd.DataFrame, show: Callable[[float | None], str], theme: str | None) -> go.Figure:
    """The cost of each week, its parts on one another. ``weeks``: week and the columns of ``PARTS``, in money."""
    use = colours(theme)
    names = [short_date(week) for week in weeks["week"]]
    places = [*range(len(names))]
    traces: list[dict[str, Any]] = [
        {
            "type": "bar", "name": _(label), "x": places, "y": [float(value) for value in weeks[part]], "hoverinfo": "text",
            "hovertext": [f"{name}<br>{_(label)}: {show(value)}" for name, value in zip(names, weeks[part], strict=True)],
            "marker": {"color": shade},
        }
        for (part, label), shade in zip(PARTS.items(), SHADES["dark" if theme == "dark" else "light"], strict=True)
    ]  # fmt: skip
    every = max(1, len(places) // 8)
    layout: dict[str, Any] = {
        "barmode": "stack", "xaxis": {"tickvals": places[::every], "ticktext": names[::every], "showgrid": False, "zeroline": False},
        "yaxis": {"gridcolor": use.grid, "nticks": 5, "zeroline": False},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False, "traceorder": "normal"},
    }  # fmt: skip
    return framed(traces, layout, 340, use).update_layout(margin={"t": 70})
