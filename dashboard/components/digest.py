"""The team's week: who listened how long, what they heard in their own words, and what they wrote down about calls."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard import calls, listening, session, within
from dashboard.components import links, listening_week, remarks, shelf_notes, tables
from dashboard.components.address import with_language
from dashboard.components.goals import history, said
from dashboard.components.links import LISTENING, TEAM
from dashboard.i18n import _, duration, ngettext, number
from models.access.people import Action
from models.listening import remarks as written
from models.listening import weeks
from models.listening.remarks import Kind, Remark
from models.listening.weeks import WeekOf

MOST = 60
"""Remarks that are listed at most."""


def show() -> None:
    """The digest of one week, this one at first."""
    known = list(dict.fromkeys([listening.this_week(), *weeks.known(listening.store())]))
    if st.session_state.get("week") not in known:
        st.session_state["week"] = known[0]
    week = str(st.selectbox(_("Week"), known, key="week", format_func=listening_week.week_name))
    people = weeks.team(listening.store(), week)
    if not people:
        st.info(_("Nobody has listened in this week. It begins with one hour:"))
        links.page(LISTENING, label=_("Listening hour") + " →", query_params=with_language({}))
        return
    summary(people)
    table(people, week)
    notes(people, week)
    start, end = listening.bounds(week)
    for kind in ("issue", "complaint", "coaching", "story"):
        listed(_of_kinds([kind], start, end), kind)


def summary(people: list[WeekOf]) -> None:
    """The week in a sentence."""
    hours = sum(person.heard_s >= listening.target_s() for person in people)
    minutes = int(sum(person.heard_s for person in people) / 60)
    judged = sum(person.calls_judged for person in people)
    told = [
        ngettext("{n} minute heard", "{n} minutes heard", minutes).format(n=number(minutes)),
        ngettext(
            "{n} of {all} reviewer reached the hour", "{n} of {all} reviewers reached the hour", len(people)
        ).format(n=number(hours), all=number(len(people))),
        ngettext("{n} call judged", "{n} calls judged", judged).format(n=number(judged)),
    ]
    st.markdown(" · ".join(told))


def table(people: list[WeekOf], week: str) -> None:
    """One row per reviewer."""
    rows = [
        weeks.weeks_in_a_row(weeks.heard_by_week(listening.store(), p.reviewer), week, listening.target_s())
        for p in people
    ]
    shown = pd.DataFrame({
        "reviewer": [person.reviewer for person in people],
        "heard": [duration(person.heard_s) for person in people],
        "calls": [number(person.calls_heard) for person in people],
        "judged": [number(person.calls_judged) for person in people],
        "row": [number(n) for n in rows],
    })  # fmt: skip
    columns = {
        "reviewer": (_("Reviewer"), "text"), "heard": (_("Heard"), "n"), "calls": (_("Calls heard"), "n"),
        "judged": (_("Playlist calls judged"), "n"), "row": (_("Weeks in a row"), "n"),
    }  # fmt: skip
    tables.show(shown, columns, "digest", None, _("Who listened how long this week"))


def notes(people: list[WeekOf], week: str) -> None:
    """What everybody heard, in their own words."""
    st.header(_("What we heard"))
    told = [person for person in people if _may_read(person, week)]
    if not told:
        st.caption(_("Nobody has written a closing note yet; it stands at the end of the listening hour."))
    for person in told:
        with st.container(border=True, gap="small"):
            st.text(person.note)
            st.text(f"— {person.reviewer}")


def _may_read(person: WeekOf, week: str) -> bool:
    """Whether there is a note that whoever looks may read: it tells of the calls that its writer heard that week."""
    if not person.note:
        return False
    own = person.reviewer == session.reviewer()
    return own or within.all_of_mine(weeks.heard_calls(listening.store(), person.reviewer, week))


def listed(found: list[Remark], kind: Kind) -> None:
    """Remarks of one kind, each with a link to its call; others' on calls that the reader is to judge blind are left out."""
    found = listening.without_blind(found, lambda remark: (remark.call_id, remark.reviewer))
    if not found:
        return
    st.header(_(remarks.KINDS[kind]))
    facts = listening.named([remark.call_id for remark in found])
    reads, clips = shelf_notes.reads(), shelf_notes.clips()
    for remark in found[:MOST]:
        with st.container(border=True, gap="small"):
            if remark.text:
                st.text(remark.text)
            with st.container(horizontal=True, vertical_alignment="center"):
                row = facts.get(remark.call_id)
                links.to_moment(remark.call_id, remark.at_s, calls.title(row) if row else _("Not published any more"))
                st.text(f"— {remark.reviewer}", width="content")
            if kind == "coaching":
                shelf_notes.coaching(remark, reads.get(remark.remark_id), row["agent_id"] if row else None)
            elif kind == "story":
                shelf_notes.story(remark, clips.get(remark.remark_id))


def shelf() -> None:
    """Stories worth telling, and points to coach, of every week."""
    said()
    st.caption(_("Calls to tell stories of, and points to coach, from every listening hour."))
    found = _of_kinds(["story", "coaching"])
    if not found:
        st.info(_("The shelf is empty. While listening, choose “Story shelf” or “Coaching point” below the player."))
        links.page(LISTENING, label=_("Listening hour") + " →", query_params=with_language({}))
    left, right = st.columns(2, gap="large")
    for place, kind in ((left, "story"), (right, "coaching")):
        with place:
            listed([remark for remark in found if remark.kind == kind], kind)  # type: ignore[arg-type]
    history(("coaching_reads", "story_clips"), "shelf", shelf_notes.words, Action.LEAD_TEAM, of_people=True)


def own() -> None:
    """For an agent: stories and points to coach from calls that they may see, which are their own."""
    st.caption(_("What reviewers wrote down about your calls: points to work on, and calls worth telling of."))
    left, right = st.columns(2, gap="large")
    empty = True
    for place, kind in ((left, "coaching"), (right, "story")):
        with place:
            found = _of_kinds([kind])  # type: ignore[list-item]
            listed(found, kind)  # type: ignore[arg-type]
            empty &= not found
    if empty:
        st.info(
            _(
                "Nothing yet. What a supervisor notes as a coaching point or a story while listening to your calls appears here."
            )
        )


def _of_kinds(kinds: list[Kind], *bounds: datetime) -> list[Remark]:
    """The remarks of some kinds on calls that whoever looks may see, within ``bounds`` where they are given."""
    found = written.of_kinds(listening.store(), kinds, *bounds)
    seen = within.calls(remark.call_id for remark in found)
    return [remark for remark in found if remark.call_id in seen]


def overview() -> None:
    """For the Overview: the hours of this week, and the newest closing notes."""
    week = listening.this_week()
    teams = {each: weeks.team(listening.store(), each) for each in (week, weeks.week_before(week))}
    people = teams[week]
    noted = [person for each, team in teams.items() for person in team if _may_read(person, each)]
    st.header(_("Heard this week"))
    with st.container(border=True):
        if people:
            summary(people)
        else:
            st.write(_("Nobody has listened this week yet."))
        for person in noted[:4]:
            st.text(f"“{person.note}”")
            st.text(f"— {person.reviewer}")
        with st.container(horizontal=True):
            links.page(LISTENING, label=_("Listening hour") + " →", query_params=with_language({}), width="content")
            links.page(
                TEAM, label=_("The team's week") + " →", query_params=with_language({"part": "week"}), width="content"
            )
