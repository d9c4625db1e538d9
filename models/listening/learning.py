"""A model per criterion that learns from reviews: small, linear, and in force only where it agrees better with people.

It reads what the agent says and what the scorecard found, and decides between met and not met; whether there was an
occasion stays the scorecard's word. Held-out agreement: every reviewed call is judged by a model that did not see it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.judging.records import CallSaid, CriterionResult, Judgement
from models.listening.agreement import TRUSTED_CALLS, UNHEARD, Agreement, agreement, alphas
from models.ngrams import Weights, figured, grams, weigh, words

FOLDS = 10
MOST_GRAMS = 600
FEWEST_CALLS = 3
"""A word or pair that fewer reviewed calls hold is no sign of anything."""
NOTHING = "-"
"""Stands where no word is common enough; it is none itself."""
LEAST_OF_EACH = 8
"""Reviewed calls that met the criterion, and that did not, before anything is learned."""
PENALTY_GRAMS = 1.0
PENALTY_FIGURES = 0.05
DRAWS = 2000
SURE = 0.05
"""The model must be better than the scorecard in all but this share of bootstrap draws."""
SEED = 20260302
TOLD = ("met", "not_met")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A call that people judged blind, and how the scorecard itself judges it."""

    call_id: str
    counted: Counter[str]
    figures: tuple[float, ...]
    scorecard: str
    people: str

    @property
    def teaches(self) -> bool:
        """Whether both told met from not met: only then is there something to learn."""
        return self.scorecard in TOLD and self.people in TOLD


@dataclass(frozen=True, slots=True)
class Learned:
    """What training found for one criterion. ``weights`` is None when there was too little to learn from.

    ``held_out`` is call_id → the result by a model that had not seen the call.
    """

    criterion: str
    scorecard: Agreement
    model: Agreement
    better: bool
    weights: Weights | None
    names: tuple[str, ...]
    held_out: Mapping[str, str]


def reviewed(call: CallSaid, result: CriterionResult, people: str) -> Reviewed:
    """A call as the model reads it."""
    return Reviewed(call.call_id, counted(call), figures(result), result.result, people)


def counted(call: CallSaid) -> Counter[str]:
    """Words and pairs of words that the agent says, turn by turn."""
    return sum((grams(words(turn.text)) for turn in call.turns if turn.speaker == "agent"), Counter())


def figures(result: CriterionResult) -> tuple[float, ...]:
    """What the scorecard found: its score, and the number of quotes for and against."""
    points = Counter(quote.points for quote in result.evidence)
    return (result.score or 0.0, float(points["for"]), float(points["against"]))


def learn(criterion: str, calls: Sequence[Reviewed]) -> Learned:
    """Train on reviewed calls, compare with the scorecard on calls held out, and say which is better."""
    calls = sorted((call for call in calls if UNHEARD not in (call.scorecard, call.people)), key=lambda c: c.call_id)
    pairs = [(call.scorecard, call.people) for call in calls]
    today = agreement(pairs)
    teaching = [call for call in calls if call.teaches]
    counts = Counter(call.people for call in teaching)
    if today.n < TRUSTED_CALLS or min(counts["met"], counts["not_met"]) < LEAST_OF_EACH:
        return Learned(criterion, today, Agreement(), False, None, (), {})
    held_out = cross_judged(teaching)
    said = [(held_out.get(call.call_id, call.scorecard), call.people) for call in calls]
    weights, names = train(teaching)
    return Learned(criterion, today, agreement(said), is_better(said, pairs), weights, names, held_out)


def cross_judged(calls: Sequence[Reviewed]) -> dict[str, str]:
    """call_id → met or not_met by a model trained on the other folds."""
    order = np.random.default_rng(SEED).permutation(len(calls))
    found: dict[str, str] = {}
    for fold in range(FOLDS):
        out = {int(n) for n in order[fold::FOLDS]}
        known = [call for n, call in enumerate(calls) if n not in out]
        if out and len({call.people for call in known}) == len(TOLD):
            weights, _ = train(known)
            found |= {calls[n].call_id: verdict(weights, calls[n].counted, calls[n].figures)[0] for n in out}
    return found


def train(calls: Sequence[Reviewed]) -> tuple[Weights, tuple[str, ...]]:
    """Logistic regression with a penalty on every weight; returns weights and the names of their n-grams."""
    held = Counter(gram for call in calls for gram in call.counted)
    names = tuple(sorted(g for g, n in held.most_common(MOST_GRAMS) if n >= FEWEST_CALLS)) or (NOTHING,)
    index = {name: number for number, name in enumerate(names)}
    idf = np.array([math.log((1 + len(calls)) / (1 + held[name])) + 1 for name in names], np.float32)
    given = np.array([call.figures for call in calls], np.float64)
    mean, spread = given.mean(axis=0), np.maximum(given.std(axis=0), 1e-6)
    x = np.hstack([spoken(calls, index, idf), np.clip((given - mean) / spread, -2, 2)])
    y = np.array([call.people == "met" for call in calls], np.float64)
    penalty = np.concatenate([np.full(len(names), PENALTY_GRAMS), np.full(given.shape[1], PENALTY_FIGURES), [0.0]])
    fitted = logistic(np.hstack([x, np.ones((len(calls), 1))]), y, penalty)
    parts = fitted[: len(names), None].astype(np.float32)
    table = np.vstack([mean, spread, fitted[len(names) : -1]]).astype(np.float32)
    return Weights(index, idf, parts, table, float(fitted[-1]), ""), names


def spoken(calls: Sequence[Reviewed], index: Mapping[str, int], idf: NDArray[np.float32]) -> NDArray[np.float64]:
    """Calls × n-grams as ``models.ngrams.weigh`` reads them: (1 + ln count) × idf, each call of length 1."""
    out = np.zeros((len(calls), len(index)))
    for row, call in enumerate(calls):
        for gram, n in call.counted.items():
            if gram in index:
                out[row, index[gram]] = (1 + math.log(n)) * idf[index[gram]]
    length: NDArray[np.float64] = np.sqrt((out * out).sum(axis=1, keepdims=True))
    return np.divide(out, length, out=out, where=length > 0)


def logistic(x: NDArray[np.float64], y: NDArray[np.float64], penalty: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of least penalised log loss; classes weigh the same, however rare."""
    share = y.mean()
    weight = np.where(y > 0, 0.5 / share, 0.5 / (1 - share))

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = x @ w
        value = (weight * (np.logaddexp(0, z) - y * z)).sum() + 0.5 * (penalty * w * w).sum()
        slope: NDArray[np.float64] = x.T @ (weight * (1 / (1 + np.exp(-z)) - y)) + penalty * w
        return float(value), slope

    found: NDArray[np.float64] = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def verdict(weights: Weights, said: Counter[str], given: Sequence[float]) -> tuple[str, float]:
    """met or not_met, and how likely met is, 0 to 1."""
    z = weights.intercept + weigh(weights, 0, said) + figured(weights, given)
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
    return ("met" if score >= 0.5 else "not_met"), score


def is_better(new: Sequence[tuple[str, str]], old: Sequence[tuple[str, str]]) -> bool:
    """Whether ``new`` agrees better than ``old`` on the same calls, in nearly every bootstrap draw of calls."""
    drawn = np.random.default_rng(SEED).multinomial(len(new), np.full(len(new), 1 / len(new)), DRAWS).astype(np.float64)
    first, second = (alphas(_counts(pairs), drawn) for pairs in (new, old))
    both = ~(np.isnan(first) | np.isnan(second))
    return bool(both.any()) and float(np.mean(first[both] > second[both])) >= 1 - SURE


def _counts(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """Calls × values: how many of the two judges gave each."""
    return np.array([[pair.count(value) for value in (*TOLD, "not_applicable")] for pair in pairs], np.float64)


def apply(call: CallSaid, judgement: Judgement, models: Mapping[str, Weights]) -> list[CriterionResult]:
    """The results of a call with those of the learned models in place of the scorecard's; quotes stay."""
    said = counted(call) if models else Counter()
    return [taken_over(result, models.get(result.criterion), said) for result in judgement.results]


def taken_over(result: CriterionResult, weights: Weights | None, said: Counter[str]) -> CriterionResult:
    """One result by its learned model; unchanged without one, and where the scorecard saw nothing to tell."""
    if weights is None or result.result not in TOLD:
        return result
    found, score = verdict(weights, said, figures(result))
    confidence = round(0.5 + abs(score - 0.5), 4)
    return CriterionResult(
        result.criterion, "met" if found == "met" else "not_met", round(score, 4), confidence, "learned from reviews",
        result.evidence, f"learned:{weights.version}",
    )  # fmt: skip
