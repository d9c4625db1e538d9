"""Which time and which queues a page is about: weeks of the call centre's calendar, in its time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import queries
from dashboard.components import address
from dashboard.i18n import N_, _, date_range, number
from models.settings import SAMPLE

LABELS = {
    "this_week": N_("This week"),
    "last_week": N_("Last week"),
    "4_weeks": N_("Last 4 weeks"),
    "8_weeks": N_("Last 8 weeks"),
    "all": N_("All"),
    "custom": N_("Dates…"),
}
WEEK = timedelta(weeks=1)
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the calls of the snapshot reach: the first and the newest, aware and in the call centre's zone."""

    first: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of time, ``start <= t < end``: midnights of the call centre's calendar."""

    name: str
    start: datetime
    end: datetime
    is_older: bool = False
    """True when there are no calls this week, so that weeks are counted from the newest with calls."""

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, both inclusive."""
        return self.start.date(), (self.end - timedelta(days=1)).date()

    def compared(self, how: str, newest: datetime) -> Period:
        """What to compare with: the same number of days just ``before``, the same ``weekdays``, or a ``year`` before."""
        if how == "weekdays":
            return self.before(newest)
        days = 364 if how == "year" else (self.end.date() - self.start.date()).days
        return self._moved(timedelta(days=days), newest)

    def before(self, newest: datetime) -> Period:
        """What to compare with: as many weeks before, up to the same moment when this one is still going on."""
        weeks = max(1, -(-((self.end.date() - self.start.date()).days) // 7))
        return self._moved(weeks * WEEK, newest)

    def _moved(self, back: timedelta, newest: datetime) -> Period:
        reached = min(self.end, half_hour_after(newest)) if newest >= self.start else self.end
        return Period(self.name, self.start - back, reached - back, self.is_older)


def half_hour_after(at: datetime) -> datetime:
    """The end of the half hour in which ``at`` lies."""
    begun = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    return begun + HALF_HOUR


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a local day."""
    return datetime.combine(day, time(), zone)


def today() -> date:
    """The day that it is in the call centre, wherever the server stands."""
    return datetime.now(queries.settings().zone).date()


def monday(at: datetime) -> date:
    """The Monday of the ISO week of a local time."""
    return at.date() - timedelta(days=at.weekday())


def resolve(name: str, reach: Reach, now: datetime, chosen: tuple[date, ...] = ()) -> Period:
    """The period of that name. Weeks count from this one, or from the newest with calls when this has none."""
    zone = reach.newest.tzinfo
    assert isinstance(zone, ZoneInfo)
    this = monday(now.astimezone(zone))
    newest = monday(reach.newest)
    older = newest < this
    week = min(this, newest)
    if name == "custom" and len(chosen) == 2:
        return Period(name, midnight(chosen[0], zone), midnight(chosen[1] + timedelta(days=1), zone))
    if name == "all":
        return Period(name, midnight(reach.first.date(), zone), midnight(reach.newest.date() + timedelta(days=1), zone))
    weeks_back, weeks = {"last_week": (1, 1), "4_weeks": (0, 4), "8_weeks": (0, 8)}.get(name, (0, 1))
    end = week + WEEK - weeks_back * WEEK
    return Period(name, midnight(end - weeks * WEEK, zone), midnight(end, zone), older)


def snapshot() -> dict[str, Any]:
    """What the newest snapshot is: see models/queries/snapshot.sql."""
    return queries.row("snapshot", sample=str(SAMPLE))


def reach_of(info: dict[str, Any]) -> Reach | None:
    """How far its calls reach; None when no call has a time."""
    first, newest = info["first_call_at"], info["last_call_at"]
    if pd.isna(first) or pd.isna(newest):
        return None
    zone = queries.settings().zone
    return Reach(*(pd.Timestamp(at).to_pydatetime().astimezone(zone) for at in (first, newest)))


def fields(queues: list[str], default: str = "this_week") -> dict[str, address.Field]:
    """The filters of every page with a period, as they stand in the address."""
    return {
        "period": address.choice(list(LABELS), default),
        "days": address.days(),
        "queue": address.several(queues),
    }


def known_queues() -> list[str]:
    """Every queue of the snapshot."""
    return [str(queue) for queue in queries.query("queues")["queue"]]


def widgets(reach: Reach, queues: list[str]) -> tuple[Period, list[str] | None]:
    """The row of widgets; gives the period and the chosen queues, None for all. ``address.adopt`` comes first.

    Without ``queues`` the period alone is asked.
    """
    custom = st.session_state.period == "custom"
    places = st.columns([2, 2, 3] if custom else [2, 5])
    name = places[0].selectbox(
        _("Period"), list(LABELS), format_func=lambda code: _(LABELS[code]), key="period", persist_state="session"
    )
    if custom:
        if not st.session_state.days:
            st.session_state.days = resolve("this_week", reach, datetime.now(UTC)).days
        places[1].date_input(_("From – to"), key="days", format="DD/MM/YYYY", persist_state="session")
    chosen = _queues(places[-1], queues) if queues else None
    period = resolve(name, reach, datetime.now(UTC), tuple(st.session_state.days or ()))
    return period, chosen or None


def _queues(place: DeltaGenerator, queues: list[str]) -> list[str]:
    st.session_state.queue = [queue for queue in st.session_state.queue if queue in queues]
    return place.multiselect(
        _("Queues"), queues, key="queue", placeholder=_("All queues"), persist_state="session", wrap=True
    )


def caption(period: Period) -> None:
    """Which days these are, and why not this week's."""
    zone = queries.settings().time_zone
    days = _("{days}, time zone {zone}").format(days=date_range(*period.days), zone=zone)
    if period.is_older:
        st.caption(_("No calls yet this week, so weeks count from the newest one with calls.") + " " + days + ".")
    else:
        st.caption(days + ".")


def outside_hours(period: Period, queues: list[str] | None) -> None:
    """Where figures are those of the opening hours: that they are, and what came in outside them."""
    if queries.hours() is None:
        return
    words = _("Figures are those of the opening hours.")
    if queries.settings().outside_hours == "apart":
        row = queries.row("outside_hours", start=period.start, end=period.end, queues=queues)
        words += " " + _("Outside them, {n} calls were offered and {answered} answered.").format(
            n=number(row["offered"]), answered=number(row["answered"])
        )
    st.caption(words)
