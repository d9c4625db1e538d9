"""Ridge regression on the n-grams of each part of a dialogue, and honest estimates of how well it does.

Each part is a TF-IDF vector of length 1. N-grams that go with the ratings are stretched before the ridge (by their
correlation in the training dialogues, to a power), so that the penalty falls on those that say nothing.

The raters also marked what each turn does (trigger, step, goal, nothing). A ridge on the turns learns what such turns
sound like; how far each part sounds so is one more thing that the ridge on dialogues may use. It is linear in the same
n-grams, so it ends up in their weights: the model that is kept knows nothing of turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.linalg import LinearOperator, cg
from scipy.stats import spearmanr

from models.ngrams import Weights
from models.satisfaction import PARTS, figures, parts
from tools.satisfaction.data import Rated

Vector = NDArray[np.float64]
ALPHAS = (4.0, 8.0, 16.0)
POWERS = (0.0, 0.5)
FIGURES_WEIGHT = 0.1
"""Figures are few and dense beside thousands of n-grams: this keeps them from crowding those out."""
TOLD_PARTS = PARTS[:5]
"""Parts of which it is asked what their turns do: the others only repeat them."""
TOLD_WEIGHT = 0.1
TOLD_PENALTY = 3.0
TOLD_FOLDS = 5
PLACE_WEIGHT = 0.3
MIN_DIALOGUES = 2
"""An n-gram must occur in this many training dialogues."""


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of one party: counts (t, g), dialogue (t,), their place and length (t, 5), raters' marks (t, 4)."""

    counts: sparse.csr_matrix
    dialogue: NDArray[np.int64]
    place: Vector
    marks: Vector


@dataclass(frozen=True, slots=True)
class Table:
    """What the ridge reads: sparse counts (n, g) per part, figures (n, f), target (n,) in -2..2; and the turns."""

    parts: list[sparse.csr_matrix]
    told: list[Turns]
    """For each of ``TOLD_PARTS``, the turns of the party that speaks in it."""
    figures: Vector
    target: Vector


@dataclass(frozen=True, slots=True)
class Choice:
    """Hyper-parameters: the ridge's penalty, and the power to which correlations stretch n-grams."""

    alpha: float
    power: float


def table(rated: Rated) -> Table:
    """The counts of each part and the figures of every dialogue."""
    n, starts = len(rated.ratings), np.searchsorted(rated.dialogue, np.arange(len(rated.ratings) + 1))
    chosen: list[list[tuple[int, int]]] = [[] for _ in PARTS]
    numbers = []
    for dialogue in range(n):
        turns = range(starts[dialogue], starts[dialogue + 1])
        said = [(bool(rated.customer[t]), int(rated.lengths[t])) for t in turns]
        for place, turn_numbers in enumerate(parts(said)):
            chosen[place] += [(dialogue, turns[number]) for number in turn_numbers]
        numbers.append(figures([(customer, ["word"] * length) for customer, length in said]))
    by_party = {party: turns_of(rated, party) for party in (True, False)}
    told = [by_party[name.startswith("customer")] for name in TOLD_PARTS]
    return Table([summed(rated.counts, pairs, n) for pairs in chosen], told, np.array(numbers), rated.target)


def turns_of(rated: Rated, customer: bool) -> Turns:
    """The turns of the customers, or of the helpdesks."""
    number = np.arange(len(rated.dialogue))
    starts = np.searchsorted(rated.dialogue, np.arange(len(rated.ratings) + 1))
    before, after = number - starts[rated.dialogue], starts[rated.dialogue + 1] - 1 - number
    place = np.stack([before == 0, before == 1, after == 0, after == 1, np.log1p(rated.lengths) - 3.0], axis=1)
    own = rated.customer == customer
    return Turns(rated.counts[own], rated.dialogue[own], place[own].astype(np.float64), rated.nuggets[own])


def summed(counts: sparse.csr_matrix, pairs: Sequence[tuple[int, int]], n: int) -> sparse.csr_matrix:
    """Counts added up per dialogue, shape (n, g); ``pairs`` are (dialogue, turn)."""
    rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
    return (
        sparse.csr_matrix((np.ones(len(pairs), np.float32), (rows, columns)), (n, counts.shape[0])) @ counts
    ).tocsr()


def inverse_frequency(data: Table, rows: NDArray[np.int64]) -> Vector:
    """idf of each n-gram, shape (g,), in whole dialogues; 0 for those of fewer than ``MIN_DIALOGUES``."""
    seen = np.bincount(sum(part[rows] for part in data.parts).indices, minlength=data.parts[0].shape[1])
    # the weights file keeps idf in half precision: train on what will be read
    idf = (np.log((1 + len(rows)) / (1 + seen)) + 1).astype(np.float16).astype(np.float64)
    return np.where(seen >= MIN_DIALOGUES, idf, 0.0)


def weighted(counts: sparse.csr_matrix, idf: Vector) -> sparse.csr_matrix:
    """TF-IDF rows of length 1: (1 + ln count) × idf."""
    scaled = counts.astype(np.float64)
    scaled.data = (1 + np.log(scaled.data)) * idf[scaled.indices]
    lengths = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    return (sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ scaled).tocsr()


def stretch(vectors: sparse.csr_matrix, target: Vector, power: float) -> Vector:
    """A factor per n-gram, shape (g,): |t| of its correlation with the target to ``power``, rows of mean square 1."""
    squares = np.asarray(vectors.multiply(vectors).mean(axis=0)).ravel()
    if not power:
        return np.ones(len(squares))
    mean = np.asarray(vectors.mean(axis=0)).ravel()
    standard = (target - target.mean()) / target.std()
    spread = np.sqrt(np.maximum(squares - mean**2, 1e-12))
    factor = (np.abs(vectors.T @ standard) / spread / np.sqrt(len(target))) ** power
    return np.asarray(factor / np.sqrt(max(float(squares @ factor**2), 1e-12)))


def products(vectors: sparse.csr_matrix) -> Vector:
    """Inner products of all rows, shape (n, n): common n-grams as dense columns, which is several times as fast."""
    common = np.bincount(vectors.indices, minlength=vectors.shape[1]) > vectors.shape[0] // 20
    dense, rare = vectors[:, common].toarray(), vectors[:, ~common]
    return np.asarray(dense @ dense.T + (rare @ rare.T).toarray())


def sounds(turns: Turns, rows: NDArray[np.int64], idf: Vector) -> Vector:
    """Weights of each n-gram for each of the marks, shape (g, 4): a ridge on the turns of these dialogues."""
    own = np.isin(turns.dialogue, rows)
    said = weighted(turns.counts[own], idf)
    vectors = sparse.hstack([said, sparse.csr_matrix(turns.place[own] * PLACE_WEIGHT)]).tocsr()
    marks = turns.marks[own] - turns.marks[own].mean(axis=0)
    kernel = LinearOperator(
        (len(marks), len(marks)), matvec=lambda v: vectors @ (vectors.T @ v) + TOLD_PENALTY * v, dtype=np.float64
    )
    dual = np.stack([cg(kernel, column, rtol=1e-3, maxiter=60)[0] for column in marks.T], axis=1)
    return np.asarray(said.T @ dual)


def tells(data: Table, rows: NDArray[np.int64], idf: Vector) -> list[Vector]:
    """``sounds`` for each part of ``TOLD_PARTS``; the turns of a party are learned once."""
    known = {id(turns): sounds(turns, rows, idf) for turns in data.told}
    return [known[id(turns)] for turns in data.told]


def told(data: Table, rows: NDArray[np.int64], idf: Vector, vectors: Sequence[sparse.csr_matrix]) -> Vector:
    """How far each part sounds like turns of each kind, shape (n, 4 × parts), told by dialogues of other folds."""
    found = np.zeros((len(rows), 4 * len(data.told)))
    for part in folds(len(rows), TOLD_FOLDS, seed=1):
        learned = tells(data, np.delete(rows, part), idf)
        found[part] = np.hstack([v[part] @ w for v, w in zip(vectors, learned, strict=False)])
    return found


def fit(data: Table, rows: NDArray[np.int64], choices: Sequence[Choice]) -> Iterator[tuple[Choice, Weights]]:
    """Weights for each choice, trained on ``rows``. Choices of the same power share the work."""
    idf = inverse_frequency(data, rows)
    vectors = [weighted(part[rows], idf) for part in data.parts]
    target = data.target[rows]
    mean, spread = data.figures[rows].mean(axis=0), data.figures[rows].std(axis=0) + 1e-9
    numbers = np.clip((data.figures[rows] - mean) / spread, -2, 2) * FIGURES_WEIGHT
    centre = numbers.mean(axis=0)
    heard = told(data, rows, idf, vectors) if data.told else np.zeros((len(rows), 0))
    heard_mean, heard_spread = heard.mean(axis=0), (heard.std(axis=0) + 1e-9) / TOLD_WEIGHT
    heard = (heard - heard_mean) / heard_spread
    learned = tells(data, rows, idf)
    for power in sorted({choice.power for choice in choices}):
        factors = [stretch(part, target, power) for part in vectors]
        stretched = [(part @ sparse.diags_array(factor)).tocsr() for part, factor in zip(vectors, factors, strict=True)]
        kernel = sum(map(products, stretched)) + (numbers - centre) @ (numbers - centre).T + heard @ heard.T
        for choice in (c for c in choices if c.power == power):
            dual = linalg.solve(kernel + choice.alpha * np.eye(len(rows)), target - target.mean(), assume_a="pos")
            by_part = [factor * (part.T @ dual) for part, factor in zip(stretched, factors, strict=True)]
            leaning = heard.T @ dual / heard_spread
            for number, sound in enumerate(learned):
                by_part[number] = by_part[number] + sound @ leaning[4 * number : 4 * number + 4]
            weight = (numbers - centre).T @ dual * FIGURES_WEIGHT
            intercept = target.mean() - centre @ weight / FIGURES_WEIGHT - heard_mean @ leaning
            table_of_figures = np.stack([mean, spread, weight])
            yield choice, Weights({}, idf, np.stack(by_part, axis=1), table_of_figures, float(intercept), "")


def predicted(data: Table, rows: NDArray[np.int64], weights: Weights) -> Vector:
    """Predictions for ``rows``, as models.satisfaction makes them from the words."""
    mean, spread, weight = weights.figures
    total = weights.intercept + np.clip((data.figures[rows] - mean) / spread, -2, 2) @ weight
    for number, part in enumerate(data.parts):
        total = total + weighted(part[rows], np.asarray(weights.idf, np.float64)) @ weights.parts[:, number]
    return np.asarray(np.clip(total, -2, 2))


def folds(n: int, k: int, seed: int) -> list[NDArray[np.int64]]:
    """``k`` parts of 0..n-1, drawn with ``seed``; a dialogue is one row, so none lies in two."""
    return [np.sort(part) for part in np.array_split(np.random.default_rng(seed).permutation(n), k)]


def choose(data: Table, rows: NDArray[np.int64], k: int = 3) -> Choice:
    """The choice with the best Spearman correlation within ``rows`` alone, by ``k``-fold cross-validation."""
    grid = [Choice(alpha, power) for alpha, power in product(ALPHAS, POWERS)]
    held = {choice: np.zeros(len(rows)) for choice in grid}
    for part in folds(len(rows), k, seed=1):
        training = np.setdiff1d(np.arange(len(rows)), part)
        for choice, weights in fit(data, rows[training], grid):
            held[choice][part] = predicted(data, rows[part], weights)
    return max(grid, key=lambda choice: float(spearmanr(held[choice], data.target[rows]).statistic))
