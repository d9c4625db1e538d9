"""Reading logs as bytes, and what is peculiar to Asterisk's two forms."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest import asterisk, line_stream
from ingest.asterisk import AsteriskFile, call_began
from ingest.line_stream import MAX_LINE_BYTES, beginning, clean, has_long_line, resume
from ingest.local_times import parse_time
from ingest.log_formats import detect
from models.errors import Refused
from tests.ingest.queue_log_store import load, rows, state
from tests.ingest.test_queue_logs import FIXTURES

PARIS = ZoneInfo("Europe/Paris")


def test_bad_lines_keep_the_numbers_of_the_others() -> None:
    """A line that is set aside leaves a marker, so every line keeps its number; empty lines are no refusals."""
    text, lines, aside = clean(b"\xef\xbb\xbfa\r\n\nb\0\nc\xff\nd\n", 1, b"#")
    assert (text, lines) == (b"a\n#\n#\n#\nd\n", 5)
    assert [(a.line_no, a.raw) for a in aside] == [(3, "b\\x00"), (4, "c\\xff")]


def test_long_line_is_refused_and_the_next_one_read() -> None:
    """A line beyond the limit is set aside with the beginning of its text."""
    piece = b"a\n" + b"x" * (MAX_LINE_BYTES + 1) + b"\nb\n"
    text, _, aside = clean(piece, 1, b"#")
    assert has_long_line(piece) and text == b"a\n#\nb\n" and "longer" in aside[0].reason and len(aside[0].raw) == 2000


def test_endless_line_ends_the_file_not_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without line ends is refused as a whole before it fills the memory; what came before it is loaded."""
    monkeypatch.setattr(line_stream, "PIECE_BYTES", 1024)
    monkeypatch.setattr(line_stream, "MAX_UNBROKEN_BYTES", 4096)
    log = tmp_path / "queue_log"
    log.write_text("1772439100|a.1|sales|NONE|ENTERQUEUE||06|1\n" * 20 + "x" * 9000)
    (outcome,) = load(tmp_path, log)
    assert outcome.status == "refused" and "line ends" in outcome.refused[0].reason


def test_resume_takes_the_longest_known_beginning() -> None:
    """Of several known beginnings the longest that the content agrees with is taken, whatever their order."""
    data = b"one\ntwo\nthree\n"
    first, second = beginning().after(data[:4], 1), beginning().after(data[:8], 2)
    other = beginning().after(b"something else", 1)
    stream = io.BytesIO(data)
    known = [(p.known_bytes, p.sha256, p.next_line) for p in (other, second, first)]
    here = resume(stream, known)
    assert (here.known_bytes, here.next_line, stream.read()) == (8, 3, b"three\n")


def test_small_batches_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that lie across the border of two batches come out as from one."""
    load(tmp_path / "whole", FIXTURES / "plain.log", FIXTURES / "again.log")
    monkeypatch.setattr(asterisk, "BATCH_BYTES", 1)
    monkeypatch.setattr(line_stream, "PIECE_BYTES", 300)
    load(tmp_path / "pieces", FIXTURES / "plain.log", FIXTURES / "again.log")
    assert state(tmp_path / "pieces") == state(tmp_path / "whole")


def test_killed_between_batches_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after some batches, the next run ends in the state of an undisturbed one and reads no line twice."""
    monkeypatch.setattr(asterisk, "BATCH_BYTES", 1)
    monkeypatch.setattr(line_stream, "PIECE_BYTES", 300)
    batches = AsteriskFile.batches

    def stopped(self: AsteriskFile, *args: object) -> object:
        for n, batch in enumerate(batches(self, *args)):  # type: ignore[arg-type]
            if n == 2:
                raise KeyboardInterrupt
            yield batch

    monkeypatch.setattr(AsteriskFile, "batches", stopped)
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path / "a", FIXTURES / "plain.log")
    monkeypatch.setattr(AsteriskFile, "batches", batches)
    (outcome,) = load(tmp_path / "a", FIXTURES / "plain.log")
    assert outcome.known_bytes > 0 and outcome.repeated_lines == 0
    load(tmp_path / "b", FIXTURES / "plain.log")
    assert state(tmp_path / "a") == state(tmp_path / "b")


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    """Each event knows its line, counted from 1 over the whole file."""
    load(tmp_path, FIXTURES / "plain.log")
    lines = (FIXTURES / "plain.log").read_text().splitlines()
    found = rows(tmp_path, "select line_no, event, call_id from queue_events order by line_no")
    assert [(r["event"], r["call_id"]) for r in found] == [(x.split("|")[4], x.split("|")[1]) for x in lines]
    assert [r["line_no"] for r in found] == list(range(1, len(lines) + 1))


@pytest.mark.parametrize(
    ("call_id", "began"), [("1772439240.1", True), ("pbx-1-1772439240.1", True), ("NONE", False), ("a.1", False)]
)
def test_unique_id_tells_when_the_call_began(call_id: str, began: bool) -> None:
    """The number in a call's id is when it began, with or without a system name before it."""
    assert (call_began(call_id) == datetime(2026, 3, 2, 8, 14, tzinfo=UTC)) is began


def test_local_times_at_clock_changes() -> None:
    """A skipped hour is refused; a repeated one is the first, unless something came before that."""
    assert parse_time("2026-10-25 02:10:00", PARIS) == datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
    before = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    assert parse_time("2026-10-25 02:10:00", PARIS, before) == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert parse_time("2026-10-25T02:10:00+01:00", PARIS) == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    for text in ("2026-03-29 02:30:00", "soon", "9" * 400, "0001-01-01T00:00:00+14:00"):
        with pytest.raises(Refused):
            parse_time(text, PARIS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain.log", "asterisk"), ("database.csv", "asterisk-database"), ("visits.csv", "csv"),
        ("freeswitch_plain.txt", "freeswitch"), ("connect_plain.jsonl", "connect"),
    ],
)  # fmt: skip
def test_formats_are_recognised(name: str, expected: str) -> None:
    """The content tells the format; the name of the file doesn't matter."""
    assert detect(FIXTURES / name) == expected
