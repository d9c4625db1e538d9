"""CSV as people have it: any of the usual separators and encodings, with or without a byte-order mark."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from models.errors import ChangeRefused

SEPARATORS = ",;\t|"
MARKS = (b"\xff\xfe", b"\xfe\xff")
MOST_ROWS = 100
"""Lines of one record: an answer of several paragraphs."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a sheet: the line on which it begins (from 1), its cells, and its text."""

    line_no: int
    cells: tuple[str, ...]
    raw: str


def decoded(content: bytes) -> str:
    """Text of UTF-8, UTF-16 with its mark, or else what spreadsheets on Windows write. Raises ChangeRefused for others."""
    if b"\0" in content and not content.startswith(MARKS):
        raise ChangeRefused("This is no CSV file. Save the sheet as CSV, then load that.")
    try:
        return content.decode("utf-16" if content.startswith(MARKS) else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def plain(name: str) -> str:
    """A heading without accents, case, dashes, underscores and spaces around it."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.replace("-", " ").replace("_", " ").casefold().split())


class _Feed:
    """Rows one after the other from ``at`` on, at most ``MOST_ROWS`` for one record."""

    def __init__(self, rows: list[str]) -> None:
        self.rows, self.at, self.begin = rows, 0, 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.at >= min(len(self.rows), self.begin + MOST_ROWS):
            raise StopIteration
        self.at += 1
        return self.rows[self.at - 1]


def lines(text: str) -> Iterator[Line]:
    """The records of a sheet, header first, empty ones left out; a cell in quotes may run over several lines.

    A quote that is never closed would swallow the lines after it: then its line is read by itself.
    """
    rows = text.splitlines(keepends=True)
    header = next((row for row in rows if row.strip()), "")
    separator = max(SEPARATORS, key=header.count)
    feed = _Feed(rows)
    while feed.at < len(rows):
        feed.begin = feed.at
        try:
            cells = next(csv.reader(feed, delimiter=separator, strict=True), [])
        except csv.Error:
            feed.at = feed.begin + 1
            cells = _leniently(rows[feed.begin], separator)
        if any(cell.strip() for cell in cells):
            yield Line(feed.begin + 1, tuple(cells), "".join(rows[feed.begin : feed.at]).rstrip("\r\n"))


def _leniently(row: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([row.rstrip("\r\n")], delimiter=separator), [])
    except csv.Error:
        return row.rstrip("\r\n").split(separator)
