"""Statements as vectors: stems, pairs of neighbours and character 4-grams, weighed by rarity, then latent dimensions.

What is said in other words lands near when it is said beside the same words elsewhere (latent semantic analysis:
Deerwester et al. 1990). A space is made of a bounded sample and reads any statement afterwards.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import scipy.sparse as sp  # imported where it is used: what only publishes or shows need not wait for it

Vectors = NDArray[np.float64]
Words = Sequence[str]
Said = tuple[Words, Words]
"""The telling words of a statement, and those of what the agent says to it."""

STEM = 6
"""Letters by which two words are forms of one."""
GRAM = 4
WEIGHTS = {"word": 1.0, "pair": 0.7, "gram": 0.3, "alike": 2.5}
"""How much a feature counts beside its rarity."""
ALIKE = "="
"""Before a word that stands for what can be said in several ways (data/issues.toml): "=twice"."""
FEWEST = 2
"""A feature that fewer statements have tells nothing about others."""
ANSWER = 0.5
"""How much the agent's answer counts beside the statement: it names the matter in the company's own words."""
DIMENSIONS_PER_ROOT = 1.1
LEAST_DIMENSIONS = 12
MOST_DIMENSIONS = 150


@dataclass(frozen=True, slots=True)
class Space:
    """Reads ``f`` features into ``d`` dimensions: ``idf`` has shape (f,), ``basis`` (f, d)."""

    index: dict[str, int]
    idf: Vectors
    basis: Vectors


def features(words: Words) -> Counter[str]:
    """Features of a statement, each named by its kind."""
    alike = {word for word in words if word.startswith(ALIKE)}
    plain = [word for word in words if word not in alike]
    stems = [word[:STEM] for word in plain]
    joined = f" {' '.join(plain)} "
    grams = (joined[i : i + GRAM] for i in range(len(joined) - GRAM + 1))
    return Counter(
        [
            *(f"word {stem}" for stem in stems),
            *(f"alike {word}" for word in sorted(alike)),
            *(f"pair {a} {b}" for a, b in pairwise(stems)),
            *(f"gram {gram}" for gram in grams if " " not in gram[1:-1]),
        ]
    )


def make(sample: Sequence[Said]) -> Space:
    """The space that a sample of statements spans. The same statements in any order give the same space."""
    ordered = sorted((tuple(words), tuple(answer)) for words, answer in sample)
    counted = [(features(words), features(answer)) for words, answer in ordered]
    seen = Counter(name for said, answered in counted for name in said | answered)
    index = {name: i for i, name in enumerate(sorted(name for name, n in seen.items() if n >= FEWEST))}
    kinds = np.array([WEIGHTS[name.split(" ", 1)[0]] for name in index])
    counts = np.array([seen[name] for name in index], np.float64)
    idf = (np.log((1 + len(counted)) / (1 + counts)) + 1) * kinds
    raw = Space(index, idf, np.eye(0))
    return Space(index, idf, _basis(_weighed(raw, counted)))


def place(space: Space, statements: Iterable[Said]) -> Vectors:
    """Where statements lie: shape (n, d), each of length 1, or 0 where nothing is known of its words."""
    matrix = _weighed(space, [(features(words), features(answer)) for words, answer in statements])
    return unit(np.asarray(matrix @ space.basis))


def unit(vectors: Vectors) -> Vectors:
    """Each row over its length; rows of 0 stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9))


def dimensions(statements: int) -> int:
    """How many latent dimensions so many statements carry: 35 of a thousand."""
    return max(LEAST_DIMENSIONS, min(MOST_DIMENSIONS, round(DIMENSIONS_PER_ROOT * math.sqrt(statements))))


def _weighed(space: Space, counted: Sequence[tuple[Counter[str], Counter[str]]]) -> sp.csr_matrix:
    """Statements with their answers, shape (n, f). Where a statement says nothing known, its answer counts for nothing."""
    import scipy.sparse as sp

    said = _sparse(space, [said for said, _ in counted])
    answered = _sparse(space, [answered for _, answered in counted])
    spoken = sp.diags((said.getnnz(axis=1) > 0).astype(np.float64))
    return sp.csr_matrix(said + ANSWER * (spoken @ answered))


def _sparse(space: Space, counted: Sequence[Counter[str]]) -> sp.csr_matrix:
    """Weighed features, shape (n, f), each row of length 1."""
    import scipy.sparse as sp

    rows, columns, values = [], [], []
    for row, names in enumerate(counted):
        known = [(space.index[name], 1 + math.log(n)) for name, n in sorted(names.items()) if name in space.index]
        weighed = [value * space.idf[column] for column, value in known]
        length = math.sqrt(math.fsum(v * v for v in weighed)) or 1.0
        rows += [row] * len(known)
        columns += [column for column, _ in known]
        values += [v / length for v in weighed]
    return sp.csr_matrix((values, (rows, columns)), shape=(len(counted), len(space.index)), dtype=np.float64)


def _basis(matrix: sp.csr_matrix) -> Vectors:
    """The leading right singular vectors, shape (f, d), greatest first, their signs settled."""
    from scipy.sparse.linalg import svds

    wanted = min(dimensions(matrix.shape[0]), min(matrix.shape) - 1)
    if wanted < 1:
        return np.eye(matrix.shape[1])
    start = np.random.default_rng(0).random(min(matrix.shape))
    _, found, right = svds(matrix.tocsc(), k=wanted, v0=start)
    right = right[np.argsort(-found)]
    signs = np.sign(right[np.arange(len(right)), np.abs(right).argmax(axis=1)])
    return np.asarray((right * signs[:, None]).T)
