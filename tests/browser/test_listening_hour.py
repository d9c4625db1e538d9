"""The listening hour in a real browser: reviewing by keyboard alone while the sound plays on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models.app_store import AppStore, week_of
from models.app_store import now as now_utc
from models.listening import remarks, reviews, weeks
from models.settings import Settings
from tests.browser import sample
from tests.browser.conftest import LOOKS, serving
from tests.browser.test_every_page import CONTRAST, NAMELESS, picture
from tests.browser.test_player import AUDIO, now, until, wait_until


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Settings]]:
    """A dashboard over four recorded and judged calls."""
    settings = sample.make_judged(Settings(data=tmp_path_factory.mktemp("hour") / "data"))
    with serving(settings) as address:
        yield address, settings


@pytest.fixture
def server(hour: tuple[str, Settings]) -> str:
    """Where it is."""
    return hour[0]


@pytest.fixture
def listening(page: Page, server: str) -> Page:
    """The listening hour with its first call."""
    page.goto(f"{server}/listening")
    page.locator(".turn").first.wait_for()
    return page


def test_a_review_by_keyboard_alone_while_the_sound_plays(listening: Page, hour: tuple[str, Settings]) -> None:
    """Play, judge, disagree, go on, undo, pin a moment and write, next call: no mouse, and playback never stops.

    The quotes of what was judged are marked at once in the transcript and below the lanes, and not those of the rest.
    """
    page, store = listening, AppStore(hour[1])
    call_id = page.evaluate("new URL(location).searchParams.get('hear')")
    page.locator("h1").wait_for()
    page.keyboard.press("k")
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime > 0.5")
    page.evaluate("window.stops = 0")
    page.evaluate(f"{AUDIO}.addEventListener('pause', () => window.stops++)")
    assert page.get_by_text("paying twice is a nuisance", exact=True).count() == 0
    page.keyboard.press("2")
    page.get_by_text("“paying twice is a nuisance”").wait_for()
    expect(page.locator(".turn").nth(2).locator(".tag")).to_have_text("+ Empathy")
    expect(page.locator(".evidence .mark")).to_have_count(1)
    page.keyboard.press("n")
    wait_until(lambda: reviews.of_call(store, "local", call_id)["empathy"].agreed is False)
    page.keyboard.press("m")
    page.locator(".st-key-judge_met button").wait_for()
    page.keyboard.press("1")
    page.get_by_text("“<img src=x").wait_for()
    expect(page.locator(".evidence .mark")).to_have_count(2)
    page.keyboard.press("u")
    wait_until(lambda: "options" not in reviews.of_call(store, "local", call_id))
    expect(page.locator(".evidence .mark")).to_have_count(1)
    page.locator(".st-key-judge_met button").wait_for()
    page.keyboard.press("2")
    page.get_by_text("Every criterion is judged.").wait_for()
    page.keyboard.press("p")
    expect(page.locator(".st-key-remark-text textarea")).to_be_focused()
    page.get_by_text("Pinned to").wait_for()
    page.keyboard.type("1 2 3 Ask for the customer's idea.")
    page.keyboard.press("Control+Enter")
    wait_until(lambda: bool(remarks.of_call(store, call_id)))
    (kept,) = remarks.of_call(store, call_id)
    assert kept.text == "1 2 3 Ask for the customer's idea."
    assert kept.at_s is not None and 0 < kept.at_s <= now(page)
    held = reviews.of_call(store, "local", call_id)
    assert {code: (r.result, r.blind) for code, r in held.items()} == {
        "empathy": ("not_met", False),
        "options": ("not_met", False),
    }
    assert page.evaluate("window.stops") == 0
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    wait_until(lambda: page.evaluate("new URL(location).searchParams.get('hear')") != call_id)
    assert page.evaluate("window.hurt === undefined")


def test_a_quote_leads_to_its_moment(listening: Page) -> None:
    """After judging, the time of a quote plays from there, again and again, and the transcript carries its mark."""
    page = listening
    page.locator("[data-testid=stRadio] label").last.click()
    page.wait_for_timeout(1500)
    page.locator(".st-key-judge_met button").click()
    for _ in range(2):
        page.get_by_role("button", name="0:10", exact=True).click()
        until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime >= 9.5 && {AUDIO}.currentTime < 14")
        page.evaluate(f"{AUDIO}.pause(); {AUDIO}.currentTime = 0")
    expect(page.locator(".turn").nth(2).locator(".tag")).to_have_text("+ Empathy")


def test_playback_survives_language_note_and_replay(listening: Page, hour: tuple[str, Settings]) -> None:
    """The second call plays on while the language changes and the closing note is kept; it stays the chosen one."""
    page = listening
    page.locator("[data-testid=stRadio] label").last.click()
    page.wait_for_timeout(1500)
    page.locator(".turn").first.wait_for()
    chosen = page.evaluate("new URL(location).searchParams.get('hear')")
    page.locator("h1").click()
    page.keyboard.press("k")
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime > 0.5")
    page.evaluate(f"window.stops = 0; {AUDIO}.addEventListener('pause', () => window.stops++)")
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Français").click()
    page.get_by_role("heading", name="Heure d’écoute").wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    note = page.locator("[class*=st-key-closing-note] textarea")
    note.fill("Deux fois débité, encore.")
    note.press("Control+Enter")
    week = week_of(now_utc(), hour[1].zone)
    wait_until(lambda: weeks.note(AppStore(hour[1]), "local", week) == "Deux fois débité, encore.")
    assert page.evaluate("new URL(location).searchParams.get('hear')") == chosen
    assert page.evaluate("window.stops") == 0
    assert not page.evaluate(f"{AUDIO}.paused")


@pytest.mark.parametrize("page", LOOKS, indirect=True, ids=lambda look: "-".join(map(str, look)))
def test_it_looks_right(listening: Page, request: pytest.FixtureRequest) -> None:
    """Nothing is wider than the window, and nothing failed."""
    listening.wait_for_timeout(1500)
    name = request.node.name.partition("[")[2].rstrip("]")
    assert listening.evaluate(NAMELESS) == []
    assert listening.evaluate(CONTRAST) == []
    picture(listening, f"listening-{name}")
    assert listening.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert listening.locator("[data-testid=stException]").count() == 0
