"""A call's sound and transcript in step, and what the reviewer writes beside them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import calls
from dashboard.components import remarks, scorecard
from dashboard.components.player import Mark, player
from dashboard.i18n import _, duration


@st.fragment
def hear(call: calls.Call, recording: calls.Row | None, marks: Sequence[Mark], *, writing: bool = False) -> None:
    """Player and transcript; with ``writing``, remarks that can be pinned to the moment that is heard."""
    timed = any(turn["start_s"] is not None for turn in call.turns)
    made_from = call.facts["transcript_recording_id"]
    in_step = recording is not None and made_from in (None, recording["recording_id"])
    at_s = calls.second_in(recording, st.query_params.get("at"))
    focus = asked_for(call, at_s) if in_step or recording is None else None
    start_s = at_s if focus is None else call.turns[focus]["start_s"]
    only = calls.clip_of(st.query_params.get("clip")) if recording and not writing else None
    if only:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(_("Clip: {start} to {end}").format(start=duration(only[0]), end=duration(only[1])), width="content")
            st.button(_("The whole call"), key="whole_call", type="tertiary", on_click=whole_call)
    key = f"player-{recording['recording_id'] if recording else call.facts['call_id']}"

    def pinned() -> None:
        at_s = getattr(st.session_state[key], "pin", None)
        if isinstance(at_s, int | float) and at_s >= 0:
            remarks.pin(float(at_s) + (recording["offset_s"] if recording else 0.0))

    player(
        call.turns if in_step or recording is None else (),
        calls.sound(call, recording, start_s, only) if recording else None,
        key=key,
        language=call.facts["transcript_language"],
        notice=notice(call, recording, timed=timed, in_step=in_step),
        focus=focus,
        jump=scorecard.jumps(),
        marks=marks,
        on_renew=calls.renew_pass,
        on_pin=pinned if writing else None,
        write_in=f".st-key-{remarks.FIELD} textarea",
    )
    if writing:
        remarks.show(call.facts["call_id"])


def asked_for(call: calls.Call, at_s: float | None) -> int | None:
    """The turn that the address names by its number, else the one that is said at a second of its recording."""
    named = calls.turn_index(call, st.query_params.get("turn"))
    return calls.turn_at(call, at_s) if named is None and at_s is not None else named


def whole_call() -> None:
    """Let go of the clip that the address names."""
    st.query_params.pop("clip", None)


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
    """The recording to play: where there are several, the reader's choice, at first the one with the moment that is asked for."""
    audible = [recording for recording in call.recordings if recording["audible"]]
    at = st.query_params.get("at")
    first = next((one for one in audible if calls.second_in(one, at) is not None), calls.transcribed(call))
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
