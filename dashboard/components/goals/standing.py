"""Goals: where each measure is now against its target, and targets and goals of one's own. One in detail: see detail.py."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries, session
from dashboard.components import links, period, rights, tables
from dashboard.components.address import with_language
from dashboard.components.changed import before_and_after
from dashboard.components.goals import Row, amount, detail, do, edition, history, name
from dashboard.components.goals.detail import DIRECTIONS, STATUSES, target, word
from dashboard.i18n import DASH, N_, _, date, missing, ngettext, number, percent
from dashboard.session import writer
from models.access.people import Action
from models.changes import Change
from models.goals import goals

LABELS = {
    "target": N_("Target"), "direction": N_("Met when"), "owner": N_("Owner"), "due_on": N_("Due"), "name": N_("Name"),
    "unit": N_("Unit"), "adds_up": N_("Adds up"),
}  # fmt: skip

SILENT_OVER = "8_weeks"
"""The days of the estimate of those who say nothing."""


def show() -> None:
    """The goals, one of them, and what was changed."""
    rows = [{str(k): v for k, v in row.items()} for row in queries.query("registers/goal_standings").to_dict("records")]
    if aimed := [row for row in rows if row["status"] != "no_target"]:
        _table(aimed)
    else:
        st.info(
            _(
                "No goal has a target yet. Choose a measure below and say what is to be reached, by when, and who sees to it."
            )
        )
    _silent()
    by_code = {str(row["measure"]): row for row in rows}
    if st.session_state.get("goal") not in by_code:
        st.session_state["goal"] = str(rows[0]["measure"])
    picked = st.selectbox(_("Measure"), list(by_code), format_func=lambda code: name(by_code[code]), key="goal")
    with st.container(border=True):
        detail.show(by_code[str(picked)])
        _form(by_code[str(picked)])
    with st.expander(_("A goal of your own")):
        _own()
    history(goals.TABLES, "goals", lambda change: _words(change, by_code), Action.KEEP_GOALS)


def _silent() -> None:
    """How many are estimated to be as unhappy as those who complained, and to say nothing: a line, and the way to its factor."""
    reach = period.reach_of(period.snapshot())
    if reach is None:
        return
    weeks = period.resolve(SILENT_OVER, reach, reach.newest)
    row = queries.row("registers/silent", start=weeks.start, end=weeks.end)
    n = int(row["complainers"])
    if not n:
        return
    with st.container(border=True, gap="small"):
        told = ngettext(
            "{n} customer complained in the last 8 weeks.", "{n} customers complained in the last 8 weeks.", n
        )
        more = _("Estimate: {silent} more were as unhappy and said nothing ({factor} for each one).")
        st.markdown(told.format(n=number(n)) + " " + more.format(
            silent=f"≈ {number(row['stay_silent'])}", factor=number(row["factor"])))  # fmt: skip
        links.page(
            links.CUSTOMERS, label=_("Those who say nothing") + " →",
            query_params=with_language({"part": "silent", "period": SILENT_OVER}),
        )  # fmt: skip


def _table(rows: list[Row]) -> None:
    counts = [(status, sum(row["status"] == status for row in rows)) for status in STATUSES]
    st.markdown(" · ".join(f"{number(n)} {word(status)}" for status, n in counts if n))
    shown = pd.DataFrame({
        "goal": [name(row) for row in rows], "status": [word(row["status"]) for row in rows],
        "now": [_shaky(row, amount(row, row["value"])) for row in rows], "n": [number(row["n"]) for row in rows],
        "target": [target(row) for row in rows], "due": [date(row["due_on"]) for row in rows],
        "owner": [DASH if missing(row["owner"]) else str(row["owner"]) for row in rows],
    })  # fmt: skip
    columns = {
        "goal": (_("Goal"), "text"), "status": (_("Status"), "text"), "now": (_("Now"), "share"), "n": ("n", "n"),
        "target": (_("Target"), "share"), "due": (_("Due"), "text"), "owner": (_("Owner"), "text"),
    }  # fmt: skip
    row = tables.show(shown, columns, "open_goal", _("Look"), _("Goals and how they stand"))
    if row is not None and st.session_state.get("goal") != rows[row]["measure"]:
        st.session_state["_goal_wanted"] = rows[row]["measure"]
        st.rerun()
    st.caption(_("Now is the four weeks up to the newest day with a value. On track: at the pace of these four weeks against the "
                 "four before, the target is reached by the due date. A share of fewer than ten is too little data, and is "
                 "shown in brackets."))  # fmt: skip


def _shaky(row: Row, text: str) -> str:
    return f"({text})" if row["is_small"] and text != DASH else text


def _form(row: Row) -> None:
    """The goal's target, direction, owner and due date; only what was changed here is written."""
    code, share = str(row["measure"]), row["how"] == "share"
    key, factor = f"{code}_{edition()}", 100 if share else 1
    shown = st.session_state.setdefault(f"_goal_shown_{key}", {
        "target": None if missing(row["target"]) else float(row["target"]), "direction": row["direction"],
        "owner": None if missing(row["owner"]) else str(row["owner"]),
        "due_on": None if missing(row["due_on"]) else pd.Timestamp(row["due_on"]).date(),
    })  # fmt: skip
    with st.form(f"goal_{key}", border=False):
        given = _fields(f"goal_{key}", shown, share, factor)
        allowed = rights.may(Action.KEEP_GOALS)
        if st.form_submit_button(_("Save"), disabled=not allowed):
            new = {field: value for field, value in given.items() if value != shown[field]}
            if new:
                new["direction"] = given["direction"]
            do(lambda: goals.set_goal(queries.app_store(), code, new, share, writer(Action.KEEP_GOALS)),
               _("Saved.") if new else _("Nothing was changed."))  # fmt: skip


def _fields(key: str, shown: Row, share: bool, factor: int) -> Row:
    """The fields that every goal has."""
    first, second = st.columns(2), st.columns(2)
    direction = first[0].radio(
        _("Met when"), list(DIRECTIONS), list(DIRECTIONS).index(shown["direction"]), horizontal=True,
        format_func=lambda value: _(DIRECTIONS[value]), key=f"{key}_direction",
    )  # fmt: skip
    aim = first[1].number_input(
        _("Target, %") if share else _("Target"), 0.0 if share else None, 100.0 if share else None,
        None if shown["target"] is None else round(shown["target"] * factor, 6), format="%g", key=f"{key}_target",
    )  # fmt: skip
    owner = second[0].text_input(_("Owner"), shown["owner"] or "", max_chars=120, key=f"{key}_owner")
    due = second[1].date_input(_("Due"), shown["due_on"], format="DD/MM/YYYY", key=f"{key}_due")
    return {
        "direction": direction, "target": None if aim is None else round(aim / factor, 8),
        "owner": owner.strip() or None, "due_on": due if isinstance(due, Date) else None,
    }  # fmt: skip


def _own() -> None:
    """A figure with a name and unit of one's own, and the goal for it."""
    key = f"own_{edition()}"
    with st.form(key, border=False):
        st.caption(_("Its values are typed, or loaded as a column of that name, under Figures."))
        title = st.text_input(_("Name"), max_chars=120, key=f"{key}_name")
        places = st.columns(2)
        unit = places[0].text_input(_("Unit"), max_chars=20, key=f"{key}_unit", placeholder=_("days, %, points…"))
        adds_up = places[1].checkbox(
            _("Adds up"),
            key=f"{key}_adds",
            help=_("Orders of a month are the sum of its days; a mark out of ten is averaged."),
        )
        given = _fields(key, goals.EMPTY, False, 1)
        if st.form_submit_button(
            _("Add"), disabled=not session.may(Action.KEEP_GOALS), help=rights.why_not(Action.KEEP_GOALS)
        ):
            do(lambda: goals.add_own(queries.app_store(), title, unit, adds_up, given, writer(Action.KEEP_GOALS)),
               _("Added. Type its values under Figures."))  # fmt: skip


def _words(change: Change, known: dict[str, Row]) -> tuple[str, str]:
    code = str(change.item.get("measure") or change.item.get("figure"))
    row = known.get(code) or {"measure": code, "name": code, "how": "mean", "unit": None}
    return name(row), before_and_after(change, LABELS, lambda field, value: _value(row, field, value))


def _value(row: Row, field: str, value: Any) -> str:
    if value is None:
        return DASH
    if field == "target":
        return percent(value, 1) if row["how"] == "share" else amount(row, value)
    if field == "due_on":
        return date(datetime.fromisoformat(str(value)).date())
    if field == "direction":
        return _(DIRECTIONS[str(value)])
    return (_("yes") if value else _("no")) if field == "adds_up" else str(value)
