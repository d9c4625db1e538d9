"""Charts of the Goals page: a DataFrame in, a Plotly figure out. See charts.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import FEW, colours, framed
from dashboard.i18n import _, missing, number, percent_sign, short_date


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
