"""The audit log and the list of people: what is noted stays as it was, and is read by those alone who may."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import duckdb
import pytest

from bench.synthetic_store import make
from models import audit
from models.access import people
from models.access.people import Entry, Role
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.publish import publish
from models.settings import Settings
from models.store import connect_snapshot

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOSS, ANA = "boss@example.org", "ana@example.org"


@pytest.fixture
def store(settings: Settings) -> AppStore:
    """An empty store."""
    return AppStore(settings)


def told(store: AppStore, **given: str) -> list[tuple[str, str, str | None]]:
    """Who did what to which call, newest first."""
    return [(line.who, line.what, line.call_id) for line in audit.newest(store, 100, **given)]


def test_newest_first_and_narrowed(store: AppStore) -> None:
    """Lines come newest first, with what people changed among them, and can be narrowed to a person, a kind and a call."""
    audit.note(store, ANA, "opened", call_id="c1", at=AT)
    store.log_heard(ANA, "c1", "sound", AT.replace(hour=10))
    people.put(store, Entry(ANA, frozenset({Role.MANAGER})), BOSS, AT.replace(hour=11))
    audit.note(store, BOSS, "opened", customer_id="0199", at=AT.replace(hour=12))
    assert told(store) == [(BOSS, "opened", None), (BOSS, "changed", None), (ANA, "heard", "c1"), (ANA, "opened", "c1")]
    assert told(store, who=ANA, what="heard") == told(store, call_id="c1")[:1] == [(ANA, "heard", "c1")]
    assert audit.people(store) == [ANA, BOSS]


@pytest.mark.parametrize("column", ["at", "what", "audit_id"])
def test_a_line_can_not_be_changed(store: AppStore, column: str) -> None:
    """The database itself refuses to rewrite what was done and when; whom it names can be emptied, for erasure."""
    audit.note(store, ANA, "opened", call_id="c1")
    with closing(store.connect()) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(f"update audit set {column} = '1'")
        connection.execute("update audit set call_id = null")
    assert told(store) == [(ANA, "opened", None)]


def test_analysts_do_not_read_it(settings: Settings) -> None:
    """The snapshot holds neither the log nor who may do what; a file in a folder of its owner's alone does."""
    make(settings, calls=20, turns=2)
    store = AppStore(settings)
    people.put(store, Entry(ANA, frozenset({Role.MANAGER})), BOSS)
    store.log_heard(ANA, "c1", "sound")
    path = publish(settings, force=True).path
    with closing(connect_snapshot(path)) as con:
        tables = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
        changes = con.execute("select count(*) from changes").fetchall()
    assert not tables & {"people", "audit", "heard_log"} and changes == [(0,)]
    assert ANA.encode() not in path.read_bytes() and BOSS.encode() not in path.read_bytes()
    file = settings.store / "audit" / audit.FILE
    assert file.stat().st_mode & 0o007 == 0 and file.parent.stat().st_mode & 0o077 == 0
    with closing(duckdb.connect(str(file), read_only=True)) as con:
        assert con.execute('select who, what from audit_log order by "at"').fetchall() == [
            (BOSS, "changed"),
            (ANA, "heard"),
        ]
        nameless = "select count(*) from duckdb_columns() where table_name = 'audit_log' and comment is null"
        assert con.execute(nameless).fetchall() == [(0,)]


def test_hearing_alone_publishes_nothing_new(settings: Settings) -> None:
    """Somebody who opens a call changes no figure: the snapshot stays, the audit file has the line."""
    make(settings, calls=20, turns=2)
    publish(settings)
    audit.note(AppStore(settings), ANA, "opened", call_id="c1")
    assert not publish(settings).new
    with closing(duckdb.connect(str(settings.store / "audit" / audit.FILE), read_only=True)) as con:
        assert con.execute("select who from audit_log").fetchall() == [(ANA,)]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (Entry(" ", frozenset({Role.MANAGER})), "needs a name"),
        (Entry("a" * 321, frozenset({Role.MANAGER})), "needs a name"),
        (Entry(ANA, frozenset()), "at least one role"),
        (Entry(ANA, frozenset({Role.AGENT}), ("billing",)), "one of the agents"),
    ],
)
def test_a_person_that_makes_no_sense_is_refused(store: AppStore, entry: Entry, says: str) -> None:
    """The list takes nobody without a name, a role, or as an agent who is nobody in the calls."""
    with pytest.raises(ChangeRefused, match=says):
        people.put(store, entry, BOSS)
    assert people.entries(store) == []


def test_what_is_written_is_what_holds(store: AppStore, settings: Settings) -> None:
    """Roles and limits come back as written, names without case; undo brings back what was before; nobody is nobody."""
    people.put(store, Entry("Ana@Example.org ", frozenset({Role.SUPERVISOR}), ("support", "billing")), BOSS)
    ana = people.find(store, settings, ANA)
    assert ana.roles == {Role.SUPERVISOR} and ana.limits == people.Limits(("billing", "support"), None)
    people.put(store, Entry(ANA, frozenset({Role.SUPERVISOR, Role.ADMIN}), ("support",)), BOSS)
    assert people.find(store, settings, ANA).limits is None
    people.undo(store, BOSS)
    assert people.find(store, settings, ANA) == ana
    nobody = people.find(store, settings, "eve@example.org")
    assert (nobody.roles, nobody.limits) == (frozenset(), people.Limits((), ()))
