"""Processes that work on recordings. One that crashes, hangs or is killed costs its file, never the run.

A pool from the standard library breaks as a whole when one of its processes dies in native code; this one
puts a new process in the dead one's place.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from ingest.recordings import Job, Result, load_transcriber, process, refused
from models.errors import EarshotError, ModelUnavailable, StoreError

STALL_S = 1800.0
"""A worker that says nothing for so long hangs: each batch of speech is reported, and takes minutes at most.
"""

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection
    ready: bool = False
    path: Path | None = None
    recording_id: str = ""
    heard_of: float = field(default_factory=time.monotonic)


class Workers:
    """Up to ``count`` worker processes, started when there is work. Use as a context manager."""

    def __init__(self, job: Job, count: int, share: Callable[[Path, float], None] = lambda p, s: None) -> None:
        self._job = job
        self._count = max(1, count)
        self._share = share
        self._workers: list[_Worker] = []
        self._backlog: list[tuple[Path, str]] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def busy(self) -> bool:
        """Whether any file is being worked on or waits for a worker."""
        return bool(self._backlog) or any(w.path is not None for w in self._workers)

    @property
    def has_room(self) -> bool:
        """Whether a file given now would be started soon."""
        return len(self._backlog) + sum(w.path is not None for w in self._workers) < self._count

    def give(self, path: Path, recording_id: str) -> None:
        """Have a file processed; its result comes from ``results``."""
        self._backlog.append((path, recording_id))
        self._assign()

    def results(self, timeout_s: float) -> Iterator[Result]:
        """Results that arrive within ``timeout_s``, at least one if any does. Raises ModelUnavailable, StoreError."""
        by_connection = {w.connection: w for w in self._workers}
        for connection in wait(list(by_connection), timeout_s):
            yield from self._hear(by_connection[connection])  # type: ignore[index]
        for worker in list(self._workers):
            if worker.path is not None and time.monotonic() - worker.heard_of > STALL_S:
                worker.process.kill()
                yield self._lost(worker, f"It made no progress for {STALL_S / 60:.0f} minutes.")
        self._assign()

    def close(self) -> None:
        """Ends all workers at once."""
        for worker in self._workers:
            worker.connection.close()  # an idle worker takes this as the end
            if worker.path is not None or not worker.ready:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.process.close()
        self._workers.clear()

    def _assign(self) -> None:
        """Gives waiting files to idle workers, starting workers as needed.

        The first loads, and downloads, the model alone: the others then find it on the disk.
        """
        loading = any(not w.ready for w in self._workers)
        while len(self._workers) < min(self._count, self._wanted()) and not loading:
            self._workers.append(_start(self._job))
            loading = len(self._workers) == 1
        for worker in self._workers:
            if self._backlog and worker.ready and worker.path is None:
                worker.path, worker.recording_id = self._backlog.pop(0)
                worker.heard_of = time.monotonic()
                worker.connection.send((worker.path, worker.recording_id))

    def _wanted(self) -> int:
        return len(self._backlog) + sum(w.path is not None for w in self._workers)

    def _hear(self, worker: _Worker) -> Iterator[Result]:
        """Takes one message of a worker, which may be that it has died."""
        try:
            kind, value = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._died(worker)
            return
        worker.heard_of = time.monotonic()
        if kind == "ready":
            worker.ready = True
        elif kind == "unavailable":
            raise ModelUnavailable(value)
        elif kind == "stopped":
            raise StoreError(value)
        elif kind == "share" and worker.path is not None:
            self._share(worker.path, value)
        elif kind == "result":
            worker.path = None
            yield value

    def _died(self, worker: _Worker) -> Iterator[Result]:
        worker.process.join(5)
        how = _how(worker.process.exitcode)
        if not worker.ready:
            raise ModelUnavailable(f"The process that loads the speech model {self._job.model!r} {how}.")
        if worker.path is not None:
            yield self._lost(worker, f"The decoder crashed on it: its process {how}.")
        else:
            self._remove(worker)

    def _lost(self, worker: _Worker, reason: str) -> Result:
        """The result of the file of a worker that is gone."""
        self._remove(worker)
        assert worker.path is not None
        return refused(worker.path, worker.recording_id, reason)

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        worker.process.close()


def _how(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            return f"was ended by {signal.Signals(-exitcode).name}"
        except ValueError:
            return f"was ended by signal {-exitcode}"
    return f"ended with code {exitcode}"


def _start(job: Job) -> _Worker:
    """A new process. It ignores Ctrl-C, which reaches the whole group: the main process ends it in order."""
    here, there = _CONTEXT.Pipe()
    child = _CONTEXT.Process(target=_serve, args=(there, job), daemon=True, name="earshot-recordings")
    if threading.current_thread() is not threading.main_thread():
        child.start()
    else:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            child.start()
        finally:
            signal.signal(signal.SIGINT, before)
    there.close()
    return _Worker(child, here)


def _serve(connection: Connection, job: Job) -> None:
    """A worker's life: load the model, then take files until the main process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):  # the main process is gone
        try:
            transcriber = (job.load or load_transcriber)(job)
        except EarshotError as error:
            connection.send(("unavailable", str(error)))
            return
        connection.send(("ready", None))
        while True:
            path, recording_id = connection.recv()
            try:
                result = process(path, job, transcriber, recording_id, lambda s: connection.send(("share", s)))
            except StoreError as error:
                connection.send(("stopped", str(error)))
                return
            connection.send(("result", result))
