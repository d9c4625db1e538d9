"""What somebody with limits sees of a snapshot: no row of another's calls, in whichever table or view."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as checks
from hypothesis import strategies as some

from bench.synthetic_store import make
from models import registers
from models.access import limits as limiting
from models.access.people import Limits
from models.app_store import AppStore
from models.settings import Settings

NAMED = ("call_id", "queue", "agent_id", "customer_id")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thousand made-up calls, published."""
    return make(Settings(data=tmp_path_factory.mktemp("limits") / "data"), calls=2000, turns=4)


@pytest.fixture
def con(snapshot: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with the snapshot attached."""
    with closing(attached(snapshot)) as con:
        yield con


def attached(snapshot: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory with the snapshot attached."""
    con = duckdb.connect()
    con.execute(f"attach '{snapshot}' as snapshot (read_only)")
    return con


def relations(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    """Every table and view of a database with its columns."""
    sql = "select table_name, list(column_name order by column_index) from duckdb_columns() where database_name = ? and schema_name = 'main' group by 1"
    return dict(con.execute(sql, [database]).fetchall())


def values(con: duckdb.DuckDBPyConnection, sql: str) -> set[object]:
    """The values of a one-column query."""
    return {value for (value,) in con.execute(sql).fetchall()}


def test_everything_is_there(con: duckdb.DuckDBPyConnection) -> None:
    """Each table and view of the snapshot exists within limits, with the same columns, so every query runs."""
    limiting.attach(con, Limits(("billing",), None))
    seen = {name: [c for c in columns if c != "rowid"] for name, columns in relations(con, limiting.NAME).items()}
    assert {name: seen.get(name) for name in relations(con, "snapshot")} == relations(con, "snapshot")


@pytest.mark.parametrize("queues", [("billing",), ("billing", "support"), (), ("no such queue",)])
def test_no_row_of_another_queue(con: duckdb.DuckDBPyConnection, queues: tuple[str, ...]) -> None:
    """No table or view names a call that never was in these queues, nor a stay or an interval of another queue."""
    limiting.attach(con, Limits(queues, None))
    marks = ", ".join(f"'{queue}'" for queue in queues) or "null"
    mine = values(
        con,
        f"select call_id from snapshot.main.queue_visits where queue in ({marks}) union select call_id from snapshot.main.calls where queue in ({marks})",
    )
    for name, columns in relations(con, limiting.NAME).items():
        if "call_id" in columns:
            assert values(con, f'select distinct call_id from limited.main."{name}"') <= mine | {None}, name
    for name in ("queue_visits", "judged_visits", "service_level_by_interval", "lost_callers"):
        assert values(con, f"select distinct queue from limited.main.{name}") <= set(queues), name
    assert values(con, "select call_id from limited.main.calls") == mine


def test_figures_are_those_of_the_queue(con: duckdb.DuckDBPyConnection) -> None:
    """What is added up within limits is what the whole snapshot says of that queue."""
    limiting.attach(con, Limits(("billing",), None))
    figures = "select sum(offered), sum(answered), sum(abandoned), sum(answered_in_target) from {}.main.service_level_by_interval where queue = 'billing'"
    assert con.execute(figures.format("limited")).fetchall() == con.execute(figures.format("snapshot")).fetchall()
    assert con.execute(figures.format("limited")).fetchall()[0][0] > 0


@checks(max_examples=8, deadline=None)
@given(some.sets(some.sampled_from([f"agent{n:02d}" for n in range(1, 12)]), min_size=1, max_size=4))
def test_no_call_of_another_agent(snapshot: Path, agents: set[str]) -> None:
    """Whatever agents somebody may see: every stay is one of theirs, and every call had one of them."""
    with closing(attached(snapshot)) as con:
        known = sorted(
            values(con, "select distinct agent_id from snapshot.main.queue_visits where agent_id is not null")
        )  # type: ignore[type-var]
        wanted = tuple(known[int(name[-2:]) % len(known)] for name in agents)  # type: ignore[misc]
        limiting.attach(con, Limits(None, wanted))  # type: ignore[arg-type]
        assert values(con, "select distinct agent_id from limited.main.queue_visits") == set(wanted)
        marks = ", ".join(f"'{name}'" for name in wanted)
        mine = values(con, f"select call_id from snapshot.main.queue_visits where agent_id in ({marks})")
        assert values(con, "select call_id from limited.main.turns") <= mine
        assert values(con, "select call_id from limited.main.calls") == mine


def test_one_call_is_judged_as_all_are(con: duckdb.DuckDBPyConnection) -> None:
    """Asking for one call, as the sound does, says the same as the list of what is allowed."""
    limits = Limits(("support",), None)
    con.execute("set search_path = 'snapshot.main'")
    calls = [call_id for (call_id,) in con.execute("select call_id from calls order by all limit 60").fetchall()]
    one_by_one = {call_id for call_id in calls if limiting.allows(con, limits, call_id)}
    assert all(limiting.allows(con, None, call_id) for call_id in calls)
    assert not limiting.allows(con, None, "no such call")
    limiting.attach(con, limits)
    assert one_by_one == set(calls) & values(con, "from limited.main.allowed") != set()


def test_colleagues_and_unknown_tables_are_closed(con: duckdb.DuckDBPyConnection) -> None:
    """Who heard what, and what ingest refused, belongs to nobody with limits; so does any table that does not say whose it is."""
    limiting.attach(con, Limits(("support",), None))
    for name in ("reveals", "rejected_rows", "ingest_files", "changes", "closing_note_edits"):
        assert con.execute(f"select count(*) from limited.main.{name}").fetchall() == [(0,)], name
    assert set(relations(con, "snapshot")) >= limiting.OPEN


def test_what_was_written_since_is_limited_too(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Rows that people wrote after the snapshot are shown at once, those about others' calls and customers to nobody else."""
    mine, other = (
        con.execute(
            "select call_id, any_value(customer_id) from snapshot.main.queue_visits group by 1"
            f" having bool_and(queue = '{queue}') order by 1 limit 1"
        ).fetchall()[0]
        for queue in ("billing", "support")
    )
    store = AppStore(settings)
    with store.transaction() as app:
        for call_id, customer_id in (mine, other):
            app.execute(
                "insert into complaints (kind, channel, status, customer_id, received_at, nature, call_id, written_at, written_by)"
                " values ('complaint', 'call', 'open', ?, '2026-02-27T10:00:00+00:00', 'late', ?, '2026-02-27T10:00:00+00:00', 'x')",
                (customer_id, call_id),
            )
    limits = Limits(("billing",), None)
    con.execute("attach ':memory:' as prepared")
    limiting.attach(con, limits)
    tables = registers.read(store)[1]
    limiting.put(con, tables)
    limiting.show(con, tables, limits)
    assert con.execute("select call_id from prepared.main.complaints").fetchall() == [(mine[0],)]
    assert con.execute("select count(*) from prepared.main.changes").fetchall() == [(0,)]
