"""``earshot ingest recordings``, with the bundled model and a real store."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from sounds import tones, write

from ingest.cli import earshot
from ingest.commands.recordings import default_workers, summary_line
from ingest.run import Summary
from models.settings import Settings
from models.store import Store


def command(*arguments: object) -> Result:
    """Runs the command in this process."""
    return CliRunner().invoke(earshot, ["ingest", "recordings", *map(str, arguments)])


def test_files_are_loaded_once_and_refusals_are_listed(settings: Settings, tmp_path: Path) -> None:
    """Exit code 1 and a line with the reason when something was refused; a second run knows what it has."""
    write(tmp_path / "in-1-2-20260302-091405-1772439245.1.wav", tones(1, 8000))
    (tmp_path / "letter.wav").write_text("no sound")
    first = command(tmp_path, "--model", "demo", "--workers", "1")
    assert first.exit_code == 1
    assert "demonstration model" in first.stderr
    assert "letter.wav  refused: The file isn't sound that can be decoded" in first.stderr
    assert first.stdout.startswith("Recordings: 1 loaded (")
    again = json.loads(command(tmp_path, "--model", "demo", "--json").stdout)
    assert (again["loaded"], again["known"], again["refused"]) == (0, 1, 1)
    with Store(settings).writing() as con:
        row = con.execute("select call_id, metadata_source, has_recording from recordings join calls using (call_id)")
        assert row.fetchone() == ("1772439245.1", "freepbx", True)


def test_silence_only_is_loaded_with_exit_code_zero(settings: Settings, tmp_path: Path) -> None:
    """Nothing refused, nothing wrong."""
    write(tmp_path / "x.wav", np.zeros((16_000, 1), np.int16))
    found = command(tmp_path, "--model", "demo", "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)["loaded"] == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--model", "nosuch"], "There is no speech model called 'nosuch'"),
        (["--model", "demo", "--language", "fr"], "doesn't know 'fr'; it knows en"),
    ],
)
def test_what_can_t_work_is_one_sentence(settings: Settings, tmp_path: Path, options: list[str], sentence: str) -> None:
    """Models and languages that make no sense end the run before anything is refused."""
    write(tmp_path / "x.wav", tones(1, 8000))
    found = command(tmp_path, *options)
    assert sentence in str(found.exception)
    assert found.stdout == ""


def test_a_path_that_is_not_there_is_wrong_usage(settings: Settings, tmp_path: Path) -> None:
    """Exit code 2."""
    assert command(tmp_path / "nowhere").exit_code == 2


@pytest.mark.parametrize("pattern", ["(?P<x>.)", "(", "no group"])
def test_a_pattern_that_makes_no_sense_is_wrong_usage(settings: Settings, tmp_path: Path, pattern: str) -> None:
    """Exit code 2 and a sentence that names the option, before anything is looked at."""
    found = command(tmp_path, "--pattern", pattern)
    assert found.exit_code == 2 and "--pattern" in found.stderr and repr(pattern) in found.stderr


def test_the_summary_is_one_line() -> None:
    """Only what happened is mentioned."""
    summary = Summary(loaded=3, known=2, refused=1, audio_s=600, took_s=60)
    assert summary_line(summary) == (
        "Recordings: 3 loaded (10 min of sound, 10.0x real time), 2 known already, 1 refused."
    )
    assert summary_line(Summary()) == "Recordings: 0 loaded."


def test_a_graphics_card_is_not_shared_by_default() -> None:
    """One worker fills it."""
    assert default_workers("cuda") == 1
    assert default_workers("cpu") >= 1
