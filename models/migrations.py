"""Numbered, append-only migrations: what a file still needs, and whether this version may open it at all.

Both stores keep the same record, ``schema_migrations``; each applies what is pending in one transaction, so that an
upgrade that fails leaves a file that the Earshot of before still opens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from models.errors import StoreError


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of SQL."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Hash of its text: a migration that has been applied somewhere must not change."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


Applied = tuple[int, str, str]
"""Version, file name and sha256 of a migration, as a store's ``schema_migrations`` records it."""


def migrations(folder: Path) -> list[Migration]:
    """The migrations in ``folder``, in order. Raises StoreError for two of one number: one would never run."""
    files = sorted(folder.glob("[0-9][0-9][0-9]_*.sql"))
    for one, other in pairwise(files):
        if one.name[:3] == other.name[:3]:
            raise StoreError(f"Two migrations have one number: {one.name} and {other.name}; rename the newer one.")
    return [Migration(int(f.name[:3]), f.name, f.read_text("utf-8")) for f in files]


def pending(known: Iterable[Migration], applied: Iterable[Applied], file: Path) -> list[Migration]:
    """The migrations that a store lacks, in order.

    Raises StoreError when a newer Earshot wrote it, and when a migration was edited after it had been applied.
    """
    left = {migration.version: migration for migration in known}
    for version, name, sha256 in sorted(applied):
        migration = left.pop(version, None)
        if migration is None:
            raise StoreError(
                f"{file} was written by a newer Earshot ({name} is not known here); update Earshot to open it."
            )
        if sha256 != migration.sha256:
            raise StoreError(
                f"The migration {name} changed after it was applied to {file};"
                " restore it, and put changes into a new one."
            )
    return list(left.values())


def failed(migration: Migration, file: Path, error: Exception) -> StoreError:
    """The sentence about a migration that could not be applied."""
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    return StoreError(
        f"{file} could not be brought up to date ({migration.name}: {reason}); it is as it was before,"
        " and the Earshot that you had still opens it."
    )
