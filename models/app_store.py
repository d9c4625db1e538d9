"""The store of what people write in the dashboard: ``app.sqlite``, one short transaction a write.

Every call opens its own connection, so that any thread may call. Times are UTC in one text format that
sorts; weeks are ISO weeks in the call centre's time zone.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from models.errors import NotSaved, StoreError
from models.intervals import Interval, clip, difference, first_seconds, total, union
from models.migrations import Applied, Migration, failed, migrations, pending
from models.settings import Settings

MIGRATIONS = Path(__file__).parent / "schema" / "app"
MIGRATIONS_TABLE = (
    "create table if not exists schema_migrations"
    " (version integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null)"
)
TIMEOUT_S = 30.0
"""SQLite is not fair to those who wait: on a busy disk one of eight writers may be passed over for seconds."""
DISK_TAKES_NO_MORE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
FASTEST = 2.0
"""Faster playback than this is not listening."""
SLACK_S = 3.0
"""Seconds a report may run ahead of the clock: reports overlap, clocks are coarse."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one reviewer has heard of one call this week, where they left off, and their week's total."""

    intervals: tuple[Interval, ...] = ()
    position_s: float = 0.0
    call_s: float = 0.0
    week_s: float = 0.0


class AppStore:
    """``app.sqlite`` in the store folder, migrated to this version when it is first opened."""

    def __init__(self, settings: Settings, migrations: Path = MIGRATIONS) -> None:
        self.path = settings.store / "app.sqlite"
        self.settings = settings
        self.zone: ZoneInfo = settings.zone
        self._migrations = migrations
        self._ready = False

    def connect(self) -> sqlite3.Connection:
        """A connection in autocommit mode for the caller to close. Raises StoreError where it can't be."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=TIMEOUT_S, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise refusal(self.path, "opened", error) from error
        try:
            return self._prepare(connection)
        except sqlite3.Error as error:
            connection.close()
            raise refusal(self.path, "opened", error) from error
        except StoreError:
            connection.close()
            raise

    def _prepare(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        connection.create_function("redacted", 1, self._redacted, deterministic=True)
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
            connection.execute(f"pragma {pragma}")
        if not self._ready:
            migrate(connection, self.path, self._migrations)
            self._ready = True
        return connection

    def _redacted(self, text: str | None) -> str | None:
        """The function ``redacted`` of SQL: what somebody typed, without card numbers and the like."""
        from models import typed  # rules are read when somebody writes

        return typed.without_secrets(text, typed.typed_kinds(self.settings))

    def stamp(self) -> tuple[tuple[int, int], ...]:
        """When the files were last written, and how long they are: the same as long as nothing was written."""
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists())

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end, rolled back on an error; the connection is closed.

        Raises NotSaved when the disk takes no more, StoreError for anything else that SQLite says.
        """
        connection = self.connect()
        try:
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")
        except sqlite3.Error as error:
            raise refusal(self.path, "written", error) from error
        finally:
            connection.close()  # rolls back what was not committed

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with, closed at the end."""
        connection = self.connect()
        try:
            yield connection
        except sqlite3.Error as error:
            raise refusal(self.path, "read", error) from error
        finally:
            connection.close()

    def log_heard(self, who: str, call_id: str, what: str, at: datetime | None = None) -> None:
        """Note that somebody opened the sound of a call, in the audit log too."""
        row = (text_of(at or now()), who, call_id, what)
        with self.transaction() as connection:
            connection.execute("insert into heard_log (at, who, call_id, what) values (?, ?, ?, ?)", row)
            connection.execute("insert into audit (at, who, what, call_id, detail) values (?, ?, 'heard', ?, ?)", row)

    def heard(self, reviewer: str, call_id: str, at: datetime | None = None) -> Heard:
        """What the reviewer has heard of the call in the week of ``at`` (default: now)."""
        with self.reading() as connection:
            return _heard(connection, reviewer, call_id, week_of(at or now(), self.zone))

    def record_heard(
        self,
        reviewer: str,
        call_id: str,
        intervals: Iterable[Sequence[float]],
        position_s: float,
        duration_s: float,
        at: datetime | None = None,
    ) -> Heard:
        """Add stretches really heard, in seconds of the call, and return what is now known.

        Nobody hears more than ``FASTEST`` times the clock since their last report, or since they opened
        this call's sound if that was later: what goes beyond is cut off. What was heard before counts once.
        """
        at = at or now()
        week = week_of(at, self.zone)
        with self.transaction() as connection:
            before = _heard(connection, reviewer, call_id, week)
            new = difference(clip(intervals, 0.0, duration_s), before.intervals)
            new = first_seconds(new, _budget_s(connection, reviewer, call_id, at))
            known = union((*before.intervals, *new))
            position_s = min(max(position_s, 0.0), duration_s)
            _write_heard(connection, (reviewer, call_id, week), known, position_s, at)
            return _heard(connection, reviewer, call_id, week)


def refusal(path: Path, what: str, error: Exception) -> StoreError:
    """What to raise for an error of SQLite's; ``what`` could not be done: opened, read or written."""
    reason = f"{path} can't be {what}: {error}."
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    closed = code == sqlite3.SQLITE_CANTOPEN and not os.access(path.parent, os.W_OK)
    if closed or code in DISK_TAKES_NO_MORE:
        found = NotSaved("The disk takes no more: it is full or read-only. Make room, then try again.")
    elif code == sqlite3.SQLITE_BUSY:
        found = NotSaved("Others are saving at this moment. Try again.")
    else:
        return StoreError(reason)
    found.add_note(reason)
    return found


def week_of(at: datetime, zone: ZoneInfo) -> str:
    """The ISO week of a moment in a time zone, like ``2026-W09``."""
    year, week, _ = at.astimezone(zone).isocalendar()
    return f"{year}-W{week:02d}"


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def text_of(at: datetime) -> str:
    """A moment as app.sqlite keeps it: UTC, and sorting as text sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _heard(connection: sqlite3.Connection, reviewer: str, call_id: str, week: str) -> Heard:
    rows = connection.execute(
        "select week, intervals, heard_s, position_s from listening"
        " where reviewer = ? and call_id = ? order by updated_at desc",
        (reviewer, call_id),
    ).fetchall()
    this_week = next((row for row in rows if row[0] == week), None)
    intervals = tuple((a, b) for a, b in json.loads(this_week[1])) if this_week else ()
    return Heard(
        intervals=intervals,
        position_s=rows[0][3] if rows else 0.0,
        call_s=this_week[2] if this_week else 0.0,
        week_s=_week_s(connection, reviewer, week),
    )


def _week_s(connection: sqlite3.Connection, reviewer: str, week: str) -> float:
    (seconds,) = connection.execute(
        "select coalesce(sum(heard_s), 0.0) from listening where reviewer = ? and week = ?", (reviewer, week)
    ).fetchone()
    return float(seconds)


def _budget_s(connection: sqlite3.Connection, reviewer: str, call_id: str, at: datetime) -> float:
    """Seconds of sound that the reviewer can have heard since their last report; 0 if it was never opened."""
    (reported,) = connection.execute(
        "select coalesce(max(updated_at), '') from listening where reviewer = ?", (reviewer,)
    ).fetchone()
    opened_since, opened = connection.execute(
        "select min(at) filter (where at > ?), max(at) from heard_log where who = ? and call_id = ?",
        (reported, reviewer, call_id),
    ).fetchone()
    if opened is None:
        return 0.0
    since = datetime.fromisoformat(opened_since or reported)
    return FASTEST * max((at - since).total_seconds(), 0.0) + SLACK_S


def _write_heard(
    connection: sqlite3.Connection,
    key: tuple[str, str, str],
    intervals: list[Interval],
    position_s: float,
    at: datetime,
) -> None:
    rounded = [[round(a, 2), round(b, 2)] for a, b in intervals]
    connection.execute(
        "insert into listening (reviewer, call_id, week, intervals, heard_s, position_s, updated_at)"
        " values (?, ?, ?, ?, ?, ?, ?) on conflict do update set intervals = excluded.intervals,"
        " heard_s = excluded.heard_s, position_s = excluded.position_s, updated_at = excluded.updated_at",
        (*key, json.dumps(rounded), round(total(rounded), 2), round(position_s, 2), text_of(at)),
    )


def migrate(connection: sqlite3.Connection, path: Path, folder: Path = MIGRATIONS) -> None:
    """Bring app.sqlite, open in ``connection`` in autocommit mode, up to the newest schema, all or nothing.

    Raises StoreError for a store of a newer version, for a migration that changed after it ran, and for one that fails.
    """
    if not pending(migrations(folder), applied_migrations(connection), path):
        return
    connection.execute("begin immediate")
    try:
        connection.execute(MIGRATIONS_TABLE)
        # asked again: another process may have migrated a moment ago
        for migration in pending(migrations(folder), applied_migrations(connection), path):
            _apply(connection, migration, path)
        connection.execute("commit")
    except BaseException:
        with suppress(sqlite3.Error):  # an error such as a full disk has rolled back by itself
            connection.execute("rollback")
        raise


def applied_migrations(connection: sqlite3.Connection) -> list[Applied]:
    """The migrations that the store has, none for a new file."""
    there = connection.execute("select 1 from sqlite_master where name = 'schema_migrations'").fetchone()
    return connection.execute("select version, name, sha256 from schema_migrations").fetchall() if there else []


def _apply(connection: sqlite3.Connection, migration: Migration, path: Path) -> None:
    try:
        for statement in _statements(migration.sql):
            connection.execute(statement)
    except sqlite3.Error as error:
        raise failed(migration, path, error) from error
    record = (migration.version, migration.name, migration.sha256, text_of(now()))
    connection.execute("insert into schema_migrations values (?, ?, ?, ?)", record)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: ``executescript`` would commit between them."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
