"""Groups of similar statements, without being told how many there are.

Average-linkage clustering (Sokal and Michener 1958) of a bounded sample: two groups join while the mean cosine of their
statements is at least ``JOIN``. A group parts again where two large parts of it are each far more alike than they are to one
another: matters that share their words ("parcel lost", "wrong thing in the parcel") are two. The mean cosine then decides
where everything else belongs, so a group means the same thing in a centre of 50 calls and in one of a million.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.issues.vectors import Vectors

JOIN = 0.2
"""Mean cosine from which two groups are one: what halves of the intents choose on average (python -m bench.issues)."""
APART = 2.25
"""A group parts in two where each part is so many times as alike as the two are to one another (python -m bench.issues)."""
LEAST_PART = 4
"""Statements that a part of its own needs."""
SAMPLE = 4_000
"""Statements that are compared each with each: 64 MB of distances."""
NOWHERE = -1

Labels = NDArray[np.int64]
Tree = NDArray[np.float64]


def cluster(vectors: Vectors, join: float = JOIN) -> Labels:
    """A group number per statement, 0 being the largest group; shape (n,). At most ``SAMPLE`` statements.

    Statements that say nothing known (length 0) are ``NOWHERE``.
    """
    # imported here: they take most of a second, which what only shows or publishes need not wait for
    from scipy.cluster.hierarchy import linkage
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
    return _by_size(labels, known, _groups(tree, vectors[known], join))


def _groups(tree: Tree, vectors: Vectors, join: float) -> list[Labels]:
    """Numbers of the statements of each group: the tree cut at ``join``, then parted. ``tree`` is as scipy's linkage has it."""
    size = len(vectors)
    whole, open_ = [], [size + len(tree) - 1]
    while open_:
        node = open_.pop()
        if node >= size and 1 - tree[node - size, 2] < join - 1e-9:
            open_ += _children(tree, size, node)
        else:
            whole.append(node)
    return [part for node in whole for part in _parted(tree, vectors, node)]


def _parted(tree: Tree, vectors: Vectors, node: int) -> list[Labels]:
    """The parts of a group. Strays that join only above its two parts go to the part they are more like."""
    whole, strays = _leaves(tree, len(vectors), node), []
    while True:
        if node < len(vectors) or _leaves_of(tree, len(vectors), node) < 2 * LEAST_PART:
            return [whole]
        less, more = sorted(_children(tree, len(vectors), node), key=lambda n: _leaves_of(tree, len(vectors), n))
        if _leaves_of(tree, len(vectors), less) >= LEAST_PART:
            break
        strays.append(_leaves(tree, len(vectors), less))
        node = more
    two = [_leaves(tree, len(vectors), child) for child in (more, less)]
    between = 1 - tree[node - len(vectors), 2]
    if min(_alike(vectors[part]) for part in two) < APART * between:
        return [whole]
    parts = [part for child in (more, less) for part in _parted(tree, vectors, child)]
    middles = np.array([vectors[part].mean(axis=0) for part in parts])
    for stray in strays:
        nearest_part = int(np.round(middles @ vectors[stray].mean(axis=0), 9).argmax())
        parts[nearest_part] = np.concatenate([parts[nearest_part], stray])
    return parts


def _alike(vectors: Vectors) -> float:
    """Mean cosine of each with each other."""
    total, count = vectors.sum(axis=0), len(vectors)
    return float((total @ total - count) / (count * (count - 1)))


def _children(tree: Tree, size: int, node: int) -> list[int]:
    return [int(tree[node - size, 0]), int(tree[node - size, 1])]


def _leaves_of(tree: Tree, size: int, node: int) -> int:
    return 1 if node < size else int(tree[node - size, 3])


def _leaves(tree: Tree, size: int, node: int) -> Labels:
    """The statements below a node, in their order."""
    found, open_ = [], [node]
    while open_:
        one = open_.pop()
        if one < size:
            found.append(one)
        else:
            open_ += _children(tree, size, one)
    return np.array(sorted(found), np.int64)


def _by_size(labels: Labels, known: Labels, groups: Sequence[Labels]) -> Labels:
    """Groups numbered from the largest; of equal ones, the one with the earliest statement first."""
    for number, group in enumerate(sorted(groups, key=lambda group: (-len(group), int(group.min())))):
        labels[known[group]] = number
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
