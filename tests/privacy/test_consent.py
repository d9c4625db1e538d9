"""Nothing is kept of a call whose customer did not agree, but that there was one."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.commands.transcripts import load_file
from ingest.metadata import read
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
