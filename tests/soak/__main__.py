"""Everything at once, disturbed at random: ``make soak``, or ``python -m tests.soak [--seconds N] [--seed N]``.

Recordings, transcripts and a queue log arrive while they are ingested, judged and published, a dashboard is open,
reviewers judge and listen, and analysts hold sessions. Each of them is killed (``kill -9``) at random and starts again;
the disk fills up, becomes read-only, the clock is set back, the snapshots disappear. In the end everything must be as
after an undisturbed run of the same inputs. Prints what was done, and exits with 1 when anything does not hold.

The disk is a small one in memory that only this run sees, which takes the right to mount (root, or user namespaces).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.soak import checks, inputs
from tests.soak.chaos import Chaos, Disk

MOUNTED = "EARSHOT_SOAK_MOUNTED"
SIZES = {"recordings": 0.4, "transcripts": 0.15, "events": 400.0}
"""How much arrives in each second."""


def in_own_mounts(arguments: list[str]) -> int | None:
    """Run once more where mounting a disk is allowed and seen by nobody else; None where that can't be."""
    options = ["-m"] if os.geteuid() == 0 else ["-rm"]
    try:
        if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode:
            return None
    except FileNotFoundError:
        return None
    command = ["unshare", *options, sys.executable, "-m", "tests.soak", *arguments]
    return subprocess.run(command, env={**os.environ, MOUNTED: "1"}).returncode


def main(arguments: list[str]) -> int:
    """Make the inputs, disturb, check; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=240.0, help="how long inputs arrive and roles are killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep the folder with inputs and what the roles printed")
    given = parser.parse_args(arguments)
    if MOUNTED not in os.environ:
        if (code := in_own_mounts(arguments)) is not None:
            return code
        print("LEFT OUT: full and read-only disk, because mounting one is not allowed here.", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="earshot-soak-"))
    disk = Disk(folder / "disk", is_own=MOUNTED in os.environ)
    try:
        disk.mount()
        return soak(folder, disk, given.seconds, given.seed)
    finally:
        disk.unmount()
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)


def soak(folder: Path, disk: Disk, seconds: float, seed: int) -> int:
    """One soak in ``folder``; the exit code."""
    sizes = {name: max(2, round(rate * seconds)) for name, rate in SIZES.items()}
    made = inputs.make(folder / "made", **sizes)
    print(", ".join(f"{n:,} {name}" for name, n in sizes.items()) + f"; {seconds:.0f} s, seed {seed}", flush=True)
    chaos = Chaos(folder, disk, made, seed)
    chaos.run(seconds)
    print(chaos.summary(), flush=True)
    problems = chaos.problems + checks.after(folder, disk.folder, folder / "undisturbed", made)
    for problem in problems:
        print(f"NOT HELD: {problem}", flush=True)
    if not problems:
        print(
            "Everything acknowledged is there, no call is partial, nothing is left over, all figures equal the undisturbed run's."
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
