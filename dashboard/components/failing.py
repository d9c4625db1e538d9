"""The half hours of the week that miss the goal, each with its calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from dashboard import queries
from dashboard.components import links
from dashboard.components.period import Period
from dashboard.i18n import _, clock_of, date_range, number, percent, weekday

LEAST = 10
"""A half hour is named from this many calls."""

MOST = 6
ENOUGH = timedelta(weeks=4)
"""A single week has few calls in each half hour, so at least this much is looked at."""


def show(period: Period, queues: list[str] | None) -> None:
    """The worst half hours up to the end of ``period``, by calls not answered in time."""
    seen = replace(period, start=min(period.start, period.end - ENOUGH))
    rows = queries.query(
        "failing_slots", start=seen.start, end=seen.end, queues=queues, least=LEAST, limit=MOST
    ).to_dict("records")
    st.header(_("Where it fails"))
    days = date_range(*seen.days)
    if not rows:
        st.write(_("No half hour of the week with at least {n} calls missed the goal ({days}).").format(
            n=number(LEAST), days=days))  # fmt: skip
        return
    st.caption(_("Half hours of the week below the goal: share answered in time, calls answered late or lost ({days}).").format(
        days=days))  # fmt: skip
    for row in rows:
        links.to_calls(row["late"], seen, queues, _label(row), weekday=row["weekday"], slot=row["slot"], outcome="late")


def _label(row: dict[str, int]) -> str:
    where = f"{weekday(row['weekday'])} {clock_of(row['slot'])}"
    late = _("{late} of {n} late").format(late=number(row["late"]), n=number(row["offered"]))
    return f"{where} · {percent(row['service_level'])} · {late}"
