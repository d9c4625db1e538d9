"""Customers to call back: a random list drawn once per week and size, and what came of each call; with history and undo."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args

from models import changes
from models.app_store import AppStore, text_of
from models.customers import facts
from models.errors import ChangeRefused

TABLE = "callbacks"
LONGEST = 500
MOST = 200
"""Customers of one list."""

Reason = Literal["random", "lost"]
Outcome = Literal["reached", "not_reached", "refused"]
Satisfied = Literal["yes", "no", "unknown"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SATISFIED: tuple[Satisfied, ...] = get_args(Satisfied)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer who may be drawn, with the call to ask about."""

    customer_id: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A list that was drawn: for which ISO week, from how many customers, and who is on it, in order."""

    week: str
    size: int
    seed: int
    gap_weeks: int
    frame_customers: int
    picks: tuple[Customer, ...]


@dataclass(frozen=True, slots=True)
class Callback:
    """What came of calling one customer back; ``satisfied`` only where they were reached."""

    reason: Reason
    call_id: str
    customer_id: str
    outcome: Outcome
    satisfied: Satisfied | None = None
    note: str | None = None


def choose(frame: Iterable[Customer], size: int, seed: int, without: Collection[str] = ()) -> list[Customer]:
    """At most ``size`` customers, each of the frame with the same probability; never one of ``without``. Pure.

    Everyone has a place that depends on the seed and on themselves alone: leaving somebody out changes nobody else's turn.
    """
    each = {customer.customer_id: customer for customer in frame if customer.customer_id not in without}
    ranked = sorted(each, key=lambda one: (hashlib.sha256(f"{seed} {one}".encode()).digest(), one))
    return [each[customer_id] for customer_id in ranked[: max(size, 0)]]


def drawn(store: AppStore, week: str, size: int) -> Draw | None:
    """The list of a week and size; None before it is drawn."""
    with store.reading() as connection:
        return _drawn(connection, week, size)


def draws(store: AppStore) -> list[tuple[str, int]]:
    """Week and size of every list that was drawn, newest first."""
    with store.reading() as connection:
        return connection.execute("select week, size from callback_draws order by drawn_at desc").fetchall()


def draw(
    store: AppStore, week: str, size: int, frame: Sequence[Customer], gap_weeks: int, seed: int, who: str,
    at: datetime | None = None,
) -> Draw:  # fmt: skip
    """Draw the list of a week and size and keep it; the one there is, when somebody has drawn it before.

    Left out are customers not to be called, and those on any list of this week or of ``gap_weeks`` weeks before or after.
    Raises ChangeRefused when nobody is left.
    """
    if not 1 <= size <= MOST or gap_weeks < 0:
        raise ChangeRefused("A list has 1 to 200 customers, and the pause is 0 weeks or more.")
    barred = facts.not_to_be_called(store)
    with store.transaction() as connection:
        if known := _drawn(connection, week, size):
            return known
        eligible = [c for c in frame if c.customer_id not in barred | _lately(connection, week, gap_weeks)]
        picks = choose(eligible, size, seed)
        if not picks:
            raise ChangeRefused("There is nobody to draw: everyone was called lately, or must not be called.")
        n = len({c.customer_id for c in eligible})
        connection.execute(
            "insert into callback_draws values (?, ?, ?, ?, ?, ?, ?)",
            (week, size, seed, gap_weeks, n, text_of(at or datetime.now(UTC)), who),
        )
        connection.executemany(
            "insert into callback_picks values (?, ?, ?, ?, ?, ?)",
            [(week, size, place, c.customer_id, c.call_id, len(picks) / n) for place, c in enumerate(picks, 1)],
        )
        return Draw(week, size, seed, gap_weeks, n, tuple(picks))


def record(store: AppStore, made: Callback, who: str, seen: Callback | None = None, at: datetime | None = None) -> bool:
    """Write what came of a call, in place of what the writer had ``seen``; False when nothing would change.

    Raises ChangeRefused for nonsense, for customers who must not be called, and when somebody else wrote meanwhile.
    """
    made = _checked(made)
    if made.customer_id in facts.not_to_be_called(store):
        raise ChangeRefused("This customer must not be called.")
    with store.transaction() as connection:
        now = _outcomes(connection, "where reason = ? and call_id = ?", (made.reason, made.call_id))
        if now and now[0] not in (seen, made):
            raise _meanwhile()
        return changes.put(connection, TABLE, asdict(made), who, at or datetime.now(UTC))


def remove(store: AppStore, seen: Callback, who: str, at: datetime | None = None) -> bool:
    """Remove what came of a call, as the writer had ``seen`` it. Raises ChangeRefused when it is otherwise by now."""
    item = {"reason": seen.reason, "call_id": seen.call_id}
    with store.transaction() as connection:
        now = _outcomes(connection, "where reason = ? and call_id = ?", (seen.reason, seen.call_id))
        if now and now[0] != seen:
            raise _meanwhile()
        return changes.remove(connection, TABLE, item, who, at or datetime.now(UTC))


def undo(store: AppStore, reason: Reason, call_id: str, who: str, at: datetime | None = None) -> changes.Change:
    """Take back the newest change of one outcome. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        item = {"reason": reason, "call_id": call_id}
        return changes.undo(connection, TABLE, who, at or datetime.now(UTC), item)


def history(store: AppStore, limit: int = 100) -> list[changes.Change]:
    """The newest changes of outcomes, newest first."""
    with store.reading() as connection:
        return changes.history(connection, TABLE, limit)


def outcomes(store: AppStore, reason: Reason) -> dict[str, Callback]:
    """What came of the calls of one list, by call_id."""
    with store.reading() as connection:
        return {made.call_id: made for made in _outcomes(connection, "where reason = ?", (reason,))}


def of_customer(store: AppStore, customer_id: str) -> list[tuple[datetime, Callback]]:
    """When a customer was called back, and what came of it, oldest first."""
    sql = (
        "select written_at, reason, call_id, customer_id, outcome, satisfied, note from callbacks where customer_id = ?"
    )
    with store.reading() as connection:
        rows = connection.execute(sql + " order by written_at", (customer_id,)).fetchall()
    return [(datetime.fromisoformat(at), Callback(*rest)) for at, *rest in rows]


def _meanwhile() -> ChangeRefused:
    return ChangeRefused("Somebody else has called this customer meanwhile. Look at what they wrote, then go on.")


def weeks_around(week: str, gap_weeks: int) -> list[str]:
    """The ISO weeks from ``gap_weeks`` before a week to as many after it, itself included."""
    year, number = week.split("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    days = [monday + timedelta(weeks=n) for n in range(-gap_weeks, gap_weeks + 1)]
    return [f"{day.isocalendar().year}-W{day.isocalendar().week:02d}" for day in days]


def _lately(connection: sqlite3.Connection, week: str, gap_weeks: int) -> set[str]:
    near = weeks_around(week, gap_weeks)
    marks = ", ".join("?" * len(near))
    rows = connection.execute(f"select customer_id from callback_picks where week in ({marks})", near)  # noqa: S608
    return {customer_id for (customer_id,) in rows}


def _drawn(connection: sqlite3.Connection, week: str, size: int) -> Draw | None:
    row = connection.execute(
        "select week, size, seed, gap_weeks, frame_customers from callback_draws where week = ? and size = ?",
        (week, size),
    ).fetchone()
    if row is None:
        return None
    picks = connection.execute(
        "select customer_id, call_id from callback_picks where week = ? and size = ? order by position", (week, size)
    ).fetchall()
    of, asked, seed, gap_weeks, frame_customers = row
    return Draw(of, asked, seed, gap_weeks, frame_customers, tuple(Customer(*pick) for pick in picks))


def _outcomes(connection: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> list[Callback]:
    columns = "reason, call_id, customer_id, outcome, satisfied, note"
    rows = connection.execute(f"select {columns} from callbacks {where}", values).fetchall()  # noqa: S608 - our own SQL
    return [Callback(*row) for row in rows]


def _checked(made: Callback) -> Callback:
    if made.outcome not in OUTCOMES or (made.satisfied is not None and made.satisfied not in SATISFIED):
        raise ChangeRefused("Say whether the customer was reached, and if so whether they are satisfied.")
    note = (made.note or "").strip() or None
    if note and len(note) > LONGEST:
        raise ChangeRefused("A text may have at most 500 characters.")
    satisfied = made.satisfied if made.outcome == "reached" else None
    return Callback(made.reason, made.call_id, made.customer_id, made.outcome, satisfied, note)
