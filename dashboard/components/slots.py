"""The heat map of the week, and the calls of the half hour that the reader chooses in it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.components import links
from dashboard.components.clicks import clicked
from dashboard.components.period import Period
from dashboard.i18n import _, clock_of, number, percent, weekday

CHART, CHOICE = "heat_map", "half_hour"

Slot = tuple[int, int]


def show(slots: pd.DataFrame, theme: str | None, period: Period, queues: list[str] | None) -> None:
    """Heat map, selector and link. ``slots`` as from models/queries/slots.sql."""
    rows = {(int(row["weekday"]), int(row["slot"])): row for row in slots.to_dict("records")}
    st.caption(
        _("Service level less the goal, in points: blue above, orange below; grey has fewer than {n} calls.").format(
            n=number(charts.FEW)
        )
    )
    st.plotly_chart(
        charts.heat_map(slots, theme), key=CHART, config=charts.CONFIG, on_select=_clicked, selection_mode="points",
        alt=_("Service level less the goal, by weekday and half hour; the list below says the same in words"),
    )  # fmt: skip
    if st.session_state.get(CHOICE) not in rows:
        st.session_state[CHOICE] = None
    order = sorted(rows, key=lambda slot: (-int(rows[slot]["late"]), slot))
    chosen = st.selectbox(
        _("Half hour"), order, format_func=lambda slot: _label(rows[slot]), key=CHOICE, index=None,
        placeholder=_("Choose or click a half hour for its calls"),
    )  # fmt: skip
    if chosen:
        here = {"weekday": chosen[0], "slot": chosen[1]}
        n, late = int(rows[chosen]["offered"]), int(rows[chosen]["late"])
        links.to_calls(n, period, queues, _("All {n} calls").format(n=number(n)), outcome="offered", **here)
        label = _("The {n} calls not answered in time").format(n=number(late))
        links.to_calls(late, period, queues, label, outcome="late", **here)


def _clicked() -> None:
    """A click in the heat map chooses in the list."""
    if place := clicked(CHART):
        st.session_state[CHOICE] = (int(place[0]), int(place[1]))


def _label(slot: dict[str, Any]) -> str:
    where = f"{weekday(int(slot['weekday']))} {clock_of(int(slot['slot']))}"
    share = percent(slot["service_level"])
    counts = _("{late} of {n} not answered in time").format(late=number(slot["late"]), n=number(slot["offered"]))
    return f"{where} · {share} · {counts}"
