"""Who may do what: roles, the limits of a person, and what each role may do. Pages name roles in dashboard/navigation.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.settings import Settings


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

NOBODY = Person("")
"""Whoever has not signed in where sign-in is needed."""


def find(settings: Settings, name: str) -> Person:
    """What somebody who signed in as ``name`` may do; no roles when nobody gave them any."""
    return Person(name, frozenset({Role.ADMIN}) if name in admins(settings) else frozenset())


def admins(settings: Settings) -> frozenset[str]:
    """Who is an admin by the setting ``admins``, whatever else is written."""
    return frozenset(name.strip().lower() for name in settings.admins.split(",") if name.strip())
