"""A page of calls: found, counted, shown, opened, and saved as CSV. Never more than a page leaves the database."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components import call_filters, links, tables
from dashboard.components.csv import protected_csv, save
from dashboard.i18n import DASH, N_, _, duration, missing, moment, ngettext, number, seconds

PAGE_ROWS = 50
MOST_PAGES = 200

OUTCOMES = {
    "answered": N_("answered"),
    "transferred": N_("transferred"),
    "abandoned": N_("abandoned"),
    "timeout": N_("timed out"),
    "key": N_("left by key"),
    "empty": N_("no agent there"),
    "callback": N_("callback"),
}


def show(filters: dict[str, Any]) -> None:
    """The calls that pass the filters, a page at a time."""
    suffix = "_by_visit" if call_filters.by_visit(filters) else ""
    count = queries.row(f"calls_count{suffix}", **filters)
    n = int(count["calls"])
    if not n:
        st.info(_("No call passes these filters. Clear some, or choose other dates."))
        return
    heading(n, int(count.get("visits") or n))
    pages = min(-(-n // PAGE_ROWS), MOST_PAGES)
    key = f"page_{hash(repr(sorted(filters.items())))}"
    page = min(int(st.session_state.get(key, 1)), pages)
    rows = queries.query(f"calls_page{suffix}", **filters, limit=PAGE_ROWS, offset=(page - 1) * PAGE_ROWS)
    table(rows)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key=key)
        download(rows, "calls")
    if n > pages * PAGE_ROWS:
        st.caption(_("The first {n} calls can be paged through; narrow the filters to see others.").format(
            n=number(pages * PAGE_ROWS)))  # fmt: skip


def heading(n: int, visits: int) -> None:
    """How many calls were found, and why a figure of visits may be higher."""
    words = ngettext("{n} call", "{n} calls", n).format(n=number(n))
    if visits != n:
        words += " · " + _("they make {n} visits to a queue").format(n=number(visits))
    st.markdown(f"**{words}**")


def table(rows: pd.DataFrame) -> None:
    """The calls, each with a button that opens it."""
    shown = pd.DataFrame({
        "started_at": rows["started_at"].map(moment),
        "queue": rows["queue"].map(known), "agent": rows["agent_id"].map(known),
        "customer": rows["customer_id"].map(known), "outcome": rows["outcome"].map(outcome),
        "wait": rows["wait_s"].map(lambda wait: seconds(wait, 0)), "length": rows["duration_s"].map(duration),
        "recorded": rows["has_recording"].map(yes_no), "transcribed": rows["has_transcript"].map(yes_no),
    })  # fmt: skip
    columns = {
        "started_at": (_("Began"), "moment"), "queue": (_("Queue"), "text"), "agent": (_("Agent"), "text"),
        "customer": (_("Customer"), "text"), "outcome": (_("Outcome"), "text"), "wait": (_("Wait"), "wait"),
        "length": (_("Length"), "length"), "recorded": (_("Recording"), "text"),
        "transcribed": (_("Transcript"), "text"),
    }  # fmt: skip
    row = tables.show(shown, columns, "open_call", _("Open"), _("Calls found"))
    if row is not None:
        links.open_call(str(rows["call_id"].iloc[row]))


def download(rows: pd.DataFrame, name: str) -> None:
    """A button that saves what is shown as CSV."""
    save(_("Save this page as CSV"), lambda: protected_csv(rows), f"{name}.csv", f"{name}_csv")


def known(value: object) -> str:
    """A text from the data, or a dash."""
    return DASH if missing(value) else str(value)


def outcome(code: object) -> str:
    """How a call left its last queue."""
    return DASH if missing(code) else _(OUTCOMES.get(str(code), str(code)))


def yes_no(value: object) -> str:
    """Yes or no, in words."""
    return _("yes") if value else _("no")
