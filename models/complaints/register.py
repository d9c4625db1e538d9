"""Complaints and comments: written, changed and taken back, every change kept (models/changes.py).

Two people may change one complaint at once: what they changed in different fields is merged; of a field that both changed,
the first one's value stays and the second is told (``Saved.conflicts``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from models import changes
from models.app_store import AppStore, now, text_of
from models.errors import ChangeRefused

TABLE = "complaints"
LONGEST = 4000
"""Characters of a text."""
KINDS = ("complaint", "comment")
CHANNELS = ("call", "letter", "email", "website", "chat", "visit", "other")
STATUSES = ("open", "promised", "resolved", "closed")
ANSWERS = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint or comment: the nine groups of fields, and where it stands. None: not known, or not yet.

    Moments are aware; ``promised_for`` is a day of the call centre, ``compensation_value`` money in its currency.
    """

    nature: str
    received_at: datetime
    kind: str = "complaint"
    channel: str = "call"
    customer_id: str | None = None
    customer_name: str | None = None
    customer_address: str | None = None
    customer_phone: str | None = None
    received_by: str | None = None
    resolved_at: datetime | None = None
    issue_id: str | None = None
    call_id: str | None = None
    solution: str | None = None
    done_on_spot: bool | None = None
    promised_for: date | None = None
    steps: str | None = None
    follow_up_at: datetime | None = None
    satisfied_after: str | None = None
    would_buy_again: str | None = None
    compensation_value: float | None = None
    compensation: str | None = None
    prevention: str | None = None
    answered_at: datetime | None = None
    escalated_to: str | None = None
    escalated_at: datetime | None = None
    closed_at: datetime | None = None
    reference: str | None = None
    import_key: str | None = None
    import_id: int | None = None


FIELDS = tuple(field.name for field in fields(Complaint))
MOMENTS = frozenset({"received_at", "resolved_at", "follow_up_at", "answered_at", "escalated_at", "closed_at"})
TEXTS = frozenset(FIELDS) - MOMENTS - {"done_on_spot", "promised_for", "compensation_value", "import_id"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A complaint as it is in the register, with its number, and who wrote it last."""

    complaint_id: int
    complaint: Complaint
    written_by: str
    written_at: datetime

    @property
    def status(self) -> str:
        """See ``status_of``."""
        return status_of(self.complaint)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else changed meanwhile: what they wrote (it stays), and what was wanted."""

    field: str
    theirs: Any
    wanted: Any


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of an edit: the complaint as it now is, whether that changed it, and what must be asked."""

    kept: Kept
    changed: bool
    conflicts: tuple[Conflict, ...] = ()


def status_of(complaint: Complaint) -> str:
    """closed, resolved (unless the customer then says no; a comment: answered), promised or open."""
    if complaint.closed_at:
        return "closed"
    if complaint.resolved_at and complaint.satisfied_after != "no":
        return "resolved"
    if complaint.kind == "comment" and complaint.answered_at:
        return "resolved"
    return "promised" if complaint.promised_for else "open"


def tidy(complaint: Complaint) -> Complaint:
    """The complaint as it is kept: texts without spaces around them, empty ones None, money in whole cents."""
    values = asdict(complaint)
    for name in TEXTS:
        values[name] = (values[name] or "").strip().replace("\0", "") or None
    if values["compensation_value"] is not None:
        values["compensation_value"] = round(float(values["compensation_value"]), 2)
    for name in MOMENTS:
        values[name] = values[name].astimezone(UTC) if values[name] else None
    return Complaint(**{**values, "nature": values["nature"] or ""})


def check(complaint: Complaint, at: datetime) -> None:
    """Raise ChangeRefused with what makes no sense in a tidy complaint at the moment ``at``."""
    if not complaint.nature:
        raise ChangeRefused("Say what the complaint is about.")
    if any(len(text or "") > LONGEST for text in (getattr(complaint, name) for name in TEXTS)):
        raise ChangeRefused("A text may have at most 4,000 characters.")
    if complaint.received_at > at:
        raise ChangeRefused("A complaint can't be received in the future.")
    if complaint.resolved_at and complaint.resolved_at < complaint.received_at:
        raise ChangeRefused("It can't be resolved before it was received.")
    if complaint.answered_at and complaint.answered_at < complaint.received_at:
        raise ChangeRefused("It can't be answered before it was received.")
    if complaint.compensation_value is not None and not 0 <= complaint.compensation_value < 1e9:
        raise ChangeRefused("The value of a compensation must be 0 or more.")
    if complaint.satisfied_after and not complaint.resolved_at:
        raise ChangeRefused("Say first when it was resolved, then whether the customer is satisfied.")
    if complaint.escalated_at and not complaint.escalated_to:
        raise ChangeRefused("Say whom it was passed up to.")
    choices = {"kind": KINDS, "channel": CHANNELS, "satisfied_after": ANSWERS, "would_buy_again": ANSWERS}
    for name, known in choices.items():
        if (value := getattr(complaint, name)) is not None and value not in known:
            raise ChangeRefused("This choice is not one of those on offer.")


def create(store: AppStore, complaint: Complaint, who: str, at: datetime | None = None) -> Kept:
    """Write a new complaint. Raises ChangeRefused with what makes no sense."""
    at = at or now()
    made = tidy(complaint)
    check(made, at)
    with store.transaction() as connection:
        if made.reference and _taken(connection, made.reference, None):
            raise ChangeRefused("There is a complaint with this reference already.")
        return add(connection, made, who, at)


def add(connection: sqlite3.Connection, made: Complaint, who: str, at: datetime) -> Kept:
    """Write a new complaint, tidy and checked, within a transaction. Numbers of complaints taken back are not used again."""
    (number,) = connection.execute(
        "select 1 + max(coalesce((select max(complaint_id) from complaints), 0),"
        " coalesce((select max(json_extract(item, '$.complaint_id')) from changes where what = 'complaints'), 0))"
    ).fetchone()
    changes.put(connection, TABLE, _row(int(number), made), who, at)
    return Kept(int(number), made, who, at)


def edit(
    store: AppStore, complaint_id: int, seen: Complaint, wanted: Complaint, who: str, at: datetime | None = None
) -> Saved:
    """Change a complaint from what was ``seen`` into what is ``wanted``.

    What others changed meanwhile stays. Raises ChangeRefused with what makes no sense; then nothing is written.
    """
    at = at or now()
    seen, wanted = tidy(seen), tidy(wanted)
    with store.transaction() as connection:
        current = _find(connection, complaint_id)
        if current is None:
            raise ChangeRefused("Somebody took this complaint back meanwhile. Bring it back first, then save again.")
        merged, conflicts = merge(seen, wanted, current.complaint)
        if merged == current.complaint:
            return Saved(current, False, conflicts)
        check(merged, at)
        if merged.reference and _taken(connection, merged.reference, complaint_id):
            raise ChangeRefused("There is a complaint with this reference already.")
        changes.put(connection, TABLE, _row(complaint_id, merged), who, at)
        return Saved(Kept(complaint_id, merged, who, at), True, conflicts)


def merge(seen: Complaint, wanted: Complaint, current: Complaint) -> tuple[Complaint, tuple[Conflict, ...]]:
    """``current`` with what was changed from ``seen`` to ``wanted``, except in fields that others changed otherwise."""
    mine = {name: getattr(wanted, name) for name in FIELDS if getattr(wanted, name) != getattr(seen, name)}
    conflicts = tuple(
        Conflict(name, getattr(current, name), value)
        for name, value in mine.items()
        if getattr(current, name) not in (getattr(seen, name), value)
    )
    held = {conflict.field for conflict in conflicts}
    return replace(current, **{name: value for name, value in mine.items() if name not in held}), conflicts


def escalate(store: AppStore, complaint_id: int, to: str, who: str, at: datetime | None = None) -> Saved:
    """Pass a complaint up to somebody."""
    at = at or now()
    known = find(store, complaint_id)
    if known is None:
        raise ChangeRefused("There is no such complaint.")
    if not to.strip():
        raise ChangeRefused("Say whom it was passed up to.")
    return edit(
        store, complaint_id, known.complaint, replace(known.complaint, escalated_to=to, escalated_at=at), who, at
    )


def undo(store: AppStore, complaint_id: int, seen: int, who: str, at: datetime | None = None) -> changes.Change:
    """Take back the change ``seen``, the newest of a complaint. Raises ChangeRefused when it no longer is."""
    with store.transaction() as connection:
        return changes.undo(connection, TABLE, who, at or now(), {"complaint_id": complaint_id}, seen)


def bring_back(store: AppStore, complaint_id: int, who: str, at: datetime | None = None) -> Kept:
    """Write a complaint that was taken back again, as it last was. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        known = changes.history(connection, TABLE, 1, {"complaint_id": complaint_id})
        if not known or known[0].after is not None or known[0].before is None:
            raise ChangeRefused("There is nothing to bring back.")
        if (reference := known[0].before.get("reference")) and _taken(connection, str(reference), None):
            raise ChangeRefused("There is a complaint with this reference already.")
        at = at or now()
        changes.put(connection, TABLE, known[0].before, who, at)
        return Kept(complaint_id, complaint_of(known[0].before), who, at)


def find(store: AppStore, complaint_id: int) -> Kept | None:
    """One complaint; None when there is none with this number."""
    with store.reading() as connection:
        return _find(connection, complaint_id)


def history(store: AppStore, complaint_id: int, limit: int = 100) -> list[changes.Change]:
    """The newest changes of one complaint, newest first; they outlive it."""
    with store.reading() as connection:
        return changes.history(connection, TABLE, limit, {"complaint_id": complaint_id})


def complaint_of(row: Mapping[str, Any]) -> Complaint:
    """A complaint from its row in app.sqlite, or from ``before`` or ``after`` of a change; other columns are left out."""
    values = {name: row.get(name) for name in FIELDS}
    for name in MOMENTS:
        values[name] = datetime.fromisoformat(str(values[name])) if values[name] else None
    values["promised_for"] = date.fromisoformat(str(values["promised_for"])) if values["promised_for"] else None
    values["done_on_spot"] = None if values["done_on_spot"] is None else bool(values["done_on_spot"])
    return Complaint(**values)  # type: ignore[arg-type]


def _row(complaint_id: int, complaint: Complaint) -> dict[str, Any]:
    row = {**asdict(complaint), "complaint_id": complaint_id, "status": status_of(complaint)}
    for name in MOMENTS:
        row[name] = text_of(row[name]) if row[name] else None
    row["promised_for"] = complaint.promised_for.isoformat() if complaint.promised_for else None
    row["done_on_spot"] = None if complaint.done_on_spot is None else int(complaint.done_on_spot)
    return row


def _find(connection: sqlite3.Connection, complaint_id: int) -> Kept | None:
    found = connection.execute("select * from complaints where complaint_id = ?", (complaint_id,))
    names = [column[0] for column in found.description]
    values = found.fetchone()
    if values is None:
        return None
    row = dict(zip(names, values, strict=True))
    return Kept(complaint_id, complaint_of(row), str(row["written_by"]), datetime.fromisoformat(row["written_at"]))


def _taken(connection: sqlite3.Connection, reference: str, by: int | None) -> bool:
    found = connection.execute(
        "select 1 from complaints where reference = ? and complaint_id is not ?", (reference, by)
    ).fetchone()
    return found is not None
