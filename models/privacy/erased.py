"""Who was erased is remembered as keyed hashes, so that nothing of them comes back with the next import."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from models.app_store import AppStore, text_of
from models.errors import ChangeRefused
from models.privacy.keys import key, keyed_hash
from models.settings import Settings

REFUSED = "It belongs to a customer whose data were erased; delete the file where it came from."
NO_PATH = "[erased]"
NO_LINE = "[erased]"
THEIR_LINE = str(ChangeRefused("The line is about a customer whose data were erased. Delete it where it came from."))
CELLS = re.compile(r"[^,;\t|\"\n]+")
Item = tuple[str, str]
"""(kind, value): kind is customer, call or recording."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The hashes of what was erased."""

    secret: bytes
    hashes: frozenset[Item]

    def holds(self, *items: tuple[str, str | None]) -> bool:
        """Whether any of the items was erased."""
        return bool(self.hashes) and any(v and (k, keyed_hash(self.secret, k, v)) in self.hashes for k, v in items)

    def names(self, line: str) -> bool:
        """Whether a cell of a line of a sheet, whatever its columns, is a customer or call that was erased."""
        cells = [cell.strip() for cell in CELLS.findall(line)] if self.hashes else []
        return self.holds(*((kind, cell) for cell in cells for kind in ("customer", "call")))


def remembered(con: duckdb.DuckDBPyConnection, settings: Settings) -> Erased:
    """What was erased in this store so far."""
    hashes = frozenset(
        (str(kind), str(digest)) for kind, digest in con.execute("select kind, hash from erased").fetchall()
    )
    return Erased(key(settings, "erasure") if hashes else b"", hashes)


def remember(con: duckdb.DuckDBPyConnection, settings: Settings, items: Iterable[Item]) -> None:
    """Remember items as erased."""
    secret = key(settings, "erasure")
    rows = [[kind, keyed_hash(secret, kind, value), datetime.now(UTC)] for kind, value in sorted(set(items))]
    known = {(str(kind), str(digest)) for kind, digest in con.execute("select kind, hash from erased").fetchall()}
    if new := [row for row in rows if (row[0], row[1]) not in known]:
        con.executemany("insert into erased values (?, ?, ?)", new)


def remembered_by_people(store: AppStore) -> Erased:
    """What was erased, for sheets that people load in the dashboard: it does not open calls.duckdb."""
    with store.reading() as connection:
        hashes = frozenset(
            (str(kind), str(digest)) for kind, digest in connection.execute("select kind, hash from erased")
        )
    return Erased(key(store.settings, "erasure") if hashes else b"", hashes)


def remember_in_app(connection: sqlite3.Connection, settings: Settings, items: Iterable[Item]) -> None:
    """The same as ``remember``, in app.sqlite."""
    secret, at = key(settings, "erasure"), text_of(datetime.now(UTC))
    rows = [(kind, keyed_hash(secret, kind, value), at) for kind, value in sorted(set(items))]
    connection.executemany("insert or ignore into erased values (?, ?, ?)", rows)
