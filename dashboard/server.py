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

from dashboard.guard import Guard
from dashboard.media import Media
from models import settings

HEAVY = (babel.dates, babel.numbers, duckdb, pd, go, pa)
"""Imported before the first page, and frozen below."""


def freeze() -> None:
    """Take what is loaded by now out of garbage collection: Streamlit collects after every run of a page."""
    go.Figure(go.Bar(y=[1])).to_json()  # loads what Plotly loads on first use
    gc.collect()
    gc.freeze()


app = st.App(
    Path(__file__).with_name("app.py"),
    routes=Media(settings.load()).routes(),
    middleware=[Middleware(Guard)],
)
freeze()
