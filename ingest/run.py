"""A run over many recordings: what is known is skipped, workers process the rest, one loader stores call by
call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ingest.files import find, sha256, shown
from ingest.recordings import Job, Result, duplicate, refused
from ingest.workers import Workers
from models.records import NO_CONSENT, InputFile, Recording, RefusedRow, Transcript

SETTLED_S = 3.0
POLL_S = 1.0


class Store(Protocol):
    """The part of the loader that a run needs."""

    def known_recordings(self) -> dict[str, str]:
        """recording_id -> path of every recording in the store."""

    def load_recording(self, file: InputFile, recording: Recording, transcript: Transcript | None) -> None:
        """Stores one recording in one transaction."""

    def refuse(self, file: InputFile, rows: Sequence[RefusedRow] = ()) -> None:
        """Keeps a file that was not loaded, with the reason."""


@dataclass(slots=True)
class Summary:
    """What a run did, in numbers of files; ``problems`` are (path, reason) of what was refused, even in part."""

    loaded: int = 0
    known: int = 0
    duplicates: int = 0
    refused: int = 0
    partly_refused: int = 0
    audio_s: float = 0.0
    took_s: float = 0.0
    problems: list[tuple[str, str]] = field(default_factory=list)

    def count(self, result: Result) -> None:
        """Adds the result of one file."""
        status, file = result.file.status, result.file
        self.loaded += status in ("loaded", "partly_refused")
        self.duplicates += status == "duplicate"
        self.refused += status == "refused"
        self.partly_refused += status == "partly_refused"
        if status in ("refused", "partly_refused"):
            self.problems.append((file.path, file.reason or ""))
        if result.recording is not None:
            self.audio_s += result.recording.measures.duration_s


class Pool(Protocol):
    """Those who work on recordings: ``ingest.workers.Workers`` on this machine, or others elsewhere."""

    @property
    def busy(self) -> bool:
        """Whether any file is being worked on or waits."""

    @property
    def has_room(self) -> bool:
        """Whether a file given now would be started soon."""

    def give(self, path: Path, recording_id: str) -> None:
        """Have a file processed."""

    def results(self, timeout_s: float) -> Iterator[Result]:
        """Results that arrive within ``timeout_s``."""

    def __enter__(self) -> Pool: ...

    def __exit__(self, *of: object) -> None: ...


Engine = Callable[[Job, int, Callable[[Path, float], None]], Pool]
"""What makes a pool of so many workers for a job, that tells the share of each file that is done."""


class Progress:
    """What a run tells while it goes on; the default says nothing. A context manager, for those who draw."""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def share(self, path: Path, share: float) -> None:
        """``share``, 0..1, of a file's speech is transcribed."""

    def known(self, path: Path) -> None:
        """A file was loaded before and is skipped."""

    def done(self, result: Result) -> None:
        """A file is stored, or refused."""


def run(
    paths: Iterable[Path | None],
    job: Job,
    loader: Store,
    workers: int = 1,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
    engine: Engine = Workers,
    settle: Callable[[Result], None] = lambda result: None,
    may_be_kept: Callable[[Path], bool] = lambda path: True,
) -> Summary:
    """Loads recordings. ``paths`` may yield None for "nothing just now", and may have no end (see ``watch``).

    ``settle`` is told each result once it is stored; a file that ``may_be_kept`` denies is refused for want of consent, unread.
    Results are stored in the order in which they come, one call a transaction; after an interruption the next
    run goes on with what is missing. Raises ModelUnavailable, StoreError and KeyboardInterrupt, with the
    workers ended.
    """
    progress = progress or Progress()
    summary, began = Summary(), clock()
    known = loader.known_recordings()
    with engine(job, workers, progress.share) as pool:
        for result in _results(iter(paths), pool, known, summary, progress, may_be_kept):
            _store(loader, result)
            settle(result)
            summary.count(result)
            progress.done(result)
    summary.took_s = clock() - began
    return summary


def _results(
    paths: Iterator[Path | None], pool: Pool, known: dict[str, str], summary: Summary, progress: Progress,
    may_be_kept: Callable[[Path], bool],
) -> Iterator[Result]:  # fmt: skip
    """Feeds the workers and yields what became of each file that is not known."""
    more = True
    while more or pool.busy:
        idle = False
        while more and pool.has_room and not idle:
            path = next(paths, _END)
            if path is _END:
                more = False
            elif path is None:
                idle = True
            elif isinstance(path, Path):
                yield from _begin(path, pool, known, summary, progress, may_be_kept)
        if pool.busy:
            yield from pool.results(timeout_s=POLL_S)


_END = object()


def _begin(
    path: Path, pool: Pool, known: dict[str, str], summary: Summary, progress: Progress, may_be_kept: Callable[[Path], bool]
) -> Iterator[Result]:  # fmt: skip
    """Hands a file to the workers, or yields its result at once; a file that is known yields nothing."""
    try:
        recording_id = sha256(path)
        earlier = known.get(recording_id)
        if earlier is not None and earlier != shown(path.resolve()):
            yield duplicate(path, recording_id, earlier)
            return
    except OSError as error:
        yield refused(path, "", f"The file can't be read ({error.strerror or error}).")
        return
    if earlier is None and not may_be_kept(path):
        yield refused(path, recording_id, NO_CONSENT)
    elif earlier is None:
        known[recording_id] = shown(path.resolve())
        pool.give(path, recording_id)
    else:
        summary.known += 1
        progress.known(path)


def _store(loader: Store, result: Result) -> None:
    if result.recording is None:
        loader.refuse(result.file)
    else:
        loader.load_recording(result.file, result.recording, result.transcript)


def watch(
    paths: Sequence[Path],
    leave_out: Path | None = None,
    settled_s: float = SETTLED_S,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Path | None]:
    """Recordings as they appear under ``paths``, without end; None when there is nothing just now.

    A file is taken when its size and time have stayed the same for ``settled_s``, and again when they change.
    The folders are polled, which works on network drives too; a slow scan is repeated less often.
    """
    taken: dict[Path, tuple[int, int]] = {}
    waiting: dict[Path, tuple[tuple[int, int], float]] = {}
    while True:
        began = clock()
        for path in find(paths, leave_out):
            stamp = _stamp(path)
            if stamp is None or taken.get(path) == stamp:
                continue
            before, since = waiting.get(path, (None, began))
            waiting[path] = (stamp, since if before == stamp else began)
            if began - waiting[path][1] >= settled_s:
                taken[path] = waiting.pop(path)[0]
                yield path
        yield None
        sleep(max(POLL_S, 10 * (clock() - began)))


def _stamp(path: Path) -> tuple[int, int] | None:
    """(size, time of change) of a file; None when it has just gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
