"""The store of what people write: migrations, threads, and listening that can't be talked up."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.app_store import AppStore, week_of
from models.errors import ChangeRefused, NotSaved, StoreError, whole
from models.settings import Settings

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEC = timedelta(seconds=1)


@pytest.fixture
def store(settings: Settings) -> AppStore:
    """An empty store."""
    return AppStore(settings)


def opened(store: AppStore, call_id: str = "c1", at: datetime = MONDAY) -> AppStore:
    """The store after Ana opened the sound of a call."""
    store.log_heard("ana", call_id, "sound", at)
    return store


def test_connection_is_durable_and_checked(store: AppStore) -> None:
    """A connection writes ahead, syncs fully, checks foreign keys and has the tables."""
    with closing(store.connect()) as connection:
        names = ("journal_mode", "synchronous", "foreign_keys")
        pragmas = [connection.execute(f"pragma {name}").fetchone()[0] for name in names]
        tables = {name for (name,) in connection.execute("select name from sqlite_master")}
    assert pragmas == ["wal", 2, 1]
    assert {"listening", "heard_log", "targets", "schema_migrations"} <= tables


def test_migrations_run_once(settings: Settings) -> None:
    """Opening the store again applies nothing and keeps the rows."""
    opened(AppStore(settings))
    with AppStore(settings).reading() as connection:
        assert connection.execute("select count(*) from heard_log").fetchone() == (1,)
        names = [n for (n,) in connection.execute("select name from schema_migrations order by version")]
    assert names == sorted(set(names))
    assert names[0] == "001_app.sql"


def test_two_processes_migrate_at_once(settings: Settings) -> None:
    """Several openers of a new store leave it migrated once."""
    threads = [threading.Thread(target=lambda: AppStore(settings).connect().close()) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with AppStore(settings).reading() as connection:
        assert connection.execute("select count(*) from targets").fetchone() == (1,)


def test_newer_store_is_refused_with_a_sentence(settings: Settings, store: AppStore) -> None:
    """A store with a migration that this version lacks is not touched."""
    with store.transaction() as connection:
        connection.execute("insert into schema_migrations values (999, '999_later.sql', 'x', '2030-01-01')")
    with pytest.raises(StoreError, match=r"newer Earshot \(999_later.sql"):
        AppStore(settings).connect()


def test_changed_migration_is_refused(settings: Settings, tmp_path: Path) -> None:
    """A migration that was edited after it ran is named, not skipped in silence."""
    folder = tmp_path / "schema"
    folder.mkdir()
    file = folder / "001_first.sql"
    file.write_text("create table a (n integer); -- one\ncreate table b (n integer);\n")
    AppStore(settings, folder).connect().close()
    file.write_text("create table a (n text);\n")
    with pytest.raises(StoreError, match=r"001_first\.sql changed after"):
        AppStore(settings, folder).connect()


def test_failing_migration_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    """A migration that fails half-way is rolled back with its tables."""
    folder = tmp_path / "schema"
    folder.mkdir()
    (folder / "001_bad.sql").write_text("create table a (n integer);\ncreate nonsense;\n")
    with pytest.raises(StoreError):
        AppStore(settings, folder).connect()
    with closing(sqlite3.connect(settings.store / "app.sqlite")) as connection:
        assert connection.execute("select name from sqlite_master where name = 'a'").fetchone() is None


def test_unusable_file_is_one_sentence(settings: Settings) -> None:
    """A file that is no database is an error of ours, with its path."""
    settings.store.mkdir(parents=True)
    (settings.store / "app.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 40)
    with pytest.raises(StoreError, match=r"app\.sqlite can't be opened"):
        AppStore(settings).connect()


def test_heard_seconds_add_up_over_reports(store: AppStore) -> None:
    """Overlapping reports count each second once, and the position is remembered."""
    opened(store)
    store.record_heard("ana", "c1", [(0, 10)], 10.0, 60.0, MONDAY + 10 * SEC)
    heard = store.record_heard("ana", "c1", [(5, 18)], 18.0, 60.0, MONDAY + 20 * SEC)
    assert heard.intervals == ((0.0, 18.0),)
    assert (heard.call_s, heard.week_s, heard.position_s) == (18.0, 18.0, 18.0)
    assert store.heard("ben", "c1", MONDAY).call_s == 0.0


def test_implausible_report_is_cut_to_the_clock(store: AppStore) -> None:
    """Ten minutes can't be heard in ten seconds: twice the clock and a little slack are kept."""
    heard = opened(store).record_heard("ana", "c1", [(0, 600)], 600.0, 3600.0, MONDAY + 10 * SEC)
    assert heard.call_s == 23.0


def test_flood_of_reports_gains_only_the_slack_each(store: AppStore) -> None:
    """Many reports within a second stay within the clock and the slack of each."""
    opened(store)
    for n in range(5):
        heard = store.record_heard("ana", "c1", [(n * 100, n * 100 + 90)], 0.0, 3600.0, MONDAY + SEC)
    assert heard.call_s <= 2 * 1 + 5 * 3


def test_call_never_opened_counts_nothing(store: AppStore) -> None:
    """Without the sound there is nothing to hear."""
    assert store.record_heard("ana", "c1", [(0, 5)], 5.0, 60.0, MONDAY).call_s == 0.0


def test_old_report_does_not_pay_for_a_new_call(store: AppStore) -> None:
    """Time away does not count as time in which a call opened just now was heard."""
    opened(store).record_heard("ana", "c1", [(0, 1)], 1.0, 60.0, MONDAY + SEC)
    opened(store, "c2", MONDAY + 3600 * SEC)
    heard = store.record_heard("ana", "c2", [(0, 500)], 500.0, 600.0, MONDAY + 3605 * SEC)
    assert heard.call_s == 13.0


def test_late_report_after_a_lost_connection_counts(store: AppStore) -> None:
    """What was heard while the network was down arrives in one piece."""
    opened(store)
    heard = store.record_heard("ana", "c1", [(0, 90)], 90.0, 600.0, MONDAY + 90 * SEC)
    assert heard.call_s == 90.0


def test_beyond_the_end_is_cut(store: AppStore) -> None:
    """Neither the stretches nor the position go beyond the call."""
    heard = opened(store).record_heard("ana", "c1", [(-5, 99)], 99.0, 30.0, MONDAY + 60 * SEC)
    assert heard.intervals == ((0.0, 30.0),)
    assert heard.position_s == 30.0


def test_week_is_local_and_starts_anew(settings: Settings) -> None:
    """Sunday 23:30 UTC is Monday in Paris: it belongs to the new ISO week, and the position is kept."""
    store = opened(AppStore(settings), at=MONDAY)
    store.record_heard("ana", "c1", [(0, 10)], 10.0, 60.0, MONDAY + 10 * SEC)
    sunday = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
    assert week_of(sunday, settings.zone) == "2026-W11"
    heard = store.heard("ana", "c1", sunday)
    assert (heard.call_s, heard.week_s, heard.position_s) == (0.0, 0.0, 10.0)


def test_many_threads_lose_nothing(store: AppStore) -> None:
    """Eight threads writing at once all find their rows."""

    def write(n: int) -> None:
        for k in range(10):
            store.log_heard(f"r{n}", f"c{k}", "sound", MONDAY)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as connection:
        assert connection.execute("select count(*) from heard_log").fetchone() == (80,)


def test_a_disk_that_takes_no_more_is_told_to_whoever_writes(store: AppStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It refuses the change like anything else that can't be written, and a note names the file."""
    prepare = AppStore._prepare

    def full(self: AppStore, connection: sqlite3.Connection) -> sqlite3.Connection:
        prepare(self, connection).execute("pragma max_page_count = 1")  # as many as there are: the file can't grow
        return connection

    monkeypatch.setattr(AppStore, "_prepare", full)
    with pytest.raises(ChangeRefused, match="takes no more") as told:
        for _ in range(9):
            store.log_heard("ana" * 5000, "c1", "sound", MONDAY)
    assert isinstance(told.value, NotSaved)
    assert whole(told.value).endswith(f"{store.path} can't be written: database or disk is full.")


def test_failed_transaction_leaves_nothing(store: AppStore) -> None:
    """An error inside a transaction rolls it back and closes the connection."""
    rows = [("2026-01-01", "ana", "c1", "sound"), ("2026-01-01", "ana", "c2", None)]

    def write() -> None:
        with store.transaction() as connection:
            connection.executemany("insert into heard_log values (?, ?, ?, ?)", rows)

    with pytest.raises(StoreError, match="can't be written"):
        write()
    with store.reading() as connection:
        assert connection.execute("select count(*) from heard_log").fetchone() == (0,)
