"""What the snapshot makes of reviews: people's results beside automatic ones, agreement, and team scores."""

from __future__ import annotations

import pytest

from models.app_store import AppStore
from models.listening import playlists, remarks, reviews, weeks
from models.listening.reviews import Automatic
from models.listening.sampling import Candidate, Drawn
from models.settings import Settings
from models.store import Store
from tests.browser.sample import add_call, add_transcript, add_verdict
from tests.conftest import asked

TURNS = [("customer", 0.0, 2.0, "I was charged twice."), ("agent", 2.0, 4.0, "That is a nuisance.")]


@pytest.fixture
def store(settings: Settings) -> AppStore:
    """Forty calls with a transcript, of which the first thirty met empathy as the scorecard says."""
    with Store(settings).writing() as con:
        for n in range(40):
            add_call(con, f"c{n}", 0)
            add_transcript(con, f"c{n}", TURNS)
            add_verdict(con, f"c{n}", "empathy", "met" if n < 30 else "not_met", 2, "a nuisance", 2.0)
    return AppStore(settings)


def automatic(n: int) -> Automatic:
    """What the scorecard says of the call."""
    return Automatic("met" if n < 30 else "not_met", "v1")


def test_people_stand_beside_the_scorecard(settings: Settings, store: AppStore) -> None:
    """One row per source: what most reviewers say, their share as confidence, and the turn that they named as evidence."""
    for reviewer, result in (("ana", "not_met"), ("ben", "met"), ("cleo", "not_met")):
        reviews.judge(store, reviewer, "c0", "empathy", result, automatic(0))
    reviews.cite(store, "ana", "c0", "empathy", 2)
    reviews.cite(store, "ben", "c0", "empathy", 1)
    rows = asked(
        settings,
        "select source, result, round(score, 3), round(confidence, 3), reason from criterion_results"
        " where call_id = 'c0' order by source",
    )
    assert rows == [("automatic", "met", 0.7, 0.7, "cues"), ("human", "not_met", 0.333, 0.667, "3 reviewers")]
    assert asked(
        settings, "select call_id, turn_no, quote, points, evidence_no from evidence where source = 'human'"
    ) == [("c0", 2, "That is a nuisance.", "against", 1)]


def test_what_was_taken_back_is_not_published_as_held(settings: Settings, store: AppStore) -> None:
    """The views show what holds; the edits stay readable."""
    reviews.judge(store, "ana", "c0", "empathy", "met", automatic(0))
    reviews.undo(store, "ana", "c0", "empathy")
    remarks.withdraw(store, remarks.write(store, "ana", "c0", "story", "How to own a mistake"))
    remarks.write(store, "ana", "c1", "complaint", "Charged twice", 1.5)
    weeks.write_note(store, "ana", "2026-W10", "Charged twice, again.")
    assert asked(settings, "from reviews") == []
    assert asked(settings, "select count(*) from review_edits") == [(2,)]
    assert asked(settings, "select call_id, kind, at_s, text from remarks") == [
        ("c1", "complaint", 1.5, "Charged twice")
    ]
    assert asked(settings, "select reviewer, week, text from closing_notes") == [
        ("ana", "2026-W10", "Charged twice, again.")
    ]


def test_agreement_opens_the_gate_at_thirty_calls(settings: Settings, store: AppStore) -> None:
    """With 29 calls judged blind nothing is trusted however well it agrees; the thirtieth opens it."""
    for n in range(11, 40):
        reviews.judge(store, "ana", f"c{n}", "empathy", automatic(n).result, automatic(n))
    trust = "select n, alpha, kappa, trusted from criterion_agreement"
    assert asked(settings, trust) == [(29, 1.0, 1.0, False)]
    reviews.judge(store, "ana", "c10", "empathy", "met", automatic(10))
    assert asked(settings, trust) == [(30, 1.0, 1.0, True)]


def test_only_blind_judgements_count_for_agreement(settings: Settings, store: AppStore) -> None:
    """Taking over the automatic result after seeing it is no agreement; the blind word stays the one that counts."""
    for n in range(40):
        other = "not_met" if n < 30 else "met"
        reviews.judge(store, "ana", f"c{n}", "empathy", other, automatic(n))  # type: ignore[arg-type]
        reviews.agree(store, "ana", f"c{n}", "empathy", True)
    ((n, alpha, trusted),) = asked(settings, "select n, alpha, trusted from criterion_agreement")
    assert (n, trusted) == (40, False)
    assert alpha < 0
    assert asked(settings, "select distinct result = automatic_result from reviews") == [(True,)]


def test_team_scores_weigh_random_picks_and_nothing_else(settings: Settings, store: AppStore) -> None:
    """Two of three weighted calls are met: a likelier pick counts less, picks for learning and no occasion not at all."""
    picks = [
        ("c0", "random", 0.5),
        ("c1", "random", 0.25),
        ("c2", "random", 0.25),
        ("c3", "at_risk", 0.5),
        ("c4", "random", 0.5),
    ]
    listed = [Drawn(Candidate(call_id, 300.0), pick, p) for call_id, pick, p in picks]  # type: ignore[arg-type]
    playlists.keep(store, "ana", "2026-W10", listed, seed=1, mix="", target_s=3600, frame_calls=40)
    for call_id, result in (
        ("c0", "met"),
        ("c1", "met"),
        ("c2", "not_met"),
        ("c3", "not_met"),
        ("c4", "not_applicable"),
    ):
        reviews.judge(store, "ana", call_id, "empathy", result, None)  # type: ignore[arg-type]
    reviews.judge(store, "ben", "c0", "empathy", "not_met", None)  # not his pick
    ((n, effective, share, low, high, trusted),) = asked(
        settings, "select n, n_effective, share, low, high, trusted from team_scores"
    )
    assert trusted is False
    assert (n, effective, share) == (3, pytest.approx(100 / 36), pytest.approx(6 / 10))
    assert 0 < low < share < high < 1


def test_a_team_score_says_whether_its_criterion_is_trusted(settings: Settings, store: AppStore) -> None:
    """False with a criterion that was judged blind on 29 calls, true from the thirtieth on; the share stays what it was."""
    listed = [Drawn(Candidate(f"c{n}", 300.0), "random", 0.5) for n in range(10, 40)]
    playlists.keep(store, "ana", "2026-W10", listed, seed=1, mix="", target_s=3600, frame_calls=40)
    for n in range(10, 39):
        reviews.judge(store, "ana", f"c{n}", "empathy", automatic(n).result, automatic(n))
    wanted = "select n, trusted from team_scores"
    assert asked(settings, wanted) == [(29, False)]
    reviews.judge(store, "ana", "c39", "empathy", automatic(39).result, automatic(39))
    assert asked(settings, wanted) == [(30, True)]
