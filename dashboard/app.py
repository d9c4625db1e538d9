"""The dashboard: which pages there are, the language, and which snapshot is shown. Pages do the rest."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
if str(HERE.parent) not in sys.path:  # an uninstalled checkout, started by its path
    sys.path.insert(0, str(HERE.parent))

import streamlit as st  # noqa: E402

from dashboard import queries  # noqa: E402
from dashboard.components import empty, sidebar  # noqa: E402
from dashboard.i18n import _  # noqa: E402

ICON = str(HERE / "assets" / "earshot.svg")

st.set_page_config(page_title="Earshot", page_icon=ICON, layout="wide")
st.logo(str(HERE / "assets" / "earshot-wide.svg"), icon_image=ICON)
sidebar.language()
pages = [
    st.Page("pages/overview.py", title=_("Overview"), url_path="overview", default=True),
    st.Page("pages/listening.py", title=_("Listening hour"), url_path="listening"),
    st.Page("pages/waits.py", title=_("Waits"), url_path="waits"),
    st.Page("pages/needs.py", title=_("Needs"), url_path="needs"),
    st.Page("pages/issues.py", title=_("Issues"), url_path="issues"),
    st.Page("pages/team.py", title=_("Team"), url_path="team"),
    st.Page("pages/calls.py", title=_("Calls"), url_path="calls"),
    st.Page("pages/call.py", title=_("Call"), url_path="call", visibility="hidden"),
    st.Page("pages/data.py", title=_("Data"), url_path="data"),
]
page = st.navigation(pages)
if queries.snapshot() is None:
    empty.nothing_published()
elif not queries.is_of_this_version():
    empty.of_another_version()
else:
    sidebar.snapshot()
    page.run()
