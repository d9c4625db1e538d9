"""Customers: find them, call back those nobody reached and some at random, and read what they answer when asked."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, customers, period
from dashboard.components.customers import back, drawn, find, silent, surveys
from dashboard.i18n import N_, _

PAGE = "customers"
PARTS = {
    "find": (N_("Find"), find.show),
    "lost": (N_("Lost callers"), back.show),
    "random": (N_("Random call-backs"), drawn.show),
    "surveys": (N_("Surveys"), surveys.show),
    "silent": (N_("The silent"), silent.show),
}

st.title(_("Customers"))
fields = {
    **period.fields(period.known_queues(), "4_weeks"),
    "part": address.choice(list(PARTS), "find"),
    "find": address.text(80),
    "which": address.choice(list(find.WHICH), "all"),
    "theme": address.text(80),
    "split_surveys": address.choice(list(surveys.SPLITS), "month"),
    "first": address.choice(list(find.SORTS), "calls"),
}
address.adopt(PAGE, fields)
part = st.segmented_control(
    _("Part"), list(PARTS), format_func=lambda code: _(PARTS[code][0]), key="part", required=True,
    label_visibility="collapsed",
)  # fmt: skip
customers.said()
PARTS[part or "find"][1]()
address.publish(PAGE, fields)
