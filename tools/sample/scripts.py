"""The scripts of the recorded calls: `scripts/*.toml`, one two-party call a file.

A script says who speaks (`agent`, `customer`), with which voice, and what, word for word: numbers are written
as they are spoken. A turn is `[speaker, text]` or `[speaker, text, { gap_s = seconds }]`, where `gap_s` is the
silence before the turn; a negative gap is an interruption (the turn starts before the last one has ended).
"""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SCRIPT_DIR = Path(__file__).parent / "scripts"
SPEAKERS = ("agent", "customer")


@dataclass(frozen=True)
class ScriptTurn:
    """One turn as written: the speaker, the words, and the silence before it in seconds (None: by chance)."""

    speaker: str
    text: str
    gap_s: float | None


@dataclass(frozen=True)
class When:
    """When the call reached its queue: week 1 to 8 of the sample, weekday, time of day; then the wait in seconds."""

    week: int
    day: str
    time: str
    wait_s: int


@dataclass(frozen=True)
class Script:
    """One recorded call before it is spoken, with what was planted in it (`problem`, `met`, `not_met`, `notes`)."""

    call: str
    queue: str
    agent: str
    customer: str
    problem: str
    mood: str
    notes: str
    voices: dict[str, str]
    levels_db: dict[str, float]
    when: When
    met: tuple[str, ...]
    not_met: tuple[str, ...]
    turns: tuple[ScriptTurn, ...]


def _turn(raw: list) -> ScriptTurn:
    """A turn from its TOML form."""
    options = raw[2] if len(raw) > 2 else {}
    if raw[0] not in SPEAKERS or set(options) - {"gap_s"}:
        raise ValueError(f"not a turn: {raw}")
    return ScriptTurn(raw[0], raw[1], options.get("gap_s"))


def read_script(path: Path) -> Script:
    """Read one script; ValueError, KeyError or TypeError if it is malformed."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    raw["when"] = When(**raw["when"])
    raw["turns"] = tuple(_turn(turn) for turn in raw["turns"])
    raw["met"], raw["not_met"] = tuple(raw["met"]), tuple(raw["not_met"])
    raw.setdefault("levels_db", dict.fromkeys(SPEAKERS, 0.0))
    return Script(**raw)


def read_scripts(folder: Path = SCRIPT_DIR) -> list[Script]:
    """All scripts, in the order of their file names."""
    return [read_script(path) for path in sorted(folder.glob("*.toml"))]


def word_counts(scripts: list[Script]) -> Counter[str]:
    """How often each lower-cased word is spoken in all scripts together."""
    words: Counter[str] = Counter()
    for script in scripts:
        for turn in script.turns:
            words.update(re.findall(r"[a-z']+", turn.text.lower()))
    return words
