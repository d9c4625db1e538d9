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
    """The call is judged as its rule says."""
    judged = {r.criterion: r.result for r in judge(said(rule), card).results}
    assert {criterion: judged[criterion] for criterion in rule["verdicts"]} == rule["verdicts"], rule["rule"]


def test_rules_have_names_of_their_own() -> None:
    """A name finds one rule."""
    assert len({rule["name"] for rule in RULES}) == len(RULES)
