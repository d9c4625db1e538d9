"""Who is looking, and from which browser session."""

from __future__ import annotations

import streamlit as st

from dashboard.guard import COOKIE

LOCAL = "local"
"""The name of whoever uses a dashboard without sign-in, on the machine itself."""


def reviewer() -> str:
    """The signed-in person's address; without sign-in, one name for all."""
    return str(st.user.get("email") or LOCAL)


def browser() -> str:
    """The session cookie of this browser; empty before it has one."""
    value = st.context.cookies.get(COOKIE, "")
    return value if isinstance(value, str) else ""
