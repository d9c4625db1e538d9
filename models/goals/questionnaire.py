"""The self-assessment as data: areas and statements in each language, read from data/self_assessment.toml."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.errors import SettingsError
from models.settings import ROOT

FILE = ROOT / "data" / "self_assessment.toml"
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; ``id`` is the area and its number; ``text`` is per language."""

    id: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Area:
    """One area with its statements; ``name`` is per language."""

    id: str
    name: Mapping[str, str]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The areas in order; ``version`` changes with every word."""

    version: str
    areas: tuple[Area, ...]

    @property
    def statements(self) -> list[tuple[Area, Statement]]:
        """Every statement with its area, in order."""
        return [(area, statement) for area in self.areas for statement in area.statements]


@lru_cache(maxsize=4)
def load(file: Path = FILE) -> Questionnaire:
    """The questionnaire of a file. Raises SettingsError with what is wrong."""
    content = file.read_bytes()
    try:
        given: dict[str, Any] = tomllib.loads(content.decode("utf-8"))
        areas = tuple(_area(one, given["languages"]) for one in given["area"])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise SettingsError(f"{file.name} can't be read: {error}.") from None
    if len({area.id for area in areas}) < len(areas) or not all(area.statements for area in areas):
        raise SettingsError(f"{file.name}: each area needs an id of its own and at least one statement.")
    return Questionnaire(hashlib.sha256(content).hexdigest()[:10], areas)


def _area(given: Mapping[str, Any], languages: list[str]) -> Area:
    name = {language: str(given["name"][language]) for language in languages}
    statements = tuple(
        Statement(f"{given['id']}.{number}", {language: str(one[language]) for language in languages})
        for number, one in enumerate(given["statements"], 1)
    )
    return Area(str(given["id"]), name, statements)
