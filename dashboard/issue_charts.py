"""Charts of the Issues page: a DataFrame in, a Plotly figure out. See charts.py."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import colours, framed
from dashboard.i18n import _, missing, number, percent, short_date


def weeks(rows: pd.DataFrame, fix_on: date | None, theme: str | None) -> go.Figure:
    """Calls by week, those that grow faster than chance in the other colour; a line where the fix holds.

    ``rows``: week, calls, read_calls, share, expected, is_emerging.
    """
    use = colours(theme)
    hover = [
        f"{short_date(row['week'])}<br>"
        + _("{n} calls, {share} of all read").format(n=number(row["calls"]), share=percent(row["share"], 1))
        + ("" if missing(row["expected"]) else "<br>" + _("{n} would be usual").format(n=number(row["expected"], 1)))
        for row in rows.to_dict("records")
    ]
    places = [*range(len(rows))]
    traces: list[dict[str, Any]] = [{
        "type": "bar", "x": places, "y": [int(n) for n in rows["calls"]], "hovertext": hover, "hoverinfo": "text",
        "marker": {"color": [use.goal if grows else use.line for grows in rows["is_emerging"]]},
    }]  # fmt: skip
    every = max(1, len(places) // 8)
    shapes = []
    if fix_on is not None:
        before = sum(pd.Timestamp(week).date() < fix_on for week in rows["week"])
        shapes = [{"type": "line", "x0": before - 0.5, "x1": before - 0.5, "yref": "paper", "y0": 0, "y1": 1,
                   "line": {"color": use.goal, "width": 2, "dash": "dot"}}]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": {"tickvals": places[::every], "ticktext": [short_date(week) for week in rows["week"]][::every], "showgrid": False,
                  "zeroline": False},
        "yaxis": {"gridcolor": use.grid, "rangemode": "tozero", "nticks": 5, "zeroline": False},
        "shapes": shapes, "showlegend": False,
    }  # fmt: skip
    return framed(traces, layout, 260, use)
