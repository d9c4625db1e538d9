"""Coaching: what reviewers wrote to the agent about their own calls."""

from __future__ import annotations

import streamlit as st

from dashboard.components import digest
from dashboard.i18n import _

st.title(_("Coaching"))
digest.own()
