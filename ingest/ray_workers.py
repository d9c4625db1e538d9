"""Workers on a Ray cluster: the same work on a recording, on many machines, with the results come back to the one loader.

A recording travels to a worker as bytes and its listening copy comes back as bytes, so the machines share no disk. Only
this module imports Ray, which is optional. A worker that dies is replaced and its recording tried again elsewhere; a
recording that has cost ``ATTEMPTS`` workers is refused.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest.drafts import held, remove_abandoned
from ingest.files import shown
from ingest.metadata import SIDECAR_MAX_BYTES, find_sidecar
from ingest.recordings import Job, Result, load_transcriber, process, refused
from models.errors import ClusterUnavailable, EarshotError, ModelUnavailable, StoreError

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # before Ray is imported: it reports to its makers otherwise

ATTEMPTS = 3
STALL_S = 1800.0
"""As for local workers: a worker without progress for so long hangs."""
START_S = 600.0
"""A worker that has not loaded its model by then never will: no machine has room for it."""
REACH_S = 5.0
THREADS = 2
"""Processors that a worker's model uses well."""
SCRATCH = "earshot-ray-"
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\]):")


class RayWorkers:
    """Up to ``count`` workers (0: as many as there is room for) on the cluster at ``address`` (None: Ray on this machine).

    Use as a context manager.

    The interface of ``ingest.workers.Workers``. Raises ClusterUnavailable.
    """

    def __init__(
        self, job: Job, count: int, share: Callable[[Path, float], None] = lambda p, s: None, address: str | None = None
    ) -> None:
        self._ray = connect(address)
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        threads = int(min(THREADS, max((node.get("CPU", 0) for node in nodes), default=1)))
        self._job = replace(job, threads=max(1, threads))
        self._options = needs(nodes, self._job)
        self._count = count or room(nodes, self._options)
        self._share = share
        self._workers: list[_Worker] = []
        self._backlog: list[_Task] = []
        self._unreadable: list[Result] = []

    def __enter__(self) -> RayWorkers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def busy(self) -> bool:
        """Whether any file is being worked on or waits for a worker."""
        return bool(self._backlog or self._unreadable) or any(w.task for w in self._workers)

    @property
    def has_room(self) -> bool:
        """Whether a file given now would be started soon."""
        return len(self._backlog) + sum(w.task is not None for w in self._workers) < self._count

    def give(self, path: Path, recording_id: str) -> None:
        """Have a file processed; its result comes from ``results``."""
        self._backlog.append(_Task(path, recording_id))
        self._assign()

    def results(self, timeout_s: float) -> Iterator[Result]:
        """Results that arrive within ``timeout_s``, at least one if any does. Raises ModelUnavailable, StoreError."""
        waiting = {w.answer: w for w in self._workers if w.answer is not None}
        done, _ = self._ray.wait(list(waiting), num_returns=1, timeout=timeout_s) if waiting else ([], [])
        for answer in done:
            yield from self._hear(waiting[answer])
        for worker in list(self._workers):
            if worker in self._workers:
                yield from self._look_after(worker)
        self._assign()
        unreadable, self._unreadable = self._unreadable, []
        yield from unreadable

    def close(self) -> None:
        """Ends all workers at once, and Ray's part in this process."""
        for worker in self._workers:
            with suppress(Exception):  # it may be gone, and so may the cluster
                self._ray.kill(worker.actor)
        self._workers.clear()
        self._ray.shutdown()

    def _assign(self) -> None:
        """Gives waiting files to idle workers, starting workers as needed."""
        wanted = len(self._backlog) + sum(w.task is not None for w in self._workers)
        while len(self._workers) < min(self._count, wanted):
            actor = self._ray.remote(Actor).options(**self._options).remote(self._job)
            self._workers.append(_Worker(actor, actor.load.remote(code_version())))
        for worker in self._workers:
            while self._backlog and worker.ready and worker.task is None:
                self._begin(worker, self._backlog.pop(0))

    def _begin(self, worker: _Worker, task: _Task) -> None:
        try:
            content, beside = task.path.read_bytes(), sidecar(task.path)
        except OSError as error:
            reason = f"The file can't be read ({error.strerror or error})."
            self._unreadable.append(refused(task.path, task.recording_id, reason))
            return
        if hashlib.sha256(content).hexdigest() != task.recording_id:
            reason = "The file changed while it was read; load it again when it is complete."
            self._unreadable.append(refused(task.path, task.recording_id, reason))
            return
        task.attempts += 1
        worker.task, worker.told, worker.heard_of = task, 0.0, time.monotonic()
        given = self._ray.put(content)
        worker.answer = worker.actor.work.remote(str(task.path), given, beside, task.recording_id)

    def _hear(self, worker: _Worker) -> Iterator[Result]:
        """Takes a worker's answer, which may be that it has died."""
        task, answer = worker.task, worker.answer
        worker.answer = None
        try:
            said = self._ray.get(answer)
        except self._ray.exceptions.RayTaskError as error:
            worker.task = None
            if isinstance(error.cause, EarshotError):
                raise type(error.cause)(str(error.cause)) from None
            if task is None:
                raise ClusterUnavailable(f"A worker can't begin: {last_line(error)}.") from error
            yield refused(task.path, task.recording_id, f"It can't be processed ({last_line(error)}).")
        except self._ray.exceptions.RayError as error:
            yield from self._lost(worker, "died", error)
        else:
            worker.heard_of = time.monotonic()
            if task is None:
                worker.ready = True
            else:
                worker.task = None
                yield finish(said, task.path, self._job.store)

    def _lost(self, worker: _Worker, how: str, error: Exception | None = None) -> Iterator[Result]:
        """Puts the file of a worker that is gone back into the queue, or refuses it after ``ATTEMPTS``."""
        self._workers.remove(worker)
        with suppress(Exception):
            self._ray.kill(worker.actor)
        task = worker.task
        if task is None:
            raise ModelUnavailable(
                f"A worker on the cluster ended while it loaded the speech model: {last_line(error)}."
            )
        if task.attempts < ATTEMPTS:
            self._backlog.insert(0, task)
        else:
            reason = f"It was tried {task.attempts} times on the cluster, and each time its worker {how}."
            yield refused(task.path, task.recording_id, reason)

    def _look_after(self, worker: _Worker) -> Iterator[Result]:
        """Asks a busy worker how far it is, without waiting; one that makes no progress for too long is ended."""
        now = time.monotonic()
        if not worker.ready and worker.task is None and now - worker.heard_of > START_S:
            raise ClusterUnavailable(
                f"No machine of the cluster has started a worker within {START_S / 60:.0f} minutes "
                f"({self._options}); it needs free processors, or ask for fewer with --workers."
            )
        if worker.task is None:
            return
        if worker.asked is not None and self._ray.wait([worker.asked], timeout=0)[0]:
            with suppress(self._ray.exceptions.RayError):
                told = self._ray.get(worker.asked)
                if told != worker.told:
                    worker.told, worker.heard_of = told, now
                    self._share(worker.task.path, told)
            worker.asked = None
        if worker.asked is None:
            worker.asked = worker.actor.share.remote()
        if now - worker.heard_of > STALL_S:
            yield from self._lost(worker, f"made no progress for {STALL_S / 60:.0f} minutes")


@dataclass(slots=True)
class _Task:
    path: Path
    recording_id: str
    attempts: int = 0


@dataclass(slots=True, eq=False)
class _Worker:
    actor: Any
    answer: Any
    """What Ray will give: first that the model is loaded, then one result after the other."""
    ready: bool = False
    task: _Task | None = None
    asked: Any = None
    told: float = 0.0
    heard_of: float = field(default_factory=time.monotonic)


class Actor:
    """A worker's life on some machine of the cluster."""

    def __init__(self, job: Job) -> None:
        self._held = ExitStack()
        remove_abandoned(Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"))  # recordings must not outlive a killed worker
        self._folder = Path(self._held.enter_context(tempfile.TemporaryDirectory(prefix=SCRATCH)))
        self._held.enter_context(held(self._folder))
        self._job = replace(job, store=self._folder / "store")
        self._share = 0.0

    def load(self, code: str) -> None:
        """Load the speech model. Raises ClusterUnavailable where another version of Earshot lies, ModelUnavailable."""
        if code_version() != code:
            raise ClusterUnavailable(
                f"The machine {socket.gethostname()} of the cluster has another version of Earshot; install the same."
            )
        self._transcriber = (self._job.load or load_transcriber)(self._job)

    def share(self) -> float:
        """The share of the present file's speech that is transcribed, 0..1."""
        return self._share

    def work(
        self, name: str, content: bytes, beside: tuple[str, bytes] | None, recording_id: str
    ) -> tuple[Result, bytes | None]:
        """Everything about one file; returns its result and its listening copy. Raises StoreError for a full disk."""
        self._share = 0.0
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder) / Path(name).name
            path.write_bytes(content)
            if beside is not None:
                (path.parent / beside[0]).write_bytes(beside[1])
            result = process(path, self._job, self._transcriber, recording_id, self._tell, known_as=Path(name))
        copy = None
        if result.recording is not None and result.recording.audio_path is not None:
            kept = self._job.store / result.recording.audio_path
            copy = kept.read_bytes()
            kept.unlink()
        return result, copy

    def _tell(self, share: float) -> None:
        self._share = share


def connect(address: str | None) -> Any:
    """The module ``ray``, connected to a cluster, or to one on this machine alone. Raises ClusterUnavailable."""
    if address is None or LOOPBACK.match(address):
        # else Ray takes this machine's outer address instead; the name is from where this is Ray's default
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    try:
        import ray
    except ImportError:
        raise ClusterUnavailable(
            "Ray is not installed; install it with: .venv/bin/pip install -c constraints.txt -e '.[ray]'"
        ) from None
    if address is not None:
        reachable(address)
    here: dict[str, Any] = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"} if address is None else {}
    try:
        ray.init(address=address or "local", log_to_driver=False, logging_level=logging.ERROR, **here)
    except (OSError, RuntimeError, ValueError, TimeoutError) as error:
        where = address or "this machine"
        raise ClusterUnavailable(f"The Ray cluster at {where} can't be used: {last_line(error)}.") from error
    return ray


def reachable(address: str) -> None:
    """Whether anything answers at ``host:port`` or ``ray://host:port``. Raises ClusterUnavailable.

    Ray itself would try for minutes, and then say more than a sentence.
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        raise ClusterUnavailable(f"{address!r} is no address of a Ray cluster; write one like 10.0.0.5:6379.")
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_S).close()
    except (OSError, OverflowError) as error:
        raise ClusterUnavailable(
            f"The Ray cluster at {address} can't be reached ({error}); is it running, and is this the right address?"
        ) from None


def needs(nodes: list[dict[str, float]], job: Job) -> dict[str, float]:
    """What one worker takes of a machine. Raises ClusterUnavailable when none, with these resources, has as much."""
    wanted = {"num_cpus": float(job.threads), "num_gpus": float(job.device == "cuda")}
    if room(nodes, wanted) == 0:
        raise ClusterUnavailable(
            f"No machine of the Ray cluster has {wanted['num_cpus']:.0f} processors and {wanted['num_gpus']:.0f} GPUs "
            "for a worker; use another --device, or more machines."
        )
    return {**wanted, "max_concurrency": 2}  # one works, one is asked how far


def room(nodes: list[dict[str, float]], worker: dict[str, float]) -> int:
    """Workers for which there is room on machines with these resources."""
    return sum(
        int(
            min(
                node.get(name, 0) // worker[of] for name, of in (("CPU", "num_cpus"), ("GPU", "num_gpus")) if worker[of]
            )
        )
        for node in nodes
    )


def sidecar(path: Path) -> tuple[str, bytes] | None:
    """Name and bytes of what lies beside a recording; one that is too large stays too large. Raises OSError."""
    found = find_sidecar(path)
    if found is None:
        return None
    with found.open("rb") as file:
        return found.name, file.read(SIDECAR_MAX_BYTES + 1)


def finish(said: tuple[Result, bytes | None], path: Path, store: Path) -> Result:
    """The result as if it had been made here: with the file's own path, and the listening copy in the store."""
    result, copy = said
    file = replace(result.file, path=shown(path.resolve()))
    if result.recording is None:
        return replace(result, file=file)
    if copy is not None and result.recording.audio_path is not None:
        keep(copy, store / result.recording.audio_path)
    return replace(result, file=file, recording=replace(result.recording, path=file.path))


def keep(copy: bytes, target: Path) -> None:
    """Write a listening copy under its name only when it is whole. Raises StoreError when the disk takes no more."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            unfinished.touch()
            with held(unfinished):
                unfinished.write_bytes(copy)
                unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{target} can't be written: {error.strerror}. What is loaded is kept; run again to go on."
        ) from error


def code_version() -> str:
    """Hash of the code that works on recordings: all machines must have the same."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for file in sorted([*here.glob("*.py"), *here.parent.glob("models/*.py")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def last_line(error: object) -> str:
    """The last line of an error's message, which in Ray's is the error itself."""
    return ((str(error).strip().splitlines() or [type(error).__name__])[-1]).strip().rstrip(".")[:300]
