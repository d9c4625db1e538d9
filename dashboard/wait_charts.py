"""Charts of the Waits page: a DataFrame or figures of models.waits in, a Plotly figure out. See charts.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import Colours, colours, framed
from dashboard.i18n import _, clock_of, number, percent, percent_sign, seconds, short_date
from models.waits.control import Chart
from models.waits.staffing import HalfHour

PATIENCE_STEPS = 400
"""Steps between everybody and nobody that the curve of patience shows; its chart is some 320 pixels high."""


def control(
    days: Sequence[Any], of: Chart, signals: Mapping[int, Sequence[str]], changes: Sequence[int], goal: float | None,
    hover: Sequence[str], theme: str | None,
) -> go.Figure:  # fmt: skip
    """Shares day by day with their limits; diamonds where a rule speaks, upright lines where the share changed.

    A point's ``customdata`` is its place, so that it can be clicked.
    """
    use = colours(theme)
    names = [short_date(day) for day in days]
    places = [*range(len(names))]
    limits = {"color": use.text, "width": 1, "dash": "dot"}
    step = {"type": "scatter", "mode": "lines", "x": places, "hoverinfo": "skip", "showlegend": False}
    traces: list[dict[str, Any]] = [
        {**step, "y": [*(100 * of.upper)], "line": {**limits, "shape": "hvh"}, "showlegend": True,
         "name": _("Limits (3 sigma)")},
        {**step, "y": [*(100 * of.lower)], "line": {**limits, "shape": "hvh"}},
        *_levels(of, changes, use),
    ]  # fmt: skip
    if goal is not None:
        traces.append({**step, "y": [100 * goal] * len(names), "name": _("Goal"), "showlegend": True,
                       "line": {"color": use.goal, "width": 1.5, "dash": "dash"}})  # fmt: skip
    calm = [place for place in places if place not in signals]
    traces += [
        _points(calm, of, hover, _("As usual"), {"size": 7, "color": use.line}),
        _points([*signals], of, hover, _("Out of the ordinary"), {"size": 12, "color": use.goal, "symbol": "diamond"}),
    ]
    every = max(1, len(names) // 8)
    layout: dict[str, Any] = {
        "xaxis": {"tickvals": places[::every], "ticktext": names[::every], "showgrid": False, "tickangle": 0,
                  "zeroline": False},
        "yaxis": {"ticksuffix": percent_sign(), "gridcolor": use.grid, "zeroline": False, "nticks": 6},
        "shapes": [_upright(place - 0.5, use) for place in changes],
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False},
    }  # fmt: skip
    return framed(traces, layout, 360, use).update_layout(margin={"t": 60})


def _points(
    places: Sequence[int], of: Chart, hover: Sequence[str], name: str, marker: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": [*places], "y": [100 * float(of.shares[place]) for place in places],
        "marker": marker, "name": name, "hovertext": [hover[place] for place in places], "hoverinfo": "text",
        "customdata": [[place] for place in places], "unselected": {"marker": {"opacity": 0.7}},
    }  # fmt: skip


def _levels(of: Chart, changes: Sequence[int], use: Colours) -> list[dict[str, Any]]:
    """The mean of each stretch between changes: without changes, the centre line."""
    edges = [0, *changes, len(of.shares)]
    weights = 1 / of.sigma**2 if (of.sigma > 0).all() else of.shares * 0 + 1
    lines = []
    for first, end in pairwise(edges):
        part, weight = of.shares[first:end], weights[first:end]
        level = 100 * float((part * weight).sum() / weight.sum())
        lines.append({
            "type": "scatter", "mode": "lines", "x": [first - 0.5, end - 0.5], "y": [level, level], "hoverinfo": "skip",
            "line": {"color": use.line, "width": 2}, "name": _("Mean"), "showlegend": first == 0,
        })  # fmt: skip
    return lines


def _upright(place: float, use: Colours) -> dict[str, Any]:
    return {"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1, "yref": "paper",
            "line": {"color": use.text, "width": 1.5, "dash": "dash"}}  # fmt: skip


def steps(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows at which the curve falls visibly, and the last: at most some ``PATIENCE_STEPS``, each off by less than a pixel."""
    seen = (rows["still_waiting"] * PATIENCE_STEPS).round()
    return rows[(seen != seen.shift()) | (rows.index == rows.index[-1])]


def patience(rows: pd.DataFrame, threshold_s: float | None, mean_s: float, theme: str | None) -> go.Figure:
    """Share of callers still ready to wait, by seconds; the exponential curve of the same mean beside it.

    ``rows``: wait_s, at_risk, still_waiting. Steps where hardly anyone is left are not drawn: they are chance.
    """
    use = colours(theme)
    rows = rows[rows["at_risk"] >= min(10, rows["at_risk"].max())]
    rows = steps(rows)
    waits, left = [0.0, *rows["wait_s"].astype(float)], [1.0, *rows["still_waiting"].astype(float)]
    hover = [
        _("{share} would wait longer than {time}").format(share=percent(share), time=seconds(wait))
        for wait, share in zip(waits, left, strict=True)
    ]
    traces: list[dict[str, Any]] = [{
        "type": "scatter", "mode": "lines", "x": waits, "y": [100 * share for share in left], "hovertext": hover,
        "hoverinfo": "text", "line": {"color": use.line, "width": 2.5, "shape": "hv"}, "name": _("Callers, as observed"),
    }]  # fmt: skip
    longest = max(waits)
    if mean_s < float("inf"):
        grid = [longest * n / 60 for n in range(61)]
        traces.append({
            "type": "scatter", "mode": "lines", "x": grid, "y": [100 * 2.718281828 ** (-at / mean_s) for at in grid],
            "hoverinfo": "skip", "line": {"color": use.text, "width": 1.5, "dash": "dot"},
            "name": _("As Erlang A takes it"),
        })  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": {"ticksuffix": "\u00a0s", "gridcolor": use.grid, "zeroline": False, "nticks": 8, "tickangle": 0,
                  "range": [0, longest * 1.02 or 1]},
        "yaxis": {"ticksuffix": percent_sign(), "gridcolor": use.grid, "range": [0, 102], "nticks": 6, "zeroline": False},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False},
        "shapes": [] if threshold_s is None else [
            {"type": "line", "x0": threshold_s, "x1": threshold_s, "y0": 0, "y1": 1, "yref": "paper",
             "line": {"color": use.goal, "width": 1.5, "dash": "dash"}}],
    }  # fmt: skip
    return framed(traces, layout, 320, use).update_layout(margin={"t": 48})


def spread(rows: pd.DataFrame, step: int, threshold_s: float | None, theme: str | None) -> go.Figure:
    """Calls by how long they waited: answered, abandoned, left otherwise. ``rows``: from_s and a count of each."""
    use = colours(theme)
    kinds = (("answered", _("Answered"), use.line), ("abandoned", _("Abandoned"), use.goal),
             ("flowed_out", _("Left the queue otherwise"), use.few))  # fmt: skip
    begins = rows["from_s"].astype(float)
    traces: list[dict[str, Any]] = []
    for column, name, colour in kinds:
        if not rows[column].sum():
            continue
        hover = [
            f"{name} · {_('{low} to {high}').format(low=number(at), high=seconds(at + step))}<br>"
            + _("{n} calls").format(n=number(n))
            for at, n in zip(begins, rows[column], strict=True)
        ]
        traces.append({
            "type": "bar", "x": [at + step / 2 for at in begins], "y": [*rows[column]], "width": step * 0.94,
            "name": name, "marker": {"color": colour}, "hovertext": hover, "hoverinfo": "text",
        })  # fmt: skip
    layout: dict[str, Any] = {
        "barmode": "stack",
        "xaxis": {"ticksuffix": "\u00a0s", "showgrid": False, "zeroline": False, "nticks": 8, "tickangle": 0},
        "yaxis": {"gridcolor": use.grid, "zeroline": False, "nticks": 5, "rangemode": "tozero"},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False},
        "shapes": [] if threshold_s is None else [
            {"type": "line", "x0": threshold_s, "x1": threshold_s, "y0": 0, "y1": 1, "yref": "paper",
             "line": {"color": use.goal, "width": 1.5, "dash": "dash"}}],
    }  # fmt: skip
    return framed(traces, layout, 300, use).update_layout(margin={"t": 48})


def staffing(half_hours: Sequence[HalfHour], theme: str | None) -> go.Figure:
    """Agents needed half hour by half hour of one day, beside those it was as if there had been."""
    use = colours(theme)
    names = [clock_of(at.slot) for at in half_hours]
    hover = [
        f"<b>{name}</b><br>" + "<br>".join([
            _("{n} calls offered").format(n=number(at.offered, 1)),
            _("needed: {n} (Erlang A), {m} (Erlang C)").format(n=number(at.needed_a), m=number(at.needed_c)),
            _("as if there had been {n}").format(n=number(at.as_if)),
            _("{n} agents answered").format(n=number(at.agents_seen, 1)),
        ])
        for name, at in zip(names, half_hours, strict=True)
    ]  # fmt: skip
    line = {"type": "scatter", "x": names, "hoverinfo": "skip"}
    traces: list[dict[str, Any]] = [
        {"type": "bar", "x": names, "y": [at.as_if for at in half_hours], "name": _("As if there had been"),
         "marker": {"color": use.few}, "hovertext": hover, "hoverinfo": "text"},
        {**line, "y": [at.needed_a for at in half_hours], "name": _("Needed (Erlang A)"), "mode": "lines",
         "line": {"color": use.line, "width": 2.5, "shape": "hvh"}},
        {**line, "y": [at.needed_c for at in half_hours], "name": _("Needed (Erlang C)"), "mode": "lines",
         "line": {"color": use.text, "width": 1.5, "dash": "dot", "shape": "hvh"}},
        {**line, "y": [at.agents_seen for at in half_hours], "name": _("Agents who answered"), "mode": "markers",
         "marker": {"color": use.goal, "size": 8, "symbol": "diamond"}},
    ]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": {"type": "category", "showgrid": False, "nticks": 10, "tickangle": 0},
        "yaxis": {"gridcolor": use.grid, "zeroline": False, "rangemode": "tozero", "nticks": 6},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False}, "bargap": 0.15,
    }  # fmt: skip
    return framed(traces, layout, 340, use).update_layout(margin={"t": 72})
