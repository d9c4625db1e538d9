"""Needs: their names, results in words, wait bands, and the calls behind a share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components import links
from dashboard.components.period import Period, midnight
from dashboard.i18n import N_, _, lang, number, percent, seconds, short_date

RESULTS = {
    "met": N_("Met"),
    "not_met": N_("Not met"),
    "not_applicable": N_("No occasion"),
    "not_assessable": N_("Needs an ear"),
}
ICONS = {
    "met": ":material/check_circle:",
    "not_met": ":material/cancel:",
    "not_applicable": ":material/remove:",
    "not_assessable": ":material/hearing:",
}
TONE = ("friendliness", "empathy")
"""What a long wait is held against."""

BANDS = [0, 30, 60, 120, 300]
"""Where the bands of models/views/120_needs.sql begin, in seconds."""

Row = dict[str, Any]


def criteria() -> list[Row]:
    """The criteria of the scorecard in force, in its order, with their texts; empty before the first scores."""
    rows: list[Row] = queries.query("criteria", language=lang()).to_dict("records")
    return rows


def names() -> dict[str, str]:
    """Criterion → its name in the reader's language, in the scorecard's order."""
    return {str(row["criterion"]): str(row["name"]) for row in criteria()}


def band(begin: int) -> str:
    """A band of waits in words."""
    later = [other for other in BANDS if other > begin]
    if not later:
        return _("{time} or longer").format(time=seconds(begin))
    return _("{from_time} to {to_time}").format(from_time=number(begin), to_time=seconds(later[0]))


def counted(row: Row) -> str:
    """A share with what it stands on."""
    if not row["n"]:
        return _("never judged")
    return _("{share} of {n}").format(share=percent(row["share"]), n=number(row["n"]))


def calls(row: Row, period: Period, queues: list[str] | None, **more: object) -> None:
    """Links to the calls in which a need was met, was not, had no occasion, or could not be judged."""
    labels = {
        "met": _("Met in {n} calls"),
        "not_met": _("Not met in {n} calls"),
        "not_applicable": _("No occasion in {n} calls"),
        "not_assessable": _("{n} calls need an ear"),
    }
    with st.container(horizontal=True, gap="medium"):
        for result, label in labels.items():
            if n := int(row[result]):
                text = label.format(n=number(n)) + " →"
                here = {"criterion": row["criterion"], "result": result, **more}
                parameters = links.calls_parameters(period, queues, **here)
                links.page(links.CALLS, label=text, icon=ICONS[result], query_params=parameters, width="content")


def part_name(split: str, part: str) -> str:
    """A queue, an agent, a week or a band of waits in words."""
    if split == "band":
        return band(int(part))
    if split == "week":
        return _("from {day}").format(day=short_date(date.fromisoformat(part)))
    return part


def part_calls(row: Row, split: str, period: Period, queues: list[str] | None) -> None:
    """The calls behind one part of a comparison."""
    part = str(row["part"])
    if split == "queue":
        calls(row, period, [part])
    elif split == "agent":
        calls(row, period, queues, agent=f"={part}")
    elif split == "band":
        calls(row, period, queues, band=part)
    else:
        calls(row, week_of(part, period), queues)


def week_of(monday: str, period: Period) -> Period:
    """The part of ``period`` that lies in the week from a Monday."""
    first, zone = date.fromisoformat(monday), queries.settings().zone
    start, end = midnight(first, zone), midnight(first + timedelta(weeks=1), zone)
    return replace(period, name="custom", start=max(period.start, start), end=min(period.end, end))


def in_order(rows: pd.DataFrame, named: dict[str, str]) -> list[Row]:
    """Rows in the scorecard's order, each with its name; criteria that it has no more come last."""
    place = {criterion: n for n, criterion in enumerate(named)}
    records: list[Row] = rows.to_dict("records")
    for row in records:
        row["name"] = named.get(str(row["criterion"]), str(row["criterion"]))
    return sorted(records, key=lambda row: place.get(str(row["criterion"]), len(place)))
