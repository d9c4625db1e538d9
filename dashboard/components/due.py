"""What complaints ask for today, in a line on the Overview; each count leads to its list. Nothing where nothing is due."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard import navigation, queries, session
from dashboard.components import links
from dashboard.i18n import _, ngettext, number


def overview() -> None:
    """Broken promises, promises for today, follow-ups and unanswered comments, to whoever sees the register."""
    if not navigation.may_open(session.person(), links.COMPLAINTS):
        return
    counts = queries.row("registers/complaint_counts", now=datetime.now(UTC).replace(second=0, microsecond=0))
    broken, today, ask, unanswered = (int(counts[name]) for name in ("broken", "due_today", "follow_up_due", "unanswered"))
    told = {
        "broken": (broken, ngettext("{n} broken promise", "{n} broken promises", broken)),
        "due": (today, ngettext("{n} promise for today", "{n} promises for today", today)),
        "follow_up": (ask, ngettext("{n} follow-up due", "{n} follow-ups due", ask)),
        "unanswered": (unanswered, ngettext("{n} comment without an answer", "{n} comments without an answer", unanswered)),
    }
    if not any(n for n, _label in told.values()):
        return
    st.subheader(_("Due in complaints"))
    with st.container(horizontal=True, border=True):
        for code, (n, label) in told.items():
            if n:
                links.to_due_complaints(code, label.format(n=number(n)) + " →")
