"""Every figure we quote, in one run: ``make bench``, or ``python -m bench recordings pages``.

Each part runs in a process of its own and prints ratios against the plain alternative. An hour or two in all; 30 GB of
disk for the largest. What was printed is kept on one page, build/bench/page.md.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import duckdb

from models.settings import ROOT

PARTS = {
    "word_errors": "Word errors of the demonstration model on the sample recordings",
    "speakers": "Two speakers told apart in mono",
    "recordings": "Ingest of recordings over bare faster-whisper",
    "recordings_small": "The same, one recording of five minutes, weights in the shape of Whisper small",
    "workers": "Recordings with one worker process and more",
    "long_recording": "Memory of a recording of three hours",
    "queue_log": "Ingest of a queue log over bare read_csv (10 million events)",
    "judging": "Judging: agreement with the golden calls, calls a second",
    "satisfaction": "Predicted satisfaction, cross-validated",
    "redaction": "Redaction: recall and precision on generated calls with card numbers and the like",
    "views": "Every published view, whole (1 million calls)",
    "issues": "Recurring issues: groups found against the intents that people gave",
    "issue_names": "Recurring issues: what those of the sample and of the labelled intents are called",
    "issues_at_scale": "Recurring issues: 200,000 statements placed, and the views over them",
    "pages": "Server time of each page (1 million calls, 20 million turns)",
    "single_queries": "One transcript and one search (1 million calls, 20 million turns)",
    "publish": "Publishing over cp of the same file",
    "growth": "Ten times the work",
    "sizing": "What 10, 1,000 and 100,000 calls a day need (docs/sizing.md)",
}
"""Name → what it measures."""
COMMANDS = {"recordings_small": "recordings --random small --minutes 5"}
"""What a part is asked as, where it is not by its name."""
PAGE = ROOT / "build" / "bench" / "page.md"


def machine() -> str:
    """The machine that the figures are of."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB memory, "
        f"{platform.system()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )


def run(name: str, page: TextIO) -> bool:
    """Run one part, on the screen and on the page; whether it went well."""
    asked = COMMANDS.get(name, name)
    command = [sys.executable, "-m", *f"bench.{asked}".split()]
    heading = f"## {PARTS[name]}\n\n`python -m bench.{asked}`\n"
    print(f"\n{heading}", flush=True)
    page.write(f"\n{heading}\n```\n")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as part:
        assert part.stdout is not None
        for line in part.stdout:
            print(line, end="", flush=True)
            page.write(line)
    page.write("```\n")
    page.flush()
    return part.returncode == 0


def main() -> None:
    """Run the parts named on the command line, or all; exit 1 when one fails."""
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        raise SystemExit(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    with PAGE.open("w") as page:
        print(machine(), flush=True)
        page.write(f"# Measured on {datetime.now(UTC):%Y-%m-%d}\n\n{machine()}\n")
        failed = [name for name in wanted if not run(name, page)]
    print(f"\nKept in {PAGE.relative_to(ROOT)}")
    raise SystemExit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
