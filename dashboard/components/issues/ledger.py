"""The ledger: how often each issue comes, what it costs, whether something can be done; and what grows."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import queries, session
from dashboard.components import tables
from dashboard.components.csv import protected_csv, save
from dashboard.components.issues import WANTED, View, assumptions, hints
from dashboard.i18n import DASH, N_, _, date, missing, money, number, percent
from models.access.people import Action

RECENT_WEEKS = 3
"""Weeks in which growth is news."""
ACTIONABLE = {True: N_("yes"), False: N_("no"), None: N_("not decided")}


def decided(value: object) -> str:
    """Whether something can be done about it, in words."""
    return _(ACTIONABLE[None if missing(value) else bool(value)])


def emerging(view: View) -> None:
    """What grows faster than chance."""
    rows = queries.query("issue_emerging", most=RECENT_WEEKS).to_dict("records")
    if not rows:
        return
    with st.container(border=True):
        st.header(_("Growing faster than chance"))
        for row in rows:
            expected = _("{n} would be usual").format(n=number(row["expected"], 1))
            words = _("{n} calls in the week of {day}; {expected}").format(
                n=number(row["calls"]), day=date(row["week"]), expected=expected
            )
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.text(f"{row['name']}: {words}")
            there = view.row(str(row["issue_id"])) is not None
            why = None if there else _("It did not come in these dates and queues: choose others to look at it.")
            if right.button(_("Look"), key=f"emerging_{row['issue_id']}", disabled=not there, help=why):
                st.session_state[WANTED] = str(row["issue_id"])
                st.rerun()
        st.caption(_("The test: the exact comparison of two Poisson rates (Przyborowski and Wilenski). This week’s calls against "
                     "the eight weeks before, on the same weekdays and per call read, corrected for the number of issues "
                     "(Holm), at 5%."))  # fmt: skip


def show(view: View) -> None:
    """The ledger as a table; opening an issue writes it to the address."""
    currency = queries.settings().currency
    st.header(_("The ledger"))
    st.caption(_("Ranked by frequency × cost of a call × whether something can be done (yes 1, not decided ½, no 0). Who calls "
                 "again about the same thing is one sufferer; the calls after the first are repeat contacts."))  # fmt: skip
    reach = queries.row("issue_reach", **view.span)
    st.caption(_("Counted in the {read} calls with a transcript, of {calls} that agents handled.").format(
        read=number(reach["read_calls"]), calls=number(reach["calls"])))  # fmt: skip
    heard = hints.counts(view.heard)
    shown = pd.DataFrame({
        "rank": [number(place) for place, _row in enumerate(view.ledger, 1)],
        "name": [row["name"] for row in view.ledger],
        "calls": [number(row["calls"]) for row in view.ledger],
        "sufferers": [number(row["sufferers"]) for row in view.ledger],
        "repeats": [number(row["repeat_contacts"]) for row in view.ledger],
        "heard": [number(heard[str(row["issue_id"])]) for row in view.ledger],
        "fcr": [percent(row["first_call_resolution"]) for row in view.ledger],
        "cost": [money(row["cost"], currency) for row in view.ledger],
        "actionable": [decided(row["actionable"]) for row in view.ledger],
        "owner": [DASH if missing(row["owner"]) else row["owner"] for row in view.ledger],
        "fix": [date(row["fix_on"]) if not missing(row["fix_on"]) else DASH for row in view.ledger],
    })  # fmt: skip
    columns = {
        "rank": ("#", "n"), "name": (_("Issue"), "text"), "calls": (_("Calls"), "n"), "sufferers": (_("Sufferers"), "n"),
        "repeats": (_("Repeat contacts"), "n"), "heard": (_("Hints of listeners"), "n"), "fcr": (_("Solved in one call"), "share"), "cost": (_("Cost"), "share"),
        "actionable": (_("Can be acted on"), "text"), "owner": (_("Owner"), "text"), "fix": (_("Fix from"), "text"),
    }  # fmt: skip
    row = tables.show(shown, columns, "open_issue", _("Look"), _("Issues with what they cost"))
    if row is not None and st.session_state.get("issue") != view.ledger[row]["issue_id"]:
        st.session_state[WANTED] = view.ledger[row]["issue_id"]
        st.rerun()
    ledger = pd.DataFrame(view.ledger)
    save(_("Save the ledger as CSV"), lambda: protected_csv(ledger), "issues.csv", "issues_csv")
    if session.may(Action.DECIDE_ISSUES):
        assumptions.show("issue")
