"""The parts of the Goals page, and what they share. Names come from people and files: shown as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from dashboard import queries, session, within
from dashboard.components import changed
from dashboard.i18n import DASH, N_, _, missing, ngettext, number, percent
from models.access.people import Action
from models.changes import Change
from models.errors import ChangeRefused
from models.goals import registers

Row = dict[str, Any]
SAID = "_goals_said"
"""Where a word on what happened waits for the page to be shown again."""
REFUSED = "_goals_refused"
EDITION = "_goals_edition"
"""Grows with each thing written: forms begin anew with what is then known."""
SHOWN_CHANGES = 400
FEW_AT_ONCE = 3
"""Changes made at once that are told one by one."""
NAMES = {
    "answered_in_limit": N_("Calls answered within the limit for every call"),
    "service_level": N_("Service level"),
    "criteria_met": N_("Criteria met"),
    "first_call_resolution": N_("Solved in one call"),
    "complaints_satisfied": N_("Satisfied with how the complaint was handled"),
    "would_buy_again": N_("Complained, and would buy again"),
    "returned_share": N_("Share of products returned"),
    "internal_reject_share": N_("Share rejected in the company"),
    "supplier_reject_share": N_("Share of suppliers’ goods rejected"),
    "shipped": N_("Products shipped"),
    "returned": N_("Products returned"),
    "made": N_("Products made"),
    "internal_rejects": N_("Rejected in the company"),
    "received": N_("Goods received"),
    "supplier_rejects": N_("Rejected goods of suppliers"),
    "orders": N_("Orders"),
    "late_deliveries": N_("Late deliveries"),
    "backorders": N_("Orders that wait for stock"),
}


def name(row: Row) -> str:
    """What a measure or figure is called, in the reader's language where it is ours."""
    code = str(row.get("measure") or row.get("figure"))
    return _(NAMES[code]) if code in NAMES else str(row["name"])


def amount(row: Row, value: float | None) -> str:
    """A value of a measure in its unit."""
    if missing(value):
        return DASH
    if row.get("how") == "share":
        return percent(value, 1)
    digits = 0 if float(value) == int(value) else 2  # type: ignore[arg-type]
    unit = "" if missing(row.get("unit")) else f"\u00a0{row['unit']}"
    return number(value, digits) + unit


def edition() -> int:
    """The number of things written in this session; part of the keys of forms."""
    return int(st.session_state.setdefault(EDITION, 0))


def said() -> None:
    """The word on what just happened."""
    if words := st.session_state.pop(SAID, None):
        st.success(words)
    if refused := st.session_state.pop(REFUSED, None):
        st.warning(_(refused))


def do(what: Callable[[], object], words: str) -> None:
    """Write something and show the page as it now is, with ``words``; a refusal is said."""
    changed.do(what, SAID, words, _begin_anew)


def _begin_anew() -> None:
    st.session_state[EDITION] = edition() + 1


def history(
    names: Sequence[str], key: str, words: Callable[[Change], tuple[str, str]], action: Action, of_people: bool = False
) -> None:
    """What was changed in some registers, newest first, and the button that takes the last change back, for whoever may.

    ``words`` gives what a change is about, and what it changed, as plain text. ``of_people``: the rows name customers or
    colleagues, so whoever has limits sees their own changes alone.
    """
    with st.container(border=True):
        st.header(_("What was changed"))
        made = registers.history(queries.app_store(), names, SHOWN_CHANGES)
        if of_people and not within.everything():
            made = [change for change in made if change.changed_by == session.reviewer()]
        if not made:
            st.write(_("Nothing yet."))
            return
        newest = changed.newest(made)
        seen = newest.change_id if newest else None
        changed.undo_button(made, action, f"undo_{key}", on_click=_undo, args=(tuple(names), seen, action))
        at_once = [[*some] for _key, some in groupby(made, lambda c: (c.changed_at, c.changed_by, c.undoes is None))]
        told = [_together([words(change) for change in some]) for some in at_once]
        columns = {
            "about": (_("About"), "text", [about for about, _what in told]),
            "what": (_("What"), "quote", [what for _about, what in told]),
        }
        changed.table([some[0] for some in at_once], columns, f"changes_{key}")


def _undo(names: Sequence[str], seen: int, action: Action) -> None:
    """Take back the change that was shown as the newest; a newer one of somebody else stays, and that is said."""
    try:
        registers.undo(queries.app_store(), names, session.writer(action), seen=seen)
    except ChangeRefused as error:
        st.session_state[REFUSED] = str(error)
        return
    st.session_state[SAID] = _("Undone.")
    _begin_anew()


def _together(told: list[tuple[str, str]]) -> tuple[str, str]:
    """What was changed at once, in one line: a file is not told value by value."""
    if len(told) == 1:
        return told[0]
    about = list(dict.fromkeys(about for about, _what in told))
    if len(told) <= FEW_AT_ONCE:
        return ", ".join(about), "; ".join(what for _about, what in told)
    return ", ".join(about[:FEW_AT_ONCE]), ngettext("{n} value", "{n} values", len(told)).format(n=number(len(told)))
