"""One issue: its trend, whether the fix worked, who calls about it, the complaints that name it, and what they say."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, issue_charts, queries
from dashboard.components import links, tables
from dashboard.components.issues import Row, View, around, hints
from dashboard.i18n import DASH, N_, _, missing, moment, money, number, percent, seconds

QUOTES = 30
VERDICTS = {
    "less": N_("Fewer call about it since the fix: chance alone does not explain it."),
    "more": N_("More call about it since the fix: chance alone does not explain it."),
    "unclear": N_("So far chance could explain the difference."),
    "too_soon": N_("Too soon to tell: a whole week must have passed since the fix."),
}


def show(view: View, row: Row) -> None:
    """The issue that is open."""
    st.header(_("One issue"))
    st.text(str(row["name"]))
    with st.container(border=True):
        st.caption(_("A typical statement"))
        st.text(f"“{row['quote']}”")
        if st.button(_("Listen"), icon=":material/hearing:", key="hear_typical"):
            links.open_call(str(row["quote_call_id"]), turn=int(row["quote_turn_no"]))
    _cost(row)
    _trend(view, row)
    _fix(row)
    around.who(view, row)
    around.complaints(row)
    _quotes(view, row)
    hints.of_issue(view.heard, str(row["issue_id"]))


def _cost(row: Row) -> None:
    """What it costs, part by part."""
    currency = queries.settings().currency
    parts = {
        _("Handling"): row["handling_cost"], _("Repeat contacts"): row["repeat_cost"],
        _("Redone work"): row["redo_cost"], _("Compensation"): row["compensation_cost"], _("Lost customers"): row["lost_cost"],
    }  # fmt: skip
    for place, (label, value) in zip(st.columns(len(parts)), parts.items(), strict=True):
        place.metric(label, money(value, currency))


def _trend(view: View, row: Row) -> None:
    """Calls by week, over all time."""
    rows = queries.query("issue_weeks", issue=row["issue_id"])
    if rows.empty:
        return
    st.caption(
        _("Calls by week; in the other colour weeks in which it grew faster than chance, dotted where the fix holds.")
    )
    fix_on = None if missing(row["fix_on"]) else pd.Timestamp(row["fix_on"]).date()
    st.plotly_chart(
        issue_charts.weeks(rows, fix_on, view.theme), key="issue_weeks", config=charts.CONFIG, alt=_("Calls by week"),
    )  # fmt: skip


def _fix(row: Row) -> None:
    """Before and after the fix."""
    rows = queries.query("issue_fix", issue=row["issue_id"]).to_dict("records")
    if not rows:
        return
    fix = rows[0]
    with st.container(border=True):
        st.markdown("**" + _("Did it work?") + "**")
        verdict = str(fix["verdict"])
        st.write(_(VERDICTS[verdict]))
        if verdict == "too_soon":
            return
        st.write(_("In {weeks} weeks before: {before} of {read_before} calls; in as many after: {after} of {read_after}.").format(
            weeks=number(fix["weeks"]), before=number(fix["calls_before"]), read_before=number(fix["read_before"]),
            after=number(fix["calls_after"]), read_after=number(fix["read_after"])))  # fmt: skip
        if not missing(fix["ratio"]):
            high = percent(fix["ratio_high"]) if not missing(fix["ratio_high"]) else _("without end")
            st.write(_("That is {ratio} of what it was (95% interval {low} to {high}).").format(
                ratio=percent(fix["ratio"]), low=percent(fix["ratio_low"]), high=high))  # fmt: skip


def _quotes(view: View, row: Row) -> None:
    """What customers say, each with its moment."""
    rows = queries.query("issue_calls", issue=row["issue_id"], most=QUOTES, **view.span)
    st.markdown("**" + _("What customers say") + "**")
    if rows.empty:
        st.write(_("Nobody called about it in these days."))
        return
    shown = pd.DataFrame({
        "quote": rows["quote"], "at": rows["started_at"].map(moment), "queue": rows["queue"].map(_known),
        "customer": rows["customer_id"].map(_known),
        "again": [_("again") if repeat else "" for repeat in rows["is_repeat"]],
        "moment": [seconds(at, 0) if not missing(at) else DASH for at in rows["start_s"]],
    })  # fmt: skip
    columns = {
        "quote": (_("What they say"), "quote"), "at": (_("Began"), "moment"), "queue": (_("Queue"), "text"),
        "customer": (_("Customer"), "text"), "again": ("", "text"), "moment": (_("At"), "n"),
    }  # fmt: skip
    also = {"open_quote_customer": _("Customer")} if links.is_open(links.CUSTOMER) else None
    place = tables.show(shown, columns, "open_quote", _("Listen"), _("Quotes"), also)
    if place is not None:
        links.open_call(str(rows["call_id"].iloc[place]), turn=int(rows["turn_no"].iloc[place]))
    customer = tables.pressed("open_quote_customer", len(rows)) if also else None
    if customer is not None:
        if missing(rows["customer_id"].iloc[customer]):
            st.caption(_("Nobody knows which customer that was."))
        else:
            links.open_customer(str(rows["customer_id"].iloc[customer]))
    total = int(rows["calls"].iloc[0])
    if total > len(rows):
        st.caption(_("The {n} most typical of {total}.").format(n=number(len(rows)), total=number(total)))


def _known(value: Any) -> str:
    return DASH if missing(value) else str(value)
