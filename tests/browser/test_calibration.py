"""Calibration in a real browser: two supervisors who signed in judge one set at the same time, then meet over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from models.access import people
from models.access.sign_in import SECRET as SECRET_NAME
from models.app_store import AppStore
from models.listening import calibration, remarks, reviews
from models.settings import Settings
from tests.browser import sample
from tests.browser.conftest import free_port, serving, window
from tests.browser.test_player import wait_until
from tests.oidc_provider import CLIENT, SECRET, Provider, serving_provider

ANA, BEN = "ana@example.org", "ben@example.org"
SAID = {
    ANA: {"empathy": ["met", "not_met", "met", "met"], "options": ["met", "met", "not_met", "not_met"]},
    BEN: {"empathy": ["met", "not_met", "not_met", "met"], "options": ["met", "met", "not_met", "not_met"]},
}
"""What each says of the four calls: they differ once. The alpha of empathy is 1 - 7 * 2 / (2 * 5 * 3) = 0.53,
its kappa (3/4 - 1/2) / (1 - 1/2) = 0.50."""


class Site(NamedTuple):
    """A dashboard that asks people to sign in, its store, and its provider."""

    address: str
    settings: Settings
    provider: Provider


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Recorded and judged calls, which Ana and Ben may judge; few of them are on the playlist that they see first."""
    settings = sample.make_judged(Settings(data=tmp_path_factory.mktemp("calibration") / "data"), calls=9)
    for who in (ANA, BEN):
        people.put(AppStore(settings), people.Entry(who, frozenset({people.Role.SUPERVISOR})), "test")
    port = free_port()
    with serving_provider() as provider:
        configured = {
            "EARSHOT_LISTENING_MINUTES": "1",
            "EARSHOT_SIGN_IN_URL": provider.metadata_url,
            "EARSHOT_SIGN_IN_CLIENT": CLIENT,
            "EARSHOT_DASHBOARD_URL": f"http://127.0.0.1:{port}",
            SECRET_NAME: SECRET,
        }
        with serving(settings, port, **configured) as address:
            yield Site(address, settings, provider)


@contextmanager
def signed_in(browser: Browser, site: Site, who: str) -> Iterator[Page]:
    """A browser of their own in which somebody has signed in, on the page of calibration."""
    with window(browser, site.address, site.provider.address) as page:
        site.provider.email = who
        page.goto(site.address)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text(who).first.wait_for()
        page.goto(f"{site.address}/team?part=calibration")
        page.get_by_role("heading", name="Team").wait_for()
        yield page


@pytest.fixture
def windows() -> Iterator[ExitStack]:
    """What is open until the test ends."""
    with ExitStack() as opened:
        yield opened


def open_set(page: Page, site: Site) -> None:
    """The set, as it is for whoever looks."""
    page.goto(f"{site.address}/team?part=calibration")
    page.get_by_text("reviewers are done").wait_for()


def draw(page: Page) -> None:
    """Make a set of four calls for both."""
    page.get_by_label("Name", exact=True).fill("Empathy, March")
    for who in (ANA, BEN):
        page.get_by_role("combobox", name="Reviewers").fill(who)
        page.keyboard.press("Enter")
    page.get_by_label("Calls", exact=True).fill("4")
    page.get_by_role("button", name="Draw the calls").click()


def judge(page: Page, store: AppStore, who: str, call_id: str, n: int) -> None:
    """Judge both criteria of the call that is open, and go on to the next."""
    for code, name in sample.CRITERIA.items():
        expect(page.get_by_role("combobox", name="Criterion")).to_have_value(name)
        page.locator(f".st-key-judge_{SAID[who][code][n]} button").click()
        wait_until(lambda code=code: code in reviews.of_call(store, who, call_id))  # type: ignore[misc]
        page.locator(".st-key-judge_met").wait_for(state="detached")
        idle(page)
        if code == "empathy":
            page.locator(".st-key-criterion_more button").click()
            page.locator(".st-key-judge_met").wait_for()
            idle(page)
    page.get_by_text("Every criterion is judged.").first.wait_for()
    if n < len(SAID[who]["options"]) - 1:
        page.locator(".st-key-next_call button").click()
        expect(page.get_by_text("Every criterion is judged.")).to_have_count(0)
        idle(page)


def idle(page: Page) -> None:
    """Wait until the page has been drawn."""
    page.locator("[data-test-script-state=notRunning]").wait_for()


def test_two_supervisors_judge_one_set_blind_and_meet(browser: Browser, site: Site, windows: ExitStack) -> None:
    """Both judge the same calls in turn, neither sees or overwrites what the other says; then both see where they differ."""
    store = AppStore(site.settings)
    ana = windows.enter_context(signed_in(browser, site, ANA))
    draw(ana)
    wait_until(lambda: len(calibration.sets(store)) == 1)
    (drawn,) = calibration.sets(store)
    assert sorted(drawn.reviewers) == [ANA, BEN]
    ben = windows.enter_context(signed_in(browser, site, BEN))
    open_set(ana, site)
    open_set(ben, site)
    for n, call_id in enumerate(drawn.calls):
        judge(ana, store, ANA, call_id, n)
        remarks.write(store, ANA, call_id, "coaching", f"Ana on call {n}")
        if n < 3:
            judge(ben, store, BEN, call_id, n)

    ana.get_by_role("button", name="I am done").click()
    ana.get_by_text("Results are compared when two reviewers are done.").wait_for()
    open_set(ben, site)
    ben.get_by_text("1 of 2 reviewers are done").wait_for()
    assert ben.get_by_text("Agreement of the reviewers").count() == 0
    expect(ben.get_by_role("button", name="I am done")).to_be_disabled()
    ben.goto(f"{site.address}/team?part=shelf")
    ben.get_by_role("heading", name="Team").wait_for()
    ben.get_by_text("Calls to tell stories of").wait_for()
    ben.wait_for_timeout(1000)
    assert ben.get_by_text("Ana on call").count() == 0
    ben.goto(f"{site.address}/call?call_id={drawn.calls[3]}")
    ben.get_by_text("waits for your own judgement").wait_for()

    open_set(ben, site)
    judge(ben, store, BEN, drawn.calls[3], 3)
    ben.get_by_role("button", name="I am done").click()
    open_set(ana, site)
    for page in (ana, ben):
        page.get_by_role("heading", name="Where they differ").wait_for()
        rows = cells(page, 0)
        assert [row[:2] for row in rows] == [["Empathy", "0.53"], ["Options", "1.00"]]
        assert rows[0][2] not in ("", "–") and rows[0][3:] == ["0.50", "4", "to discuss"]
        assert [row[-4:] for row in cells(page, 1)] == [["Call 3", "Empathy", "Met", "Not met"]]
    for who, said in SAID.items():
        for n, call_id in enumerate(drawn.calls):
            held = reviews.of_call(store, who, call_id)
            assert {code: (r.result, r.blind) for code, r in held.items()} == {c: (said[c][n], True) for c in said}
    ben.goto(f"{site.address}/team?part=shelf")
    ben.get_by_text("Ana on call 0").wait_for()


def cells(page: Page, table: int) -> list[list[str]]:
    """What a table says to those who can't see it, row by row."""
    grid = page.locator("[data-testid=stDataFrame]").nth(table)
    grid.locator("[role=gridcell]").first.wait_for(state="attached")
    rows = grid.locator("[role=row]").all()
    found = [[cell.text_content() or "" for cell in row.locator("[role=gridcell]").all()] for row in rows]
    return [row for row in found if row]
