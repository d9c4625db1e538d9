"""Single values of foreign records as what they should be: text, a time, a number of seconds. Each raises Refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from ingest.local_times import epoch, parse_time
from models.errors import Refused

MAX_TEXT = 1_000
MAX_SECONDS = 1_000_000
FIRST, LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Times outside are no times of a call; nor is 0, which switches write for "not yet"."""
ZULU = ZoneInfo("UTC")


def as_text(value: Any, name: str) -> str | None:
    """A text, or a number as text; None for what is empty. Raises Refused."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(f"{name} is no text but {_kind(value)}.")
    text = str(value).strip()
    if len(text) > MAX_TEXT:
        raise Refused(f"{name} is longer than {MAX_TEXT:,} characters.")
    if "\0" in text:
        raise Refused(f"{name} holds a zero byte.")
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise Refused(f"{name} is not UTF-8.")
    return text or None


def as_epoch(value: Any, name: str) -> datetime | None:
    """Seconds, milliseconds or microseconds since 1970 as a time in UTC; None for 0 and what is empty. Raises Refused."""
    text = as_text(value, name)
    if text is None or text == "0":
        return None
    try:
        number = float(text)
    except ValueError:
        raise Refused(f"{name} is {text[:40]!r}, which is no time; seconds since 1970 are expected.") from None
    unit = 1e6 if number > 1e14 else 1e3 if number > 1e11 else 1.0  # seconds reach 1e11 in the year 5138
    try:
        at = epoch(number / unit)
    except (OverflowError, ValueError):
        at = LAST
    return _possible(at, name, text)


def as_moment(value: Any, name: str) -> datetime | None:
    """ISO 8601 (UTC where it gives no offset) or seconds since 1970 as a time in UTC. Raises Refused."""
    text = as_text(value, name)
    if text is None:
        return None
    try:
        at = parse_time(text, ZULU)
    except Refused:
        raise Refused(f"{name} is {text[:40]!r}, which is no time; 2026-03-02T09:14:05Z is expected.") from None
    return _possible(at, name, text)


def as_seconds(value: Any, name: str) -> float | None:
    """A duration in seconds. Raises Refused for what is negative, no number or longer than eleven days."""
    if value is None or value == "":
        return None
    try:
        seconds = float(as_text(value, name) or "")
    except ValueError:
        raise Refused(f"{name} is {str(value)[:40]!r}, which is no number of seconds.") from None
    if seconds < 0:
        raise Refused(f"{name} is negative.")
    if not seconds <= MAX_SECONDS:
        raise Refused(f"{name} is longer than eleven days.")
    return seconds


def as_object(value: Any, name: str) -> dict[str, Any]:
    """A JSON object; an empty one for null. Raises Refused."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused(f"{name} is no object but {_kind(value)}.")
    return value


def first_character(stream: BinaryIO, advice: str) -> str:
    """The first character of a log that is no space, leaving the stream at 0. Raises Refused for a web page."""
    head = stream.read(65_536).decode("utf-8-sig", "replace").lstrip()
    stream.seek(0)
    if head.startswith("<"):
        raise Refused(f"The file begins with {head[:20]!r}: it is a web page, perhaps an error page. {advice}")
    return head[:1]


def _possible(at: datetime, name: str, text: str) -> datetime:
    if not FIRST <= at < LAST:
        raise Refused(f"{name} is {text[:40]!r}, which is no time of a call.")
    return at


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false"}
    return names.get(type(value), "a text" if isinstance(value, str) else "a number")
