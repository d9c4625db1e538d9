"""The sidebar below the pages: the language, and which snapshot is shown."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import page_language, queries, session
from dashboard.components import period
from dashboard.components.address import LANGUAGE
from dashboard.i18n import LANGUAGES, _, lang, moment, ngettext, number
from models.access.people import Person
from models.goals import policy


def language() -> None:
    """The selector, which every page draws first. The address keeps the choice, so that a link keeps the language."""
    if st.query_params.get(LANGUAGE) not in (None, st.session_state.get("_address_lang")):
        st.session_state[LANGUAGE] = lang_of(st.query_params[LANGUAGE])
    elif LANGUAGE not in st.session_state:
        st.session_state[LANGUAGE] = lang()
    st.sidebar.selectbox(
        _("Language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key=LANGUAGE, persist_state="session",
        on_change=_remember_language,
    )  # fmt: skip
    st.session_state["_address_lang"] = st.query_params.get(LANGUAGE)
    page_language.name(lang())


def lang_of(code: str) -> str:
    """A language on offer: ``code``, or what the browser asks for."""
    return code if code in LANGUAGES else lang()


def _remember_language() -> None:
    st.query_params[LANGUAGE] = st.session_state[LANGUAGE]
    st.session_state["_address_lang"] = st.session_state[LANGUAGE]


def sign_out(who: Person) -> None:
    """Who is signed in, and the way out; nothing where nobody signs in."""
    if session.is_signed_in():
        with st.sidebar:
            st.text(who.name)
            st.button(_("Sign out"), on_click=st.logout, key="sign_out", type="tertiary")


def snapshot() -> None:
    """The centre's vision, when what is shown was published, and that it is made up when it is."""
    info = period.snapshot()
    published = pd.Timestamp(info["published_at"]).to_pydatetime().astimezone(queries.settings().zone)
    calls = int(info["calls"])
    vision = policy.texts(queries.app_store()).get(policy.VISION)
    with st.sidebar:
        if vision:
            with st.container(key="vision"):
                st.text(vision, help=_("Our vision: see Goals, Policy."))
        st.caption(
            _("Data as of {moment}").format(moment=moment(published))
            + " · "
            + ngettext("{n} call", "{n} calls", calls).format(n=number(calls))
        )
        if info["is_demonstration"]:
            st.info(_("This is a made-up call centre for looking around: every call, person and number is synthetic."))
