"""What the order and the times of turns tell: answers, picks, confirmations, talking over, silences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.judging.conduct import measure
from models.judging.cues import Compiler, Index, branches
from models.judging.engine import judge
from models.judging.hits import listen
from models.judging.records import CallSaid, Evidence, SaidTurn
from models.judging.scorecard import Scorecard, load, parse
from models.judging.words import Speller, read

HELLO = "Good morning, thank you for calling, how can I help you?"
Said = tuple[str, str] | tuple[str, str, float, float]


@pytest.fixture(scope="module")
def card() -> Scorecard:
    """The scorecard that Earshot comes with."""
    return load()


def call(*said: Said) -> CallSaid:
    """A call of (a or c, text) with or without (start_s, end_s)."""
    who = {"a": "agent", "c": "customer"}
    return CallSaid("c", tuple(SaidTurn(n, who[s[0]], *s[1:]) for n, s in enumerate(said, 1)), "en")  # type: ignore[arg-type]


def found(card: Scorecard, said: CallSaid, name: str) -> tuple[int, ...]:
    """Numbers of the turns in which a measure is found."""
    heard = listen(said.turns, said.language, card)
    return tuple(i + 1 for i in measure(said, heard)[1][name])


def evidence(card: Scorecard, said: CallSaid, criterion: str) -> dict[str, Evidence]:
    """The evidence on one criterion by what it shows."""
    results = judge(said, card).results
    return {e.why: e for r in results if r.criterion == criterion for e in r.evidence}


def test_a_way_that_the_customer_names_is_picked(card: Scorecard) -> None:
    """Who names one of the ways offered has chosen; who says something else has not."""
    offer = ("a", "The fitter has Tuesday morning or Friday afternoon.")
    assert found(card, call(("a", HELLO), ("c", "My oven is dead."), offer, ("c", "Friday then.")), "picked") == (3,)
    assert found(card, call(("a", HELLO), ("c", "My oven is dead."), offer, ("c", "Not good.")), "picked") == ()


def test_a_yes_confirms_what_was_said_back(card: Scorecard) -> None:
    """The customer's own words said back and confirmed are a restatement; a yes to a bare question is none."""
    problem = ("c", "My freezer thawed overnight and the shrimps are spoiled.")
    back = ("a", "The freezer thawed and everything spoiled.")
    assert found(card, call(("a", HELLO), problem, back, ("c", "Exactly.")), "confirmed") == (3,)
    assert found(card, call(("a", HELLO), problem, ("a", "Your postcode?"), ("c", "Yes, BD4.")), "confirmed") == ()


FAMILIES = """
[family.asks_for_it]
en = ["can you"]
fr = ["pouvez vous"]
he = ["אפשר"]

[family.grants_it]
en = ["^ gladly"]
fr = ["^ volontiers"]
he = ["^ ברצון"]
"""
GRANTED = """
[[criterion]]
id = "granted"
weight = 1.0
when = "always"
prior = 0.1
for = [{ family = "grants_it", points = 0.6, to = "asks_for_it" }]
name = { en = "Granted", fr = "Accordé", he = "ניתן" }
definition = { en = "A wish is granted.", fr = "Un souhait est accordé.", he = "משאלה ניתנת." }
applies = { en = "Always.", fr = "Toujours.", he = "תמיד." }

"""


def with_granted(text: str = GRANTED) -> str:
    """The scorecard with a criterion that looks at answers."""
    content = load().content
    return content.replace("[[criterion]]", text + "[[criterion]]", 1) + FAMILIES


def test_an_answer_counts_only_after_what_it_answers() -> None:
    """With ``to``, a cue counts in the next two turns of the other speaker, and nowhere else."""
    own = parse(with_granted())
    late = [("a", "Let me look at that for you."), ("c", "Fine."), ("a", "It is still loading."), ("c", "Sure.")]
    asked = [("a", HELLO), ("c", "Can you post it to me?")]
    for said, expected in (
        ([*asked, ("a", "Gladly, it goes out today.")], "met"),
        ([*asked, *late, ("a", "Gladly, it goes out today.")], "not_met"),
        ([("a", HELLO), ("c", "Hello there."), ("a", "Gladly, it goes out today.")], "not_met"),
    ):
        results = {r.criterion: r.result for r in judge(call(*said), own).results}
        assert results["granted"] == expected


WRONG = [
    (GRANTED.replace('"asks_for_it"', '"nobody"'), "names the companion 'nobody', which is not there."),
    (GRANTED + 'like = "courtesy"\n', "applies like 'courtesy', which is no criterion with occasions of its own."),
    (GRANTED.replace("for =", "routine = [{ family = 'courtesy', points = 2 }]\nfor ="), "gives 2 points in 'routine'"),
]


@pytest.mark.parametrize(("own", "sentence"), WRONG, ids=[sentence[:30] for _, sentence in WRONG])
def test_wrong_answers_and_occasions_are_named(own: str, sentence: str) -> None:
    """Companions and shared occasions that are not there are refused with a sentence."""
    with pytest.raises(Exception, match="line") as refused:
        parse(with_granted(own.replace('\n\nlike = "courtesy"\n', '\nlike = "courtesy"\n\n')), "mine.toml")
    assert sentence in str(refused.value)


def test_criteria_that_share_occasions_apply_together(card: Scorecard) -> None:
    """Restatement, ownership and resolution: one problem, one occasion."""
    for customer in ("My freezer is broken and I am furious.", "What time do you open on Sunday?"):
        said = call(("a", HELLO), ("c", customer), ("a", "Nine o'clock, every single day of the week."))
        results = {r.criterion: r.result != "not_applicable" for r in judge(said, card).results}
        assert results["restatement"] == results["ownership"] == results["resolution"] == ("broken" in customer)


def test_talking_over_and_silence_are_evidence_with_times(card: Scorecard) -> None:
    """What the clock tells against the agent is quoted with its time, like words."""
    said = call(
        ("a", HELLO, 0.0, 4.0), ("c", "My freezer broke and all the food is spoiled now", 4.2, 12.0),
        ("a", "Account number first, please.", 9.0, 11.0), ("c", "as I was saying, it broke last night", 11.5, 16.0),
        ("a", "The number, thank you.", 14.0, 17.0), ("c", "Ninety one.", 17.5, 18.5), ("a", "Right.", 40.0, 41.0),
    )  # fmt: skip
    shown = evidence(card, said, "friendliness")
    assert (shown["long_silence"].turn_no, shown["long_silence"].start_s) == (6, 17.5)
    assert found(card, said, "talk_over") == (3,) and found(card, said, "interruption") == (5,)
    assert judge(said, card).conduct.longest_dead_air_s == 21.5


def test_a_hold_without_thanks_is_evidence(card: Scorecard) -> None:
    """Asked for and long, a hold wants thanks at its end."""
    asked = ("a", "May I put you on hold for a moment?", 8.0, 10.0)
    start = [
        ("a", HELLO, 0.0, 4.0),
        ("c", "My freezer broke and I am upset.", 4.2, 7.5),
        asked,
        ("c", "Yes.", 10.5, 11.0),
    ]
    rude = call(*start, ("a", "So it is under warranty.", 60.0, 63.0))
    kind = call(*start, ("a", "Thank you for holding, it is under warranty.", 60.0, 63.0))
    assert "hold_unthanked" in evidence(card, rude, "friendliness")
    assert "hold_unthanked" not in evidence(card, kind, "friendliness")


def test_fillers_and_words_said_twice_change_nothing(card: Scorecard) -> None:
    """Machines write down how people hesitate; what they mean is the same."""
    plain = read("I will put that right today.", card.languages["en"].index.speller)
    spoken = read("I, um, I will uh put put that right today.", card.languages["en"].index.speller)
    assert plain.words == spoken.words
    assert len(spoken.words) == len(spoken.spans)


CUES = [
    "(red|green) apple",
    "^ (yes|of course|(oh|ah) right)",
    "(a|an|) pear",
    "(it is (good|bad)|never mind) $",
    "(so|then) ?",
    "(x)",
]
WORDS = [
    "red",
    "green",
    "apple",
    "yes",
    "of",
    "course",
    "oh",
    "right",
    "a",
    "pear",
    "it",
    "is",
    "good",
    "never",
    "mind",
    "so",
    "x",
]


@given(st.sampled_from(CUES), st.lists(st.sampled_from([*WORDS, ".", "?"]), max_size=12))
def test_a_choice_taken_apart_finds_the_same(cue: str, words: list[str]) -> None:
    """Filing the branches of a choice one by one changes how fast they are found, not where."""
    reader = Compiler({}, {}, frozenset())
    line = read(" ".join(words), Speller({}))
    whole, apart = (Index(cues, {}, frozenset()) for cues in ([reader.cue("f", cue)], reader.ways("f", cue)))
    assert {(f.first, f.cue) for f in whole.find(line)} == {(f.first, f.cue) for f in apart.find(line)}
    assert branches("(red|green) apple") == ["(red|green) apple"] and branches("^ (a|b)") == ["^ a", "^ b"]
