"""Secret keys of this installation, made when they are first needed, readable by their owner alone."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from models.errors import StoreError
from models.settings import Settings

BYTES = 32


def key(settings: Settings, name: str) -> bytes:
    """The key of a name, in ``store/keys``. Raises StoreError when it is damaged."""
    path = folder(settings) / f"{name}.key"
    if not path.exists():
        folder(settings).mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(BYTES))
        try:
            os.link(draft, path)  # the first to make it wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found = path.read_bytes()
    if len(found) != BYTES:
        raise StoreError(f"The key {path} is damaged; bring it back from a backup.")
    return found


def folder(settings: Settings) -> Path:
    """Where keys lie."""
    return settings.store / "keys"


def keyed_hash(secret: bytes, kind: str, text: str) -> str:
    """HMAC-SHA256 of a value as 32 hex digits: nobody without the key can try values."""
    return hmac.new(secret, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()[:32]
