"""Queue log: ingest against a bare ``read_csv`` of the same lines. ``python -m bench.queue_log [N]``

Generates about N events with a seed, then runs each side in a process of its own on two threads: the bare one makes a
table of twelve text columns in a DuckDB file; ours makes events, stays, calls and refusals in the store; a pandas script of a dozen lines stands beside them. Prints seconds
of wall clock and of processor time (steadier on a busy machine), lines a second, the peak memory, and the ratio.

One side alone: ``python -m bench.queue_log bare|pandas|ours LOG FOLDER``, with a log of ``generate LOG N``; ``profile LOG FOLDER``
tells where the time of ours goes, by statement.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

EVENTS_A_CALL = 3.5563
LINES = """
with calls as (
    select i, hash(i * 7919 + 13) as h, 1767225600 + (i * 17) // 10 as t from range($calls) r(i)
),
drawn as (
    select i, t, ['sales', 'support', 'billing', 'vip'][1 + (h % 4)::integer] as q, (h >> 8) % 100 as k,
        2 + (h >> 16) % 90 as w, 30 + (h >> 24) % 400 as talk, 'SIP/' || (100 + (h >> 32) % 60) as agent, h
    from calls
),
events as (
    select t, 0 as s, i, q, 'NONE' as a, 'ENTERQUEUE||0' || (600000000 + h % 99999999) || '|' || (1 + h % 9) as e from drawn
    union all select t + w - 1, 1, i, q, agent, 'RINGNOANSWER|' || (5000 + h % 9000) from drawn where k < 70
    union all select t + w, 2, i, q, agent, 'CONNECT|' || w || '|' || t || '.' || i || '|' || (1 + h % 5)
        from drawn where k < 82
    union all select t + w + talk, 3, i, q, agent,
        case when k < 40 then 'COMPLETECALLER|' || w || '|' || talk || '|1'
             when k < 80 then 'COMPLETEAGENT|' || w || '|' || talk || '|1'
             else 'BLINDTRANSFER|600|from-internal|' || w || '|' || talk || '|1' end from drawn where k < 82
    union all select t + w, 2, i, q, 'NONE', if(k < 96, 'ABANDON|1|3|', 'EXITWITHTIMEOUT|2|2|') || w
        from drawn where k >= 82
    union all select t + w + 5, 5, i, q, 'NONE', 'ENTERQUEUE||0600000000|1' from drawn where k >= 98
    union all select t + w + 9, 6, i, q, 'NONE', 'ABANDON|1|1|4' from drawn where k >= 98
)
select t || '|' || (1767225600 + (i * 17) // 10) || '.' || i || '|' || q || '|' || a || '|' || e as line
from events order by t, i, s
"""
COLUMNS = "{" + ", ".join(f"'c{i}': 'varchar'" for i in range(12)) + "}"


def generate(path: Path, events: int) -> None:
    """Write a log of about ``events`` lines in order of time; the same number gives the same bytes."""
    con = duckdb.connect(config={"threads": 2, "memory_limit": "6GB", "temp_directory": str(path.parent)})
    calls = round(events / EVENTS_A_CALL)
    con.execute(f"copy ({LINES}) to '{path}' (header false, quote '', delim '\x01')", {"calls": calls})


def bare(log: Path, folder: Path) -> None:
    """The plain alternative: every field as text, nothing checked, nothing kept apart."""
    con = duckdb.connect(str(folder / "bare.duckdb"), config={"threads": 2, "memory_limit": "600MB"})
    con.execute(
        f"create table t as select * from read_csv(?, delim = '|', columns = {COLUMNS}, header = false, quote = '', "
        "null_padding = true, auto_detect = false)",
        [str(log)],
    )
    con.close()


def ours(log: Path, folder: Path) -> None:
    """The whole of ``earshot ingest queue-log``."""
    from ingest.queue_logs import load_queue_log
    from models.settings import Settings

    outcome = load_queue_log(Settings(data=folder), log)
    assert not outcome.refused_lines and outcome.new_lines, outcome


def by_pandas(log: Path, folder: Path) -> None:
    """What somebody writes in an afternoon: one row per call with its wait and how it ended, nothing checked."""
    import pandas as pd

    names = ["time", "call_id", "queue", "agent", "event", *(f"data{n}" for n in range(1, 8))]
    lines = pd.read_csv(log, sep="|", header=None, names=names, dtype=str, on_bad_lines="skip", quoting=3)
    lines["time"] = pd.to_numeric(lines["time"], errors="coerce")
    entered = lines[lines["event"] == "ENTERQUEUE"].groupby(["call_id", "queue"])["time"].min()
    ends = lines[lines["event"].isin(["CONNECT", "ABANDON", "EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY"])]
    ended = ends.groupby(["call_id", "queue"]).agg(
        at=("time", "min"), outcome=("event", "first"), agent=("agent", "first")
    )
    calls = ended.join(entered.rename("entered_at"))
    calls["wait_s"] = calls["at"] - calls["entered_at"]
    calls.reset_index().to_parquet(folder / "calls.parquet")


class Timed:
    """A connection that counts the seconds of each statement, by the file that it stands in or by its first words."""

    def __init__(self, con: duckdb.DuckDBPyConnection, files: dict[str, str], took: dict[str, list[float]]) -> None:
        self._con, self._files, self._took = con, files, took

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def execute(self, statement: str, *values: Any) -> duckdb.DuckDBPyConnection:
        """Run it."""
        began, cpu = time.perf_counter(), time.process_time()
        try:
            return self._con.execute(statement, *values)
        finally:
            of = self._took.setdefault(self._files.get(statement) or " ".join(statement.split()[:3]), [0.0, 0.0])
            of[0] += time.perf_counter() - began
            of[1] += time.process_time() - cpu


def profile(log: Path, folder: Path) -> None:
    """Print what takes longest in ours: seconds of wall clock and of processor (what else runs meanwhile, too)."""
    from ingest.batches import SQL

    files = {file.read_text("utf-8"): file.stem for file in SQL.glob("*.sql")}
    took: dict[str, list[float]] = {}
    connect = duckdb.connect
    duckdb.connect = lambda *given, **named: Timed(connect(*given, **named), files, took)  # type: ignore[assignment]
    ours(log, folder)
    for name, (wall_s, cpu_s) in sorted(took.items(), key=lambda item: -item[1][1])[:16]:
        print(f"{name:24} {wall_s:6.2f} s {cpu_s:6.2f} s")
    print(f"{'all statements':24} {sum(w for w, _ in took.values()):6.2f} s {sum(c for _, c in took.values()):6.2f} s")


SIDES = {"profile": profile, "bare": bare, "pandas": by_pandas, "ours": ours}


def measure(side: str, log: Path, folder: Path) -> dict[str, float]:
    """Run one side in a process of its own."""
    folder.mkdir()
    command = [sys.executable, "-m", "bench.queue_log", side, str(log), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main(events: int) -> None:
    """Print both sides and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "queue_log"
        # in a process of its own, whose memory must not count as that of the processes measured
        subprocess.run([sys.executable, "-m", "bench.queue_log", "generate", str(log), str(events)], check=True)
        with log.open("rb") as file:
            lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 24), b""))
        print(f"{lines:,} lines, {log.stat().st_size >> 20:,} MB")
        found = {side: measure(side, log, folder / side) for side in ("bare", "pandas", "ours")}
    for side, run in found.items():
        print(
            f"{side}: {run['wall_s']:6.1f} s ({run['cpu_s']:.1f} s of processor), {lines / run['wall_s']:>9,.0f} lines/s, "
            f"peak memory {run['peak_mb']:,.0f} MB"
        )
    for side, goal in (("bare", " (goal 2)"), ("pandas", "")):
        wall, cpu = (found["ours"][k] / found[side][k] for k in ("wall_s", "cpu_s"))
        print(f"ours / {side}: {wall:.2f} of wall clock, {cpu:.2f} of processor time{goal}")


def run_side(side: str, log: Path, folder: Path) -> None:
    """In the process of its own: do the work and print what it took."""
    began, cpu = time.perf_counter(), time.process_time()
    SIDES[side](log, folder)
    took = {
        "wall_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(took))


if __name__ == "__main__":
    if sys.argv[1:2] == ["generate"]:
        generate(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] and sys.argv[1] in SIDES:
        run_side(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
