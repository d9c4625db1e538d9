"""What is added to remarks on the team's shelf: that a coaching note was read, and the clip that shows a story."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import queries
from dashboard.calls import Call
from dashboard.components import links
from dashboard.components.address import with_language
from dashboard.components.changed import before_and_after
from dashboard.components.goals import do, edition, said
from dashboard.i18n import DASH, N_, _, date, duration
from dashboard.session import may, person, writer
from models.access.people import Action, Role
from models.changes import Change
from models.errors import ChangeRefused
from models.goals import logs
from models.listening import remarks
from models.listening.own_calls import own_agents
from models.listening.remarks import Remark

CLIP_S = 30.0
"""Length of a clip before anybody changes it."""
READS = ("remark_id", "answer", "written_by", "written_at")
CLIPS = ("remark_id", "from_s", "to_s", "reason")


def reads() -> dict[int, logs.Row]:
    """Remark → that it was read."""
    return {row["remark_id"]: row for row in logs.rows(queries.app_store(), "coaching_reads", READS, "remark_id")}


def clips() -> dict[int, logs.Row]:
    """Remark → its clip."""
    return {row["remark_id"]: row for row in logs.rows(queries.app_store(), "story_clips", CLIPS, "remark_id")}


def may_read(agent: str | None) -> bool:
    """Whether whoever looks is the agent that a note is for; without sign-in, whoever sits at the machine may be."""
    who = person()
    own = own_agents(queries.app_store(), queries.settings(), who.name)
    return Role.ADMIN in who.roles or (
        agent is not None and agent in (*own, *((who.limits and who.limits.agents) or ()))
    )


def for_agent(call: Call) -> None:
    """On the page of a call, for an agent alone: the coaching notes on it. Reviewers judge without others' words in view."""
    agent = call.facts["agent_id"]
    notes = [r for r in remarks.of_call(queries.app_store(), call.facts["call_id"]) if r.kind == "coaching"]
    if Role.AGENT not in person().roles or not notes or not may_read(agent):
        return
    said()
    st.header(_("Coaching"))
    known = reads()
    for remark in notes:
        with st.container(border=True, gap="small"):
            st.text(remark.text)
            st.text(f"— {remark.reviewer}")
            coaching(remark, known.get(remark.remark_id), agent)


def coaching(remark: Remark, known: logs.Row | None, agent: str | None) -> None:
    """Whether a note was read, with the agent's answer; for the agent, the button that says so."""
    if known:
        day = date(datetime.fromisoformat(known["written_at"]).astimezone(queries.settings().zone).date())
        told = _("Read by {name}, {day}").format(name=known["written_by"], day=day)
        st.text(f"{told}: {known['answer']}" if known["answer"] else told)
        return
    st.text(_("Not read yet"))
    if may_read(agent):
        key = f"read_{remark.remark_id}_{edition()}"
        with st.popover(_("I have read it"), key=f"{key}_open"), st.form(key, border=False, enter_to_submit=False):
            words = st.text_area(_("Answer"), max_chars=logs.TEXT, key=f"{key}_words", placeholder=_("if you like"))
            if st.form_submit_button(_("I have read it")):
                do(lambda: _read(remark, agent, words), _("Saved."))


def _read(remark: Remark, agent: str | None, words: str) -> None:
    """Say that the note was read, unless it is for somebody else."""
    who = writer(Action.ANSWER_COACHING)
    if not may_read(agent):
        raise ChangeRefused(N_("A coaching note is answered by the agent it is for."))
    logs.read(queries.app_store(), remark.remark_id, who, words)


def story(remark: Remark, known: logs.Row | None) -> None:
    """The clip of a story with what it shows and a link that plays just that; the form that cuts it."""
    if known:
        st.text(f"{known['reason'] or DASH} ({duration(known['from_s'])} – {duration(known['to_s'])})")
        bounds = f"{known['from_s']:g}-{known['to_s']:g}"
        links.page(links.CALL, _("Play the clip") + " →", with_language({"call_id": remark.call_id, "clip": bounds}))
    if not may(Action.LEAD_TEAM):
        return
    key = f"clip_{remark.remark_id}_{edition()}"
    with st.popover(_("Cut the clip"), key=f"{key}_open"), st.form(key, border=False, enter_to_submit=False):
        places = st.columns(2)
        start = float(known["from_s"] if known else remark.at_s or 0.0)
        from_s = places[0].number_input(_("From, seconds"), 0.0, value=start, format="%g", key=f"{key}_from")
        to_s = places[1].number_input(
            _("To, seconds"), 0.0, value=float(known["to_s"]) if known else start + CLIP_S, format="%g", key=f"{key}_to"
        )
        reason = st.text_input(
            _("What it shows"),
            known["reason"] if known else remark.text[: logs.TEXT],
            max_chars=logs.TEXT,
            key=f"{key}_reason",
        )
        if st.form_submit_button(_("Save")):
            do(
                lambda: logs.clip(
                    queries.app_store(), remark.remark_id, from_s, to_s, reason, writer(Action.LEAD_TEAM)
                ),
                _("Saved."),
            )


def words(change: Change) -> tuple[str, str]:
    """A change of a read note or a clip, in words."""
    labels = {
        "answer": N_("Answer"),
        "from_s": N_("From, seconds"),
        "to_s": N_("To, seconds"),
        "reason": N_("What it shows"),
    }
    about = _("Coaching note {n}") if change.what == "coaching_reads" else _("Story {n}")
    told = before_and_after(change, labels, lambda _field, value: DASH if value is None else str(value))
    return about.format(n=change.item["remark_id"]), told or (_("read") if change.after else _("not read"))
