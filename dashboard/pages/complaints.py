"""Complaints: what is open and how old, promises and follow-ups due, comments without an answer; writing and bringing in."""

from __future__ import annotations

import streamlit as st

from dashboard import listening, session
from dashboard.components import address, empty
from dashboard.components.complaints import (
    CHANNELS,
    KINDS,
    around_call,
    bringing_in,
    listing,
    one,
    said,
    this_minute,
    writing,
)  # fmt: skip
from dashboard.i18n import N_, _
from models.access.people import Action
from models.complaints.register import Complaint
from models.listening import remarks

PAGE = "complaints"
PARTS = {"list": N_("Register"), "write": N_("Write one"), "bring_in": N_("Bring in a file")}


def begun() -> Complaint:
    """A new complaint with what the call it is opened from tells."""
    call_id, number = st.session_state.from_call, st.session_state.from_remark
    noted = [one.text for one in remarks.of_call(listening.store(), call_id) if str(one.remark_id) == number]
    known = around_call.known_of(call_id, noted[0] if noted else None) if call_id else None
    return known or Complaint("", this_minute())


def back() -> None:
    """Return to the list."""
    st.session_state.complaint = ""


def leave_call() -> None:
    """Another part was chosen: no longer write one from a call."""
    st.session_state.from_call = st.session_state.from_remark = ""


def register() -> None:
    """The list, with what it asks for today; before the first complaint, what to do."""
    at = this_minute()
    counts = listing.figures(at)
    if not counts["complaints"]:
        data = bringing_in.sample() if session.may(Action.BRING_IN_COMPLAINTS) else None
        if empty.no_complaints(data is not None) and data:
            bringing_in.bring_in_sample(data)
        return
    listing.pictures(at, st.context.theme.type)
    listing.show(listing.filters(at), at)


st.title(_("Complaints"))
fields = {
    "complaint": address.text(12), "from_call": address.text(), "from_remark": address.text(12),
    "register": address.choice(list(PARTS), "list"), "to_do": address.choice(list(listing.TO_DO), "open"),
    "feedback": address.choice([*KINDS], None), "came_by": address.choice([*CHANNELS], None),
    "age": address.choice([*listing.BANDS], None), "about": address.text(80), "in_week": address.text(10), "seek": address.text(),
}  # fmt: skip
address.adopt(PAGE, fields)
chosen = st.session_state.complaint
if chosen.isascii() and chosen.isdigit():
    st.button(_("← All complaints"), on_click=back, key="back", type="tertiary")
    st.header(_("Number {n}").format(n=int(chosen)))
    said()
    one.show(int(chosen))
else:
    if st.session_state.from_call:
        st.session_state.register = "write"
    part = st.segmented_control(
        _("Part"), list(PARTS), format_func=lambda code: _(PARTS[code]), key="register", required=True,
        label_visibility="collapsed", on_change=leave_call,
    )  # fmt: skip
    said()
    if part == "write":
        writing.of_new(begun(), f"{st.session_state.from_call}_{st.session_state.from_remark}")
    elif part == "bring_in":
        bringing_in.show()
    else:
        register()
address.publish(PAGE, fields)
