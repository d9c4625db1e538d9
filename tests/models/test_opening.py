"""Opening hours as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from models.errors import SettingsError
from models.opening import closings, openings

READ = [
    ("", []),
    ("mon 08:00-18:00", [(1, 16, 36)]),
    ("Sat-Mon 09:30-12:00", [(1, 19, 24), (6, 19, 24), (7, 19, 24)]),
    ("fri 08:00-12:00, fri 13:00-17:00", [(5, 16, 24), (5, 26, 34)]),
    ("sun 22:00-06:00", [(1, 0, 12), (7, 44, 48)]),
    ("wed 00:00-24:00", [(3, 0, 48)]),
    ("thu 18:00-00:00", [(4, 36, 48)]),
]


@pytest.mark.parametrize(("text", "found"), READ)
def test_stretches_of_the_week(text: str, found: list[tuple[int, int, int]]) -> None:
    """Days, ranges over the weekend, several stretches and nights become half hours."""
    assert openings(text) == found


@pytest.mark.parametrize("text", ["8-18", "mon 08:15-18:00", "mon 18:00-18:00", "mon 25:00-26:00", "lun 08:00-18:00"])
def test_what_cannot_be_read_is_named(text: str) -> None:
    """The message quotes the part and shows how to write it."""
    with pytest.raises(SettingsError, match=r"mon-fri 08:00-18:00"):
        openings(f"mon 08:00-18:00, {text}")


def test_closed_days_are_dates() -> None:
    """Dates are read in any order; anything else is named."""
    assert closings("2026-12-25, 2026-01-01") == [date(2026, 1, 1), date(2026, 12, 25)]
    with pytest.raises(SettingsError, match="christmas"):
        closings("christmas")
