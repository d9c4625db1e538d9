"""Team: the week in everybody's words, the shelf of stories, and calibration of those who judge."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, calibration, digest
from dashboard.i18n import N_, _

PAGE = "team"
PARTS = {"week": N_("Week"), "shelf": N_("Story shelf and coaching"), "calibration": N_("Calibration")}

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
if part == "calibration":
    calibration.show()
elif part == "shelf":
    digest.shelf()
else:
    digest.show()
address.publish(PAGE, fields)
