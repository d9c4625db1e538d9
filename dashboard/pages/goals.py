"""Goals: what is to be reached and how it stands, the figures behind it, what poor service costs, and how we see ourselves."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, period
from dashboard.components.goals import cost, figures, policy, said, self_assessment, standing
from dashboard.i18n import N_, _

PAGE = "goals"
PARTS = {
    "goals": (N_("Goals"), standing.show),
    "figures": (N_("Figures"), figures.show),
    "cost": (N_("Cost of poor service"), cost.show),
    "self": (N_("Self-assessment"), self_assessment.show),
    "policy": (N_("Policy"), policy.show),
}

st.title(_("Goals"))
if wanted := st.session_state.pop("_goal_wanted", None):
    st.session_state.goal = wanted
fields = {
    **period.fields(period.known_queues(), "8_weeks"),
    "view": address.choice(list(PARTS), "goals"),
    "goal": address.text(80),
}
address.adopt(PAGE, fields)
part = st.segmented_control(
    _("Part"), list(PARTS), format_func=lambda code: _(PARTS[code][0]), key="view", required=True,
    label_visibility="collapsed",
)  # fmt: skip
said()
PARTS[part or "goals"][1]()
address.publish(PAGE, fields)
