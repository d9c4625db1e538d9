"""What is known of one call, beside its sound. What callers or telephone systems wrote is shown as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st
from babel import Locale

from dashboard.calls import Call, Row, outcome, title
from dashboard.components.address import with_language
from dashboard.components.links import CALL, page, to_customer
from dashboard.i18n import DASH, _, duration, locale, ngettext, number, percent, seconds


def language_name(code: str | None) -> str:
    """A language in the reader's own: fr as French; the code itself when it is not known."""
    if not code:
        return DASH
    known = Locale.parse(str(locale())).languages.get(code)
    return str(known).capitalize() if known else code


def facts(call: Call) -> None:
    """Who, where, how long and how it ended."""
    row = call.facts
    shown = {
        _("Queue"): row["queue"],
        _("Agent"): row["agent_id"],
        _("Customer"): row["customer_id"],
        _("Wait"): seconds(row["wait_s"]),
        _("Outcome"): outcome(row),
        _("Duration"): duration(row["duration_s"]),
        _("Language"): language_name(row["language"]),
    }
    with st.container(horizontal=True, gap="medium", key="call-facts"):
        for label, value in shown.items():
            fact(label, str(value or DASH))


def fact(label: str, value: str) -> None:
    """A label with a value below it."""
    with st.container(width="content", gap=None):
        st.caption(label)
        st.text(value, width="content")


def sound_measures(recording: Row) -> None:
    """What the sound alone tells: who speaks how much, silence, overlap, interruptions."""
    st.header(_("Sound"))
    help_of = {
        _("Agent's share of talk"): _("Agent's seconds of speech ÷ both parties' seconds of speech"),
        _("Silence"): _("Share of the call in which nobody speaks"),
        _("Longest silence"): _("Longest silence between two stretches of speech"),
        _("Both at once"): _("Share of the call in which both speak"),
        _("Agent interrupts"): _("Times the agent started while the customer spoke and the customer stopped"),
        _("Customer interrupts"): _("Times the customer started while the agent spoke and the agent stopped"),
    }
    values = (
        percent(recording["agent_share"]),
        percent(recording["silence_share"]),
        seconds(recording["longest_silence_s"]),
        percent(recording["overlap_share"]),
        number(recording["agent_interruptions"]),
        number(recording["customer_interruptions"]),
    )
    _measures(zip(help_of.items(), values, strict=True))
    if recording["agent_share"] is None:
        st.caption(_("It is not known which party is the agent, so parties are not told apart."))


def conduct(row: Row) -> None:
    """How the agent led the call, as words and their times tell: greeting, dead air, holds, talk-over."""
    st.header(_("Course of the call"))
    if not row["judged"]:
        st.caption(_("Known once the call is judged: run earshot score."))
        return
    help_of = {
        _("Time to greeting"): _("Seconds until the agent greets"),
        _("Dead air"): _("Silences of eight seconds or more that nobody announced"),
        _("Longest gap"): _("Longest silence between two turns"),
        _("Talk-over"): _("Seconds in which both speak"),
        _("Holds asked for"): _("Holds that the agent asked for, of all holds"),
        _("Thanked for holding"): _("Times the agent thanked for holding or waiting"),
    }
    values = (
        seconds(row["greeting_after_s"]),
        number(row["dead_air"]),
        seconds(row["longest_dead_air_s"]),
        seconds(row["talk_over_s"]),
        _("{n} of {all}").format(n=number(row["holds_asked"]), all=number(row["holds"])) if row["holds"] else _("no hold"),
        number(row["holds_thanked"]),
    )  # fmt: skip
    _measures(zip(help_of.items(), values, strict=True))
    if row["dead_air"] is None:
        st.caption(_("The transcript has no times, so nothing can be measured by them."))


def _measures(rows: Iterable[tuple[tuple[str, str], str]]) -> None:
    for (label, told), value in rows:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap=None):
            st.caption(label, help=told, width="content")
            st.text(value, width="content")


def queue_history(visits: Sequence[Row]) -> None:
    """The queues the call went through, one step below the other."""
    st.header(_("Queue history"))
    if not visits:
        st.caption(_("No queue log mentions this call."))
    for visit in visits:
        with st.container(border=True, gap=None):
            st.text(f"{visit['entered_at']:%H:%M:%S} · {visit['queue']}")
            st.caption(" · ".join(_journey(visit)))
            if visit["agent_id"]:
                st.text(_("Agent: {name}").format(name=visit["agent_id"]))
            if visit["transferred_to"]:
                st.text(_("Passed on to: {name}").format(name=visit["transferred_to"]))


def _journey(visit: Row) -> list[str]:
    """How a visit went, in figures and fixed texts alone."""
    told = [outcome(visit) or _("Not ended yet")]
    if visit["wait_s"] is not None:
        told.append(_("waited {time}").format(time=seconds(visit["wait_s"])))
    if visit["position_in"] is not None:
        told.append(_("came in as number {n}").format(n=number(visit["position_in"])))
    if visit["talk_s"]:
        told.append(_("talked {time}").format(time=duration(visit["talk_s"])))
    if visit["hold_s"]:
        told.append(_("on hold {time}").format(time=duration(visit["hold_s"])))
    return told


def other_calls(call: Call) -> None:
    """The customer's other calls, as links."""
    st.header(_("The customer's other calls"))
    if call.facts["customer_id"] is None:
        st.caption(_("The customer is not known."))
    elif not call.others:
        st.caption(_("There are no others."))
    else:
        n = len(call.others)
        st.caption(ngettext("The latest call", "The latest {n} calls", n).format(n=number(n)))
    if call.facts["customer_id"]:
        to_customer(str(call.facts["customer_id"]), _("Their whole history") + " →")
    links(call.others)


def links(rows: Sequence[Row]) -> None:
    """Links to calls, newest first."""
    for row in rows:
        page(CALL, label=title(row), query_params=address(row["call_id"]))


def neighbours(call: Call) -> None:
    """Links to the calls before and after."""
    with st.container(horizontal=True, horizontal_alignment="distribute", key="neighbours"):
        for label, call_id in ((_("← Previous call"), call.previous_id), (_("Next call →"), call.next_id)):
            page(CALL, label=label, query_params=address(call_id or ""), disabled=call_id is None)


def address(call_id: str) -> dict[str, str | list[str]]:
    """The parameters of a call's page."""
    return with_language({"call_id": call_id})
