"""One call: its sound and transcript in step, what the sound tells, its way through the queues, the customer's others."""

from __future__ import annotations

import streamlit as st

from dashboard import calls, listening, session
from dashboard.components import call_facts, empty, hearing, reveal, scorecard, shelf_notes
from dashboard.components.complaints import around_call
from dashboard.i18n import _
from dashboard.queries import snapshot


def ask_for_a_call() -> None:
    """No call was named: offer the newest."""
    st.title(_("Call"))
    st.write(_("Pick a call here, or open one from a list on another page."))
    call_facts.links(calls.recent())


def unknown_call() -> None:
    """The address names a call that is not there."""
    st.title(_("Call"))
    st.info(_("There is no call with this id. It may have been erased, or not be published yet."))
    call_facts.links(calls.recent())


def show(call: calls.Call) -> None:
    """The page of a call that is there."""
    call_facts.neighbours(call)
    st.title(calls.when(call.facts["started_at"]))
    call_facts.facts(call)
    left, right = st.columns([5, 2], gap="large")
    with left:
        if call.facts["is_demonstration"]:
            st.badge(_("demonstration speech model"), color="orange")
        recording = hearing.choose_recording(call)
        shown = reveal.shown(call)
        if shown:
            hearing.hear(call, recording, scorecard.marks(call.results))
            scorecard.show(call, listening.agreement())
        else:
            hearing.hear(call, recording, ())
            reveal.ask(call)
    with right:
        shelf_notes.for_agent(call)
        if recording:
            call_facts.sound_measures(recording)
        if shown and call.turns:  # what the automatic results rest on: not before one has judged
            call_facts.conduct(call.facts)
        call_facts.queue_history(call.visits)
        around_call.show(str(call.facts["call_id"]))
        call_facts.other_calls(call)


def main() -> None:
    """Show the call that the address names."""
    if snapshot() is None:
        empty.nothing_published()
        return
    call_id = st.query_params.get("call_id")
    if not call_id:
        ask_for_a_call()
    elif call := calls.find(call_id):
        try:
            show(call)
        finally:  # at the end: nobody waits for it, and what was drawn is noted also when drawing fails
            session.note("opened", call_id=call_id, detail="call")
    else:
        unknown_call()


main()
