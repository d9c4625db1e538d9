"""The store: one writer, one transaction at a time, migrations, a lock the kernel frees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from models.errors import StoreBusy, StoreError
from models.settings import Settings
from models.store import Store

HOLD = """
import sys, time
from pathlib import Path
from models.settings import Settings
from models.store import Store
with Store(Settings(data=Path(sys.argv[1]))).writing() as con:
    con.execute("insert into rejected_rows values ('half', 1, 'r', 'raw', now())")
    print("held", flush=True)
    time.sleep(60)
"""


def count(settings: Settings, table: str = "rejected_rows") -> int:
    with Store(settings).writing() as con:
        return con.execute(f"select count(*) from {table}").fetchone()[0]


def test_a_transaction_is_kept_whole_or_not_at_all(settings: Settings) -> None:
    """An error inside a transaction leaves nothing of it; a finished one is there for the next."""
    store = Store(settings)
    with pytest.raises(ZeroDivisionError), store.writing() as con:
        con.execute("insert into rejected_rows values ('a', 1, 'r', 'raw', now())")
        raise ZeroDivisionError
    assert count(settings) == 0
    with store.writing() as con:
        con.execute("insert into rejected_rows values ('a', 1, 'r', 'raw', now())")
    assert count(settings) == 1


def test_a_killed_writer_leaves_no_lock_and_no_half_transaction(settings: Settings) -> None:
    """After kill -9 in the middle of a transaction the next writer goes on at once, without the half."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.data)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(StoreBusy, match="Another ingest"), Store(replace(settings, lock_wait_s=0.2)).writing():
            pass
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    assert count(settings) == 0


def test_a_store_of_a_newer_version_is_refused_with_a_sentence(settings: Settings) -> None:
    """A store with a migration that this version does not know is not touched."""
    with Store(settings).writing() as con:
        con.execute("insert into schema_migrations values (999, '999_future.sql', '', now())")
    with pytest.raises(StoreError, match="newer Earshot"), Store(settings).writing():
        pass


def test_a_file_that_is_no_database_is_refused_with_a_sentence(settings: Settings) -> None:
    """Something else under the store's name is never overwritten."""
    settings.store.mkdir(parents=True)
    (settings.store / "calls.duckdb").write_text("not a database, " * 1000)
    with pytest.raises(StoreError, match=r"calls\.duckdb can't be opened"), Store(settings).writing():
        pass


def test_waiting_writers_take_turns(settings: Settings) -> None:
    """Several processes that write at once all succeed, one after the other."""
    code = HOLD.replace("time.sleep(60)", "time.sleep(0.05)")
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(settings.data)], stdout=subprocess.DEVNULL) for _ in range(3)
    ]
    assert [w.wait(timeout=60) for w in writers] == [0, 0, 0]
    assert count(settings) == 3
