"""Queue logs through the whole of ingest: given a log, expect these visits and refusals, however it came in."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import asterisk, line_stream
from ingest.asterisk import AsteriskFile
from models.errors import StoreError
from tests.ingest.queue_log_store import load, rows, state

FIXTURES = Path(__file__).parent.parent / "fixtures" / "queue_logs"
CASES = sorted(p for p in FIXTURES.iterdir() if p.suffix in (".log", ".csv", ".txt", ".jsonl"))
FORMATS = ("plain.log", "database.csv", "visits.csv", "freeswitch_plain.txt", "connect_plain.jsonl")


@pytest.mark.parametrize("log", CASES, ids=lambda p: p.name)
def test_given_log_expect_visits(log: Path, tmp_path: Path) -> None:
    """Each fixture's log gives the visits and refusals written beside it."""
    expected = json.loads(log.with_suffix(".json").read_text("utf-8"))
    load(tmp_path, log)
    visits = rows(tmp_path, "select * from queue_visits order by entered_at, call_id")
    assert [{k: v.get(k) for k in e} for v, e in zip(visits, expected["visits"], strict=True)] == expected["visits"]
    refused = rows(tmp_path, "select line_no, reason from rejected_rows order by line_no")
    assert [[r["line_no"], r["reason"]] for r in refused] == expected["rejected"]
    if "events" in expected:
        assert len(rows(tmp_path, "select event_at from queue_events")) == expected["events"]


def test_unknown_event_keeps_all_its_fields(tmp_path: Path) -> None:
    """More fields than the table has columns are kept together in the last one."""
    load(tmp_path, FIXTURES / "ignored.log")
    assert rows(tmp_path, "select data5 from queue_events where event = 'BRANDNEWEVENT'") == [{"data5": "5|6|7"}]


@pytest.mark.parametrize("name", ["refused.log", "visits.csv", "freeswitch_refused.txt", "connect_refused.jsonl"])
def test_same_file_twice_changes_nothing(name: str, tmp_path: Path) -> None:
    """A second load of the same file leaves every table as it was, times of loading included."""
    tables = ["queue_events", "queue_visits", "calls", "rejected_rows", "ingest_files", "queue_log_progress"]
    load(tmp_path, FIXTURES / name)
    before = [rows(tmp_path, f"select * from {t} order by all") for t in tables]
    (again,) = load(tmp_path, FIXTURES / name)
    assert (again.status, again.new_lines, again.refused_lines) == ("duplicate", 0, 0)
    assert [rows(tmp_path, f"select * from {t} order by all") for t in tables] == before


def test_longer_log_adds_the_rest(tmp_path: Path) -> None:
    """A log whose beginning is known adds what is new, also under another name and compressed."""
    lines = (FIXTURES / "again.log").read_bytes().splitlines(keepends=True)
    log, rotated = tmp_path / "queue_log", tmp_path / "queue_log.1.gz"
    log.write_bytes(b"".join(lines[:4]))
    load(tmp_path / "a", log)
    rotated.write_bytes(gzip.compress(b"".join(lines)))
    (grown,) = load(tmp_path / "a", rotated)
    assert (grown.known_bytes, grown.new_lines, grown.repeated_lines) == (len(b"".join(lines[:4])), len(lines) - 4, 0)
    load(tmp_path / "b", FIXTURES / "again.log")
    assert state(tmp_path / "a") == state(tmp_path / "b")


@pytest.mark.parametrize("name", FORMATS)
def test_compressed_is_the_same_file(name: str, tmp_path: Path) -> None:
    """A rotated and compressed log is the log it was made from: loaded after it, nothing changes; alone, the same comes."""
    packed = tmp_path / f"{name}.1.gz"
    packed.write_bytes(gzip.compress((FIXTURES / name).read_bytes()))
    load(tmp_path / "a", FIXTURES / name)
    before = state(tmp_path / "a")
    (again,) = load(tmp_path / "a", packed)
    assert (again.status, again.new_lines, again.refused_lines) == ("duplicate", 0, 0)
    assert state(tmp_path / "a") == before
    load(tmp_path / "b", packed)
    assert state(tmp_path / "b") == before


def test_a_full_disk_is_not_held_against_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no room for what a reader writes meanwhile: one sentence, nothing listed as refused, and later all of it."""
    log = FIXTURES / "plain.log"
    with monkeypatch.context() as patch:
        patch.setattr(AsteriskFile, "prepare", lambda reader, stream: Path("/dev/full").write_bytes(b"no room"))
        with pytest.raises(StoreError, match="can't be written: No space left on device"):
            load(tmp_path, log)
    load(tmp_path, log)
    assert rows(tmp_path, "from rejected_rows") == []
    assert rows(tmp_path, "select status from ingest_files") == [{"status": "loaded"}]


def test_damaged_gzip_is_one_sentence(tmp_path: Path) -> None:
    """A compressed log with a damaged middle is refused in a sentence, not with a traceback."""
    data = bytearray(
        gzip.compress(b"".join(b"%d|a.%d|q|NONE|ENTERQUEUE||06|1\n" % (1772439100 + n, n) for n in range(999)))
    )
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "queue_log.gz").write_bytes(data)
    (outcome,) = load(tmp_path, tmp_path / "queue_log.gz")
    assert "damaged gzip" in outcome.refused[0].reason


def test_open_visit_is_completed_later(tmp_path: Path) -> None:
    """A visit whose end is not in the log yet has no outcome; the lines that follow complete it."""
    first, rest = tmp_path / "1.log", tmp_path / "2.log"
    first.write_text("1772439100|a.1|sales|NONE|ENTERQUEUE||06|1\n")
    rest.write_text("1772439110|a.1|sales|SIP/1|CONNECT|10|b.1|2\n1772439150|a.1|sales|SIP/1|COMPLETEAGENT|10|40|1\n")
    load(tmp_path, first)
    assert rows(tmp_path, "select outcome, wait_s from queue_visits") == [{"outcome": None, "wait_s": None}]
    load(tmp_path, rest)
    assert rows(tmp_path, "select outcome, wait_s, talk_s from queue_visits") == [
        {"outcome": "answered", "wait_s": 10.0, "talk_s": 40.0}
    ]
    assert rows(tmp_path, "select outcome from calls") == [{"outcome": "answered"}]


def test_last_line_waits_for_its_end(tmp_path: Path) -> None:
    """A last line without a line end is still being written: it is left, and read whole the next time."""
    log = tmp_path / "queue_log"
    log.write_text("1772439100|a.1|sales|NONE|ENTERQUEUE||06|1\n1772439110|a.1|sales|NONE|ABANDON|1|1|1")
    (outcome,) = load(tmp_path, log)
    assert (outcome.new_lines, outcome.refused_lines, len(outcome.notes)) == (1, 0, 1)
    log.write_text(log.read_text() + "0\n")
    load(tmp_path, log)
    assert rows(tmp_path, "select wait_s from queue_visits") == [{"wait_s": 10.0}]


def test_contradiction_vanishes_with_the_missing_line(tmp_path: Path) -> None:
    """A stay refused for what a missing line explains is accepted once another file brings that line."""
    lines = [
        "1772439100|a.1|q|NONE|ENTERQUEUE||06|1\n", "1772439110|a.1|q|SIP/1|CONNECT|10|b.1|2\n",
        "1772439150|a.1|q|SIP/1|COMPLETEAGENT|10|40|1\n1772439200|a.1|q|NONE|ENTERQUEUE||06|1\n",
        "1772439230|a.1|q|NONE|ABANDON|1|1|30\n",
    ]  # fmt: skip
    (tmp_path / "1.log").write_text(lines[0] + lines[1] + lines[3])
    (tmp_path / "2.log").write_text(lines[2])
    load(tmp_path, tmp_path / "1.log")
    assert len(rows(tmp_path, "select reason from rejected_rows")) == 1
    load(tmp_path, tmp_path / "2.log")
    assert rows(tmp_path, "select reason from rejected_rows") == []
    assert [r["outcome"] for r in rows(tmp_path, "select outcome from queue_visits order by entered_at")] == [
        "answered", "abandoned"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty", b"", "is empty"),
        ("error.json", b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n", "looks like no queue log"),
        ("holiday.txt", b"sun and sea\n", "looks like no queue log"),
        ("visits.csv", b"call_id,queue\nx,y\n", "lacks entered_at"),
        ("odd.csv", b"call_id,queue,entered_at,mood\n", "unknown columns: mood"),
        ("bad.gz", b"\x1f\x8b\x08\x00oops", "damaged gzip"),
    ],
)
def test_unreadable_file_is_one_sentence(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    """A file that can't be read is refused as a whole, with a sentence that is kept."""
    (tmp_path / name).write_bytes(content)
    (outcome,) = load(tmp_path, tmp_path / name)
    assert outcome.status == "refused" and sentence in outcome.refused[0].reason
    assert sentence in rows(tmp_path, "select reason from rejected_rows")[0]["reason"]


ENDS = {
    "complete": "{end}|{call}|{queue}|SIP/1|CONNECT|{wait}|b|1\n{later}|{call}|{queue}|SIP/1|COMPLETEAGENT|{wait}|9|1",
    "blind": "{end}|{call}|{queue}|SIP/1|CONNECT|{wait}|b|1\n{later}|{call}|{queue}|SIP/1|BLINDTRANSFER|6|c|{wait}|9|1",
    "abandon": "{end}|{call}|{queue}|NONE|ABANDON|1|1|{wait}",
    "timeout": "{end}|{call}|{queue}|NONE|EXITWITHTIMEOUT|1|1|{wait}",
    "key": "{end}|{call}|{queue}|NONE|EXITWITHKEY|1|1|1|{wait}",
    "empty": "{end}|{call}|{queue}|NONE|EXITEMPTY|1|1|{wait}",
    "open": "",
}


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[str], dict[str, int]]:
    """(lines in time order, how many stays end how): calls that enter one or two queues, one stay after the other."""
    lines: list[tuple[int, str]] = []
    ends: dict[str, int] = {}
    for number in range(draw(st.integers(1, 4))):
        at = 1_772_439_000 + draw(st.integers(0, 50))
        for _ in range(draw(st.integers(1, 3))):
            queue, wait = draw(st.sampled_from("qr")), draw(st.integers(0, 40))
            end = draw(st.sampled_from(sorted(ENDS)))
            ends[end] = ends.get(end, 0) + 1
            values = {"call": f"a.{number}", "queue": queue, "wait": wait, "end": at + wait, "later": at + wait + 9}
            lines.append((at, f"{at}|a.{number}|{queue}|NONE|ENTERQUEUE||06|1"))
            lines += [(int(t.split("|")[0]), t) for t in ENDS[end].format(**values).split("\n") if t]
            at += wait + 9 + draw(st.integers(1, 60))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])], ends


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(log=logs(), data=st.data())
def test_any_split_order_and_repetition_is_the_whole(
    log: tuple[list[str], dict[str, int]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """However a log is split into files, in any order and with lines repeated, the store ends the same.

    And everyone who entered is counted once: answered + transferred + abandoned + flow-outs + open = entered.
    """
    lines, ends = log
    folder = tmp_path_factory.mktemp("split")
    mixed = data.draw(st.permutations(lines)) + data.draw(st.lists(st.sampled_from(lines), max_size=4))
    cut = data.draw(st.integers(0, len(mixed)))
    parts = {"whole": lines, "1": mixed[:cut], "2": mixed[cut:]}
    for name, part in parts.items():
        (folder / name).write_text("".join(f"{line}\n" for line in part))
    load(folder / "a", folder / "whole")
    load(folder / "b", *(folder / n for n in "12" if parts[n]))
    whole = state(folder / "a")
    assert state(folder / "b") == whole
    names = {"complete": "answered", "blind": "transferred", "abandon": "abandoned", "open": None}
    found = [visit["outcome"] for visit in whole[1]]
    assert sorted(map(str, found)) == sorted(str(names.get(e, e)) for e, n in ends.items() for _ in range(n))
    assert all(v["wait_s"] is None or v["wait_s"] >= 0 for v in whole[1]) and not whole[3]


KINDS_OF_LINE = ("ENTERQUEUE||06|1", "RINGNOANSWER|1000", "CONNECT|x|b|1")
"""A line of a stay, one of no stay, one that is refused."""


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    drawn=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(KINDS_OF_LINE)), min_size=1, max_size=30),
    piece_bytes=st.integers(100, 3000),
)
def test_every_event_and_refusal_names_its_line(
    drawn: list[tuple[int, str]], piece_bytes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is repeated or refused before it, in the same batch or an earlier one, a line keeps its number in the log."""
    folder = tmp_path_factory.mktemp("lines")
    lines = [f"{1_772_439_000 + at}|a.{at % 3}|q|NONE|{event}" for at, event in drawn]
    (folder / "log").write_text("".join(f"{line}\n" for line in lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asterisk, "BATCH_BYTES", 1)
        patch.setattr(line_stream, "PIECE_BYTES", piece_bytes)
        load(folder, folder / "log")
    told = (
        "epoch(event_at)::bigint || '|' || call_id || '|q|NONE|' || event || '|' || concat_ws('|', data1, data2, data3)"
    )
    kept = rows(
        folder, f"select line_no, rtrim(replace({told}, 'QUEUE|06', 'QUEUE||06'), '|') as line from queue_events"
    )
    good = [n for n, line in enumerate(lines, 1) if "|x|" not in line and line not in lines[: n - 1]]
    assert {r["line_no"]: r["line"] for r in kept} == {n: lines[n - 1] for n in good}
    refused = rows(folder, "select line_no, raw from rejected_rows")
    assert {r["line_no"]: r["raw"] for r in refused} == {n: x for n, x in enumerate(lines, 1) if "|x|" in x}
