"""The disturbed part of a soak: roles that are killed and start again, and faults of disk, clock and snapshots."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from models.settings import DEMONSTRATION_MODEL, ROOT
from tests.soak.inputs import Inputs, arrive

DISK_MB = 400
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
KILL_EVERY_S = (0.2, 1.2)
FAULT_S = 3.0
CALM_S = 120
DIARIES = ("reviews", "heard", "sessions")
"""What people write down when they got something done (see tests.soak.people)."""
SELDOM = {"dashboard": 0.3}
"""How often a role is killed, against the others: a server takes seconds to start."""
EARSHOT = [sys.executable, "-m", "ingest.cli"]


@dataclass(slots=True)
class Disk:
    """The disk with the store: a small one of its own, where that's allowed."""

    folder: Path
    is_own: bool

    def mount(self) -> None:
        """Make it."""
        self.folder.mkdir(parents=True)
        if self.is_own:
            options = f"size={DISK_MB}m"
            subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)], check=True)

    def unmount(self) -> None:
        """Take it away with all that's on it."""
        if self.is_own:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)

    def read_only(self, on: bool) -> None:
        """Refuse writes, or take them again. Files open for writing would forbid it: then it is not done."""
        subprocess.run(["mount", "-o", f"remount,{'ro' if on else 'rw'}", str(self.folder)], capture_output=True)

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.folder / "filler").open("wb", buffering=0) as file:
            while True:
                try:
                    file.write(b"\0" * (1 << 20))
                except OSError:
                    return

    def free(self) -> None:
        """Make room again."""
        (self.folder / "filler").unlink(missing_ok=True)


@dataclass(slots=True)
class Role:
    """Something that is always at work: it starts again when it ends or is killed."""

    name: str
    command: Callable[[], list[str]]
    pause_s: float = 0.3
    process: subprocess.Popen[bytes] | None = None
    ended_at: float = 0.0
    exits: Counter[int] = field(default_factory=Counter)

    def keep_up(self, log: Path, environment: dict[str, str]) -> None:
        """Start it when it is not at work."""
        if self.process is not None:
            if (code := self.process.poll()) is None:
                return
            self.exits[code] += 1
            self.process, self.ended_at = None, time.monotonic()
        if time.monotonic() - self.ended_at >= self.pause_s:
            with log.open("ab") as out:
                self.process = subprocess.Popen(
                    self.command(), cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
                )

    def kill(self) -> bool:
        """``kill -9``, if it is at work."""
        if self.process is None or self.process.poll() is not None:
            return False
        self.process.kill()
        return True

    def end(self) -> None:
        """End it for good, with everything that it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Chaos:
    """One disturbed run; afterwards ``summary`` says what was done."""

    def __init__(self, folder: Path, disk: Disk, inputs: Inputs, seed: int) -> None:
        self.folder, self.disk, self.inputs = folder, disk, inputs
        self.rng = random.Random(seed)
        self.inbox = folder / "inbox"
        self.log = folder / "roles.log"
        self.port = free_port()
        (folder / "port").write_text(str(self.port))
        self.environment = environment(disk.folder)
        self.faults: Counter[str] = Counter()
        self.undo: list[tuple[float, Callable[[], None]]] = []
        self.kills: Counter[str] = Counter()
        self.problems: list[str] = []
        self.roles = self._roles()

    def _roles(self) -> list[Role]:
        people = [sys.executable, "-m", "tests.soak.people"]
        server = [sys.executable, "-m", "streamlit", "run", "dashboard/server.py", "--server.port", str(self.port)]
        loads = {name: lambda name=name: load_command(name, self.inbox) for name in LOADS}
        return [
            *(Role(name, command) for name, command in loads.items()),
            Role("score", lambda: [*EARSHOT, "score"], 1.0),
            Role("publish", lambda: [*EARSHOT, "publish"], 0.5),
            Role("dashboard", lambda: server),
            *(Role(n, lambda n=n: [*people, "reviewer", str(self.folder), n]) for n in ("ana", "ben")),
            *(Role(n, lambda n=n: [*people, "analyst", str(self.folder), n]) for n in ("cleo", "dan")),
        ]

    def run(self, seconds: float) -> None:
        """Let inputs arrive, keep every role at work, kill and disturb."""
        began, next_kill = time.monotonic(), 2.0
        planned = self._planned(seconds)
        try:
            while (now := time.monotonic() - began) < seconds:
                arrive(self.inputs, self.inbox, min(1.0, 1.2 * now / seconds))
                for role in self.roles:
                    role.keep_up(self.log, self.environment)
                if now >= next_kill:
                    self._kill_one()
                    next_kill = now + self.rng.uniform(*KILL_EVERY_S)
                while planned and planned[0][0] <= now:
                    self._disturb(planned.pop(0)[1], now)
                while self.undo and self.undo[0][0] <= now:
                    self.undo.pop(0)[1]()
                time.sleep(0.05)
            self._put_right()
            self._calm()
        finally:
            self._put_right()
            for role in self.roles:
                role.end()

    def _put_right(self) -> None:
        """End every fault, and let the rest arrive."""
        while self.undo:
            self.undo.pop(0)[1]()
        arrive(self.inputs, self.inbox, 1.0)

    def _calm(self) -> None:
        """Leave the roles alone until every diary has a new line: nobody may stay blocked."""
        before = {name: lines(self.folder / name) for name in DIARIES}
        began = time.monotonic()
        while any(lines(self.folder / name) == n for name, n in before.items()):
            if time.monotonic() - began > CALM_S:
                stuck = [name for name, n in before.items() if lines(self.folder / name) == n]
                self.problems.append(f"left alone for {CALM_S} s, nobody got on with {', '.join(stuck)}")
                return
            for role in self.roles:
                role.keep_up(self.log, self.environment)
            time.sleep(0.1)

    def _planned(self, seconds: float) -> list[tuple[float, str]]:
        """When which fault happens: each at least once, spread over the run, one at a time."""
        kinds = ["snapshots removed", "clock set back"] + (["disk full", "disk read-only"] if self.disk.is_own else [])
        rounds = max(1, round(seconds / 60))
        slot = 0.8 * seconds / (rounds * len(kinds))
        order = [kind for _ in range(rounds) for kind in self.rng.sample(kinds, len(kinds))]
        return [(0.15 * seconds + i * slot, kind) for i, kind in enumerate(order)]

    def _kill_one(self) -> None:
        (role,) = self.rng.choices(self.roles, [SELDOM.get(r.name, 1.0) for r in self.roles])
        if role.kill():
            self.kills[role.name] += 1

    def _disturb(self, kind: str, now: float) -> None:
        self.faults[kind] += 1
        until = now + FAULT_S
        if kind == "snapshots removed":
            shutil.rmtree(self.disk.folder / "store" / "published", ignore_errors=True)
        elif kind == "disk full":
            self.disk.fill()
            self.undo.append((until, self.disk.free))
        elif kind == "disk read-only":
            for role in self.roles:  # what has a file open for writing forbids it
                role.kill()
            time.sleep(0.3)
            self.disk.read_only(True)
            self.undo.append((until, lambda: self.disk.read_only(False)))
        else:
            if FAKETIME is None:
                print(
                    "LEFT OUT: the clock set back, because libfaketime is missing (Debian: apt-get install faketime).",
                    flush=True,
                )
                return
            self.environment |= {"LD_PRELOAD": str(FAKETIME), "FAKETIME": "-2h"}
            self.undo.append((until, self._set_clock_right))
            for role in self.roles:
                role.kill()

    def _set_clock_right(self) -> None:
        for name in ("LD_PRELOAD", "FAKETIME"):
            self.environment.pop(name, None)

    def summary(self) -> str:
        """Kills, faults, and how often each role came to an end by itself."""
        ended = {r.name: sum(n for code, n in r.exits.items() if code >= 0) for r in self.roles}
        refused = {r.name: r.exits[1] for r in self.roles if r.exits[1]}
        return "\n".join([
            f"killed {self.kills.total()} times: " + ", ".join(f"{n} {k}" for n, k in sorted(self.kills.items())),
            "faults: " + ", ".join(f"{n} {k}" for n, k in sorted(self.faults.items())),
            "came to an end: " + ", ".join(f"{n} {k}" for n, k in ended.items() if k),
            "acknowledged: " + ", ".join(f"{lines(self.folder / name)} {name}" for name in DIARIES),
            "ended with a sentence: " + (", ".join(f"{n} {k}" for n, k in refused.items()) or "none"),
        ])  # fmt: skip


def lines(diary: Path) -> int:
    """Lines of a diary."""
    return diary.read_bytes().count(b"\n") if diary.exists() else 0


LOADS = ("recordings", "transcripts", "queue-log")


def load_command(name: str, inbox: Path) -> list[str]:
    """The command that loads everything of one kind that has arrived."""
    if name == "recordings":
        return [
            *EARSHOT,
            "ingest",
            "recordings",
            str(inbox / "wav"),
            "--model",
            str(DEMONSTRATION_MODEL),
            "--workers",
            "1",
        ]
    files = [inbox / "queue_log"] if name == "queue-log" else sorted((inbox / "jsonl").glob("*.jsonl"))
    return [*EARSHOT, "ingest", name, *(str(f) for f in files)] if files else [sys.executable, "-c", ""]


def environment(data: Path) -> dict[str, str]:
    """For processes that work on the store in ``data``."""
    return {**os.environ, "EARSHOT_DATA": str(data), "EARSHOT_TIME_ZONE": "Europe/Paris", "HF_HUB_OFFLINE": "1"}


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
