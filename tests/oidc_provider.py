"""A small OpenID Connect provider on 127.0.0.1, for tests: discovery, authorize, token, keys and the end of a session.

It signs in whom a test names, and can be told to answer wrongly.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "earshot-test", "the client's secret"


class Provider:
    """The provider's state: who signs in next, and what it gets wrong."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signing_key = self.key
        self.email = "ana@example.org"
        self.change: dict[str, Any] = {}
        """Claims to replace in the next id_tokens; None removes one."""
        self.codes: dict[str, dict[str, str]] = {}
        self.exchanges: list[dict[str, str]] = []
        self.ended: list[str] = []

    def restore(self) -> None:
        """Answer rightly again, for Ana."""
        self.email, self.change, self.signing_key = "ana@example.org", {}, self.key

    @property
    def metadata_url(self) -> str:
        """Where it describes itself."""
        return f"{self.address}/.well-known/openid-configuration"

    def describe(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where to send the browser back to."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "email": self.email}
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})

    def exchange(self, asked: dict[str, str]) -> dict[str, Any]:
        """The tokens for a code, once. Raises KeyError for a code that is not known."""
        known = self.codes.pop(asked["code"])
        self.exchanges.append(asked)
        now = int(time.time())
        claims = {
            "iss": self.address, "sub": known["email"], "aud": CLIENT, "exp": now + 600, "iat": now,
            "nonce": known.get("nonce"), "email": known["email"], "email_verified": True, **self.change,
        }  # fmt: skip
        token = jwt.encode(
            {"alg": "RS256", "kid": "one"}, {k: v for k, v in claims.items() if v is not None}, self.signing_key
        )
        return {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "expires_in": 600, "id_token": token}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            path = urlsplit(self.path).path
            if path == "/.well-known/openid-configuration":
                self.answer(provider.describe())
            elif path == "/keys":
                self.answer({"keys": [provider.key.as_dict(private=False)]})
            elif path == "/authorize":
                self.redirect(provider.authorize(asked))
            elif path == "/end":
                provider.ended.append(asked.get("post_logout_redirect_uri", ""))
                self.redirect(asked["post_logout_redirect_uri"])
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            try:
                self.answer(provider.exchange({name: values[0] for name, values in parse_qs(body).items()}))
            except KeyError:
                self.answer({"error": "invalid_grant"}, 400)

        def answer(self, value: dict[str, Any], status: int = 200) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def redirect(self, address: str) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.end_headers()

        def log_message(self, *what: object) -> None:
            """Quiet."""

    return Handler


@contextmanager
def serving_provider() -> Iterator[Provider]:
    """A provider that answers until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
