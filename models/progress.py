"""What long work tells while it runs."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and how much there is in all (0: nobody knows yet)."""


def nobody(what: str, done: int, total: int) -> None:
    """Nobody listens."""
