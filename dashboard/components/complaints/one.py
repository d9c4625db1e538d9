"""One complaint: where it stands, where it comes from, its promises, the form, its history with undo."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import queries, within
from dashboard.components import changed, links, tables
from dashboard.components.complaints import (
    CHANNELS,
    KINDS,
    LABELS,
    STATUSES,
    do,
    issue_names,
    local,
    shown,
    this_minute,
    writing,
)  # fmt: skip
from dashboard.i18n import DASH, N_, _, date, missing, moment, ngettext, number
from dashboard.session import writer
from models.access.people import Action
from models.changes import Change
from models.complaints import register
from models.complaints.register import Kept

PROMISES = {
    "open": N_("still open"), "due today": N_("due today"), "kept": N_("kept"), "moved": N_("moved in time"), "broken": N_("broken"),
}  # fmt: skip
BROKEN = {"date": N_("the day passed"), "call": N_("the customer called again")}


def show(complaint_id: int) -> None:
    """The complaint with this number, or that there is none: also where whoever looks may not see it."""
    kept = register.find(queries.app_store(), complaint_id)
    made = register.history(queries.app_store(), complaint_id)
    by = kept.written_by if kept else made[0].changed_by if made else None
    if not within.complaint(complaint_id, by):
        st.info(_("There is no complaint with this number."))
        return
    if kept is None:
        _gone(complaint_id, bool(made))
    else:
        _facts(kept)
        promises(kept)
        writing.of(kept)
        _pass_up(kept)
    if made:
        _history(complaint_id, made, kept is not None)


def _gone(complaint_id: int, was_there: bool) -> None:
    if not was_there:
        st.info(_("There is no complaint with this number."))
        return
    st.info(_("This complaint was taken back."))
    if st.button(_("Bring it back"), key="bring_back", icon=":material/restore:"):
        do(
            lambda: register.bring_back(queries.app_store(), complaint_id, writer(Action.KEEP_COMPLAINTS)),
            _("It is back."),
        )


def _facts(kept: Kept) -> None:
    """What it is, and the ways to its call and its customer."""
    complaint = kept.complaint
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(_(KINDS[complaint.kind]))
        st.badge(_(STATUSES[kept.status]), color="green" if kept.status in ("resolved", "closed") else "orange")
        st.caption(f"{_(CHANNELS[complaint.channel])} · {moment(local(complaint.received_at))}", width="content")
        if complaint.escalated_to and complaint.escalated_at:
            st.badge(_("passed up"), color="red", icon=":material/arrow_upward:")
            st.text(complaint.escalated_to, width="content")
    st.text(complaint.nature)
    with st.container(horizontal=True):
        if complaint.call_id and not queries.query("call", call_id=complaint.call_id).empty:
            if st.button(_("Listen to its call"), icon=":material/hearing:", key="to_call"):
                links.open_call(complaint.call_id)
        elif complaint.call_id:
            st.caption(_("Its call is not in this snapshot."))
        if complaint.customer_id:
            links.to_customer(complaint.customer_id, _("The customer’s whole history") + " →")


def promises(kept: Kept) -> None:
    """Every promise and what became of it; a broken one is a warning."""
    rows = queries.query("registers/complaint_promises", complaint_id=kept.complaint_id, now=this_minute())
    broken = rows[rows["state"] == "broken"]
    if len(broken):
        n = len(broken)
        st.warning(ngettext("A promise was broken.", "{n} promises were broken.", n).format(n=number(n)))
    if rows.empty:
        return
    table = pd.DataFrame({
        "what": [_("done") if missing(day) else date(day) for day in rows["promised_for"]],
        "made": rows["made_at"].map(moment), "who": rows["made_by"],
        "state": [_(PROMISES[state]) + ("" if missing(by) else ": " + _(BROKEN[by])) for state, by in zip(rows["state"], rows["broken_by"], strict=True)],
        "at": rows["broken_at"].map(moment),
    })  # fmt: skip
    columns = {
        "what": (_("Promised by"), "text"), "state": (_("What became of it"), "text"), "made": (_("Promised on"), "moment"),
        "who": (_("Written by"), "text"), "at": (_("Broken on"), "moment"),
    }  # fmt: skip
    has_call = rows["broken_call_id"].notna().any()
    row = tables.show(table, columns, "promise_call", _("Call") if has_call else None, _("Promises"))
    if row is not None and not missing(rows["broken_call_id"].iloc[row]):
        links.open_call(str(rows["broken_call_id"].iloc[row]))


def _pass_up(kept: Kept) -> None:
    """Pass it up to somebody."""
    with st.popover(_("Pass it up"), icon=":material/arrow_upward:", key="pass_up"):
        to = st.text_input(_("Passed up to"), kept.complaint.escalated_to or "", max_chars=200, key="escalate_to")
        if st.button(_("Pass it up"), key="escalate"):
            do(
                lambda: _escalated(kept.complaint_id, to),
                _("Passed up."),
            )  # fmt: skip


def _escalated(complaint_id: int, to: str) -> None:
    register.escalate(queries.app_store(), complaint_id, to, writer(Action.KEEP_COMPLAINTS))
    writing.forget(str(complaint_id))


def _history(complaint_id: int, made: list[Change], is_there: bool) -> None:
    """Every change, newest first, and the button that takes the newest back."""
    issues = issue_names()
    st.header(_("History"))
    newest = changed.newest(made)
    if is_there and newest and st.button(_("Undo the last change"), icon=":material/undo:", key="undo_complaint"):
        seen = newest.change_id
        do(lambda: _undone(complaint_id, seen), _("Undone."))
    columns = {"what": (_("What"), "quote", [_words(change, issues) for change in made])}
    changed.table(made, columns, "complaint_history")


def _undone(complaint_id: int, seen: int) -> None:
    register.undo(queries.app_store(), complaint_id, seen, writer(Action.KEEP_COMPLAINTS))
    writing.forget(str(complaint_id))


def _words(change: Change, issues: dict[str, str]) -> str:
    """What a change changed, in one line."""
    if change.before is None and change.after is None:
        return DASH
    if change.after is None:
        return _("Taken back")
    told = changed.before_and_after(change, LABELS, lambda field, value: shown(field, value, issues))
    return (_("Written") + ". " if change.before is None else "") + told or DASH
