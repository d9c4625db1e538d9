"""The cost of poor service: its parts add up by week, by issue and in all; assumptions have sources, history and undo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import queries
from ingest.issues import Finder
from models.app_store import AppStore
from models.goals import registers
from models.issues import decisions
from models.publish import publish
from models.settings import Settings
from models.waits import cost
from tests.conftest import MadeOnce
from tests.dashboard.conftest import HOSTILE, Open, open_page
from tests.dashboard.shown import formatted, texts
from tests.issues.conftest import Load, load, load_calls

__all__ = ["load", "open_page"]
ALL = {"start": "2020-01-01", "end": "2030-01-01", "queues": None}
PARTS = ["handling_cost", "repeat_cost", "redo_cost", "compensation_cost", "lost_cost"]


def suffer(settings: Settings) -> None:
    """Two issues over four weeks, one customer calling again and again about one, and again about the other."""
    for week in range(4):
        load_calls(settings, "parcel", range(5), day=7 * week)
        load_calls(settings, "charged", range(3), day=7 * week)
    load_calls(settings, "parcel", range(3), day=1, customer="+33100", step=7)
    load_calls(settings, "charged", range(2), day=2, customer="+33100")
    Finder(settings, 1).run()
    publish(settings)


@pytest.fixture
def suffering(settings: Settings, made_once: MadeOnce) -> Iterator[Settings]:
    """Those issues, published, and nothing remembered."""
    st.cache_data.clear()
    yield made_once(suffer, settings)
    st.cache_data.clear()


def test_parts_add_up_by_week_by_issue_and_in_all(suffering: Settings) -> None:
    """Whatever it is added up by, each part and the whole are the same; nobody is lost twice for one issue."""
    weeks, issues = queries.query("cost_weeks", **ALL), queries.query("issue_ledger", **ALL)
    for part in [*PARTS, "cost"]:
        assert weeks[part].sum() == pytest.approx(issues[part].sum()), part
    assert weeks[PARTS].sum().sum() == pytest.approx(weeks["cost"].sum())
    assert issues["lost_cost"].sum() == pytest.approx(issues["sufferers"].sum() * 0.05 * 200)
    assert issues["redo_cost"].sum() == pytest.approx(issues["sufferers"].sum() * 0.1 * 30)


def test_a_sufferer_is_lost_in_the_week_of_their_first_call(suffering: Settings) -> None:
    """Who calls again in later weeks is not lost again; asked from a later week on, that call is their first."""
    weeks = queries.query("cost_weeks", **ALL)
    assert [round(cost) for cost in weeks["lost_cost"]] == [100, 80, 80, 80]
    later = queries.query("cost_weeks", **{**ALL, "start": str(weeks["week"][1])})
    assert [round(cost) for cost in later["lost_cost"]] == [90, 80, 80]


def test_an_assumption_keeps_its_source_through_other_pages_and_undo(settings: Settings) -> None:
    """Written with a source, changed on the Waits page, undone twice: the source follows the value."""
    store = AppStore(settings)
    key = {"name": "customer_value"}
    decisions.put_assumptions(store, {"customer_value": 300.0}, "Ana", sources={"customer_value": " Accounts of 2025 "})
    cost.put_assumptions(store, {"customer_value": 310.0}, "Ben")
    assert registers.row(store, "assumptions", key) == {**key, "value": 310.0, "source": "Accounts of 2025"}
    registers.undo(store, ["assumptions"], "Ben")
    assert registers.row(store, "assumptions", key)["value"] == 300.0
    registers.undo(store, ["assumptions"], "Ben")
    assert registers.row(store, "assumptions", key) is None


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_shows_the_cost_and_says_what_is_estimated(suffering: Settings, open_page: Open, lang: str) -> None:
    """Both charts, the weeks and the issues; the sum is that of the ledger, and is called estimated."""
    app = open_page("goals", lang=lang, view="cost", period="all")
    assert len(app.get("plotly_chart")) == 2
    assert len(app.dataframe[0].value) == 4 and len(app.dataframe[1].value) == 2
    total = queries.query("issue_ledger", **ALL)["cost"].sum()
    assert any(f"{round(total)}" in element.value and ("estim" in element.value) for element in app.header)


def test_a_changed_assumption_counts_at_once_and_is_undone(suffering: Settings, open_page: Open) -> None:
    """Saved with its source on this page, the cost changes; the history tells it as plain text; undo takes it back."""
    app = open_page("goals", lang="en", view="cost", period="all")
    before = queries.query("issue_ledger", **ALL)["cost"].sum()
    app.number_input(key="cost_customer_value").set_value(0.0)
    app.text_input(key="cost_customer_value_source").set_value(HOSTILE)
    app = save(app)
    assert queries.query("issue_ledger", **ALL)["lost_cost"].sum() == 0
    assert HOSTILE in app.dataframe[-1].value["what"][0] and "onerror" not in formatted(app) + texts(app)
    app.button(key="undo_assumptions").click().run()
    assert queries.query("issue_ledger", **ALL)["cost"].sum() == pytest.approx(before)


def save(app: AppTest) -> AppTest:
    """Press the button of the assumptions' form."""
    next(b for b in app.button if b.label == "Save" and b.form_id == "cost_assumptions").click()
    app.run()
    assert not app.exception
    return app


def test_before_any_issue_it_says_what_to_do(settings: Settings, load: Load, open_page: Open) -> None:
    """Calls with transcripts, but not read for issues: the page names the command."""
    st.cache_data.clear()
    load("parcel", range(2))
    publish(settings)
    assert any("earshot issues" in block.value for block in open_page("goals", view="cost").code)
