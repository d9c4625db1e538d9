"""Customers found: who called most, who gave up, who is dear to the company; each leads to the customer's page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components import links, tables
from dashboard.components.csv import protected_csv, save
from dashboard.components.customers import value
from dashboard.i18n import DASH, N_, _, missing, moment, money, ngettext, number

PAGE_ROWS = 50
MOST_PAGES = 200
WHICH = {
    "all": N_("All"), "core": N_("Core customers"), "professional": N_("Professional"), "end_user": N_("End users"),
    "inside": N_("Inside the company"), "hard": N_("Hard on staff"), "do_not_call": N_("Not to be called"),
}  # fmt: skip
SORTS = {
    "calls": N_("who called most"), "last": N_("who called last"), "abandoned": N_("who gave up most"), "complaints": N_("who complained most"),
    "unhappy": N_("who went away least satisfied"), "value": N_("who brings most"),
}  # fmt: skip
NAMED = ("is_core", "kind", "place", "is_hard_on_staff", "do_not_call", "source_segment")


def show() -> None:
    """The search, the list, and the way to each."""
    with st.container(border=True):
        place = st.columns([3, 2, 2])
        place[0].text_input(
            _("Customer"), key="find", type="search", max_chars=80, placeholder=_("Number, or part of it")
        )
        place[1].selectbox(_("Which"), list(WHICH), format_func=lambda code: _(WHICH[code]), key="which")
        place[2].selectbox(_("First"), list(SORTS), format_func=lambda code: _(SORTS[code]), key="first")
        given = {"find": st.session_state.find.strip() or None, "which": st.session_state.which}
        n = int(queries.row("registers/customers_count", **given)["customers"])
        if not n:
            _nobody(given)
            return
        st.markdown(f"**{ngettext('{n} customer', '{n} customers', n).format(n=number(n))}**")
        pages = min(-(-n // PAGE_ROWS), MOST_PAGES)
        key = f"customers_page_{hash(repr(given))}"
        page = min(int(st.session_state.get(key, 1)), pages)
        rows = queries.query(
            "registers/customers_page",
            **given,
            first=st.session_state.first,
            limit=PAGE_ROWS,
            offset=(page - 1) * PAGE_ROWS,
        )
        table(rows)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            if pages > 1:
                st.pagination(pages, key=key)
            save(_("Save this page as CSV"), lambda: protected_csv(rows), "customers.csv", "customers_csv")
        st.caption(_("Callers without a number can’t be told apart and are left out. Predicted satisfaction is the mean of a "
                     "customer’s last three judged calls, −2 to 2."))  # fmt: skip


def _nobody(given: dict[str, Any]) -> None:
    if given["find"] is None and given["which"] == "all":
        st.info(_("No caller’s number is known. Queue logs and recordings with caller numbers bring customers in."))
    elif given["which"] != "all" and given["find"] is None:
        st.info(_("Nobody is marked so yet. Open a customer and write down what you know of them."))
    else:
        st.info(_("No customer fits. Clear the search, or look among all."))


def table(rows: pd.DataFrame) -> None:
    """The customers, each with a button that opens them."""
    currency = queries.settings().currency
    shown = pd.DataFrame({
        "customer": rows["customer_id"], "calls": rows["calls"].map(number), "answered": rows["answered"].map(number),
        "abandoned": rows["abandoned"].map(number), "complaints": rows["complaints"].map(number), "last": rows["last_call_at"].map(moment),
        "satisfaction": rows["recent_satisfaction"].map(lambda mean: number(mean, 1)),
        "value": [money(worth, currency) for worth in rows["lifetime_value"]],
        "segment": [segment(row) for row in rows.to_dict("records")],
    })  # fmt: skip
    columns = {
        "customer": (_("Customer"), "text"), "calls": (_("Calls"), "n"), "answered": (_("Answered"), "n"),
        "abandoned": (_("Gave up"), "n"), "complaints": (_("Complaints"), "n"), "last": (_("Last call"), "moment"),
        "satisfaction": (_("Predicted satisfaction"), "n"), "value": (_("Brings"), "n"), "segment": (_("Segment"), "text"),
    }  # fmt: skip
    place = tables.show(shown, columns, "open_customer", _("Open"), _("Customers found"))
    if place is not None:
        links.open_customer(str(rows["customer_id"].iloc[place]))


def segment(row: dict[Any, Any]) -> str:
    """What people know of a customer, in a few words; what the source says where they know nothing."""
    told = {name: None if missing(row[name]) else row[name] for name in NAMED}
    parts = [
        _("core") if told["is_core"] else "",
        value("kind", told["kind"]) if told["kind"] else "",
        value("place", told["place"]) if told["place"] else "",
        _("hard on staff") if told["is_hard_on_staff"] else "",
        _("not to be called") if told["do_not_call"] else "",
        str(told["source_segment"] or ""),
    ]
    return ", ".join(part for part in parts if part) or DASH
