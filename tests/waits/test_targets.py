"""Targets and assumptions: written with their history, taken back, and never nonsense."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.app_store import AppStore
from models.errors import ChangeRefused
from models.settings import Settings
from models.waits import cost, targets
from models.waits.targets import EVERY_QUEUE, FIRST_DAY, Target

OWN = Target("support", date(2026, 3, 2), 0.9, 30.0, 5.0, False, True, 300.0, 0.04)


@pytest.fixture
def store(settings: Settings) -> AppStore:
    """A store with the target that Earshot begins with."""
    return AppStore(settings)


def test_a_target_is_read_as_it_was_written(store: AppStore) -> None:
    """Every field comes back, beside the first one of every queue."""
    assert targets.put_target(store, OWN, "ana")
    assert targets.targets(store) == [Target(EVERY_QUEUE, FIRST_DAY, 0.8, 20.0), OWN]
    assert not targets.put_target(store, OWN, "ana")
    assert [change.changed_by for change in targets.history(store)] == ["ana"]


def test_the_same_day_again_replaces_and_is_remembered(store: AppStore) -> None:
    """One target per queue and day; the history has both."""
    targets.put_target(store, OWN, "ana")
    targets.put_target(store, replace(OWN, goal=0.95), "ben")
    assert [target.goal for target in targets.targets(store)] == [0.8, 0.95]
    newest = targets.history(store)[0]
    assert (newest.changed_by, newest.before["goal"], newest.after["goal"]) == ("ben", 0.9, 0.95)


def test_undo_goes_back_step_by_step_and_stops_at_the_beginning(store: AppStore) -> None:
    """A change, an addition and a removal are each taken back; what was undone stays in the history."""
    first = targets.targets(store)
    targets.put_target(store, OWN, "ana")
    targets.put_target(store, replace(OWN, goal=0.95), "ana")
    targets.remove_target(store, "support", OWN.valid_from, "ana")
    seen = []
    for _step in range(3):
        targets.undo(store, "ben")
        seen.append([target.goal for target in targets.targets(store)])
    assert seen == [[0.8, 0.95], [0.8, 0.9], [0.8]]
    assert targets.targets(store) == first
    with pytest.raises(ChangeRefused, match="nothing left to undo"):
        targets.undo(store, "ben")
    assert len(targets.history(store)) == 6
    targets.put_target(store, OWN, "ana")
    targets.undo(store, "ana")
    assert targets.targets(store) == first


NONSENSE = [
    {"queue": " "}, {"goal": 0.0}, {"goal": 1.01}, {"threshold_s": 0.0}, {"short_abandon_s": -1.0},
    {"all_calls_limit_s": 10.0}, {"abandon_ceiling": 0.0},
]  # fmt: skip


@pytest.mark.parametrize("wrong", NONSENSE, ids=str)
def test_nonsense_is_refused_and_nothing_written(store: AppStore, wrong: dict[str, object]) -> None:
    """A target that can't be kept or measured is not written."""
    with pytest.raises(ChangeRefused):
        targets.put_target(store, replace(OWN, **wrong), "ana")
    assert len(targets.targets(store)) == 1
    assert targets.history(store) == []


def test_the_first_target_stays(store: AppStore) -> None:
    """Without it, queues would have no target at all."""
    with pytest.raises(ChangeRefused, match="not removed"):
        targets.remove_target(store, EVERY_QUEUE, FIRST_DAY, "ana")
    assert not targets.remove_target(store, "nobody", FIRST_DAY, "ana")


def test_assumptions_have_defaults_and_are_kept(store: AppStore) -> None:
    """Only what differs is written, with its history; shares stay shares."""
    assert cost.assumptions(store) == cost.DEFAULTS
    assert cost.put_assumptions(store, {**cost.DEFAULTS, "agent_hour": 42.0}, "ana")
    assert not cost.put_assumptions(store, {"agent_hour": 42.0}, "ana")
    assert cost.assumptions(store) == {**cost.DEFAULTS, "agent_hour": 42.0}
    for wrong in ({"leaving_share": 1.5}, {"agent_hour": -1.0}, {"luck": 1.0}):
        with pytest.raises(ChangeRefused):
            cost.put_assumptions(store, wrong, "ana")


def test_costs_are_the_sums_they_say() -> None:
    """Each part by hand; calls that were not longer cost nothing more."""
    measured = cost.Missed(40, 100, 240.0, 300.0, 7200.0, 10.0)
    assumed = {"customer_value": 200.0, "leaving_share": 0.1, "agent_hour": 30.0, "customer_hour": 5.0,
               "unavailable_share": 0.25}  # fmt: skip
    made = cost.cost(measured, assumed)
    assert (made.lost, made.longer_calls, made.customers_time, made.agents) == (800.0, 50.0, 10.0, 400.0)
    assert made.total == 860.0
    assert cost.cost(replace(measured, late_aht_s=200.0), assumed).longer_calls == 0
    assert cost.cost(replace(measured, late_aht_s=None), assumed).longer_calls == 0
