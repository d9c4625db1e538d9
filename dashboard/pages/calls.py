"""Calls: find calls by what is known of them, by what happened in a queue, or by words that were said."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, call_filters, call_list, period, said
from dashboard.i18n import _

PAGE = "calls"

st.title(_("Calls"))
info = period.snapshot()
reach = period.reach_of(info)
known = period.known_queues()
fields = call_filters.fields(known)
address.adopt(PAGE, fields)

st.text_input(
    _("Words said"), key="said", type="search", max_chars=200, persist_state="session",
    placeholder=_("Words that occur in one turn, as in: charged twice"),
)  # fmt: skip
chosen, queues = period.widgets(reach, known) if reach else (None, None)
call_filters.widgets()
address.publish(PAGE, fields)
if chosen and chosen.name != "all":
    period.caption(chosen)

filters = call_filters.parameters(chosen, queues)
if words := said.words_of(st.session_state.said):
    said.show(words, filters)
else:
    call_list.show(filters)
