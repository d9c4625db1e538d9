"""Calibration sets: making one, judging its calls blind, and the page for the meeting over what differs."""

from __future__ import annotations

import secrets

import pandas as pd
import streamlit as st

from dashboard import calls, listening, queries, session, within
from dashboard.components import call_facts, hearing, links, needs, review, rights, tables
from dashboard.components.needs import RESULTS
from dashboard.i18n import DASH, _, moment, ngettext, number
from dashboard.session import reviewer
from models.access.people import Action
from models.listening import calibration, reviews
from models.listening.agreement import TRUSTED_ALPHA, Agreement
from models.listening.calibration import CalibrationSet

SET = "set"
CALL = "calibration_call"
MOST_CALLS = 20


def show() -> None:
    """The chosen set: its calls while the reviewer judges, then the meeting; or how to make one."""
    st.caption(_("Several reviewers judge the same calls without seeing each other's results. Where they differ, the "
                 "criterion is not clear yet: meet over it, then sharpen its words in the scorecard."))  # fmt: skip
    known = {
        one.set_id: one
        for one in calibration.sets(listening.store())
        if reviewer() in one.reviewers or within.all_of_mine(one.calls)
    }
    if st.session_state.get(SET) not in known:
        st.session_state[SET] = next(iter(known), None)
    if known:
        st.selectbox(_("Set"), list(known), key=SET, format_func=lambda number_of: known[number_of].name)
    if rights.may(Action.JUDGE):
        with st.expander(_("New set"), expanded=not known):
            new()
    if known:
        chosen = known[st.session_state[SET]]
        progress(chosen)
        if chosen.open_to(reviewer()):
            meeting(chosen)
        elif session.may(Action.JUDGE):
            judging(chosen)


def new() -> None:
    """A set of calls drawn by chance, which none of its reviewers has heard."""
    with st.form("new_set", border=False):
        name = st.text_input(_("Name"), max_chars=calibration.LONGEST_NAME, placeholder=_("Empathy, March"))
        people = st.multiselect(
            _("Reviewers"), listening.reviewers(), accept_new_options=True,
            placeholder=_("Addresses as they sign in; type to add one."),
        )  # fmt: skip
        count = st.number_input(_("Calls"), 2, MOST_CALLS, 6)
        if not st.form_submit_button(_("Draw the calls")):
            return
    if not name.strip() or len(people) < 2:
        st.warning(_("Give it a name and at least two reviewers."))
        return
    frame = [call.call_id for call in listening.common_frame(people)]
    if len(frame) < count:
        st.info(_("There are not enough recent calls that none of them has heard."))
        return
    drawn = secrets.SystemRandom().sample(frame, int(count))
    made = calibration.create(listening.store(), name, session.writer(Action.JUDGE), drawn, people)
    st.query_params[SET] = str(made)
    st.session_state.pop(CALL, None)
    st.rerun()


def progress(chosen: CalibrationSet) -> None:
    """Who is done."""
    finished = len(calibration.done(chosen))
    told = _("{n} of {all} reviewers are done").format(n=number(finished), all=number(len(chosen.reviewers)))
    made = moment(pd.Timestamp(chosen.created_at).to_pydatetime().astimezone(queries.settings().zone))
    of = ngettext("{n} call", "{n} calls", len(chosen.calls)).format(n=number(len(chosen.calls)))
    st.caption(f"{of} · {told} · {made}")
    waiting = [name for name, done in chosen.reviewers.items() if not done]
    if waiting:
        with st.container(horizontal=True, gap="small"):
            st.caption(_("Still judging:"), width="content")
            st.text(", ".join(waiting), width="content")


def judging(chosen: CalibrationSet) -> None:
    """The reviewer's own judgement, call by call; the others' stay hidden."""
    judged = reviews.judged_counts(listening.store(), reviewer())
    if st.session_state.get(CALL) not in chosen.calls:
        st.session_state[CALL] = next((c for c in chosen.calls if c not in judged), chosen.calls[0])
    facts = listening.named(list(chosen.calls))
    st.segmented_control(
        _("Call"), list(chosen.calls), key=CALL, required=True,
        format_func=lambda call_id: _("Call {n}").format(n=chosen.calls.index(call_id) + 1),
    )  # fmt: skip
    call = calls.find(st.session_state[CALL]) if st.session_state[CALL] in facts else None
    left, right = st.columns([5, 3], gap="large")
    if call is None:
        st.info(_("This call is not published any more."))
    else:
        with left:
            call_facts.facts(call)
            hearing.hear(call, hearing.choose_recording(call), review.judged_marks(call), writing=True)
        with right:
            review.show(call, lambda: _go_on(chosen))
    with right:
        st.button(
            _("I am done: show everybody's results"), key="finish_set", on_click=_finish, args=(chosen.set_id,),
            disabled=not all(c in judged for c in chosen.calls),
        )  # fmt: skip
        st.caption(_("Once every call is judged. Results that you change later don't count here."))


@session.telling
def _finish(set_id: int) -> None:
    calibration.finish(listening.store(), set_id, session.writer(Action.JUDGE))


def _go_on(chosen: CalibrationSet) -> None:
    at = chosen.calls.index(st.session_state[CALL])
    st.session_state[CALL] = chosen.calls[(at + 1) % len(chosen.calls)]


def meeting(chosen: CalibrationSet) -> None:
    """For the meeting: agreement on each criterion, and every place where reviewers differ."""
    if len(calibration.done(chosen)) < 2:
        st.info(_("Results are compared when two reviewers are done."))
        return
    blind, named = listening.blind_results(), needs.names()
    agreement = calibration.agreement(chosen, blind)
    two = len(calibration.done(chosen)) == 2
    st.header(_("Agreement of the reviewers"))
    st.caption(_("Krippendorff's α: 1 is perfect, 0 is chance; from {least} on, people mean the same by a criterion.").format(
        least=number(TRUSTED_ALPHA, 3)))  # fmt: skip
    if two:
        st.caption(_("Cohen's κ, for two reviewers: agreement beyond what each one's own habits would give by chance."))
    agreement_table(agreement, named, two)
    st.header(_("Where they differ"))
    found = calibration.differences(chosen, blind)
    if not found:
        st.write(_("Nowhere: all say the same."))
        return
    people = calibration.done(chosen)
    shown = pd.DataFrame([
        {"call": _("Call {n}").format(n=number(chosen.calls.index(d.call_id) + 1)), "need": named.get(d.criterion, d.criterion),
         **{f"r{n}": _(RESULTS[d.results[name]]) if name in d.results else DASH for n, name in enumerate(people)}}
        for d in found
    ])  # fmt: skip
    columns = {"call": (_("Call"), "text"), "need": (_("Need"), "text")}
    columns |= {f"r{n}": (tables.heading(name), "text") for n, name in enumerate(people)}
    row = tables.show(shown, columns, "open_difference", _("Open"), _("Criteria on which reviewers differ"))
    if row is not None:
        links.open_call(found[row].call_id)


def agreement_table(agreement: dict[str, Agreement], named: dict[str, str], two: bool) -> None:
    """α of each criterion with its interval and number of calls; κ too of ``two`` reviewers."""
    rows = [(named[code], agreement[code]) for code in named if code in agreement]
    shown = pd.DataFrame({
        "need": [name for name, _a in rows],
        "alpha": [DASH if a.alpha is None else number(a.alpha, 2) for _name, a in rows],
        "interval": [DASH if a.low is None else f"{number(a.low, 2)} – {number(a.high, 2)}" for _name, a in rows],
        "kappa": [DASH if a.kappa is None else number(a.kappa, 2) for _name, a in rows],
        "n": [number(a.n) for _name, a in rows],
        "told": [_("all the same") if a.alpha is None else _("clear") if a.alpha >= TRUSTED_ALPHA else _("to discuss")
                 for _name, a in rows],
    })  # fmt: skip
    columns = {
        "need": (_("Need"), "text"), "alpha": ("α", "n"), "interval": (_("95% interval"), "n"),
        **({"kappa": ("κ", "n")} if two else {}), "n": (_("Calls"), "n"), "told": (_("Meaning"), "text"),
    }  # fmt: skip
    tables.show(shown, columns, "calibration_agreement", None, _("Agreement of the reviewers on each criterion"))
