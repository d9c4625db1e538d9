"""The store: one DuckDB file that ingest alone writes, one transaction at a time, and snapshots that all may read.

store/calls.duckdb              opened only inside ``Store.writing()``
store/calls.lock                the kernel's file lock: freed also when its holder is killed
store/said.sqlite               which transcripts hold which words (see models.said_index); publishing makes it again
store/published/earshot.duckdb  a link to the newest immutable snapshot (see models.publish)
"""

from __future__ import annotations

import fcntl
import os
import random
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from models.errors import StoreBusy, StoreError
from models.migrations import Applied, failed, migrations, pending
from models.settings import Settings

SCHEMA = Path(__file__).parent / "schema" / "calls"
MIGRATIONS_TABLE = (
    "create table if not exists schema_migrations "
    "(version integer not null, name varchar not null, sha256 varchar not null, applied_at timestamptz not null)"
)
QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class Store:
    """The store of one call centre, in ``settings.store``."""

    settings: Settings

    @property
    def root(self) -> Path:
        """Folder that holds everything."""
        return self.settings.store

    @property
    def calls_path(self) -> Path:
        """The file that only ingest opens."""
        return self.root / "calls.duckdb"

    @property
    def published(self) -> Path:
        """Folder of the snapshots."""
        return self.root / "published"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writers' lock. Raises StoreBusy when another writer keeps it longer than ``lock_wait_s``."""
        make_folder(self.root)
        with file_lock(self.root / "calls.lock", self.settings.lock_wait_s):
            yield

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction on calls.duckdb behind the lock: committed at the end, rolled back on any error.

        Raises StoreError when the disk refuses; the store is then as it was.
        """
        with (
            self.locked(),
            unwritable(self.calls_path),
            closing(connect(self.calls_path, self.settings.lock_wait_s)) as con,
        ):
            migrate(con, self.calls_path)
            con.execute("begin")
            try:
                yield con
            except BaseException:
                with suppress(duckdb.Error):  # a commit that failed has ended the transaction
                    con.execute("rollback")
                raise
            con.execute("commit")

    def snapshot_path(self) -> Path | None:
        """The newest snapshot's own path (not the link: see ``connect_snapshot``), or None before the first."""
        link = self.published / "earshot.duckdb"
        return Path(os.path.realpath(link)) if link.exists() else None


@contextmanager
def unwritable(path: Path) -> Iterator[None]:
    """Say in a sentence what the disk says: full, read-only, damaged. Raises StoreError."""
    try:
        yield
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        raise StoreError(f"{path.name} can't be written: {first_line(error)}") from error


def make_folder(path: Path) -> None:
    """Make a folder of the store. Raises StoreError where that can't be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path} can't be made: {error.strerror or error}.") from error


@contextmanager
def file_lock(path: Path, wait_s: float) -> Iterator[None]:
    """Hold an exclusive lock on ``path``, waiting at most ``wait_s`` seconds. Raises StoreBusy, StoreError."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    except OSError as error:
        raise StoreError(f"{path} can't be opened: {error.strerror or error}.") from error
    until = time.monotonic() + wait_s
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise StoreBusy(
                        f"Another ingest has held {path.name} for more than {wait_s:.0f} s; wait for it, then run again."
                    ) from None
                time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 - only spreads the waiters
        yield
    finally:
        os.close(handle)


def connect(path: Path, wait_s: float = 10.0) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file for writing, in UTC, in the format that the 1.5 command line opens too.

    Somebody may have opened the file by hand: waits up to ``wait_s`` seconds, then raises StoreBusy.
    """
    # the format of 1.5 on every version: the older default takes more than twice as long to write text
    config: dict[str, str | bool | int | float | list[str]] = {"storage_compatibility_version": "v1.5.0"}
    until = time.monotonic() + wait_s
    while True:
        try:
            con = duckdb.connect(str(path), config=config)
            break
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise StoreError(f"{path} can't be opened: {first_line(error)}") from error
            if time.monotonic() > until:
                raise StoreBusy(f"{path.name} is open in another program; close it, then run again.") from error
            time.sleep(0.05)
    con.execute("set timezone = 'UTC'")
    con.execute("set enable_progress_bar = false")
    return con


def first_row(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...] | None:
    """The first row of a result, or None.

    Reads the result to its end: DuckDB 2 refuses other work on a connection whose result is not.
    """
    return next(iter(result.fetchall()), None)


def first_line(error: BaseException) -> str:
    """The first line of an error's message, for a sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def migrate(con: duckdb.DuckDBPyConnection, path: Path, folder: Path = SCHEMA) -> bool:
    """Bring calls.duckdb, open in ``con``, up to the newest schema; returns whether there was anything to do.

    What is pending is committed together with its record, all or nothing. Raises StoreError with the file named.
    """
    left = pending(migrations(folder), applied_migrations(con), path)
    if not left:
        return False
    con.execute("begin")
    try:
        con.execute(MIGRATIONS_TABLE)
        for migration in left:
            try:
                con.execute(migration.sql)
            except duckdb.Error as error:
                raise failed(migration, path, error) from error
            record = [migration.version, migration.name, migration.sha256, datetime.now(UTC)]
            con.execute("insert into schema_migrations values (?, ?, ?, ?)", record)
        con.execute("commit")
    except BaseException:
        with suppress(duckdb.Error):  # an error such as a full disk has rolled back by itself
            con.execute("rollback")
        raise
    return True


def applied_migrations(con: duckdb.DuckDBPyConnection) -> list[Applied]:
    """The migrations that a store's file has, none for a new file."""
    there = "select count(*) from duckdb_tables() where table_name = 'schema_migrations'"
    if first_row(con.execute(there)) == (0,):
        return []
    return con.execute("select version, name, sha256 from schema_migrations").fetchall()


def is_current(path: Path) -> bool:
    """Whether a store's file has every migration. Raises StoreError when a newer Earshot wrote it."""
    try:
        with closing(duckdb.connect(str(path), read_only=True)) as con:
            return not pending(migrations(SCHEMA), applied_migrations(con), path)
    except duckdb.Error as error:
        raise StoreError(f"{path} can't be opened: {first_line(error)}") from error


def query(name: str) -> str:
    """The SQL of ``models/queries/<name>.sql``."""
    return (QUERIES / f"{name}.sql").read_text("utf-8")


def connect_snapshot(path: Path) -> duckdb.DuckDBPyConnection:
    """Open one snapshot read-only, by its own path.

    Opening the link instead would hand out an older snapshot that this process still has open under that name.
    """
    con = duckdb.connect(str(path), read_only=True)
    con.execute("set timezone = 'UTC'")
    return con
