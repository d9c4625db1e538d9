"""Who may do what: roles, the limits of a person, and what each role may do. Pages name roles in dashboard/navigation.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models import changes
from models.app_store import AppStore, now
from models.errors import ChangeRefused
from models.settings import Settings

LONGEST_NAME = 320


class Role(StrEnum):
    """What somebody does here. An admin may do everything."""

    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ANALYST = "analyst"
    AGENT = "agent"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Limits:
    """The queues and the agents whose calls somebody may see; None: all of them. Empty: none."""

    queues: tuple[str, ...] | None = None
    agents: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the dashboard, as of this moment. ``limits`` is None for whoever may see every call."""

    name: str
    roles: frozenset[Role] = frozenset()
    limits: Limits | None = None


LOCAL = Person("local", frozenset({Role.ADMIN}))
"""Whoever uses a dashboard without sign-in, on the machine itself."""

NOBODY = Person("", limits=Limits((), ()))
"""Whoever has not signed in where sign-in is needed."""


class Action(StrEnum):
    """What a page lets some of its readers do, and not all of them."""

    JUDGE = "judge"
    LISTEN = "listen"
    REMARK = "remark"
    ANSWER_COACHING = "answer_coaching"
    LEAD_TEAM = "lead_team"
    KEEP_COMPLAINTS = "keep_complaints"
    KEEP_CUSTOMERS = "keep_customers"
    BRING_IN_COMPLAINTS = "bring_in_complaints"
    DRAW_CALLBACKS = "draw_callbacks"
    LOAD_SURVEYS = "load_surveys"
    KEEP_GOALS = "keep_goals"
    ASSESS = "assess"
    SET_TARGETS = "set_targets"
    DECIDE_ISSUES = "decide_issues"
    SAVE_FILES = "save_files"
    ASK_SQL = "ask_sql"
    SEE_AUDIT = "see_audit"
    CHANGE_PEOPLE = "change_people"


ALLOWED = {
    Action.JUDGE: {Role.SUPERVISOR},
    Action.LISTEN: {Role.SUPERVISOR},
    Action.REMARK: {Role.SUPERVISOR},
    Action.ANSWER_COACHING: {Role.SUPERVISOR, Role.AGENT},
    Action.LEAD_TEAM: {Role.SUPERVISOR, Role.MANAGER},
    Action.KEEP_COMPLAINTS: {Role.SUPERVISOR, Role.MANAGER},
    Action.KEEP_CUSTOMERS: {Role.SUPERVISOR, Role.MANAGER},
    Action.BRING_IN_COMPLAINTS: {Role.SUPERVISOR, Role.MANAGER},
    Action.DRAW_CALLBACKS: {Role.SUPERVISOR, Role.MANAGER},
    Action.LOAD_SURVEYS: {Role.SUPERVISOR, Role.MANAGER},
    Action.KEEP_GOALS: {Role.MANAGER},
    Action.ASSESS: {Role.SUPERVISOR, Role.MANAGER, Role.ANALYST},
    Action.SET_TARGETS: {Role.MANAGER},
    Action.DECIDE_ISSUES: {Role.MANAGER},
    Action.SAVE_FILES: {Role.SUPERVISOR, Role.MANAGER, Role.ANALYST},
    Action.ASK_SQL: {Role.ANALYST},
    Action.SEE_AUDIT: set(),
    Action.CHANGE_PEOPLE: set(),
}
"""Who may do what; an admin may do everything. Asked before each write: see ``dashboard.session.writer``."""


CENTRE_WIDE = frozenset({
    Action.SET_TARGETS, Action.KEEP_GOALS, Action.DECIDE_ISSUES, Action.DRAW_CALLBACKS, Action.LOAD_SURVEYS,
    Action.BRING_IN_COMPLAINTS,
})  # fmt: skip
"""What changes figures, lists or files of everybody: not for whoever is limited to queues or agents, whatever their role.

A file would also tell them which complaints, calls and customers of others are known."""


def has_role_for(person: Person, action: Action) -> bool:
    """Whether a role of somebody's allows this, be it for a part of the call centre."""
    return Role.ADMIN in person.roles or bool(ALLOWED[action] & person.roles)


def may(person: Person, action: Action) -> bool:
    """Whether somebody may do this."""
    return has_role_for(person, action) and (person.limits is None or action not in CENTRE_WIDE)


COLUMNS = ("person", "roles", "queues", "agents")


def find(store: AppStore, settings: Settings, name: str) -> Person:
    """What somebody who signed in as ``name`` may do, as it is written now; no roles when nobody gave them any."""
    with store.reading() as connection:
        found = connection.execute("select roles, queues, agents from people where person = ?", (name,)).fetchone()
    roles = roles_of(found[0]) if found else frozenset()
    if name in admins(settings):
        roles |= {Role.ADMIN}
    return Person(name, roles, _limits(roles, *(_names(found[1]), _names(found[2])) if found else (None, None)))


def _limits(roles: frozenset[Role], queues: tuple[str, ...] | None, agents: tuple[str, ...] | None) -> Limits | None:
    """An admin has none; an agent who is nothing else sees the calls of agents that are named, so none without a name."""
    if Role.ADMIN in roles:
        return None
    if not roles:
        return Limits((), ())
    if roles == {Role.AGENT}:
        agents = agents or ()
    return None if queues is None and agents is None else Limits(queues, agents)


def roles_of(text: str) -> frozenset[Role]:
    """The roles in a JSON list; what is none of ours is left out."""
    return frozenset(Role(name) for name in json.loads(text) if name in set(Role))


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(sorted(str(name) for name in json.loads(text)))


def admins(settings: Settings) -> frozenset[str]:
    """Who is an admin by the setting ``admins``, whatever else is written."""
    return frozenset(name.strip().lower() for name in settings.admins.split(",") if name.strip())


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of people; ``queues`` and ``agents`` None: all of them."""

    person: str
    roles: frozenset[Role]
    queues: tuple[str, ...] | None = None
    agents: tuple[str, ...] | None = None


def check(entry: Entry) -> None:
    """Raise ChangeRefused with what makes no sense."""
    if not entry.person.strip() or len(entry.person) > LONGEST_NAME:
        raise ChangeRefused("Somebody needs a name: the one with which they sign in.")
    if not entry.roles:
        raise ChangeRefused("Choose at least one role; to keep somebody out, remove them.")
    if entry.roles == {Role.AGENT} and not entry.agents:
        raise ChangeRefused("An agent needs to be one of the agents of the calls: choose which.")


def entries(store: AppStore) -> list[Entry]:
    """Everybody who is listed, by name."""
    with store.reading() as connection:
        rows = connection.execute(f"select {', '.join(COLUMNS)} from people order by person").fetchall()  # noqa: S608
    return [Entry(name, roles_of(roles), _names(queues), _names(agents)) for name, roles, queues, agents in rows]


def put(store: AppStore, entry: Entry, who: str, at: datetime | None = None) -> bool:
    """Write what somebody may do, in place of what they might before; False when nothing changed."""
    check(entry)
    row = {
        "person": entry.person.strip().lower(),
        "roles": json.dumps(sorted(entry.roles)),
        "queues": _json(entry.queues),
        "agents": _json(entry.agents),
    }
    with store.transaction() as connection:
        return changes.put(connection, "people", row, who, at or now())


def remove(store: AppStore, person: str, who: str, at: datetime | None = None) -> bool:
    """Take somebody from the list: they see nothing from their next click on."""
    with store.transaction() as connection:
        return changes.remove(connection, "people", {"person": person}, who, at or now())


def undo(store: AppStore, who: str, at: datetime | None = None) -> changes.Change:
    """Take back the newest change of the list. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        return changes.undo(connection, "people", who, at or now())


def history(store: AppStore, limit: int = 100) -> list[changes.Change]:
    """The newest changes of the list, newest first."""
    with store.reading() as connection:
        return changes.history(connection, "people", limit)


def _json(names: tuple[str, ...] | None) -> str | None:
    return None if names is None else json.dumps(sorted(names))
