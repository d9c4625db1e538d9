"""Loading queue logs: any format, streamed, in bounded transactions, each line once.

A log is read in batches. One transaction holds a batch's events, the stays made from them, what was refused, the
refreshed calls, and how far the log is known: killed at any moment, the next run goes on behind the last batch.
Whatever the split into files, their order and repeated lines, the store ends the same: an event is its whole line,
and a call that gets new events has its stays made again from all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

import duckdb

from ingest.asterisk import AsteriskDatabase, AsteriskFile
from ingest.batches import Batch, Reader, ahead, sql
from ingest.connect import ConnectRecords
from ingest.csv_visits import CsvVisits
from ingest.drafts import held, remove_abandoned
from ingest.freeswitch import FreeSwitchEvents
from ingest.line_stream import Position, is_packed, open_log, resume
from ingest.loader import Loader, record_file, record_refused
from ingest.log_formats import FormatName, detect
from ingest.wording import none_loaded
from models.errors import Refused, raise_for_disk
from models.records import InputFile, RefusedRow
from models.settings import Settings
from models.store import first_row, make_folder

MEMORY_LIMIT = "600MB"
"""For DuckDB while a batch is loaded; more is spilled to disk. Python's own pieces come on top."""
SHOWN = 20
"""How many refused lines an outcome carries with it; all are in ``rejected_rows``."""


@dataclass(slots=True)
class Outcome:
    """What became of one file in one run. Counts are of lines; ``refused`` holds the first few refusals."""

    path: str
    format: str = "unknown"
    status: str = "loaded"
    new_lines: int = 0
    repeated_lines: int = 0
    refused_lines: int = 0
    known_bytes: int = 0
    """Bytes at the beginning that an earlier run had read."""
    calls: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all) after each batch."""


def load_queue_log(
    settings: Settings,
    path: Path,
    format: FormatName | None = None,
    zone: ZoneInfo | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Load one queue log. Never raises for what the file holds: that is in the outcome and in the store.

    Raises StoreError when the disk takes no more: what is loaded stays, and nothing is held against the log.
    """
    outcome, loader = Outcome(str(path)), Loader(settings)
    make_folder(settings.store)
    remove_abandoned(settings.store.glob(".queue-log-*"))
    try:
        if not path.is_file():
            raise Refused(f"{path.name} is no file.")
        with TemporaryDirectory(prefix=".queue-log-", dir=settings.store) as folder, held(Path(folder)):
            outcome.format = format or detect(path)
            reader = reader_for(outcome.format, path, Path(folder), zone or settings.zone)
            with open_log(path) as stream:
                _Loading(loader, reader, outcome).run(path, stream, progress or (lambda done, total: None))
            outcome.notes += reader.notes
    except Refused as why:
        refuse_file(loader, outcome, path, str(why))
    except OSError as error:
        raise_for_disk(error, settings.store)
        raise
    return outcome


def reader_for(format: str, path: Path, folder: Path, zone: ZoneInfo) -> Reader:
    """The reader of a format."""
    if format == "asterisk":
        return AsteriskFile(folder, finished=is_packed(path))
    if format == "asterisk-database":
        return AsteriskDatabase(folder, zone=zone)
    if format == "freeswitch":
        return FreeSwitchEvents(finished=is_packed(path))
    if format == "connect":
        return ConnectRecords(finished=is_packed(path))
    return CsvVisits(zone)


@dataclass(slots=True)
class _Loading:
    """One file on its way into the store."""

    loader: Loader
    reader: Reader
    outcome: Outcome
    total_loaded: int = 0
    total_refused: int = 0
    open_rows: int = 0
    """Rows at the end of the file that are read again the next time, as they may grow."""

    def run(self, path: Path, stream: BinaryIO, progress: Progress) -> None:
        """Load what is not known yet, then the file's own record."""
        self.reader.prepare(stream)
        start = end = self.resume(stream)
        self.outcome.known_bytes = start.known_bytes
        size = path.stat().st_size
        for batch in ahead(self.reader.batches(stream, start)):
            with self.loader.store.writing() as con:
                self.load(con, batch)
            end = batch.end
            progress(min(end.known_bytes, size), size)
        self.outcome.status = self.status(start, end)
        with self.loader.store.writing() as con:
            record_file(con, self.file_record(con, end))

    def resume(self, stream: BinaryIO) -> Position:
        """Where to go on, by the content of the file."""
        with self.loader.store.writing() as con:
            rows = con.execute(sql("known_beginnings"), {"reader": self.reader.name}).fetchall()
        start = resume(stream, [row[:3] for row in rows])
        for known_bytes, sha256, _, loaded, refused in rows:
            if (known_bytes, sha256) == (start.known_bytes, start.sha256):
                self.total_loaded, self.total_refused = loaded, refused
        return start

    def load(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
        """One batch, in the transaction of ``con``."""
        con.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        con.execute(sql("macros"))
        now = datetime.now(UTC)
        self.reader.stage(con, batch)
        settle(con)
        good, repeated, refused = self.merge(con, batch, now)
        aside = [RefusedRow(self.outcome.path, a.line_no, a.reason, a.raw) for a in batch.aside]
        record_refused(con, aside)
        if count(con, "select count(distinct format) from queue_visits") > 1:
            con.execute(sql("drop_outranked"))
        self.outcome.calls += count(con, "select count(*) from touched_calls")
        self.note_refused(con, refused + len(aside), now)
        self.outcome.new_lines += good
        self.outcome.repeated_lines += repeated
        self.total_loaded += max(good - batch.open_rows, 0)
        self.total_refused += refused + len(aside)
        self.open_rows = batch.open_rows
        if batch.end.known_bytes > batch.start.known_bytes:
            self.keep_progress(con, batch, now)
        self.loader.finish(con)

    def merge(self, con: duckdb.DuckDBPyConnection, batch: Batch, now: datetime) -> tuple[int, int, int]:
        """Merge what is staged; (new, repeated, refused) lines. Leaves touched_calls."""
        if self.reader.stages == "records":
            return load_records(con, self.reader.name, self.outcome.path, now)
        merge = load_events if self.reader.stages == "events" else load_visits
        return merge(con, self.outcome.path, batch.start.next_line, now)

    def note_refused(self, con: duckdb.DuckDBPyConnection, refused: int, since: datetime) -> None:
        """Count refusals, and keep the first ones for the person who waits."""
        self.outcome.refused_lines += refused
        room = SHOWN - len(self.outcome.refused)
        if refused and room > 0:
            values = {"source": self.outcome.path, "since": since, "most": room}
            rows = con.execute(sql("latest_refusals"), values).fetchall()
            self.outcome.refused += [RefusedRow(*row) for row in rows]

    def keep_progress(self, con: duckdb.DuckDBPyConnection, batch: Batch, now: datetime) -> None:
        """Remember how far this log is known, in place of the beginning that it extends."""
        name = self.reader.name
        old: dict[str, Any] = {"known_bytes": batch.start.known_bytes, "sha256": batch.start.sha256}
        new: dict[str, Any] = {"known_bytes": batch.end.known_bytes, "sha256": batch.end.sha256}
        con.execute(sql("forget_progress"), {"reader": name, **old})
        con.execute(sql("forget_progress"), {"reader": name, **new})
        con.execute(
            sql("keep_progress"),
            {"reader": name, **new, "next_line": batch.end.next_line, "rows_loaded": self.total_loaded,
             "rows_refused": self.total_refused, "path": self.outcome.path, "now": now},
        )  # fmt: skip

    def status(self, start: Position, end: Position) -> str:
        """loaded, partly_refused, refused or duplicate (nothing that was not known)."""
        if end.known_bytes == start.known_bytes and start.known_bytes:
            return "duplicate"
        if not self.total_refused:
            return "loaded"
        return "partly_refused" if self.total_loaded or self.outcome.repeated_lines else "refused"

    def file_record(self, con: duckdb.DuckDBPyConnection, end: Position) -> InputFile:
        """The file's row in ``ingest_files``; the second time, what the row said the first time."""
        status: Any = self.outcome.status
        reason = none_loaded(self.total_refused, self.outcome.refused) if status == "refused" else None
        if status == "duplicate":
            before = first_row(con.execute(sql("known_file"), {"sha256": end.sha256}))
            status, reason = before or ("partly_refused" if self.total_refused else "loaded", None)
        return InputFile(
            self.outcome.path, "queue_log", end.sha256, end.known_bytes, status, reason,
            rows_loaded=self.total_loaded + self.open_rows, rows_refused=self.total_refused,
        )  # fmt: skip


def load_events(con: duckdb.DuckDBPyConnection, source: str, first_line: int, now: datetime) -> tuple[int, int, int]:
    """Merge ``staged_events``; (new, repeated, refused) lines. Leaves touched_calls."""
    good, refused, first_rowid = first_row(con.execute(sql("count_staged"))) or (0, 0, 0)
    at = {"source": source, "to_line": first_line - first_rowid}
    con.execute(sql("new_events"))
    repeated = drop_known(con)
    group(con, source)
    if count(con, sql("count_duplicates")) and (within := count(con, sql("drop_duplicates"))):
        repeated += within
        group(con, source)
    if not repeated:  # numbers of lines hang on rowids, which nothing promises behind rows that were removed
        settle(con)  # before rows of stay_parts are removed: a commit after that copies the whole of it, row by row
    mended = mend(con, at)
    if not repeated:
        settle(con)
    if refused:
        con.execute(sql("refuse_events"), {**at, "now": now})
    con.execute(sql("insert_events"), at)
    contradictions = replace_mended(con, now) if mended else 0
    con.execute(sql("insert_visits"))
    return good - repeated, repeated, refused + contradictions


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Commit the temp tables, before anything of the batch is in the store.

    DuckDB inserts from committed rows on all threads, in order; from rows of the same transaction at twice the cost.
    """
    con.execute("commit")
    con.execute("begin")


def drop_known(con: duckdb.DuckDBPyConnection) -> int:
    """Set aside staged events that the store has; how many."""
    first_at, last_at = first_row(con.execute(sql("staged_span"))) or (None, None)
    if first_at is None:
        return 0
    staged = {"first_at": first_at, "last_at": last_at}
    found, first_at, last_at = first_row(con.execute(sql("stored_in_span"), staged)) or (0, None, None)
    return count(con, sql("drop_known"), {"first_at": first_at, "last_at": last_at}) if found else 0


def group(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """Make ``stay_parts`` of touched calls, but for those that the store has events of: these are ``mended_calls``."""
    for step in ("touched_calls", "mended_events", "mended_calls"):
        con.execute(sql(step))
    con.execute(sql("stay_parts"), {"source": source})


def mend(con: duckdb.DuckDBPyConnection, at: dict[str, Any]) -> int:
    """Make the parts of calls that grouping can't tell apart from all their events in order; how many calls."""
    con.execute(sql("mend_entangled"))
    con.execute(sql("drop_entangled"))
    mended = count(con, "select count(*) from mended_calls")
    if mended:
        con.execute(sql("append_events"), at)
        con.execute(sql("mended_stays"))
        con.execute(sql("mended_parts"))
        con.execute(sql("append_mended"))
    return mended


def replace_mended(con: duckdb.DuckDBPyConnection, now: datetime) -> int:
    """Take what the store has made of ``mended_calls`` before; how many of their stays can't have happened."""
    con.execute(sql("forget_visits"))
    if count(con, "select count(*) from rejected_rows"):
        con.execute(sql("forget_refusals"))
    return count(con, sql("refuse_stays"), {"now": now})


def load_visits(con: duckdb.DuckDBPyConnection, source: str, first_line: int, now: datetime) -> tuple[int, int, int]:
    """Merge ``staged_visits``; (new, repeated, refused) lines. Leaves touched_calls."""
    con.execute(sql("judge_visits"))
    refused = count(con, "select count(*) from judged_visits where reason is not null")
    good = count(con, "select count(*) from judged_visits where reason is null")
    con.execute(sql("refuse_visits"), {"source": source, "now": now})
    con.execute(sql("merge_visits"), {"source": source})
    con.execute(sql("drop_unchanged_visits"))
    con.execute(sql("touched_visits"))
    new = count(con, "select count(*) from merged_visits")
    con.execute(sql("forget_merged"))
    con.execute(sql("insert_merged"))
    return new, good - new, refused


def load_records(con: duckdb.DuckDBPyConnection, format: str, source: str, now: datetime) -> tuple[int, int, int]:
    """Merge ``staged_records``; (new, repeated, refused). Leaves touched_calls, whose stays are made again."""
    refused = count(con, "select count(*) from staged_records where reason is not null")
    if refused:
        con.execute(sql("refuse_records"), {"source": source, "now": now})
    repeated = count(con, sql("drop_repeated_records")) + count(con, sql("drop_known_records"))
    con.execute(sql("touched_records"))
    new = count(con, sql("insert_records"), {"source": source})
    if not new:
        return 0, repeated, refused
    con.execute(sql(f"made_{format}"))
    if count(con, "select count(*) from rejected_rows"):
        con.execute(sql("forget_made_refusals"))
    contradictions = count(con, sql("refuse_made"), {"now": now})
    con.execute(sql("forget_made"), {"format": format})
    con.execute(sql("insert_made"))
    return new, repeated, refused + contradictions


def count(con: duckdb.DuckDBPyConnection, statement: str, values: dict[str, Any] | None = None) -> int:
    """The single number of a result: what a query counts, or how many rows a statement changed."""
    row = first_row(con.execute(statement, values or {}))
    return int(row[0]) if row else 0


def refuse_file(loader: Loader, outcome: Outcome, path: Path, reason: str) -> None:
    """Keep that a file (or the rest of it) can't be read."""
    row = RefusedRow(str(path), 0, reason, "")
    outcome.status = "partly_refused" if outcome.new_lines else "refused"
    outcome.refused_lines += 1
    outcome.refused.insert(0, row)
    if not path.is_file():
        return
    size, status = path.stat().st_size, cast(Any, outcome.status)
    record = InputFile(str(path), "queue_log", "", size, status, reason, outcome.new_lines, outcome.refused_lines)
    loader.refuse(record, [row])
