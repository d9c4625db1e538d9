"""The scorecard as data: criteria, cue families and languages. Read from TOML, refused with sentences when wrong."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from models.errors import ScorecardError
from models.judging.cues import BUT_NOT, EVERYBODY, Compiler, Cue, Index
from models.judging.words import Speller, plain, split_plain
from models.settings import ROOT

FILE = ROOT / "data" / "scorecard.toml"
ENGINE = 4
"""Raised when the same scorecard would judge differently: it is part of the version."""

STEM = 5
"""Letters by which two words are taken for forms of one."""
TELLING_LETTERS = 4
COMMON_WORD = 0.4
"""What a short or common word tells, where another tells 1."""

NEEDED_FAMILIES = {
    "greeting": "agent", "hold_asked": "agent", "hold_thanked": "agent", "asks_moment": "agent",
    "names_several": "agent", "confirms": "customer",
}  # fmt: skip
"""Families that the measures of conduct look for, and whose turns they look at."""

SIDES = ("opportunity", "routine", "excused", "for", "against")
"""Where a criterion lists cue families."""

Place = Literal["anywhere", "opening", "closing", "early", "after", "answer"]
When = Literal["always", "customer", "wait"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A cue family as one criterion counts it: ``points`` for each hit, ``most`` at most, from ``at_least`` hits on.

    With ``beside``, only hits count in whose turn the speaker gives a cue of that other family, too; with ``to``, only
    hits in the next two turns with which somebody answers a cue of that other family.
    """

    family: str
    points: float
    most: float
    at_least: int
    place: Place
    speaker: str
    beside: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. Texts are per language; ``prior`` is the score when the occasion arose and no cue was heard."""

    id: str
    name: Mapping[str, str]
    definition: Mapping[str, str]
    applies: Mapping[str, str]
    when: When
    opportunity: tuple[Weighed, ...]
    routine: tuple[Weighed, ...]
    excused: tuple[Weighed, ...]
    min_wait_s: float
    prior: float
    weight: float
    auto_fail: bool
    speaks_for: tuple[Weighed, ...]
    speaks_against: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Cues that mean one thing. ``reported``: they count inside reported speech; ``negated``: after a "not" too;
    ``formal``: inside the set phrases of every call too. ``but_not``: turns of phrase that look like it and are not."""

    id: str
    about: str
    reported: bool
    negated: bool
    measured: str | None
    """Name of the measure that finds it in the course of the call (models/judging/conduct.py); then it has no cues."""
    cues: Mapping[str, tuple[str, ...]]
    formal: bool = False
    but_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Tells(NamedTuple):
    """What one word tells: ``clear`` is how much, ``stem`` by what it is compared with other words ("" when it is
    short or common)."""

    clear: float
    known: bool
    stem: str


class Telling(dict[str, Tells]):
    """Plain word -> what it tells in one language, looked up once."""

    def __init__(self, common: frozenset[str], index: Index) -> None:
        super().__init__()
        self.common = common
        self.index = index

    def __missing__(self, word: str) -> Tells:
        if len(self) >= Speller.LIMIT:
            self.clear()
        clear = len(word) >= TELLING_LETTERS and word not in self.common
        known = word in self.common or (word not in ".?" and self.index.knows(word))
        self[word] = found = Tells(1.0 if clear else COMMON_WORD, known, word[:STEM] if clear else "")
        return found


@dataclass(frozen=True)
class Language:
    """What judging knows of one language."""

    id: str
    common: frozenset[str]
    telling: frozenset[str]
    """Common words that no other language of the scorecard shares."""
    negation: frozenset[str]
    negation_adjacent: frozenset[str]
    negation_after: frozenset[str]
    clause_breaks: frozenset[str]
    index: Index
    tells: Telling

    @cached_property
    def negates(self) -> frozenset[str]:
        """All words that can turn a cue round."""
        return self.negation | self.negation_adjacent | self.negation_after


@dataclass(frozen=True)
class Scorecard:
    """A valid scorecard. ``version`` is the hash of its content."""

    version: str
    content: str
    criteria: tuple[Criterion, ...]
    families: Mapping[str, Family]
    languages: Mapping[str, Language]
    assessable: Mapping[str, float]


def version_of(content: str) -> str:
    """Version of a scorecard: the same content under the same engine is the same version, on any system."""
    return hashlib.sha256(f"{ENGINE}\n{content}".replace("\r\n", "\n").encode()).hexdigest()[:12]


def load(file: Path = FILE) -> Scorecard:
    """The scorecard in ``file``. Raises ScorecardError with a sentence per problem."""
    try:
        return parse(file.read_text("utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise ScorecardError(f"{file} can't be read: {error}.") from error


@lru_cache(maxsize=4)
def parse(content: str, name: str = "scorecard.toml") -> Scorecard:
    """The scorecard written in ``content``. Raises ScorecardError with a sentence per problem."""
    from models.judging.problems import problems  # it needs the dataclasses above

    try:
        raw = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ScorecardError(f"{name} is not valid TOML: {error}.") from error
    readers = Readers(raw)
    if found := problems(raw, content, readers):
        raise ScorecardError("\n".join(f"{name}, {sentence}" for sentence in found))
    return build(raw, content, readers)


def build(raw: Mapping[str, Any], content: str, readers: Readers) -> Scorecard:
    """The scorecard of checked TOML."""
    families = {key: family(key, value) for key, value in inline_families(raw).items()}
    entries = {entry["id"]: entry for entry in raw["criterion"]}
    criteria = tuple(criterion(entry, entries.get(entry.get("like"), entry)) for entry in raw["criterion"])
    speakers = counted_for(criteria)
    languages = {code: language(code, raw, families, readers[code], speakers) for code in raw["languages"]}
    return Scorecard(version_of(content), content, criteria, families, languages, raw["assessable"])


def inline_families(raw: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """All families, also those whose cues are written inside a criterion: these are called ``criterion.for.1``."""
    found = dict(raw.get("family", {}))
    for entry in raw["criterion"]:
        for side in SIDES:
            for number, weighed in enumerate(entry.get(side, []), 1):
                if "cues" in weighed:
                    found[f"{entry['id']}.{side}.{number}"] = weighed["cues"]
    return found


def family(key: str, raw: Mapping[str, Any]) -> Family:
    """One family of checked TOML."""
    cues = {code: tuple(value) for code, value in raw.items() if isinstance(value, list)}
    about = raw.get("about", key)
    return Family(
        key, about, bool(raw.get("reported", False)), bool(raw.get("negated", False)), raw.get("measured"), cues,
        bool(raw.get("formal", False)), {code: tuple(texts) for code, texts in raw.get("but_not", {}).items()},
    )  # fmt: skip


def criterion(raw: Mapping[str, Any], occasion: Mapping[str, Any]) -> Criterion:
    """One criterion of checked TOML; ``occasion`` is the one whose occasions it shares, or itself."""
    return Criterion(
        id=raw["id"], name=raw["name"], definition=raw["definition"], applies=raw["applies"],
        when=raw["when"], opportunity=weighed(occasion, "opportunity", "customer", 1.0),
        routine=weighed(occasion, "routine", "customer", 0.5),
        excused=weighed(raw, "excused", "customer", 1.0), min_wait_s=float(raw.get("min_wait_s", 0)),
        prior=float(raw["prior"]), weight=float(raw["weight"]), auto_fail=bool(raw.get("auto_fail", False)),
        speaks_for=weighed(raw, "for"), speaks_against=weighed(raw, "against"),
    )  # fmt: skip


def counted_for(criteria: Iterable[Criterion]) -> dict[str, frozenset[str]]:
    """Family -> the speakers in whose turns its cues count; what nobody counts need not be looked for."""
    speakers = {family: frozenset([who]) for family, who in NEEDED_FAMILIES.items()}
    for c in criteria:
        for item in (*c.opportunity, *c.routine, *c.excused, *c.speaks_for, *c.speaks_against):
            who = EVERYBODY if item.speaker == "anyone" else frozenset([item.speaker])
            for family, heard_from in ((item.family, who), (item.beside, who), (item.to, EVERYBODY)):
                if family:
                    speakers[family] = speakers.get(family, frozenset()) | heard_from
    return speakers


def weighed(raw: Mapping[str, Any], side: str, speaker: str = "agent", points: float = 0.0) -> tuple[Weighed, ...]:
    """What speaks for or against a criterion, or makes it apply."""
    return tuple(
        Weighed(
            family=entry.get("family", f"{raw['id']}.{side}.{number}"), points=float(entry.get("points", points)),
            most=float(entry.get("most", entry.get("points", points))), at_least=int(entry.get("at_least", 1)),
            place=entry.get("place", "anywhere"), speaker=entry.get("speaker", speaker), beside=entry.get("beside"),
            to=entry.get("to"),
        )
        for number, entry in enumerate(raw.get(side, []), 1)
    )  # fmt: skip


class Readers(dict[str, Compiler]):
    """Language -> the reader of its cues, made when it is first asked for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        super().__init__()
        self.raw = raw

    def __missing__(self, code: str) -> Compiler:
        self[code] = reader_of(json.dumps(self.raw["language"][code], sort_keys=True))
        return self[code]


@lru_cache(maxsize=8)
def reader_of(written: str) -> Compiler:
    """The reader of one language, given its section as JSON: the next version of a scorecard finds its cues read."""
    given = json.loads(written)
    return Compiler(spelling(given), given.get("lists", {}), common(given), given.get("prefixes", ""))


def common(given: Mapping[str, Any]) -> frozenset[str]:
    """The common words of a language, plain."""
    return frozenset(part for word in given["common"].split() for part in split_plain(plain(word)))


def spelling(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Plain spelling -> the words it stands for."""
    return {plain(k): tuple(plain(w) for w in v.split()) for k, v in given.get("spelling", {}).items()}


CONTEXTS = ("reported", "negation_exceptions", "formalities")
"""Lists of cues that each language has for itself: they tell how other cues are meant."""


def language(
    code: str,
    raw: Mapping[str, Any],
    families: Mapping[str, Family],
    reader: Compiler,
    speakers: Mapping[str, frozenset[str]],
) -> Language:
    """One language of checked TOML, with every cue read and filed for the speakers in whose turns it counts."""
    given = raw["language"][code]
    cues: list[Cue] = [c for f in families.values() for text in f.cues.get(code, ()) for c in reader.ways(f.id, text)]
    cues += [c for context in CONTEXTS for text in given.get(context, ()) for c in reader.ways(f"_{context}", text)]
    cues += [
        c for f in families.values() for text in f.but_not.get(code, ()) for c in reader.ways(f"{BUT_NOT}{f.id}", text)
    ]
    others = frozenset[str]().union(*(common(raw["language"][o]) for o in raw["languages"] if o != code))
    words = common(given)
    counts_for = {f.id: speakers.get(f.id, frozenset()) for f in families.values()}
    not_misheard = plain_set(given, "not_misheard")
    index = Index(cues, reader.speller.spelling, words, not_misheard, reader.prefixes, counts_for)
    return Language(
        code, words, words - others, plain_set(given, "negation"), plain_set(given, "negation_adjacent"),
        plain_set(given, "negation_after"), plain_set(given, "clause_breaks"), index,
        Telling(words, index),
    )  # fmt: skip


def plain_set(given: Mapping[str, Any], key: str) -> frozenset[str]:
    """A list of words of a language, plain."""
    return frozenset(plain(word) for word in given.get(key, ()))
