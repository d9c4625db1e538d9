"""What is learned from reviews: better judgement where there is something to learn, none where there is not."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from ingest.cli import earshot
from ingest.loader import Loader
from ingest.scoring import Scorer
from models.app_store import AppStore
from models.checks import offending
from models.listening import reviews
from models.listening.learning import Reviewed, learn, train, verdict
from models.listening.reviews import Automatic
from models.ngrams import grams, load, save, words
from models.records import CallMetadata, InputFile, Transcript, Turn
from models.settings import Settings
from models.store import Store, query
from tests.conftest import asked

TALK = (
    "let me look at your account",
    "one moment please",
    "what is your number",
    "the bill is in the post",
    "goodbye now",
)
SIGN = "consider it sorted my end"
"""Words that no cue of the scorecard knows, and that decide what people say in these made-up calls."""


def lessons(n: int, seed: int, *, people_hear_the_sign: bool) -> list[Reviewed]:
    """Calls that people judge by the sign, or just as the scorecard does; one in twenty verdicts is a slip."""
    rng = random.Random(seed)
    found = []
    for number in range(n):
        sign, scorecard = rng.random() < 0.5, rng.choice(["met", "not_met"])
        people = ("met" if sign else "not_met") if people_hear_the_sign else scorecard
        if rng.random() < 0.05:
            people = "not_met" if people == "met" else "met"
        said = [*rng.sample(TALK, 3), *([SIGN] if sign else [])]
        counted = sum((grams(words(text)) for text in said), Counter())
        figures = (0.8, 2.0, 0.0) if scorecard == "met" else (0.2, 0.0, 1.0)
        found.append(Reviewed(f"c{number:03}", counted, figures, scorecard, people))
    return found


def test_it_learns_what_the_scorecard_misses() -> None:
    """Where words that no cue knows decide, the model agrees with people on calls that it has not seen."""
    found = learn("empathy", lessons(100, 1, people_hear_the_sign=True))
    assert found.better
    assert found.model.alpha is not None and found.model.alpha > 0.75
    assert found.scorecard.alpha is not None and found.scorecard.alpha < 0.3


@pytest.mark.parametrize("seed", range(8))
def test_it_stays_with_a_scorecard_that_is_right(seed: int) -> None:
    """Where the scorecard says what people say, nothing is gained: it stays."""
    assert not learn("empathy", lessons(80, seed, people_hear_the_sign=False)).better


@pytest.mark.parametrize("seed", range(8))
def test_it_learns_nothing_from_dice(seed: int) -> None:
    """People who throw dice teach nothing: held-out calls show it."""
    rng = random.Random(seed)
    thrown = [
        Reviewed(c.call_id, c.counted, c.figures, c.scorecard, rng.choice(["met", "not_met"]))
        for c in lessons(80, seed, people_hear_the_sign=True)
    ]
    found = learn("empathy", thrown)
    assert not found.better or (found.model.low or 0) < 0.3


def test_too_few_reviews_teach_nothing() -> None:
    """Under thirty calls, or with hardly any of one kind, nothing is trained."""
    assert learn("empathy", lessons(29, 1, people_hear_the_sign=True)).weights is None
    same = [
        Reviewed(c.call_id, c.counted, c.figures, c.scorecard, "met") for c in lessons(60, 1, people_hear_the_sign=True)
    ]
    assert learn("empathy", same).weights is None


def test_no_occasion_stays_the_scorecards_word() -> None:
    """Calls without an occasion count for agreement and are not changed by the model."""
    known = lessons(60, 2, people_hear_the_sign=True)
    none = [Reviewed(f"n{n}", Counter(), (0.0, 0.0, 0.0), "not_applicable", "not_applicable") for n in range(20)]
    found = learn("empathy", [*known, *none])
    assert found.scorecard.n == 80
    assert set(found.held_out) == {call.call_id for call in known}


def test_weights_survive_the_file(tmp_path: Any) -> None:
    """What was saved judges as what was trained; the file holds plain arrays."""
    known = lessons(60, 3, people_hear_the_sign=True)
    weights, names = train(known)
    save(tmp_path / "w.npz", names, weights)
    kept = load(tmp_path / "w.npz")
    for call in known[:20]:
        assert verdict(kept, call.counted, call.figures)[1] == pytest.approx(
            verdict(weights, call.counted, call.figures)[1], abs=0.02
        )


SAID = ("Good morning, how can I help you?", "My parcel never arrived and I am so angry about it.")
WARM = "That must be so frustrating, I am sorry that you had to call."
COLD = "The parcel is on its way according to the system."


def load_term(settings: Settings, n: int) -> dict[str, bool]:
    """Calls with a complaint, half of them answered in words that people find warm; gives call_id → warm."""
    rng = random.Random(4)
    truth, transcripts = {}, []
    for number in range(n):
        call_id, sign, warm = f"c{number:03}", rng.random() < 0.5, rng.random() < 0.5
        said = [
            *SAID,
            WARM if warm else COLD,
            "And now?",
            *rng.sample(TALK, 2),
            *([SIGN] if sign else []),
            "Thank you.",
            "Bye.",
        ]
        turns = tuple(
            Turn("customer" if text in (SAID[1], "And now?", "Thank you.") else "agent", at * 5.0, at * 5.0 + 4, text)
            for at, text in enumerate(said)
        )
        about = CallMetadata(call_id, datetime(2026, 3, 2, tzinfo=UTC), source="transcript")
        transcripts.append(Transcript(call_id, "file", "en", turns, metadata=about))
        truth[call_id] = sign
    Loader(settings).load_transcripts(InputFile("term.jsonl", "transcript", "term", 1, "loaded", None, n), transcripts)
    return truth


def run(*arguments: str) -> Any:
    """Run a command as people do; what it prints as JSON."""
    done = CliRunner().invoke(earshot, [*arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def trust(settings: Settings) -> dict[str, tuple[int, bool]]:
    """Criterion → calls judged twice, and whether it is trusted, in a new snapshot."""
    rows = asked(settings, "select criterion, n, trusted from criterion_agreement")
    return {criterion: (n, trusted) for criterion, n, trusted in rows}


def test_a_term_of_reviews(settings: Settings) -> None:
    """Week by week: the gate opens where the scorecard is right and stays shut where it is not, until it has learned.

    Ana reviews ten calls a week. On empathy she hears what the scorecard hears; on friendliness she goes by words that
    it does not know. After the term the model judges friendliness alone; it can be switched back, and on again.
    """
    truth = load_term(settings, 70)
    Scorer(settings, 1).run()
    with Store(settings).writing() as con:
        rows = con.execute("select call_id, criterion, result, scorecard_version from automatic_results").fetchall()
    automatic = {(call_id, criterion): Automatic(result, version) for call_id, criterion, result, version in rows}
    store, opened = AppStore(settings), []
    for week in range(1, 8):
        for call_id in sorted(truth)[week * 10 - 10 : week * 10]:
            shown = automatic[call_id, "empathy"]
            reviews.judge(store, "ana", call_id, "empathy", shown.result, shown)
            heard = "met" if truth[call_id] else "not_met"
            reviews.judge(store, "ana", call_id, "friendliness", heard, automatic[call_id, "friendliness"])
        if week in (2, 3, 7):
            found = trust(settings)
            opened.append(found["empathy"][1])
            assert found["friendliness"] == (10 * week, False)
            assert found["empathy"][0] == 10 * week
    assert opened == [False, True, True]

    learned = {row["criterion"]: row for row in run("learn")["criteria"]}
    assert {criterion: row["better"] for criterion, row in learned.items()} == {"friendliness": True, "empathy": False}
    assert run("score")["judged"] == 70
    assert run("score")["judged"] == 0
    with Store(settings).writing() as con:
        judges = con.execute("select distinct criterion from automatic_results where judge like 'learned:%'").fetchall()
        assert "judgements_have_quotes" not in offending(con)
    assert judges == [("friendliness",)]
    assert trust(settings)["friendliness"] == (70, True)

    refused = CliRunner().invoke(earshot, ["learn", "--back", "friendliness", "--back", "nosuch"])
    assert refused.exit_code == 1 and "no criterion 'nosuch'; known are" in str(refused.exception)
    assert run("learn", "--back", "friendliness")["back"] == ["friendliness"]
    run("score")
    assert trust(settings)["friendliness"] == (70, False)
    assert run("learn", "--use", learned["friendliness"]["version"])["used"] == "friendliness"
    assert [
        model["in_force"] for model in run("learn", "--list")["models"] if model["criterion"] == "friendliness"
    ] == [True]


def test_agreement_is_not_flattered_by_calls_that_were_learned(settings: Settings) -> None:
    """On calls that a model was trained on, agreement rests on a model that had not seen them."""
    with Store(settings).writing() as con:
        con.execute("insert into calls (call_id, has_recording, has_transcript, visits) values ('c', false, false, 0)")
        con.execute("insert into automatic_results values ('c', 'empathy', 'met', 'v1', 0.9, 1, '', 'learned:abc')")
        con.execute("insert into learned_calls values ('abc', 'c', 'not_met')")
    reviews.judge(AppStore(settings), "ana", "c", "empathy", "met", Automatic("met", "v1"))
    assert asked(settings, query("automatic_of"), {"ids": ["c"]}) == [("c", "empathy", "not_met")]


def test_before_the_first_scores_it_says_what_to_do(settings: Settings) -> None:
    """One sentence with the command, exit code 1."""
    done = CliRunner().invoke(earshot, ["learn"])
    assert done.exit_code == 1 and "earshot score" in str(done.exception)
