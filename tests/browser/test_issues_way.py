"""A manager's way through a filled ledger in a real browser: open an issue, hear it, rename, undo, date its fix, take it along."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ingest.issues import Finder
from models.publish import publish
from models.settings import Settings
from models.store import Store
from tests.browser.conftest import serving
from tests.browser.sample import MONDAY, add_call, add_recording, add_transcript, write_sound

LOST = [
    "My parcel never arrived.", "The parcel was lost and nobody called me.", "I am still waiting for my parcel.",
    "The courier lost my parcel.", "My parcel has not arrived and I am angry.", "Where is my parcel, it never came.",
]  # fmt: skip
FIRST_DAY = MONDAY.date()
WEEKS = 8
AUDIO = "[...earshotPlayers.values()].at(-1).audio"
FIXED_AFTER = 4
"""Weeks; later only every third call is about it."""


def turns(said: str) -> list[tuple[str, float, float, str]]:
    """A short call in which a customer says this at four seconds."""
    return [
        ("agent", 0.5, 3.5, "Good morning, how can I help you?"), ("customer", 4.0, 9.0, said),
        ("agent", 9.5, 12.0, "We close at six." if "shop" in said else "I will trace the parcel with the courier."),
        ("customer", 22.5, 26.0, "Thank you."),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard over eight weeks of calls with sound: parcels get lost, and from the fifth week on far fewer."""
    settings = Settings(data=tmp_path_factory.mktemp("issues") / "data")
    audio = settings.store / "audio"
    audio.mkdir(parents=True)
    write_sound(audio / "sample.webm")
    with Store(settings).writing() as con:
        for week in range(WEEKS):
            for number in range(6):
                about = week < FIXED_AFTER or number % 3 == 0
                call_id = f"call-{week}-{number}"
                add_call(con, call_id, 7 * week + number, customer_id=f"+331{week}{number}")
                add_recording(con, call_id)
                said = LOST[number] if about else "Until when is the shop open today?"
                add_transcript(con, call_id, turns(said))
    Finder(settings, 1).run()
    publish(settings)
    with serving(settings) as address:
        yield address


def decide(page: Page, write: Callable[[Page], None]) -> None:
    """Write into the form of the open issue and save it."""
    if not page.get_by_role("textbox", name="Owner").first.is_visible():
        page.get_by_text("Decide: name, owner, cause, fix").click()
    write(page)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_text("Saved.", exact=True).wait_for()


def name(page: Page) -> None:
    """Another name."""
    page.get_by_role("textbox", name="Name", exact=True).first.fill("Lost parcels")


def date_the_fix(page: Page) -> None:
    """The Monday of the fifth week, typed as day, month and year."""
    page.get_by_role("group", name="Fix from").get_by_role("spinbutton").first.click()
    page.keyboard.type((FIRST_DAY + timedelta(weeks=FIXED_AFTER)).strftime("%d%m%Y"))


def test_from_the_ledger_to_the_sound(page: Page, server: str) -> None:
    """The typical statement leads to the call, at the second in which it is said."""
    page.goto(f"{server}/issues?period=all")
    page.get_by_role("heading", name="The ledger").wait_for()
    page.get_by_role("button", name="Listen", exact=True).click()
    page.wait_for_url("**/call?**turn=2**")
    page.locator(".turn").first.wait_for()
    page.wait_for_function(f"Math.abs({AUDIO}.currentTime - 4) < 1.5")


def test_decide_undo_and_see_whether_the_fix_worked(page: Page, server: str, tmp_path: Path) -> None:
    """A new name shows and is taken back; with a fix date, before and after; the ledger is saved as a file."""
    page.goto(f"{server}/issues?period=all")
    page.get_by_role("heading", name="One issue").wait_for()
    decide(page, name)
    page.get_by_text("Lost parcels", exact=True).filter(visible=True).first.wait_for()
    page.get_by_role("button", name="Undo the last decision").click()
    page.get_by_text("Undone.", exact=True).wait_for()
    expect(page.get_by_text("Lost parcels", exact=True)).to_have_count(0)
    decide(page, date_the_fix)
    expect(page.get_by_text("Lost parcels", exact=True)).to_have_count(0)
    page.get_by_text("Did it work?").wait_for()
    page.get_by_text("Fewer call about it since the fix", exact=False).wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the ledger as CSV").click()
    saved.value.save_as(tmp_path / "issues.csv")
    rows = list(csv.DictReader((tmp_path / "issues.csv").read_text("utf-8-sig").splitlines()))
    assert [row["calls"] for row in rows] == ["32"]
    assert rows[0]["fix_on"].startswith("2026-03-30")
