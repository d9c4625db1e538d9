"""Asterisk's queue_log: as the file ``epoch|callid|queue|agent|EVENT|p1|p2…`` and as an export of its database table.

Both become the same lines in a piece file, which DuckDB reads and judges (sql/stage_asterisk.sql).
"""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import duckdb

from ingest.batches import Batch, sql
from ingest.line_stream import Position, SetAside, clean, pieces, shown
from ingest.local_times import epoch, parse_time
from models.errors import Refused

BATCH_BYTES = 96 << 20
UNIT = "\x1f"
"""Separates the fields of rewritten database rows: no log contains it."""
COLUMNS = ("time", "callid", "queuename", "agent", "event", "data1", "data2", "data3", "data4", "data5")
IGNORED = frozenset({"id", "data", "serverid", "created", "uniqueid"})
NOT_FINISHED = "the last line has no line end yet and is left for the next run"


@dataclass(slots=True)
class AsteriskFile:
    """Reads the file form. Its last line counts once it has a line end, or when the file is compressed."""

    folder: Path
    """Where the pieces being loaded are written; whoever gave it removes it."""
    finished: bool = False
    """The file will not grow any more."""
    name: str = "asterisk"
    stages: str = "events"
    delimiter: str = "|"
    notes: list[str] = field(default_factory=list)
    marker: str = field(default_factory=lambda: "set-aside-" + secrets.token_hex(8))

    def prepare(self, stream: BinaryIO) -> None:
        """Nothing to know beforehand."""

    def batches(self, stream: BinaryIO, start: Position) -> Iterator[Batch]:
        """The rest of the log in batches of about ``BATCH_BYTES``, each in a file that the second batch after it replaces."""
        here, at, aside, size = start, start, list[SetAside](), 0
        files = cycle((self.folder / "piece", self.folder / "other-piece"))
        file = next(files)
        out = file.open("wb")
        try:
            for piece in pieces(stream):
                if not piece.endswith(b"\n") and not self.finished:
                    self.notes.append(NOT_FINISHED)
                    break
                lines, count, bad = self.rewrite(piece, at)
                size += out.write(lines)
                aside += bad
                at = at.after(piece, count)
                if size >= BATCH_BYTES:
                    out.close()
                    yield Batch(here, at, aside, file)
                    here, aside, size = at, [], 0
                    file = next(files)
                    out = file.open("wb")
            out.close()
            if at.known_bytes > here.known_bytes:
                yield Batch(here, at, aside, file)
        finally:
            out.close()

    def rewrite(self, piece: bytes, at: Position) -> tuple[bytes, int, list[SetAside]]:
        """The piece as DuckDB reads it, its number of lines, and the lines set aside."""
        return clean(piece, at.next_line, self.marker.encode())

    def stage(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
        """Fill ``staged_events``: one row per line, in order."""
        values = {"path": str(batch.path), "delim": self.delimiter, "marker": self.marker}
        con.execute(sql("stage_asterisk"), values)


@dataclass(slots=True)
class AsteriskDatabase(AsteriskFile):
    """Reads the table queue_log exported as CSV, with its header. Times are epoch seconds or local to ``zone``."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    finished: bool = True
    name: str = "asterisk-database"
    delimiter: str = UNIT
    separator: str = ","
    order: tuple[int | None, ...] = ()
    width: int = 0

    def prepare(self, stream: BinaryIO) -> None:
        """Read the header. Raises Refused when a column is missing or unknown."""
        self.name = f"asterisk-database {self.zone.key}"
        header = stream.readline(65_536)
        names, self.separator = header_names(header)
        self.width = len(names)
        check_columns(names, required=COLUMNS[:5], known=(*COLUMNS, *sorted(IGNORED)))
        self.order = tuple(names.index(c) if c in names else None for c in COLUMNS)
        stream.seek(0)

    def rewrite(self, piece: bytes, at: Position) -> tuple[bytes, int, list[SetAside]]:
        """Rows in the field order of the file form, times as epoch seconds."""
        text, count, aside = clean(piece, at.next_line, self.marker.encode())
        rows: list[str] = []
        for number, line in enumerate(text.decode().removesuffix("\n").split("\n"), at.next_line):
            if line == self.marker or number == 1:
                rows.append(self.marker)
                continue
            try:
                rows.append(self.as_event(line))
            except Refused as why:
                rows.append(self.marker)
                aside.append(SetAside(number, str(why), shown(line.encode())))
        return ("\n".join(rows) + "\n").encode(), count, aside

    def as_event(self, line: str) -> str:
        """One row as a line of the file form. Raises Refused."""
        fields = split_row(line, self.separator)
        if len(fields) != self.width:
            raise Refused(f"The line has {len(fields)} fields; the header has {self.width}.")
        event = [fields[i].replace(UNIT, " ") if i is not None else "" for i in self.order]
        at = parse_time(event[0], self.zone, not_before=call_began(event[1]))
        event[0] = f"{at.timestamp():.6f}"
        return UNIT.join(event)


def call_began(call_id: str) -> datetime | None:
    """When a call began, as Asterisk's unique ids (``epoch.number``, perhaps after a system name) tell."""
    seconds = call_id.rpartition("-")[2].partition(".")[0]
    return epoch(int(seconds)) if len(seconds) in (9, 10) and seconds.isdecimal() and seconds.isascii() else None


def split_row(line: str, separator: str) -> list[str]:
    """The fields of one CSV line. Raises Refused. A row never goes on behind the end of its line."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error as error:
        raise Refused(f"The line is no CSV: {error}.") from None


def header_names(header: bytes) -> tuple[list[str], str]:
    """(lower-case column names, separator) of a CSV header. Raises Refused."""
    try:
        line = header.decode("utf-8-sig").rstrip("\r\n").replace("\0", "")
    except UnicodeDecodeError:
        raise Refused("The header is not UTF-8; save the file as UTF-8.") from None
    separator = max(",;\t", key=line.count)
    return [n.strip().lower() for n in split_row(line, separator)], separator


def check_columns(names: list[str], required: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Raises Refused, in a sentence, for columns that are missing, unknown or there twice."""
    missing = [n for n in required if n not in names]
    unknown = [n for n in names if n not in known]
    twice = sorted({n for n in names if names.count(n) > 1})
    if missing:
        raise Refused(f"The header lacks {', '.join(missing)}; the first line must name the columns.")
    if unknown:
        raise Refused(f"The header has unknown columns: {', '.join(n[:40] for n in unknown[:10])}.")
    if twice:
        raise Refused(f"The header names {', '.join(twice)} twice.")
