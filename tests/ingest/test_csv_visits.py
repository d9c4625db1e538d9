"""Visits as CSV: merging on the key, and the command that loads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.commands.queue_log import queue_log
from models.settings import Settings
from tests.ingest.queue_log_store import load, rows
from tests.ingest.test_queue_logs import FIXTURES

HEADER = "call_id;queue;entered_at;left_at;answered_at\n"


def test_later_line_replaces_the_stay_of_its_key(tmp_path: Path) -> None:
    """One row per call, queue and time of entry: the last line about it counts; an equal line changes nothing."""
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text(HEADER + "v1;q;2026-03-02T09:00:00Z;;\nv2;q;2026-03-02T09:00:00Z;;\n")
    second.write_text(
        HEADER + "v1;q;2026-03-02T09:00:00Z;2026-03-02T09:00:09Z;\nv2;q;2026-03-02T09:00:00Z;;\n"
        "v1;q;2026-03-02T10:00:00Z;;\n"
    )
    load(tmp_path, first)
    (outcome,) = load(tmp_path, second)
    assert (outcome.new_lines, outcome.repeated_lines, outcome.calls) == (2, 1, 1)
    found = rows(tmp_path, "select call_id, outcome, wait_s from queue_visits order by all")
    assert [tuple(r.values()) for r in found] == [("v1", "abandoned", 9.0), ("v1", None, None), ("v2", None, None)]


def test_one_stay_from_two_sources_is_one_stay(tmp_path: Path) -> None:
    """A stay in a CSV and in an Asterisk log is one stay, told by the CSV, whichever came first and whatever came after."""
    table, log, more = tmp_path / "v.csv", tmp_path / "queue_log", tmp_path / "queue_log.1"
    table.write_text(HEADER + "v1;q;2026-03-02T09:00:00Z;2026-03-02T09:00:08Z;\n")
    log.write_text("1772442000|v1|q|NONE|ENTERQUEUE||1|1\n1772442010|v1|q|a|CONNECT|10|v2|3\n")
    more.write_text("1772442070|v1|q|a|COMPLETECALLER|10|60|1\n")
    states = []
    for number, order in enumerate([(table, log, more), (log, table, more), (log, more, table)]):
        load(tmp_path / str(number), *order)
        states.append(rows(tmp_path / str(number), "select call_id, queue, format, wait_s from queue_visits"))
    assert states == [[{"call_id": "v1", "queue": "q", "format": "csv", "wait_s": 8.0}]] * 3


def test_last_line_of_a_table_needs_no_line_end(tmp_path: Path) -> None:
    """A CSV file is an export and complete: its last line counts without a line end."""
    (tmp_path / "v.csv").write_text(HEADER + "v1;q;2026-03-02T09:00:00Z;;")
    assert load(tmp_path, tmp_path / "v.csv")[0].new_lines == 1


def test_command_says_what_it_did(settings: Settings) -> None:
    """Refused lines are listed, one each, then one summary line; exit code 1 with refusals, 0 without."""
    bad = CliRunner().invoke(queue_log, [str(FIXTURES / "visits.csv"), "--timezone", "Europe/Paris"])
    assert bad.exit_code == 1 and "visits.csv:7: The waiting time is negative" in bad.stderr
    assert bad.stdout == "5 new lines from 1 file; 5 calls touched; 11 refused.\n"
    good = CliRunner().invoke(queue_log, [str(FIXTURES / "plain.log"), "--json"])
    assert good.exit_code == 0 and json.loads(good.stdout)["new_lines"] == 12


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "freeswitch_refused.txt",
            "freeswitch_refused.txt:40: CC-Cause is 'Vanished', which is neither Terminated nor Cancel.",
        ),
        ("connect_refused.jsonl", "connect_refused.jsonl:7: Queue is no object but a text."),
    ],
)
def test_every_format_tells_file_and_line(name: str, line: str, settings: Settings) -> None:
    """A refused event or record is a sentence behind its file and line, and the exit code is 1."""
    result = CliRunner().invoke(queue_log, [str(FIXTURES / name)])
    assert result.exit_code == 1 and line in result.stderr and "Traceback" not in result.output


def test_command_lists_the_first_refusals_only(settings: Settings, tmp_path: Path) -> None:
    """After twenty refusals it says how many more there are; nothing in a line can steer the terminal."""
    log = tmp_path / "queue_log"
    log.write_text("1772439100|a.1|sales|NONE|ENTERQUEUE||06|1\n" + "\x1b[2Jnonsense\n" * 1 + "x|y\n" * 29)
    result = CliRunner().invoke(queue_log, [str(log)])
    assert "and 10 more: earshot ingest status" in result.stderr and "\x1b" not in result.output
    assert len(result.stderr.strip().splitlines()) == 21


def test_wrong_usage(settings: Settings, tmp_path: Path) -> None:
    """A time zone that doesn't exist is wrong usage (2); a file that doesn't is refused (1); neither is a traceback."""
    assert CliRunner().invoke(queue_log, ["x", "--timezone", "Mars/Olympus"]).exit_code == 2
    missing = CliRunner().invoke(queue_log, [str(tmp_path / "none.log")])
    assert missing.exit_code == 1 and "none.log is no file" in missing.stderr
