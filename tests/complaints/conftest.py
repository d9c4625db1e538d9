"""Complaints to write, and a call centre in which one customer calls again about the same thing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from models.app_store import AppStore
from models.complaints.register import Complaint
from models.settings import Settings

NOON = datetime(2026, 3, 9, 11, tzinfo=UTC)
"""Monday noon in Paris."""


@pytest.fixture
def store(settings: Settings) -> AppStore:
    """An empty register."""
    return AppStore(settings)


def complaint(**fields: Any) -> Complaint:
    """A complaint of the Monday before, with these fields."""
    given = {"nature": "The parcel came broken.", "received_at": datetime(2026, 3, 2, 9, tzinfo=UTC), **fields}
    return Complaint(**given)
