"""Clicks on charts."""

from __future__ import annotations

from typing import Any

import streamlit as st


def clicked(key: str) -> list[Any]:
    """What the mark carries (``customdata``) that was clicked in the chart with this key; empty when none was."""
    points = st.session_state[key]["selection"]["points"]
    place = points[0].get("customdata") if points else None
    return list(place) if isinstance(place, list | tuple) else [] if place is None else [place]
