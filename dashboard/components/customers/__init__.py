"""The parts of the Customers and Customer pages. Ids, notes and answers come from others: shown as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.components import changed
from dashboard.i18n import DASH, N_, _, missing
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
    if changed.undo_button(made, action, f"undo_{key}"):
        do(undo, _("Undone."), then)
    columns = {
        "about": (_("About"), "text", [what(change) for change in made]),
        "what": (_("What"), "quote", [changed.before_and_after(change, fields, value) or DASH for change in made]),
    }
    changed.table(made, columns, f"{key}_changes")


def value(name: str, found: Any) -> str:
    """The value of a field of facts or outcomes, in words."""
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
