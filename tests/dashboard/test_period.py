"""Weeks of the call centre's calendar, also where the clocks change and where there are no calls yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.components.period import Reach, resolve, today
from models.settings import Settings

PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> datetime:
    """A local time in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


REACH = Reach(at("2026-01-05T08:00"), at("2026-03-25T17:10"))


def test_this_week_is_the_iso_week_of_the_call_centre() -> None:
    """Late on Sunday in UTC it is Monday in Paris already: a new week, so the newest with calls is shown."""
    week = resolve("this_week", REACH, datetime(2026, 3, 29, 22, 30, tzinfo=UTC))
    assert week.days == (date(2026, 3, 23), date(2026, 3, 29))
    assert week.is_older


def test_a_week_in_which_the_clocks_change_has_its_own_length() -> None:
    """The last week of March lacks an hour."""
    week = resolve("this_week", REACH, at("2026-03-27T12:00"))
    assert not week.is_older
    assert week.end.astimezone(UTC) - week.start.astimezone(UTC) == timedelta(days=7, hours=-1)


def test_an_unfinished_week_is_compared_up_to_the_same_moment() -> None:
    """With calls until Wednesday 17:10, the week before counts until Wednesday 17:30."""
    before = resolve("this_week", REACH, at("2026-03-27T12:00")).before(REACH.newest)
    assert (before.start, before.end) == (at("2026-03-16T00:00"), at("2026-03-18T17:30"))


def test_longer_periods_end_with_the_newest_week() -> None:
    """Four weeks include this one; last week does not."""
    now = at("2026-03-27T12:00")
    assert resolve("4_weeks", REACH, now).days == (date(2026, 3, 2), date(2026, 3, 29))
    assert resolve("last_week", REACH, now).days == (date(2026, 3, 16), date(2026, 3, 22))
    assert resolve("all", REACH, now).days == (date(2026, 1, 5), date(2026, 3, 25))


def test_chosen_dates_are_both_inside() -> None:
    """A period of dates ends with the last second of the last one."""
    days = (date(2026, 2, 3), date(2026, 2, 5))
    period = resolve("custom", REACH, at("2026-03-27T12:00"), days)
    assert period.days == days
    assert period.end == at("2026-02-06T00:00")


def test_today_is_the_day_of_the_call_centre(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where clocks are 25 hours apart it is never the same day, wherever the server stands."""
    monkeypatch.setenv("EARSHOT_DATA", str(settings.data))
    monkeypatch.setenv("EARSHOT_TIME_ZONE", "Pacific/Kiritimati")
    east = today()
    monkeypatch.setenv("EARSHOT_TIME_ZONE", "Pacific/Pago_Pago")
    assert east > today()
