"""How many agents a queue needs: Erlang C (nobody hangs up) and Erlang A (callers hang up as they really do).

Both take Poisson arrivals, exponential handling times, one queue, first come first served. Times are seconds, rates
calls per second; ``load`` is arrival rate × handling time, in Erlangs. Erlang A adds exponential patience.
Sources: A. K. Erlang (1917) for C; C. Palm (1946), and Mandelbaum and Zeltyn, "Service engineering in action: the
Palm/Erlang-A queue" (2007), for A.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

MOST_AGENTS = 5000
FORGOTTEN = 1e-13
"""States less likely than this beside the likeliest are left out of sums."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a queue does with a number of agents. Shares are 0 to 1; ``service_level`` as the target counts it."""

    agents: int
    service_level: float
    wait_probability: float
    asa_s: float
    abandon_rate: float
    occupancy: float


@dataclass(frozen=True, slots=True)
class Load:
    """What a queue has to handle. ``patience_s`` is the mean of exponential patience; infinite: nobody hangs up."""

    calls_per_s: float
    handling_s: float
    threshold_s: float
    patience_s: float = math.inf
    short_abandon_s: float = 0.0
    abandons_count: bool = True

    @property
    def erlangs(self) -> float:
        """Arrival rate × handling time."""
        return self.calls_per_s * self.handling_s


def erlang_b(agents: int, erlangs: float) -> float:
    """Probability that all ``agents`` are busy where nobody waits: B(0) = 1, B(n) = a·B(n−1) / (n + a·B(n−1))."""
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = erlangs * blocked / (n + erlangs * blocked)
    return blocked


def erlang_c(agents: int, load: Load) -> Figures:
    """The queue where nobody hangs up; with no more agents than Erlangs it grows without end.

    C = n·B / (n − a·(1 − B)); P(wait > t) = C·exp(−(n − a)·t / handling time).
    """
    a = load.erlangs
    if a <= 0:
        return Figures(agents, 1.0, 0.0, 0.0, 0.0, 0.0)
    if agents <= a:
        return Figures(agents, 0.0, 1.0, math.inf, 0.0, 1.0)
    blocked = erlang_b(agents, a)
    waits = agents * blocked / (agents - a * (1 - blocked))
    kept = 1 - waits * math.exp(-(agents - a) * load.threshold_s / load.handling_s)
    return Figures(agents, kept, waits, waits * load.handling_s / (agents - a), 0.0, a / agents)


def erlang_a(agents: int, load: Load) -> Figures:
    """The queue whose callers hang up when their patience ends.

    A caller who finds all agents busy and k callers ahead is served before they hang up with probability
    c / (c + k + 1), c = agents × patience / handling time; given that, exp(−wait / patience) has the
    distribution Beta(c + 1, k + 1), for the wait is a sum of exponential stages with rates c + 1, …, c + k + 1.
    """
    if math.isinf(load.patience_s):
        return erlang_c(agents, load)
    if load.erlangs <= 0:
        return Figures(agents, 1.0, 0.0, 0.0, 0.0, 0.0)
    idle, queued = _states(agents, load)
    k = np.arange(len(queued), dtype=float)
    c = agents * load.patience_s / load.handling_s
    served = c / (c + k + 1) if agents else np.zeros(len(k))
    in_time = served * _within(load.threshold_s, c + 1, k + 1, load.patience_s)
    answered = float(idle + queued @ served)
    in_target = float(idle + queued @ in_time)
    stages = 1 / (c / load.patience_s + (k + 1) / load.patience_s)
    wait_s = np.cumsum(stages)
    asa_s = float((queued * served) @ wait_s) / answered if answered else 0.0
    lost = 1 - answered
    short = _short_abandons(load, c, k, queued, served) if load.short_abandon_s > 0 else 0.0
    counted = answered + (lost - short if load.abandons_count else 0.0)
    abandon_rate = (lost - short) / (1 - short) if short < 1 else 0.0
    occupancy = load.erlangs * answered / agents if agents else 1.0
    return Figures(agents, in_target / counted if counted else 0.0, 1 - idle, asa_s, abandon_rate, min(occupancy, 1.0))


def _states(agents: int, load: Load) -> tuple[float, np.ndarray]:
    """Probability that an agent is free on arrival, and of k callers waiting with all agents busy, k = 0, 1, …"""
    a = load.erlangs
    below = np.cumsum(np.concatenate([[0.0], np.log(a) - np.log(np.arange(1, agents + 1))]))  # 0 … agents busy
    c = agents * load.patience_s / load.handling_s
    offered = load.calls_per_s * load.patience_s
    above = [float(below[-1])]
    top = float(below.max())
    k = 0
    while True:  # state with k + 1 waiting: λ / (nμ + (k + 1)θ) times as likely
        k += 1
        above.append(above[-1] + math.log(offered) - math.log(c + k))
        top = max(top, above[-1])
        if offered < c + k and above[-1] - top < math.log(FORGOTTEN):
            break
    weights = np.exp(np.array([*below[:-1], *above]) - top)
    weights /= weights.sum()
    return float(weights[:agents].sum()), weights[agents:]


def _within(time_s: float, first: float, stages: np.ndarray, patience_s: float) -> np.ndarray:
    """P(sum of ``stages`` exponential stages with rates first, first + 1, … per patience ≤ time)."""
    return np.asarray(1 - betainc(first, stages, math.exp(-time_s / patience_s)))


def _short_abandons(load: Load, c: float, k: np.ndarray, queued: np.ndarray, served: np.ndarray) -> float:
    """Share of callers who hang up within the short-abandon limit s.

    P(gone by s) = 1 − exp(−s / patience)·P(not yet offered an agent by s); those served by s are taken off.
    """
    s = load.short_abandon_s
    not_offered = betainc(c, k + 1, math.exp(-s / load.patience_s)) if c else np.ones(len(k))
    gone = 1 - math.exp(-s / load.patience_s) * not_offered
    served_by = served * _within(s, c + 1, k + 1, load.patience_s)
    return float(queued @ (gone - served_by))


def agents_for(load: Load, goal: float, patient: bool = False) -> Figures:
    """The fewest agents that keep ``goal``; ``patient`` asks Erlang C, where nobody hangs up.

    Where fewer than MOST_AGENTS never do, the figures of MOST_AGENTS.
    """
    model = erlang_c if patient else erlang_a
    low, high = 0, max(1, math.ceil(load.erlangs))
    while model(high, load).service_level < goal and high < MOST_AGENTS:
        low, high = high, min(high * 2, MOST_AGENTS)
    while high - low > 1:
        middle = (low + high) // 2
        if model(middle, load).service_level < goal:
            low = middle
        else:
            high = middle
    return model(high, load)


def agents_as_if(load: Load, service_level: float) -> int:
    """The number of agents with which Erlang A comes closest to what happened."""
    enough = agents_for(load, min(service_level, 0.9999))
    fewer = erlang_a(enough.agents - 1, load) if enough.agents > 0 else enough
    nearer = abs(fewer.service_level - service_level) < abs(enough.service_level - service_level)
    return fewer.agents if nearer else enough.agents


def mean_patience_s(all_wait_s: float, abandoned: int) -> float:
    """Mean of exponential patience: its likeliest value is the seconds waited by all callers ÷ abandons."""
    return all_wait_s / abandoned if abandoned else math.inf
