"""Who stays silent: an estimate from those who complain, with the factor it rests on."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.components import links, period, rights
from dashboard.components.customers import do, history
from dashboard.i18n import N_, _, number
from dashboard.session import writer
from models.access.people import Action
from models.customers import silent

FIELDS = {"value": N_("Stay silent for each one who complains")}


def show() -> None:
    """The estimate of a period, and the factor to change."""
    reach = period.reach_of(period.snapshot())
    if reach is None:
        return
    with st.container(border=True):
        st.header(_("Those who say nothing"))
        chosen, _queues = period.widgets(reach, [])
        period.caption(chosen)
        row = queries.row("registers/silent", start=chosen.start, end=chosen.end)
        first, second = st.columns(2)
        first.metric(_("Customers who complained"), number(row["complainers"]))
        second.metric(
            _("Estimate: as unhappy, but silent"), "≈ " + number(row["stay_silent"]) if row["complainers"] else number(0),
            help=_("Customers who complained × the factor below. Nobody counted these people."),
        )  # fmt: skip
        if not row["complainers"]:
            st.write(_("No complaint is recorded in these days. Complaints come from the Complaints page."))
        st.caption(_("An estimate, not a count. The factor of 26 is often quoted in books on service; how many stay silent depends on "
                     "the trade. Ask your own customers, and write down what you find."))  # fmt: skip
        _factor(float(row["factor"]))


def _factor(known: float) -> None:
    store = queries.app_store()
    with st.expander(_("The factor")):
        with st.form(f"silent_{known}", border=False):
            allowed = rights.may(Action.DECIDE_ISSUES)
            factor = st.number_input(
                _("For each one who complains, so many stay silent"), 0.0, silent.MOST, known, 1.0, "%g"
            )
            if st.form_submit_button(_("Save"), disabled=not allowed):
                do(lambda: silent.put(store, factor, writer(Action.DECIDE_ISSUES)), _("Saved. The estimate uses it."))
        made = silent.history(store)
        if made:
            history(
                made,
                lambda: silent.undo(store, writer(Action.DECIDE_ISSUES)),
                FIELDS,
                lambda change: _("Estimate"),
                "silent",
                action=Action.DECIDE_ISSUES,
            )
        links.page(links.ISSUES, label=_("What problems cost is reckoned on the Issues page") + " →")
