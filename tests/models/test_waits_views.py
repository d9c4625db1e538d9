"""The waits' table macros and callers' views: given rows, expected rows; and what must hold for any rows."""

from __future__ import annotations

import tomllib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some
from scipy.stats import CensoredData, ecdf

from models.app_store import AppStore
from models.publish import publish
from models.settings import Settings
from models.store import Store, connect_snapshot, first_row, query
from tests.conftest import make_again

CASES = tomllib.loads((Path(__file__).parent.parent / "fixtures/views/waits.toml").read_text("utf-8"))["case"]
TARGET = (
    "insert into targets (queue, valid_from, goal, threshold_s, short_abandon_s, abandons_count, flow_outs_count,"
    " all_calls_limit_s, abandon_ceiling, written_at, written_by)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, '2026-01-01T00:00:00+00:00', 'test')"
)
VISIT = (
    "insert into queue_visits (call_id, queue, entered_at, outcome, wait_s, agent_id, talk_s, hold_s, acw_s,"
    " customer_id, segment, format, source)"
    " values (?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, nullif(?, ''), nullif(?, ''), 'csv', 'test')"
)
NOTHING = [None, None, None, None, None, None]
OUTCOMES = ["answered", "transferred", "abandoned", "timeout", "key", "empty", "callback"]


def snapshot(settings: Settings, visits: list[list[Any]], targets: list[list[Any]] = ()) -> Any:
    """A connection to a snapshot of these visits and targets, calls included."""
    with closing(AppStore(settings).connect()) as app:
        app.executemany(TARGET, targets)
        app.commit()
    with Store(settings).writing() as con:
        put(con, visits)
        con.execute("create temp table touched_calls as select distinct call_id from queue_visits")
        con.execute(f"insert into calls {query('refresh_calls')}")
        con.execute("drop table touched_calls")
    return closing(connect_snapshot(publish(settings).path))


def put(con: duckdb.DuckDBPyConnection, visits: list[list[Any]]) -> None:
    """Let these be the visits."""
    con.execute("delete from queue_visits")
    con.executemany(VISIT, [[*visit, *NOTHING][:11] for visit in visits])


def rows_of(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """What a query returns, fractions to six digits, without what is null."""
    names = [column[0] for column in con.execute(sql).description]
    return [
        {n: round(v, 6) if isinstance(v, float) else v for n, v in zip(names, row, strict=True) if v is not None}
        for row in con.execute(sql).fetchall()
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_given_visits_give_these_rows(settings: Settings, case: dict[str, Any]) -> None:
    """The query of each case returns exactly the rows written beside it."""
    given_settings = {name: case[name] for name in ("opening_hours", "closed_days", "time_zone") if name in case}
    with snapshot(replace(settings, **given_settings), case["visits"], case.get("targets", [])) as con:
        assert rows_of(con, case["query"]) == case["expect"]


@pytest.mark.parametrize("wrong", ["waits_by('minute', 'all')", "waits_by('day', 'team')"])
def test_an_unknown_grain_or_part_is_an_error_that_names_the_known(
    views: duckdb.DuckDBPyConnection, wrong: str
) -> None:
    """Analysts are told what they may ask for."""
    put(views, CASES[0]["visits"])
    make_again(views)
    with pytest.raises(duckdb.Error, match=r"(grain|part) is "):
        views.execute(f"from {wrong}").fetchall()


visit = some.tuples(
    some.sampled_from(["support", "billing"]), some.integers(0, 500_000), some.sampled_from(OUTCOMES),
    some.integers(0, 400), some.sampled_from(["", "ann", "ben"]),
)  # fmt: skip


def drawn_visits(drawn: list[tuple[str, int, str, int, str]], start: datetime) -> list[list[Any]]:
    """Rows for the store."""
    return [
        [f"c{n}", queue, start + timedelta(seconds=at), outcome, wait, agent]
        for n, (queue, at, outcome, wait, agent) in enumerate(drawn)
    ]


@how(max_examples=10)
@given(some.lists(visit, min_size=1, max_size=40), some.sampled_from(["2026-03-27", "2026-10-23"]))
def test_sums_are_the_same_by_any_time_and_part(views: duckdb.DuckDBPyConnection, drawn: list[Any], day: str) -> None:
    """Around both changes of the clocks: any grain and part add up to all, and each row's outcomes to its offered."""
    visits = drawn_visits(drawn, datetime.fromisoformat(day).replace(tzinfo=UTC))
    counts = "sum(offered), sum(answered), sum(abandoned), sum(flowed_out), sum(counted), sum(answered_in_target)"
    put(views, visits)
    make_again(views)
    sums = set()
    for grain in ("quarter", "half_hour", "hour", "day", "week", "month", "all"):
        for part in ("queue", "agent", "segment", "all"):
            sums.add(first_row(views.execute(f"select {counts} from waits_by('{grain}', '{part}')")))
    for split in ("all", "queue", "day", "week", "month", "slot"):
        sums.add(first_row(views.execute(f"select {counts} from waits_between('{split}', null, null, null, null)")))
    wrong = views.execute(
        "select count(*) from waits_by('quarter', 'queue') where answered + abandoned + flowed_out <> offered"
        " or service_level not between 0 and 1 or median_wait_s > p90_wait_s or p90_wait_s > longest_wait_s"
        " or answered_wait_s > all_wait_s"
    )
    assert first_row(wrong) == (0,)
    nested = views.execute(
        "select count(*) from clock where not (month_start <= day_start and week_start <= day_start"
        " and day_start <= hour_start and hour_start <= half_hour_start and half_hour_start <= quarter_start)"
    )
    assert first_row(nested) == (0,)
    ((offered, *_),) = sums
    assert offered == len(drawn)


@how(max_examples=15)
@given(some.lists(visit, min_size=1, max_size=60))
def test_patience_is_scipys(views: duckdb.DuckDBPyConnection, drawn: list[Any]) -> None:
    """The Kaplan-Meier curve of the macro is the one of scipy.stats.ecdf with answered calls and flow-outs censored."""
    visits = drawn_visits(drawn, datetime(2026, 3, 2, tzinfo=UTC))
    put(views, visits)
    make_again(views)
    rows = views.execute("select wait_s, still_waiting from patience(null, null, null, null)").fetchall()
    hung_up = [row[4] for row in visits if row[3] == "abandoned"]
    others = [row[4] for row in visits if row[3] != "abandoned"]
    if not hung_up:
        assert all(share == 1 for _wait, share in rows)
        return
    oracle = ecdf(CensoredData(uncensored=np.array(hung_up, float), right=np.array(others, float))).sf
    waits, shares = np.array(rows, float).T
    assert shares == pytest.approx(oracle.evaluate(waits), abs=1e-12)
    assert (np.diff(shares) <= 1e-12).all()
