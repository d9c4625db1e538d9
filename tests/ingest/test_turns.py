"""From words to turns."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ingest.turns import Lane, turns
from models.records import Speaker, Turn, Word


def lane(speaker: Speaker, *said: tuple[float, str]) -> Lane:
    """A lane from (start, words): each word takes 0.3 s, one follows the other."""
    return Lane(
        speaker,
        [
            Word(f" {word}", round(start + 0.3 * i, 2), round(start + 0.3 * i + 0.3, 2), 0.5)
            for start, words in said
            for i, word in enumerate(words.split())
        ],
    )


def told(*lanes: Lane) -> list[tuple[str, str]]:
    """(speaker, text) of each turn."""
    return [(t.speaker, t.text) for t in turns(lanes)]


def test_speakers_take_turns() -> None:
    """Words of a lane stay together until the other speaks."""
    agent = lane("agent", (0.0, "hello how can I help"), (5.0, "let me"), (6.5, "see"))
    customer = lane("customer", (2.0, "my phone is broken"))
    assert told(agent, customer) == [
        ("agent", "hello how can I help"), ("customer", "my phone is broken"), ("agent", "let me see"),
    ]  # fmt: skip


def test_an_acknowledgement_does_not_tear_a_turn_apart() -> None:
    """Mm-hm while the other speaks is a turn of its own; the long turn stays one."""
    agent = lane("agent", (0.0, "so first you take the old phone"), (2.8, "and then you call us"))
    customer = lane("customer", (1.8, "mm hm"))
    assert told(agent, customer) == [
        ("agent", "so first you take the old phone and then you call us"), ("customer", "mm hm"),
    ]  # fmt: skip


def test_a_short_answer_is_an_answer() -> None:
    """Yes after a question ends the question's turn: it is not said while listening."""
    agent = lane("agent", (0.0, "is it working now"), (2.5, "good"))
    customer = lane("customer", (1.7, "yes"))
    assert told(agent, customer) == [("agent", "is it working now"), ("customer", "yes"), ("agent", "good")]


def test_an_interruption_ends_a_turn() -> None:
    """More than an acknowledgement takes the floor, also when the other speaks on for a moment."""
    agent = lane("agent", (0.0, "our policy says that you have to"), (6.0, "I see"))
    customer = lane("customer", (1.5, "I don't care about your policy at all"))
    assert [speaker for speaker, _ in told(agent, customer)] == ["agent", "customer", "agent"]


def test_dead_air_ends_a_turn() -> None:
    """After a long silence, the same speaker begins a new turn: a hold must not hide inside one."""
    assert told(lane("agent", (0.0, "please hold"), (30.0, "thank you for waiting"))) == [
        ("agent", "please hold"), ("agent", "thank you for waiting"),
    ]  # fmt: skip


def test_a_turn_has_no_stray_spaces_and_knows_its_confidence() -> None:
    """Whisper's words carry a leading space; texts and words here don't."""
    words = [Word(" Hello", 1.0, 1.4, 0.9), Word(",", 1.4, 1.4, 0.5), Word(" you", 1.5, 1.7, 0.4), Word(" ", 2, 2, 1)]
    (turn,) = turns([Lane("agent", words)])
    assert turn == Turn(
        "agent", 1.0, 1.7, "Hello, you", 0.6,
        (Word("Hello", 1.0, 1.4, 0.9), Word(",", 1.4, 1.4, 0.5), Word("you", 1.5, 1.7, 0.4)),
    )  # fmt: skip


def test_languages_without_spaces_get_none() -> None:
    """Words without a leading space are joined as they are."""
    words = [Word("もし", 0.0, 0.2, 0.9), Word("もし", 0.2, 0.4, 0.9)]
    assert turns([Lane("agent", words)])[0].text == "もしもし"


def test_nothing_said_is_no_turn() -> None:
    """Empty lanes make no turns."""
    assert turns([Lane("agent", []), Lane("customer", [])]) == ()


times = st.floats(0, 60).map(lambda x: round(x, 2))
said = st.lists(st.tuples(times, st.floats(0, 2)), max_size=30)


@given(said, said)
def test_words_are_kept_and_turns_are_ordered(
    first: list[tuple[float, float]], second: list[tuple[float, float]]
) -> None:
    """Every word is in exactly one turn of its speaker; turns begin in order and cover their words."""
    lanes = [
        Lane(speaker, [Word(f" {speaker}{i}", a, a + b, 0.5) for i, (a, b) in enumerate(words)])
        for speaker, words in (("agent", first), ("customer", second))
    ]
    made = turns(lanes)
    kept = Counter((t.speaker, w.word) for t in made for w in t.words)
    assert kept == Counter((x.speaker, w.word.strip()) for x in lanes for w in x.words)
    starts = [t.start_s or 0.0 for t in made]
    assert starts == sorted(starts)
    for turn in made:
        assert turn.text.split() == [w.word for w in turn.words]
        assert turn.start_s == min(w.start_s for w in turn.words)
        assert turn.end_s == max(w.end_s for w in turn.words)
    assert made == turns(lanes)
