"""Long work tells how far it is, and a bar shows it to whoever sits at a terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

from rich.console import Console

from ingest.progress import bar
from models.backup import back_up, restore
from models.privacy.erasing import erase
from models.privacy.retention import retain
from models.progress import nobody
from models.settings import Settings
from models.store import Store


def test_the_bar_is_for_terminals(tmp_path: Path) -> None:
    """It says what is being done and how much of it; into a file, or with --json, it writes nothing."""
    for terminal, quiet, shows in ((True, False, True), (True, True, False), (False, False, False)):
        shown = io.StringIO()
        with bar(quiet, Console(file=shown, force_terminal=terminal, width=100)) as told:
            told("Copying [the store]", 0, 0)
            told("Copying [the store]", 3, 4)
        assert ("Copying [the store]" in shown.getvalue() and "75%" in shown.getvalue()) == shows
        assert bool(shown.getvalue()) == shows
        assert (told is nobody) != shows


def test_long_work_tells_how_far_it_is(settings: Settings, tmp_path: Path) -> None:
    """Backup, restore, erasure and retention: each part goes forward and never beyond its end, and publishing ends them."""
    with Store(settings).writing():
        pass
    heard: list[tuple[str, int, int]] = []

    def told(what: str, done: int, total: int) -> None:
        heard.append((what, done, total))

    def parts() -> list[str]:
        for (_, before, _), (_, after, total) in (p for _, g in groupby(heard, lambda h: h[0]) for p in pairwise(g)):
            assert before <= after <= total or total == 0
        names = [name.split(":")[0] for name, _ in groupby(heard, lambda h: h[0])]
        heard.clear()
        return [name for name, _ in groupby(names)]

    back_up(settings, tmp_path / "x.tar", told)
    assert heard[-1][1] == heard[-1][2] > 0
    assert parts() == ["Copying the store", "Backing up"]
    restore(replace(settings, data=tmp_path / "elsewhere"), tmp_path / "x.tar", told=told)
    assert heard[-1] == ("Publishing", 4, 4)
    assert parts() == ["Unpacking", "Checking", "Publishing"]
    erase(settings, "0199001011", told)
    assert parts()[-2:] == ["Looking through files", "Publishing"]
    retain(replace(settings, retention="recordings=1"), told=told)
    assert parts() == ["Looking for what is due"], "nothing is due"
