"""Issues: what keeps coming back, what it costs, who sees to it, and whether the fix worked. Every quote leads to its call."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.components import address, empty, period
from dashboard.components.issues import SAID, WANTED, View, around, deciding, detail, hints, ledger
from dashboard.i18n import _

PAGE = "issues"

st.title(_("Issues"))
info = period.snapshot()
reach = period.reach_of(info)
state = queries.row("issue_state")
if reach is None or not state["read_calls"]:
    empty.no_issues(bool(state["transcripts"]))
    hints.show(hints.known())
    st.stop()
if wanted := st.session_state.pop(WANTED, None):
    st.session_state.issue = wanted
known = period.known_queues()
fields = {
    **period.fields(known, "8_weeks"),
    "issue": address.text(80),
    "issue_split": address.choice(list(around.SPLITS), "queue"),
}
address.adopt(PAGE, fields)
chosen, queues = period.widgets(reach, known)
period.caption(chosen)
if said := st.session_state.pop(SAID, None):
    st.success(said)

rows = queries.query("issue_ledger", start=chosen.start, end=chosen.end, queues=queues).to_dict("records")
view = View(chosen, queues, [{str(k): v for k, v in row.items()} for row in rows], hints.known(), st.context.theme.type)
ledger.emerging(view)
if view.ledger:
    with st.container(border=True):
        ledger.show(view)
    ids = [str(row["issue_id"]) for row in view.ledger]
    if st.session_state.issue not in ids:
        st.session_state.issue = ids[0]
    picked = st.selectbox(_("Issue"), ids, format_func=view.name, key="issue")
    if row := view.row(picked or ""):
        with st.container(border=True):
            detail.show(view, row)
            deciding.show(view, row)
else:
    empty.no_issue_yet(int(state["gathering"]))
address.publish(PAGE, fields)
with st.container(border=True):
    hints.show(view.heard)
with st.container(border=True):
    deciding.history(view)
