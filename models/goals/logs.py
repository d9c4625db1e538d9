"""The team's logs in app.sqlite: goodwill, ideas, thanks and read coaching notes, with history and undo.

What agents gave at their discretion is kept to learn what helps. It is never part of a score or ranking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from models import changes
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.goals import registers

KEYS = {"goodwill": "goodwill_id", "ideas": "idea_id", "recognitions": "recognition_id", "coaching_reads": "remark_id"}
LONGEST_CLIP_S = 600.0
Row = dict[str, Any]
STATUSES = ("new", "under_way", "done", "declined")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])$")
NAME, TEXT = 120, 1000
"""Characters of a name and of a text at most."""


@dataclass(frozen=True, slots=True)
class Goodwill:
    """What an agent gave: when, what it cost, what, why, to whom and in which call."""

    agent: str
    given_on: date
    value: float
    what: str
    why: str | None = None
    customer_id: str | None = None
    call_id: str | None = None


def give(store: AppStore, given: Goodwill, who: str, at: datetime | None = None) -> int:
    """Note what an agent gave; gives its number. Raises ChangeRefused for nonsense."""
    agent, what = registers.text(given.agent, NAME), registers.text(given.what, TEXT)
    if agent is None or what is None:
        raise ChangeRefused("Say who gave it, and what was given.")
    if not isfinite(given.value) or given.value < 0:
        raise ChangeRefused("What it cost is 0 or more.")
    row = {
        "agent": agent, "given_on": given.given_on.isoformat(), "value": float(given.value), "what": what,
        "why": registers.text(given.why, TEXT), "customer_id": registers.text(given.customer_id, NAME),
        "call_id": registers.text(given.call_id, NAME),
    }  # fmt: skip
    return _add(store, "goodwill", row, who, at)


def suggest(store: AppStore, employee: str, month: str, words: str, who: str, at: datetime | None = None) -> int:
    """Write an employee's idea of a month, one each; gives its number. Raises ChangeRefused when there is one already."""
    name, idea = registers.text(employee, NAME), registers.text(words, TEXT)
    if name is None or idea is None:
        raise ChangeRefused("Say whose idea it is, and what it is.")
    if not MONTH.match(month):
        raise ChangeRefused("The month is written like 2026-03.")
    with store.reading() as connection:
        taken = connection.execute("select 1 from ideas where employee = ? and month = ?", (name, month)).fetchone()
    if taken:
        raise ChangeRefused("This employee has an idea in this month already: one a month is asked for.")
    row = {"employee": name, "month": month, "text": idea, "status": "new", "answer": None}
    return _add(store, "ideas", row, who, at)


def answer(
    store: AppStore, idea_id: int, who: str, status: str | None = None, words: str | None = None, at: datetime | None = None
) -> bool:  # fmt: skip
    """Say what becomes of an idea, and answer it; what is None stays. An idea that is declined or done needs an answer."""
    known = registers.row(store, "ideas", {"idea_id": idea_id})
    if known is None:
        raise ChangeRefused("This idea is not there any more.")
    row = {
        **known,
        "status": status or known["status"],
        "answer": known["answer"] if words is None else registers.text(words, TEXT),
    }
    if row["status"] not in STATUSES:
        raise ChangeRefused("An idea is new, under way, done or declined.")
    if row["status"] in ("done", "declined") and row["answer"] is None:
        raise ChangeRefused("Whoever had the idea gets an answer: write what became of it, or why not.")
    return registers.put(store, [("ideas", row)], who, at) > 0


def thank(
    store: AppStore, employee: str, given_on: date, words: str, who: str, call_id: str | None = None, at: datetime | None = None
) -> int:  # fmt: skip
    """Thank an employee for something; gives its number. Raises ChangeRefused without a name or words."""
    name, reason = registers.text(employee, NAME), registers.text(words, TEXT)
    if name is None or reason is None:
        raise ChangeRefused("Say whom you thank, and for what.")
    row = {"employee": name, "given_on": given_on.isoformat(), "text": reason, "call_id": registers.text(call_id, NAME)}
    return _add(store, "recognitions", row, who, at)


def read(store: AppStore, remark_id: int, who: str, words: str | None = None, at: datetime | None = None) -> bool:
    """Say that a coaching note was read, with an answer where there is one."""
    row = {"remark_id": remark_id, "answer": registers.text(words, TEXT)}
    return registers.put(store, [("coaching_reads", row)], who, at) > 0


def clip(
    store: AppStore, remark_id: int, from_s: float, to_s: float, reason: str, who: str, at: datetime | None = None
) -> bool:  # fmt: skip
    """Cut a story to the seconds that show it, and say what it shows. Raises ChangeRefused for nonsense."""
    words = registers.text(reason, TEXT)
    if words is None:
        raise ChangeRefused("Say what the clip shows.")
    if not (isfinite(from_s) and isfinite(to_s) and 0 <= from_s < to_s <= from_s + LONGEST_CLIP_S):
        raise ChangeRefused("A clip ends after it begins, and is at most ten minutes long.")
    row = {"remark_id": remark_id, "from_s": float(from_s), "to_s": float(to_s), "reason": words}
    return registers.put(store, [("story_clips", row)], who, at) > 0


def rows(store: AppStore, table: str, columns: Sequence[str], order: str) -> list[Row]:
    """Rows of one of these tables with these columns. All names are ours."""
    names = ", ".join(columns)
    with store.reading() as connection:
        found = connection.execute(f"select {names} from {table} order by {order}").fetchall()  # noqa: S608 - our own names
    return [dict(zip(columns, row, strict=True)) for row in found]


def _add(store: AppStore, table: str, row: Mapping[str, Any], who: str, at: datetime | None) -> int:
    """Write a row under a number that was never used, not even by one that was taken back."""
    key = KEYS[table]
    with store.transaction() as connection:
        (number,) = connection.execute(
            "select 1 + coalesce(max(cast(json_extract(item, '$.' || ?) as integer)), 0) from changes where what = ?",
            (key, table),
        ).fetchone()
        changes.put(connection, table, {key: number, **row}, who, at or datetime.now(UTC))
    return int(number)
