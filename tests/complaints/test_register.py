"""Writing complaints: what is refused, what history keeps, and two people at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.app_store import AppStore
from models.complaints import register
from models.complaints.register import Complaint
from models.errors import ChangeRefused
from tests.complaints.conftest import NOON, complaint

HOUR = timedelta(hours=1)


def test_a_complaint_is_read_as_it_was_written(store: AppStore) -> None:
    """Every field comes back with its type: moments aware, days as dates, yes and no as such."""
    full = complaint(
        customer_name="  Ana Diaz ", resolved_at=NOON - HOUR, done_on_spot=False, promised_for=date(2026, 3, 6),
        satisfied_after="yes", would_buy_again="unknown", compensation_value=12.5, steps="", follow_up_at=NOON,
    )  # fmt: skip
    kept = register.create(store, full, "Maria", NOON)
    read = register.find(store, kept.complaint_id)
    assert read is not None and read.complaint == register.tidy(full)
    assert (read.complaint.customer_name, read.complaint.steps, read.written_by) == ("Ana Diaz", None, "Maria")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"nature": "  "}, "about"),
        ({"received_at": NOON + HOUR}, "future"),
        ({"resolved_at": complaint().received_at - HOUR}, "before it was received"),
        ({"answered_at": complaint().received_at - HOUR}, "before it was received"),
        ({"compensation_value": -1.0}, "0 or more"),
        ({"compensation_value": float("nan")}, "0 or more"),
        ({"satisfied_after": "yes"}, "when it was resolved"),
        ({"escalated_at": NOON}, "passed up"),
        ({"channel": "pigeon"}, "choice"),
        ({"steps": "x" * 4001}, "4,000"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(store: AppStore, fields: dict[str, Any], word: str) -> None:
    """What makes no sense is refused with a sentence that says what, and nothing is written."""
    with pytest.raises(ChangeRefused, match=word):
        register.create(store, complaint(**fields), "Maria", NOON)
    assert register.find(store, 1) is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "open"),
        ({"promised_for": date(2026, 3, 9)}, "promised"),
        ({"promised_for": date(2026, 3, 9), "resolved_at": NOON}, "resolved"),
        ({"resolved_at": NOON, "satisfied_after": "no"}, "open"),
        ({"promised_for": date(2026, 3, 20), "resolved_at": NOON, "satisfied_after": "no"}, "promised"),
        ({"resolved_at": NOON, "satisfied_after": "no", "closed_at": NOON}, "closed"),
        ({"kind": "comment", "answered_at": NOON}, "resolved"),
        ({"kind": "complaint", "answered_at": NOON}, "open"),
    ],
)
def test_the_status_follows_from_the_rest(fields: dict[str, Any], status: str) -> None:
    """Nobody sets a status: it says what the other fields say, and who is not satisfied has an open complaint."""
    assert register.status_of(complaint(**fields)) == status


def test_two_people_who_change_different_fields_lose_nothing(store: AppStore) -> None:
    """Both saw the same complaint; the second save keeps the first one's field and adds its own."""
    kept = register.create(store, complaint(), "Maria", NOON)
    seen = kept.complaint
    register.edit(store, kept.complaint_id, seen, replace(seen, steps="New parcel sent."), "Maria", NOON)
    saved = register.edit(store, kept.complaint_id, seen, replace(seen, compensation="Voucher"), "Paul", NOON)
    assert saved.changed and saved.conflicts == ()
    assert (saved.kept.complaint.steps, saved.kept.complaint.compensation) == ("New parcel sent.", "Voucher")


def test_the_second_of_two_is_told_what_the_first_wrote(store: AppStore) -> None:
    """Of one field, the first one's words stay, the second learns of both; what they changed besides is kept."""
    kept = register.create(store, complaint(), "Maria", NOON)
    seen = kept.complaint
    register.edit(store, kept.complaint_id, seen, replace(seen, solution="Refund"), "Maria", NOON)
    wanted = replace(seen, solution="New parcel", prevention="Stronger boxes")
    saved = register.edit(store, kept.complaint_id, seen, wanted, "Paul", NOON)
    assert [(c.field, c.theirs, c.wanted) for c in saved.conflicts] == [("solution", "Refund", "New parcel")]
    assert (saved.kept.complaint.solution, saved.kept.complaint.prevention) == ("Refund", "Stronger boxes")
    now = saved.kept.complaint
    again = register.edit(store, kept.complaint_id, now, replace(now, solution="New parcel"), "Paul", NOON)
    assert again.conflicts == () and again.kept.complaint.solution == "New parcel"


WORDS = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
SOME = st.fixed_dictionaries({"steps": WORDS, "solution": WORDS, "prevention": WORDS, "received_by": WORDS})


@given(SOME, SOME, SOME)
def test_merging_forgets_nobody(seen: dict[str, Any], first: dict[str, Any], second: dict[str, Any]) -> None:
    """For any two edits of one complaint: each field is one of both, and a change that is not there is told."""
    base, one, two = (complaint(**fields) for fields in (seen, first, second))
    merged, conflicts = register.merge(base, two, one)
    told = {conflict.field for conflict in conflicts}
    for name in seen:
        ours, theirs = getattr(two, name), getattr(one, name)
        assert getattr(merged, name) in (ours, theirs)
        if ours != getattr(base, name):
            assert getattr(merged, name) == ours or name in told
        else:
            assert getattr(merged, name) == theirs and name not in told


def test_undo_goes_back_step_by_step_and_history_keeps_all(store: AppStore) -> None:
    """Each undo takes back one change of this complaint alone; the last one takes the complaint itself back."""
    kept, other = (register.create(store, complaint(nature=text), "Maria", NOON) for text in ("One", "Two"))
    number = kept.complaint_id
    register.edit(store, number, kept.complaint, replace(kept.complaint, steps="Looking"), "Paul", NOON)
    for left in ({"steps": None}, None):
        newest = next(c for c in register.history(store, number) if c.undoes is None and not c.is_undone)
        register.undo(store, number, newest.change_id, "Maria", NOON)
        read = register.find(store, number)
        assert (read and {"steps": read.complaint.steps}) == left
    assert len(register.history(store, number)) == 4
    assert register.find(store, other.complaint_id) is not None
    assert register.bring_back(store, number, "Paul", NOON).complaint == kept.complaint
    assert register.create(store, complaint(), "Maria", NOON).complaint_id == 3


def test_undo_takes_back_nothing_unseen(store: AppStore) -> None:
    """Who wants to undo a change that is no longer the newest is told so, and nothing is taken back."""
    kept = register.create(store, complaint(), "Maria", NOON)
    (made,) = register.history(store, kept.complaint_id)
    register.edit(store, kept.complaint_id, kept.complaint, replace(kept.complaint, steps="Looking"), "Paul", NOON)
    with pytest.raises(ChangeRefused, match="meanwhile"):
        register.undo(store, kept.complaint_id, made.change_id, "Maria", NOON)
    read = register.find(store, kept.complaint_id)
    assert read is not None and read.complaint.steps == "Looking"


def test_undo_never_removes_a_complaint_whose_history_was_erased(store: AppStore) -> None:
    """When retention has emptied the change log, nothing can be taken back: the complaint stays."""
    kept = register.create(store, complaint(), "Maria", NOON)
    with store.transaction() as connection:
        connection.execute("update changes set before = null, after = null")
    (made,) = register.history(store, kept.complaint_id)
    with pytest.raises(ChangeRefused, match="nothing left"):
        register.undo(store, kept.complaint_id, made.change_id, "Maria", NOON)
    assert register.find(store, kept.complaint_id) is not None


def test_numbers_of_complaints_taken_back_are_not_used_again(store: AppStore) -> None:
    """A new complaint never gets the history of one that was taken back."""
    kept = register.create(store, complaint(), "Maria", NOON)
    (made,) = register.history(store, kept.complaint_id)
    register.undo(store, kept.complaint_id, made.change_id, "Maria", NOON)
    assert register.create(store, complaint(), "Maria", NOON).complaint_id == kept.complaint_id + 1


def test_a_reference_is_there_once(store: AppStore) -> None:
    """Two complaints can't have one number of another system, neither when written nor when changed."""
    register.create(store, complaint(reference="K-1"), "Maria", NOON)
    with pytest.raises(ChangeRefused, match="reference"):
        register.create(store, complaint(reference="K-1"), "Maria", NOON)
    other = register.create(store, complaint(), "Maria", NOON)
    with pytest.raises(ChangeRefused, match="reference"):
        register.edit(
            store, other.complaint_id, other.complaint, replace(other.complaint, reference="K-1"), "Maria", NOON
        )


def test_passing_up_says_to_whom_and_when(store: AppStore) -> None:
    """Escalating keeps the name and the moment; without a name it is refused."""
    kept = register.create(store, complaint(), "Maria", NOON)
    saved = register.escalate(store, kept.complaint_id, "Head of service", "Maria", NOON)
    assert (saved.kept.complaint.escalated_to, saved.kept.complaint.escalated_at) == ("Head of service", NOON)
    with pytest.raises(ChangeRefused, match="passed up"):
        register.escalate(store, kept.complaint_id, " ", "Maria", NOON)


def test_every_field_is_a_column(store: AppStore) -> None:
    """The dataclass and the table agree, so that no field is lost on its way."""
    with store.reading() as connection:
        columns = {row[1] for row in connection.execute("pragma table_info(complaints)")}
    assert columns == {*Complaint.__dataclass_fields__, "complaint_id", "status", "written_at", "written_by"}
