"""Unfinished files: kept while somebody holds them, removed when nobody does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ingest.drafts import YOUNG_S, held, remove_abandoned

HOLD = "import sys, time; from pathlib import Path; from ingest.drafts import held\nwith held(Path(sys.argv[1])): print(flush=True); time.sleep(60)"


def old(path: Path) -> Path:
    """``path``, as if it had been made a while ago."""
    before = time.time() - 10 * YOUNG_S
    os.utime(path, (before, before))
    return path


def test_removes_what_nobody_holds(tmp_path: Path) -> None:
    """Files and whole folders go; what is held, or has just been made, stays."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "piece").touch()
    for name in ("file", "mine", "new"):
        (tmp_path / name).touch()
    for name in ("folder", "file", "mine"):
        old(tmp_path / name)
    with held(tmp_path / "mine"):
        remove_abandoned(tmp_path.iterdir())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine", "new"]


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    """What another process holds stays until that process is killed."""
    draft = tmp_path / "draft"
    draft.touch()
    old(draft)
    with subprocess.Popen([sys.executable, "-c", HOLD, str(draft)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        remove_abandoned([draft])
        assert draft.exists(), "removed though it is held"
        holder.kill()
    remove_abandoned([draft])
    assert not draft.exists()
