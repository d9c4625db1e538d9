"""How each part grows with ten times the work: ``python -m bench.growth [N]``, N calls against a tenth of them.

Prints seconds and their ratio (goal: at most 11 for work that reads everything), and draws build/bench/growth.html.
The calls are made up with a seed; everything runs in this process, on this machine, one after the other.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import plotly.graph_objects as go

from bench.pages import PAGES, session, start, store
from bench.queue_log import EVENTS_A_CALL, generate
from models.publish import publish
from models.settings import ROOT, Settings

TIMES = 10
TURNS = 20
GOAL = 11.0
SHOWN = ("overview, all", "waits, all", "needs", "calls", "words said")
OUT = ROOT / "build" / "bench" / "growth.html"


def timed(work: Callable[[], object]) -> float:
    """Seconds of one piece of work."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def queue_log_s(calls: int) -> float:
    """Loading a queue log of so many calls into an empty store."""
    from ingest.queue_logs import load_queue_log

    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "queue_log"
        generate(log, round(calls * EVENTS_A_CALL))
        return timed(lambda: load_queue_log(Settings(data=Path(name) / "data"), log))


def transcripts_s(calls: int) -> float:
    """Loading a file of so many transcripts of twenty turns into an empty store."""
    from click.testing import CliRunner

    from ingest.cli import earshot

    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "calls.jsonl"
        with file.open("w") as out:
            for n in range(calls):
                turns = [
                    {"speaker": ("agent", "customer")[t % 2], "start_s": 5.0 * t, "end_s": 5.0 * t + 4, "text": f"Turn {t} of {n}."}
                    for t in range(TURNS)
                ]  # fmt: skip
                call = {
                    "call_id": f"call-{n}",
                    "started_at": "2026-03-02T09:14:05+01:00",
                    "language": "en",
                    "turns": turns,
                }
                out.write(json.dumps(call) + "\n")
        environment = {"EARSHOT_DATA": str(Path(name) / "data")}
        command = ["ingest", "transcripts", str(file)]
        return timed(lambda: CliRunner().invoke(earshot, command, env=environment, catch_exceptions=False))


def pages_ms(settings: Settings) -> dict[str, float]:
    """Warm median of some pages, in milliseconds."""
    server, address = start(settings)
    try:
        waits = {name: asyncio.run(session(address, *PAGES[name], 8))[1:] for name in SHOWN}
    finally:
        server.terminate()
        server.wait(20)
    return {name: statistics.median(one.ms for one in w) for name, w in waits.items()}


def measure(calls: int) -> dict[str, float]:
    """Seconds of each part at this size."""
    settings = store(calls, TURNS)
    return {
        "queue log": queue_log_s(calls),
        "transcripts (a tenth of the calls)": transcripts_s(calls // 10),
        "publish": timed(lambda: publish(settings, force=True)),
        **{f"page: {name}": ms / 1000 for name, ms in pages_ms(settings).items()},
    }


def draw(sizes: Sequence[int], found: Sequence[dict[str, float]]) -> None:
    """A line per part, both axes logarithmic, with the line of ten times for ten times beside it."""
    figure = go.Figure()
    for name in found[0]:
        figure.add_scatter(x=list(sizes), y=[f[name] for f in found], name=name, mode="lines+markers")
    figure.add_scatter(
        x=list(sizes), y=[0.1, 0.1 * TIMES], name="ten times for ten times", line={"dash": "dot", "color": "grey"}
    )
    figure.update_layout(
        title="Seconds against calls in the store", template="plotly_white",
        xaxis={"type": "log", "title": "calls"}, yaxis={"type": "log", "title": "seconds"},
    )  # fmt: skip
    OUT.parent.mkdir(parents=True, exist_ok=True)
    figure.write_html(OUT)


def main() -> None:
    """Measure both sizes, print, draw."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sizes = (calls // TIMES, calls)
    found = [measure(size) for size in sizes]
    print(f"{'':36}{sizes[0]:>12,} {sizes[1]:>12,}   ratio")
    for name in found[0]:
        small, large = (f[name] for f in found)
        ratio = large / small
        print(f"{name:36}{small:>10.2f} s {large:>10.2f} s {ratio:>7.1f}{'' if ratio <= GOAL else '  over the goal'}")
    draw(sizes, found)
    print(f"drawn in {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
