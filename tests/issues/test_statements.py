"""Problem statements: what customers say is wrong, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.issues.statements import find, telling_words
from models.judging.records import SaidTurn

CASES = tomllib.loads((Path(__file__).parents[1] / "fixtures" / "issues" / "statements.toml").read_text("utf-8"))[
    "case"
]


def said(*texts: str) -> list[SaidTurn]:
    """Turns that begin with the customer and alternate."""
    return [SaidTurn(n, ("agent", "customer")[n % 2], text) for n, text in enumerate(texts, 1)]  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"][:40])
def test_what_is_left_is_what_it_is_about(case: dict[str, Any]) -> None:
    """Greetings, names, numbers and anger without a cause go; the matter stays, with a quote from the turn."""
    found = find(said(case["says"]), case["language"]).statements
    assert bool(found) is not case.get("none", False)
    words = set(found[0].words) if found else set()
    assert set(case.get("keeps", ())) <= words
    assert not words & set(case.get("drops", ()))
    if "quote" in case:
        assert found[0].quote == case["quote"]


def test_two_problems_are_two_statements() -> None:
    """A second trouble voiced later in the call is a statement of its own, with its own turn and answer."""
    found = find(
        said(
            "My parcel with the blue kettle never arrived.", "Let me trace the parcel for you.",
            "And another thing, my invoice was charged twice in January.", "I see the second payment on the invoice.",
        ),
        "en",
    ).statements  # fmt: skip
    assert [statement.turn_no for statement in found] == [1, 3]
    assert "trace" in found[0].answer and "payment" not in found[0].answer
    assert "payment" in found[1].answer


def test_a_short_answer_does_not_part_what_is_said() -> None:
    """An agent's "mm-hm" leaves the customer's words one statement."""
    found = find(said("My internet connection", "Mm-hm.", "drops every single evening since Monday."), "en").statements
    assert len(found) == 1
    assert {"internet", "evening"} <= set(found[0].words)


def test_trouble_is_told_apart_from_an_enquiry() -> None:
    """A call that asks for opening hours voices no trouble, even when it begins with "I have a problem"."""
    assert find(said("My router is broken and nobody called me back."), "en").troubled is True
    assert find(said("Hi, I've got a problem. When is your shop in town open on Saturdays?"), "en").troubled is False
    assert find(said("Mijn pakket is nooit aangekomen."), "nl").troubled is None


@given(st.lists(st.tuples(st.sampled_from(["agent", "customer", "unknown"]), st.text(max_size=80)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_quotes_of_its_own_turn(turns: list[tuple[Any, str]]) -> None:
    """Whatever is said, in whatever script: no failure, and each quote stands in the turn it names, by the customer."""
    heard = [SaidTurn(n, speaker, text) for n, (speaker, text) in enumerate(turns, 1)]
    for language in ("en", "fr", "xx", None):
        for statement in find(heard, language).statements:
            turn = heard[statement.turn_no - 1]
            assert turn.speaker == "customer"
            assert statement.quote in turn.text


@pytest.mark.parametrize(
    ("language", "word", "said"),
    [
        ("en", "=twice", ["You charged me twice.", "My card was billed two times.", "You double charged my card.", "Two identical payments left my account."]),
        ("fr", "=double", ["On m'a débité deux fois.", "Je vois un double prélèvement.", "Ma facture a été payée en double.", "Il y a deux prélèvements sur mon relevé."]),
        ("en", "=wrong", ["I got somebody else's order.", "You sent me the wrong size.", "That's not what I ordered.", "It doesn't match my order."]),
        ("fr", "=mauvais", ["J'ai reçu le mauvais modèle.", "Ce n'est pas ce que j'ai commandé.", "Ce colis n'est pas le bon."]),
    ],
)  # fmt: skip
def test_what_is_said_in_several_ways_has_a_word_in_common(language: str, word: str, said: list[str]) -> None:
    """Numbers and small words, which tell nothing alone, tell something together: once in the words of a statement."""
    for text in said:
        assert telling_words(text, language).count(word) == 1, text
    assert word not in telling_words(
        "I ordered two phones." if language == "en" else "J'ai commandé deux téléphones.", language
    )
