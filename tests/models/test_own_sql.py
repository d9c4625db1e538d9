"""A reader's own query: it reads the snapshot, and neither writes, nor opens files, nor goes on for ever."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import own_sql
from models.errors import QueryRefused
from models.own_sql import Answer, ask
from models.own_sql_apart import LARGEST_INTEGER, LONGEST_CELL, answer, plain


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database with a quote in its path, and a file beside it that nobody may read."""
    folder = tmp_path_factory.mktemp("it's here")
    (folder / "secret.csv").write_text("word\nabracadabra\n", "utf-8")
    with duckdb.connect(str(folder / "one.duckdb")) as con:
        con.execute(
            "create table calls as select a as call_id, timestamptz '2026-03-02 08:00:00+00' as began from range(9) t(a)"
        )
    return folder / "one.duckdb"


def test_what_is_asked_is_answered(snapshot: Path) -> None:
    """Numbers stay numbers, every other kind comes as text, names may recur, and rows beyond the last are told of."""
    found = ask(
        snapshot, "select call_id, began, call_id / 2 as call_id from calls order by 1; -- the end", most_rows=2
    )
    assert found.columns == ["call_id", "began", "call_id"] and found.more
    assert found.rows == [[0, "2026-03-02 08:00:00+00:00", 0.0], [1, "2026-03-02 08:00:00+00:00", 0.5]]
    kinds = "select uuid() is not null, 1.5::decimal(4, 2), [1, 2], {'a': date '2026-03-02'}, 'a'::blob, null, uuid(), 'nan'::float"
    told = ask(snapshot, kinds)
    assert told.rows[0][1] == "1.50" and not told.more


@pytest.mark.parametrize(
    "sql",
    [
        "insert into calls select * from calls", "delete from calls", "create table snapshot.x as select 1", "drop table calls",
        "copy calls to 'FOLDER/out.csv'", "attach 'FOLDER/other.duckdb'", "install httpfs", "load httpfs", "set threads = 9",
        "export database 'FOLDER/all'", "call enable_logging(storage = 'file', storage_path = 'FOLDER/log')",
        "select 1; delete from calls", "explain analyze select 1", "checkpoint", "",
    ],
)  # fmt: skip
def test_what_does_not_read_is_refused(snapshot: Path, sql: str) -> None:
    """Anything but one query that reads gets a sentence, or is not even one; the snapshot is as it was."""
    told = answer(str(snapshot), sql.replace("FOLDER", str(snapshot.parent).replace("'", "''")), 5)
    assert told == {"not_one_select": True}
    assert sorted(file.name for file in snapshot.parent.iterdir()) == ["one.duckdb", "secret.csv"]


@pytest.mark.parametrize(
    "sql",
    [
        "from read_csv('FILE')", "from read_text('FILE')", "from read_blob('FILE')", "from 'FILE'", "from glob('FOLDER/*')",
        "from query('copy calls to ''FOLDER/out.csv''')", "from sqlite_scan('FILE', 'x')", "from parquet_scan('FILE')",
        "with x as (from read_csv_auto('FILE')) select * from x", "from read_text('http://127.0.0.1:1/')", "from os", "from sys",
    ],
)  # fmt: skip
def test_no_file_is_read(snapshot: Path, sql: str) -> None:
    """However a file, a folder, an address or a variable of Python is named, DuckDB refuses in its own words."""
    folder = str(snapshot.parent).replace("'", "''")
    told = answer(str(snapshot), sql.replace("FILE", f"{folder}/secret.csv").replace("FOLDER", folder), 5)
    assert set(told) == {"error"} and "abracadabra" not in told["error"]


def test_the_kernel_refuses_files_too(snapshot: Path) -> None:
    """A query that makes DuckDB write its log to a file leaves none: its process can open nothing."""
    log = snapshot.parent / "log"
    ask(snapshot, f"from enable_logging(storage = 'file', storage_path = '{str(log).replace(chr(39), chr(39) * 2)}')")
    assert not log.exists()


def test_an_endless_query_is_stopped(snapshot: Path) -> None:
    """It ends with a sentence, its process is gone, and the next query runs."""
    endless = "with recursive r as (select 1 a union all select a + 1 from r) select count(*) from r where a < 0"
    with pytest.raises(QueryRefused, match="took too long and was stopped"):
        ask(snapshot, endless, limit_s=2)
    assert ask(snapshot, "select 1").rows == [[1]]


def test_memory_is_limited(snapshot: Path) -> None:
    """One text of gigabytes is refused in words, whoever notices: DuckDB or the kernel."""
    try:
        told = ask(snapshot, "select repeat('x', 3000000000)")
    except QueryRefused as error:
        told = Answer([], [], error=str(error))
    assert told.error is not None and "emory" in told.error


def test_not_more_than_two_at_once(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A third waits for nobody: it is told to come again."""
    monkeypatch.setattr(own_sql._places, "acquire", lambda blocking: False)
    with pytest.raises(QueryRefused, match="Others' queries are running"):
        ask(snapshot, "select 1")


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary()))
def test_values_are_what_a_browser_takes(value: object) -> None:
    """None, a flag, a number that it can tell from others, or a text of bounded length; never NaN or infinity."""
    told = plain(value)
    if isinstance(told, int) and not isinstance(told, bool):
        assert abs(told) <= LARGEST_INTEGER and told == value
    elif isinstance(told, float):
        assert told == value
    else:
        assert told is None or isinstance(told, bool) or (isinstance(told, str) and len(told) <= LONGEST_CELL + 1)
