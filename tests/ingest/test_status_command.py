"""``earshot ingest status`` says what was refused, and why, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.cli import earshot
from models.settings import Settings

LOG = "1|1.1|sales|NONE|ENTERQUEUE||1|1\n9|1.1|sales|NONE|ABANDON|1|1|8\nx|1.2|sales|NONE|ENTERQUEUE||1|1\n"


def test_a_partly_refused_file_has_a_reason_and_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of which a line was refused says how many; its JSON is JSON, with null where nothing is known."""
    monkeypatch.setenv("EARSHOT_DATA", str(tmp_path / "data"))
    (tmp_path / "queue_log").write_text(LOG)
    assert CliRunner().invoke(earshot, ["ingest", "queue-log", str(tmp_path / "queue_log")]).exit_code == 1
    said = CliRunner().invoke(earshot, ["ingest", "status"]).output
    assert "queue_log: 1 row refused, 2 rows loaded." in said and "queue_log:3: The time is no time." in said
    found = json.loads(CliRunner().invoke(earshot, ["ingest", "status", "--json"]).output, parse_constant=pytest.fail)
    assert found["refused_files"][0]["reason"] is None and found["refused_rows"][0]["line_no"] == 3


@pytest.mark.parametrize(
    ("kind", "name", "content", "reason"),
    [
        ("transcripts", "a.json", '{"a":1}', "1 row refused, none loaded. The first: "),
        ("transcripts", "a.jsonl", "x\ny\n", "2 rows refused, none loaded. The first: line 1: The JSON can't be read"),
        ("queue-log", "a.csv", "call_id,queue,entered_at\n1,q,never\n", "1 row refused, none loaded. The first: line 2: "),
    ],
)  # fmt: skip
def test_a_file_of_which_every_row_was_refused_has_a_reason(
    tmp_path: Path, settings: Settings, kind: str, name: str, content: str, reason: str
) -> None:
    """A refused file says why, as text and as JSON, the second time and under another name too."""
    for path in (tmp_path / name, tmp_path / name, tmp_path / f"copy-{name}"):
        path.write_text(content)
        CliRunner().invoke(earshot, ["ingest", kind, str(path)])
        found = json.loads(CliRunner().invoke(earshot, ["ingest", "status", "--json"]).output)["refused_files"]
        refused = next(file for file in found if file["path"] == str(path))
        assert refused["status"] == "refused" and refused["reason"].startswith(reason)
