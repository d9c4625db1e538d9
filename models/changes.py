"""What people change in the dashboard, kept before and after, so that anyone can see it and take it back.

A change is written in the same transaction as the row itself. Undoing is a change of its own, so nothing is ever lost.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models.errors import ChangeRefused

Row = dict[str, Any]

KEYS = {"targets": ("queue", "valid_from"), "assumptions": ("name",), "issue_decisions": ("issue_id",)}
"""Tables whose rows people change, each with its key."""

STAMPS = ("written_at", "written_by", "target_id")
"""Columns that say who and when, not what."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: a row of ``what`` as it was before and after; None where there was none."""

    change_id: int
    changed_at: datetime
    changed_by: str
    what: str
    item: Row
    before: Row | None
    after: Row | None
    undoes: int | None
    is_undone: bool


def put(connection: sqlite3.Connection, what: str, row: Mapping[str, Any], who: str, at: datetime) -> bool:
    """Write ``row`` in place of the one with its key, if any; False when nothing would change."""
    item = {name: row[name] for name in KEYS[what]}
    return _replace(connection, what, item, dict(row), who, at, None)


def remove(connection: sqlite3.Connection, what: str, item: Row, who: str, at: datetime) -> bool:
    """Remove the row with the key ``item``; False when there is none."""
    return _replace(connection, what, item, None, who, at, None)


def undo(connection: sqlite3.Connection, what: str, who: str, at: datetime) -> Change:
    """Take back the newest change of a table that was not taken back yet. Raises ChangeRefused when there is none."""
    newest = next((c for c in history(connection, what, 1000) if c.undoes is None and not c.is_undone), None)
    if newest is None:
        raise ChangeRefused("There is nothing left to undo.")
    _replace(connection, what, newest.item, newest.before, who, at, newest.change_id)
    return newest


def history(connection: sqlite3.Connection, what: str, limit: int = 100) -> list[Change]:
    """The newest changes of a table, newest first."""
    rows = connection.execute(
        "select change_id, changed_at, changed_by, what, item, before, after, undoes,"
        " exists (select 1 from changes u where u.undoes = c.change_id)"
        " from changes c where what = ? order by change_id desc limit ?",
        (what, limit),
    ).fetchall()
    return [
        Change(n, datetime.fromisoformat(at), who, table, json.loads(item), _read(before), _read(after), undoes, bool(taken))
        for n, at, who, table, item, before, after, undoes, taken in rows
    ]  # fmt: skip


def _replace(
    connection: sqlite3.Connection, what: str, item: Row, after: Row | None, who: str, at: datetime, undoes: int | None
) -> bool:
    where = " and ".join(f"{name} = ?" for name in KEYS[what])
    key = [item[name] for name in KEYS[what]]
    before = _current(connection, what, where, key)
    if before == after and undoes is None:
        return False
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    connection.execute(f"delete from {what} where {where}", key)  # noqa: S608 - names are those of KEYS
    if after is not None:
        stamped = {**after, "written_at": stamp, "written_by": who}
        names, marks = ", ".join(stamped), ", ".join("?" * len(stamped))
        connection.execute(f"insert into {what} ({names}) values ({marks})", list(stamped.values()))  # noqa: S608
    connection.execute(
        "insert into changes (changed_at, changed_by, what, item, before, after, undoes) values (?, ?, ?, ?, ?, ?, ?)",
        (stamp, who, what, json.dumps(item), _written(before), _written(after), undoes),
    )
    return True


def _current(connection: sqlite3.Connection, what: str, where: str, key: list[Any]) -> Row | None:
    found = connection.execute(f"select * from {what} where {where}", key)  # noqa: S608 - names are those of KEYS
    row = found.fetchone()
    names = [column[0] for column in found.description]
    return {n: v for n, v in zip(names, row, strict=True) if n not in STAMPS} if row else None


def _written(row: Row | None) -> str | None:
    return None if row is None else json.dumps(row)


def _read(text: str | None) -> Row | None:
    return None if text is None else dict(json.loads(text))
