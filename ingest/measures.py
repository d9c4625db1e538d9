"""What the sound alone tells of a call: talk, silence, overlap, interruptions. Pure functions of speech
ranges.

All ranges are half-open, in seconds, sorted and disjoint within one party.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.records import SoundMeasures

Span = tuple[float, float]

BREATH_S = 0.5
"""A pause up to this long doesn't end what someone is saying."""
HELD_FLOOR_S = 0.5
"""How long someone must have been speaking before a start of the other can interrupt."""
ACKNOWLEDGEMENT_S = 1.0
"""Speech shorter than this ("mm-hm", "right") is an acknowledgement, not an interruption."""
CLASH_S = 0.2
"""Shorter overlaps are turns that follow each other closely, and the detector's own imprecision."""


def two_party(first: Sequence[Span], second: Sequence[Span], agent: int | None, duration_s: float) -> SoundMeasures:
    """Measures of a call with one party a channel; ``agent`` is 0 or 1, or None when nobody knows."""
    parties = (first, second)
    talk = [total(p) for p in parties]
    interruptions = [interrupts(parties[i], parties[1 - i]) for i in (0, 1)]
    gaps = silences([*first, *second], duration_s)
    return SoundMeasures(
        duration_s=round(duration_s, 3),
        agent_talk_s=None if agent is None else talk[agent],
        customer_talk_s=None if agent is None else talk[1 - agent],
        silence_s=total(gaps),
        longest_silence_s=round(max((b - a for a, b in gaps), default=0.0), 3),
        overlap_s=total(overlaps(first, second)),
        agent_interruptions=None if agent is None else interruptions[agent],
        customer_interruptions=None if agent is None else interruptions[1 - agent],
    )


def mixed(
    speech: Sequence[Span],
    duration_s: float,
    agent_talk_s: float | None = None,
    customer_talk_s: float | None = None,
) -> SoundMeasures:
    """Measures of a call with both parties on one channel: overlap can't be told there."""
    gaps = silences(speech, duration_s)
    return SoundMeasures(
        duration_s=round(duration_s, 3),
        agent_talk_s=agent_talk_s,
        customer_talk_s=customer_talk_s,
        silence_s=total(gaps),
        longest_silence_s=round(max((b - a for a, b in gaps), default=0.0), 3),
        overlap_s=None,
        agent_interruptions=None,
        customer_interruptions=None,
    )


def total(spans: Sequence[Span]) -> float:
    """Seconds covered by disjoint ``spans``."""
    return round(sum(b - a for a, b in spans), 3)


def union(spans: Sequence[Span], gap_s: float = 0.0) -> list[Span]:
    """``spans`` in order, those that touch or lie at most ``gap_s`` apart joined."""
    joined: list[Span] = []
    for start, stop in sorted(spans):
        if joined and start - joined[-1][1] <= gap_s:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def silences(spans: Sequence[Span], duration_s: float) -> list[Span]:
    """Where nobody speaks within ``0 <= t < duration_s``."""
    gaps: list[Span] = []
    reached = 0.0
    for start, stop in union(spans):
        if start > reached:
            gaps.append((reached, min(start, duration_s)))
        reached = max(reached, stop)
    if reached < duration_s:
        gaps.append((reached, duration_s))
    return gaps


def overlaps(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """Where both speak."""
    both: list[Span] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start, stop = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if start < stop:
            both.append((start, stop))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return both


def interrupts(who: Sequence[Span], whom: Sequence[Span]) -> int:
    """How often ``who`` starts while ``whom`` has been speaking, and ``whom`` stops within the overlap."""
    held = union(whom, BREATH_S)
    count = i = 0
    for start, stop in union(who, BREATH_S):
        while i < len(held) and held[i][1] <= start:
            i += 1
        if i == len(held):
            break
        from_s, to_s = held[i]
        speaking = from_s + HELD_FLOOR_S <= start
        yields = start + CLASH_S <= to_s < stop
        count += speaking and yields and stop - start >= ACKNOWLEDGEMENT_S
    return count
