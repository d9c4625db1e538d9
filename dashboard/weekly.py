"""The manager's weekly page: one self-contained HTML file that prints well, for people who never open the dashboard.

Nothing in it asks anything of another machine, and everything from the data is escaped by the template.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dashboard import queries
from dashboard.components.period import Period
from dashboard.i18n import _, clock_of, date_range, lang, moment, number, percent, points, seconds, signed, weekday

ASSETS = Path(__file__).parent / "assets"
CHART_WIDTH, BASE, TALLEST = 720, 160, 130
MOST_SLOTS, LEAST_CALLS = 6, 10

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart, in the units of its drawing."""

    name: str
    share: str
    x: float
    y: float
    width: float
    height: float
    goal: float
    kept: bool


@cache
def _template() -> Template:
    loader = FileSystemLoader(ASSETS)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("weekly.html")


def page(week: Period, before: Period, queues: list[str] | None) -> str:
    """The page of a week, or any other period, beside the one before, in the reader's language."""
    span = {"start": week.start, "end": week.end, "queues": queues}
    then = queries.row("totals", start=before.start, end=before.end, queues=queues)
    now = queries.row("totals", **span)
    share, goal = now["service_level"], now["goal"]
    settings = queries.settings()
    return _template().render(
        lang=lang(),
        title=_("Waits of the week"),
        subtitle=date_range(*week.days) + (" · " + ", ".join(queues) if queues else ""),
        missed=_is(share) and share < goal,
        verdict=_verdict(now),
        promises=_promises(now),
        figures=_figures(now, then),
        compared=_("Changes against {days}.").format(days=date_range(*before.days)),
        bars=_bars(queries.query("trend", **span, grain="day")),
        tables=[_by_queue(span), _slots(span)],
        callers=_callers(span),
        words={
            "days": _("Day by day: service level"),
            "bars": _("The dashed line is the goal; orange days miss it."),
            "callers": _("Who hung up"),
        },
        notes=[
            _("Service level: calls answered within the target time ÷ calls that count (answered, and abandons and calls that left otherwise as the target says)."),
            _("Made by Earshot on {moment}; times in {zone}.").format(moment=moment(datetime.now(UTC).astimezone(settings.zone)), zone=settings.time_zone),
        ],
    )  # fmt: skip


def _verdict(now: Row) -> str:
    share, goal = now["service_level"], now["goal"]
    if not _is(share):
        return _("No calls were offered in these days.")
    gap = round(100 * (share - goal), 1)
    size = number(abs(gap), 1)
    first = _("Target kept, with {n} points to spare.") if gap >= 0 else _("Target missed by {n} points.")
    return first.format(n=size) + " " + _("Service level {share}; the goal is {goal}.").format(
        share=percent(share, 1), goal=percent(goal, 1 if now["mixed_targets"] else 0))  # fmt: skip


def _promises(now: Row) -> list[str]:
    lines = []
    if _is(now["all_calls_limit_s"]):
        lines.append(_("{n} calls broke the promise that every call is answered within {time}.").format(
            n=number(now["over_limit"]), time=seconds(now["all_calls_limit_s"])))  # fmt: skip
    if _is(now["abandon_ceiling"]) and _is(now["abandon_rate"]):
        lines.append(_("{share} of calls were abandoned; at most {ceiling} may be.").format(
            share=percent(now["abandon_rate"], 1), ceiling=percent(now["abandon_ceiling"], 1)))  # fmt: skip
    return lines


def _figures(now: Row, then: Row) -> list[dict[str, str]]:
    def figure(name: str, label: str, value: str, change: str, more_is_better: bool | None) -> dict[str, str]:
        known = _is(now[name]) and _is(then[name]) and bool(then["offered"])
        rise = float(now[name]) - float(then[name]) if known else 0.0
        mood = "" if not rise or more_is_better is None else "better" if (rise > 0) == more_is_better else "worse"
        return {"label": label, "value": value, "change": change if known else "", "mood": mood}

    def rise(name: str) -> float | None:
        return float(now[name]) - float(then[name]) if _is(now[name]) and _is(then[name]) else None

    def time(name: str) -> tuple[str, str]:
        return seconds(now[name]), f"{signed(rise(name), 1)}\u00a0s"

    return [
        figure("service_level", _("Service level"), percent(now["service_level"], 1), points(rise("service_level")), True),
        figure("asa_s", _("Average speed of answer"), *time("asa_s"), False),
        figure("abandon_rate", _("Abandonment rate"), percent(now["abandon_rate"], 1), points(rise("abandon_rate")), False),
        figure("offered", _("Calls offered"), number(now["offered"]), signed(rise("offered")), None),
        figure("longest_wait_s", _("Longest wait"), *time("longest_wait_s"), False),
        figure("aht_s", _("Average handling time"), *time("aht_s"), None),
    ]  # fmt: skip


def _bars(days: pd.DataFrame) -> list[Bar]:
    days = days.dropna(subset=["service_level"])
    if days.empty:
        return []
    place = CHART_WIDTH / len(days)
    width = min(place * 0.7, 90)
    bars = []
    for n, row in enumerate(days.to_dict("records")):
        height = round(TALLEST * float(row["service_level"]), 1)
        bars.append(Bar(
            name=weekday(row["day"].isoweekday(), "abbreviated") if len(days) <= 7 else str(row["day"].day),
            share=percent(row["service_level"]) if len(days) <= 12 else "", x=round(n * place + (place - width) / 2, 1), y=BASE - height,
            width=round(width, 1), height=height, goal=round(BASE - TALLEST * float(row["goal"]), 1),
            kept=row["service_level"] >= row["goal"],
        ))  # fmt: skip
    return bars


def _by_queue(span: Row) -> dict[str, Any]:
    rows = [
        [row["queue"], number(row["offered"]), percent(row["service_level"], 1), percent(row["goal"]),
         seconds(row["asa_s"], 1), percent(row["abandon_rate"], 1), seconds(row["longest_wait_s"], 0)]
        for row in queries.query("by_queue", **span).to_dict("records")
    ]  # fmt: skip
    columns = [
        _("Queue"),
        _("Offered"),
        _("Service level"),
        _("Goal"),
        _("Speed of answer"),
        _("Abandonment"),
        _("Longest wait"),
    ]
    return {"title": _("By queue"), "columns": columns, "rows": rows, "empty": _("No calls")}


def _slots(span: Row) -> dict[str, Any]:
    found = queries.query("failing_slots", **span, least=LEAST_CALLS, limit=MOST_SLOTS)
    rows = [
        [f"{weekday(row['weekday'])} {clock_of(row['slot'])}", percent(row["service_level"]), number(row["late"]),
         number(row["offered"])]
        for row in found.to_dict("records")
    ]  # fmt: skip
    empty = _("No half hour of the week with at least {n} calls missed the goal.").format(n=number(LEAST_CALLS))
    columns = [_("Half hour"), _("Service level"), _("Not answered in time"), _("Offered")]
    return {"title": _("Where it fails"), "columns": columns, "rows": rows, "empty": empty}


def _callers(span: Row) -> list[str]:
    lost = queries.row("lost", **span)
    if not lost["known"]:
        return []
    words = _(
        "{n} callers with a known number hung up: {reached} were answered in a later call, {back} called again without an answer, {lost} did not come back within {days} days."
    )
    lines = [words.format(n=number(lost["known"]), reached=number(lost["reached"]), back=number(lost["back"]),
                          lost=number(lost["lost"]), days=number(queries.settings().return_days))]  # fmt: skip
    if lost["undecided"]:
        lines.append(
            _("{n} more hung up so lately that they may still call again.").format(n=number(lost["undecided"]))
        )
    return lines


def _is(value: object) -> bool:
    return not pd.isna(value)  # type: ignore[call-overload]
