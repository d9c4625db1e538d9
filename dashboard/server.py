"""The dashboard's server: Streamlit's pages, the two private routes, a session cookie and security headers.

    python -m streamlit run dashboard/server.py

The address is 127.0.0.1 unless sign-in is configured: without it, the server refuses to start on any other.
"""

from __future__ import annotations

import functools
import gc
import sys
from collections.abc import Mapping
from pathlib import Path

import babel.dates
import babel.numbers
import duckdb
import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from dashboard import ahead, identity, page_language
from dashboard.guard import Door, Guard, script_hashes
from dashboard.media import Media
from models import settings
from models.access import sign_in
from models.errors import SettingsError

HEAVY = (babel.dates, babel.numbers, duckdb, pd, go, pa)
"""Imported before the first page, and frozen below."""


def freeze() -> None:
    """Take what is loaded by now out of garbage collection: Streamlit collects after every run of a page."""
    go.Figure(go.Bar(y=[1])).to_json()  # loads what Plotly loads on first use
    gc.collect()
    gc.freeze()


PagesManager.uses_pages_directory = False
"""app.py names the pages; else Streamlit would run a page's file by itself when its address is the first one asked."""

STREAMLIT_PAGE = Path(st.__file__).parent / "static" / "index.html"

SCRIPTS_OF_OURS = "".join(page_language.SCRIPTS.values())

try:
    SETTINGS = settings.load()
    SIGN_IN = identity.provider(SETTINGS)
    sign_in.check_address(str(st.config.get_option("server.address") or ""), SIGN_IN)
except SettingsError as error:
    sys.exit(str(error))


def door() -> Door:
    """Who may come in: see ``Guard``."""
    if SIGN_IN is None:
        return Door(local_only=True)
    return Door(is_known=functools.partial(is_known, SETTINGS), is_encrypted=SIGN_IN.is_encrypted)


def is_known(of: settings.Settings, cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are those of somebody who signed in."""
    return identity.name_of(cookies, of) is not None


try:
    MEDIA = Media(SETTINGS)
except OSError as error:  # a disk that is full or read-only, at the first start
    sys.exit(f"{error.filename or SETTINGS.store} can't be written: {error.strerror or error}.")

app = st.App(
    Path(__file__).with_name("app.py"),
    secrets=identity.secrets(SETTINGS, SIGN_IN) if SIGN_IN else None,
    lifespan=ahead.kept_ready,
    routes=MEDIA.routes(),
    middleware=[
        Middleware(Guard, scripts=script_hashes(STREAMLIT_PAGE.read_text("utf-8") + SCRIPTS_OF_OURS), door=door())
    ],
)
freeze()
