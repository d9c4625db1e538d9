"""How long the server takes for each page, and how much memory: ``python -m bench.pages [--calls N] [--sessions N]``.

Fills and publishes a made-up store (kept in build/ for the next run), starts the real server on it, and speaks
Streamlit's own protocol to it: from asking for a page to the end of its script, as a browser would wait.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.synthetic_store import make
from models.publish import publish
from models.settings import ROOT, Settings
from models.store import Store

PAGES = {
    "overview": ("", "period=this_week"),
    "overview, all": ("", "period=all"),
    "waits": ("waits", "period=4_weeks"),
    "waits, all": ("waits", "period=all"),
    "waits: where, all": ("waits", "period=all&view=where"),
    "waits: since, all": ("waits", "period=all&view=since"),
    "waits: callers, all": ("waits", "period=all&view=callers"),
    "waits: staffing, all": ("waits", "period=all&view=staffing"),
    "waits: weekly": ("waits", "period=all&view=weekly"),
    "waits: targets": ("waits", "view=targets"),
    "calls: lost callers": ("calls", "period=8_weeks&outcome=lost"),
    "needs": ("needs", "period=all"),
    "issues": ("issues", "period=all"),
    "listening hour": ("listening", ""),
    "team": ("team", ""),
    "calls": ("calls", "period=all"),
    "calls, filtered": ("calls", "period=8_weeks&agent=agent-07&wait=30&sort=wait"),
    "calls behind a slot": ("calls", "period=4_weeks&outcome=late&weekday=1&slot=19"),
    "words said": ("calls", "period=all&said=solicitor"),
    "data": ("data", "part=dictionary"),
}
FINISHED_FOR_A_RERUN = 2
GOAL_MS = 300


def store(calls: int, turns: int) -> Settings:
    """A published store of that size, made once."""
    settings = Settings(data=ROOT / "build" / "bench" / f"{calls}x{turns}")
    if Store(settings).snapshot_path() is None:
        print(f"Filling a store with {calls:,} calls and about {calls * turns:,} turns…", flush=True)
        make(settings, calls=calls, turns=turns, weeks=52, agents=200)
    publish(settings)  # again, when views have changed since
    return settings


def start(settings: Settings) -> tuple[subprocess.Popen[bytes], str]:
    """The server on a free port, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/server.py", "--server.port", str(port)]
    log = (settings.data / "server.log").open("wb")
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "EARSHOT_DATA": str(settings.data)}, stdout=log, stderr=log
    )
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health").close()
            return server, f"127.0.0.1:{port}"
        except OSError:
            time.sleep(0.2)
    server.terminate()
    raise SystemExit(f"The server did not start; see {log.name}.")


async def visit(socket: websockets.ClientConnection, page: str, query: str) -> float:
    """Milliseconds from asking for a page to the end of its script."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    begun = time.perf_counter()
    await socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await socket.recv())  # type: ignore[arg-type]
        if answer.WhichOneof("type") == "script_finished" and answer.script_finished != FINISHED_FOR_A_RERUN:
            return 1000 * (time.perf_counter() - begun)


async def session(address: str, page: str, query: str, visits: int, think_s: float = 0.0) -> list[float]:
    """One reader's waits for one page; the first is cold."""
    waits = []
    async with websockets.connect(
        f"ws://{address}/_stcore/stream", subprotocols=["streamlit"], origin=f"http://{address}", max_size=None
    ) as socket:
        for _ in range(visits):
            waits.append(await visit(socket, page, query))
            await asyncio.sleep(think_s)
    return waits


def memory_mb(process: int) -> float:
    """Resident memory of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def measure(address: str, process: int, sessions: int, visits: int) -> None:
    """Print the table."""
    print(f"{'page':24}{'cold':>9}{'warm median':>13}{'warm p95':>10}{f'{sessions} sessions':>13}{'memory':>10}")
    for name, (page, query) in PAGES.items():
        cold, *warm = await session(address, page, query, visits + 1)
        many = await asyncio.gather(*[session(address, page, query, 4, 1.0) for _ in range(sessions)])
        busy = statistics.median(wait for waits in many for wait in waits[1:])
        p95 = sorted(warm)[int(0.95 * (len(warm) - 1))]
        mark = "" if statistics.median(warm) <= GOAL_MS else "  over the goal"
        print(
            f"{name:24}{cold:>6.0f} ms{statistics.median(warm):>10.0f} ms{p95:>7.0f} ms{busy:>10.0f} ms"
            f"{memory_mb(process):>7.0f} MB{mark}",
            flush=True,
        )


def main() -> None:
    """Fill, start, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=20, help="turns of each transcribed call")
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--visits", type=int, default=15)
    given = parser.parse_args()
    settings = store(given.calls, given.turns)
    began = time.perf_counter()
    server, address = start(settings)
    print(f"the server answers after {time.perf_counter() - began:.1f} s", flush=True)
    try:
        asyncio.run(measure(address, server.pid, given.sessions, given.visits))
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
