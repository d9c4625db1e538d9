"""A reader's own query over a published snapshot: reading only, no file but the snapshot, and never for long.

It runs in a process of its own (``own_sql_apart``): one that takes too long, too much memory, or crashes ends alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from models.errors import QueryRefused

APART = Path(__file__).with_name("own_sql_apart.py")
LIMIT_S = 20.0
MOST_ROWS = 5_000
AT_ONCE = 2
"""Queries that run at the same time, of all readers together."""
LONGEST = 20_000

_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Answer:
    """The first rows of a result, ``more`` when there were others; or ``error``: what DuckDB says instead, any text."""

    columns: list[str]
    rows: list[list[object]]
    more: bool = False
    error: str | None = None


def ask(snapshot: Path, sql: str, limit_s: float = LIMIT_S, most_rows: int = MOST_ROWS) -> Answer:
    """What ``sql`` gives, at most ``most_rows`` rows of it. Raises QueryRefused with a sentence of ours."""
    if not sql.strip() or len(sql) > LONGEST:
        raise QueryRefused("Write one query, of at most 20,000 characters.")
    if not _places.acquire(blocking=False):
        raise QueryRefused("Others' queries are running; wait for a moment, then run it again.")
    try:
        given = json.dumps({"path": str(snapshot), "sql": sql, "rows": most_rows})
        done = subprocess.run(
            [sys.executable, "-I", str(APART)], input=given, capture_output=True, text=True, timeout=limit_s, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise QueryRefused("The query took too long and was stopped. Ask for fewer days, or for sums.") from error
    finally:
        _places.release()
    if done.returncode:
        raise QueryRefused("The query could not be finished: it may take too much memory. Ask for less.")
    told = json.loads(done.stdout)
    if "not_one_select" in told:
        raise QueryRefused("Write one query that only reads: it begins with select, from or with.")
    return (
        Answer(told["columns"], told["rows"], told["more"]) if "rows" in told else Answer([], [], error=told["error"])
    )
