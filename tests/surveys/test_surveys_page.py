"""Surveys in the dashboard: a messy file is loaded, its refused lines are listed, answers come first, undo, French."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from models.app_store import AppStore
from models.settings import ROOT, Settings
from models.surveys import files
from models.surveys.reading import Scale
from tests.customers.conftest import ADA, centre
from tests.dashboard.conftest import FORMULA, HOSTILE, Open, open_page
from tests.dashboard.shown import formatted, table

__all__ = ["centre", "open_page"]
SHEET = (
    "call_id;sent_at;open_answer;rating\r\na1;02/03/2026 18:00;Très bien, merci.;5\r\na3;;;\r\ne1;;Encore une panne;1\r\n"
    "nope;;Qui ?;3\r\ne1;;Encore;9\r\n"
)


def load(app: AppTest, content: bytes, label: str = "Load") -> AppTest:
    """Upload a file and press the button."""
    app.file_uploader(key="survey_upload").upload("surveys.csv", content).run()
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, [error.message for error in app.exception]
    return app


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_before_the_first_file_the_page_offers_one_to_try(centre: Settings, open_page: Open, lang: str) -> None:
    """The empty state says what to do; an example can be saved, and says in every line that it is synthetic."""
    app = open_page("customers", part="surveys", lang=lang)
    assert {"en": "load what comes back as CSV", "fr": "chargez ce qui revient en CSV"}[lang] in formatted(app)
    offered = [button.proto.label for button in app.get("download_button")]
    assert {"en": "Save an example (synthetic)", "fr": "Enregistrer un exemple (synthétique)"}[lang] in offered
    lines = (ROOT / "data/sample/surveys.csv").read_text("utf-8-sig").splitlines()
    assert all(line.endswith(";synthetic") for line in lines[1:])


def test_a_messy_file_is_loaded_and_its_bad_lines_are_listed(centre: Settings, open_page: Open) -> None:
    """Latin-1 and semicolons: good lines show at once, answers before ratings; bad ones with line and reason; again: nothing."""
    app = load(open_page("customers", part="surveys", period="all"), SHEET.encode("cp1252"))
    assert app.success[0].value == "3 surveys were loaded. 2 lines were refused; they are listed below."
    assert sorted(table(app, "answer")["answer"]) == ["Encore une panne", "Très bien, merci."]
    refused = table(app, "reason")
    assert refused["line"].tolist() == ["5", "6"]
    assert "outside the scale" in refused["reason"][1]
    headings = [element.value for element in app.header]
    assert headings.index("What they write") < headings.index("How they rate")
    rates = table(app, "rate")
    assert (rates["sent"].tolist(), rates["answered"].tolist(), rates["rate"].tolist()) == (["3"], ["2"], ["67%"])
    load(app, SHEET.encode("cp1252"))
    assert app.success[0].value == "This file was loaded before: nothing changed."


def test_reasons_are_in_the_readers_language(centre: Settings, open_page: Open) -> None:
    """Refused lines are listed in French, too."""
    app = load(open_page("customers", part="surveys", period="all", lang="fr"), SHEET.encode("cp1252"), "Charger")
    assert "hors de l’échelle" in table(app, "reason")["reason"][1]


def test_a_file_is_taken_back_on_the_page(centre: Settings, open_page: Open) -> None:
    """The button takes its surveys out at once, refused lines too."""
    app = load(open_page("customers", part="surveys", period="all"), SHEET.encode())
    app.button(key="undo_surveys").click().run()
    assert not app.exception
    assert "No survey has been loaded yet" in formatted(app)
    assert files.history(AppStore(centre))[0].undoes


def test_a_file_without_use_is_one_sentence(centre: Settings, open_page: Open) -> None:
    """The page says what is missing, and nothing is written."""
    app = load(open_page("customers", part="surveys"), b"when,stars\n2026-03-02,3\n")
    assert "call_id or customer_id" in app.error[0].value
    assert files.history(AppStore(centre)) == []


def test_surveys_are_on_the_customers_time_line(centre: Settings, open_page: Open) -> None:
    """What Ada wrote, and the survey that she left unanswered."""
    load(open_page("customers", part="surveys"), SHEET.encode())
    rows = table(open_page("customer", customer_id=ADA), "tone")
    told = rows[rows["what"] == "Survey"]["words"].tolist()
    assert told == ["not answered", "Très bien, merci. · 5 / 5"]


def test_hostile_answers_stay_text(centre: Settings, open_page: Open) -> None:
    """HTML, Markdown and formulas in answers, calls and file names reach no Markdown."""
    sheet = f'call_id,open_answer,rating\na1,"{HOSTILE.replace(chr(34), chr(34) * 2)}",1\n{FORMULA.split("(")[0]},x,2\n'
    app = load(open_page("customers", part="surveys", period="all"), sheet.encode())
    assert HOSTILE in table(app, "answer")["answer"].tolist()
    assert "onerror" not in formatted(app)
    assert "onerror" not in formatted(open_page("customer", customer_id=ADA))


def test_the_file_to_try_has_the_lines_it_should(centre: Settings) -> None:
    """Of the sample's file every line is a survey but the four that are spoilt on purpose."""
    from datetime import UTC, datetime

    from models.surveys import reading

    content = (ROOT / "data/sample/surveys.csv").read_bytes()
    named = {call for call in reading.calls_named(content) if call != "unknown-call"}
    found = reading.read(content, AppStore(centre).zone, named, Scale(), datetime.now(UTC))
    assert (len(found.answers), len(found.refused)) == (328, 4)
    assert 0.2 < sum(a.rating is not None for a in found.answers) / 328 < 0.5
