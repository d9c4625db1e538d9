"""What every reader of queue logs has in common: it turns a stream into batches, and a batch into staged rows.

A reader stages ``staged_events`` (Asterisk), ``staged_records`` (events and contact records with an id of their stay) or
``staged_visits`` (logs of whole stays) as temp tables; the steps after that (refuse, merge on the key, name the touched
calls) are the same for all readers of a kind: see ingest.queue_logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import duckdb

from ingest.line_stream import Position, SetAside

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole lines from ``start`` (included) to ``end`` (excluded), loaded in one transaction."""

    start: Position
    end: Position
    aside: Sequence[SetAside] = ()
    path: Path | None = None
    """A file with these lines, for DuckDB to read."""
    rows: Sequence[Sequence[Any]] = field(default=())
    """Or the rows themselves, already parsed."""
    open_rows: int = 0
    """How many of the rows lie behind ``end``, at the end of a file that may still grow: they are read again."""


class Reader(Protocol):
    """One format of queue log."""

    name: str
    """Names the format and what its reading depends on; progress is remembered per name."""
    stages: str
    """events, records or visits."""
    notes: list[str]
    """Sentences about what was left out without being refused."""

    def prepare(self, stream: BinaryIO) -> None:
        """Read what is needed from the beginning (a header), leaving the stream at 0. Raises Refused."""

    def batches(self, stream: BinaryIO, start: Position) -> Iterator[Batch]:
        """The rest of the log from ``start``, where the stream is. Raises Refused when the rest can't be read.

        A batch's file must last until the batch after the next is asked for: one is read ahead.
        """

    def stage(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
        """Fill the temp table named by ``stages`` (staged_events, staged_records, staged_visits)."""


def ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches; while one is loaded, another thread reads the next."""
    with ThreadPoolExecutor(1) as reading:
        coming = reading.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reading.submit(next, batches, None)
            yield batch


@cache
def sql(name: str) -> str:
    """The text of ``ingest/sql/<name>.sql``."""
    return (SQL / f"{name}.sql").read_text("utf-8")
