"""Runs over many files: workers that die, files known already, stopping and going on, watching."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import pytest
from sounds import TWO_PEOPLE, ScriptedTranscriber, scripted, tones, write

from ingest.recordings import Job, Result
from ingest.run import Progress, run, watch
from models.errors import ModelUnavailable
from models.records import InputFile, Recording, RefusedRow, Transcript, Word


class Shelf:
    """A store in memory."""

    def __init__(self) -> None:
        self.recordings: dict[str, str] = {}
        self.files: list[InputFile] = []

    def known_recordings(self) -> dict[str, str]:
        """What has been loaded."""
        return dict(self.recordings)

    def load_recording(self, file: InputFile, recording: Recording, transcript: Transcript | None) -> None:
        """Keeps a recording."""
        self.files.append(file)
        self.recordings[recording.recording_id] = recording.path

    def refuse(self, file: InputFile, rows: Sequence[RefusedRow] = ()) -> None:
        """Keeps a refusal."""
        self.files.append(file)

    def statuses(self) -> dict[str, str]:
        """Status by name of the file."""
        return {Path(f.path).name: f.status for f in self.files}


class Fragile(ScriptedTranscriber):
    """Works; see ``fragile`` for what happens to its process."""


def fragile(job: Job) -> Fragile:
    """Loads a transcriber whose process dies when a file called ``crash`` is processed."""
    import ingest.workers

    process = ingest.workers.process

    def dying(path: Path, *rest: object) -> object:
        if "crash" in path.name:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "hang" in path.name:
            time.sleep(60)
        return process(path, *rest)  # type: ignore[arg-type]

    ingest.workers.process = dying  # type: ignore[assignment]
    return Fragile()


def unavailable(job: Job) -> ScriptedTranscriber:
    """A model that can't be had."""
    raise ModelUnavailable("There is no such model.")


def dead_on_arrival(job: Job) -> ScriptedTranscriber:
    """A model that crashes while it is loaded."""
    os.kill(os.getpid(), signal.SIGKILL)
    return ScriptedTranscriber()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job with an empty store."""
    return Job(store=tmp_path / "store", time_zone="Europe/Paris", model="scripted", load=scripted)


def inbox(tmp_path: Path, *names: str) -> list[Path]:
    """Short files of tones, each with its own bytes."""
    folder = tmp_path / "inbox"
    folder.mkdir(exist_ok=True)
    return [write(folder / name, tones(1 + len(name) / 10 + i / 7, 8000)) for i, name in enumerate(names)]


def test_bad_files_never_stop_a_run(tmp_path: Path, job: Job) -> None:
    """Crashes of native code, empty files and duplicates among good files: each is told, all others are loaded."""
    paths = inbox(tmp_path, "a.wav", "crash.wav", "b.wav", "empty.wav", "same.wav", "c.wav")
    paths[3].write_bytes(b"")
    paths[4].write_bytes(paths[0].read_bytes())
    shelf = Shelf()
    summary = run([*paths, tmp_path / "gone.wav"], replace(job, load=fragile), shelf, workers=2)
    assert shelf.statuses() == {
        "a.wav": "loaded", "b.wav": "loaded", "c.wav": "loaded", "same.wav": "duplicate",
        "crash.wav": "refused", "empty.wav": "refused", "gone.wav": "refused",
    }  # fmt: skip
    reasons = {Path(path).name: reason for path, reason in summary.problems}
    assert reasons["crash.wav"] == "The decoder crashed on it: its process was ended by SIGSEGV."
    assert (summary.loaded, summary.duplicates, summary.refused) == (3, 1, 3)


def test_a_worker_that_hangs_is_replaced(tmp_path: Path, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without progress for too long, the file is given up and the run goes on."""
    monkeypatch.setattr("ingest.workers.STALL_S", 2.0)
    shelf = Shelf()
    run(inbox(tmp_path, "hang.wav", "after.wav"), replace(job, load=fragile), shelf)
    assert shelf.statuses() == {"hang.wav": "refused", "after.wav": "loaded"}


def test_what_is_known_starts_no_worker(tmp_path: Path, job: Job) -> None:
    """A second run over the same files neither decodes anything nor loads a model."""
    paths = inbox(tmp_path, "a.wav", "b.wav")
    shelf = Shelf()
    assert run(paths, job, shelf).loaded == 2
    again = run(paths, replace(job, load=unavailable), shelf)
    assert (again.known, again.loaded, len(shelf.files)) == (2, 0, 2)


@pytest.mark.parametrize(("load", "sentence"), [(unavailable, "no such model"), (dead_on_arrival, "SIGKILL")])
def test_a_model_that_can_t_be_had_ends_the_run(tmp_path: Path, job: Job, load: object, sentence: str) -> None:
    """One sentence, instead of a refusal of every file."""
    with pytest.raises(ModelUnavailable, match=sentence):
        run(inbox(tmp_path, "a.wav"), replace(job, load=load), Shelf())  # type: ignore[arg-type]


STOPPED = """
import signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from test_run import Shelf, Slow, slow
from ingest.recordings import Job
from ingest.run import run
class Loud(Shelf):
    def load_recording(self, *rest):
        super().load_recording(*rest)
        print("loaded", flush=True)
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have it ignored
    try:
        run([Path(p) for p in sys.argv[2:]], Job(Path(sys.argv[1]), "UTC", "x", load=slow), Loud(), workers=2)
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


class Slow(ScriptedTranscriber):
    """Takes a minute over speech."""

    def transcribe(self, windows, language):  # type: ignore[no-untyped-def]
        """Sleeps first."""
        time.sleep(60)
        return super().transcribe(windows, language)


def slow(job: Job) -> Slow:
    """Loads the slow transcriber."""
    return Slow()


def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    """What is loaded is kept, the workers are gone, and nobody prints a traceback."""
    (quick,) = inbox(tmp_path, "a.wav")
    script = tmp_path / "script.py"
    script.write_text(STOPPED.format(tests=str(Path(__file__).parent)))
    child = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "store"), str(quick), str(TWO_PEOPLE)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "loaded\n"
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=20)
    assert (out, err, child.returncode) == ("stopped\n", "", 0)
    assert wait_until(lambda: not alive_in_group(child.pid))


def alive_in_group(group: int) -> list[str]:
    """Processes of a process group that still run (zombies, which nobody has reaped, don't)."""
    stats = [p.read_text().rpartition(")")[2].split() for p in Path("/proc").glob("[0-9]*/stat") if p.exists()]
    return [state for state, _, pgrp, *_ in stats if int(pgrp) == group and state != "Z"]


def wait_until(what: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether ``what`` becomes true in time."""
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.1)
    return what()


def test_watching_takes_files_that_have_settled(tmp_path: Path) -> None:
    """A file that still grows waits; one that has settled comes once, and again when it changes."""
    ticks = count()
    file = tmp_path / "a.wav"

    def grow(seconds: float) -> None:
        tick = next(ticks)
        if tick < 3 or tick == 8:
            file.write_bytes(b"x" * (tick + 1))

    clock = (float(i) for i in count())
    seen = watch([tmp_path], settled_s=6.0, clock=lambda: next(clock), sleep=grow)
    steps = [None if p is None else p.name for p in islice(seen, 20)]
    assert steps.count("a.wav") == 2
    assert steps.index("a.wav") > 4


def test_a_run_may_have_pauses(tmp_path: Path, job: Job) -> None:
    """While nothing is new, results are stored all the same."""
    first, second = inbox(tmp_path, "a.wav", "b.wav")
    shelf = Shelf()

    def feed():  # type: ignore[no-untyped-def]
        yield first
        deadline = time.monotonic() + 30
        while not shelf.files and time.monotonic() < deadline:
            yield None
        yield second

    run(feed(), job, shelf)
    assert shelf.statuses() == {"a.wav": "loaded", "b.wav": "loaded"}


def test_words_come_through_a_worker_and_progress_is_told(tmp_path: Path, job: Job) -> None:
    """What a worker heard arrives in the store as it was; shares of a file's speech are told, then its result."""
    kept: list[Transcript | None] = []
    told: list[object] = []

    class Keeper(Shelf):
        def load_recording(self, file: InputFile, recording: Recording, transcript: Transcript | None) -> None:
            kept.append(transcript)

    class Listener(Progress):
        def share(self, path: Path, share: float) -> None:
            told.append((path.name, share))

        def done(self, result: Result) -> None:
            told.append(result.file.status)

    run([TWO_PEOPLE], job, Keeper(), progress=Listener())
    assert told == [("two_people.ogg", 1.0), "loaded"]
    (transcript,) = kept
    assert transcript is not None
    assert isinstance(transcript.turns[0].words[0], Word)
