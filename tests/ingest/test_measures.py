"""Talk, silence, overlap and interruptions from ranges of speech."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import TWO_PEOPLE

from ingest import audio, measures, speech

spans = st.lists(st.floats(0, 100, allow_nan=False).map(lambda x: round(x, 2)), max_size=20).map(
    lambda edges: [(a, b) for a, b in zip(sorted(set(edges))[::2], sorted(set(edges))[1::2], strict=False)]
)


def test_a_call_of_two_parties_is_measured() -> None:
    """Seconds of talk by role, silence, its longest stretch, and overlap."""
    agent, customer = [(0.0, 4.0), (10.0, 12.0)], [(3.0, 6.0)]
    found = measures.two_party(customer, agent, 1, 20.0)
    assert (found.agent_talk_s, found.customer_talk_s, found.overlap_s) == (6.0, 3.0, 1.0)
    assert (found.silence_s, found.longest_silence_s) == (12.0, 8.0)


@pytest.mark.parametrize(
    ("who", "whom", "count"),
    [
        ([(3.0, 6.0)], [(0.0, 4.0)], 1),  # takes the floor
        ([(3.0, 6.0)], [(0.0, 9.0)], 0),  # the other goes on
        ([(3.0, 3.6)], [(0.0, 3.5)], 0),  # mm-hm
        ([(3.9, 6.0)], [(0.0, 4.0)], 0),  # turns that follow closely
        ([(0.2, 3.0)], [(0.0, 1.0)], 0),  # both begin at once
        ([(4.5, 6.0)], [(0.0, 4.0)], 0),  # waits
        ([(3.0, 6.0)], [(0.0, 2.0), (2.3, 4.0)], 1),  # a breath doesn't end a turn
        ([(3.0, 5.0), (13.0, 15.0)], [(0.0, 4.0), (10.0, 14.0)], 2),
    ],
)
def test_interruptions(who: list[measures.Span], whom: list[measures.Span], count: int) -> None:
    """One starts while the other has been speaking, and the other stops within the overlap."""
    assert measures.interrupts(who, whom) == count


def test_without_roles_what_needs_roles_is_unknown() -> None:
    """Silence and overlap need no roles; talk by role and interruptions do. One channel has no overlap."""
    found = measures.two_party([(0.0, 1.0)], [(0.5, 2.0)], None, 4.0)
    assert (found.overlap_s, found.silence_s, found.agent_talk_s, found.agent_interruptions) == (0.5, 2.0, None, None)
    mono = measures.mixed([(0.0, 1.0)], 4.0)
    assert (mono.overlap_s, mono.silence_s, mono.agent_talk_s) == (None, 3.0, None)


def test_silence_alone_is_all_silence() -> None:
    """A call in which nobody speaks."""
    found = measures.two_party([], [], 0, 30.0)
    assert (found.silence_s, found.longest_silence_s, found.agent_talk_s) == (30.0, 30.0, 0.0)


@given(spans, spans)
def test_time_adds_up(first: list[measures.Span], second: list[measures.Span]) -> None:
    """Talk of both, less overlap, plus silence is the duration; nothing is negative; order doesn't matter."""
    found = measures.two_party(first, second, 0, 100.0)
    assert found.agent_talk_s is not None
    assert found.customer_talk_s is not None
    assert found.overlap_s is not None
    sum_s = found.agent_talk_s + found.customer_talk_s - found.overlap_s + found.silence_s
    assert sum_s == pytest.approx(100.0, abs=0.01)
    assert min(found.silence_s, found.longest_silence_s, found.overlap_s) >= 0
    assert found.overlap_s == measures.two_party(second, first, 1, 100.0).overlap_s


def test_a_real_call_hardly_overlaps() -> None:
    """Two polite people: both talk for a third of the time and hardly ever at once."""
    with audio.decode(TWO_PEOPLE, 1) as sound:
        first, second = ([(a / 16e3, b / 16e3) for a, b in speech.speech_ranges(sound, c)] for c in (0, 1))
        found = measures.two_party(first, second, 0, sound.duration_s)
    assert found.agent_talk_s == pytest.approx(11.8, abs=2)
    assert found.customer_talk_s == pytest.approx(11.6, abs=2)
    assert found.overlap_s is not None
    assert found.overlap_s < 0.6
