"""Whose turn it is to be drawn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.turns import Turns

VERY_LONG_S = 600.0


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    """Other readers."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_pages_are_drawn_one_after_the_other(others: ThreadPoolExecutor) -> None:
    """However many ask, no page begins before the one in front of it has ended."""
    turns, drawing, alone = Turns(VERY_LONG_S), threading.Lock(), []

    def draw() -> None:
        with turns.taken():
            alone.append(drawing.acquire(blocking=False))
            sum(range(10_000))
            drawing.release()

    for page in [others.submit(draw) for _ in range(40)]:
        page.result()
    assert alone == [True] * 40


def test_a_page_that_takes_long_holds_nobody_up(others: ThreadPoolExecutor) -> None:
    """The next begins beside it, and keeps its own turn when the long one is there at last."""
    turns, begun, done = Turns(0.01), threading.Event(), threading.Event()

    def take_long() -> None:
        with turns.taken():
            begun.set()
            assert done.wait(VERY_LONG_S)

    long = others.submit(take_long)
    assert begun.wait(VERY_LONG_S)
    with turns.taken():
        assert not long.done()
        mine = turns._mine
        done.set()
        long.result()
        assert turns._mine is mine
    assert turns._mine is None


def test_a_page_that_fails_gives_its_turn_back() -> None:
    """What stops a page, Streamlit's own stop among it, stops no other."""
    turns = Turns(VERY_LONG_S)
    with pytest.raises(SystemExit), turns.taken():
        raise SystemExit
    with turns.taken():
        pass
