"""What the overview says of a period: its figures beside those of the period before, with their trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components.cards import Figure
from dashboard.components.period import Period, Reach
from dashboard.i18n import _, number, percent, points, seconds, signed

TREND = timedelta(weeks=8)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals of the period and of the one before, and the weeks that lead up to its end."""

    now: Row
    before: Row
    weeks: pd.DataFrame


def load(period: Period, queues: list[str] | None, reach: Reach) -> Figures:
    """Everything the cards show, from the snapshot."""

    def totals(some: Period) -> Row:
        span = {"start": some.start, "end": some.end, "queues": queues}
        return {**queries.row("totals", **span), **queries.row("recorded", **span)}

    weeks = queries.query("trend", start=period.end - TREND, end=period.end, queues=queues, grain="week")
    return Figures(totals(period), totals(period.before(reach.newest)), weeks)


def verdict(now: Row) -> None:
    """In plain words: was the target kept, and by how much."""
    share, goal = now["service_level"], now["goal"]
    if pd.isna(share):
        st.info(_("No calls were offered in these days."))
        return
    gap = share - goal
    words = _("{share} of calls were answered within {time}; the goal is {goal}.").format(
        share=percent(share, 1),
        time=seconds(now["threshold_s"]),
        goal=percent(goal),
    )
    if now["mixed_targets"]:
        words = _("{share} of calls were answered within their queue's time; the goals together make {goal}.").format(
            share=percent(share, 1),
            goal=percent(goal, 1),
        )
    size = number(abs(100 * gap), 1)
    if round(100 * gap, 1) >= 0:
        st.success(_("Target kept, with {n} points to spare.").format(n=size) + " " + words)
    else:
        st.warning(_("Target missed by {n} points.").format(n=size) + " " + words)


def figures(of: Figures) -> list[tuple[Figure, int, Row]]:
    """The cards: each figure, how many calls are behind it, and the filters that find them."""
    now = of.now
    return [
        (_service_level(of), _int(now["answered_in_target"]), {"outcome": "in_target"}),
        (_speed(of), _int(now["answered"]), {"outcome": "answered"}),
        (_abandonment(of), _int(now["abandoned"]), {"outcome": "abandoned"}),
        (_count(of, "offered", _("Calls offered"), _("Calls that entered a queue."), None),
         _int(now["offered"]), {"outcome": "offered"}),
        (_count(of, "answered", _("Calls answered"), _("Calls that an agent answered."), None),
         _int(now["answered"]), {"outcome": "answered"}),
        (_recorded(of), _int(now["recorded"]), {"recorded": "yes"}),
    ]  # fmt: skip


def _service_level(of: Figures) -> Figure:
    change = _change(of, "service_level")
    return Figure(
        _("Service level"), percent(_float(of.now["service_level"]), 1),
        _("Calls answered within the target time ÷ calls that count: see the definitions on the Waits page."),
        change, points(change), True, _trend(of, "service_level"),
    )  # fmt: skip


def _speed(of: Figures) -> Figure:
    change = _change(of, "asa_s")
    return Figure(
        _("Average speed of answer"), seconds(_float(of.now["asa_s"]), 1),
        _("Mean wait of the calls that were answered."),
        change, f"{signed(change, 1)}\u00a0s", False, _trend(of, "asa_s"),
    )  # fmt: skip


def _abandonment(of: Figures) -> Figure:
    change = _change(of, "abandon_rate")
    share = percent(_float(of.now["abandon_rate"]), 1)
    return Figure(
        _("Abandonment rate"), share,
        _("Calls abandoned while waiting ÷ calls offered (short abandons left out of both)."),
        change, points(change), False, _trend(of, "abandon_rate"),
    )  # fmt: skip


def _count(of: Figures, name: str, label: str, help: str, more_is_better: bool | None) -> Figure:
    change = _change(of, name)
    return Figure(label, number(_float(of.now[name])), help, change, signed(change), more_is_better, _trend(of, name))


def _recorded(of: Figures) -> Figure:
    change = _change(of, "recorded")
    return Figure(
        _("Calls with a recording"), number(_float(of.now["recorded"])),
        _("Calls of these days whose recording is loaded, so that they can be heard."), change, signed(change),
    )  # fmt: skip


def _change(of: Figures, name: str) -> float | None:
    now, before = _float(of.now[name]), _float(of.before[name])
    nothing_before = not of.before["offered"] and not of.before["calls"]
    return None if now is None or before is None or nothing_before else now - before


def _trend(of: Figures, name: str) -> tuple[float, ...]:
    return tuple(float(value) for value in of.weeks[name].dropna())


def _float(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _int(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)
