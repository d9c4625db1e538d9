"""Publishing: immutable snapshots behind one link, nothing lost, nothing half."""

from __future__ import annotations

import stat
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from models.app_store import AppStore
from models.publish import publish
from models.settings import Settings
from models.store import Store, connect_snapshot, query

CALL = "insert into calls (call_id, has_recording, has_transcript, visits) values (?, false, false, 0)"


def add_call(settings: Settings, call_id: str) -> None:
    with Store(settings).writing() as con:
        con.execute(CALL, [call_id])


def calls_in(path: Path) -> int:
    with closing(connect_snapshot(path)) as con:
        return con.execute("select count(*) from calls").fetchone()[0]


def test_the_first_snapshot_of_an_empty_store_can_be_read(settings: Settings) -> None:
    """Publishing before anything is loaded gives analysts every table and view, empty."""
    done = publish(settings)
    assert (done.new, done.calls, calls_in(done.path)) == (True, 0, 0)


def test_nothing_changed_publishes_nothing(settings: Settings) -> None:
    """A second publish without a change keeps the snapshot; a new call or a new target makes another."""
    add_call(settings, "a")
    first = publish(settings)
    assert publish(settings) == type(first)(first.path, False, 1)
    add_call(settings, "b")
    second = publish(settings)
    assert second.new and second.calls == 2
    with closing(AppStore(settings).connect()) as app:
        app.execute(
            "insert into targets (queue, valid_from, goal, threshold_s, short_abandon_s, abandons_count, written_at, "
            "written_by) values ('q', '2026-01-01', 0.9, 30, 5, 1, '2026-01-01T00:00:00+00:00', 'me')"
        )
        app.commit()
    assert publish(settings).new


def test_an_open_session_keeps_its_version_and_a_new_one_sees_the_newest(settings: Settings) -> None:
    """A reader that holds a snapshot for hours is not disturbed by later ones, even when its file is removed."""
    add_call(settings, "a")
    with closing(connect_snapshot(publish(settings).path)) as held:
        for name in "bcd":
            add_call(settings, name)
            publish(settings)
        assert held.execute("select count(*) from calls").fetchone() == (1,)
        assert calls_in(Store(settings).snapshot_path()) == 4


def test_a_snapshot_is_read_only_and_two_are_kept(settings: Settings) -> None:
    """Snapshots have mode 0444; the newest two stay, with nothing unfinished beside them."""
    for name in "abcd":
        add_call(settings, name)
        publish(settings)
    folder = settings.store / "published"
    files = sorted(p.name for p in folder.iterdir() if p.name != ".publish.lock")
    assert len(files) == 3 and "earshot.duckdb" in files
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o444 for p in folder.glob("earshot-*.duckdb"))
    assert str((folder / "earshot.duckdb").readlink()) == max(f for f in files if f.startswith("earshot-"))


def test_leftovers_of_a_killed_publisher_are_removed(settings: Settings) -> None:
    """A half-written draft from a killed publisher is gone after the next publish."""
    publish(settings)
    draft = settings.store / "published" / ".tmp-1.duckdb"
    draft.write_bytes(b"half")
    add_call(settings, "a")
    publish(settings)
    assert not draft.exists()


def test_what_people_wrote_arrives_with_its_types(settings: Settings) -> None:
    """Tables of app.sqlite are in the snapshot with dates, times and booleans of DuckDB."""
    with closing(connect_snapshot(publish(settings).path)) as con:
        row = con.execute(
            "select valid_from::varchar, abandons_count, goal, typeof(written_at) from targets"
        ).fetchone()
    assert row == ("1970-01-01", True, 0.8, "TIMESTAMP WITH TIME ZONE")


def test_every_public_column_has_a_comment(settings: Settings) -> None:
    """Analysts find a comment on every table, view, column and macro of the snapshot."""
    with closing(connect_snapshot(publish(settings).path)) as con:
        rows = con.execute(query("dictionary")).fetchall()
        macros = con.execute(
            "select function_name from duckdb_functions() where database_name = current_database() "
            "and function_type in ('macro', 'table_macro') and comment is null"
        ).fetchall()
    assert [f"{t}.{c}" for t, about, c, _, comment in rows if not about or not comment] == []
    assert macros == []
    assert len(rows) > 100


def test_the_contract_with_analysts_holds(settings: Settings) -> None:
    """Every table and view that analysts are promised is there with its promised columns."""
    promised = {
        "calls": "call_id started_at queue agent_id customer_id direction language duration_s wait_s outcome talk_s "
        "hold_s has_recording has_transcript predicted_satisfaction",
        "queue_visits": "call_id queue entered_at wait_s outcome agent_id talk_s position_in position_out",
        "turns": "call_id turn_no speaker start_s end_s text",
        "service_level_by_interval": "offered answered abandoned short_abandoned answered_in_target service_level asa_s "
        "abandon_rate p90_wait_s longest_wait_s",
        "rejected_rows": "source line_no reason raw",
        "ingest_files": "path sha256 status reason",
    }
    with closing(connect_snapshot(publish(settings).path)) as con:
        for name, columns in promised.items():
            there = [d[0] for d in con.execute(f"select * from {name} limit 0").description]
            assert set(columns.split()) <= set(there), name


def test_a_snapshot_cannot_be_written(settings: Settings) -> None:
    """A reader's connection refuses to change the snapshot."""
    with closing(connect_snapshot(publish(settings).path)) as con, pytest.raises(duckdb.Error):
        con.execute("delete from calls")
