"""Friendliness leaning of what an agent says, 0 to 1, from n-grams of requests whose politeness was judged.

English only, and trained on written requests among volunteers (see data/friendliness/README.md), not on agents: courtesy
in the words, nothing of the tone. `python -m tools.friendliness` trains it, `python -m bench.satisfaction` measures it.
"""

from __future__ import annotations

import math

from models.ngrams import grams, load, weigh, words
from models.settings import ROOT

WEIGHTS = ROOT / "data" / "friendliness" / "weights.npz"
TOO_LITTLE = 4
"""With fewer words than this there is no leaning."""


def version() -> str:
    """Hash of the weights."""
    return load(WEIGHTS).version


def leaning(text: str, language: str | None) -> float | None:
    """How likely it is, 0 to 1, that raters find ``text`` polite rather than impolite.

    None unless ``language`` is ``en``, with fewer than ``TOO_LITTLE`` words, or when no word of it is known.
    """
    said = words(text)
    if language != "en" or len(said) < TOO_LITTLE:
        return None
    weights = load(WEIGHTS)
    if not any(word in weights.index for word in said):
        return None
    return 1 / (1 + math.exp(-(weights.intercept + weigh(weights, 0, grams(said)))))
