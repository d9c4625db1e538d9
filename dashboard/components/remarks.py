"""What the reviewer writes about a call: notes and more, pinned to a moment, saved at once, taken back when wanted."""

from __future__ import annotations

import streamlit as st

from dashboard import listening, session
from dashboard.components.complaints import around_call
from dashboard.i18n import N_, _, duration
from dashboard.session import reviewer
from models.access.people import Action
from models.listening import remarks
from models.listening.remarks import Kind, Remark

KINDS: dict[Kind, str] = {
    "note": N_("Note"),
    "coaching": N_("Coaching point"),
    "story": N_("Story shelf"),
    "issue": N_("Issue here"),
    "complaint": N_("Complaint to open"),
}
ICONS: dict[Kind, str] = {
    "note": ":material/sticky_note_2:",
    "coaching": ":material/school:",
    "story": ":material/star:",
    "issue": ":material/report:",
    "complaint": ":material/feedback:",
}
PIN = "remark_pin"
GONE = "remark_gone"
EMPTY = "remark_empty"
KIND = "remark-kind"
WORDLESS = ("story", "issue", "complaint")
"""Kinds that say enough without words."""
FIELD = "remark-text"
"""The key of the text field: the player's script moves the focus to it when a moment is pinned."""


def pin(at_s: float) -> None:
    """The moment that the next remark is about, in seconds of the call."""
    st.session_state[PIN] = at_s


def unpin() -> None:
    """The next remark is about the call as a whole."""
    st.session_state.pop(PIN, None)


def show(call_id: str) -> None:
    """Form and list, in the fragment of the player."""
    form(call_id)
    for remark in remarks.of_call(listening.store(), call_id, reviewer()):
        one(remark)
    gone: Remark | None = st.session_state.get(GONE)
    if gone and gone.call_id == call_id:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Removed."), width="content")
            st.button(_("Bring it back"), key="remark_restore", on_click=_restore, args=(gone,), type="tertiary")


def form(call_id: str) -> None:
    """A new remark. Ctrl+Enter in the text keeps it."""
    at_s: float | None = st.session_state.get(PIN)
    with st.form("remark", clear_on_submit=True):
        st.segmented_control(
            _("Write down"),
            list(KINDS),
            default="note",
            key=KIND,
            format_func=lambda code: _(KINDS[code]),
            required=True,
        )
        st.text_area(
            _("Words"), key=FIELD, max_chars=remarks.LONGEST, height=68, label_visibility="collapsed",
            placeholder=_("Press P while listening to pin the moment, then write; Ctrl+Enter keeps it."),
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            kept = st.form_submit_button(_("Keep"), on_click=_keep, args=(call_id, at_s))
            told = _("About the whole call") if at_s is None else _("Pinned to {time}").format(time=duration(at_s))
            st.caption(told, width="content")
            if at_s is not None:
                st.form_submit_button(_("About the whole call"), on_click=unpin, type="tertiary")
    if kept and st.session_state.pop(EMPTY, False):
        st.warning(_("Write some words first."))


@session.telling
def _keep(call_id: str, at_s: float | None) -> None:
    kind: Kind = st.session_state.get(KIND) or "note"
    text = str(st.session_state.get(FIELD) or "").strip()
    if text or kind in WORDLESS:
        remarks.write(listening.store(), session.writer(Action.REMARK), call_id, kind, text, at_s)
        unpin()
    else:
        st.session_state[EMPTY] = True


def one(remark: Remark) -> None:
    """A remark with its moment, to change or remove."""
    with st.container(border=True, gap="small", key=f"remark-{remark.remark_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(_(KINDS[remark.kind]), icon=ICONS[remark.kind])
            if remark.at_s is not None:
                st.caption(duration(remark.at_s), width="content")
            with st.popover(_("Change"), key=f"change_{remark.remark_id}"):
                changing(remark)
            st.button(_("Remove"), key=f"remove_{remark.remark_id}", on_click=_remove, args=(remark,), type="tertiary")
        if remark.text:
            st.text(remark.text)
        if remark.kind == "complaint":
            around_call.of_remark(remark)


def changing(remark: Remark) -> None:
    """Other words for a remark; the old ones are kept in its history."""
    key = f"words_{remark.remark_id}"
    with st.form(f"changing_{remark.remark_id}", border=False):
        st.text_area(_("Words"), value=remark.text, max_chars=remarks.LONGEST, key=key)
        st.form_submit_button(_("Keep"), on_click=_change, args=(remark, key))


@session.telling
def _change(remark: Remark, key: str) -> None:
    session.demand(Action.REMARK)
    remarks.change(listening.store(), remark, str(st.session_state[key]))


@session.telling
def _remove(remark: Remark) -> None:
    session.demand(Action.REMARK)
    st.session_state[GONE] = remarks.withdraw(listening.store(), remark)


@session.telling
def _restore(remark: Remark) -> None:
    session.demand(Action.REMARK)
    remarks.restore(listening.store(), remark)
    st.session_state.pop(GONE, None)
