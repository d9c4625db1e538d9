"""Overview: the week against the target, and where it fails. Every figure leads to its calls."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.components import address, cards, empty, links, period, week
from dashboard.i18n import _, clock_of, ngettext, number, percent, weekday

PAGE = "overview"

st.title(_("Overview"))
info = period.snapshot()
reach = period.reach_of(info)
if reach is None:
    st.info(_("None of the calls says when it took place, so no week can be shown."))
    st.page_link(links.CALLS, label=_("All calls") + " →")
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
grid = st.columns(3)
for place, (figure, n, behind) in enumerate(week.figures(figures)):
    with grid[place % 3].container(border=True, height="stretch"):
        cards.show(figure, before)
        links.to_calls(n, chosen, queues, **behind)

failing = queries.query("failing_slots", start=chosen.start, end=chosen.end, queues=queues, least=week.LEAST, limit=6)
if info["visits"]:
    st.subheader(_("Where it fails"))
    if failing.empty:
        st.write(_("No half hour of the week with at least {n} calls missed the goal.").format(n=number(week.LEAST)))
for slot in failing.to_dict("records"):
    where = f"{weekday(slot['weekday'])} {clock_of(slot['slot'])}"
    share = _("{share} in time").format(share=percent(slot["service_level"]))
    late = ngettext("{late} of {n} call not answered in time", "{late} of {n} calls not answered in time", slot["offered"])
    label = f"{where} · {share} · {late.format(late=number(slot['late']), n=number(slot['offered']))}"
    links.to_calls(slot["late"], chosen, queues, label, weekday=slot["weekday"], slot=slot["slot"], outcome="late")
