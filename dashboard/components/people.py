"""Who may do what: the list, the form, and what was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries, session
from dashboard.components import changed, period, tables
from dashboard.i18n import N_, _
from models.access import people
from models.access.people import Action, Entry, Role

SAID = "_people_said"
ROLES = {
    Role.SUPERVISOR: (N_("Supervisor"), N_("listens, judges, coaches")),
    Role.MANAGER: (N_("Manager"), N_("sets targets, decides about issues")),
    Role.ANALYST: (N_("Analyst"), N_("looks at figures and data")),
    Role.AGENT: (N_("Agent"), N_("sees own calls and coaching")),
    Role.ADMIN: (N_("Admin"), N_("may do everything, and says who may do what")),
}
NEW = ""
EXAMPLE = "ana@example.org"


def show() -> None:
    """The whole page."""
    st.title(_("People"))
    known = people.entries(queries.app_store())
    if said := st.session_state.pop(SAID, None):
        st.success(said)
    if not session.is_asked():
        st.info(_("Nobody has to sign in here: whoever sits at this machine is an admin. The list holds once sign-in is set up; "
                  "SECURITY.md says how."))  # fmt: skip
    with st.container(border=True):
        listed(known)
    with st.container(border=True):
        form(known)
    with st.container(border=True):
        history()


def listed(known: list[Entry]) -> None:
    """Everybody, with a button that takes them off the list."""
    st.header(_("Who may see what"))
    fixed = sorted(people.admins(queries.settings()))
    if fixed:
        st.caption(_("Always admins, by the setting admins:"))
        st.text(", ".join(fixed))
    if not known:
        st.write(_("Nobody is listed yet. Add somebody below, under the name with which they sign in."))
        return
    shown = pd.DataFrame({
        "person": [entry.person for entry in known],
        "roles": [roles(entry.roles) for entry in known],
        "queues": [names(entry.queues) for entry in known],
        "agents": [names(entry.agents) for entry in known],
    })  # fmt: skip
    columns = {
        "person": (_("Name"), "text"), "roles": (_("Roles"), "text"), "queues": (_("Queues"), "text"),
        "agents": (_("Agents"), "text"),
    }  # fmt: skip
    row = tables.show(shown, columns, "remove_person", _("Remove"), _("People by name"))
    if row is not None:
        change(lambda: people.remove(queries.app_store(), known[row].person, session.writer(Action.CHANGE_PEOPLE)),
               _("Removed: they see nothing from their next click on. Undo below brings them back."))  # fmt: skip


def form(known: list[Entry]) -> None:
    """Add somebody, or change what they may do."""
    st.header(_("Add somebody, or change what they may do"))
    by_name = {entry.person: entry for entry in known}
    picked = st.selectbox(_("Who"), [NEW, *by_name], format_func=lambda name: name or _("Somebody new"), key="person")
    entry = by_name.get(picked or NEW, Entry("", frozenset()))
    queues, agents = period.known_queues(), queries.query("agents")["agent_id"].tolist()
    with st.form(f"person_{entry.person}", border=False):
        name = entry.person or st.text_input(
            _("Name as they sign in"), max_chars=people.LONGEST_NAME, placeholder=EXAMPLE
        )
        chosen = st.multiselect(
            _("Roles"), list(Role), sorted(entry.roles), format_func=role, placeholder=_("Choose roles")
        )
        seen = st.multiselect(
            _("Calls of these queues only"), sorted({*queues, *(entry.queues or ())}), list(entry.queues or ()),
            placeholder=_("Every queue"), accept_new_options=True,
        )  # fmt: skip
        of = st.multiselect(
            _("Calls of these agents only"), sorted({*agents, *(entry.agents or ())}), list(entry.agents or ()),
            placeholder=_("Every agent"), accept_new_options=True,
            help=_("For somebody who takes calls: their own name in the calls; they are never asked to judge these. For a team: everybody in it."),
        )  # fmt: skip
        if st.form_submit_button(_("Save")):
            written = Entry(name, frozenset(chosen), tuple(seen) or None, tuple(of) or None)
            change(
                lambda: people.put(queries.app_store(), written, session.writer(Action.CHANGE_PEOPLE)),
                _("Saved. It holds from their next click on."),
            )


def history() -> None:
    """What was changed, newest first, and the button that takes the last change back."""
    made = people.history(queries.app_store())
    st.header(_("What was changed"))
    if not made:
        st.write(_("Nothing yet."))
        return
    if changed.undo_button(made, Action.CHANGE_PEOPLE, "undo_person"):
        change(lambda: people.undo(queries.app_store(), session.writer(Action.CHANGE_PEOPLE)), _("Undone."))
    columns = {
        "person": (_("Name"), "text", [str(one.item["person"]) for one in made]),
        "before": (_("Before"), "text", [words(one.before) for one in made]),
        "after": (_("After"), "text", [words(one.after) for one in made]),
    }
    changed.table(made, columns, "people_changes")


def change(do: Callable[[], object], said: str) -> None:
    """Change the list as an admin, or say why not; then show the page again, with ``said`` if ``do`` changed anything."""
    changed.do(lambda: said if do() else _("Nothing changed."), SAID)


def role(code: Role) -> str:
    """A role with what it is for."""
    name, does = ROLES[code]
    return f"{_(name)}: {_(does)}"


def roles(given: frozenset[Role]) -> str:
    """Roles in words."""
    return ", ".join(_(ROLES[one][0]) for one in Role if one in given)


def names(given: tuple[str, ...] | None) -> str:
    """Queues or agents in words."""
    return _("all") if given is None else ", ".join(given)


def words(row: dict[str, Any] | None) -> str:
    """What somebody might do, in one line."""
    if row is None:
        return _("none")
    parts = [roles(people.roles_of(row["roles"]))]
    parts += [", ".join(json.loads(row[column])) for column in ("queues", "agents") if row[column] is not None]
    return " · ".join(parts)
