"""Operational figures from CSV as people have them: any of the usual separators, encodings, dates and numbers.

Two shapes are read: a column per figure (``day,shipped,returned``), and a line per value (``day,figure,value``).
A line that can't be used is set aside with its reason; the others count.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

from models.errors import ChangeRefused
from models.sheets import SEPARATORS, decoded, plain

MAX_BYTES = 5_000_000
MAX_RAW = 300
DAY_HEADINGS = frozenset({"day", "date", "month", "week", "period", "jour", "mois", "semaine", "periode"})
FIGURE_HEADINGS = frozenset({"figure", "name", "indicator", "chiffre", "nom", "indicateur"})
VALUE_HEADINGS = frozenset({"value", "number", "valeur", "nombre"})
NAMES = {
    "shipped": "shipped", "products shipped": "shipped", "expedies": "shipped", "produits expedies": "shipped",
    "returned": "returned", "returns": "returned", "products returned": "returned", "retours": "returned",
    "produits retournes": "returned", "backorders": "backorders", "backorder": "backorders",
    "orders that wait for stock": "backorders", "commandes en attente": "backorders", "made": "made",
    "products made": "made", "fabriques": "made", "internal rejects": "internal_rejects",
    "rebuts internes": "internal_rejects", "received": "received", "goods received": "received", "recus": "received",
    "supplier rejects": "supplier_rejects", "rebuts fournisseurs": "supplier_rejects", "orders": "orders",
    "commandes": "orders", "late deliveries": "late_deliveries", "livraisons en retard": "late_deliveries",
}  # fmt: skip
"""What figures are called in headings, without accents, case, dashes and underscores → the figure."""
NOTHING = frozenset({"", "–", "n/a", "na", "nd", "none", "null"})
"""What a cell says that has no value."""
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$")
ISO_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})$", re.IGNORECASE)
LOCAL_DAY = re.compile(r"(?:(\d{1,2})[./-])?(\d{1,2})[./-](\d{4})$")
EARLIEST, LATEST = 2000, 2100


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a figure, with the line it stands on (from 1)."""

    figure: str
    day: date
    value: float
    line_no: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line that can't be used."""

    line_no: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: its values, the lines set aside, and how many lines are below the header."""

    values: tuple[Value, ...]
    refused: tuple[SetAside, ...]
    lines: int


def read(content: bytes, own: Mapping[str, str] | None = None) -> Read:
    """The values of a file. ``own``: name → figure of figures made here. Raises ChangeRefused for a file without use."""
    if len(content) > MAX_BYTES:
        raise ChangeRefused("The file is larger than 5 MB; figures take less. Is it the right one?")
    text = decoded(content)
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise ChangeRefused("The file is empty.")
    separator = max(SEPARATORS, key=lines[first].count)
    names = {**NAMES, **{plain(n): f for n, f in (own or {}).items()}}
    names |= {plain(figure): figure for figure in names.values()}
    take = _taker(_fields(lines[first], separator), names)
    values: list[Value] = []
    refused: list[SetAside] = []
    below = [(n, line) for n, line in enumerate(lines[first + 1 :], first + 2) if line.strip(" \t" + separator)]
    for line_no, line in below:
        try:
            values += take(_fields(line, separator), line_no)
        except ChangeRefused as why:
            refused.append(SetAside(line_no, str(why), line[:MAX_RAW]))
    return Read(tuple(values), tuple(refused), len(below))


class _taker:
    """Takes the values of a line, as the header says where they are. Raises ChangeRefused for a header without use."""

    def __init__(self, header: Sequence[str], names: Mapping[str, str]) -> None:
        headings = [plain(name) for name in header]
        self.names, self.width = names, len(header)
        self.day = next((n for n, name in enumerate(headings) if name in DAY_HEADINGS), -1)
        if self.day < 0:
            raise ChangeRefused("The first line must name the columns, one of them day, week or month.")
        self.figure = next((n for n, name in enumerate(headings) if name in FIGURE_HEADINGS), -1)
        self.value = next((n for n, name in enumerate(headings) if name in VALUE_HEADINGS), -1)
        self.columns = {n: names[name] for n, name in enumerate(headings) if name in names and n != self.day}
        if not self.columns and (self.figure < 0 or self.value < 0):
            raise ChangeRefused("No column is a figure that is known here. Name one as the list of figures does.")

    def __call__(self, fields: Sequence[str], line_no: int) -> list[Value]:
        """The values of one line; empty cells are none. Raises ChangeRefused."""
        if len(fields) != self.width and any(field.strip() for field in fields[self.width :]):
            raise ChangeRefused("The line has more fields than the header.")
        if len(fields) <= max(self.day, self.figure, self.value, *self.columns, 0):
            raise ChangeRefused("The line has fewer fields than the header.")
        day = day_of(fields[self.day])
        if self.figure >= 0 and self.value >= 0:
            figure = self.names.get(plain(fields[self.figure]))
            if figure is None:
                raise ChangeRefused("The figure is not known here.")
            cells = {self.value: figure}
        else:
            cells = self.columns
        filled = {figure: fields[n] for n, figure in cells.items() if plain(fields[n]) not in NOTHING}
        given = [Value(figure, day, number_of(cell), line_no) for figure, cell in filled.items()]
        if not given:
            raise ChangeRefused("The line has no value.")
        return given


def day_of(text: str) -> date:
    """The first day of what a cell names: 2026-03-02, 2026-03, 2026-W10, 02/03/2026, 03/2026. Raises ChangeRefused."""
    text = text.strip()
    try:
        if found := ISO_DAY.match(text):
            day = date(int(found[1]), int(found[2]), int(found[3] or 1))
        elif found := ISO_WEEK.match(text):
            day = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        elif found := LOCAL_DAY.match(text):
            day = date(int(found[3]), int(found[2]), int(found[1] or 1))
        else:
            raise ValueError
    except ValueError:
        raise ChangeRefused(
            "The date can't be read; write it like 2026-03-02, 2026-03, 2026-W10 or 02/03/2026."
        ) from None
    if not EARLIEST <= day.year < LATEST:
        raise ChangeRefused("The date is not of this century.")
    if day > date.today() + timedelta(days=1):
        raise ChangeRefused("The date lies in the future.")
    return day


def number_of(text: str) -> float:
    """The number of a cell: 1234.5, 1,234.5, 1 234,5, 12%. Raises ChangeRefused for anything else, and below 0."""
    kept = re.sub(r"[\s\u00a0\u202f'’%€$£]", "", text)
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", kept):
        kept = kept.replace(",", "")
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}", kept):
        kept = kept.replace(".", "").replace(",", ".")
    elif kept.count(",") == 1 and "." not in kept:
        kept = kept.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", kept) or not isfinite(float(kept)) or len(kept) > 15:
        raise ChangeRefused("The value is not a number.")
    if float(kept) < 0:
        raise ChangeRefused("The value is below 0.")
    return float(kept)


def _fields(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])
