"""The people of a soak, each a process of its own: ``python -m tests.soak.people ROLE FOLDER NAME``.

What a reviewer was told is saved goes into a diary outside the store, one line at a time, synced to disk.
What must never be seen goes into the file ``violations`` beside it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import Any

import duckdb

from dashboard.guard import COOKIE
from dashboard.tokens import Tokens
from models.app_store import AppStore
from models.errors import EarshotError
from models.listening import reviews
from models.settings import load
from models.store import Store, connect_snapshot, first_row

CRITERIA = ("empathy", "friendliness", "fairness", "control", "options", "information")
RESULTS = ("met", "not_met", "not_applicable", "not_assessable")
COUNTS = "select (select count(*) from calls), (select count(*) from turns), (select count(*) from reviews)"
PARTIAL = """
select t.call_id from transcripts t left join (select call_id, count(*) as n from turns group by call_id) n using (call_id)
where t.turn_count <> coalesce(n.n, 0)
"""
"""Transcripts of which not every turn is there."""


def note(folder: Path, file: str, what: dict[str, Any]) -> None:
    """Add a line to a diary and wait until the disk has it."""
    with (folder / file).open("a") as diary:
        diary.write(json.dumps(what) + "\n")
        diary.flush()
        os.fsync(diary.fileno())


def heard_calls() -> list[tuple[str, str | None, float]]:
    """(call_id, recording_id, seconds) of calls that can be reviewed now."""
    path = Store(load()).snapshot_path()
    if path is None:
        return []
    sql = "select call_id, recording_id, duration_s from recordings order by call_id"
    with closing(connect_snapshot(path)) as con:
        return con.execute(sql).fetchall()


def reviewer(folder: Path, name: str) -> None:
    """Judge calls, and listen to them through the server, as long as it lasts."""
    rng, port = random.Random(f"{name} {time.time_ns()}"), (folder / "port").read_text()
    store = AppStore(load())
    while True:
        time.sleep(rng.uniform(0.02, 0.2))
        try:
            calls = heard_calls()
            if not calls:
                continue
            call_id, recording_id, seconds = rng.choice(calls)
            criterion, result = rng.choice(CRITERIA), rng.choice(RESULTS)
            made = reviews.judge(store, name, call_id, criterion, result, None)  # type: ignore[arg-type]
            note(folder, "reviews", {"edit_id": made.edit_id, "who": name, "call_id": call_id,
                                     "criterion": criterion, "result": result})  # fmt: skip
            listen(folder, port, name, call_id, str(recording_id), seconds)
        # said to the person, who tries again; the server may be killed in the middle of an answer
        except (EarshotError, duckdb.Error, OSError, HTTPException) as error:
            note(folder, "told", {"who": name, "sentence": f"{type(error).__name__}: {error}"})


def listen(folder: Path, port: str, name: str, call_id: str, recording_id: str, seconds: float) -> None:
    """Open the sound as a browser does, and report what was heard of it."""
    session = f"{name}-session"
    token = Tokens(load().store).mint(name, call_id, session)
    cookie = {"Cookie": f"{COOKIE}={session}"}
    sound = f"http://127.0.0.1:{port}/api/audio/{recording_id}?token={token}"
    with urllib.request.urlopen(urllib.request.Request(sound, headers=cookie), timeout=10) as answer:
        answer.read()
    report = {"recording_id": recording_id, "position_s": seconds / 2, "intervals": [[0.0, seconds / 2]]}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/listen", json.dumps(report).encode(), {**cookie, "x-earshot-token": token}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        note(folder, "heard", {"who": name, "call_id": call_id, "heard_s": json.loads(answer.read())["call_s"]})


def analyst(folder: Path, name: str) -> None:
    """Hold a snapshot open for seconds: it must stay as it was, whatever is published meanwhile."""
    while True:
        path = Store(load()).snapshot_path()
        if path is None:
            time.sleep(0.2)
            continue
        try:
            with closing(connect_snapshot(path)) as con:
                before = first_row(con.execute(COUNTS))
                time.sleep(random.uniform(0.5, 3.0))
                if (after := first_row(con.execute(COUNTS))) != before:
                    note(folder, "violations", {"who": name, "what": f"{path.name} changed: {before} {after}"})
                if partial := con.execute(PARTIAL).fetchall():
                    note(folder, "violations", {"who": name, "what": f"partial transcripts: {partial}"})
                note(folder, "sessions", {"who": name, "calls": (before or (0,))[0]})
        except duckdb.Error as error:  # the snapshot went away between finding and opening it
            note(folder, "told", {"who": name, "sentence": str(error).splitlines()[0]})
            time.sleep(0.2)


if __name__ == "__main__":
    {"reviewer": reviewer, "analyst": analyst}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
