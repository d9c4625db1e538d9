"""The second snapshot: every view of the first, and nobody's name, number or words."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from test_erasing import AT, NAME, OTHER, WHO, fill, load_call

from models.app_store import AppStore
from models.privacy.pseudonymous import LEFT_OUT, LINK
from models.publish import publish
from models.settings import Settings
from models.store import QUERIES, Store, connect_snapshot, first_row
from tests.conftest import MadeOnce

SAID = ("Mentions her brother", "Thank you", NAME, "Sparrow Lane", WHO, OTHER, "SIP/ann", "q-support", "bob")


def publish_both(settings: Settings) -> None:
    """The full call centre, published twice."""
    fill(replace(settings, publish_pseudonymous=False))
    with AppStore(settings).transaction() as app:
        app.execute("insert into heard_log values (?, 'bob', '0.1', 'sound')", (AT.isoformat(),))
    publish(settings)


@pytest.fixture
def both(settings: Settings, made_once: MadeOnce) -> Settings:
    """That call centre with both snapshots."""
    return made_once(publish_both, replace(settings, publish_pseudonymous=True))


def pseudonymous(settings: Settings) -> Path:
    """The second snapshot's own path."""
    return (Store(settings).published / LINK).resolve()


def test_no_byte_names_anybody(both: Settings) -> None:
    """No id, name, number, word, file name or log of people is anywhere in the file, nor the key; the first one has them."""
    named, other = Store(both).snapshot_path(), pseudonymous(both)
    assert named is not None
    content = other.read_bytes()
    assert [text for text in SAID if text.encode() in content] == []
    assert (both.store / "keys" / "pseudonyms.key").read_bytes().hex().encode() not in content
    assert all(text.encode() in named.read_bytes() for text in (WHO, NAME))


def test_the_same_views_and_figures(both: Settings) -> None:
    """Both have the same tables, views and columns; what has no name in it is equal; hashes still join."""
    named = Store(both).snapshot_path()
    assert named is not None
    figures = (
        "select count(*), count(distinct call_id), count(distinct customer_id), sum(wait_s), count(agent_id) from calls"
    )
    joined = "select count(*) from calls join queue_visits using (call_id, customer_id) join turns using (call_id)"
    columns = "select table_name, column_name, data_type, comment from duckdb_columns() where not internal order by all"
    with closing(connect_snapshot(named)) as one, closing(connect_snapshot(pseudonymous(both))) as two:
        for sql in (
            figures,
            joined,
            columns,
            "from service_level_by_interval order by all",
            "select count(*) from call_issues",
        ):
            assert one.execute(sql).fetchall() == two.execute(sql).fetchall()
        assert first_row(two.execute("select count(*) from changes")) == (0,)
        assert first_row(two.execute("select any_value(text) from turns")) == (LEFT_OUT,)


def test_example_queries_run(both: Settings) -> None:
    """The queries that analysts are shown run on it, too."""
    with closing(connect_snapshot(pseudonymous(both))) as con:
        for file in sorted((QUERIES / "examples").glob("*.sql")):
            con.execute(file.read_text("utf-8")).fetchall()


def test_only_where_it_is_wanted(both: Settings) -> None:
    """It is written once for each snapshot, is the only one of its kind, and goes when the setting is taken back."""
    first = pseudonymous(both)
    publish(both)
    assert pseudonymous(both) == first
    load_call(both, "8.8", OTHER, "ef")
    publish(both)
    assert pseudonymous(both) != first
    assert len(list(first.parent.glob("pseudonymous-*"))) == 1
    publish(replace(both, publish_pseudonymous=False))
    assert not list(first.parent.glob("*pseudonymous*"))
    assert Store(both).snapshot_path() is not None


def test_undeclared_is_left_out(both: Settings) -> None:
    """A table that nobody declared comes without any text."""
    with Store(both).writing() as con:
        con.execute("create table strangers (name varchar, age integer)")
        con.execute("insert into strangers values ('Robin Quail', 40)")
    publish(both)
    with closing(connect_snapshot(pseudonymous(both))) as con:
        assert con.execute("from strangers").fetchall() == [(LEFT_OUT, 40)]
