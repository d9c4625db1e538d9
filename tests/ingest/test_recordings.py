"""One file from sound to turns, with a scripted model."""

from __future__ import annotations

import json
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sounds import TWO_PEOPLE, ScriptedTranscriber, scripted, write, write_as

from ingest import audio
from ingest.recordings import Job, Result, process
from ingest.speech import load_model
from models.settings import SAMPLE

AGENT = ["thank", "you", "for", "calling", "how", "can", "I", "help", "you"]
CUSTOMER = ["I", "am", "calling", "about", "my", "bill"]


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job with an empty store."""
    return Job(store=tmp_path / "store", time_zone="Europe/Paris", model="scripted", load=scripted)


class TwoRoles(ScriptedTranscriber):
    """The first window is an agent's, the second a customer's, in English."""

    def detect_language(self, window):  # type: ignore[no-untyped-def]
        """English."""
        return super().detect_language(window) and ("en", 0.8)

    def transcribe(self, windows, language):  # type: ignore[no-untyped-def]
        """An agent's words for the first window, a customer's for the others."""
        heard = super().transcribe(windows, language)
        scripts = [AGENT] + [CUSTOMER] * (len(windows) - 1)
        return [
            [replace(w, word=f" {s[i % len(s)]}") for i, w in enumerate(words)]
            for s, words in zip(scripts, heard, strict=True)
        ]


def test_a_two_channel_call_becomes_turns_with_roles(job: Job) -> None:
    """Roles from what is said; measures, waveform and the copy people hear; nothing claimed that isn't known."""
    result = process(TWO_PEOPLE, job, TwoRoles())
    found, said = result.recording, result.transcript
    assert found is not None
    assert said is not None
    assert (result.file.status, result.file.rows_loaded, result.file.reason) == ("loaded", 1, None)
    assert (found.layout, found.agent_channel, found.agent_channel_source) == ("two_channel", 0, "speech")
    assert (found.format, found.sample_rate_hz, found.channels) == ("ogg", 48_000, 2)
    assert (found.metadata.source, found.metadata.started_at) == ("unknown", None)
    assert said.call_id == f"rec-{found.recording_id[:16]}"
    assert (said.origin, said.model, said.is_demonstration) == ("recording", "scripted", False)
    assert {t.speaker for t in said.turns} == {"agent", "customer"}
    assert found.measures.agent_talk_s == pytest.approx(11.8, abs=2)
    assert [len(lane) for lane in found.waveform] == [1000, 1000]
    assert found.audio_path is not None
    assert (job.store / found.audio_path).is_file()


def test_the_sidecar_says_who_is_who(job: Job, tmp_path: Path) -> None:
    """A sidecar's channel beats what is said; its lane comes first in the waveform and left in the copy."""
    path = tmp_path / "call.ogg"
    path.write_bytes(TWO_PEOPLE.read_bytes())
    (tmp_path / "call.json").write_text(json.dumps({"call_id": "7", "agent_channel": 1, "language": "fr-FR"}))
    model = TwoRoles()
    found, said = (result := process(path, job, model)).recording, result.transcript
    assert found is not None
    assert said is not None
    assert (found.agent_channel, found.agent_channel_source, said.call_id) == (1, "sidecar", "7")
    assert (said.language, model.detected) == ("fr", 0)
    plain = process(TWO_PEOPLE, replace(job, agent_channel=0), model).recording
    assert plain is not None
    assert plain.agent_channel_source == "setting"
    assert found.waveform == plain.waveform[::-1]


def test_roles_stay_unknown_when_nobody_says_them(job: Job) -> None:
    """No cues, no roles: not the left channel by habit."""
    result = process(TWO_PEOPLE, job, ScriptedTranscriber())
    assert result.recording is not None
    assert result.transcript is not None
    assert (result.recording.agent_channel, result.recording.agent_channel_source) == (None, "unknown")
    assert result.recording.measures.agent_talk_s is None
    assert {t.speaker for t in result.transcript.turns} == {"unknown"}


def mono_mix(path: Path, twice: bool = False) -> Path:
    """The real call on one channel, or on two equal ones."""
    with audio.decode(TWO_PEOPLE, 1) as sound:
        mix = sound.pcm(0) // 2 + sound.pcm(1) // 2
    return write(path, np.stack([mix] * (1 + twice), axis=1), rate=16_000)


@pytest.mark.parametrize("twice", [False, True])
def test_a_mono_call_has_two_voices_without_roles(job: Job, tmp_path: Path, twice: bool) -> None:
    """Voices are told apart by their sound, also on false stereo; roles stay unknown without cues."""
    result = process(mono_mix(tmp_path / "x.wav", twice), job, ScriptedTranscriber())
    assert result.recording is not None
    assert result.transcript is not None
    assert result.recording.layout == ("false_stereo" if twice else "mono")
    assert len(result.recording.waveform) == 1
    assert result.recording.measures.overlap_s is None
    assert len(result.transcript.turns) >= 2
    assert {t.speaker for t in result.transcript.turns} == {"unknown"}


def test_silence_is_a_recording_without_words(job: Job, tmp_path: Path) -> None:
    """A silent call is loaded: that nobody spoke is worth knowing."""
    result = process(write(tmp_path / "x.wav", np.zeros((80_000, 2), np.int16)), job, ScriptedTranscriber())
    assert result.recording is not None
    assert result.transcript is not None
    assert result.transcript.turns == ()
    assert result.recording.measures.silence_s == 10.0


def test_a_call_that_is_cut_short_is_loaded_and_says_so(job: Job, tmp_path: Path) -> None:
    """What is there is worth having; the reason is kept with it."""
    path = write_as(tmp_path / "x.wav", "wav", 10)
    path.write_bytes(path.read_bytes()[:100_000])
    result = process(path, job, ScriptedTranscriber())
    assert result.recording is not None
    assert (result.file.status, result.file.reason) == ("partly_refused", "The recording is cut short after 3 s.")


@pytest.mark.parametrize("name", ["gone.wav", "folder.wav"])
def test_what_can_t_be_read_is_refused(job: Job, tmp_path: Path, name: str) -> None:
    """A file that vanished, or is a folder, costs a sentence."""
    (tmp_path / "folder.wav").mkdir()
    result = process(tmp_path / name, job, ScriptedTranscriber())
    assert result.recording is None
    assert result.file.status == "refused"
    assert (result.file.reason or "").startswith("The file can't be read (")


def test_whatever_a_library_does_one_file_pays(job: Job) -> None:
    """An unforeseen error in the model refuses the file in a sentence, and leaves no temporary files."""

    class Broken(ScriptedTranscriber):
        def transcribe(self, windows, language):  # type: ignore[no-untyped-def]
            raise RuntimeError("CUDA out of\nmemory")

    result = process(TWO_PEOPLE, job, Broken())
    assert result.file.reason == "It can't be processed (RuntimeError: CUDA out of memory)."
    assert [p.name for p in job.store.iterdir()] == []


def test_a_file_that_grows_while_it_is_read_is_refused(job: Job, tmp_path: Path) -> None:
    """Half a call must not be loaded for the whole: the next run takes it."""
    path = tmp_path / "x.ogg"
    path.write_bytes(TWO_PEOPLE.read_bytes())

    def grow(share: float) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    result = process(path, job, ScriptedTranscriber(), report=grow)
    assert result.file.reason == "The file changed while it was read; load it again when it is complete."


def test_the_same_file_gives_the_same_result(job: Job) -> None:
    """Deterministic, and picklable both ways: it runs on a cluster as it is."""
    first, second = (replace(process(TWO_PEOPLE, job, ScriptedTranscriber()), took_s=0.0) for _ in range(2))
    assert first == second
    assert pickle.loads(pickle.dumps(first)) == first
    assert pickle.loads(pickle.dumps(job)) == job


def test_undecodable_names_are_stored_as_text(job: Job, tmp_path: Path) -> None:
    """The path in the store is valid text."""
    path = tmp_path / os.fsdecode(b"call \xff\n'1'.ogg")
    path.write_bytes(TWO_PEOPLE.read_bytes())
    result: Result = process(path, job, ScriptedTranscriber())
    assert result.file.path.endswith(r"call \xff\n'1'.ogg")
    assert result.file.path.encode("utf-8")


def test_a_sample_call_is_understood_by_the_bundled_model(job: Job, tmp_path: Path) -> None:
    """The beginning of a spoken sample call through the real model: roles, English, and its telephony id."""
    sidecar = min((SAMPLE / "recordings").glob("*.json"))
    path = next(p for p in sidecar.parent.glob(f"{sidecar.stem}.*") if p.suffix != ".json")
    with audio.decode(path, 1) as sound:
        pair = np.stack([sound.pcm(c, 0, 12 * audio.RATE_HZ) for c in (0, 1)], axis=1)
    (tmp_path / "x.json").write_text(sidecar.read_text())
    result = process(write(tmp_path / "x.wav", pair, rate=16_000), job, load_model("demo", "cpu", threads=1))
    assert result.transcript is not None
    assert result.transcript.is_demonstration
    assert result.transcript.call_id == json.loads(sidecar.read_text())["call_id"]
    assert [t.speaker for t in result.transcript.turns][:2] == ["agent", "customer"]


def test_spoken_card_numbers_are_silenced(job: Job) -> None:
    """A card number that is heard leaves a mark in the words, and silence in the copy that people hear."""
    spoken = ScriptedTranscriber(tuple(f" {d}" for d in "4242424242424242"))
    result = process(TWO_PEOPLE, job, spoken)
    assert result.recording is not None and result.transcript is not None
    assert result.recording.audio_path is not None
    assert dict(result.transcript.redacted)["card_number"] >= 1
    assert not any("4" in t.text or any("4" in w.word for w in t.words) for t in result.transcript.turns)
    span = next(w for t in result.transcript.turns for w in t.words if w.word == "[card number]")
    with audio.decode(job.store / result.recording.audio_path, 1) as heard:
        inside = [
            heard.read(lane, int((span.start_s + 0.3) * 16_000), int((span.end_s - 0.1) * 16_000)) for lane in (0, 1)
        ]
    assert max(float(np.abs(samples).max(initial=0.0)) for samples in inside) < 0.01
