"""Charts of the Complaints page: a DataFrame in, a Plotly figure out. See charts.py."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import colours, framed
from dashboard.i18n import _, missing, ngettext, number, short_date

NAMED = 4
"""Issues that have a colour of their own."""
SHADES = {
    "light": ("#0B5CAD", "#B24700", "#4C8C2B", "#7A4FA3", "#8796A5"),
    "dark": ("#6CB4F0", "#FFA04D", "#8FCB6B", "#C29BE8", "#7F8C99"),
}
"""Told apart by colour-blind readers together with their order; the last is for all others."""


def ages(rows: pd.DataFrame, bands: Sequence[str], theme: str | None) -> go.Figure:
    """Open complaints by age band. ``rows``: age_band, whole, broken. A bar carries its band as ``customdata``."""
    use = colours(theme)
    of = rows.set_index("age_band").reindex(bands).fillna(0)
    places = [*range(len(bands))]
    traces: list[dict[str, Any]] = [
        {
            "type": "bar", "name": name, "x": places, "y": [int(n) for n in of[column]], "marker": {"color": colour}, "hoverinfo": "text",
            "customdata": [[band] for band in bands],
            "hovertext": [f"{band}<br>{name}: {number(n)}" for band, n in zip(bands, of[column], strict=True)],
        }
        for column, name, colour in (("whole", _("no promise broken"), use.line), ("broken", _("promise broken"), use.goal))
    ]  # fmt: skip
    layout: dict[str, Any] = {
        "barmode": "stack", "showlegend": True, "legend": {"orientation": "h", "y": -0.15, "yanchor": "top", "x": 0},
        "xaxis": {"tickvals": places, "ticktext": list(bands), "showgrid": False, "zeroline": False},
        "yaxis": {"gridcolor": use.grid, "rangemode": "tozero", "nticks": 5, "zeroline": False},
    }  # fmt: skip
    return framed(traces, layout, 280, use)


def weeks(rows: pd.DataFrame, theme: str | None) -> go.Figure:
    """Complaints by week, stacked by issue. ``rows``: week, issue_id, name, complaints.

    A bar carries its Monday (ISO) and its issue, empty for the last part, as ``customdata``.
    """
    use = colours(theme)
    shades = SHADES["dark" if theme == "dark" else "light"]
    named = rows[rows["issue_id"].notna()]
    top = [*named.groupby("issue_id")["complaints"].sum().nlargest(NAMED).index]
    names = {str(row["issue_id"]): str(row["name"]) for row in named.to_dict("records")}
    mondays = pd.date_range(rows["week"].min(), rows["week"].max(), freq="7D")
    ticks = [short_date(day) for day in mondays]
    keyed = rows.assign(part=[one if one in top else None for one in rows["issue_id"]])
    traces = []
    for place, part in enumerate([*top, None]):
        chosen = keyed["part"].isna() if part is None else keyed["part"] == part
        by_week = keyed[chosen].groupby("week")["complaints"].sum()
        by_week.index = pd.to_datetime(by_week.index)
        values = by_week.reindex(mondays).fillna(0)
        if not values.sum():
            continue
        name = _("other or none named") if missing(part) else escape(names[str(part)])
        traces.append({
            "type": "bar", "name": name, "x": [*range(len(mondays))], "y": [int(n) for n in values],
            "marker": {"color": shades[-1 if part is None else place]}, "hoverinfo": "text",
            "customdata": [[monday.date().isoformat(), part or ""] for monday in mondays],
            "hovertext": [f"{week}<br>{name}<br>" + ngettext("{n} complaint", "{n} complaints", int(n)).format(n=number(n)) for week, n in zip(ticks, values, strict=True)],
        })  # fmt: skip
    every = max(1, len(ticks) // 6)
    layout: dict[str, Any] = {
        "barmode": "stack", "showlegend": True, "legend": {"orientation": "h", "y": -0.15, "yanchor": "top", "x": 0},
        "xaxis": {"tickvals": [*range(len(ticks))][::every], "ticktext": ticks[::every], "showgrid": False, "zeroline": False},
        "yaxis": {"gridcolor": use.grid, "rangemode": "tozero", "nticks": 5, "zeroline": False},
    }  # fmt: skip
    return framed(traces, layout, 280, use)
