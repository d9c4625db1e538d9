"""The pages Customers and Customer: what is written shows at once, undo, two people at once, hostile ids, French."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from models.app_store import AppStore
from models.customers import callbacks, facts
from models.customers.callbacks import Callback
from models.customers.facts import Facts
from models.publish import publish
from models.settings import Settings
from models.store import Store
from tests.customers.conftest import ADA, BOB, EVE
from tests.dashboard.conftest import FORMULA, HOSTILE, Open, open_page
from tests.dashboard.shown import formatted, table

__all__ = ["open_page"]
TITLES = {
    ("customers", "en"): "Customers", ("customers", "fr"): "Clients", ("customer", "en"): "Customer", ("customer", "fr"): "Client",
}  # fmt: skip


def press(app: AppTest, label: str) -> AppTest:
    """Press the button with this label."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, [error.message for error in app.exception]
    return app


@pytest.mark.parametrize(("page", "lang"), TITLES)
def test_every_part_opens_in_every_language(centre: Settings, open_page: Open, page: str, lang: str) -> None:
    """Each part of both pages has its title in the reader's language and does not fail."""
    for part in ("find", "lost", "random", "silent") if page == "customers" else ("",):
        app = open_page(page, lang=lang, part=part, period="all", customer_id=ADA)
        assert app.title[0].value == TITLES[page, lang], part


def test_who_called_most_comes_first_and_search_narrows(centre: Settings, open_page: Open) -> None:
    """The list is in its order, the search finds part of a number, and a search without result says what to do."""
    app = open_page("customers")
    assert table(app, "customer")["customer"].tolist() == [ADA, BOB, EVE]
    app.text_input(key="find").input("0002").run()
    assert table(app, "customer")["customer"].tolist() == [BOB]
    app.text_input(key="find").input("nobody").run()
    assert "Clear the search" in formatted(app)


def test_facts_show_at_once_and_are_taken_back(centre: Settings, open_page: Open) -> None:
    """What the form writes is on the page and in the list without publishing; the button takes it back."""
    app = open_page("customer", customer_id=ADA)
    next(radio for radio in app.radio if radio.label.startswith("Core customer")).set_value(True)
    app.number_input[0].set_value(900.0)
    press(app, "Save")
    assert facts.of(AppStore(centre), ADA) == Facts(ADA, is_core=True, lifetime_value=900.0)
    assert "core" in [text.value for text in app.text]
    assert table(open_page("customers", which="core"), "customer")["customer"].tolist() == [ADA]
    app.button(key="undo_facts").click().run()
    assert not app.exception
    assert facts.of(AppStore(centre), ADA) == Facts(ADA)
    assert "core" not in [text.value for text in app.text]


def test_two_people_have_one_customer_open(centre: Settings, open_page: Open) -> None:
    """The second is told and sees the first one's value; what they changed besides is not half written."""
    first, second = (open_page("customer", customer_id=ADA) for _ in range(2))
    first.number_input[0].set_value(100.0)
    press(first, "Save")
    second.number_input[0].set_value(700.0)
    second.text_area[0].input("Loud.")
    press(second, "Save")
    assert "Somebody else has changed this customer" in second.error[0].value
    assert second.number_input[0].value == 100.0
    assert facts.of(AppStore(centre), ADA) == Facts(ADA, lifetime_value=100.0)


def test_the_time_line_holds_calls_and_calls_back(centre: Settings, open_page: Open) -> None:
    """Newest first, each call and what came of calling back."""
    callbacks.record(AppStore(centre), Callback("lost", "a2", ADA, "reached", "no", "Still waits."), "ann")
    rows = table(open_page("customer", customer_id=ADA), "tone")
    assert rows["what"].tolist() == ["Called back", "Call", "Call", "Call"]
    assert "Still waits." in rows["words"][0]


def test_a_lost_caller_is_called_back(centre: Settings, open_page: Open) -> None:
    """Bob is on the list once, the form writes the outcome, it shows at once, undo takes it back; French says so, too."""
    store = AppStore(centre)
    app = open_page("customers", part="lost", period="all")
    rows = table(app, "tries")
    assert (rows["customer"].tolist(), rows["tries"].tolist()) == ([BOB], ["2"])
    app.session_state["_callback_open"] = ("lost", "b2", BOB, None, 1)
    app.run()
    next(radio for radio in app.radio if radio.label.startswith("Are they")).set_value("yes")
    app.text_area[0].input("Sorted by mail.")
    press(app, "Save")
    made = Callback("lost", "b2", BOB, "reached", "yes", "Sorted by mail.")
    assert callbacks.outcomes(store, "lost") == {"b2": made}
    assert table(app, "tries")["outcome"].tolist() == ["reached"]
    assert table(open_page("customers", lang="fr", part="lost", period="all"), "tries")["outcome"].tolist() == ["joint"]
    app.button(key="undo_callbacks_lost").click().run()
    assert callbacks.outcomes(store, "lost") == {}


def test_who_asks_not_to_be_called_leaves_the_lists(centre: Settings, open_page: Open) -> None:
    """The outcome marks the customer, and the list of lost callers is empty."""
    app = open_page("customers", part="lost", period="all")
    app.session_state["_callback_open"] = ("lost", "b2", BOB, None, 1)
    app.run()
    next(radio for radio in app.radio if radio.label == "Outcome").set_value("refused")
    press(app, "Save")
    assert facts.of(AppStore(centre), BOB).do_not_call
    assert "Nobody: whoever gave up" in formatted(app)


def test_two_people_call_one_lost_caller(centre: Settings, open_page: Open) -> None:
    """Who saves second is told, and the first one's words stay."""
    made = Callback("lost", "b2", BOB, "not_reached", None, "Engaged.")
    app = open_page("customers", part="lost", period="all")
    app.session_state["_callback_open"] = ("lost", "b2", BOB, None, 1)
    app.run()
    callbacks.record(AppStore(centre), made, "ann")
    press(app, "Save")
    assert "Somebody else has called" in app.error[0].value
    assert callbacks.outcomes(AppStore(centre), "lost") == {"b2": made}


def test_a_random_list_is_drawn_and_stays(centre: Settings, open_page: Open) -> None:
    """The button draws customers with an answered call; drawing the same size again gives the same list."""
    app = open_page("customers", part="random")
    app.number_input[0].set_value(1)
    press(app, "Draw")
    (week, size), *_rest = callbacks.draws(AppStore(centre))
    draw = callbacks.drawn(AppStore(centre), week, size)
    assert draw and draw.picks[0].customer_id in (ADA, EVE)
    assert table(app, "called")["customer"].tolist() == [draw.picks[0].customer_id]
    press(app, "Draw")
    assert callbacks.drawn(AppStore(centre), week, size) == draw


def test_hostile_customers_stay_text(centre: Settings, open_page: Open) -> None:
    """HTML, Markdown and formulas in ids, queues and notes reach no Markdown, and the page opens."""
    with Store(centre).writing() as con:
        con.execute("update calls set customer_id = ?, queue = ? where call_id = 'e1'", [HOSTILE, FORMULA])
    publish(centre)
    store = AppStore(centre)
    facts.put(store, Facts(HOSTILE), replace(Facts(HOSTILE), note=HOSTILE, is_core=True), HOSTILE)
    callbacks.record(store, Callback("lost", "e1", HOSTILE, "reached", "no", HOSTILE), HOSTILE)
    for page in ("customers", "customer"):
        app = open_page(page, customer_id=HOSTILE)
        assert "onerror" not in formatted(app)
    assert any(text.value == HOSTILE for text in app.text)


def test_an_unknown_customer_is_said_to_be_unknown(centre: Settings, open_page: Open) -> None:
    """Neither a wrong id nor none fails: the page leads to the list."""
    for address in ({"customer_id": "nobody"}, {}):
        assert "no customer with this number" in formatted(open_page("customer", **address))


def test_the_silent_are_called_an_estimate(centre: Settings, open_page: Open) -> None:
    """With a complaint the page shows an estimate, says so, and the factor is changed and taken back."""
    with AppStore(centre).transaction() as app_store:
        app_store.execute(
            "insert into complaints (channel, status, customer_id, received_at, nature, written_at, written_by)"
            " values ('letter', 'open', ?, '2026-03-04T09:00:00+00:00', 'Late.', '2026-03-04T09:00:00+00:00', 'x')",
            (ADA,),
        )
    app = open_page("customers", part="silent", period="all")
    assert [metric.value for metric in app.metric] == ["1", "≈ 26"]
    assert "An estimate, not a count" in formatted(app)
    goals = open_page("goals", lang="en")
    assert "Estimate: ≈ 26 more were as unhappy and said nothing" in formatted(goals)
    assert any("part=silent" in link.proto.query_string for link in goals.get("page_link"))
    app.number_input[0].set_value(10.0)
    press(app, "Save")
    assert app.metric[1].value == "≈ 10"
    app.button(key="undo_silent").click().run()
    assert app.metric[1].value == "≈ 26"
