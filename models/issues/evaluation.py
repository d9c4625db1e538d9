"""How well groups of statements match what people say they are about: the labelled utterances of data/issue_evaluation.

Accuracy is the best one-to-one matching of groups to intents (Hungarian), NMI the mutual information over the mean of the
two entropies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.settings import ROOT

FILE = ROOT / "data" / "issue_evaluation" / "utterances.jsonl"
LANGUAGE = "en"
"""The language of the utterances."""
HALVINGS = 10
Score = tuple[float, float]
"""(accuracy, NMI), both 0 to 1."""
Labelled = Sequence[tuple[str, str]]
"""(utterance, intent) pairs."""


def counted(truth: Sequence[str], found: Sequence[int]) -> NDArray[np.float64]:
    """How many items each pair of intent and group has in common."""
    _, rows = np.unique(truth, return_inverse=True)
    _, columns = np.unique(found, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    return table


def accuracy(truth: Sequence[str], found: Sequence[int]) -> float:
    """Share of items in the group that best matches their intent, each group matching one intent at most."""
    from scipy.optimize import linear_sum_assignment  # here: what only publishes need not wait for it

    table = counted(truth, found)
    rows, columns = linear_sum_assignment(-table)
    return float(table[rows, columns].sum() / table.sum())


def nmi(truth: Sequence[str], found: Sequence[int]) -> float:
    """Mutual information over the arithmetic mean of the entropies."""
    joint = counted(truth, found) / len(truth)
    a, b = joint.sum(axis=1), joint.sum(axis=0)
    common = joint > 0
    information = (joint[common] * np.log(joint[common] / np.outer(a, b)[common])).sum()
    return float(information / (-(a * np.log(a)).sum() / 2 - (b * np.log(b)).sum() / 2))


def scores(truth: Sequence[str], found: Sequence[int]) -> Score:
    """(accuracy, NMI)."""
    return accuracy(truth, found), nmi(truth, found)


def read(file: Path = FILE) -> list[tuple[str, str]]:
    """(utterance, intent) of each line of a file."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [(row["utterance"], row["intent"]) for row in rows]


def halves(pairs: Labelled, seed: int) -> Iterator[list[tuple[str, str]]]:
    """The pairs of one half of the intents, and of the other."""
    intents = sorted({intent for _, intent in pairs})
    np.random.default_rng(seed).shuffle(intents)
    for half in (set(intents[: len(intents) // 2]), set(intents[len(intents) // 2 :])):
        yield [pair for pair in pairs if pair[1] in half]
