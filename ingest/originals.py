"""What becomes of a recorded file once it is loaded: it stays, goes, or goes into the store encrypted (setting ``originals``).

An encrypted original is a line per piece, each a Fernet token (AES-128-CBC with HMAC-SHA256) of its number and its bytes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from cryptography.fernet import Fernet, InvalidToken

from ingest import metadata
from ingest.files import sha256
from ingest.recordings import Result
from models.errors import EarshotError, SettingsError
from models.privacy.erasing import original_path
from models.settings import Settings

PIECE = 4 << 20
NUMBER = 8
"""Bytes of a piece's number; the last piece is empty."""


def settler(settings: Settings) -> Callable[[Result], None]:
    """What does with a loaded file what the setting says. Raises SettingsError when there is no key to encrypt with."""
    if settings.originals == "leave":
        return lambda result: None
    secret = key(settings) if settings.originals == "encrypt" else None

    def settle(result: Result) -> None:
        if result.recording is None or result.file.status != "loaded":
            return
        path, recording_id = Path(result.file.path), result.recording.recording_id
        try:
            if not path.is_file() or path.is_symlink() or sha256(path) != recording_id:
                return
            if secret is not None:
                encrypt(path, settings.store / original_path(recording_id), secret)
            sidecar = metadata.find_sidecar(path)
            path.unlink()
            if sidecar is not None:
                sidecar.unlink()
        except OSError as error:
            click.echo(f"{path.name} is loaded, but stays where it is ({error.strerror or error}).", file=sys.stderr)

    return settle


def key(settings: Settings) -> Fernet:
    """The key in the file that ``originals_key_file`` names. Raises SettingsError."""
    how = "write one with: openssl rand -base64 32 | tr '+/' '-_' > FILE, and keep it apart from the store"
    if not settings.originals_key_file:
        raise SettingsError(f"The setting originals_key_file names no key to encrypt originals with; {how}.")
    try:
        return Fernet(Path(settings.originals_key_file).read_bytes().strip())
    except (OSError, ValueError):
        raise SettingsError(f"There is no key in {settings.originals_key_file}; {how}.") from None


def encrypt(source: Path, target: Path, secret: Fernet) -> None:
    """Write ``source`` encrypted, and read it back before it counts. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with (
            source.open("rb") as plain,
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
        ):
            number, more = 0, True
            while more:
                piece = plain.read(PIECE)
                out.write(secret.encrypt(number.to_bytes(NUMBER, "big") + piece) + b"\n")
                number, more = number + 1, bool(piece)
            out.flush()
            os.fsync(out.fileno())
        with source.open("rb") as plain:
            if any(piece != plain.read(len(piece)) for piece in pieces(draft, secret)) or plain.read(1):
                raise OSError("what was encrypted can't be read back")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def pieces(source: Path, secret: Fernet) -> Iterator[bytes]:
    """The bytes of an encrypted original. Raises EarshotError for another key, and when anything of it is missing or changed."""
    with source.open("rb") as lines:
        for number, line in enumerate(lines):
            try:
                piece = secret.decrypt(line.strip())
            except InvalidToken:
                raise EarshotError(f"{source.name} was encrypted with another key, or it is damaged.") from None
            if int.from_bytes(piece[:NUMBER], "big") != number:
                raise EarshotError(f"{source.name} is damaged: a piece of it is missing.")
            if len(piece) == NUMBER:
                return
            yield piece[NUMBER:]
    raise EarshotError(f"{source.name} is cut short.")
