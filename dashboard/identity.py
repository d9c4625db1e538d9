"""Who is behind a page or a request: what the provider said at sign-in, checked again each time.

Streamlit (with Authlib) checks state, nonce, signature, issuer and expiry when somebody comes back from the provider, and
keeps the claims in a signed cookie. Here we ask more of them: that they were made for us, and not too long ago.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Mapping
from typing import Any

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from dashboard.tokens import signing_key
from models.access.sign_in import SignIn, configured
from models.settings import Settings

COOKIE = "_streamlit_user"
"""Streamlit's cookie with the claims, signed with our key."""

CLOCKS_DIFFER_S = 300


@functools.lru_cache(maxsize=8)
def provider(settings: Settings) -> SignIn | None:
    """The provider that the settings name; None when nobody has to sign in. Raises SettingsError."""
    return configured(settings)


def cookie_secret(settings: Settings) -> str:
    """What sign-in cookies are signed with: made at random on first use, readable by its owner alone."""
    return signing_key(settings.store / "sign-in.key").hex()


def secrets(settings: Settings, sign_in: SignIn) -> dict[str, Any]:
    """What Streamlit must know to let people sign in, for ``st.App``."""
    return {
        "auth": {
            "redirect_uri": sign_in.redirect_uri,
            "cookie_secret": cookie_secret(settings),
            "client_id": sign_in.client_id,
            "client_secret": sign_in.client_secret,
            "server_metadata_url": sign_in.metadata_url,
        }
    }


def name_in(claims: Mapping[str, Any], sign_in: SignIn, now_s: float | None = None) -> str | None:
    """The name that a provider's claims give somebody, in lower case.

    None when they were made for another client, too long ago, say that the address was not verified, or name nobody.
    """
    now_s = time.time() if now_s is None else now_s
    name, made_at, meant_for = claims.get(sign_in.claim), claims.get("iat"), claims.get("aud")
    if claims.get("is_logged_in") is not True or not isinstance(name, str) or not name.strip():
        return None
    if sign_in.client_id not in (meant_for if isinstance(meant_for, list) else [meant_for]):
        return None
    if sign_in.claim == "email" and str(claims.get("email_verified", True)).lower() != "true":
        return None
    if isinstance(made_at, bool) or not isinstance(made_at, int | float):
        return None
    if not -CLOCKS_DIFFER_S <= now_s - made_at <= sign_in.hours * 3600:
        return None
    return name.strip().lower()


def name_of(cookies: Mapping[str, str], settings: Settings) -> str | None:
    """Who sends these cookies; None without a valid sign-in of this dashboard."""
    sign_in = provider(settings)
    if sign_in is None:
        return None
    secret = cookie_secret(settings)

    def one(name: str) -> bytes | None:
        return (
            decode_signed_value(secret, name, cookies[name].encode("latin-1", "replace")) if name in cookies else None
        )

    try:
        claims = json.loads(get_cookie_with_chunks(one, COOKIE) or b"null")
    except ValueError:
        return None
    if not isinstance(claims, dict) or claims.get("origin") != sign_in.origin:
        return None
    return name_in(claims, sign_in)
