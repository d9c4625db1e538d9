"""Reviews, remarks and weeks in the store: kept at once, never overwritten, undone step by step."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from models.app_store import AppStore
from models.listening import playlists, remarks, reviews, weeks
from models.listening.reviews import Automatic
from models.listening.sampling import Candidate, Drawn
from models.settings import Settings

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAYS_MET = Automatic("met", "v1")


@pytest.fixture
def store(settings: Settings) -> AppStore:
    """An empty store."""
    return AppStore(settings)


def test_the_first_judgement_is_blind_and_what_follows_is_not(store: AppStore) -> None:
    """Judging shows the automatic result: changing one's mind after that is kept, but not as a blind judgement."""
    first = reviews.judge(store, "ana", "c1", "empathy", "not_met", SAYS_MET)
    assert (first.blind, first.agreed) == (True, None)
    second = reviews.judge(store, "ana", "c1", "empathy", "met", SAYS_MET)
    assert (second.blind, second.agreed) == (False, True)
    assert reviews.judge(store, "ana", "c1", "options", "met", SAYS_MET).blind


def test_without_an_automatic_result_every_judgement_is_blind(store: AppStore) -> None:
    """Nothing was shown, so a correction is as blind as the first word."""
    reviews.judge(store, "ana", "c1", "empathy", "not_met", None)
    assert reviews.judge(store, "ana", "c1", "empathy", "met", None).blind


def test_who_saw_the_scorecard_is_not_blind(store: AppStore) -> None:
    """Opening a call's scorecard shows every criterion, to that reviewer alone."""
    reviews.reveal(store, "ana", "c1")
    assert not reviews.judge(store, "ana", "c1", "empathy", "met", SAYS_MET).blind
    assert reviews.judge(store, "ben", "c1", "empathy", "met", SAYS_MET).blind


def test_agreeing_takes_the_result_over_and_disagreeing_keeps_ones_own(store: AppStore) -> None:
    """Both are said after seeing the evidence, so neither is blind."""
    reviews.judge(store, "ana", "c1", "empathy", "not_met", SAYS_MET)
    kept = reviews.agree(store, "ana", "c1", "empathy", False)
    assert kept is not None and (kept.result, kept.agreed, kept.blind) == ("not_met", False, False)
    taken = reviews.agree(store, "ana", "c1", "empathy", True)
    assert taken is not None and (taken.result, taken.agreed) == ("met", True)
    assert reviews.agree(store, "ana", "c1", "options", True) is None


def test_undo_goes_back_step_by_step_and_keeps_history(store: AppStore) -> None:
    """Each undo shows what held before; at the beginning nothing holds, and every edit can still be read."""
    reviews.judge(store, "ana", "c1", "empathy", "not_met", SAYS_MET)
    reviews.agree(store, "ana", "c1", "empathy", True)
    reviews.cite(store, "ana", "c1", "empathy", 3)
    shown = []
    for _ in range(4):
        reviews.undo(store, "ana", "c1", "empathy")
        held = reviews.of_call(store, "ana", "c1").get("empathy")
        shown.append(held and (held.result, held.turn_no))
    assert shown == [("met", None), ("not_met", None), None, None]
    assert [edit.undoes for edit in reviews.history(store, "ana", "c1", "empathy")] == [None, None, None, 3, 2, 1]
    reviews.judge(store, "ana", "c1", "empathy", "met", SAYS_MET)
    assert reviews.of_call(store, "ana", "c1")["empathy"].result == "met"


def test_two_supervisors_never_overwrite_each_other(store: AppStore) -> None:
    """Both judge every criterion of one call at the same time: each finds all of their own."""
    criteria = [f"k{n}" for n in range(8)]

    def review(reviewer: str) -> None:
        for criterion in criteria:
            reviews.judge(store, reviewer, "c1", criterion, "met" if reviewer == "ana" else "not_met", SAYS_MET)

    threads = [threading.Thread(target=review, args=(name,)) for name in ("ana", "ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for reviewer, result in (("ana", "met"), ("ben", "not_met")):
        assert {c: r.result for c, r in reviews.of_call(store, reviewer, "c1").items()} == dict.fromkeys(
            criteria, result
        )
    assert reviews.judged_counts(store, "ana") == {"c1": 8}


def drawn(*calls: str) -> list[Drawn]:
    """These calls as random picks."""
    return [Drawn(Candidate(call_id, 300.0), "random", 0.1) for call_id in calls]


def keep(store: AppStore, *calls: str, seed: int = 1) -> playlists.Playlist:
    """Ana's playlist of the week with these calls."""
    return playlists.keep(
        store, "ana", "2026-W10", drawn(*calls), seed=seed, mix="random=1", target_s=3600, frame_calls=20
    )


def test_a_playlist_is_drawn_once_per_week(store: AppStore) -> None:
    """A second window's draw is not kept: both show the first, with its seed."""
    assert playlists.load(store, "ana", "2026-W10") is None
    first = keep(store, "a", "b")
    assert keep(store, "x", "y", seed=2) == first
    assert [call.call_id for call in first.current] == ["a", "b"]
    assert first.seed == 1


def test_a_replaced_call_stays_in_the_books(store: AppStore) -> None:
    """It keeps its reason, its stand-in has its pick and probability, and replacing it twice changes nothing."""
    keep(store, "a", "b")
    for _ in range(2):
        after = playlists.replace(store, "ana", "2026-W10", "a", Candidate("c", 200.0), "hardly audible")
    assert after is not None
    assert [call.call_id for call in after.current] == ["b", "c"]
    assert (after.calls[0].replaced_by, after.calls[0].replaced_reason) == ("c", "hardly audible")
    assert (after.current[1].pick, after.current[1].probability, after.current[1].replaces) == ("random", 0.1, "a")


def test_nothing_heard_judged_or_given_before_is_drawn_again(store: AppStore) -> None:
    """Any of the three takes a call out of the draw, for that reviewer."""
    keep(store, "given")
    store.log_heard("ana", "heard", "sound", MONDAY)
    store.record_heard("ana", "heard", [(0, 3)], 3.0, 60.0, MONDAY + timedelta(seconds=5))
    reviews.judge(store, "ana", "judged", "empathy", "met", None)
    assert playlists.touched(store, "ana") == {"given", "heard", "judged"}
    assert playlists.touched(store, "ben") == set()


def test_remarks_change_and_come_back(store: AppStore) -> None:
    """Words are changed, taken away and restored; the latest of each remark stands."""
    first = remarks.write(store, "ana", "c1", "coaching", " Name the feeling first. ", 12.5)
    remarks.write(store, "ben", "c1", "note", "A call to remember.")
    changed = remarks.change(store, first, "Name the feeling.")
    assert [(r.kind, r.text, r.at_s) for r in remarks.of_call(store, "c1")] == [
        ("coaching", "Name the feeling.", 12.5),
        ("note", "A call to remember.", None),
    ]
    gone = remarks.withdraw(store, changed)
    assert remarks.of_call(store, "c1", "ana") == []
    remarks.restore(store, gone)
    assert [r.text for r in remarks.of_call(store, "c1", "ana")] == ["Name the feeling."]


def test_closing_notes_keep_the_last_words(store: AppStore) -> None:
    """One note per reviewer and week; the team sees everyone's, with minutes and calls."""
    keep(store, "a", "b")
    reviews.judge(store, "ana", "a", "empathy", "met", None)
    for text in ("First thoughts.", "Three people were charged twice."):
        weeks.write_note(store, "ana", "2026-W10", text)
    assert weeks.note(store, "ana", "2026-W10") == "Three people were charged twice."
    (row,) = weeks.team(store, "2026-W10")
    assert (row.reviewer, row.calls_judged, row.note) == ("ana", 1, "Three people were charged twice.")


@pytest.mark.parametrize(
    ("heard", "count"),
    [
        ({}, 0),
        ({"2026-W01": 3600}, 1),
        ({"2026-W01": 100, "2025-W52": 3600, "2025-W51": 3700}, 2),
        ({"2026-W01": 3600, "2025-W52": 3600, "2025-W50": 3600}, 2),
        ({"2025-W51": 3600}, 0),
    ],
)
def test_weeks_in_a_row(heard: dict[str, float], count: int) -> None:
    """A week that is still on breaks nothing, a missed one does; the year's end is no gap."""
    assert weeks.weeks_in_a_row(heard, "2026-W01", 3600) == count
