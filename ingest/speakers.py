"""Who is who: which lane is the agent, by what is said. The cues are data, in ``data/speaker_cues.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.records import Speaker
from models.settings import ROOT

CUES = ROOT / "data" / "speaker_cues.toml"
STRONG, WEAK = 3.0, 1.0
MARGIN = 3.0
"""How far the lanes' scores must lie apart: one strong cue, or three weak ones. Below it, roles stay unknown.
"""


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase, and how much it speaks for the agent (positive) or the customer (negative)."""

    phrase: re.Pattern[str]
    weight: float


def agent_lane(texts: Sequence[str], language: str | None) -> int | None:
    """Which of two lanes is the agent's, from what is said on them; None when the cues don't say clearly.

    ``language`` chooses the cues; all languages' cues are tried where there are none for it.
    """
    if len(texts) != 2:
        return None
    scores = [agent_score(text, language) for text in texts]
    if abs(scores[0] - scores[1]) < MARGIN:
        return None
    return int(scores[1] > scores[0])


def roles(agent: int | None, lanes: int = 2) -> list[Speaker]:
    """The speaker of each lane, given which is the agent's."""
    if agent is None:
        return ["unknown"] * lanes
    return ["agent" if lane == agent else "customer" for lane in range(lanes)]


def agent_score(text: str, language: str | None) -> float:
    """How much ``text`` sounds like an agent's (positive) or a customer's (negative) words."""
    plain = plain_words(text)
    return sum(cue.weight for cue in _cues_for(language) if cue.phrase.search(plain))


def plain_words(text: str) -> str:
    """``text`` in lower case without accents and punctuation, one space before, between and after its words."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " " + " ".join(re.findall(r"[^\W_]+", bare)) + " "


def _cues_for(language: str | None) -> tuple[Cue, ...]:
    by_language = load_cues()
    return by_language.get(language or "") or tuple(c for cues in by_language.values() for c in cues)


@functools.cache
def load_cues(file: Path = CUES) -> dict[str, tuple[Cue, ...]]:
    """Cues by language code."""
    given = tomllib.loads(file.read_text("utf-8"))
    return {language: tuple(_read(sides)) for language, sides in given.items()}


def _read(sides: dict[str, dict[str, list[str]]]) -> list[Cue]:
    signs, weights = {"agent": 1.0, "customer": -1.0}, {"strong": STRONG, "weak": WEAK}
    return [
        Cue(_pattern(phrase), signs[side] * weights[strength])
        for side, by_strength in sides.items()
        for strength, phrases in by_strength.items()
        for phrase in phrases
    ]


def _pattern(phrase: str) -> re.Pattern[str]:
    """A phrase as a search on plain words; ``*`` stands for one to three words."""
    parts = [re.escape(plain_words(part)) for part in phrase.split("*")]
    return re.compile(r"(?:\w+ ){0,2}\w+".join(parts))
