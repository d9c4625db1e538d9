"""What people change in the dashboard, kept before and after, so that anyone can see it and take it back.

A change is written in the same transaction as the row itself. Undoing is a change of its own, so nothing is ever lost.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models.errors import ChangeRefused
from models.typed import columns

Row = dict[str, Any]

KEYS = {
    "targets": ("queue", "valid_from"),
    "assumptions": ("name",),
    "issue_decisions": ("issue_id",),
    "goals": ("measure",),
    "own_figures": ("figure",),
    "figures": ("figure", "day"),
    "centre_texts": ("name",),
    "policy_items": ("item",),
    "policy_ticks": ("item",),
    "goodwill": ("goodwill_id",),
    "ideas": ("idea_id",),
    "recognitions": ("recognition_id",),
    "coaching_reads": ("remark_id",),
    "story_clips": ("remark_id",),
    "customer_facts": ("customer_id",),
    "callbacks": ("reason", "call_id"),
    "complaints": ("complaint_id",),
    "survey_files": ("sha256",),
    "issue_hints": ("hint",),
    "people": ("person",),
}
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
    return _replace(connection, what, _key(what, row), dict(row), who, at, None)


def remove(connection: sqlite3.Connection, what: str, item: Row, who: str, at: datetime) -> bool:
    """Remove the row with the key ``item``; False when there is none."""
    return _replace(connection, what, _key(what, item), None, who, at, None)


def undo(
    connection: sqlite3.Connection, what: str, who: str, at: datetime, item: Row | None = None, seen: int | None = None
) -> Change:
    """Take back the newest change of a table, or of one ``item`` in it, that was not taken back yet.

    ``seen`` is the change that somebody means. Raises ChangeRefused when there is none, or when it is another by now.
    """
    newest = next((c for c in history(connection, what, 1000, item) if c.undoes is None and not c.is_undone), None)
    if newest is None or newest.before is newest.after is None:  # erased: what was there is not known any more
        raise ChangeRefused("There is nothing left to undo.")
    if seen is not None and newest.change_id != seen:
        raise ChangeRefused("Somebody changed this meanwhile. Look at the newest change, then undo that.")
    _replace(connection, what, newest.item, newest.before, who, at, newest.change_id)
    return newest


def history(connection: sqlite3.Connection, what: str, limit: int = 100, item: Row | None = None) -> list[Change]:
    """The newest changes of a table, or of one ``item`` in it, newest first."""
    of_item = "" if item is None else " and item = ?"
    given = (what, *([] if item is None else [json.dumps(_key(what, item))]), limit)
    rows = connection.execute(f"{SELECTED} where what = ?{of_item} order by change_id desc limit ?", given)
    return [_change(row) for row in rows.fetchall()]


def _key(what: str, row: Mapping[str, Any]) -> Row:
    """The key of a row, in the order in which it is kept."""
    return {name: row[name] for name in KEYS[what]}


def _replace(
    connection: sqlite3.Connection, what: str, item: Row, after: Row | None, who: str, at: datetime, undoes: int | None
) -> bool:
    where = " and ".join(f"{name} = ?" for name in KEYS[what])
    key = [item[name] for name in KEYS[what]]
    before = _current(connection, what, where, key)
    if after is not None:
        after = _without_secrets(connection, what, after)
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


def _without_secrets(connection: sqlite3.Connection, what: str, row: Row) -> Row:
    typed = {name: row[name] for name in columns(what) if row.get(name)}
    return {
        **row,
        **{name: connection.execute("select redacted(?)", (text,)).fetchone()[0] for name, text in typed.items()},
    }


def _current(connection: sqlite3.Connection, what: str, where: str, key: list[Any]) -> Row | None:
    found = connection.execute(f"select * from {what} where {where}", key)  # noqa: S608 - names are those of KEYS
    row = found.fetchone()
    names = [column[0] for column in found.description]
    return {n: v for n, v in zip(names, row, strict=True) if n not in STAMPS} if row else None


def _written(row: Row | None) -> str | None:
    return None if row is None else json.dumps(row)


def _read(text: str | None) -> Row | None:
    return None if text is None else dict(json.loads(text))


SELECTED = (
    "select change_id, changed_at, changed_by, what, item, before, after, undoes,"
    " exists (select 1 from changes u where u.undoes = c.change_id) from changes c"
)


def current(connection: sqlite3.Connection, what: str, item: Row) -> Row | None:
    """The row with the key ``item`` as it is now, without its stamps; None when there is none."""
    where = " and ".join(f"{name} = ?" for name in KEYS[what])
    return _current(connection, what, where, [item[name] for name in KEYS[what]])


def history_of(connection: sqlite3.Connection, tables: Sequence[str], limit: int = 100) -> list[Change]:
    """The newest changes of several tables, newest first."""
    marks = ", ".join("?" * len(tables))
    rows = connection.execute(f"{SELECTED} where what in ({marks}) order by change_id desc limit ?", (*tables, limit))
    return [_change(row) for row in rows.fetchall()]


def undo_together(
    connection: sqlite3.Connection, tables: Sequence[str], who: str, at: datetime, seen: int | None = None
) -> list[Change]:
    """Take back what was last written to ``tables`` and not taken back yet: all that was written at once, like a file.

    ``seen`` is the change that somebody means. Raises ChangeRefused when there is none, or when it is another by now.
    """
    marks = ", ".join("?" * len(tables))
    rows = connection.execute(
        f"with open as (select * from changes c where what in ({marks}) and undoes is null"  # noqa: S608 - marks alone
        " and not exists (select 1 from changes u where u.undoes = c.change_id))"
        " select change_id, changed_at, changed_by, what, item, before, after, undoes, 0 from open"
        " where (changed_at, changed_by) = (select changed_at, changed_by from open order by change_id desc limit 1)"
        " order by change_id desc",
        (*tables,),
    ).fetchall()
    if not rows:
        raise ChangeRefused("There is nothing left to undo.")
    if seen is not None and rows[0][0] != seen:
        raise ChangeRefused("Somebody changed this meanwhile. Look at the newest change, then undo that.")
    taken = [_change(row) for row in rows]
    for change in taken:
        _replace(connection, change.what, change.item, change.before, who, at, change.change_id)
    return taken


def _change(row: Sequence[Any]) -> Change:
    n, at, who, table, item, before, after, undoes, taken = row
    return Change(
        n, datetime.fromisoformat(at), who, table, json.loads(item), _read(before), _read(after), undoes, bool(taken)
    )
