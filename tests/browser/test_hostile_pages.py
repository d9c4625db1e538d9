"""Hostile text in a real browser: nothing of it runs, is fetched, or becomes a link, a picture, a formula or an icon."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from models.settings import Settings
from tests.browser.conftest import serving, window
from tests.browser.test_every_page import open_whole
from tests.dashboard.test_hostile_everywhere import MARK, spoil

PAGES = (
    "/?", "/needs?period=all", "/issues?period=all&issue=i-001", "/complaints?complaint=1",
    "/call?call_id=hostile", "/goals?view=figures", "/team?part=shelf", "/customer?customer_id=%3DHYPERLINK(%22http://evil.example%22)",
)  # fmt: skip
INTERPRETED = """() => [...document.querySelectorAll('a[href], img:not([src^="data:"]), .katex')]
  .filter(e => e.className === 'katex' || new URL(e.href || e.src, location).host !== location.host)
  .map(e => e.outerHTML.slice(0, 160))"""
"""Links and pictures that lead elsewhere, and formulas: no page has any of its own."""


def test_pages_draw_words_of_others_as_they_are(browser: Browser, tmp_path: Path) -> None:
    """No page runs, fetches or interprets what others wrote; no table offers a file of its own, unasked and unnoted."""
    settings = Settings(data=tmp_path / "data")
    spoil(settings)
    with serving(settings) as address, window(browser, address) as page:
        shown = 0
        for path in PAGES:
            open_whole(page, address + path)
            assert page.evaluate("window.hurt") is None, path
            assert page.evaluate(INTERPRETED) == [], path
            shown += page.get_by_text(MARK).count()
            for table in page.locator("[data-testid=stDataFrame]:visible").all()[:1]:
                table.hover()
                assert page.get_by_role("button", name="Download as CSV").count() == 0, path
    assert shown > len(PAGES)
