"""Since when: a control chart of the days, what is out of the ordinary in it, and where the level changed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, queries, wait_charts
from dashboard.components import links
from dashboard.components.clicks import clicked
from dashboard.components.period import Period, midnight
from dashboard.components.waits import View
from dashboard.i18n import N_, _, date, number, percent, weekday
from models.waits import control

MEASURES = {"service_level": N_("Service level"), "abandon_rate": N_("Abandonment rate")}
RULES = {
    "beyond_limits": N_("beyond the limits"),
    "two_of_three": N_("two of three days beyond 2 sigma on one side"),
    "four_of_five": N_("four of five days beyond 1 sigma on one side"),
    "eight_in_a_row": N_("eight days in a row on one side of the mean"),
    "six_trending": N_("six days in a row rising or falling"),
}
CHART, CHOICE = "control_chart", "control_day"
MOST_DAYS = 400
LISTED = 12


def show(view: View) -> None:
    """The chart, its signals in words, and the calls of a day."""
    with st.container(border=True):
        st.header(_("Since when: day by day"))
        measure = st.segmented_control(
            _("Measure"), list(MEASURES), format_func=lambda code: _(MEASURES[code]), key="measure", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        days = points(queries.query("trend", **view.span, grain="day"), measure or "service_level")
        if len(days) < control.LEAST_POINTS:
            st.write(_("A control chart needs at least {n} days with calls: choose a longer period above.").format(
                n=number(control.LEAST_POINTS)))  # fmt: skip
            return
        _chart(days, measure or "service_level", view)
    with st.expander(_("How to read this chart")):
        for line in (
            N_("Days within the dotted limits differ as days do; nothing special happened. The limits are those of a p′ chart (Laney): 3 sigma of chance, widened by how much days really differ."),
            N_("Diamonds are out of the ordinary by the Western Electric rules, or by Nelson’s trend rule: worth asking what happened that day."),
            N_("A dashed upright line marks where the level changed for good, and the thick line shows the mean on either side."),
        ):  # fmt: skip
            st.markdown("- " + _(line))


def points(days: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Days with hits and totals of a measure, the newest ``MOST_DAYS`` that have any."""
    if measure == "service_level":
        days = days.assign(hits=days["answered_in_target"], total=days["counted"])
    else:
        short = days["short_abandoned"]
        days = days.assign(hits=days["abandoned"] - short, total=days["offered"] - short)
    return days[days["total"] > 0].tail(MOST_DAYS).reset_index(drop=True)


def _chart(days: pd.DataFrame, measure: str, view: View) -> None:
    hits, totals = [*days["hits"]], [*days["total"]]
    made = control.chart(hits, totals)
    signals, changes = control.signals(made), control.change_points(hits, totals)
    goals = days["goal"].dropna()
    goal = float(goals.iloc[-1]) if measure == "service_level" and len(goals) else None
    names = [_day(row) for row in days.to_dict("records")]
    hover = [
        "<br>".join(
            [name, _("{n} calls offered").format(n=number(n)), *(_(RULES[rule]) for rule in signals.get(place, []))]
        )
        for place, (name, n) in enumerate(zip(names, days["offered"], strict=True))
    ]
    st.plotly_chart(
        wait_charts.control([*days["day"]], made, signals, changes, goal, hover, view.theme), key=CHART,
        config=charts.CONFIG, on_select=_clicked, selection_mode="points",
        alt=_("Control chart of the days; the list below says the same in words"),
    )  # fmt: skip
    st.caption(_("Mean {mean}; the days differ {n} times as much as chance alone would make them.").format(
        mean=percent(made.centre, 1), n=number(made.spread, 1)))  # fmt: skip
    _in_words(days, signals, changes, names)
    _calls(days, names, signals, view)


def _in_words(days: pd.DataFrame, signals: dict[int, list[str]], changes: list[int], names: list[str]) -> None:
    edges = [0, *changes, len(days)]
    levels = [days["hits"][a:b].sum() / days["total"][a:b].sum() for a, b in pairwise(edges)]
    for number_, place in enumerate(changes, 1):
        st.markdown("- " + _("Since {day}: {level} rather than {before}.").format(
            day=date(days["day"][place]), level=percent(levels[number_], 1), before=percent(levels[number_ - 1], 1)))  # fmt: skip
    if not changes:
        st.markdown("- " + _("The level has not changed in these days."))
    newest = sorted(signals, reverse=True)
    for place in newest[:LISTED]:
        st.markdown(f"- {names[place]}: " + ", ".join(_(RULES[rule]) for rule in signals[place]))
    if not newest:
        st.markdown("- " + _("No day is out of the ordinary."))
    elif len(newest) > LISTED:
        st.caption(_("The newest {n} of {all} days that are out of the ordinary.").format(
            n=number(LISTED), all=number(len(newest))))  # fmt: skip


def _calls(days: pd.DataFrame, names: list[str], signals: dict[int, list[str]], view: View) -> None:
    places = [*range(len(days) - 1, -1, -1)]
    if st.session_state.get(CHOICE) not in places:
        st.session_state[CHOICE] = None
    place = st.selectbox(
        _("Day"), places, key=CHOICE, index=None, placeholder=_("Choose or click a day for its calls"),
        format_func=lambda n: names[n] + (" ◆" if n in signals else ""),
    )  # fmt: skip
    if place is None:
        return
    day = days["day"][place]
    zone = queries.settings().zone
    chosen = Period("custom", midnight(day, zone), midnight(day + pd.Timedelta(days=1).to_pytimedelta(), zone))
    row = days.iloc[place]
    late = _("The {n} calls not answered in time").format(n=number(row["late"]))
    links.to_calls(
        int(row["offered"]), chosen, view.queues, _("All {n} calls").format(n=number(row["offered"])), outcome="offered"
    )
    links.to_calls(int(row["late"]), chosen, view.queues, late, outcome="late")


def _clicked() -> None:
    """A click in the chart chooses in the list."""
    if place := clicked(CHART):
        st.session_state[CHOICE] = int(place[0])


def _day(row: dict[Any, Any]) -> str:
    return f"{weekday(row['day'].isoweekday())} {date(row['day'])} · {percent(row['hits'] / row['total'], 1)}"
