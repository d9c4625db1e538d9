"""How well satisfaction and friendliness are predicted, on texts that training has not seen.

    python -m bench.satisfaction

Five folds of dialogues; hyper-parameters are chosen inside the training folds. Spearman correlation with the mean of the
19 raters. Beside it, in the same folds: plain TF-IDF of each party's words with a ridge, counting courtesy words, and
one rater against the mean of the others.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, as the figures say

import numpy as np
from scipy.stats import spearmanr

from models.records import Turn
from models.satisfaction import PARTS, predict
from tools.friendliness.fit import accuracies
from tools.friendliness.fit import read as read_requests
from tools.satisfaction.data import Rated, read
from tools.satisfaction.fit import Choice, Table, Vector, choose, fit, folds, predicted, table

COURTESY = {"sorry", "apologize", "apologies", "thank", "thanks", "please", "welcome", "glad", "kindly", "understand"}
CALL_TURNS = 20
CALL_TEXT = "Thank you for waiting. I have checked the order and the parcel left on Monday, so it should be here."


def plain(data: Table, names: list[str]) -> Table:
    """The plain alternative's table: all words, no pairs, of the customer and of the agent."""
    single = np.array([" " not in name for name in names])
    by_name = dict(zip(PARTS, data.parts, strict=True))
    return replace(
        data,
        parts=[by_name["customer"][:, single], by_name["agent"][:, single]],
        told=[],
        figures=np.zeros_like(data.figures),
    )


def held_out(data: Table, choice: Choice | None = None, k: int = 5) -> tuple[Vector, list[float]]:
    """Predictions of every dialogue by a model that has not seen it, and Spearman in each fold."""
    n = len(data.target)
    made, found = np.zeros(n), []
    for part in folds(n, k, seed=0):
        rows = np.setdiff1d(np.arange(n), part)
        _, weights = next(fit(data, rows, [choice or choose(data, rows)]))
        made[part] = predicted(data, part, weights)
        found.append(correlation(made[part], data.target[part]))
    return made, found


def correlation(a: Vector, b: Vector) -> float:
    """Spearman correlation."""
    return float(spearmanr(a, b).statistic)


def rater_against_the_rest(rated: Rated) -> float:
    """Mean over raters of the correlation of one with the mean of all others."""
    marks = rated.ratings.astype(np.float64)
    others = (marks.sum(axis=1, keepdims=True) - marks) / (marks.shape[1] - 1)
    return float(np.mean([correlation(marks[:, r], others[:, r]) for r in range(marks.shape[1])]))


def courtesy(data: Table, names: list[str]) -> float:
    """Correlation of the number of courteous words that the agent says."""
    chosen = [place for place, name in enumerate(names) if name in COURTESY]
    return correlation(np.asarray(data.parts[PARTS.index("agent")][:, chosen].sum(axis=1)).ravel(), data.target)


def calls_per_second(calls: int = 200) -> float:
    """Predictions a second of one core, for calls of ``CALL_TURNS`` turns of about 20 words."""
    turns = [Turn(("agent", "customer")[n % 2], None, None, CALL_TEXT) for n in range(CALL_TURNS)]
    predict(turns)
    began = time.process_time()
    for _ in range(calls):
        predict(turns)
    return calls / (time.process_time() - began)


def lines() -> Iterator[str]:
    """The report, line by line as it is measured."""
    rated = read()
    data = table(rated)
    yield f"predictions per second on one core     {calls_per_second():8.0f}"
    yield f"friendliness, accuracy, 10 folds       {spread(accuracies(read_requests()))}"
    yield f"one rater against the rest             {rater_against_the_rest(rated):8.3f}"
    yield f"counting courtesy words                {courtesy(data, rated.names):8.3f}"
    yield f"plain TF-IDF per party and ridge       {spread(held_out(plain(data, rated.names), Choice(2.0, 0.0))[1])}"
    made, found = held_out(data)
    yield f"Earshot                                {spread(found)}"
    yield f"  all folds together, Spearman         {correlation(made, data.target):8.3f}"
    yield f"  mean absolute error, -2 to 2         {np.mean(np.abs(made - data.target)):8.3f}"


def spread(values: list[float]) -> str:
    """Mean ± standard deviation over folds, and the least and greatest."""
    return f"{np.mean(values):8.3f} ± {np.std(values):.3f} over folds ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
