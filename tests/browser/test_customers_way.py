"""Customers in a real browser: a messy sheet of surveys comes in, and what is known of a customer is written and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from bench.synthetic_store import make
from models.app_store import AppStore
from models.customers import facts
from models.settings import Settings
from models.store import Store, connect_snapshot, first_row
from tests.browser.conftest import serving

Site = tuple[str, Settings]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A dashboard over five hundred made-up calls."""
    settings = Settings(data=tmp_path_factory.mktemp("customers") / "data")
    make(settings, calls=500, turns=2)
    with serving(settings) as address:
        yield address, settings


@pytest.fixture(scope="module")
def server(site: Site) -> str:
    """Where it is."""
    return site[0]


def a_call(settings: Settings) -> tuple[str, str]:
    """The newest call and its customer."""
    path = Store(settings).snapshot_path()
    assert path is not None
    with closing(connect_snapshot(path)) as con:
        row = first_row(con.execute("select call_id, customer_id from calls order by started_at desc limit 1"))
    assert row is not None
    return str(row[0]), str(row[1])


def test_a_sheet_comes_in_and_a_customer_is_known_better(page: Page, site: Site) -> None:
    """Upload, refused line in sight, the answer on the customer's page; a note is saved, survives a reload, is taken back."""
    address, settings = site
    call_id, customer_id = a_call(settings)
    sheet = f"call_id;open_answer;rating\r\n{call_id};Très long;2\r\nnope;Qui ?;3\r\n".encode("cp1252")
    page.goto(f"{address}/customers?part=surveys&period=all")
    page.get_by_text("No survey has been loaded yet").wait_for()
    upload = page.locator("input[type=file]")
    upload.set_input_files({"name": "survey.csv", "mimeType": "text/csv", "buffer": sheet})
    page.get_by_role("button", name="Load", exact=True).click()
    page.get_by_text("1 survey was loaded. 1 line was refused; it is listed below.").wait_for()
    page.get_by_text("Refused lines: 1").wait_for()

    page.goto(f"{address}/customer?customer_id={quote(customer_id)}")
    page.get_by_role("heading", name="What happened when").wait_for()
    page.get_by_text("1 / 1", exact=True).wait_for()
    page.get_by_label("Note", exact=True).fill("Prefers letters.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    page.reload()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Prefers letters.")
    assert facts.of(AppStore(settings), customer_id).note == "Prefers letters."
    page.get_by_text("What was changed").click()
    page.get_by_role("button", name="Undo the last change").click()
    page.get_by_text("Undone.", exact=True).wait_for()
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
