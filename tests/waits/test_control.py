"""Control charts: hand-made points complete exactly the rules they should, and changes are found where they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some

from models.waits.control import RULES, Chart, change_points, chart, laney_spread, signals

N = 400


def drawn(z: list[float]) -> Chart:
    """A chart whose points lie z standard deviations from its centre."""
    shares = np.array([0.8 + 0.02 * value for value in z])
    sigma = np.full(len(z), 0.02)
    return Chart(shares, 0.8, sigma, shares * 0 + 0.74, shares * 0 + 0.86, 1.0)


CALM = [0.2, -0.3, 0.5, -0.1, 0.4, -0.6, 0.1, -0.2]
COMPLETED = {
    "beyond_limits": [*CALM, 3.1],
    "two_of_three": [*CALM, -2.1, 0.3, -2.2],
    "four_of_five": [*CALM, 1.1, 1.2, -0.2, 1.3, 1.4],
    "eight_in_a_row": [*CALM, 0.5, 0.2, 0.5, 0.2, 0.5, 0.2, 0.5, 0.2],
    "six_trending": [*CALM, -0.9, -0.5, -0.1, 0.3, 0.6, 0.9],
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_completed_by_the_last_point_alone(rule: str) -> None:
    """Each pattern sets off its own rule, at the point that completes it."""
    z = COMPLETED[rule]
    found = signals(drawn(z))
    assert {point: rules for point, rules in found.items() if rule in rules} == {len(z) - 1: [rule]}
    assert signals(drawn(CALM)) == {}


def test_too_few_points_say_nothing() -> None:
    """Below eight points no rule speaks."""
    assert signals(drawn([4.0, 4.0, 4.0])) == {}
    assert change_points([1, 9, 1], [10, 10, 10]) == []


def test_the_plain_limits_are_those_of_the_formula() -> None:
    """p̄ ± 3·√(p̄(1−p̄)/n), cut at 0 and 1."""
    made = chart([80, 160, 78, 81], [100, 200, 100, 100], laney=False)
    assert made.centre == pytest.approx(399 / 500)
    assert made.upper[0] == pytest.approx(made.centre + 3 * np.sqrt(made.centre * (1 - made.centre) / 100))
    assert made.lower[1] > made.lower[0]
    assert chart([5, 5], [5, 5]).upper[0] == 1


def test_laney_widens_limits_where_days_differ_by_more_than_chance() -> None:
    """σz is 1 for chance alone; for busy days that differ, limits widen and false alarms go."""
    rng = np.random.default_rng(3)
    n = np.full(200, 5000)
    chance = rng.binomial(n, 0.8)
    moody = rng.binomial(n, np.clip(rng.normal(0.8, 0.03, 200), 0, 1))
    assert chart(chance, n).spread == pytest.approx(1, abs=0.15)
    wide, plain = chart(moody, n), chart(moody, n, laney=False)
    assert wide.spread > 3
    alarms = [sum("beyond_limits" in rules for rules in signals(made).values()) for made in (plain, wide)]
    assert alarms[0] > 20
    assert alarms[1] <= 2
    assert laney_spread(np.array([0.0, 5.0])) == 1.0


def test_changes_are_found_where_they_are_and_not_where_they_are_not() -> None:
    """Two changes in forty days are placed to the day; sixty days of chance have none."""
    rng = np.random.default_rng(4)
    p = np.repeat([0.85, 0.70, 0.82], [15, 12, 13])
    assert change_points(rng.binomial(N, p), [N] * 40) == [15, 27]
    quiet = [change_points(rng.binomial(N, 0.8, 60), [N] * 60) for _ in range(40)]
    assert sum(bool(found) for found in quiet) <= 2


@how(deadline=None)
@given(some.lists(some.tuples(some.integers(0, 50), some.integers(1, 50)), min_size=1, max_size=60))
def test_any_counts_make_a_chart(points: list[tuple[int, int]]) -> None:
    """Limits lie around the centre within 0 and 1; change points are inside and far enough apart."""
    hits, totals = [min(x, n) for x, n in points], [n for _x, n in points]
    made = chart(hits, totals)
    assert (made.lower <= made.centre + 1e-12).all() and (made.upper >= made.centre - 1e-12).all()
    assert (made.lower >= 0).all() and (made.upper <= 1).all()
    signals(made)
    stretches = np.diff([0, *change_points(hits, totals), len(points)])
    assert len(points) < 10 or (stretches >= 5).all()


def test_nonsense_is_refused() -> None:
    """A point without calls has no share."""
    with pytest.raises(ValueError, match="totals above 0"):
        chart([0], [0])
