"""The engine: evidence first, quotation and negation, any transcript judged, the same verdict every time."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.judging.engine import judge
from models.judging.records import CallSaid, CriterionResult, Judgement, SaidTurn
from models.judging.scorecard import Scorecard, load

AGENT, CUSTOMER = "agent", "customer"
PROBLEM = "My parcel never arrived and I am really upset, it was for my daughter's birthday."
HELLO = "Good morning, thank you for calling, how can I help you?"


@pytest.fixture(scope="module")
def card() -> Scorecard:
    """The scorecard that Earshot comes with."""
    return load()


def call(*said: tuple[str, str], language: str | None = "en", wait_s: float | None = None) -> CallSaid:
    """A call of (speaker, text) pairs, without times."""
    turns = tuple(SaidTurn(n, who, text) for n, (who, text) in enumerate(said, 1))  # type: ignore[arg-type]
    return CallSaid("c", turns, language, wait_s)


def result(judgement: Judgement, criterion: str) -> CriterionResult:
    """One verdict."""
    return next(r for r in judgement.results if r.criterion == criterion)


def answered(card: Scorecard, answer: str, criterion: str, problem: str = PROBLEM, language: str = "en") -> str:
    """The verdict on a call in which the agent answers a problem so, and later ends the call."""
    hello = {"en": HELLO, "fr": "Bonjour, merci de votre appel, je vous écoute.", "he": "בוקר טוב, במה אפשר לעזור?"}
    said = call((AGENT, hello[language]), (CUSTOMER, problem), (AGENT, answer), (CUSTOMER, "ok"), language=language)
    return result(judge(said, card), criterion).result


FR = "Bonjour, mon colis n'est jamais arrivé et je suis vraiment en colère."
HE = "שלום, החבילה שלי לא הגיעה ואני ממש כועסת."

MEANT = [
    ("en", "Oh no, that must be so frustrating for you, let me look into this.", "empathy", "met"),
    ("en", "oh no that must be so frustating for you let me look in to this", "empathy", "met"),
    ("en", "I am sorry, I did not hear you. What is your account number please?", "empathy", "not_met"),
    ("en", "Thank you for that. What is your account number please?", "empathy", "not_met"),
    ("en", "I do not understand your frustration at all. What is your account number?", "empathy", "not_met"),
    ("en", 'My colleague wrote "that must be so frustrating" here. What is the account number?', "empathy", "not_met"),
    ("en", "She told me that must be so frustrating. And what is the account number now?", "empathy", "not_met"),
    ("en", "That was our mistake, and I will take care of it today.", "ownership", "met"),
    ("en", "That is not our mistake. You have to call the courier about it, not us.", "ownership", "not_met"),
    ("en", "What would you suggest that we do to make this right for you?", "customer_idea", "met"),
    ("en", "I am sending the same one again and that will have to do.", "customer_idea", "not_met"),
    ("fr", "Je comprends votre colère, cela doit être très frustrant.", "empathy", "met"),
    ("fr", "Pardon, je n'ai pas entendu. Votre numéro de client, s'il vous plaît ?", "empathy", "not_met"),
    ("he", "אני מבינה כמה זה מתסכל, אני מטפלת בזה עכשיו.", "empathy", "met"),
    ("he", "סליחה, לא שמעתי. מה מספר הלקוח שלך בבקשה?", "empathy", "not_met"),
]


@pytest.mark.parametrize(("language", "answer", "criterion", "expected"), MEANT)
def test_words_count_for_what_they_mean(
    card: Scorecard, language: str, answer: str, criterion: str, expected: str
) -> None:
    """Negated, quoted, reported and merely similar words don't count; misheard and unpunctuated ones do."""
    problem = {"en": PROBLEM, "fr": FR, "he": HE}[language]
    assert answered(card, answer, criterion, problem, language) == expected


def test_the_customer_s_own_words_are_no_empathy(card: Scorecard) -> None:
    """A cue said by the wrong speaker counts for nothing."""
    said = call((AGENT, HELLO), (CUSTOMER, PROBLEM), (CUSTOMER, "That must be so frustrating for you."),
                (AGENT, "What is your account number, if I may ask you now?"))  # fmt: skip
    assert result(judge(said, card), "empathy").result == "not_met"


def test_late_rudeness_defeats_an_early_greeting(card: Scorecard) -> None:
    """A warm opening does not outweigh a sneer later."""
    warm = call((AGENT, HELLO), (CUSTOMER, PROBLEM), (AGENT, "Thank you, one moment please."), (CUSTOMER, "Yes."))
    cold = replace(warm, turns=(*warm.turns, SaidTurn(5, AGENT, "Calm down, are you deaf? That is not my problem.")))
    assert result(judge(warm, card), "friendliness").result == "met"
    found = result(judge(cold, card), "friendliness")
    assert found.result == "not_met" and any(e.turn_no == 5 and e.points == "against" for e in found.evidence)


def test_what_is_missing_is_shown_by_the_occasion(card: Scorecard) -> None:
    """Empathy that is missing quotes the distress and what the agent said next."""
    said = call((AGENT, HELLO), (CUSTOMER, PROBLEM), (AGENT, "What is your account number?"), (CUSTOMER, "Four."))
    found = result(judge(said, card), "empathy")
    assert [e.turn_no for e in found.evidence] == [2, 3] and {e.points for e in found.evidence} == {"against"}


def test_a_routine_call_gives_no_occasion_for_empathy(card: Scorecard) -> None:
    """A plain question is no trouble."""
    said = call((AGENT, HELLO), (CUSTOMER, "What time do you open on Sunday?"), (AGENT, "At nine in the morning."))
    assert result(judge(said, card), "empathy").result == "not_applicable"


@pytest.mark.parametrize(
    ("wait_s", "expected"), [(None, "not_applicable"), (20.0, "not_applicable"), (90.0, "not_met")]
)
def test_a_wait_in_the_log_makes_timeliness_apply(card: Scorecard, wait_s: float | None, expected: str) -> None:
    """From a minute on, the wait must be acknowledged."""
    said = call((AGENT, "Good morning, how can I help you today?"), (CUSTOMER, "What time do you open?"),
                (AGENT, "At nine in the morning, every day."), wait_s=wait_s)  # fmt: skip
    assert result(judge(said, card), "timeliness").result == expected


def test_talking_over_is_seen_in_the_times_and_not_guessed_without_them(card: Scorecard) -> None:
    """Interruptions come from turn times; without times they are not measured."""
    spoken = [(AGENT, HELLO, 0.0, 4.0), (CUSTOMER, PROBLEM, 4.2, 9.0), (AGENT, "Account number, now, please.", 8.0, 10.5),
              (CUSTOMER, "I was saying that my parcel", 10.6, 14.0), (AGENT, "The account number first.", 13.0, 16.0)]  # fmt: skip
    timed = CallSaid("c", tuple(SaidTurn(n, *s[:2], *s[2:]) for n, s in enumerate(spoken, 1)), "en")  # type: ignore[arg-type]
    assert judge(timed, card).conduct.interruptions == 2
    bare = replace(timed, turns=tuple(replace(t, start_s=None, end_s=None) for t in timed.turns))
    assert judge(bare, card).conduct.interruptions is None and judge(bare, card).conduct.talk_over_s is None


GARBAGE = {
    "empty": [],
    "agent alone": [(AGENT, HELLO)] * 4,
    "customer alone": [(CUSTOMER, PROBLEM)] * 4,
    "unknown speakers": [("unknown", HELLO), ("unknown", PROBLEM)],
    "unknown language": [
        (AGENT, "Dzień dobry, w czym mogę pomóc panu dzisiaj?"),
        (CUSTOMER, "Nie działa internet wcale."),
    ]
    * 3,
    "noise": [(AGENT, "[inaudible] the the"), (CUSTOMER, "[crackling]")] * 5,
    "blank": [(AGENT, " "), (CUSTOMER, "\n\t")] * 3,
}


@pytest.mark.parametrize("name", GARBAGE)
def test_what_was_not_understood_needs_an_ear(card: Scorecard, name: str) -> None:
    """A call that can't be judged is not judged, whatever is wrong with it."""
    assert {r.result for r in judge(call(*GARBAGE[name]), card).results} == {"not_assessable"}


def test_a_very_long_call_is_judged(card: Scorecard) -> None:
    """Five thousand turns in capitals, with emoji, in three languages."""
    said = [(AGENT, "THANK YOU 😀"), (CUSTOMER, "ÇA NE MARCHE PAS!!!"), (AGENT, "אני מבינה כמה זה מתסכל")] * 1_667
    assert result(judge(call(*said, language=None), card), "friendliness").result == "met"


PHRASES = st.sampled_from([
    HELLO, PROBLEM, FR, HE, "", "…", "?!", "“I'm sorry”", "CALM DOWN", "i would be too", "No.", "or", "not", "ok 👍",
    "it's company policy", "I can send a new one or refund it, which do you prefer?", "is everything all right now?",
])  # fmt: skip
TURNS = st.lists(st.tuples(st.sampled_from([AGENT, CUSTOMER, "unknown"]), PHRASES | st.text(max_size=60)), max_size=14)


@example([(AGENT, HELLO), (AGENT, HELLO), (AGENT, ""), (AGENT, ""), (CUSTOMER, HELLO)], None, None)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TURNS, st.sampled_from([None, "en", "fr", "he", "xx"]), st.sampled_from([None, 0.0, 300.0]))
def test_no_quote_no_score(
    card: Scorecard, said: list[tuple[str, str]], language: str | None, wait_s: float | None
) -> None:
    """Any transcript is judged; met and not_met have a score and quotes that are in their turns; the rest have none."""
    given_call = call(*said, language=language, wait_s=wait_s)
    judgement = judge(given_call, card)
    texts = {t.turn_no: t.text for t in given_call.turns}
    assert [r.criterion for r in judgement.results] == [c.id for c in card.criteria]
    for r in judgement.results:
        judged = r.result in ("met", "not_met")
        assert judged == (r.score is not None) == bool(r.evidence)
        assert all(e.quote and e.quote in texts[e.turn_no] for e in r.evidence)
        assert r.score is None or ((r.score >= 0.5) == (r.result == "met") and 0 <= r.score <= 1)
        assert 0 <= r.confidence <= 1


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TURNS)
def test_the_same_call_gives_the_same_judgement(card: Scorecard, said: list[tuple[str, str]]) -> None:
    """Byte for byte, whatever was judged before."""
    first = pickle.dumps(judge(call(*said), card))
    judge(call((AGENT, HELLO), (CUSTOMER, PROBLEM)), card)
    assert pickle.dumps(judge(call(*said), card)) == first
