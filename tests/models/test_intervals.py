"""Stretches of sound: nothing is counted twice, nothing appears that was not there."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.intervals import clip, difference, first_seconds, shift, total, union

TENTHS = st.integers(0, 600).map(lambda n: n / 10)
Stretches = list[tuple[float, float]]
STRETCHES = st.lists(st.tuples(TENTHS, TENTHS), max_size=12)


def covered(intervals: Stretches) -> set[int]:
    """The tenths of a second that the stretches cover."""
    return {n for a, b in intervals for n in range(round(a * 10), round(b * 10))}


@given(STRETCHES)
def test_union_covers_the_same_moments_once(stretches: Stretches) -> None:
    """A union is sorted, disjoint and covers exactly what its parts cover."""
    joined = union(stretches)
    assert covered(joined) == covered([s for s in stretches if s[1] > s[0]])
    assert all(before[1] < after[0] for before, after in pairwise(joined))
    assert total(joined) == pytest.approx(len(covered(joined)) / 10)


@given(STRETCHES, STRETCHES)
def test_union_order_and_repetition_do_not_matter(one: Stretches, two: Stretches) -> None:
    """Reports may arrive in any order and more than once."""
    assert union(one + two) == union(two + one) == union(union(one) + two + two)


@given(STRETCHES, STRETCHES)
def test_difference_and_known_make_the_union(new: Stretches, known: Stretches) -> None:
    """What is new and what was known do not overlap, and together cover both."""
    added = difference(new, known)
    assert covered(added) == covered(union(new)) - covered(union(known))
    assert union([*added, *known]) == union([*new, *known])


@given(STRETCHES, TENTHS)
def test_first_seconds_never_exceed_the_budget(stretches: Stretches, budget_s: float) -> None:
    """A budget is used up from the beginning, and no further."""
    joined = union(stretches)
    kept = first_seconds(joined, budget_s)
    assert total(kept) == pytest.approx(min(budget_s, total(joined)))
    assert covered(kept) <= covered(joined)


@given(STRETCHES, TENTHS, TENTHS)
def test_clip_stays_inside(stretches: Stretches, one: float, two: float) -> None:
    """Clipping leaves what lies within the bounds."""
    start, end = sorted((one, two))
    assert covered(clip(union(stretches), start, end)) == covered(union(stretches)) & covered([(start, end)])


def test_small_gaps_close() -> None:
    """Two reports a few hundredths apart are one stretch."""
    assert union([(0, 1), (1.03, 2)]) == [(0, 2)]


def test_shift_moves_both_ends() -> None:
    """A stretch of the second recording lies behind the first in the call."""
    assert shift([(1, 2)], 10) == [(11, 12)]
