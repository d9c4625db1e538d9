"""A page of one week to send and to print, for people who never open the dashboard."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta

import streamlit as st

from dashboard import weekly
from dashboard.components.csv import save
from dashboard.components.period import WEEK, Period, Reach, midnight, monday
from dashboard.components.waits import View
from dashboard.i18n import _, date_range, lang

MOST_WEEKS = 26


def show(view: View) -> None:
    """Choose a week, save its page."""
    with st.container(border=True):
        st.header(_("A page of the week, to send and to print"))
        st.write(_("One file with the week’s figures in your language. It opens in any browser, prints on one or two pages, "
                   "and asks nothing of any other machine."))  # fmt: skip
        weeks = _weeks(view.reach)
        begins = st.selectbox(
            _("Week"), weeks, index=min(1, len(weeks) - 1), format_func=lambda day: date_range(day, day + timedelta(days=6)),
            key="weekly_week", width=320,
        )  # fmt: skip
        week = _week(begins, view.reach)
        made = weekly.page(week, week.before(view.reach.newest), view.queues)
        save(
            _("Save the page"), made.encode, f"waits-{begins.isoformat()}-{lang()}.html", "weekly", "text/html",
            ":material/download:",
        )  # fmt: skip
        st.caption(_("To make a PDF of it, open it and print to a file."))


def _weeks(reach: Reach) -> list[Date]:
    """Mondays of the weeks with calls, newest first."""
    newest, first = monday(reach.newest), monday(reach.first)
    return [day for n in range(MOST_WEEKS) if (day := newest - n * WEEK) >= first]


def _week(begins: Date, reach: Reach) -> Period:
    zone = reach.newest.tzinfo
    return Period("custom", midnight(begins, zone), midnight(begins + WEEK, zone))  # type: ignore[arg-type]
