"""What stands before the pages: sign-in, and what to do for whoever signed in but has no role here."""

from __future__ import annotations

import streamlit as st

from dashboard.i18n import _
from models.access.people import Person


def sign_in() -> None:
    """The page of somebody who has not signed in, or whose sign-in has run out."""
    st.title("Earshot")
    st.write(_("Calls of real people are kept here: please sign in."))
    st.button(_("Sign in"), on_click=st.login, key="sign_in")


def ask_an_admin(who: Person) -> None:
    """The page of somebody who signed in, but whom nobody has given a role."""
    st.title("Earshot")
    st.header(_("You are signed in, but have no role here yet"))
    st.write(
        _("Ask whoever looks after Earshot to add you on the page People, under the name with which you signed in:")
    )
    st.code(who.name, language=None)
    st.button(_("Sign out"), on_click=st.logout, key="sign_out_here")


def show(who: Person) -> None:
    """One of the two."""
    if who.name:
        ask_an_admin(who)
    else:
        sign_in()
