"""A call centre with one issue and one customer's calls about it, for the views of complaints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models.app_store import AppStore
from models.issues import decisions
from models.publish import publish
from models.settings import Settings
from models.store import Store

ISSUE = "parcel1"
CUSTOMER = "+33199000001"
CALL = """
insert into calls (call_id, started_at, queue, agent_id, customer_id, duration_s, has_recording, has_transcript, visits)
values ($call_id, $at, 'orders', 'ana.diaz', $customer, 60, false, true, 0)
"""
SAID = """
insert into problem_statements (call_id, statement_no, turn_no, language, quote, words, answer, issue_id, split_id, likeness)
values ($call_id, 1, 2, 'en', 'My parcel never arrived.', ['parcel'], ['trace'], $issue, null, 0.9)
"""
READ = (
    "insert into statement_calls (call_id, transcript_loaded_at, version, troubled) values ($call_id, now(), '1', true)"
)


def fill(settings: Settings, calls: Mapping[str, datetime], customer: str = CUSTOMER, issue: str = ISSUE) -> None:
    """Load calls of one customer (call_id → when it began) in which they say that their parcel never arrived."""
    with Store(settings).writing() as con:
        known = con.execute("select 1 from found_issues where issue_id = $issue", {"issue": issue}).fetchall()
        if not known:
            con.execute(
                "insert into found_issues (issue_id, language, machine_name, phrases, quote, quote_call_id, quote_turn_no, named_for)"
                " values ($issue, 'en', 'Parcel', ['parcel'], 'My parcel never arrived.', 'x', 2, 1)",
                {"issue": issue},
            )
        for call_id, at in calls.items():
            con.execute(CALL, {"call_id": call_id, "at": at, "customer": customer})
            con.execute(SAID, {"call_id": call_id, "issue": issue})
            con.execute(READ, {"call_id": call_id})
    decisions.decide(AppStore(settings), issue, {"owner": "Ana"}, "test")  # so that few calls make an issue


def published(settings: Settings) -> str:
    """Publish, and give the path of the snapshot."""
    return str(publish(settings).path)
