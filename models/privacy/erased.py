"""Who was erased is remembered as keyed hashes, so that nothing of them comes back with the next import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from models.privacy.keys import key, keyed_hash
from models.settings import Settings

REFUSED = "It belongs to a customer whose data were erased; delete the file where it came from."
NO_PATH = "[erased]"
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
