"""What people decide about an issue: the form, merging, splitting, and the history with undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as Date
from typing import Any

import streamlit as st

from dashboard import queries
from dashboard.components import changed, rights
from dashboard.components.issues import SAID, WANTED, Row, View
from dashboard.i18n import DASH, N_, _, missing
from dashboard.session import writer
from models.access.people import Action
from models.changes import Change
from models.issues import decisions

ANSWERS = {None: N_("Not decided"), True: N_("Yes"), False: N_("No")}
FIELDS = {
    "name": N_("Name"), "actionable": N_("Can be acted on"), "owner": N_("Owner"), "cause": N_("Cause"),
    "planned_fix": N_("Planned fix"), "fix_on": N_("Fix from"), "merged_into": N_("Part of"), "split_from": N_("Split off from"),
    "statements": N_("Statements"),
}  # fmt: skip
WRITTEN = "_issues_written"
"""How often this person wrote: each time the forms are opened anew, with what is decided now."""
SHOWN = 60
"""Statements that are offered for splitting."""


def show(view: View, row: Row) -> None:
    """The form of the open issue, merging and splitting, for whoever may decide."""
    if not rights.may(Action.DECIDE_ISSUES):
        return
    with st.expander(_("Decide: name, owner, cause, fix")):
        _form(row)
    with st.expander(_("Merge or split")):
        _merge(view, row)
        _split(view, row)


def _form(row: Row) -> None:
    """The form as it was opened; saved is what was changed in it, so that what others wrote meanwhile in other fields stays."""
    issue_id = str(row["issue_id"])
    written = st.session_state.get(WRITTEN, 0)
    form = f"{issue_id}_{written}"
    stored = decisions.decided(queries.app_store()).get(issue_id, decisions.Decision(issue_id))
    known: decisions.Decision = st.session_state.setdefault(f"_decision_{form}", stored)
    with st.form(f"decide_{form}", border=False):
        name = st.text_input(_("Name"), known.name or "", placeholder=_("as found"), max_chars=120, key=f"name_{form}")
        actionable = st.radio(
            _("Can something be done about it?"), list(ANSWERS), [*ANSWERS].index(known.actionable),
            format_func=lambda value: _(ANSWERS[value]), horizontal=True, key=f"actionable_{form}",
        )  # fmt: skip
        owner = st.text_input(_("Owner"), known.owner or "", max_chars=120, key=f"owner_{form}")
        cause = st.text_area(_("Cause"), known.cause or "", max_chars=decisions.LONGEST, key=f"cause_{form}")
        fix = st.text_area(_("Planned fix"), known.planned_fix or "", max_chars=decisions.LONGEST, key=f"fix_{form}")
        fix_on = st.date_input(_("Fix from"), known.fix_on, format="DD/MM/YYYY", key=f"fix_on_{form}")
        if st.form_submit_button(_("Save")):
            values = {
                "name": name, "actionable": actionable, "owner": owner, "cause": cause, "planned_fix": fix,
                "fix_on": fix_on if isinstance(fix_on, Date) else None,
            }  # fmt: skip
            new = {
                field: value
                for field, value in values.items()
                if (value or None if field in decisions.TEXTS else value) != getattr(known, field)
            }
            _do(lambda: _decided(issue_id, new))


def _decided(issue_id: str, new: dict[str, Any]) -> str:
    written = decisions.decide(queries.app_store(), issue_id, new, writer(Action.DECIDE_ISSUES))
    return _("Saved.") if written else _("Nothing was changed.")


def _merge(view: View, row: Row) -> None:
    others = [str(other["issue_id"]) for other in view.ledger if other["issue_id"] != row["issue_id"]]
    into = st.selectbox(
        _("Merge into"),
        others,
        None,
        format_func=view.name,
        placeholder=_("Choose an issue"),
        key=f"merge_{row['issue_id']}",
    )
    if st.button(_("Merge"), disabled=into is None, key="merge") and into:
        _do(lambda: _merged(str(row["issue_id"]), into), _("Merged. Undo below parts them again."))


def _merged(issue_id: str, into: str) -> None:
    decisions.merge(queries.app_store(), issue_id, into, writer(Action.DECIDE_ISSUES))
    st.session_state[WANTED] = into


def _split(view: View, row: Row) -> None:
    rows = queries.query("issue_calls", issue=row["issue_id"], most=SHOWN, **view.span)
    quotes = {(str(r["call_id"]), int(r["turn_no"])): str(r["quote"]) for r in rows.to_dict("records")}
    chosen = st.multiselect(
        _("Statements to split off"), list(quotes), format_func=lambda key: quotes[key], placeholder=_("Choose statements"),
        key=f"split_{row['issue_id']}",
    )  # fmt: skip
    name = st.text_input(_("Name of the new issue"), max_chars=120, key=f"split_name_{row['issue_id']}")
    if st.button(_("Split off"), disabled=not chosen, key="split"):
        _do(lambda: decisions.split(queries.app_store(), str(row["issue_id"]), name, chosen, writer(Action.DECIDE_ISSUES)),
            _("Split off. What is said later and is more like it will follow."))  # fmt: skip


def history(view: View) -> None:
    """What was decided, newest first, and the button that takes the last decision back."""
    made = decisions.history(queries.app_store())
    st.header(_("What was decided"))
    if not made:
        st.write(_("Nothing yet: names are as found, and no issue has an owner. Open one above and decide."))
        return
    if changed.undo_button(made, Action.DECIDE_ISSUES, "undo_issue", _("Undo the last decision")):
        _do(lambda: decisions.undo(queries.app_store(), writer(Action.DECIDE_ISSUES)), _("Undone."))
    columns = {
        "issue": (_("Issue"), "text", [view.name(str(change.item["issue_id"])) for change in made]),
        "what": (_("What"), "quote", [_words(change) for change in made]),
    }
    changed.table(made, columns, "issue_changes", _("Decisions, newest first"))


def _words(change: Change) -> str:
    """What a change changed, in one line."""
    return changed.before_and_after(change, FIELDS, _value)


def _value(name: str, value: Any) -> str:
    if name == "actionable":
        return _(ANSWERS[None if missing(value) else bool(value)])
    return DASH if missing(value) else str(value)


def _do(what: Callable[[], object], words: str = "") -> None:
    """Write something and show the page as it now is, with ``words`` or what ``what`` says; a refusal is said."""
    changed.do(what, SAID, words, _begin_anew)


def _begin_anew() -> None:
    st.session_state[WRITTEN] = st.session_state.get(WRITTEN, 0) + 1
