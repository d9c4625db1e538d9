"""Reading logs as bytes: once, in big pieces, hashed on the way, with everything set aside that is no plain line.

A log is known by its content: a *position* is how many bytes have been read and the SHA-256 of them, so a log that
has grown, was renamed or compressed is recognised and goes on where it was left.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from models.errors import Refused, takes_no_more

PIECE_BYTES = 8 << 20
MAX_LINE_BYTES = 65_536
"""Longer lines are refused; a line longer than a piece many times over ends the reading of the file."""
MAX_UNBROKEN_BYTES = 64 << 20
MAX_RAW = 2_000
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a log has been read: bytes, their running SHA-256, and the number of the next line (from 1)."""

    known_bytes: int
    hasher: Any
    next_line: int

    @property
    def sha256(self) -> str:
        """Digest of everything before this position."""
        return str(self.hasher.hexdigest())

    def after(self, data: bytes, lines: int) -> Position:
        """The position behind ``data``, which holds ``lines`` lines."""
        hasher = self.hasher.copy()
        hasher.update(data)
        return Position(self.known_bytes + len(data), hasher, self.next_line + lines)


@dataclass(frozen=True, slots=True)
class SetAside:
    """One line that never reaches the parser: its number in the file, the sentence why, and its text."""

    line_no: int
    reason: str
    raw: str


def beginning() -> Position:
    """The position before the first line."""
    return Position(0, hashlib.sha256(), 1)


@contextmanager
def open_log(path: Path) -> Iterator[BinaryIO]:
    """Open a log, decompressing ``.gz`` on the way. Raises Refused with a sentence when that's impossible."""
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            yield cast(BinaryIO, gzip.GzipFile(fileobj=plain) if packed else plain)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Refused(f"{path.name} is a damaged gzip file: {error}.") from error
    except OSError as error:
        if takes_no_more(error):  # what is written meanwhile finds no room
            raise
        raise Refused(f"{path.name} can't be read: {error.strerror or error}.") from error


def is_packed(path: Path) -> bool:
    """Whether the file is gzip: then it is finished, and its last line is complete without a line end."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def resume(stream: BinaryIO, known: Iterable[tuple[int, str, int]]) -> Position:
    """The farthest of the known beginnings (bytes, sha256, next line) that this log starts with.

    Leaves the stream there. Reads no farther than the longest of them.
    """
    here, best = beginning(), beginning()
    for size, sha256, next_line in sorted(known):
        here = _read_on(stream, here, size)
        if here.known_bytes < size:
            break
        if here.sha256 == sha256:
            best = replace(here, next_line=next_line)
    stream.seek(best.known_bytes)
    return best


def _read_on(stream: BinaryIO, here: Position, until: int) -> Position:
    while here.known_bytes < until and (data := stream.read(min(PIECE_BYTES, until - here.known_bytes))):
        here = here.after(data, 0)
    return here


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of a log in pieces of whole lines; only the very last piece may lack its line end."""
    carry = b""
    while block := stream.read(PIECE_BYTES):
        cut = block.rfind(b"\n") + 1
        if cut:
            yield carry + block[:cut]
            carry = block[cut:]
        else:
            carry += block
            if len(carry) > MAX_UNBROKEN_BYTES:
                raise Refused("The file has no line ends for 64 MB: it is no log.")
    if carry:
        yield carry


def clean(piece: bytes, first_line: int, marker: bytes) -> tuple[bytes, int, list[SetAside]]:
    """A piece with Unix line ends and only plain UTF-8 lines, its number of lines, and the lines set aside.

    A line set aside leaves ``marker`` in its place, so that lines keep their numbers.
    """
    if first_line == 1:
        piece = piece.removeprefix(BOM)
    if b"\r" in piece:
        piece = piece.replace(b"\r\n", b"\n")
    ends = np.frombuffer(piece, np.uint8) == ord("\n")
    if is_plain(piece, ends):
        return piece, int(np.count_nonzero(ends)), []
    good: list[bytes] = []
    aside: list[SetAside] = []
    lines = piece.removesuffix(b"\n").split(b"\n")
    for number, line in enumerate(lines, first_line):
        reason = why_not(line)
        good.append(line if reason is None else marker)
        if reason:
            aside.append(SetAside(number, reason, shown(line)))
    return b"\n".join(good) + b"\n", len(lines), aside


def is_plain(piece: bytes, ends: npt.NDArray[np.bool_]) -> bool:
    """Whether every line of the piece is surely fine; False is only a reason to look at each line.

    ends: which of its bytes are line ends (NumPy finds empty lines in a quarter of the time).
    """
    return not (
        b"\r" in piece
        or b"\0" in piece
        or (ends[1:] & ends[:-1]).any()
        or piece.startswith(b"\n")
        or not piece.endswith(b"\n")
        or has_long_line(piece)
        or not is_utf8(piece)
    )


def has_long_line(piece: bytes) -> bool:
    """Whether some stretch of half the longest line has no line end."""
    step = MAX_LINE_BYTES // 2
    return any(piece.find(b"\n", at, at + step) < 0 for at in range(0, len(piece) - step, step))


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def why_not(line: bytes) -> str | None:
    """Why a line is set aside: a sentence, '' for an empty one, None for a good one."""
    if not line.strip():
        return ""
    if len(line) > MAX_LINE_BYTES:
        return f"The line is longer than {MAX_LINE_BYTES:,} bytes."
    if b"\0" in line:
        return "The line holds zero bytes, as after a crash or a full disk."
    if b"\r" in line:
        return "The line holds a carriage return in its middle."
    return None if is_utf8(line) else "The line is not UTF-8."


def shown(line: bytes) -> str:
    """A refused line as text that any terminal and database can hold."""
    return line[:MAX_RAW].decode("utf-8", "backslashreplace").replace("\0", "\\x00").replace("\r", "\\r")
