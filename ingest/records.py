"""What readers of records have in common: an event or a contact record is kept, and stays are made of what is kept.

A reader finds objects in a stream, makes a typed row of each, and SQL judges the rows (``judge_<name>.sql``) and makes
stays of them (``made_<name>.sql``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar

import duckdb
import pyarrow as pa

from ingest.batches import Batch, sql
from ingest.json_values import Found, read_objects
from ingest.line_stream import Position, SetAside, shown
from models.errors import Refused

BATCH_ROWS = 20_000
NOT_FINISHED = "the end of the file is no complete entry yet and is left for the next run"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Objects that were found up to ``end``."""

    end: Position
    found: list[Found]
    is_open: bool = False
    """Behind ``end``, at the end of a file that may still grow: they are read again the next time."""


@dataclass(slots=True)
class RecordReader(ABC):
    """Turns what ``chunks`` finds into batches of rows in the order of ``columns``."""

    finished: bool = False
    """The file will not grow any more."""
    notes: list[str] = field(default_factory=list)
    name: str = ""
    stages: str = "records"
    columns: ClassVar[pa.Schema] = pa.schema([])

    @abstractmethod
    def chunks(self, stream: BinaryIO, start: Position) -> Iterator[Chunk]:
        """What the stream holds from ``start``, where it is."""

    @abstractmethod
    def row(self, given: Mapping[str, Any]) -> list[Any] | None:
        """The columns behind line_no and raw; None for what says nothing about a stay. Raises Refused."""

    def batches(self, stream: BinaryIO, start: Position) -> Iterator[Batch]:
        """Batches of about ``BATCH_ROWS``; with the last one, rows that lie behind its end."""
        here = at = start
        rows, aside, behind = list[list[Any]](), list[SetAside](), list[list[Any]]()
        for chunk in self.chunks(stream, start):
            if chunk.is_open:
                behind = self.open_rows(chunk)
                break
            self.take(chunk.found, rows, aside)
            at = chunk.end
            if len(rows) + len(aside) >= BATCH_ROWS:
                yield Batch(here, at, aside, rows=rows)
                here, rows, aside = at, [], []
        if at.known_bytes > here.known_bytes or behind:
            yield Batch(here, at, aside, rows=rows + behind, open_rows=len(behind))

    def open_rows(self, chunk: Chunk) -> list[list[Any]]:
        """What lies at the end of a file that may grow: taken when nothing is wrong with it, but not as known."""
        rows, aside = list[list[Any]](), list[SetAside]()
        self.take(chunk.found, rows, aside)
        if aside or not chunk.found:
            self.notes.append(NOT_FINISHED)
        return [] if aside else rows

    def take(self, found: list[Found], rows: list[list[Any]], aside: list[SetAside]) -> None:
        """Sort what was found into rows and what is refused."""
        for one in found:
            raw = shown(one.raw.encode("utf-8", "surrogateescape"))
            try:
                if one.value is None:
                    raise Refused(one.reason or "The line can't be read.")
                if row := self.row(one.value):
                    rows.append([one.line_no, raw, *row])
            except Refused as why:
                aside.append(SetAside(one.line_no, str(why), raw))

    def stage(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
        """Fill ``staged_records``: the batch's rows, judged one by one."""
        values = list(zip(*batch.rows, strict=True)) or [()] * len(self.columns)
        arrays = [pa.array(v, f.type) for v, f in zip(values, self.columns, strict=True)]
        con.register("incoming_records", pa.Table.from_arrays(arrays, schema=self.columns))
        con.execute(sql(f"judge_{self.name}"))
        con.unregister("incoming_records")


def json_chunks(reader: RecordReader, stream: BinaryIO, start: Position) -> Iterator[Chunk]:
    """JSON objects of the stream; what is left at the end of a file that may grow waits for the next run."""
    here = start
    for here, found in read_objects(stream, start, reader.finished):
        yield Chunk(here, found)
    if not reader.finished and stream.tell() > here.known_bytes:
        reader.notes.append(NOT_FINISHED)
