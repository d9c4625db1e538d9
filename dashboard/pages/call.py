"""One call: its sound and transcript in step, what the sound tells, its way through the queues, the customer's others."""

from __future__ import annotations

import streamlit as st

from dashboard import calls
from dashboard.components import call_facts, empty, scorecard
from dashboard.components.player import player
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


@st.fragment
def hear(call: calls.Call, recording: calls.Row | None) -> None:
    """Player and transcript."""
    timed = any(turn["start_s"] is not None for turn in call.turns)
    made_from = call.facts["transcript_recording_id"]
    in_step = recording is not None and made_from in (None, recording["recording_id"])
    focus = calls.turn_index(call, st.query_params.get("turn")) if in_step or recording is None else None
    start_s = None if focus is None else call.turns[focus]["start_s"]
    player(
        call.turns if in_step or recording is None else (),
        calls.sound(call, recording, start_s) if recording else None,
        key=f"player-{recording['recording_id'] if recording else call.facts['call_id']}",
        language=call.facts["transcript_language"],
        notice=notice(call, recording, timed=timed, in_step=in_step),
        focus=focus,
        jump=scorecard.jumps(),
        marks=scorecard.marks(call.results),
        on_renew=calls.renew_pass,
    )


def notice(call: calls.Call, recording: calls.Row | None, *, timed: bool, in_step: bool) -> str:
    """What is missing, in a sentence; empty when all is there."""
    if recording is None:
        missing = _("There is no recording of this call: only what was said can be read.")
        return missing if call.turns else _("There is neither a recording nor a transcript of this call.")
    if not call.turns:
        return _("There is no transcript of this call.")
    if not in_step:
        return _("The transcript belongs to another recording of this call.")
    return "" if timed else _("The transcript has no times, so it can't follow the sound.")


def choose_recording(call: calls.Call) -> calls.Row | None:
    """The recording to play: where there are several, the reader's choice."""
    first = calls.transcribed(call)
    audible = [recording for recording in call.recordings if recording["audible"]]
    if first is None or len(audible) < 2:
        return first
    chosen = st.segmented_control(
        _("Recording"),
        range(len(audible)),
        default=audible.index(first),
        format_func=lambda n: _("Part {n}").format(n=n + 1),
        required=True,
    )
    return audible[chosen]


def show(call: calls.Call) -> None:
    """The page of a call that is there."""
    call_facts.neighbours(call)
    st.title(calls.when(call.facts["started_at"]))
    call_facts.facts(call)
    left, right = st.columns([5, 2], gap="large")
    with left:
        if call.facts["is_demonstration"]:
            st.badge(_("demonstration speech model"), color="orange")
        recording = choose_recording(call)
        hear(call, recording)
        scorecard.show(call)
    with right:
        if recording:
            call_facts.sound_measures(recording)
        call_facts.queue_history(call.visits)
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
        show(call)
    else:
        unknown_call()


main()
