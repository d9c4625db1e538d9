"""Fixtures for every test: a store of its own, and nothing from outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from models.settings import Settings

hypothesis_settings.register_profile("earshot", deadline=None, max_examples=50)
hypothesis_settings.load_profile("earshot")  # no timed assertions: a busy machine fails no property; make fuzz tries more


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an empty call centre in a folder of its own, also for commands run in this process."""
    for name in ("MODEL", "TIME_ZONE", "AGENT_CHANNEL", "DEFAULT_LANGUAGE"):
        monkeypatch.delenv(f"EARSHOT_{name}", raising=False)
    monkeypatch.setenv("EARSHOT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return Settings(data=tmp_path / "data")
