"""Views: given rows, expected rows; and what must hold for any rows."""

from __future__ import annotations

import tomllib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from models.app_store import AppStore
from models.publish import publish
from models.settings import Settings
from models.store import Store, connect_snapshot, first_row
from tests.conftest import make_again

CASES = tomllib.loads((Path(__file__).parent.parent / "fixtures/views/service_level.toml").read_text("utf-8"))["case"]
TARGET = (
    "insert into targets (queue, valid_from, goal, threshold_s, short_abandon_s, abandons_count, written_at, written_by) "
    "values (?, ?, ?, ?, ?, ?, '2026-01-01T00:00:00+00:00', 'test')"
)
OUTCOMES = ["answered", "transferred", "abandoned", "timeout", "key", "empty", "callback"]


def snapshot(settings: Settings, visits: list[list[Any]], targets: list[list[Any]] = ()) -> Any:
    """A connection to a snapshot of these visits and targets."""
    with closing(AppStore(settings).connect()) as app:
        app.executemany(TARGET, targets)
        app.commit()
    with Store(settings).writing() as con:
        put(con, visits)
    return closing(connect_snapshot(publish(settings).path))


def put(con: duckdb.DuckDBPyConnection, visits: list[list[Any]]) -> None:
    """Let these be the visits."""
    con.execute("delete from queue_visits")
    con.executemany(
        "insert into queue_visits (call_id, queue, entered_at, outcome, wait_s, format, source) "
        "values (?, ?, ?, nullif(?, ''), ?, 'csv', 'test')",
        visits,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_service_level_of_given_visits(settings: Settings, case: dict[str, Any]) -> None:
    """The visits of each case give exactly the intervals and figures written beside them."""
    settings = replace(settings, time_zone=case.get("time_zone", "Europe/Paris"))
    with snapshot(settings, case["visits"], case.get("targets", [])) as con:
        rows = con.execute("from service_level_by_interval order by queue, interval_start").df().to_dict("records")
    assert len(rows) == len(case["expect"])
    for row, expected in zip(rows, case["expect"], strict=True):
        row["interval_start"] = row["interval_start"].isoformat()
        assert {k: rounded(row[k]) for k in expected} == expected
        assert all(row[name] != row[name] for name in case.get("absent", []))


def rounded(value: Any) -> Any:
    """Fractions to six digits, as they are written in the cases."""
    return round(value, 6) if isinstance(value, float) else value


visit = st.tuples(
    st.sampled_from(["support", "billing"]),
    st.integers(0, 200_000),
    st.sampled_from(OUTCOMES),
    st.integers(0, 400),
)


@how(max_examples=15)
@given(st.lists(visit, min_size=1, max_size=40))
def test_counts_add_up(views: duckdb.DuckDBPyConnection, drawn: list[tuple[str, int, str, int]]) -> None:
    """For any visits: answered + abandoned + flowed out = offered, intervals sum to all, rates lie in 0..1."""
    start = datetime(2026, 3, 28, tzinfo=UTC)  # the clocks change the day after
    visits = [
        [f"c{n}", queue, start + timedelta(seconds=at), outcome, wait]
        for n, (queue, at, outcome, wait) in enumerate(drawn)
    ]
    put(views, visits)
    make_again(views)
    wrong = views.execute(
        "select count(*) from service_level_by_interval where answered + abandoned + flowed_out <> offered "
        "or service_level not between 0 and 1 or abandon_rate not between 0 and 1 or answered_in_target > answered "
        "or short_abandoned > abandoned"
    )
    assert first_row(wrong) == (0,)
    assert first_row(views.execute("select sum(offered) from service_level_by_interval")) == (len(drawn),)
