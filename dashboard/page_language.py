"""The language that the page names to browsers and screen readers: Streamlit's own page always says English.

The scripts are constant, one a language, so that the content security policy can allow them by their hashes.
"""

from __future__ import annotations

import streamlit as st

from dashboard.i18n import LANGUAGES

SCRIPTS = {code: f'<script>document.documentElement.lang = "{code}"</script>' for code in LANGUAGES}


def name(code: str) -> None:
    """Name a language of ``LANGUAGES`` as the page's."""
    with st.sidebar:
        st.html(SCRIPTS[code], width="content", unsafe_allow_javascript=True)
