"""Charts: a DataFrame in, a Plotly figure out; no Streamlit, no queries. Colours are safe for colour-blind readers.

Plotly ignores the theme's colours for figures made by hand, so both themes' colours are here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.i18n import (
    _,
    clock_of,
    number,
    percent,
    percent_sign,
    plotly_separators,
    seconds,
    short_date,
    signed,
    weekday,
)  # fmt: skip

FEW = 10
"""Below this many calls a share says little, and a slot is shown grey."""

FAR = 0.4
"""Distance from the goal at which the colour of a slot is fullest."""

MOST_POINTS = 2000
CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme. ``scale`` runs from far below the goal, over the goal, to far above."""

    line: str
    goal: str
    text: str
    grid: str
    few: str
    scale: tuple[str, str, str, str, str]


LIGHT = Colours(
    line="#0B5CAD", goal="#B24700", text="#3B4854", grid="#E1E7ED", few="#C5CDD5",
    scale=("#9A3B00", "#F0A35E", "#F6F3EA", "#84B8E0", "#0B4F94"),
)  # fmt: skip
DARK = Colours(
    line="#6CB4F0", goal="#FFA04D", text="#C3CED8", grid="#2A3743", few="#46535F",
    scale=("#FF9340", "#9C5A24", "#1F2A33", "#2C6BA3", "#79C0FF"),
)  # fmt: skip


def colours(theme: str | None) -> Colours:
    """The colours of the reader's theme: ``light`` or ``dark``."""
    return DARK if theme == "dark" else LIGHT


def trend(days: pd.DataFrame, theme: str | None) -> go.Figure:
    """Service level against the goal, speed of answer against the threshold, and abandonment, one under the other.

    ``days``: day, service_level, asa_s, abandon_rate, goal, threshold_s, offered; shares from 0 to 1.
    """
    use = colours(theme)
    days = days.tail(MOST_POINTS)
    names = [short_date(day) for day in days["day"]]
    offered = [_("{n} calls offered").format(n=number(n)) for n in days["offered"]]
    goal = _("Service level (dashed: goal {goal})").format(goal=_only(days["goal"], percent))
    time = _("Average speed of answer (dashed: {time})").format(time=_only(days["threshold_s"], seconds))
    panels = (
        _Panel(goal, days["service_level"], percent, days["goal"], 100, percent_sign()),
        _Panel(time, days["asa_s"], seconds, days["threshold_s"], 1, "\u00a0s"),
        _Panel(_("Abandonment rate"), days["abandon_rate"], percent, None, 100, percent_sign()),
    )
    layout: dict[str, Any] = {"annotations": [], "showlegend": False}
    traces: list[dict[str, Any]] = []
    for place, panel in enumerate(panels):
        _add_panel(traces, layout, panel, place, names, offered, use)
    return framed(traces, layout, 470, use)


@dataclass(frozen=True, slots=True)
class _Panel:
    """One of the trend's panels: values times ``factor`` are drawn, ``show`` writes them in words."""

    title: str
    values: pd.Series
    show: Callable[[float | None, int], str]
    target: pd.Series | None
    factor: int
    unit: str


def _add_panel(
    traces: list[dict[str, Any]], layout: dict[str, Any], panel: _Panel, place: int, names: list[str],
    offered: list[str], use: Colours,
) -> None:  # fmt: skip
    axis = "" if place == 0 else str(place + 1)
    top = 1 - place * 0.36
    style = {"type": "scatter", "x": names, "xaxis": "x3", "yaxis": f"y{axis}"}
    hover = [
        f"{day}<br>{panel.show(value, 1)}<br>{n}" for day, value, n in zip(names, panel.values, offered, strict=True)
    ]
    if panel.target is not None:
        dashed = {"color": use.goal, "width": 1.5, "dash": "dash"}
        values = [*(panel.target.astype(float) * panel.factor)]
        traces.append({**style, "y": values, "mode": "lines", "hoverinfo": "skip", "line": dashed})
    traces.append({
        **style, "y": [*(panel.values.astype(float) * panel.factor)], "mode": "lines+markers", "hovertext": hover,
        "hoverinfo": "text", "line": {"color": use.line, "width": 2}, "marker": {"size": 6, "color": use.line},
    })  # fmt: skip
    layout[f"yaxis{axis}"] = {
        "domain": [top - 0.27, top], "anchor": "x3", "rangemode": "tozero", "gridcolor": use.grid, "zeroline": False,
        "nticks": 5, "ticksuffix": panel.unit,
    }  # fmt: skip
    layout["xaxis3"] = {"type": "category", "nticks": 8, "tickangle": 0, "showgrid": False, "anchor": "y3"}
    layout["annotations"].append({
        "text": panel.title, "x": 0, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "showarrow": False, "font": {"size": 13, "color": use.text},
    })  # fmt: skip


def _only(values: pd.Series, show: Callable[[float], str]) -> str:
    """The one value of a target as text; nothing when it changes within the chart."""
    known = values.dropna().astype(float).round(4).unique()
    return show(float(known[0])) if len(known) == 1 else ""


def heat_map(slots: pd.DataFrame, theme: str | None) -> go.Figure:
    """Service level less goal by weekday and half hour: blue above the goal, orange below, grey where calls are few.

    ``slots``: weekday (1 is Monday), slot (0 to 47), offered, service_level, goal, late. An unseen mark over each
    slot carries (weekday, slot) as ``customdata``, so that a slot can be clicked.
    """
    use = colours(theme)
    shown = slots.dropna(subset=["service_level"]).copy()
    shown["gap"] = (shown["service_level"] - shown["goal"]).astype(float)
    few = shown["offered"] < FEW
    span = range(int(shown["slot"].min()), int(shown["slot"].max()) + 1) if len(shown) else range(0)
    days = sorted(shown["weekday"].unique())
    steps = [[place / 4, colour] for place, colour in enumerate(use.scale)]
    traces = [
        _cells(shown[few].assign(gap=0.0), days, span, [[0, use.few], [1, use.few]], None),
        _cells(shown[~few], days, span, steps, _scale(use)),
        _marks(shown, use),
    ]
    layout = {
        "yaxis": {"autorange": "reversed", "type": "category", "showgrid": False, "ticks": ""},
        "xaxis": {"type": "category", "showgrid": False, "dtick": 4, "tickangle": 0, "ticks": ""},
    }
    return framed(traces, layout, 110 + 38 * len(days), use)


def _cells(
    slots: pd.DataFrame, days: Sequence[int], span: range, steps: list[list[object]], scale: dict[str, Any] | None
) -> dict[str, Any]:
    table = slots.pivot(index="weekday", columns="slot", values="gap").reindex(index=days, columns=list(span))
    return {
        "type": "heatmap", "z": table.to_numpy(dtype=float), "x": [clock_of(slot) for slot in span],
        "y": [weekday(day, "abbreviated") for day in days], "colorscale": steps, "zmin": -FAR, "zmax": FAR, "xgap": 2,
        "ygap": 2, "hoverinfo": "skip", "showscale": scale is not None, "colorbar": scale,
    }  # fmt: skip


def _marks(slots: pd.DataFrame, use: Colours) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": [clock_of(slot) for slot in slots["slot"]],
        "y": [weekday(day, "abbreviated") for day in slots["weekday"]],
        "marker": {"symbol": "square", "size": 18, "opacity": 0, "color": use.line}, "showlegend": False,
        "customdata": [[int(day), int(slot)] for day, slot in zip(slots["weekday"], slots["slot"], strict=True)],
        "hovertext": [_slot_hover(row) for row in slots.to_dict("records")], "hoverinfo": "text",
        "unselected": {"marker": {"opacity": 0}}, "selected": {"marker": {"opacity": 0.35}},
    }  # fmt: skip


def _scale(use: Colours) -> dict[str, Any]:
    return {
        "orientation": "h", "thickness": 10, "len": 0.5, "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom",
        "tickvals": [-FAR, 0, FAR], "ticktext": [signed(-100 * FAR), number(0), signed(100 * FAR)],
        "tickfont": {"color": use.text}, "outlinewidth": 0, "ticklabelposition": "outside top", "tickangle": 0,
    }  # fmt: skip


def _slot_hover(slot: dict[str, Any]) -> str:
    lines = [
        f"<b>{weekday(int(slot['weekday']))} {clock_of(int(slot['slot']))}</b>",
        _("service level {share} (goal {goal})").format(
            share=percent(slot["service_level"]),
            goal=percent(slot["goal"]),
        ),
        _("{n} calls offered").format(n=number(slot["offered"])),
        _("{n} not answered in time").format(n=number(slot["late"])),
    ]
    if int(slot["offered"]) < FEW:
        lines.append(_("too few calls to judge"))
    return "<br>".join(lines)


@dataclass(frozen=True, slots=True)
class Share:
    """One share with its interval: ``row`` has share, low, high and n; ``key`` comes back when it is clicked."""

    name: str
    row: dict[str, Any]
    key: str
    series: str = ""


def shares(marks: Sequence[Share], theme: str | None) -> go.Figure:
    """Dots with intervals, one line a name, grey where calls are few; each series of a name a little lower."""
    use = colours(theme)
    lines = list(dict.fromkeys(mark.name for mark in marks))
    series = list(dict.fromkeys(mark.series for mark in marks))
    looks = ((use.line, "circle"), (use.goal, "diamond"))
    traces: list[dict[str, Any]] = []
    for n, name in enumerate(series):
        own = [mark for mark in marks if mark.series == name and mark.row["n"]]
        places = [lines.index(mark.name) + (n - (len(series) - 1) / 2) * 0.36 for mark in own]
        traces += _dots(own, places, looks[n % 2], use, len(series) > 1)
    layout: dict[str, Any] = {
        "yaxis": {"tickvals": [*range(len(lines))], "ticktext": [_wrapped(name) for name in lines], "zeroline": False,
                  "range": [len(lines) - 0.4, -0.6], "showgrid": False},
        "xaxis": {"range": [-5, 107], "tickvals": [0, 25, 50, 75, 100], "zeroline": False, "gridcolor": use.grid,
                  "ticktext": [percent(step / 4) for step in range(5)], "tickangle": 0},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False},
    }  # fmt: skip
    height = 50 + (34 + 14 * (len(series) - 1)) * len(lines) + 30 * (len(series) > 1)
    figure = framed(traces, layout, height, use)
    return figure.update_layout(margin={"t": 8, "r": 88})


def _dots(
    marks: Sequence[Share], places: Sequence[float], look: tuple[str, str], use: Colours, in_legend: bool
) -> list[dict[str, Any]]:
    """One series as three traces: shares of enough calls, shares of few, and the figures beside them."""
    few = [(mark, place) for mark, place in zip(marks, places, strict=True) if mark.row["n"] < FEW]
    enough = [(mark, place) for mark, place in zip(marks, places, strict=True) if mark.row["n"] >= FEW]
    figures = {
        "type": "scatter", "mode": "text", "x": [107] * len(marks), "y": list(places), "textposition": "middle right",
        "text": [f"{percent(mark.row['share'])} · n\u00a0{number(mark.row['n'])}" for mark in marks],
        "textfont": {"color": use.text, "size": 12}, "hoverinfo": "skip", "showlegend": False, "cliponaxis": False,
    }  # fmt: skip
    return [_dot(enough, look, in_legend), _dot(few, (use.few, look[1]), in_legend and not enough), figures]


def _dot(placed: Sequence[tuple[Share, float]], look: tuple[str, str], in_legend: bool) -> dict[str, Any]:
    """Dots with intervals in one colour."""
    rows = [mark.row for mark, _place in placed]
    return {
        "type": "scatter", "mode": "markers", "x": [100 * row["share"] for row in rows],
        "y": [place for _mark, place in placed], "marker": {"size": 11, "symbol": look[1], "color": look[0]}, "cliponaxis": False,
        "error_x": {
            "type": "data", "symmetric": False, "array": [100 * (row["high"] - row["share"]) for row in rows],
            "arrayminus": [100 * (row["share"] - row["low"]) for row in rows], "thickness": 2, "width": 0,
            "color": look[0],
        },
        "customdata": [mark.key for mark, _place in placed], "hoverinfo": "text",
        "hovertext": [_share_hover(mark) for mark, _place in placed],
        "name": as_text(placed[0][0].series) if placed else "", "showlegend": in_legend and bool(placed),
    }  # fmt: skip


def _share_hover(mark: Share) -> str:
    row = mark.row
    lines = [
        f"<b>{as_text(mark.name)}</b>" + (f" · {as_text(mark.series)}" if mark.series else ""),
        _("{share} met, between {low} and {high}").format(
            share=percent(row["share"]), low=percent(row["low"]), high=percent(row["high"])
        ),
        _("{n} calls judged").format(n=number(row["n"])),
    ]
    return "<br>".join([*lines, _("too few calls to judge")] if row["n"] < FEW else lines)


def satisfaction(spread: pd.DataFrame, theme: str | None) -> go.Figure:
    """Calls by half points of predicted satisfaction, -2 to 2. ``spread``: from_value, calls."""
    use = colours(theme)
    counts = dict(zip(spread["from_value"].astype(float), spread["calls"], strict=True))
    begins = [step / 2 for step in range(-4, 4)]
    ranges = [_("{low} to {high}").format(low=signed(at, 1), high=signed(at + 0.5, 1)) for at in begins]
    values = [int(counts.get(at, 0)) for at in begins]
    hover = [f"{where}<br>" + _("{n} calls").format(n=number(n)) for where, n in zip(ranges, values, strict=True)]
    traces = [{
        "type": "bar", "x": [at + 0.25 for at in begins], "y": values, "width": 0.46, "hovertext": hover,
        "hoverinfo": "text", "marker": {"color": [use.goal if at < 0 else use.line for at in begins]},
        "text": [number(n) if n else "" for n in values], "textposition": "outside", "cliponaxis": False,
    }]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": {"range": [-2.1, 2.1], "tickvals": [-2, -1, 0, 1, 2], "zeroline": False, "showgrid": False,
                  "ticktext": [_("−2 dissatisfied"), "−1", "0", "+1", _("+2 satisfied")]},
        "yaxis": {"gridcolor": use.grid, "rangemode": "tozero", "nticks": 4, "zeroline": False},
        "showlegend": False,
    }  # fmt: skip
    return framed(traces, layout, 240, use)


def as_text(words: str) -> str:
    """Words of the data for Plotly, which reads tags in texts."""
    return escape(words, quote=False)


def _wrapped(name: str) -> str:
    """A name over at most three lines, so that charts have room on telephones."""
    return "<br>".join(as_text(line) for line in wrap(name, 20, max_lines=3, placeholder="…"))


def framed(traces: list[dict[str, Any]], layout: dict[str, Any], height: int, use: Colours) -> go.Figure:
    """The figure, made in one go: changing one bit by bit takes Plotly a tenth of a second."""
    for name, axis in layout.items():
        if "axis" in name:
            axis.update(tickfont={"color": use.text}, automargin=True)
    layout.update(
        height=height, margin={"l": 8, "r": 8, "t": 28, "b": 8}, paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)", font={"color": use.text, "size": 13}, separators=plotly_separators(),
        hoverlabel={"align": "left"}, dragmode=False,
    )  # fmt: skip
    return go.Figure({"data": traces, "layout": layout})
