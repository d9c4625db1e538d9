"""How ingest of recordings grows with worker processes: ``python -m bench.workers [RECORDINGS] [--random tiny|base|small]``

The whole command, with one worker of one thread, then two, and so on up to the cores of this machine; recordings a minute
without the start of the processes would be higher still.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.random_model import SHAPES
from bench.random_model import write as write_model
from models.settings import DEMONSTRATION_MODEL, ROOT, SAMPLE


def run_s(paths: list[Path], model: Path, workers: int) -> float:
    """Seconds of the command in a fresh store."""
    with tempfile.TemporaryDirectory() as name:
        environment = {**os.environ, "EARSHOT_DATA": name, "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "ingest.cli", "ingest", "recordings", *map(str, paths)]
        command += ["--model", str(model), "--workers", str(workers)]
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
        return time.perf_counter() - began


def main() -> None:
    """Print seconds and how many times faster than one worker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="?", type=int, default=12)
    parser.add_argument("--random", choices=SHAPES, help="random weights in the shape of this Whisper model")
    given = parser.parse_args()
    paths = sorted(p for p in (SAMPLE / "recordings").iterdir() if p.suffix != ".json")[: given.recordings]
    with tempfile.TemporaryDirectory() as name:
        model = DEMONSTRATION_MODEL if given.random is None else write_model(Path(name), given.random)
        cores = len(os.sched_getaffinity(0))
        alone = run_s(paths, model, 1)
        print(f"1 worker:  {alone:6.1f} s for {len(paths)} recordings")
        for workers in range(2, cores + 1):
            took = run_s(paths, model, workers)
            print(f"{workers} workers: {took:6.1f} s, {alone / took:.2f} times as fast as one (cores: {cores})")


if __name__ == "__main__":
    main()
