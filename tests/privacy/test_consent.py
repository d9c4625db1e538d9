"""Nothing is kept of a call whose customer did not agree, but that there was one."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_erasing import load_call, naming

from ingest.cli import earshot
from ingest.commands.transcripts import load_file
from ingest.consents import judge_of
from ingest.metadata import read
from ingest.queue_logs import load_queue_log
from ingest.recordings import Job, process
from models.errors import Refused, SettingsError
from models.publish import publish
from models.records import NO_CONSENT, CallMetadata
from models.settings import Settings, load
from models.store import Store, connect_snapshot, first_row


@pytest.mark.parametrize(
    ("consent", "required", "kept"),
    [(True, True, True), (True, False, True), (None, True, False), (None, False, True), (False, True, False), (False, False, False)],
)  # fmt: skip
def test_who_may_be_kept(consent: bool | None, required: bool, kept: bool) -> None:
    """A no always counts; where consent is required, silence is a no."""
    assert CallMetadata(consent=consent).may_be_kept(required) is kept


def test_transcripts_without_consent_are_counted(settings: Settings, tmp_path: Path) -> None:
    """Of two calls without consent no word is in the store; the snapshot counts them."""
    lines = [
        {"call_id": str(n), "turns": [{"text": "parakeets"}], **({} if said is None else {"consent": said})}
        for n, said in enumerate(["yes", "no", None])
    ]
    path = tmp_path / "calls.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    outcome = load_file(replace(settings, require_consent=True), path)
    assert (outcome.new_lines, outcome.refused_lines) == (1, 2)
    with Store(settings).writing() as con:
        assert con.execute("select call_id, consent from transcripts").fetchall() == [("0", True)]
    with closing(connect_snapshot(publish(settings).path)) as con:
        assert first_row(con.execute("select sum(calls) from calls_without_consent")) == (2,)


def test_a_recording_without_consent_is_not_even_decoded(tmp_path: Path) -> None:
    """A recording whose sidecar says no leaves no copy and no words; one with an odd consent is refused with a sentence."""
    path = tmp_path / "call.wav"
    path.write_bytes(b"RIFF")
    sidecar = tmp_path / "call.json"
    sidecar.write_text('{"consent": false}')
    job = Job(store=tmp_path / "store", time_zone="UTC", model="none")
    result = process(path, job, None)  # type: ignore[arg-type]
    assert (result.file.status, result.file.reason, result.recording) == ("refused", NO_CONSENT, None)
    assert not job.store.exists()
    sidecar.write_text('{"consent": "perhaps"}')
    with pytest.raises(Refused, match="neither yes nor no"):
        read(path, Settings().zone)


def test_yes_and_no_as_settings() -> None:
    """A setting that is yes or no is read as such; anything else is refused."""
    assert load({"EARSHOT_REQUIRE_CONSENT": "yes"}, Path("none")).require_consent is True
    assert load({"EARSHOT_REQUIRE_CONSENT": "no"}, Path("none")).require_consent is False
    with pytest.raises(SettingsError, match="yes or no"):
        load({"EARSHOT_REQUIRE_CONSENT": "maybe"}, Path("none"))


HEADER = "call_id,queue,entered_at,answered_at,consent\n"


def csv_of(folder: Path, *lines: str) -> Path:
    """Visits as CSV: one line per call and what it says."""
    path = folder / f"visits-{len(list(folder.iterdir()))}.csv"
    path.write_text(
        HEADER
        + "".join(
            f"{line.split(',')[0]},q,2026-03-02T09:00:00Z,2026-03-02T09:00:05Z,{line.split(',')[1]}\n" for line in lines
        )
    )
    return path


def connect_of(folder: Path, *lines: str) -> Path:
    """The same as contact records of Amazon Connect."""
    path = folder / f"contacts-{len(list(folder.iterdir()))}.jsonl"
    made = []
    for line in lines:
        call_id, said = line.split(",")
        queue = {"Name": "q", "EnqueueTimestamp": "2026-03-02T09:00:00Z", "Duration": 5}
        agent = {"Username": "ann", "ConnectedToAgentTimestamp": "2026-03-02T09:00:05Z"}
        record = {
            "ContactId": call_id,
            "Channel": "VOICE",
            "Queue": queue,
            "Agent": agent,
            "LastUpdateTimestamp": "2026-03-02T10:00:00Z",
        }
        made.append(json.dumps({**record, "Attributes": {"Consent": said} if said else {}}))
    path.write_text("\n".join(made) + "\n")
    return path


def values(settings: Settings, sql: str) -> list[object]:
    """The one column of a query on the store."""
    with Store(settings).writing() as con:
        return [value for (value,) in con.execute(sql).fetchall()]


def spoken(folder: Path, *calls: str) -> Path:
    """Transcripts that say nothing of consent."""
    path = folder / "spoken.jsonl"
    path.write_text("".join(json.dumps({"call_id": c, "turns": [{"text": f"parakeets-{c}"}]}) + "\n" for c in calls))
    return path


@pytest.mark.parametrize("made", [csv_of, connect_of])
@pytest.mark.parametrize("visits_first", [True, False])
def test_visits_tell_where_transcripts_do_not(
    settings: Settings, tmp_path: Path, made: Callable[..., Path], visits_first: bool
) -> None:
    """A visit that says no takes the words of its call out, whichever came first; they are counted, its wait is kept.

    Once it is published no file holds them, not even in a free block.
    """
    log, words = made(tmp_path, "a,yes", "b,No", "c,"), spoken(tmp_path, "a", "b", "c")
    for step in (0, 1) if visits_first else (1, 0):
        if step:
            load_file(settings, words)
        else:
            assert load_queue_log(settings, log).refused_lines == 0
    assert values(settings, "select consent from queue_visits order by call_id") == [True, False, None]
    assert values(settings, "select call_id from transcripts order by 1") == ["a", "c"]
    assert values(settings, "select distinct call_id from turns order by 1") == ["a", "c"]
    assert values(settings, "select has_transcript from calls order by call_id") == [True, False, True]
    load_queue_log(settings, log)
    assert CliRunner().invoke(earshot, ["publish"]).output.startswith("Published 3 calls")
    with closing(connect_snapshot(publish(settings).path)) as con:
        assert first_row(con.execute("select sum(calls) from calls_without_consent")) == (1,)
        assert first_row(con.execute("select count(wait_s) from calls")) == (3,)
    assert (naming(settings.data, "parakeets-a") != [], naming(settings.data, "parakeets-b")) == (True, [])


def test_a_visit_may_say_yes(settings: Settings, tmp_path: Path) -> None:
    """Where consent is required and a transcript is silent, its call's visit counts."""
    load_queue_log(settings, csv_of(tmp_path, "a,yes", "b,"))
    load_file(replace(settings, require_consent=True), spoken(tmp_path, "a", "b", "c"))
    assert values(settings, "select call_id from transcripts") == ["a"]


def test_recordings_of_unwilling_calls(settings: Settings, tmp_path: Path) -> None:
    """Before one is decoded the visits are asked; one that came before its visit loses sound and words, row and file."""
    load_call(settings, "0.1", "+33199000001")
    (sound,) = (settings.store / "audio").rglob("*.webm")
    load_queue_log(settings, csv_of(tmp_path, "0.1,no", "1.1,yes", "2.1,"))
    assert not sound.exists()
    assert values(settings, "select count(*) from recordings") == values(settings, "select count(*) from turns") == [0]
    assert values(settings, "select outcome from calls where call_id = '0.1'") == ["answered"]
    files = [tmp_path / f"in-q-33199000001-20260302-090005-{n}.1.wav" for n in range(3)]
    kept = [judge_of(replace(settings, require_consent=required), None) for required in (False, True)]
    assert [[may_be_kept(file) for file in files] for may_be_kept in kept] == [
        [False, True, True],
        [False, True, False],
    ]


@pytest.mark.parametrize("made", [csv_of, connect_of])
def test_an_odd_consent_is_refused(settings: Settings, tmp_path: Path, made: Callable[..., Path]) -> None:
    """A visit whose consent is neither yes nor no is refused with a sentence; the others are loaded."""
    outcome = load_queue_log(settings, made(tmp_path, "a,yes", "b,perhaps"))
    assert (outcome.new_lines, outcome.refused_lines) == (1, 1)
    assert outcome.refused[0].reason.endswith("has a consent that is neither yes nor no.")
