"""Sign-in through OpenID Connect: what is configured, whether it is whole, and which addresses are safe without it."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from models.errors import SettingsError
from models.settings import Settings

SECRET = "EARSHOT_SIGN_IN_SECRET"  # noqa: S105 - the name of a variable
"""The variable of the environment that holds the client secret; never a setting, for settings are versioned."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One provider: where it describes itself, who we are there, and where people open the dashboard."""

    metadata_url: str
    client_id: str
    origin: str
    claim: str
    hours: float
    client_secret: str = field(repr=False)

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends people back to: it must be told this address."""
        return f"{self.origin}/oauth2callback"

    @property
    def is_encrypted(self) -> bool:
        """Whether people reach the dashboard through TLS."""
        return self.origin.startswith("https://")


def configured(settings: Settings, environ: Mapping[str, str] | None = None) -> SignIn | None:
    """The provider that the settings name; None without one. Raises SettingsError when only half of it is there."""
    if not settings.sign_in_url:
        return None
    needed = {"sign_in_client": settings.sign_in_client, "dashboard_url": settings.dashboard_url}
    for name, value in needed.items():
        if not value:
            raise SettingsError(f"The setting sign_in_url needs the setting {name} beside it; see docs/settings.md.")
    metadata = urlsplit(settings.sign_in_url)
    if metadata.scheme != "https" and not is_local(metadata.hostname or ""):
        raise SettingsError("The setting sign_in_url must begin with https://: who listens could sign in as anybody.")
    return SignIn(
        metadata_url=settings.sign_in_url,
        client_id=settings.sign_in_client,
        origin=_origin(settings.dashboard_url),
        claim=settings.sign_in_claim,
        hours=settings.sign_in_hours,
        client_secret=_secret(settings, os.environ if environ is None else environ),
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise SettingsError(
            f"The setting dashboard_url is {address!r}; write the address that people open, like https://earshot.example.org."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _secret(settings: Settings, environ: Mapping[str, str]) -> str:
    if given := environ.get(SECRET, "").strip():
        return given
    if not settings.sign_in_secret_file:
        raise SettingsError(f"Sign-in needs the client's secret: in {SECRET}, or in the file sign_in_secret_file.")
    try:
        secret = Path(settings.sign_in_secret_file).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file sign_in_secret_file can't be read: {error}.") from None
    if not secret:
        raise SettingsError(f"The file {settings.sign_in_secret_file} is empty; it must hold the client's secret.")
    return secret


def is_local(address: str) -> bool:
    """Whether an address or host name is this machine's own, out of reach of every other."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def check_address(address: str, sign_in: SignIn | None) -> None:
    """Refuse, with a SettingsError, an address that others reach while nobody has to sign in."""
    if sign_in is None and not is_local(address):
        raise SettingsError(
            f"Without sign-in the dashboard opens on 127.0.0.1 alone, not on {address or 'every address'}: "
            "set sign_in_url and what goes with it (docs/settings.md), or leave dashboard_address out."
        )


def warnings(sign_in: SignIn | None) -> Iterator[str]:
    """What is allowed, but should be changed: a sentence each."""
    if sign_in is not None and not sign_in.is_encrypted and not is_local(urlsplit(sign_in.origin).hostname or ""):
        yield (
            f"People open {sign_in.origin} without TLS: calls and cookies can be read on the way. "
            "Put a proxy with a certificate before the dashboard, and let dashboard_url begin with https://."
        )
