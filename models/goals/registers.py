"""What all registers of this folder share: one transaction a change, history, and undo of what was written at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from models import changes
from models.app_store import AppStore
from models.errors import ChangeRefused

LONGEST = 500
"""Characters of a text that people write."""
Rows = Sequence[tuple[str, Mapping[str, Any]]]
"""Rows to write: the table and the whole row, without its stamps."""


def put(store: AppStore, rows: Rows, who: str, at: datetime | None = None, gone: Rows = ()) -> int:
    """Write rows in place of those with their keys and remove those with the keys ``gone``, all or none; how many changed."""
    with store.transaction() as connection:
        at = at or datetime.now(UTC)
        written = sum(changes.put(connection, what, row, who, at) for what, row in rows)
        return written + sum(changes.remove(connection, what, dict(item), who, at) for what, item in gone)


def remove(store: AppStore, what: str, item: Mapping[str, Any], who: str, at: datetime | None = None) -> bool:
    """Remove the row with a key; False when there is none."""
    with store.transaction() as connection:
        return changes.remove(connection, what, dict(item), who, at or datetime.now(UTC))


def row(store: AppStore, what: str, item: Mapping[str, Any]) -> dict[str, Any] | None:
    """The row with a key, without its stamps; None when there is none."""
    with store.reading() as connection:
        return changes.current(connection, what, dict(item))


def undo(
    store: AppStore, tables: Sequence[str], who: str, at: datetime | None = None, seen: int | None = None
) -> list[changes.Change]:
    """Take back what was last written at once to these tables; ``seen`` is the change that somebody means.

    Raises ChangeRefused when there is nothing, or when somebody has written something newer.
    """
    with store.transaction() as connection:
        return changes.undo_together(connection, tables, who, at or datetime.now(UTC), seen)


def history(store: AppStore, tables: Sequence[str], limit: int = 100) -> list[changes.Change]:
    """The newest changes of these tables, newest first."""
    with store.reading() as connection:
        return changes.history_of(connection, tables, limit)


def text(value: str | None, longest: int = LONGEST) -> str | None:
    """A text as it is kept: without spaces around it; an empty one is none. Raises ChangeRefused for a long one."""
    kept = (value or "").strip()
    if len(kept) > longest:
        raise ChangeRefused("The text is too long.")
    return kept or None
