"""Charts: a DataFrame in, a Plotly figure out; no Streamlit, no queries. Colours are safe for colour-blind readers.

Plotly ignores the theme's colours for figures made by hand, so both themes' colours are here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

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
    goal = _only(days["goal"], percent)
    time = _only(days["threshold_s"], seconds)
    titles = (
        _("Service level (dashed: goal {goal})").format(goal=goal),
        _("Average speed of answer (dashed: {time})").format(time=time),
        _("Abandonment rate"),
    )
    figure = make_subplots(rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.13, subplot_titles=titles)
    figure.update_annotations(x=0, xanchor="left", font={"size": 13, "color": use.text})
    names = [short_date(day) for day in days["day"]]
    for place, column, show in ((1, "service_level", percent), (2, "asa_s", seconds), (3, "abandon_rate", percent)):
        factor = 100 if show is percent else 1
        _line(figure, place, names, days[column] * factor, [show(v, 1) for v in days[column]], days, use)
    _target(figure, 1, names, 100 * days["goal"], use)
    _target(figure, 2, names, days["threshold_s"], use)
    figure.update_yaxes(rangemode="tozero", gridcolor=use.grid, zeroline=False, nticks=5)
    for place in (1, 3):
        figure.update_yaxes(ticksuffix=percent_sign(), row=place, col=1)
    figure.update_yaxes(ticksuffix="\u00a0s", row=2, col=1)
    figure.update_xaxes(type="category", nticks=8, tickangle=0, showgrid=False)
    return _framed(figure, 470, use)


def _only(values: pd.Series, show: Callable[[float], str]) -> str:
    """The one value of a target as text; nothing when it changes within the chart."""
    known = values.dropna().round(4).unique()
    return show(float(known[0])) if len(known) == 1 else ""


def _line(
    figure: go.Figure, place: int, names: Sequence[str], values: pd.Series, shown: Sequence[str],
    days: pd.DataFrame, use: Colours,
) -> None:  # fmt: skip
    offered = [_("{n} calls offered").format(n=number(n)) for n in days["offered"]]
    hover = [f"{day}<br>{value}<br>{n}" for day, value, n in zip(names, shown, offered, strict=True)]
    style = {"line": {"color": use.line, "width": 2}, "marker": {"size": 6, "color": use.line}}
    figure.add_scatter(
        x=list(names), y=values.astype(float), mode="lines+markers", hovertext=hover, hoverinfo="text",
        showlegend=False, row=place, col=1, **style,
    )  # fmt: skip


def _target(figure: go.Figure, place: int, names: Sequence[str], values: pd.Series, use: Colours) -> None:
    figure.add_scatter(
        x=list(names), y=values.astype(float), mode="lines", line={"color": use.goal, "width": 1.5, "dash": "dash"},
        hoverinfo="skip", showlegend=False, row=place, col=1,
    )  # fmt: skip


def heat_map(slots: pd.DataFrame, theme: str | None) -> go.Figure:
    """Service level less goal by weekday and half hour: blue above the goal, orange below, grey where calls are few.

    ``slots``: weekday (1 is Monday), slot (0 to 47), offered, service_level, goal, late, asa_s. An unseen mark over
    each slot carries (weekday, slot) as ``customdata``, so that a slot can be clicked.
    """
    use = colours(theme)
    shown = slots.dropna(subset=["service_level"]).copy()
    shown["gap"] = (shown["service_level"] - shown["goal"]).astype(float)
    shown["hover"] = [_slot_hover(row) for row in shown.to_dict("records")]
    few = shown["offered"] < FEW
    span = range(int(shown["slot"].min()), int(shown["slot"].max()) + 1)
    days = sorted(shown["weekday"].unique())
    figure = go.Figure()
    _cells(figure, shown[few].assign(gap=0.0), days, span, [[0, use.few], [1, use.few]], scale=None)
    steps = [[place / 4, colour] for place, colour in enumerate(use.scale)]
    _cells(figure, shown[~few], days, span, steps, scale=_scale(use))
    figure.add_scatter(
        x=[clock_of(slot) for slot in shown["slot"]], y=[weekday(day, "abbreviated") for day in shown["weekday"]], mode="markers",
        marker={"symbol": "square", "size": 18, "opacity": 0, "color": use.line},
        customdata=shown[["weekday", "slot"]].astype(int).to_numpy().tolist(), hovertext=shown["hover"].tolist(),
        hoverinfo="text", showlegend=False, unselected={"marker": {"opacity": 0}},
        selected={"marker": {"opacity": 0.35}},
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", type="category", showgrid=False, ticklabelstandoff=6)
    figure.update_xaxes(type="category", showgrid=False, dtick=4, tickangle=0, side="bottom")
    return _framed(figure, 110 + 38 * len(days), use)


def _cells(
    figure: go.Figure, slots: pd.DataFrame, days: Sequence[int], span: range, steps: list[list[object]],
    scale: dict[str, object] | None,
) -> None:  # fmt: skip
    table = slots.pivot(index="weekday", columns="slot", values="gap").reindex(index=days, columns=list(span))
    figure.add_heatmap(
        z=table.to_numpy(dtype=float), x=[clock_of(slot) for slot in span], y=[weekday(day, "abbreviated") for day in days],
        colorscale=steps, zmin=-FAR, zmax=FAR, zmid=0, xgap=2, ygap=2, hoverinfo="skip",
        showscale=scale is not None, colorbar=scale,
    )  # fmt: skip


def _scale(use: Colours) -> dict[str, object]:
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


def _framed(figure: go.Figure, height: int, use: Colours) -> go.Figure:
    figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 28, "b": 8}, paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)", font={"color": use.text, "size": 13}, separators=plotly_separators(),
        hoverlabel={"align": "left"}, dragmode=False,
    )  # fmt: skip
    figure.update_xaxes(tickfont={"color": use.text}, automargin=True)
    figure.update_yaxes(tickfont={"color": use.text}, automargin=True)
    return figure
