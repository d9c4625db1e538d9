"""A small made-up call centre, published once, and the dashboard's pages over it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from bench.synthetic_store import fill
from models.publish import publish
from models.settings import ROOT, Settings
from models.store import Store

CLIENT, BOSS = "earshot-test", "boss@example.org"
HOSTILE = '<img src=x onerror="window.__xss=1">![x](http://evil.example/x.png) **bold**'
FORMULA = '=HYPERLINK("http://evil.example")'

EXTRA = """
insert into calls (call_id, started_at, queue, agent_id, customer_id, duration_s, has_recording, has_transcript, visits)
values ('hostile', timestamptz '2026-02-27 17:59:00+01', 'support', $hostile, $formula, 60, false, true, 0);
insert into transcripts (call_id, origin, language, is_demonstration, turn_count, word_count, loaded_at)
values ('hostile', 'file', 'en', false, 1, 2, timestamptz '2026-02-27 18:00:00+01');
insert into turns (call_id, turn_no, speaker, start_s, end_s, text)
values ('hostile', 1, 'customer', 0, 5, 'abracadabra ' || $hostile);
insert into ingest_files values
    ('calls/broken.wav', 'recording', 'aa', 10, 'refused', 'It is empty.', 0, 1, timestamptz '2026-02-27 18:00:00+01'),
    ('queue_log', 'queue_log', 'bb', 99, 'partly_refused', null, 4000, 1, timestamptz '2026-02-27 18:00:00+01');
insert into rejected_rows values
    ('queue_log', 17, 'The wait is negative.', $hostile, timestamptz '2026-02-27 18:00:00+01');
"""

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def call_centre(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Four thousand calls over the eight weeks before 2 March 2026, and some that mean harm."""
    settings = Settings(data=tmp_path_factory.mktemp("call_centre") / "data")
    with Store(settings).writing() as con:
        fill(con, calls=4000, turns=6)
        for statement in EXTRA.strip().split(";\n"):
            given = {"hostile": HOSTILE, "formula": FORMULA}
            con.execute(statement, {name: text for name, text in given.items() if f"${name}" in statement})
    publish(settings)
    return settings


@pytest.fixture
def published(call_centre: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The dashboard of that call centre, with nothing remembered from another test."""
    return _look_at(call_centre.data, monkeypatch, call_centre)


@pytest.fixture
def unpublished(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The dashboard before the first calls."""
    return _look_at(settings.data, monkeypatch, settings)


def _look_at(data: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Settings:
    monkeypatch.setenv("EARSHOT_DATA", str(data))
    st.cache_data.clear()
    return settings


@pytest.fixture
def signed_in(call_centre: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of that call centre, where people have to sign in; boss@example.org is its admin."""
    copy = tmp_path / "data"
    shutil.copytree(call_centre.data, copy, symlinks=True)
    configured = {
        "SIGN_IN_URL": "http://127.0.0.1:1/.well-known/openid-configuration", "SIGN_IN_CLIENT": CLIENT,
        "SIGN_IN_SECRET": "a secret", "DASHBOARD_URL": "http://127.0.0.1:8501", "ADMINS": BOSS,
    }  # fmt: skip
    for name, value in configured.items():
        monkeypatch.setenv(f"EARSHOT_{name}", value)
    return _look_at(copy, monkeypatch, replace(call_centre, data=copy, admins=BOSS))


def claims(name: str, **changed: object) -> dict[str, Any]:
    """What the provider says of somebody who signed in a moment ago."""
    now = int(time.time())
    return {
        "is_logged_in": True, "email": name, "email_verified": True, "aud": CLIENT, "iat": now, "exp": now + 600, **changed,
    }  # fmt: skip


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page as a reader would: ``open_page("waits", lang="fr", period="all")``; fails when it fails.

    ``user`` is what the provider said of whoever signed in, as ``claims`` below gives it.
    """
    begin = PagesManager.__init__

    def begin_as_the_server_does(self: PagesManager, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        PagesManager.uses_pages_directory = False  # as in dashboard/server.py: app.py names the pages

    monkeypatch.setattr(PagesManager, "__init__", begin_as_the_server_does)

    def open_it(page: str, user: dict[str, Any] | None = None, **address: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
        if user is not None:
            app.user = user
        if page:  # none: the root of the address
            app.switch_page(f"pages/{page}.py")
        app.query_params.update(address)
        app.run()
        assert not app.exception, [error.message for error in app.exception]
        return app

    return open_it
