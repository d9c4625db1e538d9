"""The policy: vision, top fives and check-list are written with who and when, undone, and shown as plain text."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import queries
from dashboard.i18n import LANGUAGES
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.goals import policy, registers
from models.settings import Settings
from tests.dashboard.conftest import HOSTILE, Open, call_centre, open_page
from tests.dashboard.shown import formatted, texts
from tests.goals.test_goals_page import centre, published, save

__all__ = ["call_centre", "centre", "open_page", "published"]


def item(store: AppStore, item_id: str) -> policy.Item:
    """One item of the check-list."""
    return next(one for one in policy.items(store) if one.id == item_id)


def test_every_item_of_the_file_has_words_in_every_language() -> None:
    """No item lacks a language, and every group has a name."""
    groups, items = policy.of_file()
    assert all(one.text[language].strip() for one in items for language in LANGUAGES)
    assert {one.group for one in items} == set(groups)


def test_a_tick_says_who_and_keeps_its_evidence(settings: Settings) -> None:
    """Evidence by one and the tick by another are both kept; undo takes back one at a time."""
    store = AppStore(settings)
    register = item(store, "register")
    policy.tick(store, register, "Ana", evidence="Register of 2025")
    policy.tick(store, register, "Ben", done=True)
    found = policy.ticks(store)["register"]
    assert (found.done, found.evidence, found.written_by) == (True, "Register of 2025", "Ben")
    registers.undo(store, policy.TABLES, "Ben")
    assert (policy.ticks(store)["register"].done, policy.ticks(store)["register"].evidence) == (
        False,
        "Register of 2025",
    )


def test_items_are_added_left_out_and_brought_back(settings: Settings) -> None:
    """An own item joins the list; one of the file is left out and taken in again; an empty one is refused."""
    store = AppStore(settings)
    added = policy.add_item(store, " A lamp in the window ", "Ana")
    assert item(store, added).text == {"*": "A lamp in the window"}
    policy.leave_out(store, item(store, "hour"), True, "Ana")
    policy.leave_out(store, item(store, added), True, "Ana")
    assert item(store, "hour").left_out and item(store, added).left_out
    registers.undo(store, policy.TABLES, "Ana")
    assert not item(store, added).left_out
    policy.leave_out(store, item(store, "hour"), False, "Ana")
    assert not item(store, "hour").left_out and item(store, "hour").text["fr"]
    for words in ("  ", "x" * 301):
        with pytest.raises(ChangeRefused):
            policy.add_item(store, words, "Ana")


def test_texts_written_at_once_are_undone_at_once(settings: Settings) -> None:
    """Two of the five in one go, one emptied: one undo brings all back; what two people write apart is kept."""
    store = AppStore(settings)
    policy.write_texts(store, {"complaint_1": "Late parcels"}, "Ana")
    policy.write_texts(store, {"expectation_1": "A person answers"}, "Ben")
    policy.write_texts(store, {"complaint_1": " ", "complaint_2": "Charged twice"}, "Ana")
    assert policy.texts(store) == {"expectation_1": "A person answers", "complaint_2": "Charged twice"}
    registers.undo(store, policy.TABLES, "Ana")
    assert policy.texts(store) == {"expectation_1": "A person answers", "complaint_1": "Late parcels"}
    assert not policy.write_texts(store, {"complaint_5": ""}, "Ana")


def undone(app: AppTest) -> AppTest:
    """The page after the last change was taken back."""
    app.button(key="undo_policy").click().run()
    assert not app.exception
    return app


def test_the_vision_stands_at_the_side_of_every_page(centre: Settings, open_page: Open) -> None:
    """Written in the form, it is in the sidebar of other pages as plain text; undone, it is gone."""
    app = open_page("goals", lang="en", view="policy")
    app.text_area[0].set_value(HOSTILE)
    save(app, "Save", "vision_")
    assert HOSTILE in texts(app)
    other = open_page("waits", lang="en")
    assert HOSTILE in [element.value for element in other.sidebar.text] and "onerror" not in formatted(other)
    undone(app)
    assert HOSTILE not in [element.value for element in open_page("waits", lang="en").sidebar.text]


def test_ticking_in_the_page(centre: Settings, open_page: Open) -> None:
    """A tick is kept with who did it and counted; own items with hostile words stay text; undo takes it back."""
    policy.add_item(queries.app_store(), HOSTILE, HOSTILE)
    app = open_page("goals", lang="en", view="policy")
    box = next(one for one in app.checkbox if one.key.startswith("tick_register_"))
    box.check().run()
    assert policy.ticks(queries.app_store())["register"].written_by == "test@example.com"
    assert "test@example.com" in texts(app) and HOSTILE in texts(app)
    assert "onerror" not in formatted(app) + "".join(one.label for one in app.checkbox)
    undone(app)
    assert policy.ticks(queries.app_store()) == {}


@pytest.mark.parametrize(("lang", "words"), [("en", "0 of 19 in place"), ("fr", "0 sur 19 en place")])
def test_the_check_list_opens_in_every_language(centre: Settings, open_page: Open, lang: str, words: str) -> None:
    """Every item in the reader's language, with how many are in place."""
    app = open_page("goals", lang=lang, view="policy")
    items = policy.items(queries.app_store())
    assert {one.text[lang] for one in items} <= set(texts(app).split("\n"))
    assert len(items) == 19 and any(words in bar.proto.text for bar in app.get("progress"))
