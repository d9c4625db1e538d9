"""How well and how fast the scorecard judges: ``python -m bench.judging [development|held_out|speed|FILE]…``

Agreement with the golden calls (tests/golden) per criterion: share of equal verdicts, and Cohen's kappa over the four
results; FILE is any other calls written like these. The held-out calls are only ever counted, never shown. Speed is processor time of one core, best of five.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from models.judging.engine import judge
from models.judging.records import CallSaid, SaidTurn
from models.judging.scorecard import Scorecard, load
from models.listening.agreement import kappa
from models.settings import ROOT

GOLDEN = ROOT / "tests" / "golden"
HALVES = ("development", "held_out")
SPEED_TURNS = 20


def calls(half: str) -> list[tuple[CallSaid, dict[str, str]]]:
    """The golden calls of a half, or of a file, each with its verdicts."""
    file = GOLDEN / f"{half}.jsonl" if half in HALVES else Path(half)
    raw = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [(said(call), call["verdicts"]) for call in raw]


def said(call: dict[str, Any]) -> CallSaid:
    """A golden call as it is judged."""
    turns = tuple(SaidTurn(n, t["speaker"], t["text"]) for n, t in enumerate(call["turns"], 1))
    return CallSaid(call["name"], turns, call["language"], call["wait_s"])


def agreement(half: str, scorecard: Scorecard) -> None:
    """Print the agreement on one half."""
    judged = [
        (verdicts, {r.criterion: r.result for r in judge(call, scorecard).results}) for call, verdicts in calls(half)
    ]
    print(f"{half}: {len(judged)} calls")
    every: list[tuple[str, str]] = []
    for criterion in (c.id for c in scorecard.criteria):
        pairs = [(golden[criterion], own[criterion]) for golden, own in judged if criterion in golden]
        every += pairs
        if pairs:
            print(f"  {criterion:<20} {sum(a == b for a, b in pairs) / len(pairs):.2f}  kappa {told(pairs)}")
    print(f"  {'all':<20} {sum(a == b for a, b in every) / len(every):.2f}  kappa {told(every)}")


def told(pairs: Iterable[tuple[str, str]]) -> str:
    """Cohen's kappa of (golden, judged) pairs, as it is printed."""
    found = kappa(pairs)
    return "-" if found is None else f"{found:.2f}"


def speed(scorecard: Scorecard) -> None:
    """Print calls of about twenty turns judged per second of one core."""
    known = [call for call, _ in calls("development")]
    made = [CallSaid(c.call_id, lengthened(c.turns), c.language, c.wait_s) for c in known]
    times = []
    for _ in range(5):
        began = time.process_time()
        for call in made:
            judge(call, scorecard)
        times.append(time.process_time() - began)
    turns = sum(len(c.turns) for c in made) / len(made)
    print(f"speed: {len(made) / min(times):.0f} calls a second on one core ({turns:.0f} turns a call)")


def lengthened(turns: tuple[SaidTurn, ...]) -> tuple[SaidTurn, ...]:
    """A call's turns, repeated up to twenty."""
    return tuple(SaidTurn(n + 1, t.speaker, t.text) for n in range(SPEED_TURNS) for t in [turns[n % len(turns)]])


def main(wanted: list[str]) -> None:
    """Print what is wanted; without arguments, everything."""
    scorecard = load()
    for half in HALVES if not wanted else [name for name in wanted if name != "speed"]:
        agreement(half, scorecard)
    if not wanted or "speed" in wanted:
        speed(scorecard)


if __name__ == "__main__":
    main(sys.argv[1:])
