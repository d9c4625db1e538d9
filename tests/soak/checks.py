"""What must hold after a soak."""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from models.app_store import AppStore
from models.listening import reviews
from models.settings import ROOT, Settings
from models.store import Store, connect_snapshot
from tests.soak.chaos import EARSHOT, LOADS, environment, load_command
from tests.soak.inputs import Inputs

ACCIDENTAL = {"loaded_at", "refused_at", "judged_at", "transcript_loaded_at"}
"""Columns that say when something was done, which differs from run to run."""
COMPARED = (
    "calls", "queue_visits", "queue_events", "recordings", "transcripts", "turns", "rejected_rows", "ingest_files",
    "criterion_results", "evidence",
)  # fmt: skip
WHERE = {
    "criterion_results": "where source = 'automatic'",
    "evidence": "where source = 'automatic'",
    "ingest_files": "where kind <> 'queue_log'",  # each length that a growing log had is a file of its own
}
KILLED_AT_BIRTH = "EOFError: Ran out of input"
"""What the standard library prints in a process whose parent was killed while it started."""
PATIENCE_S = 900


def after(folder: Path, disturbed: Path, undisturbed: Path, inputs: Inputs) -> list[str]:
    """Sentences about what does not hold; loads what is left first, then all of it once more elsewhere."""
    problems = finish(disturbed, folder / "inbox") + finish(undisturbed, folder / "inbox")
    if problems:
        return problems
    return [
        *violations(folder),
        *tracebacks(folder / "roles.log"),
        *different(Settings(data=disturbed), Settings(data=undisturbed)),
        *lost(folder, Settings(data=disturbed)),
        *left_over(Settings(data=disturbed)),
    ]


def finish(data: Path, inbox: Path) -> list[str]:
    """Load, judge and publish everything that arrived: nobody may be blocked by what was killed."""
    steps = [*(load_command(name, inbox) for name in LOADS), [*EARSHOT, "score"], [*EARSHOT, "publish"]]
    problems = []
    for command in steps:
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment(data), capture_output=True, text=True, timeout=PATIENCE_S
            )
        except subprocess.TimeoutExpired:
            problems.append(f"{' '.join(command[2:5])} is blocked.")
            continue
        if "Traceback" in done.stderr or done.returncode not in (0, 1):
            problems.append(f"{' '.join(command[2:5])} failed: {done.stderr[-2000:]}")
    return problems


def violations(folder: Path) -> list[str]:
    """What people saw and must never see."""
    return [f"{v['who']} saw: {v['what']}" for v in diary(folder, "violations")]


def tracebacks(log: Path) -> list[str]:
    """Errors that somebody was shown as a traceback instead of a sentence, each once."""
    ends = re.findall(
        r"^Traceback .*?^(?=\S)(?!Traceback)(.*?)$", log.read_text("utf-8", "replace"), re.DOTALL | re.MULTILINE
    )
    return [f"a traceback was shown: {end[:300]}" for end in sorted(set(ends)) if end != KILLED_AT_BIRTH]


def different(one: Settings, other: Settings) -> list[str]:
    """Tables that do not hold the same rows in both snapshots."""
    left, right = tables(one), tables(other)
    problems = []
    for name in COMPARED:
        only_left, only_right = left[name] - right[name], right[name] - left[name]
        if only_left or only_right:
            problems.append(
                f"{name}: {len(only_left)} rows only here, {len(only_right)} only in the undisturbed run, like "
                f"{sorted(only_left)[:2]} and {sorted(only_right)[:2]}"
            )
    return problems


def tables(settings: Settings) -> dict[str, set[str]]:
    """The rows of each compared table as text, without what is accidental."""
    path = Store(settings).snapshot_path()
    assert path is not None
    found = {}
    with closing(connect_snapshot(path)) as con:
        for name in COMPARED:
            columns = [str(r[0]) for r in con.execute(f"describe {name}").fetchall()]
            kept = ", ".join(f"{c} := {c}" for c in columns if c not in ACCIDENTAL)
            sql = f"select to_json(struct_pack({kept}))::varchar from {name} {WHERE.get(name, '')}"
            rows = [str(r[0]) for r in con.execute(sql).fetchall()]
            found[name] = set(rows)
            if len(found[name]) != len(rows) and name != "queue_events":
                found[name].add(f"{len(rows) - len(found[name])} rows are there twice")
    return found


def lost(folder: Path, settings: Settings) -> list[str]:
    """Reviews and heard seconds that were acknowledged and are not there."""
    store, problems = AppStore(settings), []
    for said in diary(folder, "reviews"):
        known = reviews.history(store, said["who"], said["call_id"], said["criterion"])
        if not any(r.edit_id == said["edit_id"] and r.result == said["result"] for r in known):
            problems.append(f"a review is lost: {said}")
    for said in diary(folder, "heard"):
        if store.heard(said["who"], said["call_id"]).call_s < said["heard_s"] - 1e-6:
            problems.append(f"heard seconds are lost: {said}")
    return problems


def left_over(settings: Settings) -> list[str]:
    """Files in the store that belong to nothing."""
    store = settings.store
    path = Store(settings).snapshot_path()
    assert path is not None
    with closing(connect_snapshot(path)) as con:
        sounds = {
            str(r[0]) for r in con.execute("select audio_path from recordings where audio_path is not null").fetchall()
        }
    files = {str(f.relative_to(store)) for f in (store / "audio").rglob("*") if f.is_file()}
    stray = sorted(files - sounds) + [f"missing {f}" for f in sorted(sounds - files)]
    stray += [f.name for f in store.iterdir() if f.name.startswith(".") and f.name != ".gitignore"]
    stray += [f.name for f in (store / "published").iterdir() if f.name.startswith(".tmp")]
    stray += [f.name for f in store.iterdir() if f.name.endswith("calls.duckdb.wal")]
    return [f"left over in the store: {', '.join(stray)}"] if stray else []


def diary(folder: Path, name: str) -> list[dict[str, Any]]:
    """What people wrote down."""
    path = folder / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
