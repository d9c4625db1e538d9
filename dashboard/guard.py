"""What every response carries: a session cookie for each browser, and headers that keep pages to themselves."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.access.sign_in import is_local

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


BEHIND_THE_DOOR = ("/media/", "/_stcore/upload_file")
"""Streamlit's routes that serve or take files by an address alone: what people save, for one."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in: with sign-in, whoever ``is_known`` by their cookies; without, requests to this machine by name."""

    is_known: Callable[[Mapping[str, str]], bool] | None = None
    is_encrypted: bool = False
    local_only: bool = False


class Guard:
    """Gives each browser a random session id with its first page, and every response the headers above.

    The cookie can't be read by scripts and is not sent along with other sites' requests.
    """

    def __init__(self, app: ASGIApp, scripts: Iterable[str] = (), door: Door = Door()) -> None:
        """``scripts`` are hashes of inline scripts that may run: the ones in Streamlit's own page."""
        self.app = app
        self.door = door
        self.headers = {**HEADERS, "content-security-policy": POLICY.format(scripts=" ".join(scripts))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, if it may come in; add to the head of the response."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        refused = self._refused(asked)
        if scope["type"] == "websocket":
            if refused:
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self.app(scope, receive, send)
            return
        known = bool(asked.cookies.get(COOKIE))

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure = self.door.is_encrypted or scope.get("scheme") == "https"
                self._complete(MutableHeaders(scope=message), known, secure)
            await send(message)

        app = PlainTextResponse(refused, 403) if refused else self.app
        await app(scope, receive, complete)

    def _refused(self, asked: HTTPConnection) -> str:
        """Why a request may not come in; empty when it may."""
        if self.door.local_only and not is_local(_host(asked.headers.get("host", ""))):
            # a name of this machine that another site gave it, or a proxy in front: both would make everybody an admin
            return "Without sign-in, Earshot answers on this machine alone: open it as http://127.0.0.1"
        if self.door.is_known and asked.url.path.startswith(BEHIND_THE_DOOR) and not self.door.is_known(asked.cookies):
            return "forbidden"
        return ""

    def _complete(self, headers: MutableHeaders, known: bool, secure: bool) -> None:
        for name, value in self.headers.items():
            headers[name] = value
        if not known and headers.get("content-type", "").startswith("text/html"):
            cookie = f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Lax"
            headers.append("set-cookie", cookie)
        if secure:
            given = headers.getlist("set-cookie")
            del headers["set-cookie"]
            for one in given:
                headers.append("set-cookie", one if "; secure" in one.lower() else one + "; Secure")


def _host(header: str) -> str:
    """The host that a Host header names, without its port."""
    return header[: header.find("]") + 1] if header.startswith("[") else header.partition(":")[0]


def script_hashes(page: str) -> list[str]:
    """The inline scripts of an HTML page, as a Content-Security-Policy names them."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return [f"'sha256-{digest}'" for digest in digests]
