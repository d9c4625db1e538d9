"""One measure: where it is, its trend against the target, and what is behind it."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, goal_charts, navigation, queries, session
from dashboard.components import links
from dashboard.components.address import with_language
from dashboard.components.goals import Row, amount
from dashboard.i18n import DASH, N_, _, date, missing, ngettext, number

STATUSES = {
    "met": N_("met"), "on_track": N_("on track"), "behind": N_("behind"), "too_little": N_("too little data"),
    "no_target": N_("no target yet"),
}  # fmt: skip
DIRECTIONS = {"at_least": N_("at least"), "at_most": N_("at most")}
GRAINS = {"week": N_("by week"), "month": N_("by month")}
NOW_DAYS = 28
MISSING = {
    "answered_in_limit": N_("No limit for every call is set yet: Waits, Targets, “Every call within”."),
    "service_level": N_("No queue log has been loaded yet: run earshot ingest queue-log."),
    "criteria_met": N_("No call has been judged yet: run earshot score."),
    "first_call_resolution": N_("No issue has been found yet: run earshot issues."),
    "complaints_satisfied": N_("No complaint says yet whether the customer was satisfied afterwards: ask at the follow-up."),
    "would_buy_again": N_("No complaint says yet whether the customer would buy again: ask at the follow-up."),
}  # fmt: skip


def show(row: Row) -> None:
    """Where it is, its trend, and links to what is behind it."""
    if missing(row["value"]):
        code = str(row["measure"])
        st.info(
            _(MISSING[code])
            if code in MISSING
            else _("There are no figures for it yet: type them or load a file under Figures.")
        )
    else:
        _now(row)
        _trend(row)
    with st.container(horizontal=True):
        _behind(row)


def word(status: str) -> str:
    """How a goal stands, in the reader's language."""
    return _(STATUSES[status])


def target(row: Row) -> str:
    """At least 90%; a dash without a target."""
    return DASH if missing(row["target"]) else f"{_(DIRECTIONS[row['direction']])} {amount(row, row['target'])}"


def _now(row: Row) -> None:
    words = _("{value} in the four weeks up to {day} (n = {n}).").format(
        value=amount(row, row["value"]), day=date(row["until_on"]), n=number(row["n"])
    )
    if not missing(row["value_before"]):
        words += " " + _("In the four weeks before: {value}.").format(value=amount(row, row["value_before"]))
    st.text(words)
    if row["status"] != "no_target":
        status = word(row["status"])
        told = _("{status}; the target is {target}.").format(status=status, target=target(row))
        st.text(told[:1].upper() + told[1:])
    if row["status"] in ("on_track", "behind") and not missing(row["expected_by_due"]):
        expected = float(row["expected_by_due"])
        if row["how"] == "share":
            expected = min(max(expected, 0.0), 1.0)
        words = _("At this pace it would be {value} by {day}.")
        st.text(words.format(value=amount(row, round(expected, 4)), day=date(row["due_on"])))


def _trend(row: Row) -> None:
    grain = st.segmented_control(
        _("Grain"), list(GRAINS), default="month" if row["is_figure"] else "week", required=True,
        format_func=lambda code: _(GRAINS[code]), key=f"grain_{row['measure']}", label_visibility="collapsed",
    )  # fmt: skip
    points = queries.query("registers/goal_trend", measure=row["measure"], grain=grain or "week")
    st.plotly_chart(
        goal_charts.trend(points, row, lambda value: amount(row, value), st.context.theme.type),
        key="goal_trend", config=charts.CONFIG, alt=_("The measure over time, with its target"),
    )  # fmt: skip


def _behind(row: Row) -> None:
    """Links to what the measure is made of, in the four weeks that are now."""
    code = str(row["measure"])
    if row["is_figure"] or code.endswith("_share"):
        links.page(links.GOALS, _("The figures") + " →", with_language({"view": "figures"}))
        return
    if missing(row["until_on"]):
        return
    last: Date = pd.Timestamp(row["until_on"]).date()
    here: dict[str, Any] = {
        "period": "custom",
        "days": [(last - timedelta(days=NOW_DAYS - 1)).isoformat(), last.isoformat()],
    }
    calls = {"hours": queries.hours(), **here}
    left = round(float(row["n"] - row["numerator"]))
    if code == "answered_in_limit" and left:
        label = ngettext("See the call beyond the limit", "See the {n} calls beyond the limit", left)
        links.page(links.CALLS, label.format(n=number(left)) + " →", with_language({**calls, "outcome": "over_limit"}))
    elif code == "service_level":
        links.page(links.CALLS, _("See the calls answered late") + " →", with_language({**calls, "outcome": "late"}))
        links.page(links.WAITS, _("Waits in these days") + " →", with_language(here))
    elif code == "criteria_met":
        links.page(links.NEEDS, _("Each criterion, with its calls") + " →", with_language(here))
    elif code == "first_call_resolution":
        links.page(links.ISSUES, _("Each issue, with its calls") + " →", with_language(here))
    else:
        to_complaints()


def to_complaints() -> None:
    """A link to the complaints register, for those who have that page."""
    if any(page.name == "complaints" for page in navigation.of(session.person())):
        links.page("pages/complaints.py", _("The complaints") + " →", with_language({}))
