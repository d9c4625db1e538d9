"""How long the server takes for each page, and how much memory: ``python -m bench.pages [--calls N] [--sessions N]``.

Fills and publishes a made-up store (kept in build/ for the next run), starts the real server on it, and speaks
Streamlit's own protocol to it: from asking for a page to the end of its script, as a browser would wait. The sessions read
beside one another, each asking a second after its last page was there; and all at the same moment, the worst that can be.
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
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.synthetic_store import fill, fill_findings, write
from models.publish import current_snapshot, publish
from models.settings import ROOT, Settings
from models.store import Store, connect_snapshot, first_row

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
    "goals": ("goals", "period=all"),
    "goals: figures": ("goals", "period=all&view=figures"),
    "goals: cost": ("goals", "period=all&view=cost"),
    "goals: self": ("goals", "view=self"),
    "goals: policy": ("goals", "view=policy"),
    "customers": ("customers", "period=all"),
    "customers: found": ("customers", "find=39+98+07&first=unhappy"),
    "customers: lost": ("customers", "period=4_weeks&part=lost"),
    "customers: random": ("customers", "period=4_weeks&part=random"),
    "customers: surveys": ("customers", "period=all&part=surveys"),
    "customers: silent": ("customers", "period=all&part=silent"),
    "complaints": ("complaints", ""),
    "complaints, all": ("complaints", "to_do=all"),
    "complaint": ("complaints", "complaint=7"),
    "listening hour": ("listening", ""),
    "team": ("team", ""),
    "team: calibration": ("team", "part=calibration"),
    "calls": ("calls", "period=all"),
    "calls, filtered": ("calls", "period=8_weeks&agent=agent-07&wait=30&sort=wait"),
    "calls behind a slot": ("calls", "period=4_weeks&outcome=late&weekday=1&slot=19"),
    "words said": ("calls", "period=all&said=solicitor"),
    "call": ("call", "call_id={call_id}"),
    "customer": ("customer", "customer_id={customer_id}"),
    "data": ("data", "part=dictionary"),
}
"""Name → page and address. {call_id} and {customer_id} are those of the newest answered call."""
FINISHED_FOR_A_RERUN = 2
GOAL_MS = 300
IDLE_MS = 60
"""Processor time of two seconds in which a server is idle: it looks for new snapshots."""


def store(calls: int, turns: int) -> Settings:
    """A published store of that size, made once."""
    settings = Settings(data=ROOT / "build" / "bench" / f"{calls}x{turns}")
    if Store(settings).snapshot_path() is None:
        print(f"Filling a store with {calls:,} calls and about {calls * turns:,} turns…", flush=True)
        with Store(settings).writing() as con:
            fill(con, calls=calls, turns=turns, weeks=52, agents=200, customers=max(10_000, calls // 3))
            fill_findings(con)
        write(settings)
    publish(settings)  # again, when views have changed since
    return settings


def asked_for(description: str | None) -> Settings:
    """The store of the size that the command line asks for, ``--calls`` and ``--turns``."""
    parser = argparse.ArgumentParser(description=description)
    sizes(parser)
    given = parser.parse_args()
    return store(given.calls, given.turns)


def sizes(parser: argparse.ArgumentParser) -> None:
    """The options that say how large the store is."""
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=20, help="turns of each transcribed call")


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


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a page: milliseconds that a reader waits, and bytes that are sent to them."""

    ms: float
    sent: int


async def visit(socket: websockets.ClientConnection, page: str, query: str) -> Visit:
    """Ask for a page and read to the end of its script."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    begun, sent = time.perf_counter(), 0
    await socket.send(message.SerializeToString())
    while True:
        answer, received = ForwardMsg(), await socket.recv()
        sent += len(received)
        answer.ParseFromString(received)  # type: ignore[arg-type]
        if answer.WhichOneof("type") == "script_finished" and answer.script_finished != FINISHED_FOR_A_RERUN:
            return Visit(1000 * (time.perf_counter() - begun), sent)


async def session(
    address: str, page: str, query: str, visits: int, think_s: float = 0.0, start: asyncio.Barrier | None = None
) -> list[Visit]:
    """One reader's visits of one page, the first cold; with a barrier, each at the same moment as the others'."""
    made = []
    async with websockets.connect(
        f"ws://{address}/_stcore/stream", subprotocols=["streamlit"], origin=f"http://{address}", max_size=None
    ) as socket:
        for _ in range(visits):
            if start:
                await start.wait()
            made.append(await visit(socket, page, query))
            await asyncio.sleep(think_s)
    return made


def again(sessions: list[list[Visit]]) -> float:
    """The median wait in milliseconds, without each session's first visit."""
    return statistics.median(one.ms for made in sessions for one in made[1:])


def memory_mb(process: int) -> float:
    """Resident memory of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def processor_ms(process: int) -> float:
    """Milliseconds of processor that a process has used: what a shared machine does not lengthen."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def known(settings: Settings) -> dict[str, str]:
    """What addresses are filled in with."""
    with closing(connect_snapshot(current_snapshot(settings))) as con:
        row = first_row(
            con.execute(
                "select max_by(call_id, started_at), max_by(customer_id, started_at) from calls where has_transcript"
            )
        )
    return dict(zip(("call_id", "customer_id"), map(quote_plus, row or ("", "")), strict=True))


async def measure(address: str, process: int, pages: dict[str, tuple[str, str]], sessions: int, visits: int) -> None:
    """Print the table."""
    print(
        f"{'page':22}{'first':>9}{'processor':>11}{'warm median':>13}{'warm p95':>10}{'processor':>11}"
        f"{f'{sessions} sessions':>13}{'processor':>11}{'at once':>11}{'sent':>9}{'memory':>10}"
    )
    for name, (page, query) in pages.items():
        began = processor_ms(process)
        (cold,) = await session(address, page, query, 1)
        used_first = processor_ms(process) - began
        began = processor_ms(process)
        warm = await session(address, page, query, visits + 1)
        used = (processor_ms(process) - began) / len(warm)
        began = processor_ms(process)
        many = await asyncio.gather(*[session(address, page, query, 4, 1.0) for _ in range(sessions)])
        used_by_many = (processor_ms(process) - began) / (4 * max(sessions, 1))
        together = asyncio.Barrier(sessions)
        at_once = await asyncio.gather(*[session(address, page, query, 4, start=together) for _ in range(sessions)])
        waits = sorted(one.ms for one in warm[1:])
        p95 = waits[int(0.95 * (len(waits) - 1))]
        mark = "" if statistics.median(waits) <= GOAL_MS else "  over the goal"
        print(
            f"{name:22}{cold.ms:>6.0f} ms{used_first:>8.0f} ms{statistics.median(waits):>10.0f} ms{p95:>7.0f} ms{used:>8.0f} ms"
            f"{again(many):>10.0f} ms{used_by_many:>8.0f} ms{again(at_once):>8.0f} ms{max(one.sent for one in warm) / 1000:>6.0f} kB{memory_mb(process):>7.0f} MB{mark}",
            flush=True,
        )


@contextmanager
def running(settings: Settings) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server and its address while they are needed; prints what it took until its first page was there."""
    began = time.perf_counter()
    server, address = start(settings)
    try:
        print(f"the server answers after {told(began, server.pid)}", flush=True)
        asyncio.run(session(address, "data", "part=examples", 1))
        print(f"a page that asks little is there after {told(began, server.pid)}", flush=True)
        rest(server.pid)
        print(f"everything is got ready after {told(began, server.pid)}", flush=True)
        yield server, address
    finally:
        server.terminate()
        server.wait(20)


def rest(process: int) -> None:
    """Wait until a process has done hardly anything for two seconds."""
    used = [0.0]
    while len(used) < 5 or used[-1] - used[-5] > IDLE_MS:
        time.sleep(0.5)
        used.append(processor_ms(process))


def told(began: float, process: int) -> str:
    """Seconds since then, and the processor time of the process."""
    return f"{time.perf_counter() - began:.1f} s, {processor_ms(process) / 1000:.1f} s of processor"


def main() -> None:
    """Fill, start, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    sizes(parser)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--visits", type=int, default=15)
    parser.add_argument("--pages", nargs="*", help="only these, by the beginning of their names")
    given = parser.parse_args()
    settings = store(given.calls, given.turns)
    ids = known(settings)
    pages = {
        name: (page, query.format(**ids))
        for name, (page, query) in PAGES.items()
        if given.pages is None or name.startswith(tuple(given.pages))
    }
    with running(settings) as (server, address):
        asyncio.run(measure(address, server.pid, pages, given.sessions, given.visits))


if __name__ == "__main__":
    main()
