"""The pages in a real browser: nothing asked outside, readable by name, usable narrow; screenshots to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from bench.synthetic_store import make
from models.settings import ROOT, Settings
from tests.browser.conftest import CHROMIUM, serving

SCREENSHOTS = ROOT / "build" / "screenshots"
WIDTHS = (1440, 390)
LOOKS = [("light", "en", WIDTHS[0]), ("dark", "fr", WIDTHS[0])]
PAGES = {
    "overview": "/?",
    "waits": "/waits?period=8_weeks",
    "waits_where": "/waits?period=8_weeks&view=where",
    "waits_since": "/waits?period=8_weeks&view=since",
    "waits_callers": "/waits?period=8_weeks&view=callers",
    "waits_staffing": "/waits?period=8_weeks&view=staffing",
    "waits_targets": "/waits?view=targets",
    "calls": "/calls?period=all",
    "team": "/team?part=calibration",
    "said": "/calls?period=all&said=facture",
    "issues": "/issues?period=all",
    "customers": "/customers?",
    "customers_lost": "/customers?part=lost&period=8_weeks",
    "customers_random": "/customers?part=random",
    "surveys": "/customers?part=surveys",
    "customer": "/customer?customer_id=%2B33%206%2039%2098%2001%2001",
    "data": "/data?part=dictionary",
}
NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, [role=combobox], [role=img]')]
  .filter(e => e.offsetParent !== null && !e.closest('[aria-hidden=true]'))
  .filter(e => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title || e.placeholder ||
                 e.textContent.trim() || (e.labels && e.labels.length) || e.querySelector('img[alt], svg title')))
  .map(e => e.outerHTML.slice(0, 160))"""
CONTRAST = """() => {
  const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const lum = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const over = (top, under) => { const a = top.length > 3 ? top[3] : 1;
    return [0, 1, 2].map(i => top[i] * a + under[i] * (1 - a)); };
  const ground = e => { const layers = []; for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor); if (c.length && c[3] !== 0) layers.unshift(c); }
    return layers.reduce((under, top) => over(top, under), [255, 255, 255]); };
  return [...document.querySelectorAll('p, h1, h2, h3, label, span, li, a')]
    .filter(e => e.offsetParent && !e.closest('[disabled], [aria-disabled=true]'))
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && /[\\p{L}\\p{N}]/u.test(n.textContent)))
    .map(e => { const under = ground(e), ink = over(rgb(getComputedStyle(e).color), under);
      const [a, b] = [lum(ink), lum(under)].sort((x, y) => y - x);
      return [(a + .05) / (b + .05), e.textContent.trim().slice(0, 60)]; })
    .filter(([ratio]) => ratio < 4.5); }"""


class Site(NamedTuple):
    """A served dashboard."""

    address: str
    settings: Settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A dashboard over four thousand made-up calls."""
    settings = Settings(data=tmp_path_factory.mktemp("pages") / "data")
    make(settings, calls=4000, turns=6)
    with serving(settings) as address:
        yield Site(address, settings)


def test_the_browser_is_there() -> None:
    """Without Debian's Chromium nothing below was tested: that must not pass unnoticed."""
    assert Path(CHROMIUM).exists(), f"{CHROMIUM} is missing: install Debian's package chromium, then run again."


@pytest.fixture(scope="module")
def server(site: Site) -> str:
    """Where it is."""
    return site.address


def open_whole(page: Page, address: str) -> None:
    """Open a page and wait until its script has ended and the browser has drawn it."""
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(500)


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page to look at, where somebody made the folder build/screenshots for them."""
    if not SCREENSHOTS.is_dir() or page.viewport_size is None:
        return
    before = page.viewport_size
    height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": min(height + 20, 3200)})
    page.wait_for_timeout(800)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size(before)


@pytest.mark.parametrize("page", LOOKS, indirect=True, ids=lambda look: "-".join(look[:2]))
def test_pages_look_right(page: Page, site: Site, request: pytest.FixtureRequest) -> None:
    """Every control has a name, texts have contrast, nothing is wider than the window, be it wide or narrow."""
    look_name = re.sub(r".*\[|\]", "", request.node.name)
    turn = ["light-en", "dark-fr"].index(look_name)
    for n, (name, path) in enumerate(PAGES.items()):
        if n % 2 != turn and not SCREENSHOTS.is_dir():
            continue  # in turns: both looks of each page when somebody wants the pictures
        open_whole(page, site.address + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(300)
            picture(page, f"{name}-{look_name}-{width}")
            where = f"{name} at {width}"
            assert page.evaluate(NAMELESS) == [], where
            assert page.evaluate(CONTRAST) == [], where
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
        assert page.locator("[data-testid=stException]").count() == 0, name
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def test_a_figure_leads_to_its_calls(page: Page, site: Site) -> None:
    """From the number of abandoned calls to the list that holds them, and back with the browser."""
    open_whole(page, site.address)
    link = page.locator("a[href*='outcome=abandoned']", has_text=re.compile(r"See the \d+ calls")).first
    n = re.findall(r"\d+", link.inner_text())[0]
    link.click()
    page.get_by_text(f"{n} calls", exact=True).wait_for()
    assert "outcome=abandoned" in page.url
    page.go_back()
    page.get_by_role("heading", name="Overview").wait_for()


def test_the_language_changes_in_place(page: Page, site: Site) -> None:
    """Choosing French keeps the page and its filters, the address remembers it, and screen readers read French."""
    open_whole(page, site.address + "/waits?period=last_week")
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Français").click()
    page.get_by_role("heading", name="Attentes").wait_for()
    page.wait_for_function("location.search.includes('lang=fr')")
    page.wait_for_function("document.documentElement.lang === 'fr'")
    assert "period=last_week" in page.url
