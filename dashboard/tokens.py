"""Short-lived passes to the sound of one call: who, which call, and the browser session they hold for.

A pass travels in the address of the sound, because an audio element sends no headers; the session cookie
must come along, so an address that leaks is worth nothing in another browser.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

LIFETIME_S = 4 * 3600
"""A pass outlives one sitting; the page makes a new one when its own has reached half of this age."""
KEY_BYTES = 32
LETTERS = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Pass:
    """What a valid token stands for."""

    user: str
    call_id: str


class Tokens:
    """Makes and reads passes, signed with the store's own key."""

    def __init__(self, store: Path) -> None:
        self._serializer = URLSafeTimedSerializer(signing_key(store / "dashboard.key"), salt="earshot.sound.1")

    def mint(self, user: str, call_id: str, session: str) -> str:
        """A token with which ``user``, in the browser session ``session``, may hear ``call_id``."""
        return str(self._serializer.dumps([user, call_id, _fingerprint(session)]))

    def read(self, token: str, session: str, lifetime_s: int = LIFETIME_S) -> Pass | None:
        """The pass that a token stands for, or None: forged, too old, or from another session."""
        if not LETTERS.fullmatch(token):  # decoding skips other letters: they must not make a second token of one
            return None
        try:
            user, call_id, fingerprint = self._serializer.loads(token, max_age=lifetime_s)
        except (BadData, TypeError, ValueError):
            return None
        if not session or not secrets.compare_digest(str(fingerprint), _fingerprint(session)):
            return None
        return Pass(str(user), str(call_id))


def signing_key(path: Path) -> bytes:
    """The key in ``path``, made at random on first use and readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
            with contextlib.suppress(FileExistsError):  # another process was first: its key counts
                os.link(draft, path)
        finally:
            Path(draft).unlink()
    return path.read_bytes()


def _fingerprint(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()[:32]
