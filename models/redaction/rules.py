"""The rules of data/redaction.toml, read once: which words are digits, which phrases tell what digits are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.judging.words import plain
from models.settings import ROOT

FILE = ROOT / "data" / "redaction.toml"
OTHER = "other"
"""Label of digits that are nobody's secret: an order number, a price."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Number words of all languages, each with its value."""

    units: Mapping[str, int]
    teens: Mapping[str, int]
    tens: Mapping[str, int]
    hundred: frozenset[str]
    thousand: frozenset[str]
    joint: frozenset[str]
    times: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything the finder looks up. ``cues`` is first word -> (words, label), the longest first."""

    marks: Mapping[str, str]
    numbers: Numbers
    spoken: frozenset[str]
    """All words that stand for digits or letters: most words are none of them."""
    alphabet: frozenset[str]
    as_in: frozenset[str]
    fillers: frozenset[str]
    cues: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
    harmless: re.Pattern[str]
    """Times, days and prices as they are written."""
    card: re.Pattern[str]
    card_fewest: int
    bank: re.Pattern[str]
    bank_fewest: int
    national_valid: tuple[str, ...]
    national_shapes: tuple[re.Pattern[str], ...]
    national_written: tuple[re.Pattern[str], ...]
    national_fewest: int
    parts_fewest: Mapping[str, int]
    phone_fewest: int
    phone_most: int
    email: Mapping[str, frozenset[str]]
    password: Mapping[str, frozenset[str]]
    password_most: int
    password_words: frozenset[str]
    """The first words of its cues."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of secrets there are."""
        return tuple(self.marks)


@cache
def rules(file: Path = FILE) -> Rules:
    """The rules of a file, Earshot's own by default."""
    given = tomllib.loads(file.read_text("utf-8"))
    words, spelling, password = given["numbers"], given["spelling"], dict(given["password"])
    national = given["national"]
    most = int(password.pop("most_words"))
    numbers = Numbers(
        units=_valued(words["units"], 0, 1),
        teens=_valued(words["teens"], 10, 1),
        tens=_valued(words["tens"], 20, 10),
        hundred=frozenset(words["hundred"]),
        thousand=frozenset(words["thousand"]),
        joint=frozenset(words["and"]),
        times=words["times"],
    )
    values = {*numbers.units, *numbers.teens, *numbers.tens, *numbers.hundred, *numbers.thousand, *numbers.times}
    return Rules(
        marks=given["marks"],
        numbers=numbers,
        spoken=frozenset(values | set(spelling["alphabet"])),
        alphabet=frozenset(spelling["alphabet"]), as_in=frozenset(spelling["as_in"]), fillers=frozenset(spelling["fillers"]),
        cues=_cues(given["cues"]),
        harmless=_harmless(given["harmless"]),
        card=re.compile(given["card"]["issuers"]), card_fewest=given["card"]["fewest_asked"],
        bank=re.compile(given["bank"]["shape"]), bank_fewest=given["bank"]["fewest_asked"],
        national_valid=tuple(national["valid"]), national_fewest=national["fewest_asked"],
        national_shapes=tuple(map(re.compile, national["shapes"])),
        national_written=tuple(map(re.compile, national["written"])),
        parts_fewest=given["parts"],
        phone_fewest=given["phone"]["fewest_asked"], phone_most=given["phone"]["most"],
        email={name: frozenset(values) for name, values in given["email"].items()},
        password={name: frozenset(values) for name, values in password.items()}, password_most=most,
        password_words=frozenset(plain(p.split()[0]) for p in given["cues"]["password"]["phrases"]),
    )  # fmt: skip


def _valued(names: Sequence[Sequence[str]], first: int, step: int) -> dict[str, int]:
    return {plain(name): first + n * step for n, group in enumerate(names) for name in group}


def _harmless(given: Mapping[str, Any]) -> re.Pattern[str]:
    months = "|".join(map(re.escape, given["months"]))
    return re.compile("|".join(shape.replace("{month}", months) for shape in given["shapes"]), re.IGNORECASE)


def _cues(given: Mapping[str, Any]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for label, entry in given.items():
        for phrase in entry["phrases"]:
            words = tuple(plain(word) for word in phrase.split())
            found.setdefault(words[0], []).append((words, label))
    for phrases in found.values():
        phrases.sort(key=lambda p: -len(p[0]))
    return found
