"""A load that is killed, and started again, ends like one that was not."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from bench.queue_log import generate
from tests.ingest.queue_log_store import load, state

LOAD = """
import sys
from pathlib import Path
from ingest import asterisk, line_stream
from ingest.queue_logs import load_queue_log
from models.settings import Settings
asterisk.BATCH_BYTES = line_stream.PIECE_BYTES = 100_000
load_queue_log(Settings(data=Path(sys.argv[1])), Path(sys.argv[2]), progress=lambda done, size: print(done, flush=True))
"""


def load_until(folder: Path, log: Path, batches: int, delay_s: float) -> bool:
    """Load in a process that is killed ``delay_s`` after its nth batch; whether it was still at work."""
    with subprocess.Popen([sys.executable, "-c", LOAD, str(folder), str(log)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(batches):
            process.stdout.readline()
        time.sleep(delay_s)
        running = process.poll() is None
        process.kill()
    return running


def test_killed_and_started_again_ends_the_same(tmp_path: Path) -> None:
    """Killed between and within batches, again and again, the store ends as after one undisturbed run."""
    log, rng = tmp_path / "queue_log", random.Random(5)
    generate(log, 20_000)
    killed = [load_until(tmp_path / "killed", log, n, rng.uniform(0.0, 0.08)) for n in (0, 1, 1, 2, 3)]
    assert any(killed), "no run was killed at work: the log is too short"
    (last,) = load(tmp_path / "killed", log)
    assert last.known_bytes > 0, "the killed runs had loaded nothing"
    load(tmp_path / "undisturbed", log)
    assert state(tmp_path / "killed") == state(tmp_path / "undisturbed")
