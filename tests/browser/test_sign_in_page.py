"""Sign-in through OpenID Connect, against a real provider on this machine: from the door to a page and out again."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from playwright.sync_api import Browser, Page

from bench.synthetic_store import make
from dashboard import identity
from models.access.sign_in import SECRET as SECRET_NAME
from models.settings import Settings
from tests.browser.conftest import free_port, serving, window
from tests.oidc_provider import CLIENT, SECRET, Provider, serving_provider


class Site(NamedTuple):
    """A dashboard that asks people to sign in, and its provider."""

    address: str
    settings: Settings
    provider: Provider


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider, for every test of this file."""
    with serving_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def served(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A dashboard over made-up calls; Ana is its admin."""
    settings = Settings(data=tmp_path_factory.mktemp("signed_in") / "data")
    make(settings, calls=400, turns=4)
    port = free_port()
    configured = {
        "EARSHOT_SIGN_IN_URL": provider.metadata_url,
        "EARSHOT_SIGN_IN_CLIENT": CLIENT,
        "EARSHOT_DASHBOARD_URL": f"http://127.0.0.1:{port}",
        "EARSHOT_ADMINS": "Ana@example.org",
        SECRET_NAME: SECRET,
    }
    with serving(settings, port, **configured) as address:
        yield Site(address, settings, provider)


@pytest.fixture
def site(served: Site) -> Site:
    """That dashboard, with a provider that answers rightly."""
    served.provider.restore()
    return served


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A fresh browser window; nothing but the dashboard and the provider is asked."""
    with window(browser, site.address, site.provider.address) as page:
        yield page


def test_in_to_a_page_and_out_again(page: Page, site: Site) -> None:
    """Nothing is shown before sign-in; after it, the pages and the name; after sign-out, the door again."""
    page.goto(site.address + "/calls")
    page.get_by_role("button", name="Sign in").wait_for()
    assert page.get_by_role("link", name="Calls").count() == 0
    assert page.locator("[data-testid=stDataFrame]").count() == 0
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Overview").wait_for()
    page.get_by_text("ana@example.org").wait_for()
    page.get_by_role("link", name="Calls", exact=True).click()
    page.get_by_role("heading", name="Calls").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in").wait_for()
    assert site.provider.ended[-1] == f"{site.address}/oauth2callback"
    assert not [c for c in page.context.cookies() if c["name"].startswith(identity.COOKIE)]
    assert "code_verifier" in site.provider.exchanges[-1]


def test_who_has_no_role_is_told_whom_to_ask(page: Page, site: Site) -> None:
    """Somebody whom nobody listed sees no page, whatever the address, but their own name and what to do."""
    site.provider.email = "Eve@example.org"
    page.goto(site.address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="You are signed in, but have no role here yet").wait_for()
    page.get_by_text("eve@example.org").wait_for()
    page.goto(site.address + "/data?part=connect")
    page.get_by_role("heading", name="You are signed in, but have no role here yet").wait_for()
    assert page.get_by_role("link", name=re.compile("Overview|Data")).count() == 0


class Signing:
    """A browser without pages: follows the addresses of a sign-in by hand."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.http = httpx2.Client(timeout=30)

    def __enter__(self) -> Signing:
        return self

    def __exit__(self, *what: object) -> None:
        self.http.close()

    def begin(self) -> str:
        """The provider's address that the dashboard sends the browser to."""
        token = jwt.encode(
            {"alg": "HS256"}, {"provider": "default", "exp": int(time.time()) + 60},
            OctKey.import_key(identity.cookie_secret(self.site.settings)),
        )  # fmt: skip
        return self.http.get(f"{self.site.address}/auth/login", params={"provider": token}).headers["location"]

    def whole(self) -> None:
        """Sign in, as far as the dashboard lets us."""
        back = self.http.get(self.begin()).headers["location"]
        self.http.get(back)

    @property
    def is_in(self) -> bool:
        """Whether the dashboard now knows us: what is behind the door is then not there, instead of forbidden."""
        status = self.http.get(f"{self.site.address}/media/nothing.csv").status_code
        assert status in (403, 404)
        return status == 404


@pytest.fixture
def signing(site: Site) -> Iterator[Signing]:
    """A browser that is about to sign in."""
    with Signing(site) as signing:
        yield signing


def test_the_right_answer_signs_in(signing: Signing) -> None:
    """The refusals below are not those of a sign-in that never works."""
    assert not signing.is_in
    signing.whole()
    assert signing.is_in


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": None},
        {"aud": ["another", "client"]},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1},
        {"iat": 1},
        {"iat": None},
        {"email": None},
        {"email": ""},
        {"email_verified": False},
    ],
    ids=str,
)
def test_wrong_claims_are_refused(site: Site, signing: Signing, change: dict[str, Any]) -> None:
    """An id_token for another client or sign-in, from elsewhere, too old, or of an unproved address lets nobody in."""
    site.provider.change = change
    signing.whole()
    assert not signing.is_in


def test_a_wrong_signature_is_refused(site: Site, signing: Signing) -> None:
    """An id_token that the provider's published key did not sign lets nobody in."""
    site.provider.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    signing.whole()
    assert not signing.is_in


def test_a_wrong_state_is_refused(site: Site) -> None:
    """Coming back with another's or no state, or twice with the same, lets nobody in."""
    with Signing(site) as mine, Signing(site) as other:
        back = httpx2.URL(mine.http.get(mine.begin()).headers["location"])
        for state in ("made up", ""):
            mine.http.get(back.copy_set_param("state", state))
            assert not mine.is_in
        other.http.get(back)
        assert not other.is_in
        mine.http.get(back)
        assert mine.is_in
        mine.http.cookies.delete(identity.COOKIE)
        mine.http.get(back)
        assert not mine.is_in


def test_a_changed_cookie_is_refused(signing: Signing) -> None:
    """The cookie is signed: with a letter changed or left out, or cut short, it is nobody's."""
    signing.whole()
    good = signing.http.cookies[identity.COOKIE]
    signing.http.cookies.clear()
    signing.http.cookies.set(identity.COOKIE, good)
    assert signing.is_in
    changed = good[:20] + ("A" if good[20] != "A" else "B") + good[21:]
    for bad in (changed, good[:-9] + good[-8:], "x" + good, good.split(".")[0], ""):
        signing.http.cookies.clear()
        signing.http.cookies.set(identity.COOKIE, bad)
        assert not signing.is_in
