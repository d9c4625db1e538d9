"""Waits: is the wait-time target kept, where not and since when, how callers bear it, what would keep it, and the targets."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, definitions, empty, period
from dashboard.components.waits import View, callers, kept, since, staffing, targets, weekly, where
from dashboard.i18n import N_, _

PAGE = "waits"
PARTS = {
    "kept": (N_("Target kept?"), kept.show),
    "where": (N_("Where not"), where.show),
    "since": (N_("Since when"), since.show),
    "callers": (N_("Callers"), callers.show),
    "staffing": (N_("Staffing and cost"), staffing.show),
    "weekly": (N_("Weekly page"), weekly.show),
    "targets": (N_("Targets"), targets.show),
}

st.title(_("Waits"))
info = period.snapshot()
reach = period.reach_of(info)
if reach is None or not info["visits"]:
    empty.no_waits()
    st.stop()
known = period.known_queues()
fields = {
    **period.fields(known, "4_weeks"),
    "view": address.choice(list(PARTS), "kept"),
    "by": address.choice([*kept.GRAINS, None], None),
    "compare": address.choice(list(kept.COMPARED), "before"),
    "split_waits": address.choice(list(kept.SPLITS), "queue"),
    "measure": address.choice(list(since.MEASURES), "service_level"),
}
address.adopt(PAGE, fields)
chosen, queues = period.widgets(reach, known)
period.caption(chosen)
period.outside_hours(chosen, queues)
part = st.segmented_control(
    _("Part"), list(PARTS), format_func=lambda code: _(PARTS[code][0]), key="view", required=True,
    label_visibility="collapsed",
)  # fmt: skip
PARTS[part or "kept"][1](View(chosen, queues, reach, known, st.context.theme.type))
address.publish(PAGE, fields)
definitions.show()
