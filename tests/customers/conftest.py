"""A small call centre of known customers, published, for the pages about customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import streamlit as st

from models.publish import publish
from models.settings import Settings
from models.store import Store
from tests.conftest import MadeOnce

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADA, BOB, EVE = "+33600000001", "+33600000002", "+33600000003"
CALLS = [
    ("a1", 0, ADA, "answered", 12.0, 1.5), ("a2", 3, ADA, "abandoned", 90.0, None), ("a3", 5, ADA, "answered", 20.0, -1.0),
    ("b1", 1, BOB, "abandoned", 120.0, None), ("b2", 6, BOB, "abandoned", 45.0, None), ("e1", 4, EVE, "answered", 3.0, 0.5),
]  # fmt: skip
"""call_id, days after the Monday, customer, outcome, wait, predicted satisfaction."""


def fill(settings: Settings) -> None:
    """Load and publish these calls."""
    with Store(settings).writing() as con:
        for call_id, day, customer, outcome, wait, predicted in CALLS:
            at = MONDAY + timedelta(days=day)
            agent = "ann" if outcome == "answered" else None
            con.execute(
                "insert into calls (call_id, started_at, queue, agent_id, customer_id, language, outcome, wait_s,"
                " predicted_satisfaction, has_recording, has_transcript, visits)"
                " values (?, ?, 'support', ?, ?, 'en', ?, ?, ?, false, false, 1)",
                [call_id, at, agent, customer, outcome, wait, predicted],
            )
            con.execute(
                "insert into queue_visits (call_id, queue, entered_at, wait_s, outcome, agent_id, customer_id, format, source)"
                " values (?, 'support', ?, ?, ?, ?, ?, 'csv', 'test')",
                [call_id, at, wait, outcome, agent, customer],
            )
    publish(settings)


@pytest.fixture
def centre(settings: Settings, made_once: MadeOnce) -> Iterator[Settings]:
    """Ada called three times, Bob gave up twice and was never reached, Eve called once."""
    st.cache_data.clear()
    yield made_once(fill, settings)
    st.cache_data.clear()
