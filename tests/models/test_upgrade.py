"""Upgrades: stores of every earlier version open and keep everything; those of a newer one are left alone."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from ingest.cli import earshot
from models.app_store import MIGRATIONS, AppStore
from models.errors import StoreError
from models.migrations import migrations
from models.publish import publish
from models.settings import Settings
from models.store import MIGRATIONS_TABLE, SCHEMA, Store, connect, connect_snapshot, migrate

Rows = dict[str, list[tuple[object, ...]]]

STORE_STATES = range(len(migrations(SCHEMA)) + 1)
APP_STATES = range(len(migrations(MIGRATIONS)) + 1)
"""Number of migrations that an earlier Earshot had, from none to all."""

VALUES = {
    "DATE": "date '2026-03-29' + n::integer", "BOOLEAN": "n % 2 = 0", "INTEGER": "n", "BIGINT": "n * 1000000007", "DOUBLE": "n / 3.0", "VARCHAR": "'text ' || n",
    "TIMESTAMP WITH TIME ZONE": "timestamptz '2026-03-29 00:59:59.999999+00' + to_hours(n)", "VARCHAR[]": "['a', 'b ' || n]",
    "UTINYINT[][]": "[[(n % 256)::utinyint], []]",
    "STRUCT(word VARCHAR, start_s FLOAT, end_s FLOAT, probability FLOAT)[]": "[{'word': 'w', 'start_s': n, 'end_s': n + 1, 'probability': null}]",
}  # fmt: skip
"""A value of row ``n`` for each type that a column of the store has."""


COLUMNS = "select data_type, is_nullable from duckdb_columns() where table_name = ? order by column_index"


def store_of(settings: Settings, state: int, folder: Path = SCHEMA) -> Path:
    """calls.duckdb as an Earshot with only the first ``state`` migrations left it, with rows in every table."""
    path = Store(settings).calls_path
    path.parent.mkdir(parents=True, exist_ok=True)
    old = folder_of(settings, folder, state)
    with closing(connect(path)) as con:
        if state == 0:
            con.execute(MIGRATIONS_TABLE)
        migrate(con, path, old)
        for table in tables_of(con):
            kinds = con.execute(COLUMNS, [table]).fetchall()
            # null in every seventh row wherever it may be
            values = [f"case when n % 7 > 0 then {VALUES[kind]} end" if free else VALUES[kind] for kind, free in kinds]
            con.execute(f"insert into {table} select {', '.join(values)} from range(300) r(n)")
    return path


def folder_of(settings: Settings, folder: Path, state: int) -> Path:
    """The first ``state`` migrations, in a folder of their own."""
    old = settings.data / f"migrations-{folder.name}-{state}"
    old.mkdir(parents=True)
    for migration in migrations(folder)[:state]:
        shutil.copy(folder / migration.name, old)
    return old


def tables_of(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The store's tables, without the record of migrations."""
    sql = "select table_name from duckdb_tables() where table_name <> 'schema_migrations' order by 1"
    return [name for (name,) in con.execute(sql).fetchall()]


def rows_of_store(path: Path) -> Rows:
    """Every row of calls.duckdb."""
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        con.execute("set timezone = 'UTC'")
        found = {table: con.execute(f"select * from {table} order by rowid").fetchall() for table in tables_of(con)}
        found["schema_migrations"] = con.execute("select * from schema_migrations order by 1").fetchall()
    return found


def schema_of_store(path: Path) -> list[tuple[object, ...]]:
    """Every column of calls.duckdb."""
    describe = (
        "select table_name, column_name, data_type, is_nullable from duckdb_columns() where not internal order by all"
    )
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        return con.execute(describe).fetchall()


def kept(before: Rows, after: Rows) -> None:
    """What was there is there: the same rows in the same order; columns may have come at the end."""
    for table, rows in before.items():
        width = len(rows[0]) if rows else 0
        assert [row[:width] for row in after[table]][: len(rows)] == rows, table
        if table not in ("schema_migrations", "targets"):
            assert len(after[table]) == len(rows), table


SAMPLES: dict[str, object] = {"integer": 7, "real": 0.5, "text": "[]", "timestamptz": "2026-03-29T00:59:59.999999+00:00",
                              "date": "2026-03-29", "boolean": 1}  # fmt: skip
"""A value for each type that a column of app.sqlite has; the text is JSON, too, which some columns must hold."""


def app_of(settings: Settings, state: int) -> Path:
    """app.sqlite as an Earshot with only the first ``state`` migrations left it, with a row in every table."""
    path = settings.store / "app.sqlite"
    AppStore(settings, folder_of(settings, MIGRATIONS, state)).connect().close()
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("pragma ignore_check_constraints = on")  # a row is a row, whatever its columns may hold
        for table in app_tables(con):
            columns = [str(row[2]).lower() for row in con.execute(f"pragma table_info({table})")]
            values = [SAMPLES[kind] for kind in columns]
            con.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)
    return path


def app_tables(con: sqlite3.Connection) -> list[str]:
    """The tables of app.sqlite in the order in which they were made: parents come before children."""
    sql = "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name <> 'schema_migrations'"
    return [name for (name,) in con.execute(sql)]


def rows_of_app(path: Path) -> Rows:
    """Every row of app.sqlite."""
    with closing(sqlite3.connect(path)) as con:
        found = {table: con.execute(f"select * from {table} order by rowid").fetchall() for table in app_tables(con)}
        sql = "select * from schema_migrations order by 1"
        found["schema_migrations"] = con.execute(sql).fetchall() if version_table(con) else []
    return found


def version_table(con: sqlite3.Connection) -> bool:
    """Whether the record of migrations is there."""
    return con.execute("select 1 from sqlite_master where name = 'schema_migrations'").fetchone() is not None


def schema_of_app(path: Path) -> list[tuple[object, ...]]:
    """Every column and index of app.sqlite."""
    with closing(sqlite3.connect(path)) as con:
        columns = [(t, *row[1:]) for t in sorted(app_tables(con)) for row in con.execute(f"pragma table_info({t})")]
        return columns + con.execute("select name from sqlite_master where type = 'index' order by 1").fetchall()


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Both stores as this version makes them."""
    settings = Settings(data=tmp_path_factory.mktemp("new") / "data")
    with Store(settings).writing():
        AppStore(settings).connect().close()
    return settings


@pytest.mark.parametrize("state", range(max(len(STORE_STATES), len(APP_STATES))))
def test_stores_of_every_earlier_version_keep_everything(settings: Settings, new: Settings, state: int) -> None:
    """Whichever version wrote both stores: publish, which people are told to run first after an update, works before any ingest.

    Every row is kept, and the schema is that of new stores.
    """
    of_calls, of_app = min(state, STORE_STATES[-1]), min(state, APP_STATES[-1])
    calls, app = store_of(settings, of_calls), app_of(settings, of_app)
    before = rows_of_store(calls), rows_of_app(app)
    published = publish(settings)
    kept(before[0], rows_of_store(calls))
    kept(before[1], rows_of_app(app))
    assert schema_of_store(calls) == schema_of_store(Store(new).calls_path)
    assert schema_of_app(app) == schema_of_app(new.store / "app.sqlite")
    with closing(connect_snapshot(published.path)) as con:
        assert con.execute("select count(*) from targets").fetchall() == [(2 if of_app else 1,)]
    assert published.calls == (300 if of_calls else 0)


def newer(path: Path) -> Path:
    """The file after a later Earshot has opened it."""
    record = "insert into schema_migrations values (999, '999_later.sql', '', '2030-01-01 00:00:00+00')"
    with closing(connect(path) if path.suffix == ".duckdb" else sqlite3.connect(path, isolation_level=None)) as con:
        con.execute(record)
    return path


COMMANDS = {
    "publish": ["publish"],
    "transcripts": ["ingest", "transcripts", "INPUT"],
    "queue-log": ["ingest", "queue-log", "INPUT"],
    "recordings": ["ingest", "recordings", "INPUT", "--model", "demo"],
    "status": ["ingest", "status"],
    "score": ["score"],
    "issues": ["issues"],
    "learn": ["learn"],
}
READS_APP = ("publish", "learn")


def refusal(command: str, tmp_path: Path) -> str:
    """What a command says when it refuses to work, in one line."""
    file = tmp_path / "input.jsonl"
    file.write_text("")
    done = CliRunner().invoke(earshot, [str(file) if word == "INPUT" else word for word in COMMANDS[command]])
    assert isinstance(done.exception, StoreError), (done.output, done.exception)
    return str(done.exception)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_a_store_of_a_newer_version(settings: Settings, tmp_path: Path, command: str) -> None:
    """After a downgrade each command says in one sentence which file is newer, and leaves the file as it is."""
    path = newer(store_of(settings, STORE_STATES[-1]))
    before = path.read_bytes()
    said = refusal(command, tmp_path)
    assert (
        said == f"{path} was written by a newer Earshot (999_later.sql is not known here); update Earshot to open it."
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", READS_APP)
def test_commands_refuse_what_people_wrote_in_a_newer_version(settings: Settings, tmp_path: Path, command: str) -> None:
    """app.sqlite of a newer version is refused in one sentence, too, and nothing is changed in it."""
    path = newer(app_of(settings, APP_STATES[-1]))
    before = rows_of_app(path)
    assert "app.sqlite was written by a newer Earshot (999_later.sql" in refusal(command, tmp_path)
    assert rows_of_app(path) == before


def test_the_doctor_says_which_file_is_newer(settings: Settings) -> None:
    """earshot doctor finds a downgrade before anybody loses time over it."""
    published = publish(settings)
    assert "the store is of this version" in CliRunner().invoke(earshot, ["doctor"]).output
    newer(Store(settings).calls_path)
    said = CliRunner().invoke(earshot, ["doctor"])
    assert (
        said.exit_code == 1
        and "LOOK  version: " in said.output
        and "calls.duckdb was written by a newer" in said.output
    )
    assert published.path.exists()


def test_the_doctor_says_that_an_earlier_store_will_be_updated(settings: Settings) -> None:
    """A store of an earlier version is nothing to worry about, and is not touched by looking."""
    path = store_of(settings, 2)
    before = path.read_bytes()
    said = CliRunner().invoke(earshot, ["doctor"]).output
    assert "ok    version: calls.duckdb is of an earlier version" in said
    assert path.read_bytes() == before


def test_a_snapshot_of_another_version_is_not_exported(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither export nor doctor reads a snapshot whose views are not those of this version; both say what to do."""
    published = publish(settings)
    monkeypatch.setattr("models.publish.definitions", lambda: "those of another version")
    done = CliRunner().invoke(earshot, ["export", "--format", "csv"])
    assert str(done.exception) == (
        f"{published.path} was published by another version of Earshot; run earshot publish, then this again."
    )
    assert "LOOK  snapshot: published by another version" in CliRunner().invoke(earshot, ["doctor"]).output


FAILING = "create table half (n integer);\ninsert into half values (1);\n{before}\nselect * from nowhere;\n"
CHANGES = {
    "calls": "update calls set queue = 'lost';\ndrop table turns;",
    "app": "update targets set goal = 0.1;\ndrop table heard_log;",
}


@pytest.mark.parametrize("state", [1, 3])
def test_a_store_whose_migration_fails_is_as_it_was(settings: Settings, state: int) -> None:
    """A migration that fails midway takes those before it back: the Earshot of before still opens the file."""
    path = store_of(settings, state)
    before, schema = rows_of_store(path), schema_of_store(path)
    folder = folder_of(settings, SCHEMA, STORE_STATES[-1])
    (folder / "998_failing.sql").write_text(FAILING.format(before=CHANGES["calls"]))
    with closing(connect(path)) as con, pytest.raises(StoreError, match=r"998_failing\.sql: .*as it was before"):
        migrate(con, path, folder)
    assert (rows_of_store(path), schema_of_store(path)) == (before, schema)


@pytest.mark.parametrize("state", [1, 3])
def test_what_people_wrote_is_as_it_was_after_a_failed_migration(settings: Settings, state: int) -> None:
    """The same of app.sqlite."""
    path = app_of(settings, state)
    before, schema = rows_of_app(path), schema_of_app(path)
    folder = folder_of(settings, MIGRATIONS, APP_STATES[-1])
    (folder / "998_failing.sql").write_text(FAILING.format(before=CHANGES["app"]))
    with pytest.raises(StoreError, match=r"998_failing\.sql: .*as it was before"):
        AppStore(settings, folder).connect()
    assert (rows_of_app(path), schema_of_app(path)) == (before, schema)


SLOW = {
    "calls": "select count(*) from range(100000000000) a where a.range % 3 = 1;",
    "app": "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n;",
}
MIGRATING = """
import sys
from pathlib import Path
from models.settings import Settings
from models.app_store import AppStore
from models.store import Store, connect, migrate
data, folder, which = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
path = Store(Settings(data=data)).calls_path
print("migrating", flush=True)
if which == "app":
    AppStore(Settings(data=data), folder).connect()
else:
    migrate(connect(path), path, folder)
print("done", flush=True)
"""


@pytest.mark.parametrize("which", SLOW)
def test_kill_9_in_the_middle_of_a_migration_changes_nothing(settings: Settings, which: str) -> None:
    """The file is as it was before the update, which succeeds when it is tried again."""
    make, rows, schema = (store_of, rows_of_store, SCHEMA) if which == "calls" else (app_of, rows_of_app, MIGRATIONS)
    path = make(settings, 1)
    before = rows(path)
    folder = folder_of(settings, schema, len(migrations(schema)))
    (folder / "998_slow.sql").write_text(f"create table half (n integer);\n{CHANGES[which]}\n{SLOW[which]}\n")
    command = [sys.executable, "-c", MIGRATING, str(settings.data), str(folder), which]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and child.stdout.readline() == "migrating\n"
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(1)  # the slow statement would take hours
        child.send_signal(signal.SIGKILL)
        assert child.stdout.read() == ""
    assert rows(path) == before
    with Store(settings).writing():
        AppStore(settings).connect().close()
    kept(before, rows(path))


COMMITTED = """
import os, sys
from pathlib import Path
from models.settings import Settings
from models.store import Store, connect, migrate
path = Store(Settings(data=Path(sys.argv[1]))).calls_path
assert migrate(connect(path), path)
os._exit(9)
"""


def test_a_crash_just_after_a_migration_keeps_it(settings: Settings) -> None:
    """What was committed is there when the process ends before the file is tidied up: nothing is migrated twice."""
    path = store_of(settings, 1)
    before = rows_of_store(path)
    child = subprocess.run([sys.executable, "-c", COMMITTED, str(settings.data)], check=False)
    assert child.returncode == 9
    after = rows_of_store(path)
    kept(before, after)
    assert len(after["schema_migrations"]) == STORE_STATES[-1]


def test_two_migrations_of_one_number_are_refused(tmp_path: Path) -> None:
    """Of two files with one number the second would never run: that is said before anything is migrated."""
    for name in ("001_first.sql", "002_one.sql", "002_other.sql"):
        (tmp_path / name).write_text("select 1;")
    with pytest.raises(StoreError, match=r"002_one\.sql and 002_other\.sql"):
        migrations(tmp_path)
