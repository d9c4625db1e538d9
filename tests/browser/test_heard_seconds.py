"""Seconds really heard, in a real browser: through replay, mute, speed, a lost line, another page and a closed tab."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from models.app_store import AppStore
from models.intervals import union
from models.settings import Settings

AUDIO = "[...earshotPlayers.values()].at(-1).audio"
CALL = "measured"
SHARE = 0.03
LEAVING_S = 1.0
"""The sound goes on for a moment while a page is left, and that is heard too."""


def wait_until(condition: Callable[[], bool], within_s: float = 60) -> None:
    """Wait for something that happens sooner or later."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def open_call(page: Page, server: str) -> None:
    """The page of the call, until its player is there."""
    page.goto(f"{server}/call?call_id={CALL}&lang=en")
    page.locator(".turn").first.wait_for()


def now(page: Page) -> float:
    """Where the sound is, in seconds."""
    return float(page.evaluate(f"{AUDIO}.currentTime"))


def begin(page: Page, at_s: float, rate: float = 1.0, muted: bool = False) -> None:
    """Play on from a moment."""
    page.evaluate(f"[...earshotPlayers.values()].at(-1).seek({at_s})")
    page.evaluate(f"[...earshotPlayers.values()].at(-1).setRate({rate})")
    page.evaluate(f"{AUDIO}.muted = {str(muted).lower()}")
    page.evaluate("[...earshotPlayers.values()].at(-1).play()")


def stretch(page: Page, at_s: float, until_s: float, rate: float = 1.0, muted: bool = False) -> tuple[float, float]:
    """Play from one moment to another; the stretch that was really played."""
    begin(page, at_s, rate, muted)
    wait_until(lambda: now(page) >= until_s)
    page.evaluate("[...earshotPlayers.values()].at(-1).pause()")
    stopped = now(page)
    page.evaluate(f"{AUDIO}.muted = false")
    return at_s, stopped


@pytest.fixture
def heard_s(sample_store: Settings) -> Callable[[], float]:
    """Unique seconds of the call that the store knows to be heard."""
    store = AppStore(sample_store)
    return lambda: store.heard("local", CALL).call_s


def total(stretches: list[tuple[float, float]]) -> float:
    """Unique seconds of what was played."""
    return sum(end - start for start, end in union(stretches))


def test_unique_seconds_within_three_per_cent(page: Page, server: str, heard_s: Callable[[], float]) -> None:
    """A replay counts once, muted sound not at all, double speed whole; offline seconds arrive with the line."""
    open_call(page, server)
    played = [stretch(page, 0, 5), stretch(page, 1, 4)]
    stretch(page, 9, 11, muted=True)
    played.append(stretch(page, 14, 20, rate=2.0))
    wait_until(lambda: heard_s() >= total(played) * (1 - SHARE))
    assert heard_s() == pytest.approx(total(played), rel=SHARE)

    page.context.set_offline(True)
    played.append(stretch(page, 20, 24))
    before = heard_s()
    page.wait_for_timeout(1500)
    assert heard_s() == before, "nothing can have arrived without a line"
    page.context.set_offline(False)
    wait_until(lambda: heard_s() > before)
    assert heard_s() == pytest.approx(total(played), rel=SHARE)


def test_leaving_the_page_or_the_tab_loses_nothing(page: Page, server: str, heard_s: Callable[[], float]) -> None:
    """What was heard up to the last moment arrives when another page is opened, and when the tab is closed."""
    open_call(page, server)
    before = heard_s()
    begin(page, 26)
    wait_until(lambda: now(page) >= 29)
    page.get_by_role("link", name="Data").click()
    page.get_by_role("heading", name="Data").wait_for()
    wait_until(lambda: heard_s() - before >= 3 - SHARE * 3)
    assert heard_s() - before <= 3 + 2 * LEAVING_S

    open_call(page, server)
    before = heard_s()
    begin(page, 33)
    wait_until(lambda: now(page) >= 36)
    played = now(page) - 33
    page.close(run_before_unload=True)
    wait_until(lambda: heard_s() - before >= played * (1 - SHARE))
    assert heard_s() - before <= played + LEAVING_S


def test_a_tab_closed_without_a_line_loses_nothing(page: Page, server: str, heard_s: Callable[[], float]) -> None:
    """What was heard while the server could not be reached is told by the next page, also after the tab was closed."""
    open_call(page, server)
    context = page.context
    begin(page, 6)
    wait_until(lambda: now(page) >= 7)
    page.evaluate("[...earshotPlayers.values()].at(-1).pause()")
    page.wait_for_timeout(500)
    before = heard_s()
    context.set_offline(True)
    played = stretch(page, 9, 13)
    page.wait_for_timeout(500)
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    context.set_offline(False)
    assert heard_s() == before, "nothing can have arrived without a line"
    open_call(context.new_page(), server)
    wait_until(lambda: heard_s() - before >= (played[1] - played[0]) * (1 - SHARE))
    assert heard_s() - before <= (played[1] - played[0]) * (1 + SHARE) + LEAVING_S
