"""What commands print: counted nouns, and foreign text made harmless for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from models.records import RefusedRow


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2,000 files``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def none_loaded(count: int, rows: Sequence[RefusedRow]) -> str:
    """Why a file is refused of which every row was; ``rows`` are those at hand, in their order."""
    first = [f"The first: line {row.line_no}: {row.reason}".replace("line 0: ", "") for row in rows[:1]]
    return " ".join([f"{counted(count, 'row')} refused, none loaded.", *first])


def printable(text: str) -> str:
    """``text`` on one line: control characters and undecodable bytes become escapes."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogateescape").decode("ascii", "replace") for c in text
    )
