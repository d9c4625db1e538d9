"""What a page says where somebody may look, but not write: a sentence in the place of the form, or beside a button."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.i18n import N_, _
from models.access import people
from models.access.people import Action

WHO = {
    Action.JUDGE: N_("Supervisors judge calls."),
    Action.LISTEN: N_("Supervisors have a playlist of their own."),
    Action.REMARK: N_("Supervisors write remarks and closing notes."),
    Action.ANSWER_COACHING: N_("A coaching note is answered by the agent it is for."),
    Action.LEAD_TEAM: N_("Supervisors and managers write this down."),
    Action.KEEP_COMPLAINTS: N_("Supervisors and managers keep the register of complaints."),
    Action.KEEP_CUSTOMERS: N_("Supervisors and managers write down what is known of customers."),
    Action.BRING_IN_COMPLAINTS: N_("Supervisors and managers bring in files of complaints."),
    Action.DRAW_CALLBACKS: N_("Supervisors and managers draw lists of customers to call back."),
    Action.LOAD_SURVEYS: N_("Supervisors and managers load surveys."),
    Action.KEEP_GOALS: N_("Managers change goals, figures and the policy."),
    Action.ASSESS: N_("Supervisors, managers and analysts answer the self-assessment."),
    Action.SET_TARGETS: N_("Managers set targets."),
    Action.DECIDE_ISSUES: N_("Managers decide about issues and what they cost."),
    Action.SAVE_FILES: N_("Supervisors, managers and analysts save files."),
    Action.ASK_SQL: N_("Analysts run queries of their own."),
    Action.SEE_AUDIT: N_("Admins see who did what."),
    Action.CHANGE_PEOPLE: N_("Admins say who may do what."),
}
"""Who may do something, in a sentence: see ``models.access.people.ALLOWED``. Admins may do everything."""


def why_not(action: Action) -> str | None:
    """Why whoever looks may not do this; None when they may. For the help of a disabled control."""
    if session.may(action):
        return None
    return _(session.OF_ALL) if people.has_role_for(session.person(), action) else _(WHO[action])


def may(action: Action) -> bool:
    """Whether whoever looks may do this; if not, who may is said here."""
    if reason := why_not(action):
        st.caption(reason)
    return reason is None
