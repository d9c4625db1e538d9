"""The review of a call, one criterion at a time: the reviewer judges first, then sees the automatic result and its quotes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import listening, session
from dashboard.calls import Call, Row
from dashboard.components import scorecard, trust
from dashboard.components.needs import ICONS, RESULTS, criteria
from dashboard.components.player import Mark
from dashboard.i18n import N_, _, duration, number
from dashboard.session import reviewer
from models.access.people import Action
from models.listening import reviews
from models.listening.agreement import Agreement
from models.listening.reviews import Automatic, Review

CRITERION = "review_criterion"
OF = "review_of"
TELL = "_review_tells_the_page"
"""Set when a result with quotes changed: the player, a part of its own, has to take their marks up."""
KEYS = {"met": "1", "not_met": "2", "not_applicable": "3", "not_assessable": "4"}
SPEAKERS = {"agent": N_("Agent"), "customer": N_("Customer"), "unknown": N_("Speaker?")}
LONGEST_QUOTE = 90
SIGNS = {"met": "✓", "not_met": "✗", "not_applicable": "–", "not_assessable": "?"}
OPEN = "○"


@st.fragment
def show(call: Call, go_on: Callable[[], None] | None) -> None:
    """The review form. ``go_on`` is called to choose the next call; None where there is no next one."""
    if st.session_state.pop(TELL, False):
        st.rerun()
    st.header(_("Your review"))
    texts = {row["criterion"]: row for row in criteria()}
    if not texts:
        st.caption(_("There is no scorecard in force yet. Judge calls by it once with:"))
        st.code("earshot score && earshot publish", language="bash")
        return
    held = reviews.of_call(listening.store(), reviewer(), call.facts["call_id"])
    if st.session_state.get(OF) != call.facts["call_id"]:  # another call begins with its own first criterion
        st.session_state[OF] = call.facts["call_id"]
        st.session_state.pop(CRITERION, None)
    chosen = choose(texts, held)
    texts_of(texts[chosen])
    if chosen not in held:
        ask(call, chosen)
    else:
        answer(call, chosen, held[chosen], listening.agreement().get(chosen, Agreement()))
    steps(call, chosen, list(texts), held, go_on)


def choose(texts: dict[str, Row], held: dict[str, Review]) -> str:
    """The criterion that is being judged."""
    codes = list(texts)
    if st.session_state.get(CRITERION) not in texts:
        st.session_state[CRITERION] = next((code for code in codes if code not in held), codes[0])
    done = sum(code in held for code in codes)
    st.progress(done / len(codes), _("{n} of {all} judged").format(n=number(done), all=number(len(codes))))
    st.text("".join(sign(held.get(code)) for code in codes), help=_("Your results in the scorecard's order"))
    # names alone: the browser sends the label back, so one that changed would choose another
    return str(st.selectbox(_("Criterion"), codes, key=CRITERION, format_func=lambda code: texts[code]["name"]))


def sign(review: Review | None) -> str:
    """How a criterion was judged, as one character."""
    return SIGNS[review.result] if review and review.result else OPEN


def texts_of(row: Row) -> None:
    """What a criterion asks for, in the scorecard's own words."""
    st.text(row["definition"])
    st.text(row["applies"])


def ask(call: Call, criterion: str) -> None:
    """The four answers, each with its key. The automatic result is not shown yet."""
    st.caption(_("Judge first; then you see what the scorecard says, and why."))
    for result, key in KEYS.items():
        st.button(
            _(RESULTS[result]), key=f"judge_{result}", icon=ICONS[result], shortcut=key, width="stretch",
            on_click=_judge, args=(call, criterion, result),
        )  # fmt: skip


def judged_marks(call: Call) -> list[Mark]:
    """The quotes of the criteria that the reviewer has judged: the others stay hidden until then."""
    held = reviews.of_call(listening.store(), reviewer(), call.facts["call_id"])
    return scorecard.marks([row for row in call.results if row["criterion"] in held])


def automatic_of(call: Call, criterion: str) -> list[Row]:
    """The rows of the automatic result of a criterion, one per quote; empty when there is none."""
    return [row for row in call.results if row["criterion"] == criterion]


@session.telling
def _judge(call: Call, criterion: str, result: str) -> None:
    if not _is_asked(call, criterion):
        return  # pressed twice, or on a form that was about to go: it is not about what comes next
    rows = automatic_of(call, criterion)
    automatic = Automatic(rows[0]["result"], rows[0]["scorecard_version"]) if rows else None
    who, call_id = session.writer(Action.JUDGE), call.facts["call_id"]
    reviews.judge(listening.store(), who, call_id, criterion, result, automatic)  # type: ignore[arg-type]
    _tell(rows)


def _is_asked(call: Call, criterion: str) -> bool:
    """Whether this is the criterion that is in front of the reviewer, and not judged."""
    call_id = call.facts["call_id"]
    in_front = (st.session_state.get(OF), st.session_state.get(CRITERION)) == (call_id, criterion)
    return in_front and criterion not in reviews.of_call(listening.store(), reviewer(), call_id)


def _tell(rows: list[Row]) -> None:
    st.session_state[TELL] = any(row["quote"] is not None for row in rows)


def answer(call: Call, criterion: str, review: Review, agreement: Agreement) -> None:
    """Both results side by side with the quotes, and whether the reviewer agrees now."""
    with st.container(border=True, gap="small"):
        for who, result in ((_("You"), review.result), (_("Scorecard"), review.automatic_result)):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.text(who, width="content")
                if result:
                    scorecard.verdict(result)
                else:
                    st.caption(_("has no result for this call"), width="content")
        trust.caption(agreement)
        for row in automatic_of(call, criterion):
            if row["quote"] is not None:
                quote(row)
    if review.automatic_result and review.result != review.automatic_result and review.agreed is None:
        st.text(_("Having heard these: is the scorecard right?"))
        with st.container(horizontal=True):
            _button(_("Yes, I change mine"), "agree", "Y", call, criterion, True)
            _button(_("No, I stay with mine"), "disagree", "N", call, criterion, False)
    cited(call, criterion, review)


def _button(label: str, key: str, shortcut: str, call: Call, criterion: str, agreed: bool) -> None:
    st.button(label, key=key, shortcut=shortcut, on_click=_agree, args=(call, criterion, agreed))


@session.telling
def _agree(call: Call, criterion: str, agreed: bool) -> None:
    reviews.agree(listening.store(), session.writer(Action.JUDGE), call.facts["call_id"], criterion, agreed)


def quote(row: Row) -> None:
    """A quote as it was said; its button plays it, so the whole page is told."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if scorecard.jump_button(row, "review"):
            st.rerun()
        st.caption(_("for") if row["points"] == "for" else _("against"), width="content")
        st.text(f"“{row['quote']}”", width="stretch")


def cited(call: Call, criterion: str, review: Review) -> None:
    """The turn that shows it, as the reviewer says."""
    if not call.turns:
        return
    turns = {int(turn["turn_no"]): turn for turn in call.turns}
    key = f"cited_{call.facts['call_id']}_{criterion}_{review.turn_no}"

    @session.telling
    def cite() -> None:
        reviews.cite(
            listening.store(), session.writer(Action.JUDGE), call.facts["call_id"], criterion, st.session_state[key]
        )

    st.selectbox(
        _("The turn that shows it"), list(turns), key=key, on_change=cite,
        index=list(turns).index(review.turn_no) if review.turn_no in turns else None,
        placeholder=_("Optional: choose what was said"), format_func=lambda turn_no: turn_text(turns[turn_no]),
    )  # fmt: skip


def turn_text(turn: Row) -> str:
    """A turn in a list to choose from, which draws plain text."""
    at = duration(turn["start_s"]) if turn["start_s"] is not None else str(turn["turn_no"])
    said = str(turn["text"])
    said = said if len(said) <= LONGEST_QUOTE else said[:LONGEST_QUOTE] + "…"
    return f"{at} {_(SPEAKERS.get(turn['speaker'], SPEAKERS['unknown']))}: {said}"


def steps(
    call: Call, criterion: str, codes: list[str], held: dict[str, Review], go_on: Callable[[], None] | None
) -> None:
    """Back, on, undo; and when all is judged, the next call."""
    at = codes.index(criterion)
    ahead = [code for code in [*codes[at + 1 :], *codes[:at]] if code not in held]
    following = ahead[0] if ahead else codes[(at + 1) % len(codes)]
    done = criterion in held
    with st.container(horizontal=True):  # no help on these: Streamlit draws such a button twice, its key presses both
        st.button(
            _("Back"), key="criterion_back", shortcut="B", on_click=_choose, args=(codes[at - 1],), disabled=not at
        )
        st.button(_("Next criterion"), key="criterion_more", shortcut="M", on_click=_choose, args=(following,))
        st.button(_("Undo"), key="review_undo", shortcut="U", on_click=_undo, args=(call, criterion), disabled=not done)
    if all(code in held for code in codes):
        st.success(_("Every criterion is judged."), icon=":material/check:")
    if go_on and st.button(_("Next call"), key="next_call", shortcut="L", on_click=_next, args=(go_on,)):
        st.rerun()


@session.telling
def _undo(call: Call, criterion: str) -> None:
    reviews.undo(listening.store(), session.writer(Action.JUDGE), call.facts["call_id"], criterion)
    _tell(automatic_of(call, criterion))


def _choose(criterion: str) -> None:
    st.session_state[CRITERION] = criterion


def _next(go_on: Callable[[], None]) -> None:
    st.session_state.pop(OF, None)
    go_on()
