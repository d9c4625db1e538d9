"""A backup that is killed is absent or whole; one taken while people write is of one moment; one that is cut is refused."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from test_erasing import full  # noqa: F401 - a fixture

from models.app_store import AppStore
from models.backup import back_up, restore
from models.errors import StoreError
from models.settings import Settings

BACK_UP = "import sys; from pathlib import Path; from models import backup; from models.settings import load; backup.back_up(load(), Path(sys.argv[1]))"
WRITE = """
import itertools
from models.app_store import AppStore
from models.goals import goals
from models.settings import load
store = AppStore(load())
print("ready", flush=True)
for n in itertools.count():
    goals.set_goal(store, "wait", {"target": float(n)}, False, "ann")
"""
SOUND_BYTES = 40_000_000
PATIENCE_S = 60


def killed_when(command: list[str], is_time: object) -> None:
    """Run a command and kill it (-9) as soon as ``is_time()`` holds; it must still be at work."""
    with subprocess.Popen([sys.executable, "-c", *command]) as process:
        until = time.monotonic() + PATIENCE_S
        while not is_time() and process.poll() is None and time.monotonic() < until:  # type: ignore[operator]
            time.sleep(0.001)
        assert process.poll() is None, "the backup had ended before it was killed"
        process.kill()


def left_over(settings: Settings, file: Path) -> list[Path]:
    """What an unfinished backup leaves."""
    return [*settings.store.glob(".backup-*"), *file.parent.glob(f".{file.name}.*")]


def drafts_of(file: Path, at_least: int) -> bool:
    """Whether a draft of a backup has so many bytes."""
    try:
        return any(draft.stat().st_size > at_least for draft in file.parent.glob(f".{file.name}.*"))
    except FileNotFoundError:
        return False


def test_killed_backups_leave_nothing_half(full: Settings, tmp_path: Path) -> None:  # noqa: F811
    """Killed while it copies or writes, no file of that name appears; the next one is whole and clears up what was left."""
    (full.store / "audio").mkdir(exist_ok=True)
    (full.store / "audio" / "long.webm").write_bytes(random.Random(1).randbytes(SOUND_BYTES))
    file = tmp_path / "backup.tar"
    for is_time in (
        lambda: any(full.store.glob(".backup-*")),
        lambda: drafts_of(file, 0),
        lambda: drafts_of(file, SOUND_BYTES // 2),
    ):
        killed_when([BACK_UP, str(file)], is_time)
        assert not file.exists()
        assert left_over(full, file)
    back_up(full, file)
    assert left_over(full, file) == []
    killed_when([BACK_UP, str(file)], lambda: drafts_of(file, SOUND_BYTES // 2))
    elsewhere = replace(full, data=tmp_path / "elsewhere")
    restore(elsewhere, file)
    sounds = [{p.name: p.read_bytes() for p in (s.store / "audio").rglob("*.webm")} for s in (full, elsewhere)]
    assert sounds[0] == sounds[1]


def test_people_write_meanwhile(full: Settings, tmp_path: Path) -> None:  # noqa: F811
    """What is restored is sound, and holds every change up to one moment with the row it made, and none after it."""
    with subprocess.Popen([sys.executable, "-c", WRITE], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        back_up(full, tmp_path / "backup.tar")
        assert writer.poll() is None
        writer.kill()
    elsewhere = replace(full, data=tmp_path / "elsewhere")
    restore(elsewhere, tmp_path / "backup.tar")
    with AppStore(elsewhere).reading() as app:
        assert app.execute("pragma integrity_check").fetchone() == ("ok",)
        last, n = app.execute("select max(after ->> '$.target'), count(*) from changes where what = 'goals'").fetchone()
        assert app.execute("select target from goals where measure = 'wait'").fetchone() == (n - 1.0,) == (last,)


def test_any_cut_is_refused(full: Settings, tmp_path: Path) -> None:  # noqa: F811
    """Wherever a backup is cut short it is refused with a sentence, and the store stays as it was."""
    back_up(full, tmp_path / "whole.tar")
    content = (tmp_path / "whole.tar").read_bytes()
    end, cut, rng = len(content.rstrip(b"\0")), tmp_path / "cut.tar", random.Random(2)
    before = (full.store / "calls.duckdb").read_bytes()
    for at in [
        0,
        1,
        511,
        512,
        end - 512,
        end - 1,
        *(rng.randrange(end) // 512 * 512 for _ in range(20)),
        *rng.sample(range(end), 20),
    ]:
        cut.write_bytes(content[:at])
        with pytest.raises(StoreError, match=r"^/.*cut\.tar can't be restored: .*\.$") as refused:
            restore(full, cut, force=True)
        assert ".restore-" not in str(refused.value)
    assert (full.store / "calls.duckdb").read_bytes() == before
    with closing(sqlite3.connect(full.store / "app.sqlite")) as app:
        assert app.execute("pragma integrity_check").fetchone() == ("ok",)
