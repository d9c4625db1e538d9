"""Team: the week in everybody's words, the shelf of stories, and calibration of those who judge."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, calibration, digest, team_logs
from dashboard.i18n import N_, _

PAGE = "team"
PARTS = {
    "week": N_("Week"), "shelf": N_("Story shelf and coaching"), "ideas": N_("Ideas and thanks"), "goodwill": N_("Goodwill"),
    "calibration": N_("Calibration"),
}  # fmt: skip
SHOWN = {
    "shelf": digest.shelf,
    "ideas": team_logs.ideas,
    "goodwill": team_logs.goodwill,
    "calibration": calibration.show,
}

st.title(_("Team"))
fields = {"part": address.choice(list(PARTS), "week"), "week": address.text(8), "set": address.whole(1, 10**9)}
address.adopt(PAGE, fields)
part = st.segmented_control(
    _("Part"),
    list(PARTS),
    key="part",
    required=True,
    format_func=lambda code: _(PARTS[code]),
    label_visibility="collapsed",
)
SHOWN.get(part or "week", digest.show)()
address.publish(PAGE, fields)
