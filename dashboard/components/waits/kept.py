"""Is the target kept: figures beside those of another period, the trend, the parts, and the figures as CSV."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, queries
from dashboard.components import cards, links, tables, week
from dashboard.components.cards import Figure
from dashboard.components.csv import protected_csv, save
from dashboard.components.waits import View
from dashboard.i18n import N_, _, date, date_range, number, percent, points, seconds, signed

Row = dict[str, Any]

COMPARED = {
    "before": N_("the days just before"),
    "weekdays": N_("the same weekdays before"),
    "year": N_("the same weekdays a year before"),
}
GRAINS = {"day": N_("Days"), "week": N_("Weeks"), "month": N_("Months")}
SPLITS = {"queue": N_("Queue"), "agent": N_("Agent"), "segment": N_("Customer segment")}
CSV_GRAINS = {
    "quarter": N_("15 minutes"), "half_hour": N_("30 minutes"), "hour": N_("Hours"), "day": N_("Days"),
    "week": N_("Weeks"), "month": N_("Months"),
}  # fmt: skip
LONG, VERY_LONG = 29, 200
"""From this many days on, weeks or months are shown unless the reader chooses."""

MOST_PARTS, MOST_CSV = 200, 200_000


def show(view: View) -> None:
    """Everything of this part."""
    now = totals(view.span)
    if not now["offered"]:
        st.info(_("No calls were offered in these days. Choose other days or queues above."))
        return
    week.verdict(now)
    _promises(now, view)
    _cards(now, view)
    _trend(view)
    _parts(view)


def totals(span: Row) -> Row:
    """Sums, rates and percentiles of a period."""
    return {**queries.row("totals", **span), **queries.row("wait_totals", **span)}


def _promises(now: Row, view: View) -> None:
    """The limit for every call and the ceiling for abandonment, where the target has them."""
    if known(now["all_calls_limit_s"]) and now["over_limit"]:
        words = _(
            "{n} calls waited longer than {time}, or were never answered: every call was to be answered within it."
        )
        st.warning(words.format(n=number(now["over_limit"]), time=seconds(now["all_calls_limit_s"])))
        links.to_calls(int(now["over_limit"]), view.period, view.queues, outcome="over_limit")
    ceiling = now["abandon_ceiling"]
    if known(ceiling) and known(now["abandon_rate"]) and now["abandon_rate"] > ceiling:
        st.warning(_("{share} of calls were abandoned; at most {ceiling} may be.").format(
            share=percent(now["abandon_rate"], 1), ceiling=percent(ceiling, 1)))  # fmt: skip


def _cards(now: Row, view: View) -> None:
    how = st.selectbox(
        _("Compared with"), list(COMPARED), format_func=lambda code: _(COMPARED[code]), key="compare",
        persist_state="session", width=320,
    )  # fmt: skip
    other = view.period.compared(how, view.reach.newest)
    then = totals({"start": other.start, "end": other.end, "queues": view.queues})
    words = _("Changes against {days}.").format(days=date_range(*other.days))
    if other.start.date() < view.reach.first.date():
        words += " " + _("The first call known is of {day}.").format(day=date(view.reach.first.date()))
    st.caption(words)
    figures = _figures(now, then)
    for first in range(0, len(figures), 4):
        for place, (figure, n, behind) in zip(st.columns(4), figures[first : first + 4], strict=False):
            with place.container(border=True, height="stretch"):
                cards.show(figure, "")
                if behind is not None:
                    label = _("See the longest waits") if "sort" in behind else None
                    links.to_calls(n, view.period, view.queues, label, **behind)


def _figures(now: Row, then: Row) -> list[tuple[Figure, int, Row | None]]:
    """Each figure, how many calls are behind it, and the filters that find them."""

    def change(name: str, digits: int) -> float | None:
        old, new = then[name], now[name]
        return (
            None if not (known(old) and known(new)) or not then["offered"] else round(float(new) - float(old), digits)
        )

    def share(name: str, label: str, help: str, up: bool) -> Figure:
        return Figure(label, percent(now[name], 1), help, change(name, 3), points(change(name, 3)), up)

    def time(name: str, label: str, help: str) -> Figure:
        difference = change(name, 1)
        return Figure(label, seconds(now[name]), help, difference, f"{signed(difference, 1)}\u00a0s", False)

    def count(name: str, label: str, help: str, up: bool | None = None) -> Figure:
        return Figure(label, number(now[name]), help, change(name, 0), signed(change(name, 0)), up)

    rows = [
        (share("service_level", _("Service level"), _("Calls answered within the target time ÷ calls that count: see the definitions below."), True), "answered_in_target", "in_target"),
        (time("asa_s", _("Average speed of answer"), _("Mean wait of the calls that were answered.")), "answered", "answered"),
        (share("abandon_rate", _("Abandonment rate"), _("Calls abandoned while waiting ÷ calls offered (short abandons left out of both)."), False), "abandoned", "abandoned"),
        (count("offered", _("Calls offered"), _("Calls that entered a queue.")), "offered", "offered"),
        (time("median_wait_s", _("Median wait"), _("Half of all offered calls waited longer, abandons included.")), "offered", None),
        (time("p90_wait_s", _("90th percentile of the wait"), _("One in ten of all offered calls waited longer, abandons included.")), "offered", None),
        (time("longest_wait_s", _("Longest wait"), _("Of all offered calls.")), "offered", "offered"),
        (time("aht_s", _("Average handling time"), _handling(now)), "answered", "answered"),
        (count("short_abandoned", _("Short abandons"), _("Callers who hung up before the short-abandon limit: in no rate.")), "short_abandoned", "short"),
        (count("flowed_out", _("Left the queue otherwise"), _("Timed out, left by key, found no agent, or asked for a callback."), False), "flowed_out", "left"),
        (count("transferred", _("Passed on"), _("Answered, then transferred."), False), "transferred", "transferred"),
        (count("requeued", _("Entered a queue again"), _("Entries of calls that had entered a queue before."), False), "requeued", "requeued"),
    ]  # fmt: skip
    return [
        (figure, int(now[n]), None if outcome is None else
         {"outcome": outcome, **({"sort": "wait"} if n == "offered" and figure.label == _("Longest wait") else {})})
        for figure, n, outcome in rows
    ]  # fmt: skip


def _handling(now: Row) -> str:
    answered = now["answered"] or 1
    parts = [now["talk_s"] or 0, now["hold_s"] or 0, now["acw_s"] or 0]
    talk, hold, after = (seconds(part / answered, 0) for part in parts)
    return _("Talk {talk}, hold {hold}, after-call work {after}; the wait in the queue is no part of it.").format(
        talk=talk, hold=hold, after=after
    )


def _trend(view: View) -> None:
    with st.container(border=True):
        st.header(_("Against the target"))
        if st.session_state.by is None:
            days = (view.period.end - view.period.start).days
            st.session_state.by = "month" if days >= VERY_LONG else "week" if days >= LONG else "day"
        grain = st.segmented_control(
            _("By"), list(GRAINS), format_func=lambda code: _(GRAINS[code]), key="by", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        st.plotly_chart(
            charts.trend(queries.query("trend", **view.span, grain=grain or "day"), view.theme), key="trend",
            config=charts.CONFIG,
            alt=_("Service level against the goal, average speed of answer and abandonment rate over time"),
        )  # fmt: skip


def _parts(view: View) -> None:
    with st.container(border=True):
        st.header(_("Compared"))
        split = st.segmented_control(
            _("By"), list(SPLITS), format_func=lambda code: _(SPLITS[code]), key="split_waits", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        split = split or "queue"
        rows = by_part(split, view)
        if rows.empty:
            st.write(_("The queue log names no agents or customer segments for these calls."))
        elif (row := tables.by_part(rows, _(SPLITS[split]), split != "segment")) is not None:
            name = str(rows["part"].iloc[row])
            queues, more = ([name], {}) if split == "queue" else (view.queues, {"agent": f"={name}"})
            here = links.calls_parameters(view.period, queues, outcome="offered", **more)
            links.go(links.CALLS, here)
    _download(view)


def by_part(split: str, view: View) -> pd.DataFrame:
    """The figures of each queue, agent or segment."""
    if split == "queue":
        return queries.query("by_queue", **view.span).assign(part=lambda rows: rows["queue"])
    return queries.query("by_part", **view.span, split=split, most=MOST_PARTS)


def _download(view: View) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        grain = st.selectbox(
            _("Figures as CSV, by"),
            list(CSV_GRAINS),
            format_func=lambda code: _(CSV_GRAINS[code]),
            key="csv_by",
            width=240,
        )
        span = view.span

        def made() -> bytes:
            return protected_csv(queries.query("waits_csv", **span, grain=grain, most=MOST_CSV))

        first, last = view.period.days
        save(_("Save as CSV"), made, f"waits-{grain}-{first}-{last}.csv", "waits_csv")


def known(value: object) -> bool:
    """Whether there is a value."""
    return not pd.isna(value)  # type: ignore[call-overload]
