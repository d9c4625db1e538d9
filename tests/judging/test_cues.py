"""Looking cues up: the index leaves none out, and files each for the speakers in whose turns it counts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest

from models.judging.cues import BUT_NOT, Compiler, Found, Index
from models.judging.records import SaidTurn
from models.judging.scorecard import Language, Scorecard, load
from models.judging.words import Line, read
from models.settings import ROOT

GOLDEN = ROOT / "tests" / "golden" / "development.jsonl"
EVERY = 40
"""One turn of so many is looked through cue by cue."""


@pytest.fixture(scope="module")
def card() -> Scorecard:
    """The scorecard that Earshot comes with."""
    return load()


def said(language: str) -> list[SaidTurn]:
    """Some turns of the golden calls in one language."""
    calls = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    turns = [turn for call in calls if call["language"] == language for turn in call["turns"]]
    return [SaidTurn(1, turn["speaker"], turn["text"]) for turn in turns[::EVERY]]


def one_by_one(line: Line, speaker: str, language: Language) -> set[tuple[str, int]]:
    """(family, first word) of every cue that fits the line and counts for the speaker: each is tried."""
    counts = [cue for cue in language.index.cues if speaker in language.index.speakers(cue.family)]
    found = {(c.family, line.index_at(m.start() + 1)) for c in counts for m in re.finditer(c.regex, line.joined)}
    heard = {family for family, _ in found}
    return {(f, at) for f, at in found if not f.startswith(BUT_NOT) or f.removeprefix(BUT_NOT) in heard}


@pytest.mark.parametrize("language", ["en", "fr", "he"])
def test_the_index_overlooks_no_cue(card: Scorecard, language: str) -> None:
    """What the index finds in a turn is what trying every cue finds."""
    known = card.languages[language]
    for turn in said(language):
        line = read(turn.text, known.index.speller)
        found = {(f.family, f.first) for f in known.index.find(line, turn.speaker)}
        assert found == one_by_one(line, turn.speaker, known), turn.text


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("did not", "they did not", True),
        ("did not", "not that he did", False),
        ("^ so (you|they)", "right, so you waited", False),
        ("^ so (you|they)", "Right. So you waited.", True),
        ("(is|was) it (very |)late ?", "was it late?", True),
        ("(is|was) it (very |)late ?", "it was late, is it?", False),
        ("wait* (for|on) me", "waiting for me", True),
        ("(wait|(hold|stay) on) {who}", "stay on please", False),
        ("(wait|(hold|stay) on) {who}", "please hold on everyone now", True),
    ],
)
def test_neighbouring_words_must_be_neighbours(cue: str, text: str, found: bool) -> None:
    """A cue filed under a pair of words is found where they stand side by side, choices and list words included."""
    common = frozenset(("it", "is", "was", "on", "so", "you"))
    compiler = Compiler({}, {"who": ["everyone", "all of you"]}, common)
    index = Index(compiler.ways("f", cue), {}, common)
    assert bool(index.find(read(text, index.speller))) is found


def families(found: Iterable[Found]) -> set[str]:
    """The families of these cues."""
    return {cue.family for cue in found}


def test_cues_are_looked_for_only_where_they_count() -> None:
    """A family that counts for the agent is not looked for in the customer's turns, one that nobody counts nowhere."""
    compiler = Compiler({}, {}, frozenset())
    cues = [compiler.cue(family, "good morning") for family in ("greets", "anybody", "nobody")]
    index = Index(cues, {}, frozenset(), counts_for={"greets": frozenset(["agent"]), "nobody": frozenset()})
    line = read("Good morning.", index.speller)
    assert families(index.find(line, "agent")) == {"greets", "anybody"}
    assert families(index.find(line, "customer")) == {"anybody"}
