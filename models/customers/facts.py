"""What people know of a customer beside the calls: segment, value, place; with history and undo (models/changes.py).

Two people may have the same customer open: each writes only the fields that they changed, and neither overwrites a change
of the other unseen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from models import changes
from models.app_store import AppStore
from models.errors import ChangeRefused

TABLE = "customer_facts"
LONGEST = 500
"""Characters of a note."""

KINDS = ("professional", "end_user")
PLACES = ("outside", "inside")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one customer; None where nothing is. ``lifetime_value`` is money in the centre's currency.

    ``kind`` is one of ``KINDS``, ``place`` one of ``PLACES``.
    """

    customer_id: str
    is_core: bool | None = None
    lifetime_value: float | None = None
    kind: str | None = None
    place: str | None = None
    is_hard_on_staff: bool | None = None
    do_not_call: bool = False
    note: str | None = None


COLUMNS = tuple(field.name for field in fields(Facts))
FLAGS = ("is_core", "is_hard_on_staff", "do_not_call")


def of(store: AppStore, customer_id: str) -> Facts:
    """What is known of a customer; nothing but the id when nobody wrote anything."""
    with store.reading() as connection:
        return _of(connection, customer_id)


def every(store: AppStore) -> list[Facts]:
    """What is known of all customers that anybody wrote about."""
    with store.reading() as connection:
        return [_facts(row) for row in connection.execute(f"select {', '.join(COLUMNS)} from {TABLE}").fetchall()]  # noqa: S608


def not_to_be_called(store: AppStore) -> frozenset[str]:
    """Customers who must not be called."""
    with store.reading() as connection:
        return frozenset(c for (c,) in connection.execute(f"select customer_id from {TABLE} where do_not_call"))  # noqa: S608


def barred(known: Facts) -> Facts:
    """The same customer, not to be called any more."""
    return replace(known, do_not_call=True)


def put(store: AppStore, seen: Facts, wanted: Facts, who: str, at: datetime | None = None) -> bool:
    """Write what differs between ``wanted`` and what the writer had ``seen``; False when nothing would change.

    Raises ChangeRefused for nonsense, and when somebody else changed one of these fields otherwise since.
    """
    wanted = _checked(wanted)
    with store.transaction() as connection:
        now = _of(connection, wanted.customer_id)
        merged = Facts(**_merged(asdict(seen), asdict(wanted), asdict(now)))
        if merged == now:
            return False
        return changes.put(connection, TABLE, _row(merged), who, at or datetime.now(UTC))


def undo(store: AppStore, customer_id: str, who: str, at: datetime | None = None) -> changes.Change:
    """Take back the newest change of a customer's facts. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        return changes.undo(connection, TABLE, who, at or datetime.now(UTC), {"customer_id": customer_id})


def history(store: AppStore, customer_id: str, limit: int = 100) -> list[changes.Change]:
    """The newest changes of a customer's facts, newest first."""
    with store.reading() as connection:
        return changes.history(connection, TABLE, limit, {"customer_id": customer_id})


def _merged(seen: dict[str, Any], wanted: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    changed = [name for name in wanted if wanted[name] != seen[name]]
    if any(now[name] not in (seen[name], wanted[name]) for name in changed):
        raise ChangeRefused(
            "Somebody else has changed this customer meanwhile. What is shown now is theirs: look, then change it again."
        )
    return {**now, **{name: wanted[name] for name in changed}}


def _checked(facts: Facts) -> Facts:
    if not facts.customer_id.strip():
        raise ChangeRefused("Facts need a customer.")
    if facts.kind not in (None, *KINDS) or facts.place not in (None, *PLACES):
        raise ChangeRefused(
            "A customer is professional or an end user, outside or inside the company, or it is not known."
        )
    value = facts.lifetime_value
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise ChangeRefused("What a customer brings is 0 or more.")
    note = (facts.note or "").strip() or None
    if note and len(note) > LONGEST:
        raise ChangeRefused("A text may have at most 500 characters.")
    return Facts(**{**asdict(facts), "note": note})


def _of(connection: Any, customer_id: str) -> Facts:
    sql = f"select {', '.join(COLUMNS)} from {TABLE} where customer_id = ?"  # noqa: S608 - our own names
    row = connection.execute(sql, (customer_id,)).fetchone()
    return _facts(row) if row else Facts(customer_id)


def _facts(row: Iterable[Any]) -> Facts:
    known = dict(zip(COLUMNS, row, strict=True))
    known |= {name: bool(known[name]) for name in FLAGS if known[name] is not None}
    return Facts(**known)


def _row(facts: Facts) -> dict[str, Any]:
    return {n: int(v) if isinstance(v, bool) else v for n, v in asdict(facts).items()}
