"""The listening hour as a reviewer goes through it: playlist, judging blind, remarks, closing note."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import listening
from models.access import people
from models.access.people import Entry, Role
from models.app_store import AppStore, week_of
from models.listening import playlists, remarks, reviews, weeks
from models.listening.identity import agents_of
from models.publish import publish
from models.settings import Settings
from models.store import Store
from tests.browser.sample import HOSTILE, TURNS, add_call, add_recording, add_transcript, add_verdict
from tests.conftest import MadeOnce
from tests.dashboard.conftest import Open
from tests.dashboard.shown import words

CRITERIA = ("empathy", "options")
ME = "test@example.com"
"""Who is signed in, in Streamlit's own tests."""


def fill(settings: Settings) -> None:
    """Six recorded calls with results, one of them by another agent, and a scorecard of two criteria."""
    with Store(settings).writing() as con:
        for n in range(6):
            add_call(con, f"c{n}", n, agent_id="me" if n == 5 else "grace.bennett")
            add_recording(con, f"c{n}", duration_s=400.0)
            add_transcript(con, f"c{n}", TURNS if n else [("customer", 0.0, 4.0, HOSTILE), *TURNS[1:]])
            add_verdict(con, f"c{n}", "empathy", "met", 3, "paying twice is a nuisance", 9.5)
            add_verdict(con, f"c{n}", "options", "not_met", 1, HOSTILE, 0.0)
        con.execute("insert into scorecards values ('v1', '', timestamptz '2026-02-01 08:00:00+01', 2, true)")
        for position, code in enumerate(CRITERIA, 1):
            con.execute(
                "insert into scorecard_criteria values ('v1', ?, ?, 'en', ?, 'What it asks for.', 'When.', 1.0, false)",
                [position, code, f"<b>{code}</b>"],
            )
    publish(settings)


@pytest.fixture
def centre(settings: Settings, made_once: MadeOnce, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those calls, published, with twenty minutes to hear in a week."""
    monkeypatch.setenv("EARSHOT_LISTENING_MINUTES", "20")
    st.cache_data.clear()
    return made_once(fill, settings)


@pytest.fixture
def store(centre: Settings) -> AppStore:
    """What people write there."""
    return AppStore(centre)


def week(settings: Settings) -> str:
    """This week."""
    return week_of(datetime.now(UTC), settings.zone)


def press(app: AppTest, key: str) -> AppTest:
    """Press a button."""
    app.button(key=key).click().run()
    assert not app.exception, [error.message for error in app.exception]
    return app


def chosen(app: AppTest) -> str:
    """The call that is being heard."""
    return str(app.radio(key="listening_call").value)


@pytest.mark.parametrize(("lang", "title"), [("en", "Listening hour"), ("fr", "Heure d’écoute")])
def test_the_week_is_drawn_once(centre: Settings, store: AppStore, open_page: Open, lang: str, title: str) -> None:
    """The first visit draws, the next shows the same; every call has its reason and its chance."""
    app = open_page("listening", lang=lang)
    assert app.title[0].value == title
    first = playlists.load(store, ME, week(centre))
    assert first is not None and 2 <= len(first.current) <= 4
    open_page("listening", lang=lang)
    assert playlists.load(store, ME, week(centre)) == first
    assert len(app.radio(key="listening_call").options) == len(first.current)
    assert ("Every call of the draw" in words(app) or "of them." in words(app)) or lang == "fr"


def test_ones_own_conversations_are_never_drawn(
    centre: Settings, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor calls in which one of the queue's stays was answered by oneself."""
    monkeypatch.setenv("EARSHOT_REVIEWER_AGENTS", "Test@example.com=me, ana@example.org=grace.bennett")
    assert {call.call_id for call in listening.frame(ME)} == {"c0", "c1", "c2", "c3", "c4"}
    assert listening.frame("Ana@example.org") == []
    assert agents_of("local=me,local=also.me", "local") == ["me", "also.me"]


def test_a_supervisor_who_is_an_agent_hears_no_own_calls(
    centre: Settings, store: AppStore, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the list of people says of an agent counts as the setting does; a supervisor's team is not themselves."""
    both, team = frozenset({Role.SUPERVISOR, Role.AGENT}), ("me", "grace.bennett")
    people.put(store, Entry("ana@example.org", both, None, ("me",)), ME)
    people.put(store, Entry("ben@example.org", frozenset({Role.SUPERVISOR}), None, team), ME)
    people.put(store, Entry("cleo@example.org", both, None, team), ME)
    assert "c5" not in {call.call_id for call in listening.frame("Ana@example.org")}
    assert len(listening.frame("ana@example.org")) == 5
    assert len(listening.frame("ben@example.org")) == 6
    assert listening.frame("cleo@example.org") == []
    monkeypatch.setenv("EARSHOT_REVIEWER_AGENTS", "cleo@example.org=me")
    assert {call.call_id for call in listening.frame("cleo@example.org")} == {"c0", "c1", "c2", "c3", "c4"}


def test_the_automatic_result_is_hidden_until_judged(store: AppStore, centre: Settings, open_page: Open) -> None:
    """Before: no verdict, no quote, no mark in the transcript. After: both, side by side; then agreement and undo."""
    app = open_page("listening", lang="en")
    assert "nuisance" not in words(app)
    assert "Scorecard" not in words(app)
    press(app, "judge_not_met")
    assert "“paying twice is a nuisance”" in words(app)
    held = reviews.of_call(store, ME, chosen(app))["empathy"]
    assert (held.result, held.blind, held.automatic_result, held.agreed) == ("not_met", True, "met", None)
    press(app, "agree")
    assert reviews.of_call(store, ME, chosen(app))["empathy"].result == "met"
    press(app, "review_undo")
    assert reviews.of_call(store, ME, chosen(app))["empathy"].result == "not_met"
    press(app, "criterion_more")
    assert app.selectbox(key="review_criterion").value == "options"
    press(app, "judge_not_met")
    assert "Every criterion is judged." in words(app)
    press(app, "next_call")
    assert reviews.of_call(store, ME, chosen(app)) == {}


def test_a_late_press_judges_nothing(store: AppStore, centre: Settings, open_page: Open) -> None:
    """A press on a form that was about to go counts neither for its criterion, which is judged, nor for the next one."""
    app = open_page("listening", lang="en")
    call_id, met, not_met = chosen(app), app.button(key="judge_met"), app.button(key="judge_not_met")
    met.click().run()
    app.session_state["review_criterion"] = "options"
    not_met.click()
    assert not_met.value
    app.run()
    assert not app.exception
    assert {code: r.result for code, r in reviews.of_call(store, ME, call_id).items()} == {"empathy": "met"}


def test_hostile_words_stay_words(store: AppStore, centre: Settings, open_page: Open) -> None:
    """Names of criteria, quotes and turns are drawn as text, never as markup."""
    app = open_page("listening", lang="en")
    app.selectbox(key="review_criterion").set_value("options").run()
    press(app, "judge_met")
    assert any(HOSTILE in text.value for text in app.text)
    assert not any("onerror" in block.value for block in [*app.markdown, *app.caption])


def test_remarks_are_kept_at_once_and_come_back(store: AppStore, centre: Settings, open_page: Open) -> None:
    """A coaching point is kept, removed, and brought back."""
    app = open_page("listening", lang="en")
    app.text_area(key="remark-text").set_value("Name the feeling first.")
    app.button_group[0].set_value("coaching")
    next(button for button in app.button if button.label == "Keep").click().run()
    assert not app.exception
    (kept,) = remarks.of_call(store, chosen(app), ME)
    assert (kept.kind, kept.text) == ("coaching", "Name the feeling first.")
    press(app, f"remove_{kept.remark_id}")
    assert remarks.of_call(store, chosen(app)) == []
    press(app, "remark_restore")
    assert remarks.of_call(store, chosen(app)) == [kept]


def test_a_call_is_replaced_with_a_reason(store: AppStore, centre: Settings, open_page: Open) -> None:
    """Without a reason it stays; with one another call takes its place."""
    app = open_page("listening", lang="en")
    before = chosen(app)
    button = next(button for button in app.button if button.label == "Replace")
    button.click().run()
    assert "Write a reason" in words(app)
    next(field for field in app.text_input if field.label == "Why can't it be judged?").set_value("Hardly audible")
    next(button for button in app.button if button.label == "Replace").click().run()
    known = playlists.load(store, ME, week(centre))
    assert known is not None
    assert before not in [call.call_id for call in known.current]
    assert [call.replaced_reason for call in known.calls if call.call_id == before] == ["Hardly audible"]


def test_the_closing_note_is_kept(store: AppStore, centre: Settings, open_page: Open) -> None:
    """What was heard this week, for the team."""
    app = open_page("listening", lang="en")
    app.text_area(key=f"closing-note-{week(centre)}").set_value("Charged twice, again.")
    next(button for button in app.button if button.label == "Keep the note").click().run()
    assert weeks.note(store, ME, week(centre)) == "Charged twice, again."


def test_without_recordings_it_says_what_to_do(published: Settings, open_page: Open) -> None:
    """No playlist, but the command that brings recordings in."""
    assert "earshot ingest recordings" in open_page("listening", lang="en").code[0].value


def test_the_call_page_waits_for_the_reviewers_own_judgement(
    store: AppStore, centre: Settings, open_page: Open
) -> None:
    """A call of the playlist hides its scorecard until it is judged or asked for; any other shows it, and that is noted."""
    app = open_page("listening", lang="en")
    call_id = chosen(app)
    page = open_page("call", lang="en", call_id=call_id)
    assert "waits for your own judgement" in words(page)
    assert "nuisance”" not in words(page)
    press(page, "reveal")
    assert "nuisance”" in words(page)
    assert not reviews.judge(store, ME, call_id, "empathy", "met", None).blind
    known = playlists.load(store, ME, week(centre))
    assert known is not None
    other = next(f"c{n}" for n in range(6) if f"c{n}" not in [call.call_id for call in known.calls])
    assert "nuisance”" in words(open_page("call", lang="en", call_id=other))
    assert reviews.revealed(store, ME, other)
