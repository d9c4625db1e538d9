"""Queue visits as CSV: one line per stay of a call in a queue, with a header (see COLUMNS)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from ingest.asterisk import check_columns, header_names, split_row
from ingest.batches import Batch
from ingest.line_stream import Position, SetAside, clean, pieces, shown
from ingest.local_times import parse_time
from ingest.metadata import consent
from models.errors import Refused

TIMES = ("entered_at", "answered_at", "left_at", "ended_at")
"""In the order in which they happen: the second of two local times is taken when the first lies before the last one."""
TEXTS = ("call_id", "queue", "direction", "customer_id", "agent_id", "outcome", "recording", "language", "segment")
SECONDS = ("hold_s", "acw_s")
COUNTS = ("position_in", "position_out")
CONSENT = "consent"
COLUMNS = (*TEXTS, *TIMES, *SECONDS, *COUNTS, CONSENT)
REQUIRED = ("call_id", "queue", "entered_at")
MARKER = b"\x1a"
STAGED = pa.schema(
    [("line_no", pa.int64()), ("raw", pa.string())]
    + [(name, pa.string()) for name in TEXTS]
    + [(name, pa.timestamp("us", "UTC")) for name in TIMES]
    + [(name, pa.float64()) for name in SECONDS]
    + [(name, pa.int32()) for name in COUNTS]
    + [(CONSENT, pa.bool_())]
)


@dataclass(slots=True)
class CsvVisits:
    """Reads visits from CSV; times without an offset are local to ``zone``."""

    zone: ZoneInfo
    name: str = "csv"
    stages: str = "visits"
    notes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    separator: str = ","

    def prepare(self, stream: BinaryIO) -> None:
        """Read the header. Raises Refused when a column is missing or unknown."""
        self.name = f"csv {self.zone.key}"
        self.names, self.separator = header_names(stream.readline(65_536))
        check_columns(self.names, REQUIRED, COLUMNS)
        stream.seek(0)

    def batches(self, stream: BinaryIO, start: Position) -> Iterator[Batch]:
        """One batch for each piece of a few megabytes."""
        here = start
        for piece in pieces(stream):
            text, count, aside = clean(piece, here.next_line, MARKER)
            rows: list[list[Any]] = []
            for number, line in enumerate(text.decode().removesuffix("\n").split("\n"), here.next_line):
                if number == 1 or line == MARKER.decode():
                    continue
                try:
                    rows.append([number, line, *self.visit(line)])
                except Refused as why:
                    aside.append(SetAside(number, str(why), shown(line.encode())))
            end = here.after(piece, count)
            yield Batch(here, end, aside, rows=rows)
            here = end

    def visit(self, line: str) -> list[Any]:
        """The values of one line in the order of COLUMNS. Raises Refused."""
        fields = split_row(line, self.separator)
        if len(fields) != len(self.names):
            raise Refused(f"The line has {len(fields)} fields; the header has {len(self.names)}.")
        given = {n: v.strip() or None for n, v in zip(self.names, fields, strict=True)}
        values: list[Any] = [given.get(n) for n in TEXTS]
        before: datetime | None = None
        for name in TIMES:
            text = given.get(name)
            at = parse_time(text, self.zone, before) if text else None
            values.append(at)
            before = at or before
        values += [_number(given.get(n), n) for n in SECONDS]
        values += [_count(given.get(n), n) for n in COUNTS]
        return [*values, consent(given.get(CONSENT), "The line")]

    def stage(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
        """Fill ``staged_visits``: COLUMNS, line_no and raw."""
        columns = list(zip(*batch.rows, strict=True)) or [()] * len(STAGED)
        arrays = [pa.array(c, f.type) for c, f in zip(columns, STAGED, strict=True)]
        con.register("incoming_visits", pa.Table.from_arrays(arrays, schema=STAGED))
        con.execute("create or replace temp table staged_visits as select * from incoming_visits")
        con.unregister("incoming_visits")


def _number(text: str | None, name: str) -> float | None:
    """Seconds. Raises Refused for what is no sensible number."""
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        raise Refused(f"{name} is {text[:40]!r}, which is no number of seconds.") from None
    if not abs(value) <= 1_000_000:
        raise Refused(f"{name} is {text[:40]!r}: longer than eleven days.")
    return value


def _count(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise Refused(f"{name} is {text[:40]!r}, which is no position in a queue.")
    return int(text)
