"""The team's logs: written with history and undo, one idea a month, an answer for each; goodwill is in no ranking."""

from __future__ import annotations

import re
from datetime import date

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import calls, queries
from dashboard.components import shelf_notes
from models.access.people import LOCAL, Limits, Person, Role
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.goals import logs, registers
from models.goals.logs import Goodwill
from models.listening import remarks
from models.publish import VIEWS
from models.settings import ROOT, Settings
from models.store import QUERIES
from tests.dashboard.conftest import HOSTILE, Open, call_centre, open_page
from tests.dashboard.shown import formatted, texts
from tests.goals.test_goals_page import centre, published

__all__ = ["call_centre", "centre", "open_page", "published"]
DAY = date(2026, 3, 2)


def count(store: AppStore, table: str) -> int:
    """How many rows a table has."""
    with store.reading() as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])


def test_goodwill_is_part_of_no_view_or_query() -> None:
    """No view, measure or query of ours reads the goodwill log, but for the example that lists it: it can't enter a ranking."""
    readers = [
        file
        for folder in (VIEWS, QUERIES)
        for file in folder.rglob("*.sql")
        if re.search(r"\b(from|join)\s+goodwill\b", file.read_text("utf-8"))
    ]
    assert [file.name for file in readers] == ["goodwill.sql"]
    assert not re.search(r"(?i)group by|sum\(|count\(|rank\(|avg\(", readers[0].read_text("utf-8"))
    pages = [file for file in (ROOT / "dashboard").rglob("*.py") if '"goodwill"' in file.read_text("utf-8")]
    assert sorted(file.name for file in pages) == ["team.py", "team_logs.py"]
    assert not re.search(
        r"groupby|\.sum\(|sum\(", next(f for f in pages if f.name == "team_logs.py").read_text("utf-8")
    )


def test_what_was_given_is_noted_and_undone(settings: Settings) -> None:
    """A number that was taken back is not used again; nonsense is refused."""
    store = AppStore(settings)
    first = logs.give(store, Goodwill("ann", DAY, 15.0, "A month free", "Two visits missed", "+33100", "c1"), "Maria")
    registers.undo(store, ["goodwill"], "Maria")
    assert count(store, "goodwill") == 0
    assert logs.give(store, Goodwill("ann", DAY, 0.0, "A letter"), "Maria") == first + 1
    for wrong in (Goodwill(" ", DAY, 1.0, "x"), Goodwill("ann", DAY, 1.0, ""), Goodwill("ann", DAY, -1.0, "x"),
                  Goodwill("ann", DAY, float("nan"), "x"), Goodwill("ann", DAY, 1.0, "x" * 1001)):  # fmt: skip
        with pytest.raises(ChangeRefused):
            logs.give(store, wrong, "Maria")
    assert count(store, "goodwill") == 1


def test_one_idea_a_month_each_and_an_answer_for_each(settings: Settings) -> None:
    """A second idea in a month is refused; done and declined need an answer; two people answering lose nothing."""
    store = AppStore(settings)
    idea = logs.suggest(store, "Ann", "2026-03", "Say the wait", "Maria")
    with pytest.raises(ChangeRefused, match="one a month"):
        logs.suggest(store, " Ann ", "2026-03", "Another", "Maria")
    logs.suggest(store, "Ann", "2026-04", "Another", "Maria")
    for status in ("done", "declined"):
        with pytest.raises(ChangeRefused, match="gets an answer"):
            logs.answer(store, idea, "Ben", status=status)
    logs.answer(store, idea, "Ben", words="From May on")
    logs.answer(store, idea, "Maria", status="done")
    row = registers.row(store, "ideas", {"idea_id": idea})
    assert row is not None and (row["status"], row["answer"]) == ("done", "From May on")
    registers.undo(store, ["ideas"], "Maria")
    assert (registers.row(store, "ideas", {"idea_id": idea}) or {})["status"] == "new"


@pytest.mark.parametrize("month", ["2026-13", "03/2026", "2026", ""])
def test_a_month_is_a_month(settings: Settings, month: str) -> None:
    """Anything else is refused with a sentence."""
    with pytest.raises(ChangeRefused, match="month is written"):
        logs.suggest(AppStore(settings), "Ann", month, "x", "Maria")


def press(app: AppTest, form: str) -> AppTest:
    """Press Save in the form whose name begins so."""
    next(button for button in app.button if button.label == "Save" and str(button.form_id).startswith(form)).click()
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("part", "form"), [("goodwill", "goodwill_"), ("ideas", "new_idea_"), ("ideas", "thanks_")])
def test_each_log_is_written_in_the_page_and_undone(centre: Settings, open_page: Open, part: str, form: str) -> None:
    """Written in its form, it is there at once as plain text, whatever it holds; the button takes it back."""
    app = open_page("team", lang="en", part=part)
    for field in [*app.text_input, *app.text_area]:
        if str(field.form_id).startswith(form) and field.label not in ("Month", "Call"):
            field.set_value(HOSTILE)
    app = press(app, form)
    shown = texts(app) + "".join(str(frame.value.to_dict()) for frame in app.dataframe)
    assert HOSTILE in shown and "onerror" not in formatted(app)
    table = {"goodwill_": "goodwill", "new_idea_": "ideas", "thanks_": "recognitions"}[form]
    assert count(queries.app_store(), table) == 1
    app.button(key=f"undo_{part}").click().run()
    assert count(queries.app_store(), table) == 0


@pytest.mark.parametrize("part", ["goodwill", "ideas"])
def test_the_logs_open_in_french(centre: Settings, open_page: Open, part: str) -> None:
    """With rows in them, in French."""
    store = queries.app_store()
    logs.give(store, Goodwill("ann", DAY, 15.0, "A month free"), "Maria")
    logs.suggest(store, "Ann", "2026-03", "Say the wait", "Maria")
    logs.thank(store, "Ben", DAY, "Calmed a caller", "Maria", "c1")
    st.cache_data.clear()
    app = open_page("team", lang="fr", part=part)
    assert ("jamais additionné" if part == "goodwill" else "Une par mois") in formatted(app)


def test_a_coaching_note_is_acknowledged_and_a_story_cut(centre: Settings, open_page: Open) -> None:
    """On the shelf: the note says who read it and their answer, the story has a clip whose link plays just that; undo works."""
    store = queries.app_store()
    with store.reading() as connection:
        assert connection.execute("select count(*) from remark_edits").fetchone() == (0,)
    note = remarks.write(store, "Maria", "hostile", "coaching", HOSTILE)
    story = remarks.write(store, "Maria", "hostile", "story", "Listen to this", 12.0)
    try:
        logs.read(store, note.remark_id, "ann", HOSTILE)
        logs.clip(store, story.remark_id, 12.5, 20.0, HOSTILE, "Maria")
        app = open_page("team", lang="en", part="shelf")
        assert "Read by ann" in texts(app) and "onerror" not in formatted(app)
        clips = [
            link.proto.query_string for link in app.get("page_link") if link.proto.label.startswith("Play the clip")
        ]
        assert clips and "clip=12.5-20" in clips[0]
        app.button(key="undo_shelf").click().run()
        app.button(key="undo_shelf").click().run()
        assert "Not read yet" in texts(app)
        assert count(store, "story_clips") == 0
        for bounds in ((20.0, 20.0), (-1.0, 5.0), (0.0, 601.0), (0.0, float("inf"))):
            with pytest.raises(ChangeRefused, match="A clip ends"):
                logs.clip(store, story.remark_id, *bounds, "x", "Maria")
    finally:
        with store.transaction() as connection:
            connection.execute("delete from remark_edits")


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("12.5-20", (12.5, 20.0)),
        ("0-1", (0.0, 1.0)),
        ("20-12", None),
        ("1-1", None),
        ("-5", None),
        ("1e9-2e9", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_names_a_clip_or_nothing(text: str | None, bounds: tuple[float, float] | None) -> None:
    """Anything but two seconds in order plays the whole call."""
    assert calls.clip_of(text) == bounds


def test_only_the_agent_says_that_a_note_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent may for their own calls, another agent or a supervisor may not; without sign-in, whoever is at the machine."""
    people = {
        "own": Person("a", frozenset({Role.AGENT}), Limits(None, ("ann",))), "other": Person("b", frozenset({Role.AGENT}), Limits(None, ("ben",))),
        "supervisor": Person("c", frozenset({Role.SUPERVISOR})), "machine": LOCAL,
    }  # fmt: skip
    may = {}
    for name, who in people.items():
        monkeypatch.setattr(shelf_notes, "person", lambda who=who: who)
        may[name] = shelf_notes.may_read("ann")
    assert may == {"own": True, "other": False, "supervisor": False, "machine": True}
