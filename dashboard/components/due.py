"""What complaints ask for today and which goals are behind, a line each on the Overview. Nothing where nothing is due."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, queries, session
from dashboard.components import links
from dashboard.components.address import with_language
from dashboard.components.complaints import this_minute
from dashboard.components.goals import name
from dashboard.i18n import _, ngettext, number


def goals() -> None:
    """How many goals are behind, which, and the way to them, to whoever keeps goals in view."""
    if not navigation.may_open(session.person(), links.GOALS):
        return
    rows = queries.query("registers/goal_standings").to_dict("records")
    behind = [name({str(field): value for field, value in row.items()}) for row in rows if row["status"] == "behind"]
    if not behind:
        return
    st.header(_("Goals"))
    with st.container(horizontal=True, border=True, vertical_alignment="center"):
        label = ngettext("{n} goal is behind", "{n} goals are behind", len(behind)).format(n=number(len(behind)))
        links.page(links.GOALS, label=label + " →", query_params=with_language({"view": "goals"}), width="content")
        st.text(" · ".join(behind), width="content")


def complaints() -> None:
    """Broken promises, promises for today, follow-ups and unanswered comments, to whoever sees the register."""
    if not navigation.may_open(session.person(), links.COMPLAINTS):
        return
    counts = queries.row("registers/complaint_counts", now=this_minute())
    broken, today, ask, unanswered = (
        int(counts[name]) for name in ("broken", "due_today", "follow_up_due", "unanswered")
    )
    told = {
        "broken": (broken, ngettext("{n} broken promise", "{n} broken promises", broken)),
        "due": (today, ngettext("{n} promise for today", "{n} promises for today", today)),
        "follow_up": (ask, ngettext("{n} follow-up due", "{n} follow-ups due", ask)),
        "unanswered": (
            unanswered,
            ngettext("{n} comment without an answer", "{n} comments without an answer", unanswered),
        ),
    }
    if not any(n for n, _label in told.values()):
        return
    st.header(_("Due in complaints"))
    with st.container(horizontal=True, border=True):
        for code, (n, label) in told.items():
            if n:
                links.to_due_complaints(code, label.format(n=number(n)) + " →")
