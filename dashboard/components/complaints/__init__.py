"""The parts of the Complaints page. What customers and files say is shown as plain text, whatever it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as Date
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import queries
from dashboard.components import changed
from dashboard.i18n import DASH, N_, _, date, missing, moment, money
from models.app_store import now
from models.complaints.register import MOMENTS

Row = dict[str, Any]
SAID = "_complaints_said"
"""Where a word on what happened waits for the page to be shown again."""

LABELS = {
    "kind": N_("Kind"), "channel": N_("Came by"), "customer_name": N_("Customer’s name"), "customer_address": N_("Address"),
    "customer_phone": N_("Phone"), "customer_id": N_("Customer number"), "received_by": N_("Received by"),
    "received_at": N_("Received"), "resolved_at": N_("Resolved"), "nature": N_("What it is about"), "issue_id": N_("Issue"),
    "call_id": N_("Call"), "solution": N_("Agreed solution"), "done_on_spot": N_("Done on the spot"),
    "promised_for": N_("Promised by"), "steps": N_("Steps under way"), "follow_up_at": N_("Follow-up"),
    "satisfied_after": N_("Satisfied after"), "would_buy_again": N_("Would buy again"),
    "compensation_value": N_("Worth of the compensation"), "compensation": N_("What was given"), "prevention": N_("How to prevent it"),
    "answered_at": N_("Answered on"), "escalated_to": N_("Passed up to"), "escalated_at": N_("Passed up"), "closed_at": N_("Closed"),
    "reference": N_("Reference"),
}  # fmt: skip
"""Field → what people call it, in the order of the form."""
KINDS = {"complaint": N_("Complaint"), "comment": N_("Comment")}
CHANNELS = {
    "call": N_("Call"), "letter": N_("Letter"), "email": N_("E-mail"), "website": N_("Website"), "chat": N_("Chat"),
    "visit": N_("Visit"), "other": N_("Other"),
}  # fmt: skip
STATUSES = {"open": N_("open"), "promised": N_("promised"), "resolved": N_("resolved"), "closed": N_("closed")}
ANSWERS = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Unknown")}
FLAGS = {True: N_("Yes"), False: N_("No")}
CODES: dict[str, dict[Any, str]] = {
    "kind": KINDS, "channel": CHANNELS, "satisfied_after": ANSWERS, "would_buy_again": ANSWERS, "done_on_spot": FLAGS,
}  # fmt: skip


def said() -> None:
    """The word on what just happened."""
    if words := st.session_state.pop(SAID, None):
        st.success(words)


def do(what: Callable[[], object], words: str = "") -> None:
    """Write something and show the page as it now is, with ``words`` or what ``what`` says; a refusal is said."""
    changed.do(what, SAID, words)


def this_minute() -> datetime:
    """Now, to the minute, so that queries about now are remembered for as long."""
    return now().replace(second=0, microsecond=0)


def local(at: Any) -> datetime | None:
    """A moment in the call centre's time zone."""
    if missing(at):
        return None
    read = datetime.fromisoformat(at) if isinstance(at, str) else at
    return read.astimezone(queries.settings().zone)


def shown(field: str, value: Any, issues: dict[str, str]) -> str:
    """The value of a field in words, as it is in a complaint, in a change, or in a result."""
    if missing(value) or value == "":
        return DASH
    if field in MOMENTS:
        return moment(local(value))
    if field == "promised_for":
        return date(Date.fromisoformat(value) if isinstance(value, str) else value)
    if field == "compensation_value":
        return money(float(value), queries.settings().currency)
    if field in CODES:
        code = bool(value) if field == "done_on_spot" else value
        return _(CODES[field].get(code, str(value)))
    return issues.get(str(value), str(value)) if field == "issue_id" else str(value)


def issue_names() -> dict[str, str]:
    """Id → name of every recurring issue, the most frequent first."""
    rows = queries.query("registers/issue_names")
    return {str(row["issue_id"]): str(row["name"]) for row in rows.to_dict("records")}
