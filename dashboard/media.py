"""The two private routes beside the pages: the sound of a call, and what of it was really heard.

Both ask for a pass (see dashboard.tokens) that holds for one person, one call and one browser session.
File names never come from the request: an id is looked up in the snapshot.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard import identity, session
from dashboard.guard import COOKIE
from dashboard.snapshot import cursor, rows
from dashboard.tokens import Pass, Tokens
from models import audit
from models.access import limits
from models.app_store import AppStore, Heard
from models.errors import StoreError, whole
from models.intervals import shift
from models.settings import Settings
from models.store import query

TOKEN_HEADER = "x-earshot-token"  # noqa: S105 - the name of a header
MAX_BODY = 16_384
MAX_INTERVALS = 400
REMEMBERED_PASSES = 10_000
log = logging.getLogger(__name__)
MEDIA_TYPES = {
    ".webm": "audio/webm",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
}
PRIVATE = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}


class Report:
    """What the player says it played: stretches and position in seconds of one recording."""

    def __init__(self, body: bytes) -> None:
        """Raises ValueError for anything that is not a report."""
        try:
            given = json.loads(body)
            self.recording_id = str(given["recording_id"])
            self.position_s = _finite(given["position_s"])
            self.intervals = [(_finite(a), _finite(b)) for a, b in given["intervals"]]
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise ValueError("not a report") from error
        if len(self.intervals) > MAX_INTERVALS:
            raise ValueError("too many stretches")


class Media:
    """The routes over one store."""

    def __init__(self, settings: Settings, tokens: Tokens | None = None) -> None:
        self.settings = settings
        self.tokens = tokens or Tokens(settings.store)
        self.store = AppStore(settings)
        self._logged: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def routes(self) -> list[Route]:
        """For ``st.App``: they come before Streamlit's own."""
        return [
            Route("/api/audio/{recording_id}", self.audio, methods=["GET", "HEAD"]),
            Route("/api/listen", self.listen, methods=["POST"]),
        ]

    def audio(self, request: Request) -> Response:
        """The listening copy of one recording, whole or in ranges, to whoever holds a pass to its call.

        Nobody hears what can't be noted as heard: with a disk that takes no more there is no sound either.
        """
        try:
            return self._audio(request)
        except StoreError as error:
            return _unavailable(error)

    def _audio(self, request: Request) -> Response:
        token = request.query_params.get("token", "")
        allowed = self._pass(request, token)
        if allowed is None:
            return _plain("forbidden", 403)
        recording = self._recording(request.path_params["recording_id"])
        if recording is None or recording["call_id"] != allowed.call_id:
            return _plain("forbidden", 403)
        path = self._audio_file(recording["audio_path"])
        if path is None:
            return _plain("not found", 404)
        if request.method == "GET":
            self._log_once(token, allowed)
        return FileResponse(path, media_type=MEDIA_TYPES[path.suffix.lower()], headers=PRIVATE)

    async def listen(self, request: Request) -> Response:
        """Add what was really heard; answers with what is now known of the call and the week.

        Where it can't be written now, the player keeps it and tells it again later.
        """
        try:
            return await self._listen(request)
        except StoreError as error:
            return _unavailable(error)

    async def _listen(self, request: Request) -> Response:
        allowed = await run_in_threadpool(self._pass, request, request.headers.get(TOKEN_HEADER, ""))
        if allowed is None:
            return _plain("forbidden", 403)
        body = await _body(request)
        if body is None:
            return _plain("too large", 413)
        try:
            report = Report(body)
        except ValueError:
            return _plain("bad request", 400)
        heard = await run_in_threadpool(self._record, allowed, report)
        if heard is None:
            return _plain("forbidden", 403)
        return JSONResponse({"call_s": heard.call_s, "week_s": heard.week_s}, headers=PRIVATE)

    def _record(self, allowed: Pass, report: Report) -> Heard | None:
        recording = self._recording(report.recording_id)
        if recording is None or recording["call_id"] != allowed.call_id:
            return None
        offset_s, end_s = recording["offset_s"], recording["offset_s"] + recording["duration_s"]
        return self.store.record_heard(
            allowed.user,
            allowed.call_id,
            [(max(a, offset_s), min(b, end_s)) for a, b in shift(report.intervals, offset_s)],
            report.position_s + offset_s,
            recording["call_duration_s"],
        )

    def _pass(self, request: Request, token: str) -> Pass | None:
        """The pass of whoever asks; None also when somebody else has signed in since, or nobody is signed in."""
        allowed = self.tokens.read(token, request.cookies.get(COOKIE, ""))
        if allowed is None or identity.provider(self.settings) is None:
            return allowed
        if identity.name_of(request.cookies, self.settings) != allowed.user:
            return None
        if self._may_see(allowed):
            return allowed
        audit.note(self.store, allowed.user, "refused", call_id=allowed.call_id, detail="sound")
        return None

    def _may_see(self, allowed: Pass) -> bool:
        """Whether the call is within the person's limits as they are now, not as they were when the pass was made."""
        who = session.known(self.settings, allowed.user)
        con = cursor(self.settings) if who.roles else None
        if con is None:
            return False
        with con:
            return limits.allows(con, who.limits, allowed.call_id)

    def _recording(self, recording_id: str) -> dict[str, Any] | None:
        found = rows(self.settings, query("recording"), recording_id=recording_id)
        return found[0] if found else None

    def _audio_file(self, audio_path: str | None) -> Path | None:
        """The file behind a stored path; None if there is none, or it lies outside the store's audio folder."""
        if not audio_path:
            return None
        folder = (self.settings.store / "audio").resolve()
        path = (self.settings.store / audio_path).resolve()
        inside = path.is_relative_to(folder) and path.suffix.lower() in MEDIA_TYPES
        return path if inside and path.is_file() else None

    def _log_once(self, token: str, allowed: Pass) -> None:
        """One row in heard_log per pass, however many ranges the browser asks for."""
        key = hashlib.sha256(token.encode()).hexdigest()
        with self._lock:
            if key in self._logged:
                return
            self.store.log_heard(allowed.user, allowed.call_id, "sound")
            self._logged[key] = None
            if len(self._logged) > REMEMBERED_PASSES:
                self._logged.popitem(last=False)


async def _body(request: Request) -> bytes | None:
    """The request's body, or None as soon as it is larger than a report can be."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body


def _finite(value: object) -> float:
    number = float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise ValueError("not a number of seconds")
    return number


def _unavailable(error: StoreError) -> Response:
    """What is wrong goes to the log, for whoever runs the server; the player keeps a report and tells it again."""
    log.log(logging.WARNING, "%s", whole(error))
    return _plain("not now", 503)


def _plain(text: str, status: int) -> Response:
    return PlainTextResponse(text, status, headers=PRIVATE)
