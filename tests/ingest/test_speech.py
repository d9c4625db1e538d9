"""Speech in sound: ranges, windows, words; and models that can't be had."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import TWO_PEOPLE, ScriptedTranscriber, tones, write

from ingest import audio, speech
from ingest.speech import Window
from models.errors import ModelUnavailable
from models.records import Word
from models.settings import DEMONSTRATION_MODEL

ranges = st.lists(st.integers(0, 3_000_000), max_size=40, unique=True).map(
    lambda edges: list(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)


@given(ranges)
def test_padding_keeps_ranges_apart_and_inside(found: list[speech.Range]) -> None:
    """Padded ranges contain the bare ones, stay disjoint and within the recording."""
    wide = speech.padded(found, 3_000_000)
    assert all(a <= c and d <= b for (a, b), (c, d) in zip(wide, found, strict=True))
    assert all(0 <= a < b <= 3_000_000 for a, b in wide)
    assert all(b <= c for (_, b), (c, _) in pairwise(wide))


@given(ranges, st.integers(100_000, 500_000))
def test_windows_hold_all_speech_in_order(found: list[speech.Range], longest: int) -> None:
    """Every piece is in one window, in order; a window is only over-long when its one piece is."""
    made = speech.windows(0, found, longest)
    assert [p for w in made for p in w.pieces] == found
    assert all(w.length <= longest or len(w.pieces) == 1 for w in made)


def test_words_get_their_time_in_the_recording() -> None:
    """A word heard in the second piece of a window is placed there, and never reaches into the gap between."""
    window = Window(0, ((16_000, 32_000), (160_000, 176_000)))
    heard = [Word(" a", 0.2, 0.5, 1), Word(" b", 0.8, 1.3, 1), Word(" c", 0.9, 1.9, 1), Word(" d", 1.9, 2.5, 1)]
    placed = [(w.word, w.start_s, w.end_s) for w in speech._placed(heard, window)]
    assert placed == [(" a", 1.2, 1.5), (" b", 10.0, 10.3), (" c", 10.0, 10.9), (" d", 10.9, 11.0)]


def test_text_that_the_model_itself_takes_for_silence_is_dropped() -> None:
    """Words of a window are dropped when no speech is probable and the text unsure, and kept when only one holds."""
    model = speech.load_model("demo", threads=1)

    def segment(at: int, no_speech: float, sure: float) -> SimpleNamespace:
        word = SimpleNamespace(word=" yes", start=at * 6.0 + 1, end=at * 6.0 + 1.4, probability=0.3)
        return SimpleNamespace(seek=at * 600, no_speech_prob=no_speech, avg_logprob=sure, words=[word])

    heard = model._by_window([segment(0, 0.9, -1.5), segment(1, 0.9, -0.2), segment(2, 0.1, -1.5)], 3)
    assert [len(words) for words in heard] == [0, 1, 1]


def test_silence_costs_nothing(tmp_path: Path) -> None:
    """Digital silence and line noise hold no speech: the model isn't asked, not even for the language."""
    noise = np.random.default_rng(0).normal(0, 3, (480_000, 2)).astype(np.int16)
    noise[:, 1] = 0
    model = ScriptedTranscriber()
    with audio.decode(write(tmp_path / "x.wav", noise, rate=16_000), 1) as sound:
        found = [speech.speech_ranges(sound, c) for c in (0, 1)]
        heard = speech.transcribe(sound, [0, 1], found, model)
    assert (heard.words, heard.language, model.windows, model.detected) == (((), ()), None, [], 0)


def test_a_call_is_batched_across_channels_and_its_language_found_once() -> None:
    """The windows of both channels share batches; progress ends at one; words lie within the call."""
    model = ScriptedTranscriber()
    shares: list[float] = []
    with audio.decode(TWO_PEOPLE, 1) as sound:
        found = [speech.speech_ranges(sound, c, model.window_s) for c in (0, 1)]
        heard = speech.transcribe(sound, [0, 1], found, model, None, shares.append)
        talk = sum(b - a for r in found for a, b in r)
    assert (heard.language, heard.language_probability, model.detected) == ("fr", 0.9, 1)
    assert len(model.windows) == 2
    assert talk <= sum(model.windows) < 2 * talk
    assert shares == [1.0]
    assert all(0 <= w.start_s <= w.end_s <= 30.1 for lane in heard.words for w in lane)


def test_a_given_language_is_not_looked_for() -> None:
    """Forced is forced."""
    model = ScriptedTranscriber()
    with audio.decode(TWO_PEOPLE, 1) as sound:
        heard = speech.transcribe(sound, [0], [[(0, 32_000)]], model, "en")
    assert (heard.language, model.detected) == ("en", 0)


def test_long_recordings_are_searched_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions cover the recording without a gap, and are cut where it is quiet."""
    monkeypatch.setattr(speech, "_PORTION_S", 20)
    loud = tones(60, 16_000, 1)
    loud[15 * 16_000 : 15 * 16_000 + 8_000] = 0
    with audio.decode(write(tmp_path / "x.wav", loud, rate=16_000), 1) as sound:
        portions = [(start, start + len(samples)) for start, samples in speech._portions(sound, 0)]
    assert [p[0] for p in portions] == [0, *(p[1] for p in portions[:-1])]
    assert portions[-1][1] == 60 * 16_000
    assert 15.0 <= portions[0][1] / 16_000 <= 15.5


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nosuch", "There is no speech model called 'nosuch'"),
        ("/nowhere/model", "There is no model folder at '/nowhere/model'"),
        ("tiny", "The speech model 'tiny' isn't on this machine and can't be downloaded"),
        (str(Path(__file__).parent), "can't be loaded"),
    ],
)
def test_a_model_that_can_t_be_had_says_the_way_out(
    name: str, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One sentence says what is wrong, the next what to do; no traceback, no waiting for the hub."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelUnavailable) as error:
        speech.load_model(name)
    assert sentence in str(error.value)
    assert "--model FOLDER or set EARSHOT_MODEL" in str(error.value)


def test_the_demonstration_model_is_known_by_name_and_folder() -> None:
    """However it is named, it is marked."""
    assert speech.is_demonstration("demo")
    assert speech.is_demonstration(str(DEMONSTRATION_MODEL))
    assert not speech.is_demonstration("small")


def test_the_bundled_model_transcribes_in_its_own_window() -> None:
    """The real model, for real: English only, six-second windows, words in order with probabilities."""
    model = speech.load_model("demo", "cpu", threads=1)
    assert (model.is_demonstration, model.window_s, model.languages) == (True, 6.0, frozenset({"en"}))
    with audio.decode(TWO_PEOPLE, 1) as sound:
        found = speech.speech_ranges(sound, 0, model.window_s)[:2]
        heard = speech.transcribe(sound, [0], [found], model)
    (words,) = heard.words
    assert (heard.language, heard.language_probability) == ("en", 1.0)
    assert words
    assert all(0 < w.probability <= 1 for w in words)
    assert [w.start_s for w in words] == sorted(w.start_s for w in words)
