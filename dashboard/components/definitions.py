"""What each figure of the waits means: the formula from the view itself, in the reader's language."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.components import links
from dashboard.i18n import N_, _

VIEW = "service_level_by_interval"
FIGURES = {
    "offered": N_("Offered"),
    "answered": N_("Answered"),
    "abandoned": N_("Abandoned"),
    "short_abandoned": N_("Short abandons"),
    "service_level": N_("Service level"),
    "goal": N_("Goal"),
    "threshold_s": N_("Target time"),
    "asa_s": N_("Average speed of answer"),
    "abandon_rate": N_("Abandonment rate"),
    "median_wait_s": N_("Median wait"),
    "p90_wait_s": N_("90th percentile of the wait"),
    "aht_s": N_("Average handling time"),
    "over_limit": N_("Beyond the limit for every call"),
    "requeued": N_("Entered a queue again"),
    "longest_wait_s": N_("Longest wait"),
}


def show() -> None:
    """A folded list of definitions."""
    with st.expander(_("What the figures mean")):
        about = queries.query("dictionary")
        comments = about[about["table_name"] == VIEW].set_index("column_name")["comment"]
        for column, name in FIGURES.items():
            st.markdown(f"**{_(name)}**")
            st.text(_(comments[column]))
        links.page(links.DATA, label=_("All tables and columns") + " →", query_params={"part": "dictionary"})
