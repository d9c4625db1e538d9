"""The dashboard's server: Streamlit's pages, the two private routes, a session cookie and security headers.

    python -m streamlit run dashboard/server.py

The address is 127.0.0.1 unless .streamlit/config.toml says otherwise.
"""

from __future__ import annotations

import gc
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

from dashboard import page_language
from dashboard.guard import Guard, script_hashes
from dashboard.media import Media
from models import settings

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

app = st.App(
    Path(__file__).with_name("app.py"),
    routes=Media(settings.load()).routes(),
    middleware=[Middleware(Guard, scripts=script_hashes(STREAMLIT_PAGE.read_text("utf-8") + SCRIPTS_OF_OURS))],
)
freeze()
