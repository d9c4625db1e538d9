"""Surveys: what customers write first, how they rate after; how many answer, what it is about; files and refused lines."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, customer_charts, queries
from dashboard.components import links, period, tables
from dashboard.components.csv import protected_csv, save
from dashboard.components.customers import survey_files
from dashboard.i18n import DASH, N_, _, missing, moment, number, percent

MOST = 30
SPLITS = {"month": N_("Month"), "queue": N_("Queue")}
FEW = 10


def show() -> None:
    """Answers, themes, ratings, response, agreement; then the files."""
    reach = period.reach_of(period.snapshot())
    state = queries.row("registers/survey_state")
    if reach is not None and state["surveys"]:
        chosen, queues = period.widgets(reach, period.known_queues())
        period.caption(chosen)
        span = {"start": chosen.start, "end": chosen.end, "queues": queues}
        with st.container(border=True):
            _answers(span)
        with st.container(border=True):
            _themes(span)
        left, right = st.columns(2)
        with left.container(border=True, height="stretch"):
            _ratings(span)
        with right.container(border=True, height="stretch"):
            _agreement(state)
        with st.container(border=True):
            _response(span, int(state["undated"]))
    else:
        survey_files.nothing_yet()
    with st.container(border=True):
        survey_files.show()


def _answers(span: dict[str, Any]) -> None:
    st.header(_("What they write"))
    known = queries.query("registers/survey_issues", **span)
    names = dict(zip(known["issue_id"], known["name"], strict=True))
    if st.session_state.get("theme") not in names:
        st.session_state.theme = None
    issue = st.selectbox(
        _("About"),
        list(names),
        format_func=lambda code: str(names[code]),
        placeholder=_("Everything"),
        key="theme",
        index=None,
    )
    rows = queries.query("registers/survey_answers", **span, issue=issue, most=MOST)
    if rows.empty:
        st.write(_("Nobody wrote anything in these days. Choose more days, or other queues."))
        return
    records = rows.to_dict("records")
    shown = pd.DataFrame({
        "answer": rows["open_answer"], "themes": rows["themes"].map(_known), "rating": [rating(row) for row in records],
        "at": rows["asked_at"].map(moment), "queue": rows["queue"].map(_known), "customer": rows["customer_id"].map(_known),
    })  # fmt: skip
    columns = {
        "answer": (_("In their words"), "quote"), "themes": (_("About"), "text"), "rating": (_("Rating"), "n"),
        "at": (_("Asked"), "moment"), "queue": (_("Queue"), "text"), "customer": (_("Customer"), "text"),
    }  # fmt: skip
    place = tables.show(shown, columns, "open_answer", _("Open"), _("Open answers, newest first"))
    if place is not None:
        row = records[place]
        if not missing(row["call_id"]):
            links.open_call(str(row["call_id"]))
        elif not missing(row["customer_id"]):
            links.open_customer(str(row["customer_id"]))
    total = int(rows["answers"].iloc[0])
    if total > len(rows):
        st.caption(_("The newest {n} of {total}.").format(n=number(len(rows)), total=number(total)))
    save(_("Save the answers as CSV"), lambda: protected_csv(rows), "survey_answers.csv", "answers_csv")


def rating(row: dict[Any, Any]) -> str:
    """A rating out of its scale, like 4 / 5."""
    if missing(row["rating"]):
        return DASH
    digits = 0 if row["rating"] == int(row["rating"]) else 1
    return f"{number(row['rating'], digits)} / {number(row['highest'])}"


def _themes(span: dict[str, Any]) -> None:
    st.header(_("What it is about"))
    rows = queries.query("registers/survey_issues", **span)
    if rows.empty:
        st.write(_("No answer of these days is like a recurring issue of calls. Issues are found in calls (earshot issues); answers "
                   "are only compared with them."))  # fmt: skip
        return
    shown = pd.DataFrame({
        "name": rows["name"], "answers": rows["answers"].map(number), "calls": rows["calls"].map(number),
        "satisfaction": rows["satisfaction"].map(percent),
    })  # fmt: skip
    columns = {
        "name": (_("Issue"), "text"), "answers": (_("Answers"), "n"), "calls": (_("Calls"), "n"),
        "satisfaction": (_("Mean rating, of the scale"), "share"),
    }  # fmt: skip
    place = tables.show(shown, columns, "open_theme", _("Look"), _("Issues that answers are about"))
    if place is not None:
        links.open_issue(str(rows["issue_id"].iloc[place]))
    st.caption(_("The same issues as in calls, found by the same likeness; answers form no issues of their own. Choose one above to "
                 "read its answers; Look opens the calls about it."))  # fmt: skip


def _ratings(span: dict[str, Any]) -> None:
    st.header(_("How they rate"))
    rows = queries.query("registers/survey_ratings", **span)
    if rows.empty:
        st.write(_("Nobody rated in these days."))
        return
    labels = [rating(row) for row in rows.to_dict("records")]
    counts = [int(n) for n in rows["n"]]
    st.plotly_chart(
        customer_charts.ratings(labels, counts, st.context.theme.type), key="ratings", config=charts.CONFIG,
        alt=_("How many gave which rating"),
    )  # fmt: skip
    st.caption(
        _("n = {n}. Only who answers is counted: read the response rate beside it.").format(n=number(sum(counts)))
    )


def _agreement(state: dict[str, Any]) -> None:
    st.header(_("Rating against prediction"))
    n = int(state["n"])
    if missing(state["spearman"]) or missing(state["low"]):
        st.write(_("Too few calls have both a rating and a predicted satisfaction (n = {n}).").format(n=number(n)))
        return
    st.metric(_("Rank correlation (Spearman)"), number(state["spearman"], 2))
    st.write(_("95% interval {low} to {high}, n = {n} calls with both.").format(
        low=number(state["low"], 2), high=number(state["high"], 2), n=number(n)))  # fmt: skip
    if state["low"] <= 0:
        st.write(_("Chance alone could explain it: do not read the prediction as the rating."))
    st.caption(_("Over all surveys. 1: they order calls the same way; 0: they have nothing to do with each other. The prediction knows the "
                 "call alone, the rating everything that came after it, and only of those who answer."))  # fmt: skip


def _response(span: dict[str, Any], undated: int) -> None:
    st.header(_("How many answer"))
    split = st.segmented_control(
        _("Response rate by"),
        list(SPLITS),
        format_func=lambda code: _(SPLITS[code]),
        key="split_surveys",
        required=True,
    )
    by: str = split or "month"
    rows = queries.query("registers/survey_rates", split=by, **span)
    if rows.empty:
        st.write(_("No survey was sent in these days."))
        return
    shown = pd.DataFrame({
        "part": [_("not known") if missing(part) else part for part in rows["part"]], "sent": rows["sent"].map(number),
        "answered": rows["answered"].map(number), "rate": rows["rate"].map(percent),
        "interval": [f"{percent(low)} – {percent(high)}" for low, high in zip(rows["low"], rows["high"], strict=True)],
        "satisfaction": rows["satisfaction"].map(percent), "rated": rows["rated"].map(number),
        "few": [_("few") if sent < FEW else "" for sent in rows["sent"]],
    })  # fmt: skip
    heading = _(SPLITS[by])
    columns = {
        "part": (heading, "text"), "sent": (_("Sent"), "n"), "answered": (_("Answered"), "n"),
        "rate": (_("Response rate"), "share"), "interval": (_("95% interval"), "share"),
        "satisfaction": (_("Mean rating, of the scale"), "share"), "rated": (_("Rated"), "n"), "few": ("", "text"),
    }  # fmt: skip
    tables.show(shown, columns, "survey_rates", None, _("Response rate by part"))
    if rows["rate"].eq(1).all():
        st.caption(
            _("Every survey has an answer: were the unanswered ones left out of the file? Then the rate says nothing.")
        )
    if undated:
        st.caption(
            _("{n} surveys say neither when nor about which call, so they are in no period.").format(n=number(undated))
        )


def _known(value: object) -> str:
    return DASH if missing(value) else str(value)
