"""Listening hour: this week's calls, sound and review side by side, and what the reviewer takes away."""

from __future__ import annotations

import streamlit as st

from dashboard import calls, listening, session
from dashboard.components import call_facts, empty, hearing, listening_week, playlist, review
from dashboard.components.needs import criteria
from dashboard.i18n import _
from models.listening.playlists import Playlist

st.title(_("Listening hour"))


def show(known: Playlist) -> None:
    """The week: the call that is being heard, its review, and the list."""
    st.caption(listening_week.week_name(known.week))
    listening_week.progress(known)
    listed = playlist.choose(known)
    call = calls.find(listed.call_id)
    left, right = st.columns([5, 3], gap="large")
    with left:
        playlist.reason(listed)
        if call is None:
            st.info(_("This call is not published any more. Replace it, or go on with another."))
        else:
            call_facts.facts(call)
            hearing.hear(call, hearing.choose_recording(call), review.judged_marks(call), writing=True)
        playlist.replacing(listed)
        listening_week.closing_note(known.week)
    with right:
        if call is not None:
            review.show(call, lambda: playlist.go_on(known))
        playlist.show(known, len(criteria()))
    if call is not None:
        session.note("opened", call_id=listed.call_id, detail="listening")


found = listening.playlist()
if found is None:
    empty.nothing_to_hear()
else:
    show(found)
