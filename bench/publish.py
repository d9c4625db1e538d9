"""Publishing against a plain ``cp`` of the same file. ``python -m bench.publish [--calls N] [--turns N]``

The store is the made-up one of bench.pages (kept in build/ for the next run). Both sides end with the file synced to disk.
What people wrote (reading it, its tables, placing open answers with issues) is timed apart: the goal does not count it.
"""

from __future__ import annotations

import functools
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.pages import asked_for
from models import publish as publishing
from models.publish import publish, sync
from models.settings import Settings
from models.store import Store
from models.surveys import themes

ROUNDS = 3
GOAL = 1.2
WRITTEN = [(publishing, "read_app_tables"), (publishing, "add_app_tables"), (themes, "write")]
"""What deals with rows of app.sqlite."""


def counted(function: Callable[..., Any], into: list[float]) -> Callable[..., Any]:
    """``function``, whose seconds are put ``into`` a list."""

    @functools.wraps(function)
    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            into.append(time.perf_counter() - began)

    return timed


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
    settings = asked_for(__doc__)
    source = Store(settings).calls_path
    written: list[float] = []
    for module, name in WRITTEN:
        setattr(module, name, counted(getattr(module, name), written))
    copies, ours, bare = [], [], []
    for _ in range(ROUNDS):
        copies.append(copy_s(source, settings.store / "copy.duckdb"))
        written.clear()
        ours.append(publish_s(settings))
        bare.append(ours[-1] - sum(written))
    plain, took, without = statistics.median(copies), statistics.median(ours), statistics.median(bare)
    print(f"{source.stat().st_size >> 20:,} MB: cp {plain:.2f} s, publish {took:.2f} s, median of {ROUNDS}")
    print(f"{took - without:.2f} s of it are for what people wrote")
    print(f"publish / cp {took / plain:.2f}, without what people wrote {without / plain:.2f} (goal {GOAL})")


if __name__ == "__main__":
    main()
