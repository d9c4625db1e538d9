"""The Goals page in a real browser: the self-assessment by keyboard alone, left and gone on with; how each part looks."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from models.app_store import AppStore
from models.goals import assessments, figures, logs, questionnaire
from models.settings import SAMPLE, Settings
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_every_page import CONTRAST, NAMELESS, open_whole, picture
from tests.browser.test_player import AUDIO, until

OF = questionnaire.load()
LOOKS = [("light", "en", 1440), ("dark", "fr", 390)]
ENOUGH = 60
"""Presses of Tab within which anything on the page is reached."""


def tab_to(page: Page, found: str) -> None:
    """Press Tab until the script ``found`` holds for the focused element ``e``."""
    for _ in range(ENOUGH):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {found})(document.activeElement)"):
            return
    raise AssertionError(f"Tab does not lead to {found}")


def wait_for(page: Page, store: AppStore, number: int, statement: str, score: int) -> None:
    """Until this answer is kept."""
    for _ in range(PATIENCE_MS // 50):
        if assessments.answers(store, number).get(statement) == score:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{statement} is not kept as {score}: {assessments.answers(store, number)}")


def answer(page: Page, store: AppStore, number: int, wanted: list[tuple[str, int]]) -> None:
    """Answer statements one after the other: Tab to the next, space and arrows to choose."""
    for statement, score in wanted:
        tab_to(page, "e.type === 'radio' && e.closest('[data-testid=stRadio]')")
        page.keyboard.press("Space")
        wait_for(page, store, number, statement, 1)
        for reached in range(2, score + 1):
            page.keyboard.press("ArrowRight")
            wait_for(page, store, number, statement, reached)


def test_the_self_assessment_by_keyboard_alone(page: Page, server: str, sample_store: Settings) -> None:
    """Begun, answered, left, gone on with and finished without a mouse: the total and its band are shown."""
    store, ids = AppStore(sample_store), [statement.id for _, statement in OF.statements]
    page.goto(f"{server}/goals?view=self")
    page.get_by_role("button", name="Begin").wait_for()
    tab_to(page, "e.innerText === 'Begin'")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stRadio")).to_have_count(25)
    number = assessments.unfinished(store, OF, "local")
    assert number is not None
    answer(page, store, number, [(statement, 2) for statement in ids[:3]])
    page.reload()
    page.get_by_text("3 of 25 statements are answered already.").wait_for()
    tab_to(page, "e.innerText === 'Go on'")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stRadio")).to_have_count(25)
    for statement in ids[3:-1]:
        assessments.answer(store, OF, number, statement, 4, "local")
    page.get_by_test_id("stRadio").last.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    wait_for(page, store, number, ids[-1], 1)
    page.get_by_text("All are answered").wait_for()
    tab_to(page, "e.innerText === 'Done'")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=re.compile(r"Total 25\.5 of 35")).wait_for()
    page.get_by_text("The service is adequate").wait_for()


def test_a_clip_plays_alone(page: Page, server: str) -> None:
    """The link of a clip begins at its first second, stops at its last, and play begins it again; the whole call is a click away."""
    page.goto(f"{server}/call?call_id=stereo&clip=4-5.5")
    page.locator(".turn").first.wait_for()
    page.get_by_text("Clip: 0:04 to 0:06").wait_for()
    for _ in range(2):
        page.get_by_role("button", name="Play", exact=True).click()
        until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime >= 4")
        until(page, f"{AUDIO}.paused && {AUDIO}.currentTime >= 5.5")
        assert page.evaluate(f"{AUDIO}.currentTime") < 6.5
    page.get_by_role("button", name="The whole call").click()
    until(page, "!location.search.includes('clip')")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime >= 6.5")


@pytest.mark.parametrize("page", LOOKS, indirect=True, ids=lambda look: "-".join(map(str, look)))
def test_each_part_looks_right(page: Page, server: str, sample_store: Settings, request: pytest.FixtureRequest) -> None:
    """Every control has a name, texts have contrast, nothing is wider than the page."""
    figures.load(AppStore(sample_store), "figures.csv", (SAMPLE / "figures.csv").read_bytes(), "Ana")
    look = request.node.name.partition("[")[2].removesuffix("]")
    logs.give(
        AppStore(sample_store), logs.Goodwill("ann", date(2026, 3, 2), 15.0, "A month free", "Two missed visits"), "Ana"
    )
    logs.thank(AppStore(sample_store), "Ben", date(2026, 3, 2), "Calmed a caller", "Ana", "stereo")
    parts = {f"goals_{view}": f"goals?view={view}" for view in ("goals", "figures", "cost", "self", "policy")}
    parts |= {f"team_{part}": f"team?part={part}" for part in ("goodwill", "ideas", "shelf")}
    for part, path in parts.items():
        open_whole(page, f"{server}/{path}")
        picture(page, f"{part}-{look}")
        assert page.evaluate(NAMELESS) == [], part
        assert page.evaluate(CONTRAST) == [], part
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), part
        assert page.locator("[data-testid=stException]").count() == 0, part
