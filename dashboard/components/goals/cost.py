"""The cost of poor service: its parts, by week and by issue, with what it is reckoned with; every figure leads to its calls."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard import charts, goal_charts, queries
from dashboard.components import empty, links, period, tables
from dashboard.components.address import with_language
from dashboard.components.changed import before_and_after
from dashboard.components.goals import history
from dashboard.components.goals.detail import to_complaints
from dashboard.components.issues import SAID as SAID_OF_ISSUES
from dashboard.components.issues import Row, assumptions
from dashboard.i18n import DASH, N_, _, date, money, ngettext, number, percent
from models.access.people import Action
from models.changes import Change
from models.issues import decisions

OTHERS = {
    "leaving_share": N_("Lost callers who leave"), "customer_hour": N_("An hour of a customer"),
    "unavailable_share": N_("Paid time in which an agent is not available"),
}  # fmt: skip
"""Assumptions of the Waits page: they share the history."""
SHARES = decisions.SHARES | {"leaving_share", "unavailable_share"}


def show() -> None:
    """The period, the parts, the weeks, the issues, the assumptions and their history."""
    if said := st.session_state.pop(SAID_OF_ISSUES, None):
        st.success(said)
    reach = period.reach_of(period.snapshot())
    state = queries.row("issue_state")
    if reach is None or not state["read_calls"]:
        empty.no_issues(bool(state["transcripts"]))
        return
    chosen, queues = period.widgets(reach, period.known_queues())
    period.caption(chosen)
    span = {"start": chosen.start, "end": chosen.end, "queues": queues}
    weeks = queries.query("cost_weeks", **span)
    if weeks.empty:
        empty.no_issue_yet(int(state["gathering"]))
    else:
        _parts(weeks, span)
        _weeks(weeks, queues)
        _issues(chosen, queues, span)
    assumptions.show("cost")
    history(("assumptions",), "assumptions", _words, Action.DECIDE_ISSUES)


def _money(value: float | None) -> str:
    return money(value, queries.settings().currency)


def _parts(weeks: pd.DataFrame, span: Row) -> None:
    parts = {part: float(weeks[part].sum()) for part in goal_charts.PARTS}
    with st.container(border=True):
        st.header(_("{money}, estimated").format(money=_money(float(weeks["cost"].sum()))))
        reach = queries.row("issue_reach", **span)
        st.caption(
            _("For the issues in the {read} calls with a transcript, of {calls} that agents handled: what the others cost is not in "
              "it. The time of contacts is measured; what it costs, and all other parts, is estimated from the assumptions below.")
            .format(read=number(reach["read_calls"]), calls=number(reach["calls"]))
        )  # fmt: skip
        st.plotly_chart(
            goal_charts.waterfall(parts, _money, st.context.theme.type), key="cost_parts", config=charts.CONFIG,
            alt=_("What poor service costs, part by part, and together"),
        )  # fmt: skip
        given = queries.row("registers/compensation_given", start=span["start"], end=span["end"])
        if given["complaints"]:
            n = int(given["complaints"])
            words = ngettext(
                "Recorded, not estimated: {money} given in {n} complaint.",
                "Recorded, not estimated: {money} given in {n} complaints.",
                n,
            )
            st.text(words.format(money=_money(given["value"]), n=number(n)))
            to_complaints()
        links.page(
            links.WAITS,
            _("What missed wait-time targets cost, beside this") + " →",
            with_language({"view": "staffing"}),
        )


def _weeks(weeks: pd.DataFrame, queues: list[str] | None) -> None:
    with st.container(border=True):
        st.header(_("By week"))
        st.plotly_chart(
            goal_charts.cost_weeks(weeks, _money, st.context.theme.type), key="cost_weeks", config=charts.CONFIG,
            alt=_("Cost by week, its parts on one another; the table below says the same"),
        )  # fmt: skip
        shown = pd.DataFrame({
            "week": [date(week) for week in weeks["week"]], "calls": weeks["calls"].map(number),
            **{part: [_money(value) for value in weeks[part]] for part in (*goal_charts.PARTS, "cost")},
        })  # fmt: skip
        columns = {"week": (_("Week from"), "text"), "calls": (_("Calls"), "n"), **_columns()}
        row = tables.show(shown, columns, "cost_week", _("Look"), _("Cost by week"))
        if row is not None:
            monday: Date = pd.Timestamp(weeks["week"].iloc[row]).date()
            days = [monday.isoformat(), (monday + timedelta(days=6)).isoformat()]
            links.go(links.ISSUES, with_language({"period": "custom", "days": days, "queue": queues}))


def _issues(chosen: period.Period, queues: list[str] | None, span: Row) -> None:
    ledger = queries.query("issue_ledger", **span).sort_values("cost", ascending=False)
    with st.container(border=True):
        st.header(_("By issue"))
        shown = pd.DataFrame({
            "name": ledger["name"], "calls": ledger["calls"].map(number),
            **{part: [_money(value) for value in ledger[part]] for part in (*goal_charts.PARTS, "cost")},
        })  # fmt: skip
        columns = {"name": (_("Issue"), "text"), "calls": (_("Calls"), "n"), **_columns()}
        row = tables.show(shown, columns, "cost_issue", _("Look"), _("Cost by issue"))
        if row is not None:
            days = [day.isoformat() for day in chosen.days]
            links.go(
                links.ISSUES,
                with_language(
                    {"period": "custom", "days": days, "queue": queues, "issue": ledger["issue_id"].iloc[row]}
                ),
            )


def _columns() -> dict[str, tuple[str, str]]:
    return {
        **{part: (_(label), "share") for part, label in goal_charts.PARTS.items()},
        "cost": (_("Together"), "share"),
    }


def _words(change: Change) -> tuple[str, str]:
    code = str(change.item["name"])
    label = assumptions.ASSUMED[code][0] if code in assumptions.ASSUMED else OTHERS.get(code, code)
    labels = {"value": N_("Value"), "source": N_("Where that comes from")}
    return _(label).removesuffix(", %"), before_and_after(
        change, labels, lambda field, value: _value(code, field, value)
    )


def _value(code: str, field: str, value: object) -> str:
    if value is None:
        return DASH
    if field == "source":
        return str(value)
    return percent(float(str(value)), 1) if code in SHARES else _money(float(str(value)))
