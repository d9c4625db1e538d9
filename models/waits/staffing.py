"""What a queue's half hours would need, beside what they had: Erlang C and A fitted to the queue's own figures.

Patience is one number a queue (seconds waited by all ÷ abandons); arrivals and handling times are those of each weekday
and half hour. Callers who left the queue otherwise are taken as arrivals that were never answered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.waits import erlang
from models.waits.erlang import Load

HALF_HOUR_S = 1800
HALF_HOURS_AN_HOUR = 2


@dataclass(frozen=True, slots=True)
class Rules:
    """The target that staffing is to keep, and how patient callers are."""

    goal: float
    threshold_s: float
    short_abandon_s: float
    abandons_count: bool
    patience_s: float


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One half hour of one weekday: per day offered calls and Erlangs, agents by three reckonings, and what happened.

    ``as_if``: the agents with whom Erlang A does what happened. ``agents_seen``: mean number who answered a call.
    """

    weekday: int
    slot: int
    offered: float
    erlangs: float
    needed_a: int
    needed_c: int
    as_if: int | None
    agents_seen: float
    service_level: float | None
    abandon_rate: float | None
    load: Load

    @property
    def missing(self) -> int:
        """Agents that were too few."""
        return max(self.needed_a - self.as_if, 0) if self.as_if is not None else 0

    def expected(self, more: int) -> float | None:
        """The service level with ``more`` agents than it was as if there had been."""
        return None if self.as_if is None else _erlang_a(max(self.as_if + more, 0), self.load).service_level


_erlang_a = lru_cache(maxsize=20_000)(erlang.erlang_a)


def plan(rows: Iterable[Mapping[str, Any]], rules: Rules) -> list[HalfHour]:
    """Every half hour of ``rows`` (queries/staffing.sql); those without an answered call have the mean handling time."""
    known = list(rows)
    answered = sum(row["answered"] for row in known)
    mean_s = sum(row["answered"] * _number(row["aht_s"]) for row in known) / answered if answered else 0.0
    return [_half_hour(row, rules, mean_s) for row in known if row["offered"] and mean_s]


def _half_hour(row: Mapping[str, Any], rules: Rules, mean_s: float) -> HalfHour:
    offered = row["offered"] / row["days"]
    load = Load(
        calls_per_s=offered / HALF_HOUR_S, handling_s=_number(row["aht_s"]) or mean_s, threshold_s=rules.threshold_s,
        patience_s=rules.patience_s, short_abandon_s=rules.short_abandon_s, abandons_count=rules.abandons_count,
    )  # fmt: skip
    kept = None if row["service_level"] is None or math.isnan(row["service_level"]) else float(row["service_level"])
    return HalfHour(
        weekday=int(row["weekday"]), slot=int(row["slot"]), offered=offered, erlangs=load.erlangs,
        needed_a=erlang.agents_for(load, rules.goal).agents,
        needed_c=erlang.agents_for(load, rules.goal, patient=True).agents,
        as_if=None if kept is None else erlang.agents_as_if(load, kept),
        agents_seen=_number(row["agents"]), service_level=kept,
        abandon_rate=None if row["abandon_rate"] is None else float(row["abandon_rate"]), load=load,
    )  # fmt: skip


def _number(value: Any) -> float:
    return 0.0 if value is None or math.isnan(value) else float(value)


def missing_hours(of: Iterable[HalfHour]) -> float:
    """Hours of agents that a week lacks, over all its half hours."""
    return sum(half_hour.missing for half_hour in of) / HALF_HOURS_AN_HOUR


def expected_level(of: Iterable[HalfHour], more: int) -> float | None:
    """The service level over half hours with ``more`` agents in each, weighted by calls; None where nothing is known."""
    known = [(half_hour.offered, level) for half_hour in of if (level := half_hour.expected(more)) is not None]
    calls = sum(offered for offered, _level in known)
    return sum(offered * level for offered, level in known) / calls if calls else None
