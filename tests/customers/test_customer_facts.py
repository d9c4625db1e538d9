"""What people know of customers: kept, merged field by field, taken back; published with what calls tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.app_store import AppStore
from models.customers import facts, silent
from models.customers.facts import Facts
from models.errors import ChangeRefused
from models.settings import Settings
from models.store import Store
from tests.conftest import asked

CALL = (
    "insert into calls (call_id, started_at, customer_id, outcome, wait_s, predicted_satisfaction, segment, has_recording,"
    " has_transcript, visits) values (?, ?, ?, ?, ?, ?, ?, false, false, 1)"
)
ADA, BOB = "+331", "+332"


@pytest.fixture
def store(settings: Settings) -> AppStore:
    """An empty store."""
    return AppStore(settings)


def test_facts_are_kept_and_taken_back(store: AppStore) -> None:
    """What was written is read again, and undo brings back what was there before."""
    nothing = facts.of(store, ADA)
    assert nothing == Facts(ADA)
    known = Facts(ADA, True, 1200.0, "professional", "outside", False, False, "Prefers letters.")
    assert facts.put(store, nothing, known, "ann")
    assert facts.of(store, ADA) == known
    assert not facts.put(store, known, known, "ann")
    facts.undo(store, ADA, "ann")
    assert facts.of(store, ADA) == nothing
    with pytest.raises(ChangeRefused, match="nothing left"):
        facts.undo(store, ADA, "ann")


def test_undo_is_of_the_customer_that_is_open(store: AppStore) -> None:
    """Taking back a change of one customer leaves a later change of another alone."""
    facts.put(store, Facts(ADA), Facts(ADA, is_core=True), "ann")
    facts.put(store, Facts(BOB), Facts(BOB, is_core=True), "ben")
    facts.undo(store, ADA, "ann")
    assert (facts.of(store, ADA).is_core, facts.of(store, BOB).is_core) == (None, True)
    assert [change.changed_by for change in facts.history(store, BOB)] == ["ben"]


def test_two_people_change_other_fields_and_neither_loses(store: AppStore) -> None:
    """Each writes what they changed; what the other wrote meanwhile stays."""
    seen = facts.of(store, ADA)
    facts.put(store, seen, replace(seen, is_core=True), "ann")
    facts.put(store, seen, replace(seen, note="Calls on Mondays."), "ben")
    assert facts.of(store, ADA) == Facts(ADA, is_core=True, note="Calls on Mondays.")


def test_two_people_change_the_same_field_and_the_second_is_told(store: AppStore) -> None:
    """The second is refused with a sentence, and the first one's value stays; the same value twice is no conflict."""
    seen = facts.of(store, ADA)
    facts.put(store, seen, replace(seen, lifetime_value=100.0), "ann")
    with pytest.raises(ChangeRefused, match="Somebody else"):
        facts.put(store, seen, replace(seen, lifetime_value=900.0), "ben")
    assert facts.of(store, ADA).lifetime_value == 100.0
    assert not facts.put(store, seen, replace(seen, lifetime_value=100.0), "ben")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Facts(" "), "need a customer"),
        (Facts(ADA, lifetime_value=-1.0), "0 or more"),
        (Facts(ADA, lifetime_value=float("nan")), "0 or more"),
        (Facts(ADA, note="x" * 501), "500 characters"),
    ],
)
def test_nonsense_is_refused(store: AppStore, wrong: Facts, why: str) -> None:
    """Each refusal says why, and nothing is written."""
    with pytest.raises(ChangeRefused, match=why):
        facts.put(store, Facts(wrong.customer_id), wrong, "ann")
    assert facts.every(store) == []


def test_customers_add_up_calls_complaints_and_what_people_know(settings: Settings, store: AppStore) -> None:
    """One row per known customer: calls by outcome, the last three predictions, complaints, facts; nobody withheld."""
    calls = [
        ("a1", "2026-03-02 09:00:00+00", ADA, "answered", 10.0, 2.0, None),
        ("a2", "2026-03-03 09:00:00+00", ADA, "abandoned", 50.0, None, "gold"),
        ("a3", "2026-03-04 09:00:00+00", ADA, "answered", 5.0, -1.0, None),
        ("a4", "2026-03-05 09:00:00+00", ADA, "transferred", 5.0, -1.0, None),
        ("a5", "2026-03-06 09:00:00+00", ADA, "answered", 5.0, -2.0, None),
        ("x1", "2026-03-06 10:00:00+00", "anonymous", "answered", 5.0, None, None),
    ]
    with Store(settings).writing() as con:
        con.executemany(CALL, calls)
    facts.put(store, Facts(BOB), Facts(BOB, is_core=True), "ann")
    with store.transaction() as app:
        app.execute(
            "insert into complaints (kind, channel, status, customer_id, received_at, nature, promised_for, written_at, written_by)"
            " values ('complaint', 'letter', 'promised', ?, '2026-03-07T09:00:00+00:00', 'Late.', '2026-03-20', 'x', 'x'),"
            " ('comment', 'email', 'open', ?, '2026-03-08T09:00:00+00:00', 'Hello.', null, 'x', 'x')".replace("'x'", "'2026-03-08T09:00:00+00:00'"),
            (ADA, ADA),
        )  # fmt: skip
    rows = asked(
        settings,
        "select customer_id, calls, answered, abandoned, last_call_id, recent_satisfaction, source_segment, complaints,"
        " open_promises, is_core, do_not_call from customers order by customer_id",
    )
    assert rows == [
        (ADA, 5, 4, 1, "a5", -4 / 3, "gold", 1, 1, None, False),
        (BOB, 0, 0, 0, None, None, None, 0, 0, True, False),
    ]


def test_the_silent_are_an_estimate_with_a_factor(settings: Settings, store: AppStore) -> None:
    """Complainers of the half-open period times 26, or times what people wrote; who complains twice counts once."""
    with store.transaction() as app:
        for at, who in (
            ("2026-02-28", "a"),
            ("2026-03-01", "a"),
            ("2026-03-02", "a"),
            ("2026-03-31", "b"),
            ("2026-04-01", "c"),
        ):
            stamp = f"{at}T00:00:00+00:00"
            app.execute(
                "insert into complaints (channel, status, customer_id, received_at, nature, written_at, written_by)"
                " values ('letter', 'open', ?, ?, 'Late.', ?, 'x')",
                (who, stamp, stamp),
            )
    with Store(settings).writing():
        pass
    estimate = "from silent_estimate(timestamptz '2026-03-01 00:00:00+00', timestamptz '2026-04-01 00:00:00+00')"
    assert asked(settings, estimate) == [(2, 26.0, False, 52.0)]
    silent.put(store, 4.0, "ann")
    assert asked(settings, estimate) == [(2, 4.0, True, 8.0)]
    silent.undo(store, "ann")
    assert asked(settings, estimate) == [(2, 26.0, False, 52.0)]
    with pytest.raises(ChangeRefused, match="0 to 1000"):
        silent.put(store, -1.0, "ann")
