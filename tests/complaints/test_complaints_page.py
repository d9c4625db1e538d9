"""The Complaints page: two people at once, undo, files, the way from a call and back, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import complaint_charts, queries
from dashboard.components.complaints import listing
from models.app_store import AppStore, now
from models.complaints import imports, register
from models.listening import remarks
from models.publish import publish
from models.settings import Settings
from tests.complaints import centre
from tests.complaints.conftest import complaint
from tests.conftest import MadeOnce
from tests.dashboard.conftest import FORMULA, HOSTILE, Open, open_page
from tests.dashboard.shown import formatted, table

__all__ = ["open_page"]
MESSY = Path(__file__).parent.parent / "fixtures/complaints/messy.csv"
DAY = timedelta(days=1)


def called_again(settings: Settings) -> None:
    """One customer called ten days ago and again yesterday, about the same."""
    centre.fill(settings, {"first": now() - 10 * DAY, "again": now() - DAY})
    publish(settings)


@pytest.fixture(autouse=True)
def published(settings: Settings, made_once: MadeOnce) -> Iterator[Settings]:
    """That centre, published, and nothing remembered."""
    st.cache_data.clear()
    yield made_once(called_again, settings)
    st.cache_data.clear()


def cells(app: AppTest, column: str) -> list[str]:
    """The cells of this column of the first table that has it."""
    return [str(cell) for cell in table(app, column)[column]]


def save(app: AppTest, key: str) -> AppTest:
    """Press the form's button."""
    app.button(key=f"save_complaint_{key}").click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_empty_register_says_what_to_do(open_page: Open, lang: str) -> None:
    """Before the first complaint the page names the ways to one, in the reader's language."""
    said = formatted(open_page("complaints", lang=lang))
    assert ("bring in a file" if lang == "en" else "importez un fichier") in said


def test_a_complaint_from_a_call_knows_its_customer_agent_issue_and_words(store: AppStore, open_page: Open) -> None:
    """The form opened from a call is filled in; saved, the complaint has all of it and the Call page leads back to it."""
    app = save(open_page("complaints", from_call="first"), "new_first_")
    kept = register.find(store, 1)
    assert kept is not None
    made = kept.complaint
    assert (made.customer_id, made.customer_phone, made.received_by) == (centre.CUSTOMER, centre.CUSTOMER, "ana.diaz")
    assert (made.issue_id, made.call_id, made.nature) == (centre.ISSUE, "first", "My parcel never arrived.")
    assert app.session_state.complaint == "1"
    assert "Complaints" in formatted(open_page("call", call_id="first"))
    links = [link.proto.label for link in open_page("call", call_id="first").get("page_link")]
    assert any("Made here" in label for label in links)


def test_a_remark_that_a_complaint_is_to_be_opened_gives_its_words(store: AppStore, open_page: Open) -> None:
    """What the reviewer wrote becomes the nature of the complaint."""
    noted = remarks.write(store, "local", "first", "complaint", "Nobody called her back.")
    app = open_page("complaints", from_call="first", from_remark=str(noted.remark_id))
    assert app.text_area(key=f"complaint_new_first_{noted.remark_id}_nature").value == "Nobody called her back."


def test_two_people_who_edit_one_complaint_lose_nothing(store: AppStore, open_page: Open) -> None:
    """Both have the form open. Different fields merge; of the same field the second sees both and decides."""
    seen = register.create(store, complaint(), "Ana").complaint
    app = open_page("complaints", complaint="1")
    register.edit(store, 1, seen, replace(seen, solution="Refund", steps="Asked the courier"), "Paul")
    app.text_area(key="complaint_1_solution").input("New parcel")
    app.text_area(key="complaint_1_prevention").input("Stronger boxes")
    save(app, "1")
    kept = register.find(store, 1)
    assert kept is not None
    written = kept.complaint
    assert (written.solution, written.steps, written.prevention) == ("Refund", "Asked the courier", "Stronger boxes")
    assert {"Refund", "New parcel"} <= {text.value for text in app.text}
    app.button(key="mine_solution").click().run()
    kept = register.find(store, 1)
    assert kept is not None and kept.complaint.solution == "New parcel"
    assert [change.changed_by for change in register.history(store, 1)] == ["test@example.com"] * 2 + ["Paul", "Ana"]


def test_saving_an_untouched_form_changes_nothing(store: AppStore, open_page: Open) -> None:
    """Seconds that the form does not show are not lost, and no change is written."""
    register.create(store, complaint(received_at=now() - DAY, resolved_at=now(), compensation_value=12.34), "Ana")
    save(open_page("complaints", complaint="1"), "1")
    assert len(register.history(store, 1)) == 1


def test_undo_and_bringing_back(store: AppStore, open_page: Open) -> None:
    """The last change is taken back, then the complaint itself, which can be brought back."""
    seen = register.create(store, complaint(), "Ana").complaint
    register.edit(store, 1, seen, replace(seen, steps="Asked the courier"), "Ana")
    app = open_page("complaints", complaint="1")
    app.button(key="undo_complaint").click().run()
    assert app.text_area(key="complaint_1_steps").value == ""
    app.button(key="undo_complaint").click().run()
    assert register.find(store, 1) is None
    app.button(key="bring_back").click().run()
    assert register.find(store, 1) is not None


def test_nonsense_in_the_form_is_refused_and_kept(store: AppStore, open_page: Open) -> None:
    """A refusal is said, nothing is written, and the typed words are still there."""
    register.create(store, complaint(), "Ana")
    app = open_page("complaints", complaint="1")
    app.text_area(key="complaint_1_nature").input("  ")
    app.text_area(key="complaint_1_steps").input("Courrier parti")
    save(app, "1")
    assert "Say what the complaint is about." in formatted(app)
    assert app.text_area(key="complaint_1_steps").value == "Courrier parti"
    assert len(register.history(store, 1)) == 1


def test_passing_up(store: AppStore, open_page: Open) -> None:
    """The complaint says to whom it was passed up; its list says that it was."""
    register.create(store, complaint(), "Ana")
    app = open_page("complaints", complaint="1")
    app.text_input(key="escalate_to").input("Head of service")
    app.button(key="escalate").click().run()
    assert "Head of service" in [text.value for text in app.text]
    assert "passed up" in cells(open_page("complaints"), "state")[0]


def test_a_messy_file_is_shown_first_then_brought_in(store: AppStore, open_page: Open) -> None:
    """The preview lists what is new and each refused line with its reason; the button writes it; a second time all is known."""
    centre_issue = {centre.ISSUE: "Parcel"}
    app = open_page("complaints", register="bring_in")
    content = MESSY.read_bytes().replace(b"Lost parcels", b"Parcel").replace(b"parcel1", centre.ISSUE.encode())
    app.file_uploader(key="complaint_file").set_value(("messy.csv", content, "text/csv")).run()
    assert cells(app, "line") == ["3", "4", "7"]
    refused = next(frame.value for frame in app.dataframe if "reason" in frame.value)
    assert "Reçu le: This is no date" in refused["reason"].iloc[0]
    assert register.find(store, 1) is None
    app.button(key="bring_in").click().run()
    assert not app.exception
    assert register.find(store, 3) is not None
    assert imports.preview(store, "messy.csv", content, centre_issue).new == ()
    again = open_page("complaints", register="bring_in", lang="fr")
    kept = next(frame.value for frame in again.dataframe if "reason" in frame.value)
    assert len(kept) == 7
    assert "Cette date n’est pas lisible" in kept["reason"].iloc[0]


def test_what_customers_write_stays_text(store: AppStore, open_page: Open) -> None:
    """HTML, Markdown and formulas in any field are shown as they are, in the list and in the complaint."""
    register.create(
        store, complaint(nature=HOSTILE, customer_name=FORMULA, solution=HOSTILE, received_by=HOSTILE), HOSTILE
    )
    for app in (open_page("complaints"), open_page("complaints", complaint="1")):
        assert "onerror" not in formatted(app)
    assert HOSTILE in [text.value for text in open_page("complaints", complaint="1").text]


def test_a_promise_broken_by_a_call_is_seen_on_that_call_and_in_the_list(store: AppStore, open_page: Open) -> None:
    """Said to be done before the customer called again: the call says so, the complaint says so, the list finds it."""
    made = complaint(
        received_at=now() - 10 * DAY, resolved_at=now() - 5 * DAY, customer_id=centre.CUSTOMER, issue_id=centre.ISSUE, call_id="first"
    )  # fmt: skip
    register.create(store, made, "Ana")
    assert "This call shows a broken promise" in formatted(open_page("call", call_id="again"))
    assert "A promise was broken." in formatted(open_page("complaints", complaint="1"))
    assert cells(open_page("complaints", to_do="broken"), "promise") == ["broken: called again"]


def test_an_address_of_nothing_fails_nothing(open_page: Open) -> None:
    """A number that is no complaint's, or no number, is said or ignored: the page is there."""
    for address in ("0", "99", "x", "-1", "9" * 30):
        app = open_page("complaints", complaint=address)
        assert app.title[0].value == "Complaints", address
        assert not [button for button in app.button if str(button.key).startswith("undo")], address


def test_a_week_and_an_age_are_lists(store: AppStore, open_page: Open) -> None:
    """The address that a bar of the charts leads to lists exactly its complaints; each bar carries that address."""
    today = now()
    register.create(store, complaint(received_at=today - DAY, issue_id=centre.ISSUE), "Ana")
    register.create(store, complaint(received_at=today - 30 * DAY, nature="An old one."), "Ana")
    rows = queries.query("registers/complaint_weeks", start=today - 100 * DAY)
    bars = complaint_charts.weeks(rows, "light").data
    carried = {tuple(place): count for bar in bars for place, count in zip(bar.customdata, bar.y, strict=True) if count}
    assert set(carried) == {(str(week), issue or "") for week, issue in zip(rows["week"], rows["issue_id"].where(rows["issue_id"].notna(), ""), strict=True)}  # fmt: skip
    for week, issue in carried:
        found = cells(
            open_page("complaints", to_do="all", in_week=week, **({"about": issue} if issue else {})), "nature"
        )
        assert found == (["The parcel came broken."] if issue else ["An old one."])
    ages = complaint_charts.ages(queries.query("registers/complaint_ages", now=today), listing.BANDS, "light").data
    assert [place for place, count in zip(ages[0].customdata, ages[0].y, strict=True) if count] == [["0-2"], ["15-30"]]
    assert cells(open_page("complaints", to_do="open", age="15-30"), "nature") == ["An old one."]


@pytest.mark.parametrize(("key", "callback", "place", "wanted"), [
    ("complaint_ages", "_of_age", ["3-7"], {"to_do": "open", "age": "3-7", "in_week": None, "about": None}),
    ("complaint_weeks", "_of_week", ["2026-03-02", "parcel1"], {"to_do": "all", "in_week": "2026-03-02", "about": "parcel1", "age": None}),
    ("complaint_weeks", "_of_week", ["2026-03-02", ""], {"to_do": "all", "in_week": "2026-03-02", "about": None, "age": None}),
])  # fmt: skip
def test_a_click_chooses_what_the_bar_counts(
    key: str, callback: str, place: list[str], wanted: dict[str, object]
) -> None:
    """Other filters are cleared; a click beside the bars changes nothing."""

    def press(key: str, callback: str, points: list[dict[str, list[str]]]) -> None:
        import streamlit as st

        from dashboard.components.complaints import listing

        st.session_state.seek = "x"
        st.session_state[key] = {"selection": {"points": points}}
        getattr(listing, callback)()

    app = AppTest.from_function(press, args=(key, callback, [{"customdata": place}])).run()
    assert not app.exception
    assert {name: app.session_state[name] for name in wanted} == wanted
    assert (app.session_state.feedback, app.session_state.seek) == ("complaint", "")
    assert AppTest.from_function(press, args=(key, callback, [])).run().session_state.seek == "x"


def test_a_customer_leads_to_their_complaints_and_back(store: AppStore, open_page: Open) -> None:
    """An open promise on the customer's page leads to its complaint, and the complaint to the customer."""
    register.create(store, complaint(customer_id=centre.CUSTOMER, promised_for=now().date()), "Ana")
    there = [link.proto for link in open_page("customer", customer_id=centre.CUSTOMER).get("page_link")]
    assert "complaint=1" in next(link.query_string for link in there if link.label.startswith("The complaint"))
    back = [link.proto for link in open_page("complaints", complaint="1").get("page_link")]
    assert any(link.page == "customer" and "customer_id=" in link.query_string for link in back)


@pytest.mark.parametrize(("lang", "words"), [("en", "1 broken promise"), ("fr", "1 promesse non tenue")])
def test_the_overview_says_what_is_due(store: AppStore, open_page: Open, lang: str, words: str) -> None:
    """Nothing is said before something is due; then each count leads to its list."""
    heading = "Due in complaints" if lang == "en" else "À faire dans les réclamations"
    assert heading not in formatted(open_page("overview", lang=lang))
    register.create(store, complaint(customer_id=centre.CUSTOMER, promised_for=(now() - 3 * DAY).date()), "Ana")
    app = open_page("overview", lang=lang)
    assert heading in formatted(app)
    assert any(words in str(link.proto.label) for link in app.get("page_link"))
