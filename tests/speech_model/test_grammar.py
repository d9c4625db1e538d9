"""The training grammar covers the sample calls' words and holds none of their sentences."""

from __future__ import annotations

import random

import pytest

from tools.speech_model.held_out import RUN, HeldOut, runs, words
from tools.speech_model.paths import GRAMMAR
from tools.speech_model.sentences import NUMBER_SLOTS, SLOT, Grammar, number

NEW_TEMPLATES = ["daily.txt", "talk.txt"]


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    """The recipe's grammar, with the sample scripts held out."""
    return Grammar()


def test_scripts_are_read(grammar: Grammar) -> None:
    """There are sample scripts to hold out."""
    assert len(grammar.held_out.turns) > 100


def test_no_training_sentence_is_a_script_sentence(grammar: Grammar) -> None:
    """Whatever is drawn equals no script sentence or turn and shares no six words in a row with one."""
    rng = random.Random(11)
    held_out = grammar.held_out
    for _ in range(5000):
        found = words(grammar.sentence(rng))
        assert found not in held_out.whole
        assert not runs(found) & held_out.runs


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Where is my parcel?", True),
        ("where IS my parcel", True),
        ("Good morning. Where is my parcel?", True),
        ("I asked you where the blue one had been left.", True),
        ("Where was my parcel?", False),
        ("Yes. Something else.", False),
    ],
)
def test_what_is_held_out(text: str, held: bool) -> None:
    """A sentence, a sentence inside a longer text, and a run of six words are held out; an opening "Yes" is not."""
    held_out = HeldOut(["Yes. Where is my parcel?", "Somebody asked you where the blue one had been put."])
    assert held_out.holds(text) is held


@pytest.mark.parametrize("name", NEW_TEMPLATES)
def test_templates_written_for_the_sample_copy_no_script(grammar: Grammar, name: str) -> None:
    """No template's fixed words hold six words in a row of a script."""
    for line in (GRAMMAR / name).read_text(encoding="utf-8").splitlines():
        fixed = [runs(words(part)) for part in SLOT.split(line)[::2]]
        assert not set().union(*fixed) & grammar.held_out.runs, line


def test_every_script_word_can_be_said(grammar: Grammar) -> None:
    """The model has met every word of the sample calls."""
    assert grammar.held_out.vocabulary <= grammar.vocabulary()


def test_every_slot_is_known(grammar: Grammar) -> None:
    """Templates and slot values name only slots that exist."""
    texts = grammar.templates + [value for values in grammar.slots.values() for value in values]
    named = {name for text in texts for name in SLOT.findall(text)}
    assert named <= set(grammar.slots) | set(NUMBER_SLOTS)


def test_drawing_is_repeatable(grammar: Grammar) -> None:
    """The same seed gives the same sentences."""
    drawn = [[grammar.sentence(random.Random(seed)) for seed in range(20)] for _ in range(2)]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(("value", "spelled"), [(7, "seven"), (40, "forty"), (42, "forty two"), (300, "three hundred")])
def test_numbers_are_spelled_out(value: int, spelled: str) -> None:
    """Numbers are written as they are spoken."""
    assert number(value) == spelled


def test_run_is_what_the_readme_says() -> None:
    """The model card promises six words."""
    assert RUN == 6
