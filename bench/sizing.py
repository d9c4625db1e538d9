"""What each part of a call centre's day costs on this machine, and what that makes for 10, 1,000 and 100,000 calls a day.

    python -m bench.sizing [calls]

Measures a little of each cost in processor seconds (transcription with the demonstration model and with a model of the
shape of Whisper small, one thread each), then multiplies; what it assumes is printed with the result. Nothing here is a
measurement of a whole day. docs/sizing.md quotes it. A few minutes.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.queue_log import generate
from bench.random_model import write
from bench.synthetic_store import fill
from ingest.loader import Loader
from ingest.queue_logs import load_queue_log
from ingest.recordings import Job, load_transcriber, process
from ingest.scoring import Scorer
from models.publish import publish
from models.settings import SAMPLE, Settings
from models.store import Store, connect

CALL_S = 300.0
"""Length of a call in the extrapolation."""
TURNS = 40
WORDS = 15
"""Of a turn."""
EVENTS = 5
WORKDAYS = 250
DAYS = (10, 1_000, 100_000)
NIGHT_H = 10.0
"""Hours in which a day's calls are to be transcribed."""
LOG_EVENTS = 200_000
GIB = 2**30


@dataclass(frozen=True, slots=True)
class Speech:
    """Cost of recordings with one model, per second of a two-channel call, all of Earshot's work included."""

    core_s: float
    copy_bytes: float
    worker_bytes: float
    """Memory of one worker at its peak, whatever the number of calls."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured: processor seconds and bytes per piece of work."""

    demo: Speech
    small: Speech
    event_s: float
    judge_s: float
    publish_s: float
    """Per call in the store."""
    call_bytes: float
    """Of the store, per call of ``TURNS`` turns."""


def processor_s() -> float:
    """Processor seconds of this process and of those that it has started and seen end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def cost(work: Callable[[], object]) -> float:
    """Processor seconds of one piece of work."""
    began = processor_s()
    work()
    return processor_s() - began


def speech(folder: Path, model: str, count: int) -> Speech:
    """The cost of ``count`` sample calls, the shortest, through the real ingest with one thread; run in a fresh process."""
    settings = Settings(data=folder)
    job = Job(store=settings.store, time_zone=settings.time_zone, model=model, threads=1, language="en")
    transcriber, loader = load_transcriber(job), Loader(settings)
    paths = sorted((SAMPLE / "recordings").glob("*.ogg"), key=lambda path: path.stat().st_size)
    took, heard_s, copied = 0.0, 0.0, 0

    def one(path: Path) -> tuple[float, int]:
        result = process(path, job, transcriber)
        if result.recording is None or result.recording.audio_path is None:
            raise SystemExit(f"{path.name}: {result.file.reason}")
        loader.load_recording(result.file, result.recording, result.transcript)
        size = (settings.store / result.recording.audio_path).stat().st_size
        return result.recording.measures.duration_s, size

    for path in paths[:count]:
        done: list[tuple[float, int]] = []
        took += cost(lambda path=path, done=done: done.append(one(path)))  # type: ignore[misc]
        heard_s, copied = heard_s + done[0][0], copied + done[0][1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Speech(took / heard_s, copied / heard_s, memory)


def spoken_bytes(path: Path, calls: int = 2000) -> float:
    """Bytes that a call's turns take with ``WORDS`` words each, none like another, and the times of each."""
    with closing(connect(path)) as con:
        con.execute(
            "create table turns as select n // $turns as call, n % $turns as turn, array_to_string(said, ' ') as text, "
            "list_transform(said, lambda w, i: {'word': w, 'start_s': (n * 7.5 + i * 0.37)::float, "
            "'end_s': (n * 7.5 + i * 0.37 + 0.3)::float, 'probability': (hash(w) % 1000 / 1000)::float}) as words from "
            "(select n, list_transform(range($words), lambda i: left(md5((n * 100 + i)::varchar), 3 + i % 4)) as said "
            "from range($calls * $turns) r(n))",
            {"turns": TURNS, "calls": calls, "words": WORDS},
        )
        con.execute("checkpoint")
    return path.stat().st_size / calls


def measure(folder: Path, calls: int) -> Costs:
    """Measure each cost; ``calls`` is the size of the store that is published."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as apart:
        demo = apart.apply(speech, (folder / "demo", "demo", 3))
        small = apart.apply(speech, (folder / "small", str(write(folder / "model")), 1))
    log = folder / "queue_log"
    generate(log, LOG_EVENTS)
    event_s = cost(lambda: load_queue_log(Settings(data=folder / "log"), log)) / LOG_EVENTS
    full, few = Settings(data=folder / "full"), Settings(data=folder / "few")
    with Store(full).writing() as con:
        fill(con, calls=calls, turns=TURNS)
    publish_s = cost(lambda: publish(full)) / calls
    with Store(few).writing() as con:
        fill(con, calls=1000, turns=TURNS)
    scorer = Scorer(few, workers=1)
    judge_s = cost(scorer.run) / len(scorer.pending)
    size = Store(full).calls_path.stat().st_size / calls + spoken_bytes(folder / "spoken.duckdb")
    return Costs(demo, small, event_s, judge_s, publish_s, size)


def day(costs: Costs, calls: int) -> list[str]:
    """A day of so many calls, and a year of such days, as text: a row of the table."""
    year = calls * WORKDAYS
    speech_h = calls * CALL_S * costs.small.core_s / 3600
    workers = max(1, math.ceil(speech_h / NIGHT_H))
    copies, store = year * CALL_S * costs.small.copy_bytes, year * costs.call_bytes
    return [
        f"{calls:,}",
        f"{speech_h:,.1f}",
        f"{workers:,}",
        f"{workers * costs.small.worker_bytes / GIB:,.1f} GiB",
        f"{calls * (EVENTS * costs.event_s + costs.judge_s) / 60:,.1f} min",
        f"{copies / GIB:,.1f} GiB",
        f"{store / GIB:,.1f} GiB",
        f"{year * costs.publish_s:,.0f} s",
    ]


HEADINGS = [
    "calls a day", "transcription, core hours a day", f"cores to do it in {NIGHT_H:.0f} h", "memory of these workers",
    "queue log and judging, core time a day", "listening copies, a year", "store, a year", "publish at the end of the year, core time",
]  # fmt: skip


def main() -> None:
    """Print what was measured, what is assumed, and what that makes."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        costs = measure(Path(folder), calls)
    print(f"Measured ({platform.machine()}, {os.cpu_count()} cores, processor seconds of one core):\n")
    for name, of in (("the demonstration model", costs.demo), ("the shape of Whisper small", costs.small)):
        print(
            f"- a second of a two-channel call, {name}: {of.core_s:.3f} s; a worker holds {of.worker_bytes / 2**20:,.0f} MiB"
        )
    print(f"- a second of listening copy: {costs.small.copy_bytes:,.0f} bytes")
    print(
        f"- an event of a queue log: {costs.event_s * 1e6:,.1f} µs; judging a call of {TURNS} turns: {costs.judge_s * 1000:,.1f} ms"
    )
    print(
        f"- a call of {TURNS} turns in the store: {costs.call_bytes:,.0f} bytes; publishing it: {costs.publish_s * 1e6:,.0f} µs"
    )
    print(
        f"\nAssumed: calls of {CALL_S / 60:.0f} minutes in two channels, all recorded, {TURNS} turns of {WORDS} words and {EVENTS} queue events each, "
        f"{WORKDAYS} days a year; costs grow with the number of calls; transcription with the shape of Whisper small.\n"
    )
    print("| " + " | ".join(HEADINGS) + " |\n|" + "---|" * len(HEADINGS))
    for number in DAYS:
        print("| " + " | ".join(day(costs, number)) + " |")


if __name__ == "__main__":
    main()
