"""Fixtures for every test: a store of its own, and nothing from outside."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import settings as hypothesis_settings

from models.publish import VIEWS, publish
from models.settings import Settings
from models.store import connect, connect_snapshot

Make = Callable[[Settings], object]
MadeOnce = Callable[[Make, Settings], Settings]

hypothesis_settings.register_profile("earshot", deadline=None, max_examples=50)
hypothesis_settings.load_profile(
    "earshot"
)  # no timed assertions: a busy machine fails no property; make fuzz tries more


def asked(settings: Settings, sql: str, parameters: object = None) -> list[tuple[Any, ...]]:
    """What a query says of a store as it is now, published."""
    with closing(connect_snapshot(publish(settings).path)) as con:
        return con.execute(sql, parameters).fetchall()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an empty call centre in a folder of its own, also for commands run in this process."""
    for name in ("MODEL", "TIME_ZONE", "AGENT_CHANNEL", "DEFAULT_LANGUAGE"):
        monkeypatch.delenv(f"EARSHOT_{name}", raising=False)
    monkeypatch.setenv("EARSHOT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return Settings(data=tmp_path / "data")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Puts a call centre into a test's own folder: made by its function for the first test that wants it, copied for the others.

    Loading and publishing take seconds, a copy takes none.
    """
    made: dict[Make, Path] = {}

    def put(make: Make, settings: Settings) -> Settings:
        if make not in made:
            data = tmp_path_factory.mktemp("made") / "data"
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("EARSHOT_DATA", str(data))
                make(replace(settings, data=data))
            made[make] = data
        shutil.copytree(made[make], settings.data, symlinks=True, dirs_exist_ok=True)
        return settings

    return put


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The views of an empty snapshot, in a copy whose tables may be filled: for tests of many examples, where publishing each takes long."""
    folder = tmp_path_factory.mktemp("views")
    shutil.copyfile(publish(Settings(data=folder / "data")).path, folder / "views.duckdb")
    with closing(connect(folder / "views.duckdb")) as con:
        yield con


def make_again(con: duckdb.DuckDBPyConnection) -> None:
    """Make again, over the visits of ``views``, what of it publishing keeps as tables."""
    for name in ("015_clock", "030_service_level_by_interval"):
        con.execute((VIEWS / f"{name}.sql").read_text("utf-8"))
