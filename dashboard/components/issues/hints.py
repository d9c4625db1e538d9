"""What listeners heard: their hints at issues, beside what was found in calls, to be placed with an issue or dismissed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import calls, listening, queries, session
from dashboard.components import links, listening_week
from dashboard.components.address import with_language
from dashboard.components.changed import before_and_after
from dashboard.components.goals import do, edition, history, said
from dashboard.components.issues import Row
from dashboard.i18n import DASH, N_, _, ngettext, number
from models.access.people import Action
from models.changes import Change
from models.goals import registers
from models.issues import hints

MOST = 20
"""Open hints that are listed at most, and of those that were looked at."""
FIELDS = {"issue_id": N_("Issue"), "reason": N_("Why not")}


def known() -> list[Row]:
    """Every hint, open ones first; those on calls that the reader is still to judge blind are left out."""
    rows = calls.records(queries.query("registers/listener_hints"))
    return listening.without_blind(rows, lambda row: (row["call_id"], row["reviewer"]))


def counts(rows: Sequence[Row]) -> Counter[str]:
    """Issue → number of hints that were placed with it."""
    return Counter(str(row["issue_id"]) for row in rows if row["status"] == "placed")


def show(rows: Sequence[Row]) -> None:
    """The open hints, and those that were looked at. ``rows``: see ``known``."""
    st.header(_("What listeners heard"))
    st.caption(_("From the listening hour, of every day: remarks “Issue here”, and closing notes. They stand beside what is "
                 "found in transcripts and change no figure."))  # fmt: skip
    said()
    if not rows:
        st.write(_("Nothing yet: while listening, choose “Issue here” below the player, or write a closing note."))
        links.page(links.LISTENING, label=_("Listening hour") + " →", query_params=with_language({}))
        return
    names = {row["issue_id"]: row["name"] for row in calls.records(queries.query("registers/issue_names"))}
    waiting = [row for row in rows if row["status"] == "open"]
    done = [row for row in rows if row["status"] != "open"]
    if not waiting:
        st.write(_("Every hint was looked at."))
    for row in waiting[:MOST]:
        with st.container(border=True, gap="small"):
            words(row)
            if session.may(Action.DECIDE_ISSUES):
                deciding(row, names)
    if len(waiting) > MOST:
        st.caption(
            ngettext("{n} more waits.", "{n} more wait.", len(waiting) - MOST).format(n=number(len(waiting) - MOST))
        )
    if done:
        with st.expander(_("Looked at ({n})").format(n=number(len(done)))):
            for row in done[:MOST]:
                looked_at(row, names)
    if session.may(Action.DECIDE_ISSUES):
        history((hints.TABLE,), "hints", lambda change: _told(change, names), Action.DECIDE_ISSUES, of_people=True)


def of_issue(rows: Sequence[Row], issue_id: str) -> None:
    """Of the hints ``rows`` those that were placed with one issue; nothing where there are none."""
    placed = [row for row in rows if row["status"] == "placed" and row["issue_id"] == issue_id]
    if not placed:
        return
    st.markdown("**" + _("What listeners heard") + "**")
    for row in placed[:MOST]:
        with st.container(border=True, gap="small"):
            words(row)


def words(row: Row) -> None:
    """A hint as it was written, where it was heard, and by whom."""
    st.text(row["text"] or _("Marked without words."))
    with st.container(horizontal=True, vertical_alignment="center"):
        if row["source"] == "note":
            label = _("Closing note, {week}").format(week=listening_week.week_name(row["week"]))
            links.page(links.TEAM, label=label, query_params=with_language({"part": "week", "week": row["week"]}))
        else:
            where = calls.title(row) if row["started_at"] is not None else _("Not published any more")
            links.to_moment(row["call_id"], row["at_s"], where)
        st.text(f"— {row['reviewer']}", width="content")


def deciding(row: Row, names: dict[str, str]) -> None:
    """Which issue a hint is about, or why it is none."""
    key = _key(row)
    store, call_id = queries.app_store(), row["call_id"]
    with st.popover(_("What is it about?"), key=f"{key}_open"), st.form(key, border=False, enter_to_submit=False):
        issue = st.selectbox(
            _("Issue"), list(names), None, format_func=lambda one: names[one], key=f"{key}_issue",
            placeholder=_("Choose an issue"),
        )  # fmt: skip
        place = st.form_submit_button(_("It is about this issue"), key=f"{key}_place")
        reason = st.text_input(
            _("Or why it is none"), max_chars=registers.LONGEST, key=f"{key}_reason", placeholder=_("if you like")
        )
        dismiss = st.form_submit_button(_("Put aside"), key=f"{key}_dismiss")
        if place:
            _do(lambda: hints.place(store, row["hint"], call_id, issue, session.writer(Action.DECIDE_ISSUES)))
        elif dismiss:
            _do(lambda: hints.dismiss(store, row["hint"], call_id, reason, session.writer(Action.DECIDE_ISSUES)))


def looked_at(row: Row, names: dict[str, str]) -> None:
    """A hint with what became of it, and the way to have it looked at anew."""
    with st.container(border=True, gap="small"):
        words(row)
        if row["status"] == "placed":
            told = _("About: {issue}").format(issue=names.get(row["issue_id"], row["issue_id"]))
        else:
            told = _("Put aside: {reason}").format(reason=row["reason"] or DASH)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{told} ({row['decided_by']})", width="content")
            may = session.may(Action.DECIDE_ISSUES)
            if may and st.button(_("Look at it anew"), key=f"{_key(row)}_again", type="tertiary"):
                _do(lambda: hints.reopen(queries.app_store(), row["hint"], session.writer(Action.DECIDE_ISSUES)))


def _key(row: Row) -> str:
    return f"hint_{row['hint'].replace(' ', '_')}_{edition()}"


def _do(what: Callable[[], object]) -> None:
    do(what, _("Saved."))


def _told(change: Change, names: dict[str, str]) -> tuple[str, str]:
    """A decision about a hint, in words."""
    if change.after is None:
        return _hint(change), _("to be looked at anew")

    def show(field: str, value: object) -> str:
        return DASH if value is None else names.get(str(value), str(value)) if field == "issue_id" else str(value)

    return _hint(change), before_and_after(change, FIELDS, show) or _("put aside")


def _hint(change: Change) -> str:
    source, _space, n = str(change.item["hint"]).partition(" ")
    return (_("Closing note {n}") if source == "note" else _("Remark {n}")).format(n=n)
