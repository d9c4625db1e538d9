"""What is kept in memory beside a snapshot is what the snapshot's own views say, sooner."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bench.synthetic_store import fill, fill_findings
from dashboard import queries
from dashboard.prepared import HELD, VIEW, Prepared, sql_of
from models.access.people import Limits
from models.app_store import AppStore
from models.issues import decisions
from models.publish import publish
from models.settings import Settings
from models.store import Store, first_row
from models.waits.targets import target_rows

QUARTER, CALLS = timedelta(minutes=15), 3000
BEGUN = datetime(2026, 1, 5, tzinfo=UTC)
ISSUE = "i-000"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three thousand calls with everything that judging and issues would have found in them."""
    settings = Settings(data=tmp_path_factory.mktemp("judged") / "data")
    with Store(settings).writing() as con:
        fill(con, calls=CALLS, turns=4)
        fill_findings(con)
    publish(settings)
    return settings


def prepared_over(settings: Settings, limits: Limits | None = None) -> Prepared:
    """The newest snapshot with everything that is kept beside it."""
    made = Prepared(str(Store(settings).snapshot_path()), target_rows(AppStore(settings)), limits)
    for what in HELD:
        made.make(what)
    return made


@pytest.fixture(scope="module")
def prepared(judged: Settings) -> Iterator[Prepared]:
    """All of it, over that snapshot."""
    made = prepared_over(judged)
    yield made
    made.close()


def differing(con: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    """How many rows two tables or views do not share."""
    both = f"(from {one} except all from {other}) union all (from {other} except all from {one})"
    (n,) = first_row(con.execute(f"select count(*) from ({both})")) or (0,)
    return int(n)


@pytest.mark.parametrize(
    "what", [*(name for name, by in HELD.items() if by == VIEW), "judged_visits", "call_measure_days"]
)
def test_what_is_kept_is_what_its_view_says(prepared: Prepared, what: str) -> None:
    """Made from what is kept already, each holds the rows of the snapshot's view of that name."""
    with prepared.cursor() as cursor:
        assert differing(cursor, f"{what}.main.{what}", f"snapshot.main.{what}") == 0


def test_what_is_kept_within_limits_is_what_the_limited_views_say(judged: Settings) -> None:
    """Nobody sees more by what is kept than by the views over what they may see."""
    limited = prepared_over(judged, Limits(queues=("billing",), agents=None))
    with limited.cursor() as cursor:
        for what in ("lost_callers", "callers_to_call_back", "call_issues", "issues", "customer_contacts"):
            assert differing(cursor, f"{what}.main.{what}", f"limited.main.{what}") == 0
    limited.close()


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, 5600),
    span=st.integers(0, 5600),
    queues=st.sampled_from([None, ["billing"], ["billing", "none"]]),
)
def test_shares_of_any_period_add_up_from_quarter_hours(
    prepared: Prepared, start: int, span: int, queues: list[str] | None
) -> None:
    """What was met between any two quarter hours is the same from sums of quarter hours as from each call."""
    span_of = {"start": BEGUN + start * QUARTER, "end": BEGUN + (start + span) * QUARTER, "queues": queues}
    with prepared.cursor() as cursor:
        by_call = cursor.execute(
            "select criterion, sum(met), sum(not_met), sum(not_applicable), sum(not_assessable) from snapshot.main.need_facts"
            " where started_at >= $start and started_at < $end and ($queues is null or list_contains($queues::varchar[], queue))"
            " group by criterion order by criterion",
            span_of,
        ).fetchall()
        added_up = cursor.execute(sql_of("needs"), span_of).fetchall()
    assert [(row[0], row[2], row[3], row[4], row[5]) for row in added_up] == by_call


def test_a_decision_counts_at_once_and_lets_the_visits_be(judged: Settings) -> None:
    """A new name of an issue is seen, and undone again, and what decisions don't touch is not made again."""
    prepared = prepared_over(judged)
    published = decisions.published_rows(prepared.cursor())
    named = (ISSUE, "Charged twice", *[None] * 8)

    def name() -> object:
        prepared.make("call_issues")
        prepared.make("issues")
        with prepared.cursor() as cursor:
            (found,) = first_row(cursor.execute("select name from issues where issue_id = ?", [ISSUE])) or (None,)
        return found

    before = name()
    with prepared.cursor() as cursor:
        cursor.execute("delete from judged_visits.main.judged_visits")
    prepared.decide((named,), published[1])
    assert name() == "Charged twice"
    prepared.decide(*published)
    assert name() == before
    with prepared.cursor() as cursor:
        assert first_row(cursor.execute("select count(*) from judged_visits")) == (0,)
    prepared.close()


def test_what_another_visit_came_into_is_not_kept(judged: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that began before a decision, and asks after it, does not leave the old issues to those who come later."""
    monkeypatch.setenv("EARSHOT_DATA", str(judged.data))

    def names() -> list[str]:
        return list(queries.query("registers/issue_names")["name"])

    before = names()
    old = queries._written().written
    decisions.decide(AppStore(judged), ISSUE, {"name": "Lost in the post"}, "ana")
    ask = Prepared.cursor

    def with_an_old_page_between(prepared: Prepared) -> duckdb.DuckDBPyConnection:
        if not prepared._lock.locked():
            prepared.decide(old.decisions, old.assumptions)
        return ask(prepared)

    with monkeypatch.context() as between:
        between.setattr(Prepared, "cursor", with_an_old_page_between)
        assert names() == before
    assert "Lost in the post" in names()
    decisions.undo(AppStore(judged), "ana")


def test_pages_that_read_do_not_hinder_what_is_made(judged: Settings) -> None:
    """While other visitors' queries run one after the other, everything can be made, and each of them is answered."""
    prepared = Prepared(str(Store(judged).snapshot_path()), target_rows(AppStore(judged)))
    done = threading.Event()

    def read() -> int:
        answered = 0
        while not done.is_set():
            with prepared.cursor() as cursor:
                cursor.execute("select count(*) from queue_visits a join calls c on c.call_id = a.call_id").fetchall()
            answered += 1
        return answered

    with ThreadPoolExecutor(4) as readers:
        reading = [readers.submit(read) for _ in range(4)]
        try:
            for what in HELD:
                prepared.make(what)
        finally:
            done.set()
        assert all(one.result() for one in reading)
    prepared.close()
