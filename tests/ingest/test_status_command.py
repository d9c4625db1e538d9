"""``earshot ingest status`` says what was refused, and why, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.cli import earshot

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
