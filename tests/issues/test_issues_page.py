"""The Issues page and the overview's top three: what is decided shows at once, and hostile names stay text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pandas as pd
import pytest
import streamlit as st

from dashboard import queries
from ingest.issues import Finder
from models.app_store import AppStore
from models.complaints import register
from models.complaints.register import Complaint
from models.customers import facts
from models.customers.facts import Facts
from models.issues import decisions
from models.publish import publish
from models.settings import Settings
from tests.conftest import MadeOnce
from tests.dashboard.conftest import HOSTILE, Open, open_page
from tests.dashboard.shown import formatted
from tests.issues.conftest import Load, load_calls
from tests.issues.test_finding import settled

__all__ = ["open_page"]
ALL = {"start": "2020-01-01", "end": "2030-01-01", "queues": None}


def two_issues(settings: Settings) -> None:
    """Two issues over some weeks, published."""
    for week in range(4):
        load_calls(settings, "parcel", range(5), day=7 * week)
        load_calls(settings, "charged", range(3), day=7 * week)
    Finder(settings, 1).run()
    publish(settings)


@pytest.fixture
def centre(settings: Settings, made_once: MadeOnce) -> Iterator[Settings]:
    """Those two issues, and nothing remembered."""
    st.cache_data.clear()
    yield made_once(two_issues, settings)
    st.cache_data.clear()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_shows_the_ledger_and_an_issue(centre: Settings, open_page: Open, lang: str) -> None:
    """Both languages: the ledger in its order, the issue that the address names, its quotes."""
    parcel = settled(centre)["parcel-0-0", 2]
    app = open_page("issues", lang=lang, period="all", issue=parcel)
    tables = [frame.value for frame in app.dataframe]
    assert len(tables[0]) == 2
    assert app.selectbox(key="issue").value == parcel
    assert any("parcel" in str(frame["quote"].tolist()).lower() for frame in tables if "quote" in frame)


def test_a_decision_shows_at_once_and_is_undone(centre: Settings, open_page: Open) -> None:
    """What is written in the form is on the page without publishing, and the button takes it back."""
    parcel = settled(centre)["parcel-0-0", 2]
    app = open_page("issues", period="all", issue=parcel)
    app.text_input(key=f"name_{parcel}_0").input("Lost parcels")
    app.text_input(key=f"owner_{parcel}_0").input("Ann")
    next(button for button in app.button if button.label == "Save" and "decide" in str(button.form_id)).click()
    app.run()
    assert not app.exception
    row = queries.query("issue_ledger", **ALL).set_index("issue_id").loc[parcel]
    assert (row["name"], row["owner"]) == ("Lost parcels", "Ann")
    app.button(key="undo_issue").click().run()
    assert queries.query("issue_ledger", **ALL).set_index("issue_id").loc[parcel]["owner"] is None
    assert app.text_input(key=f"name_{parcel}_2").value == ""  # else the next save would write it again


def test_saving_keeps_what_others_wrote_meanwhile(centre: Settings, open_page: Open) -> None:
    """The owner that somebody else chose while the form was open stays when another field is saved."""
    parcel = settled(centre)["parcel-0-0", 2]
    app = open_page("issues", period="all", issue=parcel)
    decisions.decide(AppStore(centre), parcel, {"owner": "Ben"}, "Ben")
    app.text_input(key=f"name_{parcel}_0").input("Lost parcels")
    next(button for button in app.button if button.label == "Save" and "decide" in str(button.form_id)).click()
    app.run()
    made = decisions.decided(AppStore(centre))[parcel]
    assert (made.name, made.owner) == ("Lost parcels", "Ben")


def test_hostile_names_stay_text(centre: Settings, open_page: Open) -> None:
    """HTML and Markdown in a name reach neither the page's Markdown nor the overview's."""
    store = AppStore(centre)
    for issue_id in set(settled(centre).values()):
        decisions.decide(store, issue_id, {"name": HOSTILE, "owner": HOSTILE, "cause": HOSTILE}, HOSTILE)
    for page in ("issues", "overview"):
        app = open_page(page, period="all")
        assert any(HOSTILE in text.value for text in app.text)
        assert "onerror" not in formatted(app)


def test_the_issue_shows_its_complaints(centre: Settings, open_page: Open) -> None:
    """Complaints that name the issue, or one merged into it, are counted with promises and compensation, and lead there."""
    ids, store = settled(centre), AppStore(centre)
    parcel, charged = ids["parcel-0-0", 2], ids["charged-0-0", 2]
    assert "No complaint names this issue" in formatted(open_page("issues", period="all", issue=parcel))
    at = datetime(2026, 3, 5, 9, tzinfo=UTC)
    register.create(
        store, Complaint("Lost.", at, issue_id=parcel, promised_for=date(2026, 3, 6), compensation_value=20.0), "Maria"
    )
    register.create(store, Complaint("Charged.", at, issue_id=charged, resolved_at=at, compensation_value=5), "Maria")
    register.create(store, Complaint("Nice site.", at, kind="comment", issue_id=parcel), "Maria")
    decisions.merge(store, charged, parcel, "Maria")
    app = open_page("issues", period="all", issue=parcel)
    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["Complaints"], shown["Still open"], shown["Promises broken"]) == ("2", "1", "1")
    assert "25" in shown["Compensation given"]
    (there,) = [link.proto for link in app.get("page_link") if "complaints" in link.proto.label]
    assert "See the 2 complaints" in there.label
    assert f"about={parcel}" in there.query_string


def test_who_calls_by_what_people_know_of_customers(centre: Settings, open_page: Open) -> None:
    """Split by inside and outside, as somebody wrote on a customer's page a moment ago; the others are not known."""
    parcel = settled(centre)["parcel-0-0", 2]
    unknown = open_page("issues", period="all", issue=parcel, issue_split="place")
    assert "this is known yet" in formatted(unknown)
    facts.put(AppStore(centre), Facts("+33parcel00"), Facts("+33parcel00", place="inside"), "Maria")
    split = {**ALL, "issue": parcel, "split": "place"}
    rows = queries.query("registers/issue_by", **split).set_index("part")
    assert dict(rows["calls"]) == {"": 19, "inside": 1}
    assert dict(rows["read_calls"]) == {"": 31, "inside": 1}
    app = open_page("issues", period="all", issue=parcel, issue_split="place")
    assert any("inside the company" in frame.value.get("part", pd.Series()).tolist() for frame in app.dataframe)


def test_merging_and_assumptions_count_at_once(centre: Settings) -> None:
    """A merge and a changed assumption change the ledger without publishing."""
    ids, store = settled(centre), AppStore(centre)
    parcel, charged = ids["parcel-0-0", 2], ids["charged-0-0", 2]
    before = queries.query("issue_ledger", **ALL).set_index("issue_id")
    decisions.merge(store, charged, parcel, "Maria")
    decisions.put_assumptions(store, {"issue_leaving_share": 0.0}, "Maria")
    after = queries.query("issue_ledger", **ALL).set_index("issue_id")
    assert list(after.index) == [parcel]
    assert after.loc[parcel]["calls"] == before["calls"].sum()
    assert after.loc[parcel]["lost_cost"] == 0.0


def test_a_fix_date_answers_whether_it_worked(centre: Settings, open_page: Open) -> None:
    """With a fix date, the page says what can be said: here, that chance could explain it."""
    parcel = settled(centre)["parcel-0-0", 2]
    decisions.decide(AppStore(centre), parcel, {"fix_on": date(2026, 3, 16)}, "Maria")
    app = open_page("issues", period="all", issue=parcel)
    assert "Did it work?" in formatted(app)
    assert "chance could explain" in formatted(app)


def test_before_anything_was_read_the_page_says_what_to_do(settings: Settings, load: Load, open_page: Open) -> None:
    """With transcripts, but before `earshot issues`, the page names the command; with too few calls it says why."""
    st.cache_data.clear()
    load("parcel", range(2))
    publish(settings)
    assert any("earshot issues" in block.value for block in open_page("issues").code)
    Finder(settings, 1).run()
    publish(settings)
    assert "four calls of three customers" in formatted(open_page("issues", period="all"))


def test_what_grows_is_opened_or_says_why_not(settings: Settings, load: Load, open_page: Open) -> None:
    """The button opens the growing issue; where the dates hold none of its calls, it can't be pressed and says what to do."""
    for week in range(6):
        load("parcel", range(5), day=7 * week)
    load("evening", range(12), day=35, step=0)
    Finder(settings, 1).run()
    publish(settings)
    st.cache_data.clear()
    growing = settled(settings)["evening-35-0", 2]
    app = open_page("issues", period="all")
    app.button(key=f"emerging_{growing}").click().run()
    assert app.selectbox(key="issue").value == growing
    earlier = open_page("issues", period="custom", days=["2026-03-02", "2026-03-08"])
    button = earlier.button(key=f"emerging_{growing}")
    assert button.disabled
    assert "choose others" in button.help
    st.cache_data.clear()
