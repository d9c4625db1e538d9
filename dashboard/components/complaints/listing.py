"""The register as a list: what it asks for today, its age, filters, and saving it as CSV."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, complaint_charts, queries
from dashboard.components import links, period, tables
from dashboard.components.clicks import clicked
from dashboard.components.complaints import CHANNELS, KINDS, STATUSES, Row, issue_names, local
from dashboard.components.csv import protected_csv, save
from dashboard.i18n import DASH, N_, _, date, missing, moment, money, ngettext, number, percent

TO_DO = {
    "open": N_("Still open"), "due": N_("Promised for today"), "broken": N_("Broken promises"), "follow_up": N_("Follow-ups due"),
    "unanswered": N_("Unanswered comments"), "done": N_("Resolved or closed"), "all": N_("All"),
}  # fmt: skip
BANDS = ("0-2", "3-7", "8-14", "15-30", "31+")
PAGE_ROWS = 50
MOST_EXPORTED = 20_000
WEEKS = 12
HIDDEN = ("import_key", "import_id", "complaints", "written_at", "written_by")
"""Columns that a saved list leaves out."""


def figures(at: datetime) -> Row:
    """What the register asks for today; each figure leads to its complaints."""
    counts = queries.row("registers/complaint_counts", now=at)
    if not counts["complaints"]:
        return counts
    told = (
        ("open", _("Open complaints"), counts["open"], _("Half of them are older than {n} days.").format(n=number(counts["median_age_days"]))),
        ("due", _("Promised for today"), counts["due_today"], ""),
        ("broken", _("Broken promises"), counts["broken"], _("The day passed, or the customer called again about it.")),
        ("follow_up", _("Follow-ups due"), counts["follow_up_due"], _("Resolved, and it is time to ask whether the customer is satisfied.")),
        ("unanswered", _("Unanswered comments"), counts["unanswered"], _("From the website, by e-mail and otherwise.")),
    )  # fmt: skip
    with st.container(horizontal=True, key="complaint-figures"):
        for code, label, value, help_text in told:
            with st.container(border=True, width=168, height="stretch", vertical_alignment="distribute"):
                st.caption(label, help=help_text or None)  # wraps, where a metric's label is cut
                st.metric(label, number(value), label_visibility="collapsed")
                st.button(_("Show"), key=f"show_{code}", disabled=not value, on_click=_choose, args=(code,))
    satisfied = percent(counts["satisfied"] / counts["asked"]) if counts["asked"] else DASH
    st.caption(
        _("Satisfied with how it was handled: {share} of {n} asked. Compensation so far: {sum}.").format(
            share=satisfied, n=number(counts["asked"]), sum=money(counts["compensation"], queries.settings().currency)
        )
    )
    return counts


def _choose(code: str, **more: str | None) -> None:
    """List these, and what more must hold; every other filter is cleared."""
    st.session_state.to_do = code
    for name in ("feedback", "came_by", "age", "about", "in_week", "seek"):
        st.session_state[name] = more.get(name, "" if name == "seek" else None)


def _of_age() -> None:
    """A click on an age lists its complaints."""
    if place := clicked("complaint_ages"):
        _choose("open", feedback="complaint", age=place[0])


def _of_week() -> None:
    """A click on a week lists its complaints, of one issue where the bar is one's."""
    if place := clicked("complaint_weeks"):
        _choose("all", feedback="complaint", in_week=place[0], about=place[1] or None)


def pictures(at: datetime, theme: str | None) -> None:
    """How old open complaints are, and complaints by week and issue."""
    ages = queries.query("registers/complaint_ages", now=at)
    start = (at - timedelta(weeks=WEEKS)).replace(hour=0, minute=0)
    weeks = queries.query("registers/complaint_weeks", start=start)
    left, right = st.columns([2, 3])
    if not ages.empty:
        with left.container(border=True):
            st.caption(
                _(
                    "Open complaints by age in days; in the other colour those with a broken promise. A click on a bar lists them."
                )
            )
            st.plotly_chart(
                complaint_charts.ages(ages, BANDS, theme), key="complaint_ages", config=charts.CONFIG, alt=_("Open complaints by age"),
                on_select=_of_age, selection_mode="points",
            )  # fmt: skip
    if not weeks.empty:
        with right.container(border=True):
            st.caption(_("Complaints by week and issue, the last twelve weeks. A click on a bar lists them."))
            st.plotly_chart(
                complaint_charts.weeks(weeks, theme), key="complaint_weeks", config=charts.CONFIG, alt=_("Complaints by week and issue"),
                on_select=_of_week, selection_mode="points",
            )  # fmt: skip


def filters(at: datetime) -> Row:
    """The widgets that narrow the list, as parameters of the query."""
    issues = issue_names()
    if st.session_state.get("about") not in issues:
        st.session_state.about = None
    mondays = _mondays(at)
    if st.session_state.get("in_week") not in mondays:
        st.session_state.in_week = None
    st.segmented_control(_("Show"), list(TO_DO), format_func=lambda code: _(TO_DO[code]), key="to_do", required=True)
    places = st.columns(6)
    places[0].text_input(_("Find"), key="seek", type="search", max_chars=200, placeholder=_("Name, number, words"))
    places[1].selectbox(
        _("Kind"), list(KINDS), None, format_func=lambda code: _(KINDS[code]), key="feedback", placeholder=_("All")
    )
    places[2].selectbox(
        _("Came by"),
        list(CHANNELS),
        None,
        format_func=lambda code: _(CHANNELS[code]),
        key="came_by",
        placeholder=_("All"),
    )
    places[3].selectbox(
        _("Issue"), list(issues), None, format_func=lambda one: issues[one], key="about", placeholder=_("All")
    )
    places[4].selectbox(_("Days open"), list(BANDS), None, key="age", placeholder=_("All"))
    places[5].selectbox(
        _("Received in the week of"), mondays, None, format_func=lambda day: date(Date.fromisoformat(day)), key="in_week",
        placeholder=_("All"),
    )  # fmt: skip
    state = st.session_state
    return {
        "show": state.to_do or "open", "kind": state.feedback, "channel": state.came_by, "issue": state.about,
        "band": state.age, "week": state.in_week, "find": (state.seek or "").strip() or None,
    }  # fmt: skip


def _mondays(at: datetime) -> list[str]:
    """The Mondays of the weeks in the chart, the newest first, as ISO dates of the call centre."""
    this = period.monday(at.astimezone(queries.settings().zone))
    return [(this - timedelta(weeks=n)).isoformat() for n in range(WEEKS + 1)]


def show(chosen: Row, at: datetime) -> None:
    """A page of the complaints that pass, each with a button that opens it, and saving all of them."""
    key = f"complaints_page_{hash(repr(sorted(chosen.items(), key=str)))}"
    page = int(st.session_state.get(key, 1))
    rows = queries.query("registers/complaints", **chosen, now=at, limit=PAGE_ROWS, offset=(page - 1) * PAGE_ROWS)
    if rows.empty:
        st.info(_("No complaint passes these filters."))
        return
    n = int(rows["complaints"].iloc[0])
    st.markdown(f"**{ngettext('{n} complaint or comment', '{n} complaints and comments', n).format(n=number(n))}**")
    row = tables.show(_words(rows), _columns(), "open_complaint", _("Open"), _("Complaints found"))
    if row is not None:
        links.open_complaint(int(rows["complaint_id"].iloc[row]))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if n > PAGE_ROWS:
            st.pagination(-(-n // PAGE_ROWS), key=key)
        save(_("Save as CSV"), lambda: _csv(chosen, at), "complaints.csv", "complaints_csv")


def _csv(chosen: Row, at: datetime) -> bytes:
    """Everything that passes the filters, times in the call centre's zone."""
    rows = queries.query("registers/complaints", **chosen, now=at, limit=MOST_EXPORTED, offset=0)
    kept = rows.drop(columns=[name for name in HIDDEN if name in rows])
    for name in kept.columns:
        if isinstance(kept[name].dtype, pd.DatetimeTZDtype):
            kept[name] = kept[name].dt.tz_convert(queries.settings().time_zone)
    return protected_csv(kept)


def _columns() -> dict[str, tuple[str, str]]:
    return {
        "number": (_("No."), "n"), "state": (_("State"), "state"), "promise": (_("Promise"), "text"), "age": (_("Days"), "n"), "customer": (_("Customer"), "text"),
        "nature": (_("What it is about"), "quote"), "issue": (_("Issue"), "words"),
        "received": (_("Received"), "moment"), "by": (_("Received by"), "text"), "channel": (_("Came by"), "text"),
    }  # fmt: skip


def _words(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are read."""
    return pd.DataFrame({
        "number": rows["complaint_id"].astype(str), "state": [_state(row) for row in rows.to_dict("records")],
        "age": rows["age_days"].map(number),
        "customer": [_first(row, "customer_name", "customer_id", "customer_phone") for row in rows.to_dict("records")],
        "nature": rows["nature"], "promise": [_promise(row) for row in rows.to_dict("records")],
        "issue": [_first(row, "issue_name", "issue_id") for row in rows.to_dict("records")],
        "received": [moment(local(at)) for at in rows["received_at"]],
        "by": [_first(row, "received_by") for row in rows.to_dict("records")],
        "channel": rows["channel"].map(lambda code: _(CHANNELS[code])),
    })  # fmt: skip


def _first(row: Any, *names: str) -> str:
    return next((str(row[name]) for name in names if not missing(row[name])), DASH)


def _state(row: Any) -> str:
    """Status, and what is to be done."""
    more = [
        _("comment without an answer") if row["is_unanswered"] else "",
        _("ask the customer") if row["is_follow_up_due"] else "",
        _("passed up") if not missing(row["escalated_at"]) and row["status"] != "closed" else "",
    ]
    status = row["status"]
    return ", ".join([_(STATUSES[status]), *[word for word in more if word]])


def _promise(row: Any) -> str:
    if row["broken_promises"]:
        return _("broken: called again") if row["broken_by"] == "call" else _("broken: day passed")
    if row["status"] == "promised" and not missing(row["promised_for"]):
        return _("today") if row["promise_state"] == "due today" else date(row["promised_for"])
    return DASH
