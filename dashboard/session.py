"""Who is looking, and from which browser session."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import identity
from dashboard.guard import COOKIE
from models import people
from models import settings as settings_of
from models.people import LOCAL, NOBODY, Person


def person() -> Person:
    """Who is looking and what they may do, as of this run.

    Without sign-in, whoever sits at this machine may do everything. With it, somebody who has not signed in is NOBODY, and
    somebody without a role has a name only.
    """
    settings = settings_of.load()
    sign_in = identity.provider(settings)
    if sign_in is None:
        return replace(LOCAL, name=str(st.user.get("email") or LOCAL.name))
    name = identity.name_in(st.user.to_dict(), sign_in)
    return NOBODY if name is None else people.find(settings, name)


def reviewer() -> str:
    """The signed-in person's address; without sign-in, one name for all."""
    return person().name


def is_signed_in() -> bool:
    """Whether somebody signed in, so can sign out."""
    return identity.provider(settings_of.load()) is not None and bool(person().name)


def browser() -> str:
    """The session cookie of this browser; empty before it has one."""
    value = st.context.cookies.get(COOKIE, "")
    return value if isinstance(value, str) else ""
