"""Rules of judging, each made clear by one short call (rules.jsonl)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.judging import said
from models.judging.engine import judge
from models.judging.scorecard import Scorecard, load

RULES = [json.loads(line) for line in Path(__file__).with_name("rules.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def card() -> Scorecard:
    """The scorecard that Earshot comes with."""
    return load()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["name"])
def test_the_rule_holds(card: Scorecard, rule: dict[str, Any]) -> None:
    """The call is judged as its rule says, quoting the turns that it names and not quoting those that it rules out."""
    results = judge(said(rule), card).results
    judged = {r.criterion: r.result for r in results}
    assert {criterion: judged[criterion] for criterion in rule["verdicts"]} == rule["verdicts"], rule["rule"]
    heard = {r.criterion: {e.turn_no for e in r.evidence if e.why != "said instead"} for r in results}
    for criterion, turns in rule.get("quotes", {}).items():
        assert heard[criterion] >= set(turns), f"{rule['rule']}: {criterion} quotes {heard[criterion]}"
    for criterion, turns in rule.get("no_quotes", {}).items():
        assert heard[criterion].isdisjoint(turns), f"{rule['rule']}: {criterion} quotes {heard[criterion]}"


def test_rules_have_names_of_their_own() -> None:
    """A name finds one rule."""
    assert len({rule["name"] for rule in RULES}) == len(RULES)
