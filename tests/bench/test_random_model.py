"""The model of random weights that benchmarks use: it loads as any other, and ends where talk of that length would."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.random_model import STEPS, write
from ingest.audio import RATE_HZ
from ingest.speech import load_model


def test_a_random_model_says_a_window_of_words_and_ends(tmp_path: Path) -> None:
    """Whatever it hears, it says the words of half a minute of talk: neither nothing nor words without end."""
    model = load_model(str(write(tmp_path / "tiny", "tiny")), device="cpu", threads=1)
    noise = np.random.default_rng(1).normal(0, 0.1, 30 * RATE_HZ).astype(np.float32)
    (words,) = model.transcribe([noise], "en")
    assert STEPS / 2 < len(words) <= STEPS
    assert model.window_s == 30.0 and not model.is_demonstration
