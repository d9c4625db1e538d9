"""Groups of similar statements, without being told how many there are.

Average-linkage clustering (Sokal and Michener 1958) of a bounded sample: two groups join while the mean cosine of their
statements is at least ``JOIN``. The same rule then decides where everything else belongs, so a group means the same thing
in a centre of 50 calls and in one of a million.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.issues.vectors import Vectors

JOIN = 0.2
"""Mean cosine from which two groups are one: what halves of the intents choose on average (python -m bench.issues)."""
SAMPLE = 4_000
"""Statements that are compared each with each: 64 MB of distances."""
NOWHERE = -1

Labels = NDArray[np.int64]


def cluster(vectors: Vectors, join: float = JOIN) -> Labels:
    """A group number per statement, 0 being the largest group; shape (n,). At most ``SAMPLE`` statements.

    Statements that say nothing known (length 0) are ``NOWHERE``.
    """
    # imported here: they take most of a second, which what only shows or publishes need not wait for
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    labels = np.full(len(vectors), NOWHERE, np.int64)
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0.5)
    if len(known) == 0:
        return labels
    if len(known) == 1:
        labels[known] = 0
        return labels
    distances = np.clip(np.nan_to_num(pdist(vectors[known], "cosine"), nan=1.0), 0, 2)
    tree = linkage(np.round(distances, 9), "average")
    return _by_size(labels, known, fcluster(tree, 1 - join, "distance"))


def _by_size(labels: Labels, known: Labels, found: NDArray[np.int32]) -> Labels:
    """Groups numbered from the largest; of equal ones, the one with the earliest statement first."""
    names, first, sizes = np.unique(found, return_index=True, return_counts=True)
    rank = np.lexsort((first, -sizes))
    number = {int(names[place]): position for position, place in enumerate(rank)}
    labels[known] = [number[int(name)] for name in found]
    return labels


def centres(vectors: Vectors, labels: Labels, groups: int) -> Vectors:
    """The mean vector of each group, shape (groups, d): its product with a statement is their mean cosine."""
    sums = np.zeros((groups, vectors.shape[1]))
    counts = np.zeros(groups)
    inside = labels >= 0
    np.add.at(sums, labels[inside], vectors[inside])
    np.add.at(counts, labels[inside], 1)
    return np.asarray(sums / np.maximum(counts, 1)[:, None])


def nearest(vectors: Vectors, middle: Vectors, join: float = JOIN) -> tuple[Labels, Vectors]:
    """The group that each statement joins, or ``NOWHERE``, and its mean cosine with the group."""
    if len(middle) == 0 or len(vectors) == 0:
        return np.full(len(vectors), NOWHERE, np.int64), np.zeros(len(vectors))
    likeness = np.round(vectors @ middle.T, 9)
    best = likeness.argmax(axis=1)
    value = likeness[np.arange(len(best)), best]
    return np.where(value >= join, best, NOWHERE).astype(np.int64), value


def sampled(keys: Sequence[str], most: int = SAMPLE) -> Labels:
    """Numbers of at most ``most`` items, chosen by the hash of their keys: the same whatever their order."""
    if len(keys) <= most:
        return np.arange(len(keys))
    order = sorted(range(len(keys)), key=lambda i: (zlib.crc32(keys[i].encode()), keys[i]))
    return np.array(sorted(order[:most]))
