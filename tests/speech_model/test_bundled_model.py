"""The bundled demonstration model loads into an unmodified faster-whisper, offline, and hears the sample calls."""

from __future__ import annotations

import json
from pathlib import Path

import jiwer
import numpy as np
import pytest
from faster_whisper import BatchedInferencePipeline, WhisperModel

from tools.speech_model.evaluate import RATE, Decoding, Turn, is_silence, normal, sample_recordings, transcribe
from tools.speech_model.paths import MODEL, SAMPLE

SILENT_S = 8
CHANNELS = 2
BEGINNING_S = 60
MOST_WORD_ERRORS = 0.12


@pytest.fixture(scope="module")
def pipeline() -> BatchedInferencePipeline:
    """The bundled model as Earshot uses it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        model = WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=1)
    return BatchedInferencePipeline(model)


@pytest.fixture(scope="module")
def heard(pipeline: BatchedInferencePipeline) -> list[tuple[list[Turn], list[Turn]]]:
    """What is said and what the model hears, with word times, at the beginning of the first sample recording."""
    heard = []
    for _, (sound, turns) in zip(range(CHANNELS), sample_recordings(SAMPLE), strict=False):
        said = [turn for turn in turns if turn.end_s < BEGINNING_S]
        beginning = sound[: round((said[-1].end_s + 0.3) * RATE)]
        heard.append((said, transcribe(pipeline, beginning, Decoding(words=True))))
    return heard


@pytest.mark.parametrize("loudness", [0.0, 0.0005])
def test_silence_has_no_words(pipeline: BatchedInferencePipeline, loudness: float) -> None:
    """Digital silence and faint noise, even handed over as a clip of speech, are marked as no speech."""
    sound = loudness * np.random.default_rng(1).standard_normal(SILENT_S * 16000)
    clips = [{"start": 0.0, "end": 5.0}]
    segments, _ = pipeline.transcribe(sound.astype("float32"), language="en", clip_timestamps=clips)
    assert all(is_silence(segment.no_speech_prob, segment.avg_logprob) for segment in segments)


def test_sample_calls_are_understood(heard: list[tuple[list[Turn], list[Turn]]]) -> None:
    """Most words of the sample calls are heard, though training met none of their sentences."""
    said = [normal(" ".join(turn.text for turn in turns)) for turns, _ in heard]
    understood = [normal(" ".join(turn.text for turn in turns)) for _, turns in heard]
    assert jiwer.wer(said, understood) < MOST_WORD_ERRORS


def test_word_times_follow_the_speech(heard: list[tuple[list[Turn], list[Turn]]]) -> None:
    """Words are in order, inside the recording, and nearly all inside a turn (half a second of grace)."""
    inside = []
    for said, found in heard:
        words = [word for turn in found for word in turn.words]
        starts = [start for start, _, _ in words]
        assert starts == sorted(starts)
        inside += [any(t.start_s - 0.5 <= start <= t.end_s + 0.5 for t in said) for start in starts]
    assert np.mean(inside) > 0.95


def test_the_folder_is_complete() -> None:
    """Every file that faster-whisper would otherwise look for on the network is there, and the card with it."""
    names = {path.name for path in MODEL.iterdir()}
    expected = {"config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "vocabulary.json"}
    assert expected | {"README.md"} <= names


def test_a_window_is_six_seconds() -> None:
    """The window that the model was trained on is the one that faster-whisper is told."""
    settings = json.loads(Path(MODEL, "preprocessor_config.json").read_text(encoding="utf-8"))
    assert settings["chunk_length"] == 6
