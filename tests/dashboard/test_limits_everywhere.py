"""What belongs to another queue reaches nobody with limits: every page and part is opened and searched for one word."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from models.access import people
from models.access.people import Entry, Role
from models.app_store import AppStore
from models.complaints import register
from models.complaints.register import Complaint
from models.customers import callbacks, facts
from models.customers.callbacks import Callback, Customer
from models.customers.facts import Facts
from models.goals import logs
from models.goals.logs import Goodwill
from models.listening import remarks
from models.redaction import wanted
from models.settings import Settings
from models.store import Store, connect_snapshot, first_row
from models.surveys import files
from models.surveys.reading import Scale
from tests.dashboard.conftest import BOSS, FORMULA, Open, claims

ANA = "ana@example.org"
SECRET = "abracadabra"
"""Stands in the words of the call ``hostile`` of the queue support, and in all that people wrote about it below."""
AT = datetime(2026, 2, 28, 12, tzinfo=UTC)

PARTS = [
    ("overview", {}), ("listening", {}),
    *(("waits", {"view": view}) for view in ("kept", "where", "since", "callers", "staffing", "weekly", "targets")),
    ("needs", {}), ("issues", {}),
    *(("goals", {"view": view}) for view in ("goals", "figures", "cost", "self", "policy")),
    *(("customers", {"part": part}) for part in ("find", "lost", "random", "surveys", "silent")),
    ("customers", {"find": FORMULA}), ("customer", {"customer_id": FORMULA}),
    *(("complaints", {"register": part}) for part in ("list", "write", "bring_in")),
    ("complaints", {"seek": SECRET}), ("complaints", {"complaint": "1"}), ("complaints", {"complaint": "2"}),
    ("complaints", {"from_call": "hostile", "from_remark": "1"}),
    *(("team", {"part": part}) for part in ("week", "shelf", "ideas", "goodwill", "calibration")),
    ("calls", {}), ("calls", {"customer": FORMULA}), ("calls", {"said": SECRET}), ("call", {"call_id": "hostile"}),
    *(("data", {"part": part}) for part in ("connect", "dictionary", "examples", "own", "refused")),
]  # fmt: skip


def written_about(settings: Settings, word: str = SECRET) -> None:
    """Everything that people can write about the call ``hostile``, its customer and their colleague, ``word`` in each text."""
    store = AppStore(settings)
    for kind in ("story", "coaching", "issue", "complaint"):
        remarks.write(store, BOSS, "hostile", kind, f"{kind} {word}", 1.0, at=AT)
    logs.read(store, 2, BOSS, f"read {word}", AT)
    logs.clip(store, 1, 0.0, 2.0, f"clip {word}", BOSS, AT)
    logs.give(store, Goodwill("agent-01", date(2026, 2, 28), 5.0, f"gave {word}", "why", FORMULA, "hostile"), BOSS, AT)
    logs.thank(store, f"Ann {word}", date(2026, 2, 28), f"thanks {word}", BOSS, "hostile", AT)
    told = Complaint(f"nature {word}", AT, customer_id=FORMULA, call_id="hostile", customer_name=f"Name {word}")
    register.create(store, told, BOSS, AT)
    gone = register.create(store, told, BOSS, AT)
    register.undo(store, gone.complaint_id, register.history(store, gone.complaint_id)[0].change_id, BOSS, AT)
    for reason, customer in (("lost", FORMULA), ("random", shared_customer(settings))):
        callbacks.record(store, Callback(reason, "hostile", customer, "reached", "yes", f"note {word}"), BOSS, at=AT)  # type: ignore[arg-type]
    callbacks.draw(store, "2026-W09", 1, [Customer(FORMULA, "hostile")], 0, 1, BOSS, AT)
    facts.put(store, Facts(FORMULA), Facts(FORMULA, note=f"fact {word}"), BOSS, AT)
    sheet = f"call_id,open_answer,rating\nhostile,answer {word} that the parcel never came,1\nnone,refused {word},1\n"
    files.load(store, "surveys.csv", sheet.encode(), ["hostile"], Scale(), wanted(settings), BOSS, AT)


def shared_customer(settings: Settings) -> str:
    """A customer who called the queue billing, so whose page Ana may open."""
    snapshot = Store(settings).snapshot_path()
    assert snapshot is not None
    with closing(connect_snapshot(snapshot)) as con:
        return str((first_row(con.execute("select min(customer_id) from calls where queue = 'billing'")) or ("",))[0])


def sent(app: AppTest) -> str:
    """All that a run of a page sends to the browser, tables included."""
    return "\n".join(str(element.proto) for element in (*app.main, *app.sidebar))


@pytest.fixture
def two_queues(signed_in: Settings) -> Settings:
    """Ana may do all that roles allow, in the queue billing alone; everything is written about a call of support."""
    written_about(signed_in)
    roles = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ANALYST})
    people.put(AppStore(signed_in), Entry(ANA, roles, ("billing",), None), BOSS)
    return signed_in


def test_nothing_of_another_queue_is_sent(two_queues: Settings, open_page: Open) -> None:
    """No page or part sends a limited person a word that was said or written about a call of another queue."""
    shared = ("customer", {"customer_id": shared_customer(two_queues)})
    leaks = [
        (page, address)
        for page, address in [*PARTS, shared]
        if SECRET in sent(open_page(page, user=claims(ANA), lang="en", **address)).replace(f'"{SECRET}"', "")
    ]
    assert leaks == []


def test_the_word_is_there_for_others(two_queues: Settings, open_page: Open) -> None:
    """Who has no limits is sent it, so the search above can find it."""
    shared = shared_customer(two_queues)
    for page, address in (
        ("customer", {"customer_id": shared}),
        ("team", {"part": "goodwill"}),
        ("complaints", {"complaint": "1"}),
        ("calls", {"said": SECRET}),
    ):
        assert SECRET in sent(open_page(page, user=claims(BOSS), lang="en", **address)), page
