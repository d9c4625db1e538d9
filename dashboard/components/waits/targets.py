"""Targets: what holds for each queue and from when, how to change it, and what was changed."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries, session
from dashboard.components import changed, rights, tables
from dashboard.components.waits import View
from dashboard.i18n import N_, _, date, moment, percent, seconds
from dashboard.session import writer
from models.access.people import Action
from models.changes import Change
from models.waits import targets
from models.waits.targets import EVERY_QUEUE, FIRST_DAY, Target

LONGEST_S = 3600.0
SAID = "_targets_said"
COUNTED = {True: N_("count"), False: N_("don’t count")}


def show(view: View) -> None:
    """The targets, the form, and the history."""
    store = queries.app_store()
    known = targets.targets(store)
    if said := st.session_state.pop(SAID, None):
        st.success(said)
    with st.container(border=True):
        st.header(_("Targets that hold"))
        st.caption(
            _("Past figures use the target of their day. A queue without a target of its own has that of every queue.")
            + " "
            + _("Pages use a change at once, the published snapshot from the next publish on.")
        )
        _table(known)
    if rights.may(Action.SET_TARGETS):
        with st.container(border=True):
            _form(view, known)
    with st.container(border=True):
        _history(targets.history(store))


def _table(known: list[Target]) -> None:
    shown = pd.DataFrame({
        "queue": [_queue(target.queue) for target in known],
        "from": [_from(target.valid_from) for target in known],
        "goal": [_("{goal} within {time}").format(goal=percent(target.goal, 1 if (1000 * target.goal) % 10 else 0), time=seconds(target.threshold_s)) for target in known],
        "short": [seconds(target.short_abandon_s) for target in known],
        "abandons": [_(COUNTED[target.abandons_count]) for target in known],
        "flow_outs": [_(COUNTED[target.flow_outs_count]) for target in known],
        "limit": [seconds(target.all_calls_limit_s) for target in known],
        "ceiling": [percent(target.abandon_ceiling, 1) for target in known],
    })  # fmt: skip
    columns = {
        "queue": (_("Queue"), "text"), "from": (_("From"), "text"), "goal": (_("Goal"), "text"),
        "short": (_("Short abandon below"), "n"), "abandons": (_("Abandons"), "text"),
        "flow_outs": (_("Left otherwise"), "text"), "limit": (_("Every call within"), "n"),
        "ceiling": (_("Abandoned at most"), "share"),
    }  # fmt: skip
    row = tables.show(
        shown,
        columns,
        "remove_target",
        _("Remove") if session.may(Action.SET_TARGETS) else None,
        _("Targets by queue and date"),
    )
    if row is not None:
        target = known[row]
        changed.do(
            lambda: targets.remove_target(queries.app_store(), target.queue, target.valid_from, writer(Action.SET_TARGETS)),
            SAID, _("The target was removed. Undo below brings it back."),
        )  # fmt: skip


def _form(view: View, known: list[Target]) -> None:
    st.header(_("Change or add a target"))
    queue = st.selectbox(_("Queue"), [EVERY_QUEUE, *view.known], format_func=_queue, key="target_queue")
    now = _in_force(queue, known)
    with st.form(f"target_{queue}", border=False):
        first, second, third = st.columns(3), st.columns(3), st.columns(2)
        from_day = first[0].date_input(_("From this day on"), value="today", format="DD/MM/YYYY", min_value=FIRST_DAY)
        goal = first[1].number_input(_("Goal, %"), 0.1, 100.0, 100 * now.goal, 1.0, "%g")
        threshold = first[2].number_input(_("Answered within, seconds"), 1.0, LONGEST_S, now.threshold_s, 5.0, "%g")
        short = second[0].number_input(
            _("Short abandon below, seconds"), 0.0, LONGEST_S, now.short_abandon_s, 1.0, "%g",
            help=_("Whoever hangs up sooner had hardly called: in no rate."),
        )  # fmt: skip
        limit = second[1].number_input(
            _("Every call answered within, seconds"), 1.0, None, now.all_calls_limit_s, 10.0, "%g",
            placeholder=_("No such promise"),
        )  # fmt: skip
        ceiling = second[2].number_input(
            _("Abandoned at most, %"), 0.1, 100.0, None if now.abandon_ceiling is None else 100 * now.abandon_ceiling, 0.5,
            "%g", placeholder=_("No such promise"),
        )  # fmt: skip
        abandons = third[0].checkbox(_("Other abandons count against it"), now.abandons_count)
        flow_outs = third[1].checkbox(
            _("Calls that left otherwise count against it"), now.flow_outs_count,
            help=_("Timed out, left by key, found no agent, or asked for a callback."),
        )  # fmt: skip
        if st.form_submit_button(_("Save the target")):
            assert isinstance(from_day, Date)
            target = Target(
                queue, from_day, round(goal / 100, 6), threshold, short, abandons, flow_outs, limit,
                None if ceiling is None else round(ceiling / 100, 6),
            )  # fmt: skip
            changed.do(lambda: _save(target), SAID)


def _in_force(queue: str, known: list[Target]) -> Target:
    """What the form begins with: the queue's newest own target, else that of every queue."""
    own = [target for target in known if target.queue == queue]
    return (own or [target for target in known if target.queue == EVERY_QUEUE])[-1]


def _save(target: Target) -> str:
    if targets.put_target(queries.app_store(), target, writer(Action.SET_TARGETS)):
        return _("Saved. Figures from that day on use it.")
    return _("That is the target already: nothing changed.")


def _history(changes: list[Change]) -> None:
    st.header(_("What was changed"))
    if not changes:
        st.write(_("Nothing yet: these are the targets that Earshot began with."))
        return
    if changed.undo_button(changes, Action.SET_TARGETS, "undo_target"):
        changed.do(lambda: targets.undo(queries.app_store(), writer(Action.SET_TARGETS)), SAID, _("Undone."))
    columns = {
        "queue": (_("Queue"), "text", [_queue(change.item["queue"]) for change in changes]),
        "from": (_("From"), "text", [_from(Date.fromisoformat(change.item["valid_from"])) for change in changes]),
        "before": (_("Before"), "text", [_words(change.before) for change in changes]),
        "after": (_("After"), "text", [_words(change.after) for change in changes]),
    }
    changed.table(changes, columns, "target_changes", _("Changes of the targets, newest first"))


def _words(row: dict[str, Any] | None) -> str:
    """A target in one line."""
    if row is None:
        return _("none")
    parts = [_("{goal} within {time}").format(goal=percent(row["goal"], 1), time=seconds(row["threshold_s"]))]
    parts.append(_("short below {time}").format(time=seconds(row["short_abandon_s"])))
    if not row["abandons_count"]:
        parts.append(_("abandons don’t count"))
    if row["flow_outs_count"]:
        parts.append(_("calls that left otherwise count"))
    if row["all_calls_limit_s"] is not None:
        parts.append(_("every call within {time}").format(time=seconds(row["all_calls_limit_s"])))
    if row["abandon_ceiling"] is not None:
        parts.append(_("abandoned at most {share}").format(share=percent(row["abandon_ceiling"], 1)))
    return ", ".join(parts)


def _queue(queue: str) -> str:
    return _("Every queue") if queue == EVERY_QUEUE else queue


def _from(day: Date) -> str:
    return _("always") if day == FIRST_DAY else date(day)


def _local(at: datetime) -> str:
    return moment(at.astimezone(queries.settings().zone))
