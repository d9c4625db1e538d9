"""Call-back lists: who may be drawn, drawn once, never too soon again; outcomes with undo, and two people at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.app_store import AppStore
from models.customers import callbacks, facts
from models.customers.callbacks import Callback, Customer, Draw
from models.customers.facts import Facts
from models.errors import ChangeRefused
from models.settings import Settings
from models.store import Store
from tests.conftest import asked

WEEK = "2026-W10"
MADE = Callback("lost", "c1", "+331", "reached", "yes", "All is well.")
IDS = st.lists(st.text(min_size=1, max_size=6), max_size=30)


@pytest.fixture
def store(settings: Settings) -> AppStore:
    """An empty store."""
    return AppStore(settings)


def frame(n: int) -> list[Customer]:
    """Customers to draw from."""
    return [Customer(f"+33{i}", f"call-{i}") for i in range(n)]


def drawn(store: AppStore, week: str = WEEK, size: int = 5, n: int = 30, gap_weeks: int = 4, seed: int = 1) -> Draw:
    """A draw by Ann."""
    return callbacks.draw(store, week, size, frame(n), gap_weeks, seed, "ann")


@given(
    ids=IDS,
    barred=st.sets(st.text(min_size=1, max_size=6), max_size=5),
    size=st.integers(0, 40),
    seed=st.integers(0, 2**31),
)
def test_a_choice_is_fair_to_its_rules(ids: list[str], barred: set[str], size: int, seed: int) -> None:
    """For any frame: as many as asked for or all that may be, nobody twice, nobody barred, whatever the order."""
    given_frame = [Customer(one, f"call of {one}") for one in ids]
    chosen = [one.customer_id for one in callbacks.choose(given_frame, size, seed, barred)]
    allowed = set(ids) - barred
    assert len(chosen) == len(set(chosen)) == min(size, len(allowed))
    assert set(chosen) <= allowed
    assert chosen == [one.customer_id for one in callbacks.choose(given_frame[::-1], size, seed, barred)]


@given(ids=IDS, size=st.integers(1, 10), seed=st.integers(0, 2**31), data=st.data())
def test_leaving_somebody_out_changes_nobody_elses_turn(
    ids: list[str], size: int, seed: int, data: st.DataObject
) -> None:
    """Without one customer the list is the same, with that one missing and at most one more at its end."""
    given_frame = [Customer(one, one) for one in ids]
    chosen = callbacks.choose(given_frame, size, seed)
    if chosen:
        gone = data.draw(st.sampled_from(chosen))
        rest = callbacks.choose(given_frame, size, seed, {gone.customer_id})
        assert rest[: len(chosen) - 1] == [one for one in chosen if one != gone]


def test_everyone_is_as_likely(store: AppStore) -> None:
    """Over two thousand seeds each of ten customers is drawn about as often: within four standard deviations."""
    counts = dict.fromkeys((c.customer_id for c in frame(10)), 0)
    for seed in range(2000):
        for one in callbacks.choose(frame(10), 3, seed):
            counts[one.customer_id] += 1
    assert all(abs(n - 600) < 4 * (2000 * 0.3 * 0.7) ** 0.5 for n in counts.values())


def test_a_list_is_drawn_once_per_week_and_size(store: AppStore) -> None:
    """Drawing again, with another seed and other customers, gives the list there is."""
    first = drawn(store)
    assert len(first.picks) == 5
    assert first.frame_customers == 30
    assert drawn(store, n=3, seed=99) == first == callbacks.drawn(store, WEEK, 5)
    assert callbacks.draws(store) == [(WEEK, 5)]


@given(
    sizes=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 8)), min_size=1, max_size=5, unique=True),
    gap=st.integers(0, 4),
)
def test_nobody_is_drawn_again_within_the_pause(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[tuple[int, int]], gap: int
) -> None:
    """For any lists in any weeks: no customer is on two lists that lie at most the pause apart."""
    store = AppStore(Settings(data=Path(tmp_path_factory.mktemp("pause")) / "data"))
    seen: list[tuple[int, set[str]]] = []
    for number, size in sizes:
        try:
            picks = {one.customer_id for one in drawn(store, f"2026-W{10 + number}", size, 12, gap).picks}
        except ChangeRefused:
            continue
        assert all(not picks & others for week, others in seen if abs(week - number) <= gap)
        seen.append((number, picks))


def test_who_must_not_be_called_is_never_drawn(store: AppStore) -> None:
    """Not even when nobody else is there; then the draw is refused."""
    for one in frame(3):
        facts.put(store, Facts(one.customer_id), Facts(one.customer_id, do_not_call=True), "ann")
    assert {one.customer_id for one in drawn(store, n=5).picks} == {"+333", "+334"}
    with pytest.raises(ChangeRefused, match="nobody to draw"):
        drawn(store, week="2026-W30", n=3)


def test_two_people_draw_at_once_and_get_one_list(settings: Settings) -> None:
    """Whoever is second gets the first one's list."""
    AppStore(settings).connect().close()
    found: list[Draw] = []
    threads = [
        threading.Thread(target=lambda s=seed: found.append(drawn(AppStore(settings), seed=s))) for seed in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({draw.seed for draw in found}) == 1


def test_weeks_around_go_over_the_year() -> None:
    """The pause counts ISO weeks, also those of a year with 53."""
    assert callbacks.weeks_around("2027-W01", 1) == ["2026-W53", "2027-W01", "2027-W02"]


def test_outcomes_are_kept_removed_and_taken_back(store: AppStore) -> None:
    """What came of a call is read again; removing it and undoing that brings it back."""
    assert callbacks.record(store, MADE, "ann")
    assert callbacks.outcomes(store, "lost") == {"c1": MADE}
    assert not callbacks.record(store, MADE, "ann", MADE)
    callbacks.remove(store, MADE, "ann")
    assert callbacks.outcomes(store, "lost") == {}
    callbacks.undo(store, "lost", "c1", "ann")
    assert callbacks.outcomes(store, "lost") == {"c1": MADE}
    assert [back for _at, back in callbacks.of_customer(store, "+331")] == [MADE]


def test_satisfaction_belongs_to_who_was_reached(store: AppStore) -> None:
    """Who was not reached said nothing: an answer that was ticked by mistake is not kept."""
    callbacks.record(store, replace(MADE, outcome="not_reached"), "ann")
    assert callbacks.outcomes(store, "lost")["c1"].satisfied is None


def test_two_people_call_the_same_customer(store: AppStore) -> None:
    """The second is told, and the first one's outcome stays; who has seen it may change it."""
    callbacks.record(store, MADE, "ann")
    other = replace(MADE, satisfied="no", note="Furious.")
    with pytest.raises(ChangeRefused, match="meanwhile"):
        callbacks.record(store, other, "ben")
    assert callbacks.outcomes(store, "lost")["c1"] == MADE
    assert callbacks.record(store, other, "ben", seen=MADE)
    with pytest.raises(ChangeRefused, match="meanwhile"):
        callbacks.remove(store, MADE, "ann")


def test_nobody_writes_a_call_to_who_must_not_be_called(store: AppStore) -> None:
    """The outcome is refused: the call should not have been made."""
    facts.put(store, Facts("+331"), Facts("+331", do_not_call=True), "ann")
    with pytest.raises(ChangeRefused, match="must not be called"):
        callbacks.record(store, MADE, "ann")


def test_lost_callers_are_one_row_each_until_they_are_answered(settings: Settings) -> None:
    """Two tries of one caller are one row with both waits; whoever was answered later is not on the list."""
    visits = [
        ("a1", "q", "2026-03-02 09:00:00+00", "abandoned", 60.0, "+331"), ("a2", "q", "2026-03-02 10:00:00+00", "abandoned", 30.0, "+331"),
        ("b1", "q", "2026-03-02 09:00:00+00", "abandoned", 60.0, "+332"), ("b2", "q", "2026-03-04 09:00:00+00", "answered", 5.0, "+332"),
        ("x1", "q", "2026-03-02 09:00:00+00", "abandoned", 60.0, "anonymous"),
    ]  # fmt: skip
    with Store(settings).writing() as con:
        con.executemany(
            "insert into queue_visits (call_id, queue, entered_at, outcome, wait_s, customer_id, format, source)"
            " values (?, ?, ?, ?, ?, ?, 'csv', 'test')",
            visits,
        )
    found = asked(settings, "select customer_id, call_id, tries, waited_s from callers_to_call_back")
    assert found == [("+331", "a2", 2, 90.0)]
