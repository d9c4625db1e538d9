"""What is read straight from app.sqlite by somebody who may see the calls of one queue only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session
from models.access import people
from models.access.people import Entry, Role
from models.app_store import AppStore, now, week_of
from models.complaints import imports, register
from models.complaints.register import Complaint
from models.listening import calibration, weeks
from models.settings import Settings
from models.store import Store, connect_snapshot, first_row
from tests.dashboard.conftest import BOSS, Open, claims

ANA, PAUL = "ana@example.org", "paul@example.org"
SECRET = "Words of another queue."
THEIRS = b"reference,received_at,nature\nK-1,2026-02-27 10:00,It broke\n"


def listed(settings: Settings, queue: str | None = "billing") -> None:
    """Ana is a supervisor and manager of one queue, or of all."""
    roles = frozenset({Role.SUPERVISOR, Role.MANAGER})
    people.put(AppStore(settings), Entry(ANA, roles, (queue,) if queue else None), BOSS)


def a_call(settings: Settings, queue: str) -> tuple[str, str]:
    """A call of a queue, and its customer, who called no other queue."""
    path = Store(settings).snapshot_path()
    assert path is not None
    con = connect_snapshot(path)
    row = first_row(con.execute(
        "select min(call_id), customer_id from calls where is_known_customer(customer_id) group by customer_id"
        " having min(queue) = ? and max(queue) = ? order by 1 limit 1", [queue, queue]))  # fmt: skip
    con.close()
    assert row is not None
    return str(row[0]), str(row[1])


def told(app: AppTest) -> str:
    """All that a page shows as text, in tables and in fields."""
    shown = [*app.text, *app.markdown, *app.caption, *app.info, *app.text_area, *app.text_input]
    return "\n".join([*(str(one.value) for one in shown), *(frame.value.to_string() for frame in app.dataframe)])


CASES = {
    "of a call of mine": ("billing", True, True, PAUL, True),
    "of a call of others": ("support", True, True, PAUL, False),
    "of a customer of mine": ("billing", False, True, PAUL, True),
    "of a customer of others": ("support", False, True, PAUL, False),
    "of nobody known": ("support", False, False, PAUL, False),
    "of nobody known, my own": ("support", False, False, ANA, True),
}


@pytest.mark.parametrize("gone", [False, True])
def test_a_complaint_by_its_number(signed_in: Settings, open_page: Open, gone: bool) -> None:
    """A complaint of another queue is not there by its number, nor is its history, nor once it was taken back by others; people without
    limits see it; one that names neither call nor customer is seen by whoever wrote it."""
    store, numbers = AppStore(signed_in), {}
    for case, (queue, of_call, of_customer, writer, _is_seen) in CASES.items():
        call_id, customer_id = a_call(signed_in, queue)
        made = Complaint(
            f"{SECRET} ({case})", now(), call_id=call_id if of_call else None,
            customer_id=customer_id if of_customer else None, solution=SECRET,
        )  # fmt: skip
        number = numbers[case] = register.create(store, made, writer).complaint_id
        if gone:
            register.undo(store, number, register.history(store, number)[0].change_id, writer)

    def shown(case: str) -> AppTest:
        return open_page("complaints", user=claims(ANA), lang="en", complaint=str(numbers[case]))

    listed(signed_in)
    for case, (*_, writer, may_see) in CASES.items():
        is_seen = may_see and (writer == ANA or not gone)
        app = shown(case)
        assert (f"{SECRET} ({case})" in told(app)) == is_seen, case
        assert ("There is no complaint with this number." in [info.value for info in app.info]) != is_seen, case
        assert bool([button for button in app.button if button.key in ("undo_complaint", "bring_back")]) == is_seen, (
            case
        )
    listed(signed_in, None)
    assert [case for case in CASES if f"{SECRET} ({case})" not in told(shown(case))] == []


def test_closing_notes(signed_in: Settings, open_page: Open) -> None:
    """A note is read by whoever may see every call that its writer heard that week, on the Team page and on the Overview."""
    store, (other, _customer) = AppStore(signed_in), a_call(signed_in, "support")
    week = week_of(now(), signed_in.zone)
    hear(store, PAUL, other)
    weeks.write_note(store, PAUL, week, SECRET)
    weeks.write_note(store, ANA, week, "What I heard.")
    for page in ("team", "overview"):
        listed(signed_in)
        limited = told(open_page(page, user=claims(ANA), lang="en"))
        assert SECRET not in limited and "What I heard." in limited
        listed(signed_in, None)
        assert SECRET in told(open_page(page, user=claims(ANA), lang="en"))


def hear(store: AppStore, who: str, call_id: str) -> None:
    """Somebody heard ten seconds of a call a moment ago."""
    at = now() - timedelta(minutes=1)
    store.log_heard(who, call_id, "sound", at)
    store.record_heard(who, call_id, [(0.0, 10.0)], 10.0, 60.0, at + timedelta(seconds=30))


def test_files_of_every_queue(signed_in: Settings, open_page: Open) -> None:
    """A file would tell which complaints of others are known: bringing one in is for people without limits; the others are told.

    So is what was brought in before.
    """
    assert imports.bring_in(
        AppStore(signed_in), imports.preview(AppStore(signed_in), "theirs.csv", THEIRS, {}), PAUL
    ).rows_added
    for queue, able in (("billing", False), (None, True)):
        listed(signed_in, queue)
        app = open_page("complaints", user=claims(ANA), lang="en", register="bring_in")
        assert (session.OF_ALL not in told(app), bool(app.get("file_uploader")), "theirs.csv" in told(app)) == (
            able,
        ) * 3


def test_calibration_of_other_queues(signed_in: Settings, open_page: Open) -> None:
    """A set of calls of another queue is listed for its reviewers and for people without limits alone."""
    call_id, _customer = a_call(signed_in, "support")
    calibration.create(AppStore(signed_in), "Set of others", PAUL, [call_id], [PAUL, "zoe@example.org"])
    calibration.create(AppStore(signed_in), "Set of mine", PAUL, [call_id], [PAUL, ANA])
    sets = []
    for queue in ("billing", None):
        listed(signed_in, queue)
        sets.append(open_page("team", user=claims(ANA), lang="en", part="calibration").selectbox(key="set").options)
    assert [sorted(names) for names in sets] == [["Set of mine"], ["Set of mine", "Set of others"]]
