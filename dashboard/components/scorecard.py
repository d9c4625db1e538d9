"""How one call was judged: the four steps to a solution, each need with its quotes, and predicted satisfaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from dashboard.calls import Call, Row
from dashboard.components import trust
from dashboard.components.needs import ICONS, RESULTS
from dashboard.components.player import Mark
from dashboard.i18n import N_, _, duration, listed, signed
from models.listening.agreement import Agreement

COLOURS = {"met": "green", "not_met": "orange", "not_applicable": "gray", "not_assessable": "gray"}
STEPS = {
    N_("1 Say the problem back"): ("restatement",),
    N_("2 Own it"): ("ownership",),
    N_("3 Ask for ideas, offer options"): ("customer_idea", "options"),
    N_("4 Solve it, and check"): ("resolution", "satisfaction_check"),
}
REASONS = {
    "nothing was said": N_("nothing was said"),
    "it is not known who the agent is": N_("it is not known who the agent is"),
    "the customer is not heard": N_("the customer is not heard"),
    "the agent says too little to judge": N_("the agent says too little to judge"),
    "too little was understood": N_("too little was understood"),
}
JUMPS = "_jumps"


def show(call: Call, agreement: Mapping[str, Agreement]) -> None:
    """Everything that judging found in a call, or why there is nothing; ``agreement`` says how far to trust it."""
    st.header(_("Scorecard"))
    if not call.turns:
        st.caption(_("Without a transcript a call can't be scored."))
        return
    if not call.results:
        st.caption(_("This call has not been scored yet. Score it with:"))
        st.code("earshot score && earshot publish", language="bash")
        return
    st.caption(_("Automatic results: leanings, unless they are marked as trusted. Press a time to hear the moment."))
    if all(turn["start_s"] is None for turn in call.turns):
        st.caption(_("The transcript has no times, so quotes lead to their turn."))
    grouped = [list(rows) for _criterion, rows in groupby(call.results, lambda row: row["criterion"])]
    ribbon({rows[0]["criterion"]: rows for rows in grouped})
    predicted(call.facts["predicted_satisfaction"])
    for rows in grouped:
        if rows[0]["result"] in ("met", "not_met"):
            criterion(rows, agreement.get(rows[0]["criterion"], Agreement()))
    unjudged(grouped)


def ribbon(known: dict[str, list[Row]]) -> None:
    """The four steps to a solution, and where in the call each happened."""
    for place, (step, criteria) in zip(st.columns(len(STEPS)), STEPS.items(), strict=True):
        with place.container(border=True, height="stretch", gap="small"):
            st.markdown(f"**{_(step)}**")
            for rows in (known[code] for code in criteria if code in known):
                if len(criteria) > 1:
                    st.text(rows[0]["name"])
                verdict(rows[0]["result"])
                said = [row for row in rows if row["points"] == "for" and row["result"] == "met"]
                with st.container(horizontal=True, gap="small"):
                    for row in said[:2]:
                        jump_button(row, "step")


def verdict(result: str) -> None:
    """A result as a sign and a word."""
    st.badge(_(RESULTS[result]), icon=ICONS[result], color=COLOURS[result])  # type: ignore[arg-type]


def predicted(value: float | None) -> None:
    """How satisfied the customer probably was, apart from the needs; nothing where nothing was predicted."""
    if value is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.metric(_("Predicted satisfaction, −2 to +2"), signed(value, 1), width="content")
        st.caption(_("From a model trained on written helpdesk dialogues: a leaning, not a measurement. It is shown apart "
                     "from the needs: a kind agent may solve nothing."))  # fmt: skip


def criterion(rows: Sequence[Row], agreement: Agreement) -> None:
    """One need with its result, how far to trust it, and the quotes behind it."""
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            verdict(rows[0]["result"])
            st.text(rows[0]["name"], width="content")
        trust.caption(agreement)
        for row in rows:
            if row["quote"] is not None:
                quote(row)


def quote(row: Row) -> None:
    """A quote as it was said, with a button to its moment."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        jump_button(row, "quote")
        st.caption(_("for") if row["points"] == "for" else _("against"), width="content")
        st.text(f"“{row['quote']}”", width="stretch")


def jump_button(row: Row, place: str) -> bool:
    """A button that plays from the turn of a quote, or shows it; True in the run after it was pressed."""
    timed = row["start_s"] is not None
    label = duration(row["start_s"]) if timed else _("Turn {n}").format(n=row["turn_no"])
    return st.button(
        label, key=f"{place}_{row['criterion']}_{row['evidence_no']}", on_click=_jump, args=(int(row["turn_no"]),),
        icon=":material/play_arrow:" if timed else ":material/arrow_upward:", type="tertiary", width="content",
    )  # fmt: skip


def unjudged(grouped: Sequence[Sequence[Row]]) -> None:
    """Needs that had no occasion, and why others need an ear."""
    without = [rows[0]["name"] for rows in grouped if rows[0]["result"] == "not_applicable"]
    if without:
        with st.container(horizontal=True):
            verdict("not_applicable")
            st.text(listed(without), width="stretch")
    unheard = [rows[0] for rows in grouped if rows[0]["result"] == "not_assessable"]
    for reason in dict.fromkeys(row["reason"] for row in unheard):
        with st.container(horizontal=True):
            verdict("not_assessable")
            names = listed([row["name"] for row in unheard if row["reason"] == reason])
            st.text(f"{names}: {_(REASONS.get(reason, reason))}", width="stretch")


def marks(results: Sequence[Row]) -> list[Mark]:
    """The quotes of a call for the player."""
    return [
        Mark(int(row["turn_no"]), row["name"], row["points"] == "for") for row in results if row["turn_no"] is not None
    ]


def jumps() -> int:
    """How often a moment was asked for: when it changes, the player goes there."""
    return int(st.session_state.get(JUMPS, 0))


def _jump(turn_no: int) -> None:
    st.session_state[JUMPS] = jumps() + 1
    st.query_params["turn"] = str(turn_no)
