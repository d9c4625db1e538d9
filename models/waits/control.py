"""Control charts of shares: since when something has changed, and whether a day is out of the ordinary.

p-chart: limits p̄ ± 3·√(p̄(1−p̄)/n). With many calls a day these are far too narrow, for days differ by more than chance
alone: Laney's p′ (2002) widens them by σz, the spread of the standardised shares from day to day.
Rules: those of the Western Electric handbook (1956), and Nelson's trend (1984).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

RANGE_TO_SIGMA = 1.128
"""Mean moving range of two ÷ standard deviation, for a normal distribution (d2 of n = 2)."""

LAST_RUN = 8
TREND = 6
LEAST_POINTS = 8
"""Fewer points than this say nothing about a process."""

SHORTEST = 5
"""A stretch between two change points has at least this many points."""

RULES = {
    "beyond_limits": "one point beyond 3 sigma",
    "two_of_three": "two of three points beyond 2 sigma on one side",
    "four_of_five": "four of five points beyond 1 sigma on one side",
    "eight_in_a_row": "eight points in a row on one side of the centre",
    "six_trending": "six points in a row rising or falling",
}
"""Western Electric's four rules in their order, and Nelson's third."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Shares with their limits; every array has a value per point. ``spread`` is Laney's σz, 1 for a plain p-chart."""

    shares: Floats
    centre: float
    sigma: Floats
    lower: Floats
    upper: Floats
    spread: float


def chart(hits: Sequence[int], totals: Sequence[int], laney: bool = True) -> Chart:
    """The chart of ``hits`` out of ``totals`` (all above 0). Without ``laney``, the plain p-chart."""
    x, n = np.asarray(hits, float), np.asarray(totals, float)
    if len(x) == 0 or (n <= 0).any() or (x > n).any() or (x < 0).any():
        raise ValueError("A chart needs points with totals above 0 and hits between 0 and the total.")
    centre = float(x.sum() / n.sum())
    shares = x / n
    sampling = np.sqrt(centre * (1 - centre) / n)
    spread = laney_spread((shares - centre) / sampling) if laney and centre * (1 - centre) > 0 else 1.0
    sigma = sampling * spread
    return Chart(shares, centre, sigma, np.clip(centre - 3 * sigma, 0, 1), np.clip(centre + 3 * sigma, 0, 1), spread)


def laney_spread(z: Floats) -> float:
    """σz = mean |z(i) − z(i−1)| / 1.128; 1 where there are too few points to know."""
    return float(np.abs(np.diff(z)).mean() / RANGE_TO_SIGMA) if len(z) >= LEAST_POINTS else 1.0


def signals(of: Chart) -> dict[int, list[str]]:
    """Point → the rules of ``RULES`` that it completes. Nothing where there are too few points."""
    if len(of.shares) < LEAST_POINTS:
        return {}
    z = np.divide(of.shares - of.centre, of.sigma, out=np.zeros_like(of.sigma), where=of.sigma > 0)
    found: dict[int, list[str]] = {}
    checks = {
        "beyond_limits": np.abs(z) > 3,
        "two_of_three": _among(z > 2, 3, 2) | _among(z < -2, 3, 2),
        "four_of_five": _among(z > 1, 5, 4) | _among(z < -1, 5, 4),
        "eight_in_a_row": _among(z > 0, LAST_RUN, LAST_RUN) | _among(z < 0, LAST_RUN, LAST_RUN),
        "six_trending": _steps(of.shares, 1) | _steps(of.shares, -1),
    }
    for rule, points in checks.items():
        for point in np.flatnonzero(points):
            found.setdefault(int(point), []).append(rule)
    return found


def _among(holds: np.ndarray, window: int, least: int) -> np.ndarray:
    """Points that hold themselves and complete ``least`` that hold among the last ``window``."""
    within = np.convolve(holds.astype(int), np.ones(window, int))[: len(holds)]
    return np.asarray((within >= least) & holds)


def _steps(shares: Floats, sign: int) -> np.ndarray:
    """Points that complete ``TREND`` points in a row, each above (or below) the one before."""
    rising = np.concatenate([[False], sign * np.diff(shares) > 0])
    within = np.convolve(rising.astype(int), np.ones(TREND - 1, int))[: len(shares)]
    return np.asarray(within >= TREND - 1)


def change_points(hits: Sequence[int], totals: Sequence[int]) -> list[int]:
    """First points of the stretches that differ, without the very first: where the share changed for good.

    The division into stretches that makes the points likeliest, each with its own share, less a penalty of
    3·ln(points) for each change (Yao's criterion, for a change costs its place and its share). Log-likelihoods
    are divided by σz², so that days that scatter more than chance are not taken for changes. Exact, by dynamic
    programming: at most a few hundred points, so no library's approximation is needed.
    """
    x, n = np.asarray(hits, float), np.asarray(totals, float)
    points = len(x)
    if points < 2 * SHORTEST:
        return []
    spread = max(chart(hits, totals).spread, 1.0) ** 2
    penalty = 3 * np.log(points)
    hit, total = (np.concatenate([[0.0], np.cumsum(values)]) for values in (x, n))
    best = np.full(points + 1, np.inf)
    best[0] = -penalty
    before = np.zeros(points + 1, int)
    for end in range(SHORTEST, points + 1):
        begins = np.arange(0, end - SHORTEST + 1)
        costs = best[begins] + penalty + _cost(hit[end] - hit[begins], total[end] - total[begins]) / spread
        before[end] = begins[int(np.argmin(costs))]
        best[end] = costs.min()
    found = []
    end = points
    while (end := int(before[end])) > 0:
        found.append(end)
    return found[::-1]


def _cost(hits: Floats, totals: Floats) -> Floats:
    """Twice the negative log-likelihood of ``hits`` out of ``totals`` at their own share."""
    share = hits / totals
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(hits > 0, hits * np.log(share), 0) + np.where(
            hits < totals, (totals - hits) * np.log1p(-share), 0
        )
    return np.asarray(-2 * each)
