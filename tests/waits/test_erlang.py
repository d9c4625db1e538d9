"""Staffing: published figures, closed forms, a simulation, and what must hold for any load."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some

from models.waits.erlang import Figures, Load, agents_as_if, agents_for, erlang_a, erlang_b, erlang_c, mean_patience_s

CHECK = Load(calls_per_s=100 / 1800, handling_s=180, threshold_s=20)

# Agents and offered Erlangs at which a share of calls finds all agents busy: the classic loss table.
LOSS_TABLE = [
    (0.01, 5, 1.361), (0.01, 10, 4.461), (0.01, 20, 12.03), (0.01, 50, 37.90), (0.01, 100, 84.06),
    (0.02, 10, 5.084), (0.02, 20, 13.18), (0.02, 50, 40.26), (0.05, 10, 6.216), (0.05, 20, 15.25),
]  # fmt: skip


def test_the_classic_example() -> None:
    """100 calls in 30 minutes of 3 minutes each: 14 agents answer 88.8% within 20 s, 17.4% wait, 71.4% busy."""
    figures = erlang_c(14, CHECK)
    shown = (figures.service_level, figures.wait_probability, figures.occupancy)
    assert [round(value, 3) for value in shown] == [0.888, 0.174, 0.714]
    assert agents_for(CHECK, 0.8, patient=True).agents == 14
    assert erlang_c(13, CHECK).service_level < 0.8


@pytest.mark.parametrize(("share", "agents", "erlangs"), LOSS_TABLE)
def test_the_published_loss_table(share: float, agents: int, erlangs: float) -> None:
    """The loss formula, from which Erlang C is made, gives the table's shares to its precision."""
    step = 10 ** (math.floor(math.log10(erlangs)) - 3)
    assert erlang_b(agents, erlangs - step) < share < erlang_b(agents, erlangs + step)


@pytest.mark.parametrize("busy", [0.1, 0.5, 0.8, 0.95])
def test_textbook_queues_of_one_and_two_agents(busy: float) -> None:
    """M/M/1 waits with probability ρ, M/M/2 with 2ρ²/(1+ρ); the mean wait of M/M/1 is ρ·handling/(1−ρ)."""
    one = erlang_c(1, Load(busy / 60, 60, 20))
    two = erlang_c(2, Load(2 * busy / 60, 60, 20))
    assert one.wait_probability == pytest.approx(busy)
    assert one.asa_s == pytest.approx(busy * 60 / (1 - busy))
    assert two.wait_probability == pytest.approx(2 * busy**2 / (1 + busy))


def simulated(agents: int, load: Load, calls: int, seed: int) -> Figures:
    """The queue played out: every caller takes the agent who is free first, or hangs up before."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / load.calls_per_s, calls))
    handling = rng.exponential(load.handling_s, calls)
    patience = rng.exponential(load.patience_s, calls)
    free = [0.0] * agents
    heapq.heapify(free)
    waits, answered = np.empty(calls), np.empty(calls, bool)
    for n, at in enumerate(arrivals):
        offered = max(free[0] - at, 0.0)
        answered[n] = offered <= patience[n]
        waits[n] = min(offered, patience[n])
        if answered[n]:
            heapq.heapreplace(free, at + waits[n] + handling[n])
    late = ~answered & (waits >= load.short_abandon_s)
    short = (~answered & (waits < load.short_abandon_s)).sum()
    kept = (answered & (waits <= load.threshold_s)).sum() / (answered.sum() + late.sum())
    return Figures(agents, kept, (waits > 0).mean(), waits[answered].mean(), late.sum() / (calls - short), 0.0)


@pytest.mark.parametrize(("agents", "patience_s"), [(8, 60.0), (10, 120.0), (12, 300.0)])
def test_erlang_a_is_what_a_simulated_queue_does(agents: int, patience_s: float) -> None:
    """Service level, waiting, speed of answer and abandonment agree with 200,000 simulated calls."""
    load = Load(100 / 1800, 180, 20, patience_s, short_abandon_s=5)
    said, seen = erlang_a(agents, load), simulated(agents, load, 200_000, seed=1)
    assert said.service_level == pytest.approx(seen.service_level, abs=0.012)
    assert said.wait_probability == pytest.approx(seen.wait_probability, abs=0.012)
    assert said.abandon_rate == pytest.approx(seen.abandon_rate, abs=0.008)
    assert said.asa_s == pytest.approx(seen.asa_s, rel=0.05)


def test_very_patient_callers_make_erlang_c() -> None:
    """As patience grows, Erlang A becomes Erlang C; with infinite patience it is the same."""
    patient = erlang_a(14, Load(100 / 1800, 180, 20, patience_s=1e7))
    assert patient.service_level == pytest.approx(erlang_c(14, CHECK).service_level, abs=1e-4)
    assert erlang_a(14, CHECK) == erlang_c(14, CHECK)


loads = some.builds(
    Load, calls_per_s=some.floats(0.001, 0.5), handling_s=some.floats(20, 900), threshold_s=some.floats(1, 120),
    patience_s=some.one_of(some.just(math.inf), some.floats(10, 1000)), short_abandon_s=some.just(0.0),
)  # fmt: skip


@how(deadline=None)
@given(loads, some.integers(1, 60))
def test_more_agents_never_make_it_worse(load: Load, agents: int) -> None:
    """With one agent more, as many or more are answered in time, and shares stay shares."""
    fewer, more = erlang_a(agents, load), erlang_a(agents + 1, load)
    assert more.service_level >= fewer.service_level - 1e-9
    assert more.abandon_rate <= fewer.abandon_rate + 1e-9
    assert more.asa_s <= fewer.asa_s + 1e-6
    for share in (more.service_level, more.abandon_rate, more.wait_probability, more.occupancy):
        assert -1e-9 <= share <= 1 + 1e-9


@how(deadline=None)
@given(loads, some.integers(1, 60))
def test_more_calls_never_make_it_better(load: Load, agents: int) -> None:
    """With a tenth more calls, as many or fewer are answered in time."""
    busier = Load(load.calls_per_s * 1.1, load.handling_s, load.threshold_s, load.patience_s)
    assert erlang_a(agents, busier).service_level <= erlang_a(agents, load).service_level + 1e-9


@how(deadline=None)
@given(loads, some.floats(0.5, 0.99))
def test_the_answer_is_the_smallest_that_keeps_the_goal(load: Load, goal: float) -> None:
    """It keeps the goal, and one agent less does not."""
    found = agents_for(load, goal)
    assert found.service_level >= goal
    assert found.agents == 1 or erlang_a(found.agents - 1, load).service_level < goal


@how(deadline=None)
@given(some.integers(2, 40), loads)
def test_agents_are_recognised_from_what_they_did(agents: int, load: Load) -> None:
    """Given the service level of a number of agents, that number is found, or one with the same service level."""
    kept = erlang_a(agents, load).service_level
    if 0.01 < kept < 0.99:
        assert erlang_a(agents_as_if(load, kept), load).service_level == pytest.approx(kept, abs=1e-9)


def test_patience_is_estimated_from_what_was_waited() -> None:
    """Seconds waited by all ÷ abandons finds the patience of simulated callers; without abandons it is infinite."""
    rng = np.random.default_rng(2)
    patience, offered = rng.exponential(90, 50_000), rng.exponential(40, 50_000)
    waits = np.minimum(patience, offered)
    assert mean_patience_s(waits.sum(), int((patience < offered).sum())) == pytest.approx(90, rel=0.03)
    assert math.isinf(mean_patience_s(1000.0, 0))
    empty = erlang_a(5, Load(0.0, 180, 20, 90))
    assert (empty.service_level, empty.abandon_rate) == (1.0, 0.0)
