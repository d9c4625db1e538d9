"""Random call-backs: a list drawn once for the week, whom to ask how it went, and what they said."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import queries, within
from dashboard.components import period, rights, tables
from dashboard.components.csv import protected_csv, save
from dashboard.components.customers import do, known, outcome, value
from dashboard.components.listening_week import week_name
from dashboard.i18n import DASH, _, moment, number, percent
from dashboard.session import writer
from models.access.people import Action
from models.app_store import week_of
from models.customers import callbacks, facts
from models.customers.callbacks import Customer, Draw

DAYS = 28
"""Days before the newest call from which customers are drawn."""


def show() -> None:
    """The list of this week in the chosen size; the button that draws it."""
    reach = period.reach_of(period.snapshot())
    if reach is None:
        st.info(_("None of the calls says when it took place, so there is nobody to draw."))
        return
    store, week = queries.app_store(), week_of(datetime.now(UTC), queries.settings().zone)
    sizes = [size for of, size in callbacks.draws(store) if of == week]
    st.caption(week_name(week))
    if sizes:
        size = st.segmented_control(
            _("List of this week"), sizes, default=sizes[0], required=True, key="draw_size",
            format_func=lambda n: _("{n} customers").format(n=number(n)),
        )  # fmt: skip
        draw = callbacks.drawn(store, week, size or sizes[0])
        if draw:
            outcome.form("random")
            _list(draw)
            outcome.changes("random")
    with st.expander(_("Draw a list"), expanded=not sizes):
        _drawing(week, reach.newest - timedelta(days=DAYS))


def _drawing(week: str, since: datetime) -> None:
    st.write(_("Customers whose call was answered in the last {n} days, each as likely as any other. A list is drawn once per week and "
               "size and stays as it is; a customer is on one list at most within the pause.").format(n=number(DAYS)))  # fmt: skip
    with st.form("draw", border=False):
        allowed = rights.may(Action.DRAW_CALLBACKS)
        size = st.number_input(_("Customers to call"), 1, callbacks.MOST, 10, 1)
        gap = st.number_input(_("Weeks of pause before the same customer may be drawn again"), 0, 104, 12, 1)
        if st.form_submit_button(_("Draw"), disabled=not allowed):
            frame = [Customer(str(row["customer_id"]), str(row["call_id"]))
                     for row in queries.query("callback_frame", start=since).to_dict("records")]  # fmt: skip
            seed = secrets.randbelow(2**31)
            do(
                lambda: callbacks.draw(
                    queries.app_store(), week, int(size), frame, int(gap), seed, writer(Action.DRAW_CALLBACKS)
                ),
                _("Drawn."),
            )


def _list(draw: Draw) -> None:
    store = queries.app_store()
    made, barred = callbacks.outcomes(store, "random"), facts.not_to_be_called(store)
    calls = queries.query("calls_of", ids=[pick.call_id for pick in draw.picks])
    at = dict(zip(calls["call_id"], calls["started_at"], strict=True))
    if not within.everything():  # the list is the whole call centre's: here, their part of it
        draw = replace(draw, picks=tuple(pick for pick in draw.picks if pick.call_id in at))
    if not draw.picks:
        st.info(_("No customer on this list called a queue or an agent that you look after."))
        return
    results = [made.get(pick.call_id) for pick in draw.picks]
    rows = pd.DataFrame({
        "customer_id": [pick.customer_id for pick in draw.picks], "call_id": [pick.call_id for pick in draw.picks],
        "called": [at.get(pick.call_id) for pick in draw.picks],
        "outcome": [back.outcome if back else None for back in results],
        "satisfied": [back.satisfied if back else None for back in results], "note": [back.note if back else None for back in results],
    })  # fmt: skip
    with st.container(border=True):
        _progress(draw, rows)
        shown = pd.DataFrame({
            "customer": rows["customer_id"], "called": rows["called"].map(moment),
            "outcome": [_("must not be called") if one in barred and not back else value("outcome", back.outcome if back else None)
                        for one, back in zip(rows["customer_id"], results, strict=True)],
            "satisfied": [value("satisfied", back.satisfied if back else None) for back in results],
            "note": rows["note"].map(known),
        })  # fmt: skip
        columns = {
            "customer": (_("Customer"), "text"), "called": (_("Their call"), "moment"), "outcome": (_("Outcome"), "text"),
            "satisfied": (_("Satisfied"), "text"), "note": (_("What they said"), "quote"),
        }  # fmt: skip
        place = tables.show(shown, columns, "open_random", _("Call back"), _("Customers on the list"))
        if place is not None:
            outcome.open_form("random", draw.picks[place].call_id, draw.picks[place].customer_id)
        save(_("Save the list as CSV"), lambda: protected_csv(rows), f"call_back_{draw.week}.csv", "random_csv")


def _progress(draw: Draw, rows: pd.DataFrame) -> None:
    tried, reached = int(rows["outcome"].notna().sum()), int((rows["outcome"] == "reached").sum())
    asked = rows["satisfied"].isin(["yes", "no"])
    happy = int((rows["satisfied"] == "yes").sum())
    st.progress(tried / len(rows), _("{tried} of {n} called, {reached} reached").format(
        tried=number(tried), n=number(len(rows)), reached=number(reached)))  # fmt: skip
    share = percent(happy / int(asked.sum())) if asked.any() else DASH
    st.write(_("{share} of those who said are satisfied ({happy} of {asked}).").format(
        share=share, happy=number(happy), asked=number(int(asked.sum()))))  # fmt: skip
    st.caption(_("Drawn from {n} customers with the seed {seed}; with the same customers it draws the same list.").format(
        n=number(draw.frame_customers), seed=draw.seed))  # fmt: skip
