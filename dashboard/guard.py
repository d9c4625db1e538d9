"""What every response carries: a session cookie for each browser, and headers that keep pages to themselves."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "earshot_session"

# No page asks anything of another machine. Styles are inline because Streamlit and wavesurfer make them so.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
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
    "content-security-policy": POLICY,
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

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

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

    @staticmethod
    def _complete(headers: MutableHeaders, known: bool, secure: bool) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        if not known and headers.get("content-type", "").startswith("text/html"):
            cookie = f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Lax"
            headers.append("set-cookie", cookie + ("; Secure" if secure else ""))
