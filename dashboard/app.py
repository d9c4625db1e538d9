"""The dashboard: who looks, the language, and which snapshot is shown. Pages do the rest."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
if str(HERE.parent) not in sys.path:  # an uninstalled checkout, started by its path
    sys.path.insert(0, str(HERE.parent))

import streamlit as st  # noqa: E402

from dashboard import i18n, navigation, queries, session, turns  # noqa: E402
from dashboard.components import door, empty, links, sidebar  # noqa: E402
from models import settings  # noqa: E402
from models.errors import NotSaved  # noqa: E402

ICON = str(HERE / "assets" / "earshot.svg")

st.set_page_config(page_title="Earshot", page_icon=ICON, layout="wide")
st.logo(str(HERE / "assets" / "earshot-wide.svg"), icon_image=ICON)


def show() -> None:
    """The page that is asked for, as far as whoever looks may open it."""
    who = session.person()
    if not who.roles:
        st.navigation(navigation.closed(lambda: door.show(who)), position="hidden").run()
        st.stop()
    page = st.navigation(navigation.streamlit_pages(who, lambda: links.begin(who)), expanded=True)
    if queries.snapshot() is None:
        empty.nothing_published()
    elif reason := queries.refusal_of_app_store():
        empty.store_refused(reason)
    elif not queries.is_of_this_version():
        empty.of_another_version()
    else:
        with session.acting_for(who):
            sidebar.snapshot()
            page.run()
    sidebar.sign_out(who)


with turns.PAGES.taken():
    sidebar.language()
    with i18n.speaking(i18n.lang()):
        if queries.settings_can_be_read():
            with settings.kept():  # asked once, not for each word and number
                try:
                    show()
                except NotSaved as error:  # pages note who looked at what, and draw lists to work through
                    st.error(i18n._(str(error)))
        else:
            empty.settings_refused()
