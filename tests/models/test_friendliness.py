"""The friendliness leaning: courteous words above curt ones, English only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.friendliness import WEIGHTS, leaning, version
from models.ngrams import load, save
from tools.friendliness.fit import fit, read


@pytest.mark.parametrize(
    ("courteous", "curt"),
    [
        (
            "Thanks for your patience. Could you please tell me your order number?",
            "What is your order number? Why no answer?",
        ),
        (
            "I would be happy to help. Would you mind holding for a moment?",
            "Why did you do that? What is wrong with you?",
        ),
    ],
)
def test_courtesy_leans_above_curtness(courteous: str, curt: str) -> None:
    """A courteous request leans to friendly, a curt one does not, with and without capitals and punctuation."""
    high, low = leaning(courteous, "en"), leaning(curt, "en")
    assert high is not None and low is not None
    assert 0 <= low < 0.5 < high <= 1
    assert leaning(courteous.lower().replace(".", "").replace("?", ""), "en") == pytest.approx(high)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("Yes please", "en"),
        ("Could you hold for a moment?", None),
        ("Pourriez-vous patienter un instant ?", "fr"),
    ],
)
def test_no_leaning_without_enough_english(text: str, language: str | None) -> None:
    """Short texts, other languages and unknown languages have no leaning."""
    assert leaning(text, language) is None


def test_the_weights_are_reproduced(tmp_path: Path) -> None:
    """Training on the committed requests gives the committed file, up to rounding of the optimiser."""
    requests = read()
    made = fit(requests, np.arange(len(requests.polite)))
    save(tmp_path / "weights.npz", requests.names, made)
    kept, again = load(WEIGHTS), load(tmp_path / "weights.npz")
    assert kept.index == again.index
    assert np.allclose(kept.parts, again.parts, atol=0.02)
    assert len(version()) == 12
