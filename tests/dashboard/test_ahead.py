"""A new snapshot is got ready before pages show it."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
import streamlit as st

from dashboard import ahead, queries
from models.publish import publish
from models.settings import ROOT, Settings
from models.store import Store

INSERT = "insert into calls (call_id, has_recording, has_transcript, visits) values ($id, false, false, 0)"


@pytest.fixture
def shown(unpublished: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store with one published call, nothing got ready yet."""
    for name in ("_shown", "_ready", "_slow"):
        monkeypatch.setattr(queries, name, {})
    return unpublished


def publish_call(settings: Settings, name: str) -> None:
    """One more call, published."""
    with Store(settings).writing() as con:
        con.execute(INSERT, {"id": name})
    publish(settings)


def calls() -> int:
    """How many calls pages show."""
    return int(queries.row("snapshot", sample="/sample/")["calls"])


def test_the_snapshot_before_is_shown_until_the_new_one_is_ready(shown: Settings) -> None:
    """Who looks while a new snapshot is got ready does not wait for it; then it is shown."""
    publish_call(shown, "first")
    queries.get_ready()
    publish_call(shown, "second")
    assert calls() == 1
    queries.get_ready()
    assert calls() == 2


def test_what_took_long_is_asked_ahead(shown: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that was slow is answered at the first visit of the next snapshot without opening it."""
    monkeypatch.setattr(queries, "SLOW_S", 0.0)
    publish_call(shown, "first")
    queries.get_ready()
    assert calls() == 1
    publish_call(shown, "second")
    queries.get_ready()
    monkeypatch.setattr(queries, "_prepared", None)
    assert calls() == 2
    with pytest.raises(TypeError):  # what was not asked before has to open it
        queries.query("queues")


def test_few_slow_queries_are_remembered(shown: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest ones stay, so that no snapshot is asked for ever."""
    monkeypatch.setattr(queries, "SLOW_S", 0.0)
    publish_call(shown, "first")
    for n in range(queries.MOST_SLOW + 3):
        queries.row("snapshot", sample=f"/{n}/")
    asked = [ask.parameters["sample"] for ask in queries._slow.values()]
    assert asked == [f"/{n}/" for n in range(3, queries.MOST_SLOW + 3)]
    st.cache_data.clear()
    queries.row("snapshot", sample="/3/")
    assert [*queries._slow.values()][-1].parameters["sample"] == "/3/"


def test_what_is_about_this_minute_is_not_asked_ahead(shown: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks about that minute again, and minute by minute it would push out what somebody does ask again."""
    monkeypatch.setattr(queries, "SLOW_S", 0.0)
    publish_call(shown, "first")
    queries.row("snapshot", sample="/sample/")
    for minute in range(2):
        queries.row("registers/complaint_counts", now=datetime(2026, 3, 2, 9, minute, tzinfo=UTC))
    assert [ask.name for ask in queries._slow.values()] == ["snapshot"]


def test_a_snapshot_that_is_gone_or_broken_is_not_hidden(shown: Settings) -> None:
    """When the old one was removed, or the new one can't be read, pages see the newest and can say so."""
    publish_call(shown, "first")
    queries.get_ready()
    first = queries.snapshot()
    assert first is not None
    folder = Store(shown).published
    broken = folder / "earshot-99.duckdb"
    broken.write_bytes(b"not a database")
    _point(folder, broken)
    assert queries.snapshot() == first
    queries.get_ready()
    assert queries.snapshot() == broken
    assert not queries.is_of_this_version()
    _point(folder, first)
    broken.unlink()
    assert queries.snapshot() == first


def _point(folder: Path, snapshot: Path) -> None:
    """Make the link lead to a snapshot, as publishing does."""
    link = folder / ".tmp-link"
    link.symlink_to(snapshot.name)
    link.replace(folder / "earshot.duckdb")


def test_the_server_gets_them_ready(shown: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it runs, a new snapshot is noticed without anybody looking."""
    monkeypatch.setattr(ahead, "LOOK_EVERY_S", 0.01)

    async def until_shown() -> None:
        while queries._shown.get(shown.store) != Store(shown).snapshot_path():
            await asyncio.sleep(0.01)

    async def serve() -> None:
        async with ahead.kept_ready(None):
            for name in ("first", "second"):
                publish_call(shown, name)
                await asyncio.wait_for(until_shown(), 60)

    server = Thread(target=asyncio.run, args=(serve(),))  # browser tests leave a loop in this one
    server.start()
    server.join()
    assert calls() == 2


def test_a_store_that_cannot_be_read_is_one_sentence_in_the_log(
    shown: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk is no fault of the program: the log says once what is wrong with which file, without a traceback."""
    monkeypatch.setattr(ahead, "LOOK_EVERY_S", 0.01)
    (shown.store / "app.sqlite").mkdir(parents=True)
    st.cache_data.clear()
    monkeypatch.setattr(queries, "_app_store", queries.AppStore)

    def said() -> list[logging.LogRecord]:
        return [record for record in caplog.records if record.name == ahead.__name__]

    looked: list[None] = []
    get_ready = queries.get_ready

    def counted() -> None:
        looked.append(None)
        get_ready()

    monkeypatch.setattr(queries, "get_ready", counted)

    async def until_looked_often() -> None:
        while len(looked) < 5:
            await asyncio.sleep(0.01)

    async def serve() -> None:
        async with ahead.kept_ready(None):
            await asyncio.wait_for(until_looked_often(), 60)

    server = Thread(target=asyncio.run, args=(serve(),))
    server.start()
    server.join()
    (line,) = said()
    assert "app.sqlite can't be opened" in line.getMessage()
    assert line.exc_info is None


def test_a_start_says_nothing_that_means_nothing() -> None:
    """Whoever starts the dashboard reads of what Earshot needs, not of how Streamlit keeps what is in memory."""
    started = subprocess.run(
        [sys.executable, "-c", "import dashboard.ahead"], cwd=ROOT, capture_output=True, check=True
    )
    assert started.stderr == b""
