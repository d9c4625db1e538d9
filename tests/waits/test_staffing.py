"""The what-if of a queue: rows as the query gives them become half hours with their needs."""

from __future__ import annotations

import math

import pytest

from models.waits.erlang import Load, erlang_a
from models.waits.staffing import Rules, expected_level, missing_hours, plan

RULES = Rules(goal=0.8, threshold_s=20, short_abandon_s=0, abandons_count=True, patience_s=120)


def row(slot: int, offered: int, level: float | None, aht_s: float | None = 180.0) -> dict[str, object]:
    """One half hour of four Mondays."""
    return {"weekday": 1, "slot": slot, "days": 4, "offered": offered, "answered": offered if aht_s else 0,
            "service_level": level, "abandon_rate": 0.1, "aht_s": aht_s, "agents": 9.5}  # fmt: skip


def test_a_queue_that_was_one_agent_short_is_told_so() -> None:
    """Four Mondays with 100 calls in a half hour, served as by twelve agents where thirteen keep the goal."""
    twelve = erlang_a(12, Load(100 / 1800, 180, 20, 120)).service_level
    (found,) = plan([row(19, 400, twelve)], RULES)
    assert (found.offered, found.erlangs) == (100, pytest.approx(10))
    assert (found.as_if, found.agents_seen) == (12, 9.5)
    assert found.missing == found.needed_a - 12
    assert found.needed_c > found.needed_a
    assert found.expected(0) == pytest.approx(twelve)
    assert missing_hours([found]) == found.missing / 2
    assert expected_level([found], 2) > expected_level([found], 0)


def test_gaps_are_borne() -> None:
    """No answered call, no judged call or no calls at all: mean handling time, no likeness, no row."""
    found = plan([row(19, 40, 0.9), row(20, 4, math.nan, None), row(21, 0, None, None)], RULES)
    assert [half_hour.slot for half_hour in found] == [19, 20]
    assert found[1].as_if is None
    assert found[1].expected(3) is None
    assert found[1].missing == 0
    assert found[1].load.handling_s == 180
    assert plan([row(19, 4, None, None)], RULES) == []
    assert expected_level([], 1) is None
