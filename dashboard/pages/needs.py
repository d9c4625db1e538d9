"""Needs: how often calls meet what people need, in which queue, week and wait. Every share leads to its calls."""

from __future__ import annotations

import streamlit as st

from dashboard import listening, queries
from dashboard.components import address, empty, needs, needs_parts, period, team_scores
from dashboard.i18n import _
from models.listening.agreement import Agreement

PAGE = "needs"

st.title(_("Needs"))
info = period.snapshot()
reach = period.reach_of(info)
if reach is None or not queries.row("judged")["judged"]:
    empty.not_judged()
    st.stop()
known = period.known_queues()
named = needs.names()
fields = {
    **period.fields(known, "4_weeks"),
    "need": address.choice([*named, None], None),
    "split": address.choice(list(needs_parts.SPLITS), "queue"),
}
address.adopt(PAGE, fields)
chosen, queues = period.widgets(reach, known)
period.caption(chosen)
agreement = listening.agreement()
needs_parts.trusted(named, agreement)
span = {"start": chosen.start, "end": chosen.end, "queues": queues}

rows = needs.in_order(queries.query("needs", **span), named)
if rows:
    with st.container(border=True):
        need = needs_parts.overall(rows, chosen, queues, agreement)
    with st.container(border=True):
        needs_parts.compared(need, span, chosen, queues, agreement.get(need["criterion"], Agreement()))
    with st.container(border=True):
        needs_parts.tone(named, span, chosen, queues)
else:
    st.write(_("No call of these days has been scored."))
address.publish(PAGE, fields)
with st.container(border=True):
    team_scores.show(named, span, agreement)
with st.container(border=True):
    needs_parts.satisfaction(span, chosen, queues)
needs_parts.definitions()
