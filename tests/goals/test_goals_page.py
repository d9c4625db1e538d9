"""The Goals page: what is written shows at once, in both languages, and is undone; names that mean harm stay text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import queries
from models.goals import figures, goals
from models.settings import SAMPLE, Settings
from tests.dashboard.conftest import HOSTILE, Open, call_centre, open_page, published
from tests.dashboard.shown import formatted, texts

__all__ = ["call_centre", "open_page", "published"]


WRITTEN = (
    "changes", "goals", "own_figures", "figures", "figure_files", "refused_figures", "assessments", "assessment_edits",
    "centre_texts", "policy_items", "policy_ticks", "goodwill", "ideas", "recognitions", "coaching_reads", "story_clips",
)  # fmt: skip
"""Tables that the tests of this page write to, each after those it refers to."""


@pytest.fixture
def centre(published: Settings) -> Iterator[Settings]:
    """The made-up call centre, its registers emptied afterwards: other tests share it."""
    yield published
    with queries.app_store().transaction() as connection:
        for name in reversed(WRITTEN):
            connection.execute(f"delete from {name}")
    st.cache_data.clear()


def save(app: AppTest, label: str, form: str) -> AppTest:
    """Press the button of that label in the form whose name begins so."""
    next(button for button in app.button if button.label == label and str(button.form_id).startswith(form)).click()
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("lang", "title", "hint"), [("en", "Goals", "No goal has a target yet"), ("fr", "Objectifs", "Aucun objectif")]
)
@pytest.mark.parametrize("view", ["goals", "figures"])
def test_it_opens_and_says_what_to_do(
    centre: Settings, open_page: Open, lang: str, title: str, hint: str, view: str
) -> None:
    """Before anything is written, each part says what to do next, in the reader's language."""
    app = open_page("goals", lang=lang, view=view)
    assert app.title[0].value == title
    csv = {"en": "or load a CSV file", "fr": "ou chargez un fichier CSV"}[lang]
    assert (hint if view == "goals" else csv) in formatted(app)


def test_a_target_shows_at_once_and_is_undone(centre: Settings, open_page: Open) -> None:
    """Saved in the form, the goal is in the table with its status and owner; the button takes it back."""
    app = open_page("goals", lang="en", goal="service_level")
    next(n for n in app.number_input if n.label == "Target, %").set_value(99.9)
    next(t for t in app.text_input if t.label == "Owner").set_value(HOSTILE)
    save(app, "Save", "goal_service_level")
    table = app.dataframe[0].value
    assert table["goal"].tolist() == ["Service level"]
    assert (table["status"][0], table["target"][0], table["owner"][0]) == ("behind", "at least 99.9%", HOSTILE)
    assert "onerror" not in formatted(app) and "the target is at least 99.9%" in texts(app)
    assert app.dataframe[-1].value["who"].tolist() == ["test@example.com"]
    app.button(key="undo_goals").click().run()
    assert "Undone" in formatted(app)
    assert "No goal has a target yet" in formatted(app)


@pytest.mark.parametrize(("lang", "words"), [("en", "1 goal is behind →"), ("fr", "1 objectif en retard →")])
def test_the_overview_counts_the_goals_that_are_behind(
    centre: Settings, open_page: Open, lang: str, words: str
) -> None:
    """Nothing is said without a target or with one that is met; one that is missed is counted, named, and leads to Goals."""
    store, heading = queries.app_store(), "Goals" if lang == "en" else "Objectifs"

    def told() -> list[str]:
        app = open_page("overview", lang=lang)
        assert (heading in [heading.value for heading in app.header]) == bool(behind(app))
        return behind(app)

    def behind(app: AppTest) -> list[str]:
        return [link.proto.label for link in app.get("page_link") if link.proto.page == "goals"]

    assert told() == []
    goals.set_goal(store, "service_level", {"target": 0.0}, True, "Ana")
    assert told() == []
    goals.set_goal(store, "service_level", {"target": 0.999}, True, "Ana")
    assert told() == [words]
    goals.add_own(store, HOSTILE, "<b>", False, {"direction": "at_least", "target": 8.0}, "Ana")
    figures.put(store, "own-1", date(2026, 2, 1), 7.0, "Ana")
    app = open_page("overview", lang=lang)
    assert any(HOSTILE in text.value for text in app.text) and HOSTILE not in formatted(app)


def test_another_persons_change_survives_a_form_opened_before(centre: Settings, open_page: Open) -> None:
    """While the form is open, someone else sets the owner: saving the target keeps that owner."""
    app = open_page("goals", lang="en", goal="service_level")
    goals.set_goal(queries.app_store(), "service_level", {"owner": "Ben"}, True, "Ben")
    next(n for n in app.number_input if n.label == "Target, %").set_value(70.0)
    save(app, "Save", "goal_service_level")
    table = app.dataframe[0].value
    assert (table["target"][0], table["owner"][0]) == ("at least 70.0%", "Ben")


def test_a_goal_of_ones_own_and_its_values(centre: Settings, open_page: Open) -> None:
    """Made in the form, typed under Figures, it has a value, a trend and a status, under a name that stays text."""
    app = open_page("goals", lang="en")
    next(t for t in app.text_input if t.label == "Name").set_value(HOSTILE)
    next(t for t in app.text_input if t.label == "Unit").set_value("<b>")
    next(n for n in app.number_input if n.label == "Target").set_value(8.0)
    save(app, "Add", "own_")
    figures.put(queries.app_store(), "own-1", date(2026, 2, 1), 9.0, "Ana")
    app = open_page("goals", lang="en", goal="own-1")
    assert app.dataframe[0].value["status"].tolist() == ["met"]
    assert len(app.get("plotly_chart")) == 1
    assert "9\u00a0<b>" in texts(app) and "<b>" not in formatted(app)


def test_every_measure_opens_and_leads_to_what_is_behind_it(centre: Settings, open_page: Open) -> None:
    """Each measure with a value has a chart and a link; one without says what to do."""
    for code in queries.query("registers/goal_standings")["measure"]:
        app = open_page("goals", lang="en", goal=code)
        has = len(app.get("plotly_chart")) == 1
        assert has or any(word in formatted(app) for word in ("yet: ", "afterwards: ", "again: ")), code
        assert has <= bool(app.get("page_link")), code


def test_a_loaded_file_shows_by_month_with_its_refused_lines(centre: Settings, open_page: Open) -> None:
    """The sample file: two years by month, and the refused line with its number, in French."""
    figures.load(queries.app_store(), "figures.csv", (SAMPLE / "figures.csv").read_bytes(), "Ana")
    app = open_page("goals", lang="fr", view="figures")
    assert len(app.dataframe[0].value) == 23
    refused = next(frame.value for frame in app.dataframe if "reason" in frame.value)
    assert (refused["line"].tolist(), refused["reason"].tolist()) == (["20"], ["La valeur n’est pas un nombre."])
    app = open_page("goals", lang="en", view="figures")
    app.button(key="undo_figures").click().run()
    assert "There are no figures yet" in formatted(app)


def test_undo_never_takes_back_what_somebody_else_wrote_meanwhile(centre: Settings, open_page: Open) -> None:
    """With the page open, someone else sets another goal: the button refuses and says so; pressed again, it takes that back."""
    store = queries.app_store()
    goals.set_goal(store, "service_level", {"target": 0.9}, True, "Ana")
    app = open_page("goals", lang="en")
    goals.set_goal(store, "criteria_met", {"target": 0.8}, True, "Ben")
    app.button(key="undo_goals").click().run()
    assert "Somebody changed this meanwhile" in formatted(app)
    assert len(app.dataframe[0].value) == 2
    app.button(key="undo_goals").click().run()
    assert app.dataframe[0].value["goal"].tolist() == ["Service level"]
