"""Every figure we quote, in one run: ``make bench``, or ``python -m bench recordings pages``.

Each part runs in a process of its own and prints ratios against the plain alternative. Some minutes; 30 GB of disk for
the largest.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys

PARTS = {
    "word_errors": "Word errors of the demonstration model on the sample recordings",
    "speakers": "Two speakers told apart in mono",
    "recordings": "Ingest of recordings over bare faster-whisper",
    "queue_log": "Ingest of a queue log over bare read_csv (10 million events)",
    "judging": "Judging: agreement with the golden calls, calls a second",
    "satisfaction": "Predicted satisfaction, cross-validated",
    "redaction": "Redaction: recall and precision on generated calls with card numbers and the like",
    "views": "Every published view, whole (1 million calls)",
    "issues": "Recurring issues: groups found against the intents that people gave",
    "issues_at_scale": "Recurring issues: 200,000 statements placed, and the views over them",
    "pages": "Server time of each page (1 million calls, 20 million turns)",
}


def main() -> None:
    """Run the parts named on the command line, or all; exit 1 when one fails."""
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        raise SystemExit(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    failed = []
    for name in wanted:
        print(f"\n## {PARTS[name]} (python -m bench.{name})\n", flush=True)
        failed += [name] if subprocess.call([sys.executable, "-m", f"bench.{name}"]) else []
    raise SystemExit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
