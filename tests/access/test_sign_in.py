"""What sign-in needs, and which addresses are refused without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.access import sign_in
from models.errors import SettingsError
from models.settings import Settings

WHOLE = Settings(
    sign_in_url="https://id.example.org/.well-known/openid-configuration",
    sign_in_client="earshot",
    dashboard_url="https://earshot.example.org/",
)
GIVEN = {sign_in.SECRET: "a secret"}


def test_a_whole_configuration() -> None:
    """The address for the provider is made from where people open the dashboard; the secret is never shown."""
    found = sign_in.configured(WHOLE, GIVEN)
    assert found is not None
    assert found.redirect_uri == "https://earshot.example.org/oauth2callback"
    assert found.client_secret == "a secret" and "a secret" not in repr(found)
    assert list(sign_in.warnings(found)) == []
    assert sign_in.configured(Settings(), GIVEN) is None


def test_the_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    """A file holds the secret where the environment does not; an empty or missing one is named."""
    file = tmp_path / "secret"
    settings = replace(WHOLE, sign_in_secret_file=str(file))
    with pytest.raises(SettingsError, match="can't be read"):
        sign_in.configured(settings, {})
    file.write_text(" \n")
    with pytest.raises(SettingsError, match="is empty"):
        sign_in.configured(settings, {})
    file.write_text("from the file\n")
    assert sign_in.configured(settings, {}).client_secret == "from the file"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sign_in_client": ""}, "sign_in_client"),
        ({"dashboard_url": ""}, "dashboard_url"),
        ({"dashboard_url": "earshot.example.org"}, "dashboard_url"),
        ({"dashboard_url": "https://example.org/earshot"}, "dashboard_url"),
        ({"sign_in_url": "http://id.example.org/.well-known/openid-configuration"}, "https"),
    ],
)
def test_half_a_configuration_is_refused(change: dict[str, str], says: str) -> None:
    """What is missing or makes no sense is named; nothing falls back to no sign-in."""
    with pytest.raises(SettingsError, match=says):
        sign_in.configured(replace(WHOLE, **change), GIVEN)
    with pytest.raises(SettingsError, match=sign_in.SECRET):
        sign_in.configured(WHOLE, {})


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_this_machine_needs_no_sign_in(address: str) -> None:
    """Addresses that no other machine reaches are open to whoever sits here."""
    sign_in.check_address(address, None)


@given(some.ip_addresses().filter(lambda address: not address.is_loopback))
def test_every_other_address_needs_it(address: object) -> None:
    """No address of a network is bound without sign-in; with it, each may be."""
    with pytest.raises(SettingsError, match=r"127\.0\.0\.1 alone"):
        sign_in.check_address(str(address), None)
    sign_in.check_address(str(address), sign_in.configured(WHOLE, GIVEN))


@pytest.mark.parametrize("address", ["", "0.0.0.0", "::", "earshot", "localhost.example.org", "2130706433"])
def test_names_and_wildcards_need_it_too(address: str) -> None:
    """No name is trusted to mean this machine, and an empty address is every address."""
    with pytest.raises(SettingsError):
        sign_in.check_address(address, None)


def test_without_tls_it_warns() -> None:
    """Sign-in over plain http is said to be readable on the way, except on this machine."""
    plain = replace(WHOLE, dashboard_url="http://earshot.example.org")
    assert "without TLS" in next(sign_in.warnings(sign_in.configured(plain, GIVEN)))
    here = replace(WHOLE, dashboard_url="http://127.0.0.1:8501")
    assert list(sign_in.warnings(sign_in.configured(here, GIVEN))) == []
