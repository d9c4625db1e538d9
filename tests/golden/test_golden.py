"""The golden calls are whole, consistent with their guideline, and balanced in both halves."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
HALVES = ("development", "held_out")
CRITERIA = (
    "friendliness", "empathy", "fairness", "control", "options", "information", "timeliness", "restatement",
    "ownership", "customer_idea", "resolution", "satisfaction_check", "no_policy_weapon",
)  # fmt: skip
JUDGED = {"met", "not_met"}
RESULTS = JUDGED | {"not_applicable", "not_assessable"}
ALWAYS_APPLY = {"friendliness", "information"}
Call = dict[str, Any]


def read(half: str) -> list[Call]:
    """The calls of one half, in file order."""
    return [json.loads(line) for line in (HERE / f"{half}.jsonl").read_text("utf-8").splitlines()]


CALLS = {half: read(half) for half in HALVES}
EVERY = [call for half in HALVES for call in CALLS[half]]


def assessable(call: Call) -> bool:
    """Whether a judge could judge this call at all."""
    return "not_assessable" not in call["verdicts"].values()


def runs_of_words(call: Call, length: int) -> set[tuple[str, ...]]:
    """Every run of `length` words that the agent says within one turn."""
    runs = set()
    for turn in call["turns"]:
        if turn["speaker"] == "agent":
            words = re.findall(r"[^\W_]+", turn["text"].casefold())
            runs |= {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}
    return runs


@pytest.mark.parametrize("call", EVERY, ids=lambda c: c["name"])
def test_call_is_whole(call: Call) -> None:
    """A call has its fields, spoken turns, a verdict on each criterion, and evidence that exists."""
    assert set(call) == {"name", "language", "about", "wait_s", "turns", "verdicts", "evidence"}
    assert call["about"] and re.fullmatch(r"[a-z0-9-]+", call["name"])
    assert call["wait_s"] is None or call["wait_s"] >= 0
    assert len(call["turns"]) <= 24 and (len(call["turns"]) >= 6 or not assessable(call))
    assert all(set(turn) == {"speaker", "text"} for turn in call["turns"])
    assert all(turn["speaker"] in {"agent", "customer"} and turn["text"].strip() for turn in call["turns"])
    assert tuple(call["verdicts"]) == CRITERIA and set(call["verdicts"].values()) <= RESULTS
    for criterion, turn_nos in call["evidence"].items():
        assert call["verdicts"][criterion] in JUDGED, criterion
        assert turn_nos and turn_nos == sorted(set(turn_nos)), criterion
        assert turn_nos[0] >= 1 and turn_nos[-1] <= len(call["turns"]), criterion
        assert any(call["turns"][no - 1]["speaker"] == "agent" for no in turn_nos), criterion


@pytest.mark.parametrize("call", EVERY, ids=lambda c: c["name"])
def test_verdicts_follow_the_guideline(call: Call) -> None:
    """What the guideline ties together is judged together; nothing is met without a quote."""
    verdicts = call["verdicts"]
    if not assessable(call):
        assert set(verdicts.values()) == {"not_assessable"} and not call["evidence"]
        return
    applies = {criterion for criterion, result in verdicts.items() if result in JUDGED}
    assert "friendliness" in applies
    assert ("ownership" in applies) == ("resolution" in applies)
    if applies & {"ownership", "empathy"}:
        assert {"restatement", "ownership"} <= applies
    if (call["wait_s"] or 0) >= 60:
        assert "timeliness" in applies
    assert {c for c, result in verdicts.items() if result == "met"} <= set(call["evidence"])


def test_names_are_unique() -> None:
    """A name finds one call, whichever half it is in."""
    assert max(Counter(call["name"] for call in EVERY).values()) == 1


@pytest.mark.parametrize("half", HALVES)
def test_languages_are_balanced(half: str) -> None:
    """Each half has nearly as many calls of each language as the other, and one in a language without a scorecard."""
    languages = Counter(call["language"] for call in CALLS[half])
    others = Counter(call["language"] for name in HALVES if name != half for call in CALLS[name])
    for code in ("en", "fr", "he"):
        assert abs(languages.pop(code) - others[code]) <= 1
    assert sum(languages.values()) == 1


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("criterion", CRITERIA)
def test_criterion_is_seen_from_every_side(half: str, criterion: str) -> None:
    """Each half has enough calls that meet a criterion, fail it and give no occasion for it."""
    results = Counter(call["verdicts"][criterion] for call in CALLS[half])
    assert results["met"] >= 6
    assert results["not_met"] >= 5
    assert results["not_applicable"] >= 5 or criterion in ALWAYS_APPLY
    assert results["not_assessable"] >= 3


def test_halves_share_no_phrasing() -> None:
    """No five words in a row of an agent occur in both halves: rules cannot be right by heart."""
    shared = [{run for call in CALLS[half] for run in runs_of_words(call, 5)} for half in HALVES]
    assert not shared[0] & shared[1]
