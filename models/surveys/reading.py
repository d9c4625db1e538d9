"""A sheet of surveys, line by line: what can be used, and what is set aside with the reason.

Columns: call_id or customer_id, sent_at, answered_at, open_answer, rating; in any order, other columns are ignored. A line
without an answer counts, too: without it nobody knows how many answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

from models.errors import ChangeRefused
from models.sheets import decoded, lines, plain

MAX_BYTES = 20_000_000
MAX_LINES = 200_000
LONGEST_ANSWER = 5_000
LONGEST_ID = 200
MAX_RAW = 500
NAMES = {
    "call id": "call_id", "call": "call_id", "id appel": "call_id", "appel": "call_id", "customer id": "customer_id",
    "customer": "customer_id", "phone": "customer_id", "client": "customer_id", "id client": "customer_id", "telephone": "customer_id",
    "sent at": "sent_at", "sent": "sent_at", "envoye le": "sent_at", "envoye": "sent_at", "answered at": "answered_at",
    "answered": "answered_at", "repondu le": "answered_at", "open answer": "open_answer", "answer": "open_answer",
    "comment": "open_answer", "reponse": "open_answer", "reponse ouverte": "open_answer", "commentaire": "open_answer",
    "rating": "rating", "score": "rating", "note": "rating",
}  # fmt: skip
"""Headings without accents, case, dashes and underscores → the column."""
NOTHING = frozenset({"", "-", "–", "n/a", "na", "none", "null", "nan"})
LOCAL_TIME = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:,?[ T](\d{1,2})[:h](\d{2})(?::(\d{2}))?)?$")
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest rating that can be given."""

    lowest: float = 1.0
    highest: float = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One survey that was sent: to whom, when, and what came back; None where nothing did. Times are in UTC."""

    line_no: int
    call_id: str | None
    customer_id: str | None
    sent_at: datetime | None
    answered_at: datetime | None
    open_answer: str | None
    rating: float | None

    @property
    def key(self) -> str:
        """What the same survey is known by in another file: the call, or the customer and when it was sent."""
        who = (
            f"call {self.call_id}"
            if self.call_id
            else f"customer {self.customer_id} {self.sent_at or self.answered_at}"
        )
        return hashlib.sha256(who.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line that can't be used. ``own``: its ids and times, in the order of the line."""

    line_no: int
    reason: str
    raw: str
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a sheet holds: surveys, the lines set aside, and how many lines are below the header."""

    answers: tuple[Answer, ...]
    refused: tuple[SetAside, ...]
    lines: int


def read(content: bytes, zone: ZoneInfo, known_calls: Collection[str], scale: Scale, now: datetime) -> Read:
    """The surveys of a sheet; times without an offset are local to ``zone``. Raises ChangeRefused for a sheet without use.

    ``known_calls``: the calls that are there, among those the sheet names.
    """
    if len(content) > MAX_BYTES:
        raise ChangeRefused("The file is larger than 20 MB. Split it, then load the parts.")
    sheet = lines(decoded(content))
    header = next(sheet, None)
    if header is None:
        raise ChangeRefused("The file is empty.")
    columns = columns_of(header.cells)
    answers: list[Answer] = []
    refused: list[SetAside] = []
    seen: set[str] = set()
    count = 0
    for line in sheet:
        count += 1
        if count > MAX_LINES:
            raise ChangeRefused("The file has more than 200,000 lines. Split it, then load the parts.")
        try:
            if any(cell.strip() for cell in line.cells[len(header.cells) :]):
                raise ChangeRefused("The line has more fields than the header.")
            answer = answer_of(_cells(line.cells, columns), line.line_no, zone, known_calls, scale, now)
            if answer.key in seen:
                raise ChangeRefused("The same survey stands on an earlier line already.")
        except ChangeRefused as why:
            refused.append(SetAside(line.line_no, str(why), line.raw[:MAX_RAW], _own(line.cells, columns)))
            continue
        seen.add(answer.key)
        answers.append(answer)
    return Read(tuple(answers), tuple(refused), count)


def calls_named(content: bytes) -> list[str]:
    """The calls that a sheet names, to look up which are there. Raises ChangeRefused for a sheet without use."""
    if len(content) > MAX_BYTES:
        raise ChangeRefused("The file is larger than 20 MB. Split it, then load the parts.")
    sheet = lines(decoded(content))
    header = next(sheet, None)
    columns = columns_of(header.cells) if header else {}
    return sorted({call for line in sheet if (call := _cells(line.cells, columns).get("call_id", ""))})


def columns_of(header: tuple[str, ...]) -> dict[str, int]:
    """Column → its place. Raises ChangeRefused when what a survey needs is not there."""
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        if (column := NAMES.get(plain(name))) and column not in found:
            found[column] = place
    if "call_id" not in found and "customer_id" not in found:
        raise ChangeRefused("The first line must name the columns, one of them call_id or customer_id.")
    if "open_answer" not in found and "rating" not in found:
        raise ChangeRefused("The first line must name a column open_answer, rating, or both.")
    return found


def answer_of(
    cells: Mapping[str, str], line_no: int, zone: ZoneInfo, known_calls: Collection[str], scale: Scale, now: datetime
) -> Answer:
    """One line as a survey. Raises ChangeRefused with what is wrong."""
    call_id, customer_id = cells.get("call_id") or None, cells.get("customer_id") or None
    if call_id is None and customer_id is None:
        raise ChangeRefused("The line names neither a call nor a customer.")
    if max(len(call_id or ""), len(customer_id or "")) > LONGEST_ID:
        raise ChangeRefused("The call or customer is longer than 200 characters.")
    if call_id is not None and call_id not in known_calls:
        raise ChangeRefused("There is no such call. Load its log or recording first, then this file again.")
    sent_at, answered_at = (_time(cells.get(name, ""), zone, now) for name in ("sent_at", "answered_at"))
    if sent_at and answered_at and answered_at < sent_at:
        raise ChangeRefused("It was answered before it was sent.")
    words = cells.get("open_answer") or None
    if words and len(words) > LONGEST_ANSWER:
        raise ChangeRefused("The answer is longer than 5,000 characters.")
    return Answer(line_no, call_id, customer_id, sent_at, answered_at, words, _rating(cells.get("rating", ""), scale))


def _cells(cells: tuple[str, ...], columns: Mapping[str, int]) -> dict[str, str]:
    found = {name: cells[place].strip() for name, place in columns.items() if place < len(cells)}
    return {name: "" if cell.casefold() in NOTHING else cell for name, cell in found.items()}


def _own(cells: tuple[str, ...], columns: Mapping[str, int]) -> tuple[str, ...]:
    """The cells with ids and times that stand before the words: behind them, a comma too many moves everything."""
    words = columns.get("open_answer", len(cells))
    places = sorted(place for name, place in columns.items() if name not in ("open_answer", "rating"))
    moved = max(columns.values()) + 1 < len(cells)
    return tuple(cells[p].strip() for p in places if p < len(cells) and (p < words or not moved) and cells[p].strip())


def _rating(cell: str, scale: Scale) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell.replace(",", ".").split("/")[0])
    except ValueError:
        raise ChangeRefused("The rating is not a number.") from None
    if not isfinite(value) or not scale.lowest <= value <= scale.highest:
        raise ChangeRefused("The rating lies outside the scale.")
    return value


def _time(cell: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    if not cell:
        return None
    try:
        if found := LOCAL_TIME.match(cell):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            given = datetime(year, month, day, hour, minute, second)
        else:
            given = datetime.fromisoformat(cell)
        at = (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ChangeRefused("The time can't be read; write it like 2026-03-02 14:05 or 02/03/2026 14:05.") from None
    if not 2000 <= at.year < 2100:
        raise ChangeRefused("The date is not of this century.")
    if at > now + AHEAD:
        raise ChangeRefused("The date lies in the future.")
    return at
