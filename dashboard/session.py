"""Who is looking, and from which browser session."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.guard import COOKIE
from models.people import LOCAL, Person


def person() -> Person:
    """Who is looking and what they may do, as of this run; without sign-in, whoever sits at this machine may do all."""
    return replace(LOCAL, name=str(st.user.get("email") or LOCAL.name))


def reviewer() -> str:
    """The signed-in person's address; without sign-in, one name for all."""
    return person().name


def browser() -> str:
    """The session cookie of this browser; empty before it has one."""
    value = st.context.cookies.get(COOKIE, "")
    return value if isinstance(value, str) else ""
