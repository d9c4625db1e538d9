"""Goals' measures and standings in SQL: given what was written and called, the value, its n and how the goal stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some

from dashboard import queries
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.goals import figures, goals, registers
from models.publish import publish
from models.settings import Settings
from models.store import Store
from models.waits import targets
from models.waits.targets import Target
from tests.conftest import asked
from tests.dashboard.conftest import _look_at

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def standing(settings: Settings, measure: str) -> tuple[Any, ...]:
    """Value, n and status of one measure."""
    return asked(settings, f"select value, n, status from goal_standings() where measure = '{measure}'")[0]


def visits(settings: Settings, waits: list[float], outcome: str = "answered") -> None:
    """Visits of one morning, a minute apart."""
    with Store(settings).writing() as con:
        con.executemany(
            "insert into queue_visits (call_id, queue, entered_at, outcome, wait_s, format, source) values (?, 'a', ?, ?, ?, 'csv', 't')",
            [[f"{outcome}{n}", MONDAY + timedelta(minutes=n), outcome, wait] for n, wait in enumerate(waits)],
        )


def test_the_limit_for_every_call_counts_who_waited_longer_and_who_was_sent_away(settings: Settings) -> None:
    """Without a limit there is no value; with one, it is the share of visits within it, flow-outs being outside."""
    visits(settings, [5.0] * 8 + [61.0, 200.0])
    visits(settings, [10.0] * 2, "timeout")
    assert standing(settings, "answered_in_limit") == (None, 0, "no_target")
    with AppStore(settings).transaction() as connection:
        connection.execute("update targets set all_calls_limit_s = 60")
    goals.set_goal(AppStore(settings), "answered_in_limit", {"target": 0.5}, True, "Ana")
    assert standing(settings, "answered_in_limit") == (pytest.approx(8 / 12), 12, "met")
    assert standing(settings, "service_level")[:2] == (pytest.approx(8 / 10), 10)


def test_complaints_count_when_the_customer_was_asked(settings: Settings) -> None:
    """Satisfied and would-buy-again are shares of those who said yes or no; unknown and not asked are in neither."""
    with AppStore(settings).transaction() as connection:
        for satisfied, again in [("yes", "yes"), ("yes", "no"), ("no", None), ("unknown", "unknown"), (None, None)]:
            connection.execute(
                "insert into complaints (channel, status, received_at, nature, satisfied_after, would_buy_again, written_at, written_by)"
                " values ('call', 'resolved', '2026-03-02T23:30:00+00:00', 'late', ?, ?, '2026-03-03', 'Ana')", (satisfied, again),
            )  # fmt: skip
    sql = "select measure, value, n, period_on from measures_by('day') order by measure"
    assert asked(settings, sql) == [
        ("complaints_satisfied", pytest.approx(2 / 3), 3, date(2026, 3, 3)), ("would_buy_again", 0.5, 2, date(2026, 3, 3)),
    ]  # fmt: skip
    goals.set_goal(AppStore(settings), "would_buy_again", {"target": 0.4}, True, "Ana")
    assert standing(settings, "would_buy_again")[2] == "too_little"


def test_returned_products_are_a_share_of_those_shipped(settings: Settings) -> None:
    """Sums over the month, not a mean of shares; a month without returns said has no value."""
    store = AppStore(settings)
    for day, shipped, returned in [(1, 100.0, 10.0), (2, 300.0, 2.0)]:
        figures.put(store, "shipped", date(2026, 1, day), shipped, "Ana")
        figures.put(store, "returned", date(2026, 1, day), returned, "Ana")
    figures.put(store, "shipped", date(2026, 2, 1), 50.0, "Ana")
    rows = asked(settings, "select period_on, value, numerator, n from goal_months where measure = 'returned_share'")
    assert rows == [(date(2026, 1, 1), pytest.approx(0.03), 12, 400)]


def test_a_figure_adds_up_or_is_averaged(settings: Settings) -> None:
    """Shipped products of a month are their sum, orders that wait are their mean."""
    store = AppStore(settings)
    for day in (1, 2):
        figures.put(store, "shipped", date(2026, 1, day), 10.0 * day, "Ana")
        figures.put(store, "backorders", date(2026, 1, day), 10.0 * day, "Ana")
    assert asked(settings, "select measure, value from goal_months order by 1") == [("backorders", 15), ("shipped", 30)]


STATUSES = [
    # direction, before, now, target, due in days, status
    ("at_least", 50.0, 60.0, 60.0, None, "met"),
    ("at_most", 50.0, 60.0, 60.0, None, "met"),
    ("at_least", 50.0, 60.0, 70.0, 28, "on_track"),
    ("at_least", 50.0, 60.0, 70.0, 27, "behind"),
    ("at_least", 50.0, 60.0, 70.0, 0, "behind"),
    ("at_least", 50.0, 60.0, 70.0, None, "behind"),
    ("at_least", None, 60.0, 70.0, 90, "behind"),
    ("at_most", 80.0, 60.0, 40.0, 28, "on_track"),
    ("at_most", 50.0, 60.0, 40.0, 280, "behind"),
    ("at_least", None, None, 40.0, 28, "too_little"),
    ("at_least", 50.0, 60.0, None, None, "no_target"),
]


def test_how_a_goal_stands(settings: Settings) -> None:
    """Met at the target; on track when the pace of the last four weeks reaches it by the due date; else behind."""
    store, day, expected = AppStore(settings), date(2026, 2, 1), {}
    for direction, before, now, target, due, status in STATUSES:
        due_on = None if due is None else day + timedelta(days=due)
        goal = {"direction": direction, "target": target, "due_on": due_on}
        measure = goals.add_own(store, f"{before} to {now}, {goal}", None, False, goal, "Ana")
        expected[measure] = status
        for value, on in ((before, day - timedelta(days=28)), (now, day)):
            if value is not None:
                figures.put(store, measure, on, value, "Ana")
    stands = dict(asked(settings, "select measure, status from goal_standings() where measure like 'own-%'"))
    assert stands == expected


@how(max_examples=12)
@given(some.dictionaries(some.integers(0, 90), some.integers(0, 500), min_size=1, max_size=25))
def test_values_are_the_same_by_day_week_and_month(views: duckdb.DuckDBPyConnection, drawn: dict[int, int]) -> None:
    """Whatever the grain, numerators and n add up to the same."""
    views.execute("delete from figures")
    views.executemany(
        "insert into figures (figure, day, value, source) values ('shipped', ?, ?, 'typed')",
        [[date(2026, 1, 1) + timedelta(days=day), value] for day, value in drawn.items()],
    )
    union = " union all ".join(
        f"select sum(numerator), sum(n) from measures_by('{g}')" for g in ("day", "week", "month")
    )
    assert set(views.execute(union).fetchall()) == {(sum(drawn.values()), len(drawn))}


def test_two_people_at_one_goal_lose_nothing(settings: Settings) -> None:
    """Ana writes the target, Ben the owner, each with the form of before: both are kept, and each is undone alone."""
    store = AppStore(settings)
    goals.set_goal(store, "service_level", {"target": 0.9, "due_on": date(2026, 6, 1)}, True, "Ana")
    goals.set_goal(store, "service_level", {"owner": " Maria "}, True, "Ben")
    key = {"measure": "service_level"}
    assert registers.row(store, "goals", key) == {
        "measure": "service_level", "direction": "at_least", "target": 0.9, "owner": "Maria", "due_on": "2026-06-01",
    }  # fmt: skip
    assert not goals.set_goal(store, "service_level", {"owner": "Maria"}, True, "Ben")
    registers.undo(store, goals.TABLES, "Ben")
    assert registers.row(store, "goals", key)["owner"] is None
    registers.undo(store, goals.TABLES, "Ben")
    assert registers.row(store, "goals", key) is None
    with pytest.raises(ChangeRefused, match="nothing left"):
        registers.undo(store, goals.TABLES, "Ben")
    assert len(registers.history(store, goals.TABLES)) == 4


@pytest.mark.parametrize(
    "values", [{"target": 1.5}, {"target": -0.1}, {"target": float("nan")}, {"direction": "up"}, {"owner": "x" * 121}]
)
def test_nonsense_is_refused(settings: Settings, values: dict[str, Any]) -> None:
    """Shares beyond 0 to 1, no number, no direction, endless names: refused with a sentence, nothing written."""
    with pytest.raises(ChangeRefused):
        goals.set_goal(AppStore(settings), "service_level", values, True, "Ana")
    assert registers.history(AppStore(settings), goals.TABLES) == []


def test_a_new_wait_target_counts_in_the_goals_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written on the Waits page, without publishing: the service level and the limit for every call follow, as do undone ones."""
    visits(settings, [5.0, 25.0, 61.0])
    publish(settings)
    _look_at(settings.data, monkeypatch, settings)

    def now() -> tuple[float, float | None]:
        rows = queries.query("registers/goal_standings").set_index("measure")["value"]
        limit = rows["answered_in_limit"]
        return round(float(rows["service_level"]), 3), None if limit != limit else round(float(limit), 3)

    assert now() == (0.333, None)
    targets.put_target(queries.app_store(), Target("a", date(2026, 1, 1), 0.9, 30.0, all_calls_limit_s=60.0), "Ana")
    assert now() == (0.667, 0.667)
    targets.undo(queries.app_store(), "Ana")
    assert now() == (0.333, None)
