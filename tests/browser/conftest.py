"""One real server for the session, and Debian's Chromium: nothing is downloaded, and nothing may be asked outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from models.settings import ROOT, Settings
from tests.browser import sample

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
START_S = 120
PATIENCE_MS = 60_000
"""Machines that run tests are busy."""


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small published store with real sound."""
    return sample.make(Settings(data=tmp_path_factory.mktemp("browser") / "data"))


@pytest.fixture(scope="session")
def server(sample_store: Settings) -> Iterator[str]:
    """The address of a dashboard over that store."""
    with serving(sample_store) as address:
        yield address


@contextmanager
def serving(settings: Settings, port: int | None = None, **environment: str) -> Iterator[str]:
    """A dashboard over a store, on a free port unless one is given; gives its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/server.py", "--server.port", str(port)]
    log = settings.data / "server.log"
    with log.open("wb") as out:
        variables = {**os.environ, "EARSHOT_DATA": str(settings.data), **environment}
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=out, stderr=out)
        try:
            yield wait_for(f"http://127.0.0.1:{port}", process, log)
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> str:
    """The address, once the server answers there."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health"):
                return address
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The dashboard did not start:\n{log.read_text('utf-8', 'replace')[-4000:]}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The browser's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the session, with a profile of its own."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


class Visit:
    """What a page asked for and complained about."""

    def __init__(self, page: Page, *addresses: str) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        own = (*addresses, *(address.replace("http", "ws") for address in addresses), "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(own) else self.outside.append(r.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if "Content Security Policy" in m.text else None)


Look = tuple[str, str, int]
"""Light or dark, language, and width in pixels."""
LOOKS: list[Look] = [("light", "en", 1440), ("dark", "fr", 1440), ("light", "fr", 390)]


@contextmanager
def window(browser: Browser, *addresses: str, look: Look = LOOKS[0]) -> Iterator[Page]:
    """A fresh browser window; afterwards, nothing was asked outside these addresses and no script failed."""
    scheme, lang, width = look
    locale = "fr-FR" if lang == "fr" else "en-GB"
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme, locale=locale)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    visit = Visit(page, *addresses)
    try:
        yield page
    finally:
        context.close()
    assert visit.outside == []
    assert visit.errors == []


@pytest.fixture
def page(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh browser window, in a look where one is given; a module with a store of its own gives its own ``server``."""
    with window(browser, server, look=getattr(request, "param", LOOKS[0])) as page:
        yield page
