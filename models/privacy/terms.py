"""What somebody is called, as patterns that DuckDB and Python both read, and its replacement in any text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import phonenumbers

SHORTEST = 5
"""Shorter ids and names are replaced only where they are all that stands there: "7" is in every other number."""
ANYWHERE = 6
"""From this length on a term is replaced inside of words, too."""
EDGE = "[^0-9A-Za-z]"


@dataclass(frozen=True)
class Terms:
    """The terms that name one customer, and what stands in their place from now on."""

    terms: tuple[str, ...]
    token: str

    @cached_property
    def patterns(self) -> list[tuple[str, str]]:
        """(pattern, replacement) pairs; a replacement names groups as ``\\1``."""
        said = [t for t in self.terms if len(t) >= SHORTEST]
        long = [spaced(t) for t in said if len(t) >= ANYWHERE]
        short = [spaced(t) for t in said if len(t) < ANYWHERE]
        found = [(f"(?i)(?:{'|'.join(long)})", self.token)] if long else []
        if short:
            found.append((f"(?i)(^|{EDGE})(?:{'|'.join(short)})($|{EDGE})", rf"\1{self.token}\2"))
        return found

    def without(self, text: str) -> str:
        """``text`` with the token in place of every term."""
        if text in self.terms:
            return self.token
        for pattern, replacement in self.patterns:
            text = re.sub(pattern, replacement, text)
        return text

    def name(self, text: str) -> bool:
        """Whether a text names the customer."""
        return self.without(text) != text


def spaced(term: str) -> str:
    """A term as a pattern; between its words may stand any space."""
    return r"\s+".join(re.escape(word) for word in term.split())


def variants(values: Iterable[str], regions: Sequence[str]) -> tuple[str, ...]:
    """Values and the other ways in which they are written: telephone numbers abroad and at home, JSON, digits alone."""
    found: set[str] = set()
    for value in (" ".join(v.split()) for v in values):
        if not value:
            continue
        found |= {value, json.dumps(value)[1:-1]}
        digits = "".join(c for c in value if c.isdigit())
        if len(digits) >= 8 and not any(c.isalpha() for c in value):
            found |= {digits, *_numbers(value, regions)}
    return tuple(sorted(found, key=lambda t: (-len(t), t)))


def _numbers(value: str, regions: Sequence[str]) -> set[str]:
    """A telephone number as it is written in and out of the country, for every region in which it is valid."""
    found: set[str] = set()
    for region in regions:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            for form in (0, 1, 2):
                text = phonenumbers.format_number(number, form)
                found |= {text, "".join(c for c in text if c.isdigit())}
    return found
