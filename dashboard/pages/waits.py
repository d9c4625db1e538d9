"""Waits: is the wait-time target kept, when not, and in which queue. Every slot and queue leads to its calls."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, queries
from dashboard.components import address, definitions, empty, links, period, slots, tables
from dashboard.i18n import N_, _

PAGE = "waits"
GRAINS = {"day": N_("Days"), "week": N_("Weeks")}
LONG = 29
"""From this many days on, weeks are shown unless the reader chooses."""

st.title(_("Waits"))
info = period.snapshot()
reach = period.reach_of(info)
if reach is None or not info["visits"]:
    empty.no_waits()
    st.stop()
known = period.known_queues()
fields = {**period.fields(known, "4_weeks"), "by": address.choice([*GRAINS, None], None)}
address.adopt(PAGE, fields)
chosen, queues = period.widgets(reach, known)
period.caption(chosen)
span = {"start": chosen.start, "end": chosen.end, "queues": queues}
theme = st.context.theme.type

with st.container(border=True):
    st.subheader(_("Against the target"))
    if st.session_state.by is None:
        st.session_state.by = "week" if (chosen.end - chosen.start).days >= LONG else "day"
    grain = st.segmented_control(
        _("By"), list(GRAINS), format_func=lambda code: _(GRAINS[code]), key="by", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    address.publish(PAGE, fields)
    days = queries.query("trend", **span, grain=grain)
    if days.empty:
        st.write(_("No calls were offered in these days."))
        st.stop()
    st.plotly_chart(
        charts.trend(days, theme), key="trend", config=charts.CONFIG,
        alt=_("Service level against the goal, average speed of answer and abandonment rate over time"),
    )  # fmt: skip

with st.container(border=True):
    st.subheader(_("When it fails: weekday and half hour"))
    slots.show(queries.query("slots", **span), theme, chosen, queues)

with st.container(border=True):
    st.subheader(_("By queue"))
    by_queue = queries.query("by_queue", **span)
    if (row := tables.by_queue(by_queue)) is not None:
        here = links.calls_parameters(chosen, [by_queue["queue"][row]], outcome="offered")
        st.switch_page(links.CALLS, query_params=here)

definitions.show()
