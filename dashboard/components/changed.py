"""What people write, as every page tells it: the word on what just happened, and the log of changes with its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components import rights, tables
from dashboard.i18n import _, moment
from models.access.people import Action
from models.changes import Change
from models.errors import ChangeRefused

Column = tuple[str, str, Sequence[str]]
"""Heading, kind (see ``tables.show``), and the text of each change."""


def do(what: Callable[[], object], said: str, words: str = "", then: Callable[[], object] = lambda: None) -> None:
    """Write something and show the page as it then is; a refusal is told at once, and the page stays as it is.

    ``words``, else what ``what`` gives, wait for the page in the session's state under the key ``said``. ``then`` is done
    only when something was written.
    """
    try:
        told = what()
    except ChangeRefused as error:
        st.error(_(str(error)))
        return
    st.session_state[said] = words or told
    then()
    st.rerun()


def newest(made: Sequence[Change]) -> Change | None:
    """The newest change that can be taken back; None when there is none. ``made``: newest first."""
    return next((change for change in made if change.undoes is None and not change.is_undone), None)


def undo_button(
    made: Sequence[Change], action: Action, key: str, label: str = "",
    on_click: Callable[..., None] | None = None, args: tuple[Any, ...] = (),
) -> bool:  # fmt: skip
    """The button that takes the newest change back, for whoever may; whether it was pressed in this run."""
    reason = rights.why_not(action)
    return st.button(
        label or _("Undo the last change"), disabled=newest(made) is None or reason is not None, icon=":material/undo:", key=key,
        help=reason, on_click=on_click, args=args,
    )  # fmt: skip


def table(made: Sequence[Change], columns: Mapping[str, Column], key: str, alt: str = "") -> None:
    """The changes, newest first: when, by whom, ``columns``, and whether a change was undone or undoes another."""
    zone = queries.settings().zone
    shown = pd.DataFrame({
        "at": [moment(change.changed_at.astimezone(zone)) for change in made], "who": [change.changed_by for change in made],
        **{name: texts for name, (_heading, _kind, texts) in columns.items()},
        "note": [_("undoes a change") if change.undoes else _("undone") if change.is_undone else "" for change in made],
    })  # fmt: skip
    headings = {
        "at": (_("When"), "moment"), "who": (_("Who"), "text"),
        **{name: (heading, kind) for name, (heading, kind, _texts) in columns.items()}, "note": ("", "text"),
    }  # fmt: skip
    tables.show(shown, headings, key, None, alt or _("Changes, newest first"))


def before_and_after(change: Change, labels: Mapping[str, str], show: Callable[[str, Any], str]) -> str:
    """What a change changed, field by field, in one line."""
    before, after = change.before or {}, change.after or {}
    return "; ".join(
        f"{_(label)}: {show(field, before.get(field))} → {show(field, after.get(field))}"
        for field, label in labels.items()
        if before.get(field) != after.get(field)
    )
