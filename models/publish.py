"""Publishing: an immutable copy of the store and of what people wrote, with the views, behind one link.

The link is replaced atomically: an open session keeps its version, a new one sees the newest.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Collection, Iterable
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from models import audit, said_index
from models.app_store import AppStore
from models.errors import StoreError
from models.issues import clusters, finding, statements, vectors
from models.listening.agreement import with_people
from models.opening import closings, openings
from models.progress import Told, nobody
from models.settings import Settings
from models.store import (
    Store,
    connect,
    connect_snapshot,
    file_lock,
    first_row,
    is_current,
    make_folder,
    migrate,
    query,
    unwritable,
)
from models.surveys import themes

VIEWS = Path(__file__).parent / "views"
PLACING = tuple(Path(str(module.__file__)) for module in (themes, finding, statements, vectors, clusters))
KEPT = 2
INTERNAL = ("schema_migrations", "queue_log_progress", "erased")
"""Tables of ingest's own, of no use to readers."""
PRIVATE = ("people", "audit", "heard_log", "erased", "schema_migrations")
"""Tables of app.sqlite that are not published where every analyst reads: see models/audit.py for who did what."""

PUBLISHED_ROWS = {"changes": "what <> 'people'"}
"""Table of app.sqlite → which of its rows are published, where not all are."""

SQLITE_TYPES = {"text": "varchar", "real": "double", "integer": "bigint"}
AGREEMENT = "create table criterion_agreement (criterion varchar, alpha double, low double, high double, kappa double, n bigint, trusted boolean)"
# copying inside a process that has the file open would drop its lock: a process of its own copies
COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


@dataclass(frozen=True, slots=True)
class Published:
    """The snapshot that readers now see; ``new`` is False when nothing had changed."""

    path: Path
    new: bool
    calls: int


def publish(settings: Settings, force: bool = False, told: Told = nobody) -> Published:
    """Publish what changed since the last snapshot. Raises StoreError when the store can't be copied."""
    store = Store(settings)
    make_folder(store.published)
    with file_lock(store.published / ".publish.lock", settings.lock_wait_s), unwritable(store.published):
        told("Publishing: what people wrote", 0, 4)
        remove(store.published.glob(".tmp-*"))
        with closing(AppStore(settings).connect()) as app:
            app_tables = read_app_tables(app)
        audit.write_file(settings)
        told("Publishing: the store", 1, 4)
        with store.locked():
            checkpoint(store)
            fingerprint = fingerprint_of(store, app_tables)
            last = store.snapshot_path()
            if last and not force and (seen := info(last)) and seen[0] == fingerprint:
                second(settings, last, told)
                return Published(last, False, seen[1])
            draft = store.published / f".tmp-{os.getpid()}.duckdb"
            copy(store.calls_path, draft)
        told("Publishing: views", 2, 4)
        calls = complete(draft, settings, app_tables, fingerprint, last)
        path = swap(store.published, draft)
        second(settings, path, told)
    return Published(path, True, calls)


def second(settings: Settings, snapshot: Path, told: Told) -> None:
    """Keep the snapshot without names in step with the other one: written, or withdrawn where it isn't wanted."""
    from models.privacy import pseudonymous  # builds on this module

    if not settings.publish_pseudonymous:
        pseudonymous.withdraw(settings)
    elif not (snapshot.parent / f"pseudonymous-{snapshot.stem.rpartition('-')[2]}.duckdb").exists():
        told("Publishing: the snapshot without names", 3, 4)
        pseudonymous.publish_pseudonymous(settings, snapshot)
    told("Publishing", 4, 4)


def checkpoint(store: Store) -> None:
    """Bring calls.duckdb up to date and fold its write-ahead log into it, so that the file alone holds everything."""
    wal = Path(f"{store.calls_path}.wal")
    if store.calls_path.exists() and not wal.exists() and is_current(store.calls_path):
        return
    with closing(connect(store.calls_path)) as con:
        migrate(con, store.calls_path)
        con.execute("checkpoint")
    if wal.exists():
        raise StoreError(f"{wal.name} is still there after a checkpoint; is {store.calls_path.name} open elsewhere?")


def copy(source: Path, target: Path) -> None:
    """Copy a database file in a process of its own, while a reading connection keeps writers out."""
    with closing(duckdb.connect(str(source), read_only=True)):
        done = subprocess.run([sys.executable, "-I", "-c", COPY, source, target], capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise StoreError(f"The snapshot could not be written: {reason}. Is the disk full?")


def read_app_tables(app: sqlite3.Connection, only: Collection[str] | None = None) -> dict[str, pa.Table]:
    """Every table that people write to (or ``only`` some), as Arrow text columns; types are given in ``type`` metadata."""
    names = app.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name"
    ).fetchall()
    begun = app.in_transaction
    if not begun:
        app.execute("begin")
    tables = {
        name: _read_table(app, name) for (name,) in names if name not in PRIVATE and (only is None or name in only)
    }
    if not begun:
        app.execute("rollback")
    return tables


def _read_table(app: sqlite3.Connection, name: str) -> pa.Table:
    """One SQLite table; the DuckDB type of each column is kept in the field's metadata."""
    columns = [(row[1], str(row[2]).lower()) for row in app.execute(f"pragma table_info({name})")]
    kept = PUBLISHED_ROWS.get(name, "true")
    rows = app.execute(f"select * from {name} where {kept}").fetchall()  # noqa: S608 - names come from our own schema
    arrays, fields = [], []
    for index, (column, kind) in enumerate(columns):
        values = [None if row[index] is None else str(row[index]) for row in rows]
        arrays.append(pa.array(values, pa.string()))
        fields.append(pa.field(column, pa.string(), metadata={"type": SQLITE_TYPES.get(kind, kind)}))
    return pa.table(arrays, schema=pa.schema(fields))


def fingerprint_of(store: Store, app_tables: dict[str, pa.Table]) -> str:
    """Hash of everything that goes into a snapshot."""
    digest = hashlib.sha256()
    stat = store.calls_path.stat()
    digest.update(f"{stat.st_mtime_ns} {stat.st_size} {duckdb.__version__}".encode())
    for name, value in published_settings(store.settings):
        digest.update(f"{name}={value}".encode())
    digest.update(definitions().encode())
    for name, table in app_tables.items():
        digest.update(name.encode())
        digest.update(repr(table.to_pydict()).encode())
    return digest.hexdigest()


def published_settings(settings: Settings) -> list[tuple[str, str]]:
    """Settings that views need, and that analysts should know."""
    names = ("time_zone", "opening_hours", "closed_days", "outside_hours", "return_days")
    return [(name, str(getattr(settings, name))) for name in names]


def definitions() -> str:
    """Hash of all views and macros, and of what places open answers, as this version of Earshot defines them."""
    digest = hashlib.sha256()
    for file in (*sorted(VIEWS.glob("*.sql")), *PLACING):
        digest.update(file.read_bytes())
    digest.update(statements.version().encode())
    return digest.hexdigest()


def is_of_this_version(snapshot: Path) -> bool:
    """Whether a snapshot holds the views that this version of Earshot defines; else it must be published again."""
    try:
        with closing(connect_snapshot(snapshot)) as con:
            return first_row(con.execute("select definitions from snapshot_info")) == (definitions(),)
    except duckdb.Error:
        return False


def current_snapshot(settings: Settings) -> Path:
    """The newest snapshot. Raises StoreError when there is none, or another version of Earshot published it."""
    path = Store(settings).snapshot_path()
    if path is None:
        raise StoreError("Nothing has been published yet; run earshot publish first.")
    if not is_of_this_version(path):
        raise StoreError(f"{path} was published by another version of Earshot; run earshot publish, then this again.")
    return path


def complete(
    draft: Path, settings: Settings, app_tables: dict[str, pa.Table], fingerprint: str, last: Path | None = None
) -> int:
    """Add what people wrote, the settings, the views and the snapshot's own record; returns the number of calls."""
    with closing(connect(draft)) as con:
        con.execute("begin")  # one transaction: else each of a thousand comments is written to disk by itself
        add_app_tables(con, app_tables)
        con.execute("create table settings (name varchar, value varchar)")
        con.executemany("insert into settings values (?, ?)", published_settings(settings))
        add_opening_hours(con, settings)
        (calls,) = first_row(con.execute("select count(*) from calls")) or (0,)
        con.execute(
            "create table snapshot_info as select cast(? as timestamptz) as published_at, cast(? as varchar) as fingerprint, "
            "cast(? as bigint) as calls, (select max(version) from schema_migrations) as schema_version, "
            "cast(? as varchar) as definitions",
            [datetime.now(UTC), fingerprint, calls, definitions()],
        )
        said_index.refresh(settings.store, con)
        for name in INTERNAL:
            con.execute(f"drop table if exists {name}")
        con.execute(AGREEMENT)
        con.execute(themes.TABLE)
        for file in sorted(VIEWS.glob("*.sql")):
            con.execute(file.read_text("utf-8"))
        if rows := agreement_rows(con):
            con.executemany("insert into criterion_agreement values (?, ?, ?, ?, ?, ?, ?)", rows)
        with closing(connect_snapshot(last)) if last and is_of_this_version(last) else nullcontext() as before:
            themes.write(con, before=before)
        con.execute("commit")
        con.execute("checkpoint")
    return int(calls)


def add_app_tables(con: duckdb.DuckDBPyConnection, app_tables: dict[str, pa.Table]) -> None:
    """Make the tables that ``read_app_tables`` gave in the current schema, in place of those of the same names."""
    for name, table in app_tables.items():
        types = {f.name: f.metadata[b"type"].decode() for f in table.schema}
        con.register("incoming", table)
        casts = ", ".join(f'cast("{c}" as {t}) as "{c}"' for c, t in types.items())
        con.execute(f'create or replace table "{name}" as select {casts} from incoming')  # noqa: S608 - our own schema
        con.unregister("incoming")


def add_opening_hours(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """The tables opening_hours and closed_days, from the settings of these names."""
    con.execute("create table opening_hours (weekday integer, from_slot integer, until_slot integer)")
    con.execute("create table closed_days (day date)")
    for opening in openings(settings.opening_hours):
        con.execute("insert into opening_hours values (?, ?, ?)", list(opening))
    for day in closings(settings.closed_days):
        con.execute("insert into closed_days values (?)", [day])


def agreement_rows(con: duckdb.DuckDBPyConnection) -> list[list[object]]:
    """How well the automatic results agree with people, a row per criterion (see the table criterion_agreement)."""
    blind = con.execute(query("blind_results")).fetchall()
    calls = sorted({call_id for _, call_id, _, _ in blind})
    automatic = con.execute(query("automatic_of"), {"ids": calls}).fetchall()
    found = with_people(blind, {(call_id, criterion): result for call_id, criterion, result in automatic})
    return [[criterion, a.alpha, a.low, a.high, a.kappa, a.n, a.trusted] for criterion, a in found.items()]


def swap(folder: Path, draft: Path) -> Path:
    """Make ``draft`` the snapshot that new readers see, and remove all but the newest two."""
    if Path(f"{draft}.wal").exists():
        raise StoreError("The snapshot was not written completely; run earshot publish again.")
    sync(draft)
    draft.chmod(0o444)
    path = folder / f"earshot-{time.time_ns()}.duckdb"
    draft.rename(path)
    link = folder / ".tmp-link"
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    link.replace(folder / "earshot.duckdb")
    sync(folder)
    snapshots = [p for p in folder.glob("earshot-*.duckdb") if not p.is_symlink()]
    remove(sorted(snapshots, key=lambda p: p.stat().st_mtime_ns)[:-KEPT])
    return path


def sync(path: Path) -> None:
    """Ask the disk to keep a file, or a folder's entries, for good."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(paths: Iterable[Path]) -> None:
    """Remove files that may be gone already."""
    for path in paths:
        path.unlink(missing_ok=True)


def info(snapshot: Path) -> tuple[str, int] | None:
    """(fingerprint, number of calls) of a snapshot; None when it can't be read."""
    try:
        with closing(connect_snapshot(snapshot)) as con:
            row = first_row(con.execute("select fingerprint, calls from snapshot_info"))
    except duckdb.Error:
        return None
    return (str(row[0]), int(row[1])) if row else None
