"""Stretches of a recording as lists of half-open (start_s, end_s), and the arithmetic of hearing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Interval = tuple[float, float]

JOIN_S = 0.05
"""Stretches closer than this are one: a player reports its position in small steps."""


def union(intervals: Iterable[Sequence[float]], join_s: float = JOIN_S) -> list[Interval]:
    """The same stretches, sorted and disjoint. Empty and backward ones vanish."""
    out: list[Interval] = []
    for start, end in sorted((float(a), float(b)) for a, b in intervals if b > a):
        if out and start <= out[-1][1] + join_s:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def total(intervals: Iterable[Sequence[float]]) -> float:
    """Seconds covered by disjoint stretches."""
    return sum(end - start for start, end in intervals)


def clip(intervals: Iterable[Sequence[float]], start_s: float, end_s: float) -> list[Interval]:
    """The parts of the stretches that lie within start_s <= t < end_s."""
    cut = ((max(a, start_s), min(b, end_s)) for a, b in intervals)
    return [(a, b) for a, b in cut if b > a]


def difference(intervals: Iterable[Sequence[float]], known: Iterable[Sequence[float]]) -> list[Interval]:
    """The parts of the stretches that are not in ``known`` yet, sorted and disjoint."""
    left = union(intervals, join_s=0)
    for start, end in union(known, join_s=0):
        left = [part for a, b in left for part in ((a, min(b, start)), (max(a, end), b)) if part[1] > part[0]]
    return left


def first_seconds(intervals: Iterable[Sequence[float]], budget_s: float) -> list[Interval]:
    """The stretches from their beginning until ``budget_s`` seconds are used up."""
    out: list[Interval] = []
    for start, end in intervals:
        if budget_s <= 0:
            break
        out.append((start, min(end, start + budget_s)))
        budget_s -= end - start
    return out


def shift(intervals: Iterable[Sequence[float]], by_s: float) -> list[Interval]:
    """The stretches moved by ``by_s`` seconds."""
    return [(start + by_s, end + by_s) for start, end in intervals]
