"""Where the target is not kept: half hours of the week, each with its calls, and under four definitions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components import slots, tables
from dashboard.components.waits import View
from dashboard.i18n import N_, _, clock_of, number, percent, weekday

DEFINITIONS = {
    "own": (N_("Your target’s"), N_("answered in time ÷ (answered + the abandons and flow-outs that the target counts)")),
    "of_offered": (N_("Of all offered"), N_("answered in time ÷ offered")),
    "with_quick_abandons": (N_("Quick abandons as kept"), N_("(answered in time + abandoned in time) ÷ offered")),
    "less_quick_abandons": (N_("Without quick abandons"), N_("answered in time ÷ (offered − abandoned in time)")),
    "of_answered": (N_("Of answered only"), N_("answered in time ÷ answered")),
}  # fmt: skip


def show(view: View) -> None:
    """The heat map, and the chosen half hour under each definition."""
    with st.container(border=True):
        st.header(_("When it fails: weekday and half hour"))
        rows = queries.query("slots", **view.span)
        if rows.empty:
            st.write(_("No calls were offered in these days. Choose other days or queues above."))
            return
        slots.show(rows, view.theme, view.period, view.queues)
    with st.container(border=True):
        _definitions(view)


def _definitions(view: View) -> None:
    st.header(_("The same calls under other definitions"))
    chosen = st.session_state.get(slots.CHOICE)
    where = _("all half hours; choose one above for itself alone")
    if chosen:
        where = f"{weekday(chosen[0])} {clock_of(chosen[1])}"
    here = {"weekday": chosen[0] if chosen else None, "slot": chosen[1] if chosen else None}
    row = queries.row("definitions", **view.span, **here)
    st.caption(_("Other systems count differently. Here: {where}.").format(where=where))
    st.caption(
        _("{offered} offered, {answered} answered ({in_time} in time), {abandoned} abandoned ({quick} in time), "
          "{left} left otherwise.").format(
            offered=number(row["offered"]), answered=number(row["answered"]), in_time=number(row["answered_in_target"]),
            abandoned=number(row["abandoned"]), quick=number(row["abandoned_in_target"]), left=number(row["flowed_out"]),
        )
    )  # fmt: skip
    shown = pd.DataFrame({
        "name": [_(name) for name, _formula in DEFINITIONS.values()],
        "level": [percent(row[code], 1) for code in DEFINITIONS],
        "formula": [_(formula) for _name, formula in DEFINITIONS.values()],
    })  # fmt: skip
    columns = {
        "name": (_("Definition"), "text"),
        "level": (_("Service level"), "share"),
        "formula": (_("Formula"), "quote"),
    }
    tables.show(shown, columns, "definitions", None, _("Service level under each definition"))
