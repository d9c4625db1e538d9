"""How well judges agree: Krippendorff's α for nominal values, with gaps and any number of judges, and its interval; beside it
Cohen's κ where there are exactly two judges.

α = 1 − observed ÷ expected disagreement (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"). The interval
is a bootstrap over calls: calls of the same verdicts are alike, so only their numbers are drawn anew.
κ = (observed − expected agreement) ÷ (1 − expected), expected by each judge's own shares (Cohen 1960): it takes who says what,
where α takes judges as exchangeable.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

TRUSTED_ALPHA = 0.667
TRUSTED_CALLS = 30
UNHEARD = "not_assessable"
"""No judgement: neither agreement nor disagreement."""
DRAWS = 2000
SEED = 20260302
"""One seed, so that the same judgements always have the same interval."""

Blind = tuple[str, str, str, str]
"""reviewer, call_id, criterion, result"""


@dataclass(frozen=True, slots=True)
class Agreement:
    """α with its 95 % interval over ``n`` calls that were judged twice; None where every verdict was the same.

    ``kappa`` is Cohen's κ, of two judges alone.
    """

    n: int = 0
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    kappa: float | None = None

    @property
    def trusted(self) -> bool:
        """Whether team scores may rely on it."""
        return self.n >= TRUSTED_CALLS and self.alpha is not None and self.alpha >= TRUSTED_ALPHA


def agreement(units: Iterable[Sequence[str]], draws: int = DRAWS) -> Agreement:
    """Agreement on ``units``: the verdicts on each call, one per judge who gave one. Fewer than two say nothing."""
    kinds = Counter(tuple(sorted(values)) for unit in units if len(values := [v for v in unit if v != UNHEARD]) > 1)
    if not kinds:
        return Agreement()
    named = sorted({value for values in kinds for value in values})
    counts = np.array([[values.count(name) for name in named] for values in kinds], dtype=np.float64)
    times = np.array([*kinds.values()], dtype=np.float64)
    n = int(times.sum())
    (alpha,) = alphas(counts, times[None, :])
    if np.isnan(alpha):
        return Agreement(n)
    drawn = np.random.default_rng(SEED).multinomial(n, times / n, size=draws).astype(np.float64)
    low, high = np.nanpercentile(alphas(counts, drawn), [2.5, 97.5])
    return Agreement(n, float(alpha), float(low), float(high))


def alphas(counts: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """α of each row of ``times`` (draws × kinds): how often each kind of call occurs.

    ``counts`` (kinds × values) is how many judges gave each value. NaN where all verdicts are the same.
    """
    judges = counts.sum(axis=1)
    apart = (judges**2 - (counts**2).sum(axis=1)) / (judges - 1)
    totals = times @ counts
    verdicts = totals.sum(axis=1)
    expected = (verdicts**2 - (totals**2).sum(axis=1)) / (verdicts - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (times @ apart) / expected, np.nan)


def kappa(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Cohen's κ of two judges: what the first and the second say of each call. None when all verdicts are the same."""
    listed = [*pairs]
    if not listed:
        return None
    agreed = sum(first == second for first, second in listed) / len(listed)
    of_first, of_second = (Counter(verdicts) for verdicts in zip(*listed, strict=True))
    expected = sum(of_first[verdict] * of_second[verdict] for verdict in of_first) / len(listed) ** 2
    return None if expected == 1 else (agreed - expected) / (1 - expected)


def assessed(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs in which both could judge: as for α, what somebody could not assess says nothing about agreement."""
    return [pair for pair in pairs if UNHEARD not in pair]


def with_people(blind: Iterable[Blind], automatic: Mapping[tuple[str, str], str]) -> dict[str, Agreement]:
    """Criterion → agreement of the automatic results ((call_id, criterion) → result) with what people judged blind."""
    units: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for (call_id, criterion), result in consensus(blind).items():
        if (call_id, criterion) in automatic:
            units[criterion].append((result, automatic[call_id, criterion]))
    return {
        criterion: replace(agreement(pairs), kappa=kappa(assessed(pairs))) for criterion, pairs in sorted(units.items())
    }


def consensus(blind: Iterable[Blind]) -> dict[tuple[str, str], str]:
    """(call_id, criterion) → what most reviewers say; of as many, what was said first."""
    said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for _, call_id, criterion, result in blind:
        if result != UNHEARD:
            said[call_id, criterion].append(result)
    return {key: Counter(results).most_common(1)[0][0] for key, results in said.items()}


def among_people(blind: Iterable[Blind], calls: Iterable[str], reviewers: Iterable[str]) -> dict[str, Agreement]:
    """Criterion → agreement of these reviewers with one another on these calls; with κ where they are two."""
    wanted, people = set(calls), list(dict.fromkeys(reviewers))
    units: defaultdict[str, defaultdict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for reviewer, call_id, criterion, result in blind:
        if call_id in wanted and reviewer in people:
            units[criterion][call_id][reviewer] = result
    found = {
        criterion: agreement([[*said.values()] for said in by_call.values()]) for criterion, by_call in units.items()
    }
    if len(people) == 2:
        first, second = people
        for criterion, by_call in units.items():
            pairs = [(said[first], said[second]) for said in by_call.values() if len(said) == len(people)]
            found[criterion] = replace(found[criterion], kappa=kappa(assessed(pairs)))
    return dict(sorted(found.items()))
