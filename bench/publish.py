"""Publishing against a plain ``cp`` of the same file. ``python -m bench.publish [--calls N] [--turns N]``

The store is the made-up one of bench.pages (kept in build/ for the next run). Both sides end with the file synced to disk.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from pathlib import Path

from bench.pages import store
from models.publish import publish, sync
from models.settings import Settings
from models.store import Store

ROUNDS = 3
GOAL = 1.2


def copy_s(source: Path, target: Path) -> float:
    """Seconds to copy a file and have it on disk."""
    began = time.perf_counter()
    shutil.copyfile(source, target)
    sync(target)
    took = time.perf_counter() - began
    target.unlink()
    return took


def publish_s(settings: Settings) -> float:
    """Seconds to publish again."""
    began = time.perf_counter()
    publish(settings, force=True)
    return time.perf_counter() - began


def main() -> None:
    """Print seconds of each side, taken in turn, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=20)
    given = parser.parse_args()
    settings = store(given.calls, given.turns)
    source = Store(settings).calls_path
    copies, ours = [], []
    for _ in range(ROUNDS):
        copies.append(copy_s(source, settings.store / "copy.duckdb"))
        ours.append(publish_s(settings))
    plain, took = statistics.median(copies), statistics.median(ours)
    print(f"{source.stat().st_size >> 20:,} MB: cp {plain:.2f} s, publish {took:.2f} s, median of {ROUNDS}")
    print(f"publish / cp {took / plain:.2f} (goal {GOAL}, plus what people wrote: {took - plain:.2f} s more)")


if __name__ == "__main__":
    main()
