"""The same call and scorecard give the same judgement in every process."""

from __future__ import annotations

import os
import subprocess
import sys

from models.settings import ROOT

JUDGE = """
from bench.judging import calls
from models.judging.engine import judge
from models.judging.scorecard import load
scorecard = load()
for call, _ in calls("development"):
    print(repr(judge(call, scorecard)))
"""


def judged(seed: str) -> str:
    """All judgements of the golden calls, by a process with this seed for its hashes."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", JUDGE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_judgements_do_not_depend_on_the_process() -> None:
    """Verdicts, scores and evidence are equal to the last byte, whatever the order in which sets are kept."""
    assert judged("1") == judged("2")
