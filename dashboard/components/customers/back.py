"""Lost callers: who gave up waiting and was not reached since, to be called back; with what came of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components import empty, period, tables
from dashboard.components.csv import protected_csv, save
from dashboard.components.customers import known, outcome, value
from dashboard.i18n import _, missing, moment, ngettext, number, seconds

MOST = 50


def show() -> None:
    """The list of the period, those nobody tried yet first."""
    reach = period.reach_of(period.snapshot())
    if reach is None or not period.snapshot()["visits"]:
        empty.no_waits()
        return
    chosen, queues = period.widgets(reach, period.known_queues())
    period.caption(chosen)
    rows = queries.query("registers/to_call_back", start=chosen.start, end=chosen.end, queues=queues, most=MOST)
    outcome.form("lost")
    with st.container(border=True):
        st.header(_("Gave up, and not reached since"))
        if rows.empty:
            st.write(_("Nobody: whoever gave up waiting in these days was answered later, or must not be called."))
        else:
            _progress(rows)
            _table(rows)
    outcome.changes("lost")


def _progress(rows: pd.DataFrame) -> None:
    n, tried, reached = (int(rows[name].iloc[0]) for name in ("customers", "tried", "reached"))
    words = ngettext("{n} customer to call back", "{n} customers to call back", n).format(n=number(n))
    st.progress(
        tried / n,
        words + " · " + _("{tried} called, {reached} reached").format(tried=number(tried), reached=number(reached)),
    )
    st.caption(_("One line per customer, with their newest try. Core customers come first. Who calls again and is answered "
                 "leaves the list; who must not be called is not on it."))  # fmt: skip


def _table(rows: pd.DataFrame) -> None:
    records = rows.to_dict("records")
    shown = pd.DataFrame({
        "customer": rows["customer_id"], "at": rows["entered_at"].map(moment), "queue": rows["queue"].map(known),
        "tries": rows["tries"].map(number), "waited": rows["waited_s"].map(lambda s: seconds(s, 0)),
        "core": [_("core") if not missing(row["is_core"]) and row["is_core"] else "" for row in records],
        "outcome": [value("outcome", row["outcome"]) for row in records], "satisfied": [value("satisfied", row["satisfied"]) for row in records],
        "said": rows["said"].map(known), "who": rows["written_by"].map(known),
    })  # fmt: skip
    columns = {
        "customer": (_("Customer"), "text"), "at": (_("Gave up"), "moment"), "queue": (_("Queue"), "text"),
        "tries": (_("Tries"), "n"), "waited": (_("Waited in all"), "n"), "core": ("", "text"), "outcome": (_("Outcome"), "text"),
        "satisfied": (_("Satisfied"), "text"), "said": (_("What they said"), "text"), "who": (_("Who"), "text"),
    }  # fmt: skip
    place = tables.show(shown, columns, "open_lost", _("Call back"), _("Customers to call back"))
    if place is not None:
        outcome.open_form("lost", str(rows["call_id"].iloc[place]), str(rows["customer_id"].iloc[place]))
    if len(rows) < int(rows["customers"].iloc[0]):
        st.caption(_("The first {n}; choose fewer days to see others.").format(n=number(len(rows))))
    save(_("Save the list as CSV"), lambda: protected_csv(rows), "callers_to_call_back.csv", "lost_csv")
