"""Finding recordings on disk: which files there are, what they are called, the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = frozenset(
    (".wav", ".wave", ".w64", ".mp3", ".ogg", ".oga", ".opus", ".webm", ".mka", ".mkv", ".m4a", ".mp4",
    ".m4b",
     ".mov", ".aac", ".flac", ".aif", ".aiff", ".au", ".snd", ".amr", ".3gp", ".gsm", ".wma", ".asf", ".avi",
     ".caf", ".ts", ".mpg", ".mpeg")
)  # fmt: skip
"""What is taken for a recording inside a folder. A file that is named outright is tried whatever it is
called.
"""

_BLOCK = 1 << 20


def find(paths: Iterable[Path], leave_out: Path | None = None) -> Iterator[Path]:
    """Recordings under ``paths`` in sorted order, each once; files named outright come as they are.

    ``leave_out`` is a folder that is never entered: the store keeps copies of recordings itself.

    Hidden files and folders are skipped, and so are links that lead out of the folder they stand in.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _in_folder(path, leave_out) if path.is_dir() else (path,):
            if file not in seen:
                seen.add(file)
                yield file


def shown(path: Path) -> str:
    """``path`` as text that can be stored and printed: undecodable bytes and control characters as escapes."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def sha256(path: Path) -> str:
    """Hex SHA-256 of the file's bytes, read in blocks. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _in_folder(folder: Path, leave_out: Path | None) -> Iterator[Path]:
    root, closed = folder.resolve(), leave_out.resolve() if leave_out else None
    for parent, folders, names in os.walk(folder):  # doesn't follow linked folders
        if closed is not None and Path(parent).resolve() == closed:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(parent, name)
            if not name.startswith(".") and file.suffix.lower() in SUFFIXES and _stays_inside(file, root):
                yield file


def _stays_inside(file: Path, root: Path) -> bool:
    """Whether ``file`` is a plain file, or a link to one inside ``root``."""
    if file.is_symlink():
        try:
            return (target := file.resolve(strict=True)).is_relative_to(root) and target.is_file()
        except OSError:
            return False
    return file.is_file()
