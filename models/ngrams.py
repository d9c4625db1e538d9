"""Words and word pairs of a text, and the small tables of weights that read them.

Transcripts come with and without capitals and punctuation: both are taken away, so that the same words weigh the same.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ADDRESS = re.compile(r"(https?://\S+|\[url\]|(?<!\S)\S+@\S+\.\w+|@ ?\S+)")
NUMBER = re.compile(r"\d(?:[\d.,:/-]*\d)?")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Weights:
    """What training leaves behind, for ``g`` n-grams, ``p`` parts of a text and ``f`` further figures.

    ``index`` numbers the n-grams 0..g-1; ``idf`` has shape (g,), ``parts`` (g, p), ``figures`` (3, f): the mean, the
    spread and the weight of each figure. ``version`` is a hash of the file.
    """

    index: dict[str, int]
    idf: NDArray[np.floating]
    parts: NDArray[np.floating]
    figures: NDArray[np.floating]
    intercept: float
    version: str


def words(text: str) -> list[str]:
    """The words of ``text`` in lower case; numbers become ``0``, addresses and handles disappear."""
    plain = ADDRESS.sub(" ", text.lower().replace("’", "'"))
    return WORD.findall(NUMBER.sub(" 0 ", plain))


def grams(said: Sequence[str]) -> Counter[str]:
    """How often each word, and each pair of neighbouring words ("thank you"), occurs."""
    return Counter([*said, *map(" ".join, pairwise(said))])


@lru_cache(maxsize=32)
def load(path: Path) -> Weights:
    """Read a file that ``save`` wrote. NumPy's plain arrays only: nothing in it can run."""
    with np.load(path, allow_pickle=False) as held:
        names = bytes(held["names"]).decode("utf-8").split("\n")
        return Weights(
            {name: number for number, name in enumerate(names)},
            held["idf"].astype(np.float32),
            held["parts"].astype(np.float32) * held["scale"],
            held["figures"],
            float(held["intercept"]),
            hashlib.sha256(path.read_bytes()).hexdigest()[:12],
        )


def save(path: Path, names: Sequence[str], weights: Weights) -> None:
    """Write weights as compressed arrays; n-gram weights are rounded to 1/32767 of the greatest of their part."""
    scale = np.maximum(np.abs(weights.parts).max(axis=0), 1e-12).astype(np.float32) / 32767
    np.savez_compressed(
        path,
        names=np.frombuffer("\n".join(names).encode("utf-8"), np.uint8),
        idf=weights.idf.astype(np.float16),
        parts=np.round(weights.parts / scale).astype(np.int16),
        scale=scale,
        figures=weights.figures.astype(np.float32),
        intercept=np.float64(weights.intercept),
    )


def weigh(weights: Weights, part: int, counted: Counter[str]) -> float:
    """The sum of the weights of what was said, each n-gram by (1 + ln count) × idf, over the length of that vector."""
    pairs = [(weights.index[g], 1 + math.log(n)) for g, n in counted.items() if g in weights.index]
    if not pairs:
        return 0.0
    at = np.fromiter((p[0] for p in pairs), np.int64, len(pairs))
    value = np.fromiter((p[1] for p in pairs), np.float64, len(pairs)) * weights.idf[at]
    return float(value @ weights.parts[at, part] / np.sqrt(value @ value))


def figured(weights: Weights, figures: Sequence[float]) -> float:
    """The sum of the weights of further figures, each in spreads from its mean and never more than 2 of them."""
    mean, spread, weight = weights.figures.astype(np.float64)
    return float(np.clip((np.asarray(figures, np.float64) - mean) / spread, -2, 2) @ weight)
