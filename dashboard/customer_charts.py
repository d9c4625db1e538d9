"""The picture of a customer's history: a DataFrame in, a Plotly figure out. See charts.py."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import colours, framed
from dashboard.i18n import N_, _, missing, moment, number, percent, short_date

LANES = {
    "call": N_("Calls"),
    "complaint": N_("Complaints"),
    "promise": N_("Promises"),
    "survey": N_("Surveys"),
    "callback": N_("Called back"),
}
"""What happens, from the top down."""
ONE = {
    "call": N_("Call"),
    "complaint": N_("Complaint"),
    "promise": N_("Promise"),
    "survey": N_("Survey"),
    "callback": N_("Called back"),
}
"""The same, one of each."""
SYMBOLS = {
    "call": "circle",
    "gave_up": "x",
    "complaint": "diamond",
    "promise": "triangle-up",
    "survey": "square",
    "callback": "star",
}
EXTREME = 2.0
LONGEST = 120
TICKS = 5


def history(events: pd.DataFrame, theme: str | None) -> go.Figure:
    """What happened when, a lane for each kind, coloured by tone: how it went, -2 to 2; grey where nobody can tell.

    ``events``: at (local), what (a key of ``LANES``), symbol (a key of ``SYMBOLS``), tone, words.
    """
    use = colours(theme)
    lanes = [lane for lane in LANES if lane in set(events["what"])]
    told = [not missing(tone) for tone in events["tone"]]
    traces: list[dict[str, Any]] = [
        _trace(events[[not one for one in told]], lanes, {"color": use.few}),
        _trace(events[told], lanes, {
            "color": [float(tone) for tone in events["tone"][told]], "cmin": -EXTREME, "cmax": EXTREME,
            "colorscale": [[place / 4, colour] for place, colour in enumerate(use.scale)], "showscale": any(told),
            "colorbar": {"thickness": 10, "tickvals": [-EXTREME, 0, EXTREME], "outlinewidth": 0, "tickfont": {"color": use.text},
                         "ticktext": [_("badly"), _("so-so"), _("well")]},
        }),
    ]  # fmt: skip
    for trace in traces:
        trace["marker"] |= {"size": 15, "line": {"width": 1, "color": use.text}}
    layout: dict[str, Any] = {
        "xaxis": {"type": "date", "gridcolor": use.grid, "zeroline": False, **_ticks(events["at"])},
        "yaxis": {"tickvals": [*range(len(lanes))], "ticktext": [_(LANES[lane]) for lane in lanes], "range": [len(lanes) - 0.5, -0.5],
                  "gridcolor": use.grid, "zeroline": False},
        "showlegend": False,
    }  # fmt: skip
    return framed([trace for trace in traces if trace["x"]], layout, 90 + 60 * len(lanes), use)


def _ticks(moments: pd.Series) -> dict[str, Any]:
    """Days for the axis, named in the reader's language."""
    first, last = (pd.Timestamp(at).tz_localize(None).normalize() for at in (moments.min(), moments.max()))
    days = pd.date_range(first, max(last, first + pd.Timedelta(days=1)), periods=TICKS).normalize().unique()
    return {"tickvals": [day.isoformat() for day in days], "ticktext": [short_date(day) for day in days]}


def _trace(events: pd.DataFrame, lanes: list[str], marker: dict[str, Any]) -> dict[str, Any]:
    rows = events.to_dict("records")
    return {
        "type": "scatter", "mode": "markers", "x": [pd.Timestamp(row["at"]).tz_localize(None).isoformat() for row in rows],
        "y": [lanes.index(row["what"]) for row in rows], "hoverinfo": "text", "hovertext": [_hover(row) for row in rows],
        "marker": {**marker, "symbol": [SYMBOLS[row["symbol"]] for row in rows]},
    }  # fmt: skip


def _hover(row: dict[Any, Any]) -> str:
    words = str(row["words"])
    cut = words if len(words) <= LONGEST else words[:LONGEST] + "…"
    tone = "" if missing(row["tone"]) else "<br>" + _("Tone {n}").format(n=number(row["tone"], 1))
    return f"{_(ONE[row['what']])} · {moment(row['at'])}<br>{escape(cut)}{tone}"


def ratings(labels: list[str], counts: list[int], theme: str | None) -> go.Figure:
    """How many gave which rating, lowest first."""
    use = colours(theme)
    total = sum(counts)
    traces = [{
        "type": "bar", "x": [*range(len(counts))], "y": counts, "marker": {"color": use.line}, "hoverinfo": "text",
        "hovertext": [f"{label}<br>{number(n)} ({percent(n / total)})" for label, n in zip(labels, counts, strict=True)],
    }]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": {"tickvals": [*range(len(labels))], "ticktext": labels, "showgrid": False, "zeroline": False},
        "yaxis": {"gridcolor": use.grid, "rangemode": "tozero", "nticks": 5, "zeroline": False}, "showlegend": False,
    }  # fmt: skip
    return framed(traces, layout, 240, use)
