"""Pages are drawn in turn.

Python runs one thread at a time: ten pages drawn at the same moment are all as late as the last of them, and hinder one
another on top. One after the other, most are there long before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONG_S = 0.3
"""Longer than most pages take. A page that takes longer keeps its turn no more: the next begins beside it."""


class Turns:
    """Who is drawn now, and who next."""

    def __init__(self, long_s: float = LONG_S) -> None:
        self._long_s = long_s
        self._passed = threading.Condition()
        self._mine: object = None
        """Whose turn it is; None when nobody is drawn."""
        self._until = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Draw a page in here, when the page in front is there or takes long."""
        me = object()
        with self._passed:
            while self._mine is not None and (left_s := self._until - time.monotonic()) > 0:
                self._passed.wait(left_s)
            self._mine, self._until = me, time.monotonic() + self._long_s
        try:
            yield
        finally:
            with self._passed:
                if self._mine is me:
                    self._mine = None
                    self._passed.notify()


PAGES = Turns()
