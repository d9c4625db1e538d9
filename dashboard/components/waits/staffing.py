"""What staffing would keep the target, and what the misses cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, queries, wait_charts
from dashboard.components import rights, tables
from dashboard.components.waits import View
from dashboard.i18n import N_, _, clock_of, money, number, percent, seconds, weekday
from dashboard.session import writer
from models.access.people import Action
from models.waits import cost, erlang, staffing

MOST_MORE = 50
ASSUMED = {
    "customer_value": (N_("What a customer brings over the years"), N_("Margin that is gone when a customer leaves.")),
    "leaving_share": (N_("Lost callers who leave, %"), N_("Share of lost callers who take their custom elsewhere.")),
    "agent_hour": (N_("An hour of an agent"), N_("Wages and everything that comes with them.")),
    "customer_hour": (N_("An hour of a customer’s time"), N_("What an hour spent waiting beyond the target time is worth to you.")),
    "unavailable_share": (N_("Paid time not available, %"), N_("Breaks, training, leave, illness: share of paid time.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fitted:
    """One queue: its target, its figures, how patient its callers are, and its half hours."""

    target: dict[Any, Any]
    totals: dict[str, Any]
    patience_s: float
    half_hours: list[staffing.HalfHour]


def show(view: View) -> None:
    """The what-if of one queue, and the cost of the misses of all."""
    with st.container(border=True):
        _what_if(view)
    with st.container(border=True):
        _cost(view)


def _fitted(queue: str, view: View) -> Fitted | None:
    """The models fitted to a queue; None where it has no target or answered no call."""
    span = {**view.span, "queues": [queue]}
    totals = queries.row("totals", **span)
    found = queries.query("target_in_force", queue=queue, day=view.period.days[1])
    if not totals["answered"] or found.empty:
        return None
    target = found.iloc[0].to_dict()
    patience_s = erlang.mean_patience_s(float(totals["all_wait_s"]), int(totals["abandoned"]))
    rules = staffing.Rules(
        goal=float(target["goal"]), threshold_s=float(target["threshold_s"]),
        short_abandon_s=float(target["short_abandon_s"]), abandons_count=bool(target["abandons_count"]),
        patience_s=patience_s,
    )  # fmt: skip
    return Fitted(target, totals, patience_s, _plan(queries.query("staffing", **span), rules))


def _what_if(view: View) -> None:
    st.header(_("What staffing would keep the target"))
    options = view.queues or view.known
    if st.session_state.get("staffed") not in options:
        st.session_state.staffed = options[0] if options else None
    places = st.columns([2, 2, 2, 1])
    queue = places[0].selectbox(_("Queue"), options, key="staffed")
    fitted = _fitted(queue, view) if queue else None
    if fitted is None:
        st.write(_("No calls were answered in this queue in these days. Choose other days or another queue."))
        return
    planned, target = fitted.half_hours, fitted.target
    days = sorted({at.weekday for at in planned})
    if st.session_state.get("staffed_day") not in days:
        worst = {day: sum(at.missing for at in planned if at.weekday == day) for day in days}
        st.session_state.staffed_day = max(days, key=lambda day: (worst[day], -day))
    day = places[1].selectbox(_("Weekday"), days, format_func=weekday, key="staffed_day")
    more = places[2].number_input(
        _("Agents more or fewer, all day"),
        min_value=-MOST_MORE,
        max_value=MOST_MORE,
        value=0,
        step=1,
        key="more_agents",
    )
    chosen = [at for at in planned if at.weekday == day]
    _fit(fitted)
    _expected(chosen, int(more), day, target)
    st.plotly_chart(
        wait_charts.staffing(chosen, view.theme), key="staffing", config=charts.CONFIG,
        alt=_("Agents needed by half hour, beside those it was as if there had been; the table below says the same"),
    )  # fmt: skip
    with st.expander(_("The same as a table")):
        _table(chosen, int(more))
    with st.expander(_("How this is reckoned")):
        for line in (
            N_("Calls, handling time and what happened are means of this queue’s half hours in the days above; patience is the seconds that all callers waited ÷ those who hung up."),
            N_("Erlang C takes it that nobody hangs up, so it asks for more agents; Erlang A lets callers hang up as they do here."),
            N_("“As if there had been” is the number of agents with whom Erlang A does what really happened: agents who serve several queues, breaks and after-call work are in it. Compare needs with it rather than with the agents who answered."),
            N_("Both take arrivals at random within a half hour and the same rate throughout it."),
        ):  # fmt: skip
            st.markdown("- " + _(line))


@st.cache_data(max_entries=40, show_spinner=False)
def _plan(rows: pd.DataFrame, rules: staffing.Rules) -> list[staffing.HalfHour]:
    return staffing.plan(rows.to_dict("records"), rules)


def _fit(of: Fitted) -> None:
    patience = _("without end") if math.isinf(of.patience_s) else seconds(of.patience_s, 0)
    st.caption(
        _("Target: {goal} within {time}. Mean handling time {aht}, mean patience {patience}.").format(
            goal=percent(of.target["goal"]), time=seconds(of.target["threshold_s"]),
            aht=seconds(of.totals["aht_s"], 0), patience=patience,
        )
    )  # fmt: skip


def _expected(chosen: list[staffing.HalfHour], more: int, day: int, target: dict[Any, Any]) -> None:
    known = [at for at in chosen if at.service_level is not None]
    if not known:
        return
    calls = sum(at.offered for at in known)
    was = sum(at.offered * float(at.service_level or 0) for at in known) / calls
    lacking = staffing.missing_hours(chosen)
    st.write(_("On a {weekday} it was {level}; to keep {goal} in every half hour it lacks {hours} hours of agents.").format(
        weekday=weekday(day), level=percent(was, 1), goal=percent(target["goal"]), hours=number(lacking, 1)))  # fmt: skip
    if more:
        level = staffing.expected_level(known, more)
        words = _("With {n} agents more all day, Erlang A expects {level}.") if more > 0 else _(
            "With {n} agents fewer all day, Erlang A expects {level}.")  # fmt: skip
        st.write(words.format(n=number(abs(more)), level=percent(level, 1)))


def _table(chosen: list[staffing.HalfHour], more: int) -> None:
    shown = pd.DataFrame({
        "at": [clock_of(at.slot) for at in chosen],
        "offered": [number(at.offered, 1) for at in chosen],
        "erlangs": [number(at.erlangs, 1) for at in chosen],
        "level": [percent(at.service_level) for at in chosen],
        "seen": [number(at.agents_seen, 1) for at in chosen],
        "as_if": [number(at.as_if) for at in chosen],
        "needed_a": [number(at.needed_a) for at in chosen],
        "needed_c": [number(at.needed_c) for at in chosen],
        "expected": [percent(at.expected(more)) for at in chosen],
    })  # fmt: skip
    columns = {
        "at": (_("Half hour"), "text"), "offered": (_("Calls"), "n"), "erlangs": (_("Erlangs"), "n"),
        "level": (_("Service level"), "share"), "seen": (_("Agents who answered"), "n"),
        "as_if": (_("As if there had been"), "n"), "needed_a": (_("Needed (Erlang A)"), "n"),
        "needed_c": (_("Needed (Erlang C)"), "n"), "expected": (_("Expected with the change"), "share"),
    }  # fmt: skip
    tables.show(shown, columns, "staffing_table", None, _("Agents by half hour"))


def _cost(view: View) -> None:
    st.header(_("What the misses cost"))
    known = cost.assumptions(queries.app_store())
    row, lost = queries.row("late_handling", **view.span), queries.row("lost", **view.span)
    weeks = (view.period.end - view.period.start) / timedelta(weeks=1)
    fitted = [found for queue in view.queues or view.known if (found := _fitted(queue, view))]
    hours = sum(staffing.missing_hours(found.half_hours) for found in fitted) * weeks
    of = cost.Missed(
        lost_customers=int(lost["lost_customers"]), answered_late=int(row["answered_late"]),
        in_time_aht_s=_float(row["in_time_aht_s"]), late_aht_s=_float(row["late_aht_s"]),
        waited_beyond_s=float(row["waited_beyond_s"]), missing_agent_hours=hours,
    )  # fmt: skip
    made = cost.cost(of, known)
    currency = queries.settings().currency
    lines = [
        (_("Customers who leave because they were lost"), made.lost, _("{n} lost callers").format(n=number(of.lost_customers))),
        (_("Longer calls after long waits"), made.longer_calls, _("{n} answered late; handling time {late} rather than {in_time}").format(
            n=number(of.answered_late), late=seconds(of.late_aht_s, 0), in_time=seconds(of.in_time_aht_s, 0))),
        (_("Customers’ time beyond the target time"), made.customers_time, _("{n} hours").format(n=number(of.waited_beyond_s / 3600, 1))),
        (_("Together"), made.total, ""),
    ]  # fmt: skip
    shown = pd.DataFrame({
        "what": [what for what, _money, _why in lines], "cost": [money(value, currency) for _what, value, _why in lines],
        "why": [why for _what, _money, why in lines],
    })  # fmt: skip
    columns = {"what": (_("What"), "text"), "cost": (_("Cost"), "share"), "why": (_("Made of"), "quote")}
    tables.show(shown, columns, "cost_table", None, _("What the misses cost"))
    if fitted:
        st.write(_("For comparison: the agents that these queues lack in these days, {hours} hours, would cost {cost}.").format(
            hours=number(hours, 0), cost=money(made.agents, currency)))  # fmt: skip
    _assumptions(known)


def _assumptions(known: dict[str, float]) -> None:
    with st.expander(_("What this assumes: change it to what holds here")), st.form("assumptions", border=False):
        st.caption(_("In {currency} where it is money. Everyone who uses this dashboard sees the same.").format(
            currency=queries.settings().currency))  # fmt: skip
        values = {}
        for name, (label, help) in ASSUMED.items():
            factor = 100 if name in cost.SHARES else 1
            values[name] = st.number_input(
                _(label), min_value=0.0, max_value=100.0 if factor == 100 else 1e9, value=known[name] * factor, step=1.0, format="%g",
                help=_(help), key=f"assumed_{name}",
            ) / factor  # fmt: skip
        allowed = rights.may(Action.SET_TARGETS)
        if st.form_submit_button(_("Save"), disabled=not allowed) and allowed:
            cost.put_assumptions(queries.app_store(), values, writer(Action.SET_TARGETS))
            st.rerun()


def _float(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
