"""The paper on sizing multiplies openly: its rows are what the measured costs make for so many calls."""

from __future__ import annotations

from bench.sizing import HEADINGS, Costs, Speech, day

GIB = 2**30
COSTS = Costs(
    demo=Speech(0.05, 4000, GIB), small=Speech(0.36, 4096, GIB), event_s=2e-6, judge_s=0.00599, publish_s=2e-5, call_bytes=8192
)  # fmt: skip


def test_a_row_is_the_costs_times_the_calls() -> None:
    """1,000 calls of five minutes at 0.36 core seconds a second are 30 core hours: three cores for a night of ten."""
    row = dict(zip(HEADINGS, day(COSTS, 1000), strict=True))
    assert list(row.values()) == [
        "1,000", "30.0", "3", "3.0 GiB", "0.1 min", "286.1 GiB", "1.9 GiB", "5 s",
    ]  # fmt: skip


def test_a_hundred_times_the_calls_cost_a_hundred_times_as_much() -> None:
    """Nothing is rounded away on the way, and the smallest centre still needs one core."""
    few, many = day(COSTS, 10), day(COSTS, 100_000)
    assert (few[1], few[2], many[1], many[2]) == ("0.3", "1", "3,000.0", "300")
