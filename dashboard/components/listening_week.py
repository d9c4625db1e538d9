"""How the hour of the week goes: minutes really heard, weeks in a row, what is left; and the closing note."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import listening, session
from dashboard.i18n import _, date_range, ngettext, number
from dashboard.session import reviewer
from models.access.people import Action
from models.listening import reviews, weeks
from models.listening.playlists import Playlist

REFRESH_S = 15


@st.fragment(run_every=REFRESH_S)
def progress(known: Playlist) -> None:
    """Minutes towards the hour, told anew while the sound plays: the player reports without the page."""
    heard_s = weeks.heard_by_week(listening.store(), reviewer())
    minutes, target = heard_s.get(known.week, 0.0) / 60, known.target_s / 60
    judged = reviews.judged_counts(listening.store(), reviewer())
    left = [listed for listed in known.current if listed.call_id not in judged]
    row = weeks.weeks_in_a_row(heard_s, known.week, known.target_s)
    st.progress(
        min(1.0, minutes / target),
        _("{n} of {target} minutes heard").format(n=number(int(minutes)), target=number(target)),
    )
    told = [
        ngettext("{n} week in a row", "{n} weeks in a row", row).format(n=number(row)),
        ngettext("{n} call left to judge", "{n} calls left to judge", len(left)).format(n=number(len(left))),
    ]
    st.caption(" · ".join(told))


def week_name(week: str) -> str:
    """An ISO week as its days."""
    first = listening.first_day(week)
    return date_range(first, first + timedelta(days=6))


@st.fragment
def closing_note(week: str) -> None:
    """What the reviewer heard this week; it goes to the team's digest and the Overview."""
    st.header(_("What I heard this week"))
    known = weeks.note(listening.store(), reviewer(), week)
    with st.form("closing_note"):
        text = st.text_area(
            _("What I heard this week"), value=known, key=f"closing-note-{week}", max_chars=weeks.LONGEST_NOTE,
            label_visibility="collapsed", height=110,
            placeholder=_("What keeps coming back? What did customers say that no figure shows?"),
        )  # fmt: skip
        if st.form_submit_button(_("Keep the note"), key="keep_closing_note") and str(text or "").strip() != known:
            _write(week, str(text or ""))


@session.telling
def _write(week: str, text: str) -> None:
    weeks.write_note(listening.store(), session.writer(Action.REMARK), week, text)
    st.toast(_("Kept. The team reads it on the Overview, and as a hint on the Issues page."))
