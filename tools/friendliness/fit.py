"""Logistic regression on TF-IDF n-grams of requests: polite or not, learnt from the top and bottom quarter."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse
from scipy.special import expit

from models.ngrams import Weights, grams, words
from models.settings import ROOT
from tools.satisfaction.fit import folds, weighted

REQUESTS = ROOT / "data" / "friendliness" / "requests.csv.gz"
PENALTY = 0.5
MIN_REQUESTS = 2


@dataclass(frozen=True, slots=True)
class Requests:
    """``counts`` (n, g) sparse over the n-grams ``names``; ``polite`` (n,) True for the upper quarter."""

    names: list[str]
    counts: sparse.csr_matrix
    polite: NDArray[np.bool_]


def read(path: Path = REQUESTS) -> Requests:
    """The requests in the top and bottom quarter of the politeness score."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = [(row["sentence"], float(row["score"])) for row in csv.DictReader(lines)]
    low, high = np.quantile([score for _, score in rows], [0.25, 0.75])
    kept = [(grams(words(text)), score >= high) for text, score in rows if not low < score < high]
    seen = Counter(gram for counted, _ in kept for gram in counted)
    names = sorted(gram for gram, requests in seen.items() if requests >= MIN_REQUESTS)
    number = {name: place for place, name in enumerate(names)}
    cells = [(r, number[g], n) for r, (counted, _) in enumerate(kept) for g, n in counted.items() if g in number]
    at_row, at_gram, count = zip(*cells, strict=True)
    counts = sparse.csr_matrix((np.array(count, np.float32), (at_row, at_gram)), (len(kept), len(names)))
    return Requests(names, counts, np.array([polite for _, polite in kept]))


def fit(requests: Requests, rows: NDArray[np.int64], penalty: float = PENALTY) -> Weights:
    """Weights trained on ``rows``: minimises the logistic loss plus penalty/2 × squared weights."""
    seen = np.bincount(requests.counts[rows].indices, minlength=len(requests.names))
    idf = np.where(seen >= MIN_REQUESTS, np.log((1 + len(rows)) / (1 + seen)) + 1, 0).astype(np.float16)
    vectors = weighted(requests.counts[rows], idf.astype(np.float64))
    polite = requests.polite[rows].astype(np.float64)

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = vectors @ at[:-1] + at[-1]
        wrong = expit(margin) - polite
        value = np.logaddexp(0, margin).sum() - polite @ margin + penalty / 2 * (at[:-1] @ at[:-1])
        return float(value), np.append(vectors.T @ wrong + penalty * at[:-1], wrong.sum())

    best = optimize.minimize(loss, np.zeros(vectors.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return Weights({}, idf, best[:-1, None], np.empty((3, 0)), float(best[-1]), "")


def accuracies(requests: Requests, k: int = 10, penalty: float = PENALTY) -> list[float]:
    """Share of held-out requests told right, of each of ``k`` folds."""
    found, n = [], len(requests.polite)
    for part in folds(n, k, seed=0):
        weights = fit(requests, np.setdiff1d(np.arange(n), part), penalty)
        vectors = weighted(requests.counts[part], weights.idf.astype(np.float64))
        margin = vectors @ weights.parts[:, 0] + weights.intercept
        found.append(float(np.mean((margin > 0) == requests.polite[part])))
    return found
