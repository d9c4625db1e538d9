"""Overview: the week against the target, and where it fails. Every figure leads to its calls."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, cards, digest, due, empty, failing, links, needs_week, period, week
from dashboard.components.issues import top
from dashboard.i18n import _

PAGE = "overview"

st.title(_("Overview"))
info = period.snapshot()
reach = period.reach_of(info)
if reach is None:
    st.info(_("None of the calls says when it took place, so no week can be shown."))
    links.page(links.CALLS, label=_("All calls") + " →")
    st.stop()
known = period.known_queues()
fields = period.fields(known)
address.adopt(PAGE, fields)
chosen, queues = period.widgets(reach, known)
address.publish(PAGE, fields)
period.caption(chosen)

if not info["visits"]:
    empty.no_waits()
figures = week.load(chosen, queues, reach)
if info["visits"]:
    week.verdict(figures.now)
before = _("against the same days before")
places = [*st.columns(3), *st.columns(3)]
for place, (figure, n, behind) in zip(places, week.figures(figures), strict=True):
    with place.container(border=True, height="stretch"):
        cards.show(figure, before)
        links.to_calls(n, chosen, queues, **behind)

due.complaints()
due.goals()
top.show(chosen, queues)
needs_week.show(chosen, queues, reach, before)
digest.overview()
if info["visits"]:
    failing.show(chosen, queues)
