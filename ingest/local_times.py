"""Times as logs write them: epoch seconds, ISO 8601 with an offset, or local times of a named zone.

A local time that the zone skips (clocks going forward) never happened and is refused. One that it has twice (clocks
going back) is read as the first, unless something known to come before it says that it can't be.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from models.errors import Refused

SLACK = timedelta(seconds=60)
"""How much earlier than what precedes it a time may be before the second of two readings is taken."""


def parse_time(text: str, zone: ZoneInfo, not_before: datetime | None = None) -> datetime:
    """``text`` as an aware time in UTC. Raises Refused with a sentence.

    Takes epoch seconds with or without decimals, and ISO 8601; without an offset it is local to ``zone``.
    """
    text = text.strip()
    try:
        given = epoch(float(text)) if _is_number(text) else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise Refused(f"{text[:40]!r} is no time; write 2026-03-02 09:14:05, with or without an offset.") from None
    try:
        return given.astimezone(UTC) if given.tzinfo else resolve(given, zone, not_before)
    except OverflowError:
        raise Refused(f"{text[:40]!r} lies outside the calendar.") from None


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and len(text.split(".")[0]) > 8


def epoch(seconds: float) -> datetime:
    """Seconds since 1970 as a time in UTC, to the microsecond."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(seconds * 1e6))


def resolve(local: datetime, zone: ZoneInfo, not_before: datetime | None = None) -> datetime:
    """A naive local time as UTC. Raises Refused for a time that the zone skips."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise Refused(f"{local:%Y-%m-%d %H:%M:%S} doesn't exist in {zone.key}: clocks went forward. Is it --timezone?")
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return second if not_before is not None and first < not_before - SLACK and second > first else first
