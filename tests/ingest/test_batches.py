"""Batches are read ahead by a second thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ingest.batches import Batch, ahead
from ingest.line_stream import beginning
from models.errors import Refused


def numbered(count: int, reads: list[int], broken: bool = False) -> Iterator[Batch]:
    """So many batches, noting each when it is read; then, perhaps, a file that can't be read any farther."""
    for number in range(count):
        reads.append(number)
        yield Batch(beginning(), beginning(), rows=[[number]])
    if broken:
        raise Refused("The rest can't be read.")


def test_one_batch_is_read_ahead_and_no_more() -> None:
    """While a batch is loaded the next one is read, and the one after it waits: its file may still be in use."""
    reads: list[int] = []
    seen = []
    for batch in ahead(numbered(5, reads)):
        seen.append(batch.rows[0][0])
        assert len(reads) <= seen[-1] + 2
    assert seen == reads == [0, 1, 2, 3, 4]


def test_what_was_read_before_the_damage_is_loaded() -> None:
    """A file that breaks off gives its whole batches first, then says why."""
    seen: list[int] = []
    with pytest.raises(Refused, match="rest can't be read"):
        seen.extend(batch.rows[0][0] for batch in ahead(numbered(3, [], broken=True)))
    assert seen == [0, 1, 2]


def test_reading_ends_with_the_loading() -> None:
    """Who stops loading in the middle leaves no thread behind that still reads the file."""
    before = threading.active_count()
    reading = ahead(numbered(100, []))
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
