"""The parts of the Customers and Customer pages. Ids, notes and answers come from others: shown as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries, session
from dashboard.components import rights, tables
from dashboard.i18n import DASH, N_, _, missing, moment
from models.access.people import Action
from models.changes import Change
from models.errors import ChangeRefused

Row = dict[str, Any]
SAID = "_customers_said"
"""Where a word on what happened waits for the page to be shown again."""
KINDS = {"professional": N_("professional"), "end_user": N_("end user")}
PLACES = {"outside": N_("outside the company"), "inside": N_("inside the company")}


def said() -> None:
    """What happened with the last press of a button."""
    show, words = st.session_state.pop(SAID, (None, ""))
    if show is not None:
        (st.success if show else st.error)(words)


def do(what: Callable[[], object], words: str, then: Callable[[], object] = lambda: None) -> None:
    """Write something and show the page as it then is, with ``words`` or with why it was refused.

    ``then`` is done in both cases: a form is opened anew, with what somebody else may have written.
    """
    try:
        what()
        st.session_state[SAID] = (True, words)
    except ChangeRefused as error:
        st.session_state[SAID] = (False, _(str(error)))
    then()
    st.rerun()


def known(value: object) -> str:
    """A text of others, or a dash."""
    return DASH if missing(value) or value == "" else str(value)


def history(
    made: list[Change], undo: Callable[[], object], fields: Mapping[str, str], what: Callable[[Change], str], key: str,
    then: Callable[[], object] = lambda: None, action: Action = Action.KEEP_CUSTOMERS,
) -> None:  # fmt: skip
    """What was changed, newest first, and the button that takes the newest change back.

    ``fields``: column → its name; ``what``: what a change is about; ``then``: see ``do``; ``action``: what one may who takes it back.
    """
    undoable = any(change.undoes is None and not change.is_undone for change in made)
    allowed, reason = session.may(action), rights.why_not(action)
    if st.button(
        _("Undo the last change"),
        disabled=not (undoable and allowed),
        icon=":material/undo:",
        key=f"undo_{key}",
        help=reason,
    ):
        do(undo, _("Undone."), then)
    zone = queries.settings().zone
    shown = pd.DataFrame({
        "at": [moment(change.changed_at.astimezone(zone)) for change in made], "who": [change.changed_by for change in made],
        "about": [what(change) for change in made], "what": [_words(change, fields) for change in made],
        "note": [_("undoes a change") if change.undoes else _("undone") if change.is_undone else "" for change in made],
    })  # fmt: skip
    columns = {
        "at": (_("When"), "moment"), "who": (_("Who"), "text"), "about": (_("About"), "text"), "what": (_("What"), "quote"),
        "note": ("", "text"),
    }  # fmt: skip
    tables.show(shown, columns, f"{key}_changes", None, _("Changes, newest first"))


def _words(change: Change, fields: Mapping[str, str]) -> str:
    before, after = change.before or {}, change.after or {}
    changed = [name for name in fields if before.get(name) != after.get(name)]
    return "; ".join(f"{_(fields[name])}: {value(name, before)} → {value(name, after)}" for name in changed) or DASH


def value(name: str, row: Mapping[str, Any]) -> str:
    """One value of a row of facts or outcomes, in words."""
    found = row.get(name)
    if missing(found) or found == "":
        return DASH
    if isinstance(found, bool) or name in ("is_core", "is_hard_on_staff", "do_not_call"):
        return _("yes") if found else _("no")
    named = WORDS.get(name, {})
    return _(named[found]) if found in named else str(found)


WORDS: dict[str, dict[str, str]] = {
    "kind": KINDS,
    "place": PLACES,
    "outcome": {
        "reached": N_("reached"), "not_reached": N_("not reached"), "refused": N_("does not want to be called"),
    },
    "satisfied": {"yes": N_("satisfied"), "no": N_("not satisfied"), "unknown": N_("can’t be told")},
}  # fmt: skip
"""Codes that are kept, and their words."""
