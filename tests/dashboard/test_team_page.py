"""The Team page: the week's digest, the shelf, and calibration from drawing to the meeting."""

from __future__ import annotations

import pytest

from models.app_store import AppStore
from models.listening import calibration, remarks, reviews, weeks
from models.listening.reviews import Automatic
from models.settings import Settings
from tests.browser.sample import HOSTILE
from tests.dashboard.conftest import Open
from tests.dashboard.shown import words
from tests.dashboard.test_listening_page import ME, centre, press, store, week

__all__ = ["centre", "store"]
SAYS_MET = Automatic("met", "v1")


@pytest.mark.parametrize(("lang", "title"), [("en", "Team"), ("fr", "Équipe")])
def test_every_part_says_what_to_do_first(centre: Settings, open_page: Open, lang: str, title: str) -> None:
    """Before anybody listened there is a way to begin."""
    for part in ("week", "shelf", "calibration"):
        app = open_page("team", lang=lang, part=part)
        assert app.title[0].value == title, part
        assert app.info or app.text_input, part


def test_the_digest_tells_the_week(store: AppStore, centre: Settings, open_page: Open) -> None:
    """Closing notes and remarks of the week in people's words, as plain text; the Overview has the note, too."""
    weeks.write_note(store, "ana", week(centre), HOSTILE)
    remarks.write(store, "ana", "c1", "issue", "Charged twice, again.", 4.0)
    remarks.write(store, "ben", "c2", "story", "How to own a mistake")
    app = open_page("team", lang="en", part="week")
    shown = [text.value for text in app.text]
    assert HOSTILE in shown and "Charged twice, again." in shown and "— ana" in shown
    assert not any("onerror" in block.value for block in [*app.markdown, *app.caption])
    assert "0 of 1 reviewer reached the hour" in words(app)
    assert any(HOSTILE in text.value for text in open_page("overview", lang="en").text)
    assert "How to own a mistake" in words(open_page("team", lang="en", part="shelf"))


def test_calibration_is_blind_until_done_and_then_shows_where_they_differ(
    store: AppStore, centre: Settings, open_page: Open
) -> None:
    """While judging, nothing of the others is shown; afterwards agreement, differences, and who said what."""
    set_id = calibration.create(store, "Empathy, March", "ana", ["c1", "c2"], ["ana", ME])
    for call_id, result in (("c1", "met"), ("c2", "not_met")):
        for criterion in ("empathy", "options"):
            reviews.judge(store, "ana", call_id, criterion, result, SAYS_MET)  # type: ignore[arg-type]
            if call_id == "c1":
                reviews.judge(store, ME, call_id, criterion, "met", SAYS_MET)
    calibration.finish(store, set_id, "ana")
    app = open_page("team", lang="en", part="calibration")
    assert "Agreement of the reviewers" not in words(app)
    assert app.button(key="finish_set").disabled
    for key in ("judge_met", "criterion_more", "judge_met", "finish_set"):
        press(app, key)
    assert "Agreement of the reviewers" in words(app)
    agreement, differences = (table.value for table in app.dataframe)
    assert list(agreement["n"]) == ["2", "2"]
    assert list(agreement["kappa"]) == ["0.00", "0.00"] and "Cohen's κ, for two reviewers" in words(app)
    assert list(differences["call"]) == ["Call 2", "Call 2"]
    assert set(differences["r0"]) == {"Not met"} and set(differences["r1"]) == {"Met"}


def test_what_is_changed_after_the_meeting_does_not_count(store: AppStore, centre: Settings) -> None:
    """The comparison rests on what was judged blind."""
    calibration.create(store, "Set", "ana", ["c1"], ["ana", "ben"])
    for reviewer, result in (("ana", "met"), ("ben", "not_met")):
        reviews.judge(store, reviewer, "c1", "empathy", result, SAYS_MET)  # type: ignore[arg-type]
        calibration.finish(store, 1, reviewer)
    reviews.judge(store, "ben", "c1", "empathy", "met", SAYS_MET)
    (given,) = calibration.sets(store)
    blind = [("ana", "c1", "empathy", "met"), ("ben", "c1", "empathy", "not_met")]
    assert calibration.differences(given, blind)[0].results == {"ana": "met", "ben": "not_met"}
    with store.reading() as connection:
        from models.store import query

        assert connection.execute(query("blind_results")).fetchall() == blind


def test_a_set_is_drawn_from_calls_that_nobody_of_them_heard(
    store: AppStore, centre: Settings, open_page: Open
) -> None:
    """The form asks for a name and two reviewers, and draws calls that are new to both."""
    reviews.judge(store, "ana", "c3", "empathy", "met", None)
    app = open_page("team", lang="en", part="calibration")
    app.text_input[0].set_value("First set")
    app.number_input[0].set_value(5)
    app.multiselect[0].set_value([ME, "ana"])
    next(button for button in app.button if button.label == "Draw the calls").click().run()
    assert not app.exception
    (made,) = calibration.sets(store)
    assert sorted(made.calls) == ["c0", "c1", "c2", "c4", "c5"]
    assert set(made.reviewers) == {ME, "ana"}
