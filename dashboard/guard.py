"""What every response carries: a session cookie for each browser, and headers that keep pages to themselves."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "earshot_session"

# No page asks anything of another machine. Styles are inline because Streamlit and wavesurfer make them so.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' {scripts}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'self'",
    )
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Gives each browser a random session id with its first page, and every response the headers above.

    The cookie can't be read by scripts and is not sent along with other sites' requests.
    """

    def __init__(self, app: ASGIApp, scripts: Iterable[str] = ()) -> None:
        """``scripts`` are hashes of inline scripts that may run: the ones in Streamlit's own page."""
        self.app = app
        self.headers = {**HEADERS, "content-security-policy": POLICY.format(scripts=" ".join(scripts))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add to the head of the response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known = bool(Request(scope).cookies.get(COOKIE))

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), known, scope.get("scheme") == "https")
            await send(message)

        await self.app(scope, receive, complete)

    def _complete(self, headers: MutableHeaders, known: bool, secure: bool) -> None:
        for name, value in self.headers.items():
            headers[name] = value
        if not known and headers.get("content-type", "").startswith("text/html"):
            cookie = f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Lax"
            headers.append("set-cookie", cookie + ("; Secure" if secure else ""))


def script_hashes(page: str) -> list[str]:
    """The inline scripts of an HTML page, as a Content-Security-Policy names them."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return [f"'sha256-{digest}'" for digest in digests]
