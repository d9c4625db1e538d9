"""One customer: what happened when, what recurs for them, and what people know of them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import queries, session
from dashboard.components import customers, links
from dashboard.components.call_facts import fact
from dashboard.components.customers import find, segment, timeline
from dashboard.i18n import _, moment, number, seconds

LONGEST_ID = 200


def unknown() -> None:
    """No customer was named, or one nobody knows."""
    st.title(_("Customer"))
    st.info(_("There is no customer with this number. Find one in the list of customers."))
    links.page(links.CUSTOMERS, label=_("Customers") + " →")


def show(row: dict[str, Any]) -> None:
    """The page of a customer who is there."""
    customer_id = str(row["customer_id"])
    links.page(links.CUSTOMERS, label="← " + _("Customers"))
    st.title(_("Customer"))
    customers.said()
    facts = {
        _("Number"): customer_id, _("Calls"): number(row["calls"]), _("Answered"): number(row["answered"]),
        _("Gave up"): number(row["abandoned"]), _("Waited in all"): seconds(row["wait_s"], 0),
        _("First call"): moment(row["first_call_at"]), _("Last call"): moment(row["last_call_at"]),
        _("Complaints"): number(row["complaints"]), _("Promises open"): number(row["open_promises"]),
        _("Surveys answered"): f"{number(row['surveys_answered'])} / {number(row['surveys'])}",
        _("Predicted satisfaction of late"): number(row["recent_satisfaction"], 1), _("Segment"): find.segment(row),
    }  # fmt: skip
    with st.container(horizontal=True, gap="medium", key="customer-facts"):
        for label, value in facts.items():
            fact(label, value)
    left, right = st.columns([5, 3], gap="large")
    with left, st.container(border=True):
        st.header(_("What happened when"))
        timeline.show(customer_id, st.context.theme.type)
    with right:
        with st.container(border=True):
            st.header(_("What you know of them"))
            segment.form(customer_id)
            segment.changes(customer_id)
        with st.container(border=True):
            timeline.promises(customer_id)
            timeline.issues(customer_id)


def main() -> None:
    """Show the customer that the address names."""
    customer_id = str(st.query_params.get("customer_id") or "")[:LONGEST_ID]
    rows = queries.query("registers/customer", customer=customer_id).to_dict("records") if customer_id else []
    if rows:
        try:
            show({str(name): value for name, value in rows[0].items()})
        finally:
            session.note("opened", customer_id=customer_id, detail="customer")
    else:
        unknown()


main()
