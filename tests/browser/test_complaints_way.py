"""Complaints in a real browser: the long way from a call to a satisfied customer, two people at once, and a messy file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from models.app_store import AppStore, now
from models.complaints import register
from models.publish import publish
from models.settings import Settings
from tests.browser.conftest import serving
from tests.browser.test_player import wait_until
from tests.complaints import centre
from tests.complaints.conftest import complaint
from tests.complaints.test_complaints_page import MESSY

Site = tuple[str, Settings]
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A dashboard over one call of ten days ago, in which somebody's parcel never arrived."""
    settings = Settings(data=tmp_path_factory.mktemp("complaints") / "data")
    centre.fill(settings, {"first": now() - 10 * DAY})
    publish(settings)
    with serving(settings) as address:
        yield address, settings


@pytest.fixture(scope="module")
def server(site: Site) -> str:
    """Where it is."""
    return site[0]


def typed(page: Page, label: str, text: str) -> None:
    """Type a day, or a day and time, into its field."""
    page.get_by_label(label, exact=True).get_by_role("spinbutton").first.click()
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def save(page: Page, word: str) -> None:
    """Send the form and wait for its word."""
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(word, exact=True).wait_for()


def opened(page: Page, address: str, what: Locator) -> bool:
    """Whether a page, opened anew and drawn, shows something."""
    page.goto(address)
    page.get_by_role("heading").first.wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    return what.is_visible()


def test_from_a_call_to_a_broken_promise_to_a_satisfied_customer(page: Page, site: Site) -> None:
    """Opened from its call with what is known, promised, said to be done; the customer's next call shows that it was not, on the
    complaint and on that call; a wrong answer is taken back; asked again the customer is satisfied, and it is closed."""
    address, settings = site
    store = AppStore(settings)
    page.goto(f"{address}/call?call_id=first")
    page.get_by_role("link", name="Open a complaint from this call").click()
    expect(page.get_by_label("Customer number", exact=True)).to_have_value(centre.CUSTOMER)
    expect(page.get_by_label("What it is about", exact=True)).to_have_value("My parcel never arrived.")
    page.get_by_label("Agreed solution", exact=True).fill("A new parcel")
    typed(page, "Promised by", f"{now() + DAY:%d/%m/%Y}")
    save(page, "Written as number 1.")
    page.get_by_text("promised", exact=True).wait_for()
    typed(page, "Resolved", f"{now() - 2 * DAY:%d/%m/%Y}, 12:00")
    save(page, "Saved.")
    page.get_by_text("resolved", exact=True).wait_for()

    centre.fill(settings, {"again": now() - DAY})
    publish(settings)
    broken = page.get_by_text("This call shows a broken promise")
    wait_until(lambda: opened(page, f"{address}/call?call_id=again", broken))  # the server gets a snapshot ready first
    page.get_by_role("link", name="promise broken").click()
    page.get_by_text("A promise was broken.", exact=True).wait_for()

    answers = page.get_by_role("radiogroup", name="Satisfied after")
    typed(page, "Follow-up", f"{now() - timedelta(minutes=5):%d/%m/%Y}, 00:00")
    answers.get_by_text("No", exact=True).click()
    save(page, "Saved.")
    page.get_by_role("button", name="Undo the last change").click()
    page.get_by_text("Undone.", exact=True).wait_for()
    kept = register.find(store, 1)
    assert kept is not None and kept.complaint.satisfied_after is None
    answers.get_by_text("Yes", exact=True).click()
    page.get_by_text("Nothing more is to be done: close it").click()
    save(page, "Saved.")
    page.get_by_text("closed", exact=True).wait_for()
    kept = register.find(store, 1)
    assert kept is not None
    assert (kept.status, kept.complaint.satisfied_after, kept.complaint.call_id) == ("closed", "yes", "first")


def test_two_people_at_one_complaint_lose_nothing(page: Page, site: Site) -> None:
    """Both have the form open: other fields merge; of the same field the second sees both, in French, and chooses."""
    address, settings = site
    store = AppStore(settings)
    number = register.create(store, complaint(), "Ana").complaint_id
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{address}/complaints?complaint={number}&lang=fr")
        tab.get_by_label("Solution convenue", exact=True).wait_for()
    page.get_by_label("Solution convenue", exact=True).fill("Remboursement")
    page.get_by_label("Démarches en cours", exact=True).fill("Transporteur interrogé")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Enregistré.", exact=True).wait_for()
    other.get_by_label("Solution convenue", exact=True).fill("Un nouveau colis")
    other.get_by_label("Comment l’éviter", exact=True).fill("Des cartons plus solides")
    other.get_by_role("button", name="Enregistrer", exact=True).click()
    other.get_by_role("button", name="Prendre le mien").wait_for()
    kept = register.find(store, number)
    assert kept is not None
    written = kept.complaint
    assert (written.solution, written.steps, written.prevention) == (
        "Remboursement", "Transporteur interrogé", "Des cartons plus solides",
    )  # fmt: skip
    other.get_by_role("button", name="Prendre le mien").click()
    expect(other.get_by_label("Solution convenue", exact=True)).to_have_value("Un nouveau colis")


def test_a_messy_file_is_brought_in_and_its_refused_lines_are_listed(page: Page, site: Site) -> None:
    """A file as an office program saves it: what is new and what is refused is seen first; afterwards the refused lines stay."""
    address, _settings = site
    page.goto(f"{address}/complaints?register=bring_in")
    page.locator("input[type=file]").set_input_files(MESSY)
    preview = page.locator(".st-key-complaint-preview")
    preview.get_by_text("Read as", exact=False).wait_for()
    preview.get_by_text("Refused lines: put them right in the file", exact=False).wait_for()
    preview.get_by_role("button", name="Bring in").click()
    page.get_by_text("Brought in: ", exact=False).wait_for()
    page.get_by_text("lines were refused", exact=False).click()
    page.locator("td", has_text="This is no date").first.wait_for(state="attached")
