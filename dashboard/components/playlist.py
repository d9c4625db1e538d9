"""This week's playlist: the calls with the reason of each, how far they were heard and judged, and replacing one."""

from __future__ import annotations

import streamlit as st

from dashboard import calls, listening, session
from dashboard.i18n import N_, _, duration, number, percent
from dashboard.session import reviewer
from models.listening import reviews, weeks
from models.listening.playlists import Listed, Playlist

CALL = "listening_call"
ADDRESS = "hear"

PICKS = {
    "random": N_("Random"),
    "at_risk": N_("At risk"),
    "long_wait": N_("Long wait"),
    "exemplary": N_("Exemplary"),
    "uncertain": N_("Uncertain"),
}
REASONS = {
    "random": N_("Drawn by chance: only these calls speak for all, so they alone feed team scores."),
    "at_risk": N_("It probably went badly: what went wrong, and would the customer call again?"),
    "long_wait": N_("The customer waited long: does the agent notice, and how does it change the tone?"),
    "exemplary": N_("It probably went well: is it one for the story shelf?"),
    "uncertain": N_("The scorecard is unsure here: your judgement teaches it most."),
}
HEARD = 0.9
"""A call is heard from this share of its seconds on."""


def choose(known: Playlist) -> Listed:
    """The call that is being heard: as the address or the reader says, else the first that is not done."""
    current = {listed.call_id: listed for listed in known.current}
    if st.session_state.get(CALL) not in current:
        asked = st.query_params.get(ADDRESS)
        st.session_state[CALL] = asked if asked in current else first_open(known)
    st.query_params[ADDRESS] = st.session_state[CALL]
    return current[st.session_state[CALL]]


def first_open(known: Playlist) -> str:
    """The first call without a judgement; the first of all when every one has one."""
    judged = reviews.judged_counts(listening.store(), reviewer())
    ids = [listed.call_id for listed in known.current]
    return next((call_id for call_id in ids if call_id not in judged), ids[0])


def go_on(known: Playlist) -> None:
    """Choose the next call, after the last one the first."""
    ids = [listed.call_id for listed in known.current]
    st.session_state[CALL] = ids[(ids.index(st.session_state[CALL]) + 1) % len(ids)]


def show(known: Playlist, criteria: int) -> None:
    """The calls as a list to choose from; ``criteria`` is the number of criteria of the scorecard."""
    st.header(_("Playlist of the week"))
    facts = listening.named([listed.call_id for listed in known.current])
    heard = weeks.heard_calls(listening.store(), reviewer(), known.week)
    judged = reviews.judged_counts(listening.store(), reviewer())
    by_id = {listed.call_id: listed for listed in known.current}
    st.radio(
        _("Calls of this week"),
        list(by_id),
        key=CALL,
        format_func=lambda call_id: title(by_id[call_id], facts.get(call_id)),
        captions=[
            progress(listed, heard.get(listed.call_id, 0.0), judged.get(listed.call_id, 0), criteria)
            for listed in known.current
        ],
        label_visibility="collapsed",
    )


def title(listed: Listed, facts: calls.Row | None) -> str:
    """Why a call was drawn, and when it was. Nothing in it was written by callers."""
    when = calls.when(facts["started_at"]) if facts else _("Not published any more")
    return f"{_(PICKS[listed.pick])} · {when} · {duration(listed.duration_s)}"


def progress(listed: Listed, heard_s: float, judged: int, criteria: int) -> str:
    """How far a call was heard and judged."""
    if heard_s >= HEARD * listed.duration_s:
        heard = _("heard")
    else:
        heard = _("heard {time}").format(time=duration(heard_s)) if heard_s else _("not heard yet")
    told = _("{n} of {all} judged").format(n=number(judged), all=number(criteria)) if judged else _("not judged yet")
    return f"{heard} · {told}"


def reason(listed: Listed) -> None:
    """Why this call, and how likely it was to be drawn."""
    chance = percent(listed.probability, 1 if listed.probability < 0.1 else 0)
    if listed.pick == "random":
        odds = _("Every call of the draw had the same chance: {chance}.").format(chance=chance)
    else:
        odds = _("Drawn from calls of this kind, {chance} of them.").format(chance=chance)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(_(PICKS[listed.pick]), color="blue" if listed.pick == "random" else "violet")
        st.caption(f"{_(REASONS[listed.pick])} {odds}", width="stretch")
    if listed.replaces:
        st.caption(_("It stands in for a call that you replaced."))


def replacing(listed: Listed) -> None:
    """Put another call in this one's place, with a reason."""
    with st.popover(_("Replace this call"), icon=":material/swap_horiz:"), st.form("replace", border=False):
        why = st.text_input(
            _("Why can't it be judged?"),
            max_chars=300,
            placeholder=_("Hardly audible, a wrong number, someone I know…"),
        )
        if st.form_submit_button(_("Replace")):
            if not why.strip():
                st.warning(_("Write a reason: replaced calls stay in the books."))
            else:
                _replace(listed.call_id, why.strip())


@session.telling
def _replace(call_id: str, why: str) -> None:
    if not listening.replace(call_id, why):
        st.info(_("There is no other call of this kind left."))
        return
    st.session_state.pop(CALL, None)
    st.query_params.pop(ADDRESS, None)
    st.rerun()
