"""What is written in a register shows at once, without publishing, and analysts' examples run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import streamlit as st

from dashboard import queries
from models.app_store import AppStore
from models.complaints import register
from models.publish import publish
from models.settings import Settings
from tests.complaints import centre
from tests.complaints.conftest import NOON, complaint
from tests.conftest import MadeOnce

ALL = {
    "show": "all", "kind": None, "channel": None, "issue": None, "band": None, "week": None, "find": None,
    "limit": 50, "offset": 0, "now": NOON,
}  # fmt: skip
EXAMPLES = (
    "complaints_by_issue",
    "broken_promises",
    "unanswered_feedback",
    "complaint_history",
    "refused_complaint_lines",
)


def called_again(settings: Settings) -> None:
    """A centre without complaints in which one customer called twice."""
    centre.fill(settings, {"first": NOON - timedelta(days=7), "again": NOON - timedelta(days=1)})
    publish(settings)


@pytest.fixture(autouse=True)
def published(settings: Settings, made_once: MadeOnce) -> Iterator[Settings]:
    """That centre, published, and nothing remembered."""
    st.cache_data.clear()
    yield made_once(called_again, settings)
    st.cache_data.clear()


def rows(**filters: Any) -> list[dict[str, Any]]:
    """The register as the page asks for it."""
    return queries.query("registers/complaints", **{**ALL, **filters}).to_dict("records")


def test_a_complaint_shows_at_once_and_so_does_its_change(store: AppStore) -> None:
    """Written, changed and taken back: the next look sees it each time, with the view over it."""
    assert rows() == []
    kept = register.create(store, complaint(promised_for=date(2026, 3, 6)), "Maria", NOON)
    assert [(row["complaint_id"], row["broken_promises"]) for row in rows()] == [(1, 1)]
    wanted = replace(kept.complaint, resolved_at=NOON - timedelta(days=5))
    register.edit(store, 1, kept.complaint, wanted, "Maria", NOON)
    assert [(row["status"], row["broken_promises"]) for row in rows()] == [("resolved", 0)]
    for change in register.history(store, 1):
        register.undo(store, 1, change.change_id, "Maria", NOON)
    assert rows() == []


def test_filters_find_what_they_say(store: AppStore) -> None:
    """Each filter of the list finds its complaint and no other; counts agree with the lists."""
    one = {"customer_id": centre.CUSTOMER, "issue_id": centre.ISSUE, "resolved_at": NOON - timedelta(days=3)}
    given = [
        complaint(nature="Due", promised_for=NOON.date()),
        complaint(nature="Late", promised_for=date(2026, 3, 4)),
        complaint(nature="Again", **one),
        complaint(nature="Ask", resolved_at=NOON - timedelta(days=1), follow_up_at=NOON),
        complaint(nature="Hello", kind="comment", channel="website"),
    ]
    for each in given:
        register.create(store, each, "Maria", NOON)
    found = {
        show: {row["nature"] for row in rows(show=show)}
        for show in ("due", "broken", "follow_up", "unanswered", "open", "done")
    }
    assert found == {
        "due": {"Due"}, "broken": {"Late", "Again"}, "follow_up": {"Ask"}, "unanswered": {"Hello"},
        "open": {"Due", "Late", "Hello"}, "done": {"Again", "Ask"},
    }  # fmt: skip
    counts = queries.row("registers/complaint_counts", now=NOON)
    assert (counts["due_today"], counts["broken"], counts["follow_up_due"], counts["unanswered"]) == (1, 2, 1, 1)
    assert {row["nature"] for row in rows(find="late")} == {"Late"}
    assert [row["issue_name"] for row in rows(issue=centre.ISSUE)] == ["Parcel"]
    assert rows(find="%") == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_for_analysts_run(store: AppStore, name: str) -> None:
    """Each example of the Data page runs on the register as it is, and the ones with rows say them."""
    register.create(store, complaint(kind="comment", promised_for=date(2026, 3, 4)), "Maria", NOON)
    found = queries.example(name)
    assert len(found) or name in ("refused_complaint_lines", "complaints_by_issue")
