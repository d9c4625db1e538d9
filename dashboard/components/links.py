"""Links from a figure to the calls behind it."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.components.address import with_language
from dashboard.components.period import Period
from dashboard.i18n import _, ngettext, number

CALLS = "pages/calls.py"
CALL = "pages/call.py"
NEEDS = "pages/needs.py"
ISSUES = "pages/issues.py"
LISTENING = "pages/listening.py"
TEAM = "pages/team.py"


def calls_parameters(period: Period, queues: list[str] | None, **more: object) -> dict[str, str | list[str]]:
    """The address of the Calls page for exactly these days and queues, and what more must hold."""
    days = [day.isoformat() for day in period.days]
    if "outcome" in more:  # what happened in a queue: within the hours that the figure counts
        more.setdefault("hours", queries.hours())
    return with_language({"period": "custom", "days": days, "queue": queues, **more})


def to_calls(n: int, period: Period, queues: list[str] | None, label: str | None = None, **more: object) -> None:
    """A link that says how many calls it leads to."""
    label = label or ngettext("See the call", "See the {n} calls", n).format(n=number(n))
    if n:
        st.page_link(CALLS, label=label + " →", query_params=calls_parameters(period, queues, **more))
    else:
        st.caption(_("No calls"))


def open_call(call_id: str, **more: object) -> None:
    """Go to the page of one call."""
    st.switch_page(CALL, query_params=with_language({"call_id": call_id, **more}))
