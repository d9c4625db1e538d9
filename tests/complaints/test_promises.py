"""What becomes of promises and complaints by a given moment: the views, given and expected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.app_store import AppStore
from models.complaints import register
from models.settings import Settings
from models.store import connect_snapshot
from tests.complaints import centre
from tests.complaints.conftest import NOON, complaint

DAY = timedelta(days=1)
CALLS = {"first": NOON - 7 * DAY, "again": NOON + 3 * DAY}
OF_CUSTOMER = {"customer_id": centre.CUSTOMER, "issue_id": centre.ISSUE, "call_id": "first"}
RECEIVED = NOON - 7 * DAY


@pytest.fixture
def con(settings: Settings, store: AppStore) -> Iterator[Any]:
    """Opens a snapshot of the complaints written so far, with two calls of one customer about the same issue."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def opening() -> duckdb.DuckDBPyConnection:
        if not opened:
            centre.fill(settings, CALLS)
        con = connect_snapshot(Path(centre.published(settings)))
        opened.append(con)
        return con

    yield opening
    for one in opened:
        one.close()


def promises(con: duckdb.DuckDBPyConnection, at: datetime) -> list[tuple[Any, ...]]:
    """(day, state, broken by, call) of each promise by ``at``, in the order they were made."""
    return con.execute(
        "select promised_for, state, broken_by, broken_call_id from complaint_promises_at($at) order by made_at",
        {"at": at},
    ).fetchall()


@pytest.mark.parametrize(
    ("at", "state", "by"),
    [
        (datetime(2026, 3, 7, 22, 59, tzinfo=UTC), "open", None),
        (datetime(2026, 3, 7, 23, tzinfo=UTC), "due today", None),
        (datetime(2026, 3, 8, 22, 59, tzinfo=UTC), "due today", None),
        (datetime(2026, 3, 8, 23, tzinfo=UTC), "broken", "date"),
    ],
)
def test_a_promise_is_broken_when_its_local_day_has_passed(con: Any, store: AppStore, at: datetime, state: str, by: str | None) -> None:  # fmt: skip
    """Promised for 8 March in Paris: due all that day, broken from its last second on, in local time."""
    register.create(store, complaint(received_at=RECEIVED, promised_for=date(2026, 3, 8)), "Maria", RECEIVED)
    assert promises(con(), at) == [(date(2026, 3, 8), state, by, None)]


def test_what_is_resolved_in_time_is_kept_and_late_is_broken(con: Any, store: AppStore) -> None:
    """Resolving on the day keeps the promise; resolving after it does not mend it."""
    for resolved in (NOON, NOON + 2 * DAY):
        made = complaint(received_at=RECEIVED, promised_for=date(2026, 3, 9), resolved_at=resolved)
        register.create(store, made, "Maria", NOON)
    assert {row[1] for row in promises(con(), NOON + 9 * DAY)} == {"kept", "broken"}


def test_moving_the_date_hides_no_broken_promise(con: Any, store: AppStore) -> None:
    """A date that is replaced in time was moved; one that is replaced after it passed stays broken."""
    made = complaint(received_at=RECEIVED, promised_for=date(2026, 3, 6))
    kept = register.create(store, made, "Maria", RECEIVED)
    seen = kept.complaint
    for at, day in ((NOON - 4 * DAY, 8), (NOON + DAY, 12)):
        wanted = replace(seen, promised_for=date(2026, 3, day))
        seen = register.edit(store, kept.complaint_id, seen, wanted, "Maria", at).kept.complaint
    assert promises(con(), NOON + 2 * DAY) == [
        (date(2026, 3, 6), "moved", None, None),
        (date(2026, 3, 8), "broken", "date", None),
        (date(2026, 3, 12), "open", None, None),
    ]


def test_a_date_that_was_undone_was_no_promise(con: Any, store: AppStore) -> None:
    """A slip of the pen that was taken back counts neither as a promise nor as a broken one."""
    kept = register.create(store, complaint(received_at=RECEIVED), "Maria", RECEIVED)
    wanted = replace(kept.complaint, promised_for=date(2026, 3, 3))
    register.edit(store, kept.complaint_id, kept.complaint, wanted, "Maria", RECEIVED)
    newest = register.history(store, kept.complaint_id)[0]
    register.undo(store, kept.complaint_id, newest.change_id, "Maria", NOON)
    assert promises(con(), NOON) == []


def test_a_later_call_on_the_same_issue_breaks_what_was_said_to_be_done(con: Any, store: AppStore) -> None:
    """Resolved on Monday, and on Thursday the customer calls about it again: broken by that call, from then on."""
    register.create(store, complaint(received_at=RECEIVED, resolved_at=NOON, **OF_CUSTOMER), "Maria", NOON)
    view = con()
    assert promises(view, NOON + 2 * DAY) == [(None, "kept", None, None)]
    assert promises(view, NOON + 4 * DAY) == [(None, "broken", "call", "again")]


@pytest.mark.parametrize(
    "fields",
    [
        {"customer_id": "+33199000002"},
        {"issue_id": None},
        {"resolved_at": NOON + 4 * DAY},
        {"satisfied_after": "yes", "follow_up_at": NOON + 2 * DAY},
    ],
)
def test_other_calls_break_nothing(con: Any, store: AppStore, fields: dict[str, Any]) -> None:
    """Somebody else's call, one about something else, one before it was done, or after the customer was satisfied."""
    given = {"received_at": RECEIVED, "resolved_at": NOON, **OF_CUSTOMER, **fields}
    register.create(store, complaint(**given), "Maria", NOON)
    assert promises(con(), NOON + 9 * DAY) == [(None, "kept", None, None)]


def test_states_say_what_is_to_be_done(con: Any, store: AppStore) -> None:
    """Age in local days with its band, the follow-up that is due, the comment without an answer."""
    register.create(store, complaint(received_at=NOON - 10 * DAY), "Maria", NOON)
    resolved = complaint(received_at=NOON - 5 * DAY, resolved_at=NOON - 4 * DAY, follow_up_at=NOON)
    register.create(store, resolved, "Maria", NOON)
    register.create(store, complaint(kind="comment", channel="website"), "Maria", NOON)
    register.create(store, complaint(kind="comment", channel="website", answered_at=NOON), "Maria", NOON)
    rows = con().execute(
        "select is_open, age_days, age_band, is_follow_up_due, is_unanswered from complaint_states_at($at) order by complaint_id",
        {"at": NOON},
    ).fetchall()  # fmt: skip
    assert rows[:2] == [(True, 10, "8-14", False, False), (False, 1, "0-2", True, False)]
    assert [row[4] for row in rows[2:]] == [True, False]


def test_analysts_see_every_change(con: Any, store: AppStore) -> None:
    """complaint_changes has who, when, before and after of each field, and what was undone."""
    kept = register.create(store, complaint(), "Maria", NOON)
    register.edit(store, 1, kept.complaint, replace(kept.complaint, steps="Looking"), "Paul", NOON)
    register.undo(store, 1, register.history(store, 1)[0].change_id, "Maria", NOON)
    rows = con().execute(
        "select changed_by, before, after, is_undone from complaint_changes where field = 'steps' order by change_id"
    ).fetchall()  # fmt: skip
    assert rows == [("Paul", None, "Looking", True), ("Maria", "Looking", None, False)]


def test_the_views_are_those_of_now(con: Any, store: AppStore) -> None:
    """complaint_promises and complaint_states are the macros at this moment."""
    register.create(store, complaint(promised_for=date(2026, 3, 6)), "Maria", NOON)
    view = con()
    with closing(view.cursor()) as cursor:
        assert cursor.execute("select state from complaint_promises").fetchall() == [("broken",)]
        assert cursor.execute("select broken_promises from complaint_states").fetchall() == [(1,)]
