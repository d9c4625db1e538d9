"""What the sample calls say, so that the model never trains on it and its error rate on them is honest.

Scripts are TOML files with `turns = [["agent", "text"], ...]` (options may follow the text)."""

import re
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from tools.speech_model.paths import SCRIPTS

RUN = 6  # words in a row that training may not share with a script
FREE = 2  # "Yes, please." may open a longer utterance, though it may not be one


def words(text: str) -> tuple[str, ...]:
    """Normalised words: lower case, apostrophes kept, all else a gap."""
    return tuple(re.findall(r"[a-z']+", text.lower()))


def sentences(text: str) -> list[tuple[str, ...]]:
    """The words of every sentence of a text."""
    return [found for part in re.split(r"[.?!]+", text) if (found := words(part))]


def runs(found: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Every RUN words in a row."""
    return {found[at : at + RUN] for at in range(len(found) - RUN + 1)}


class HeldOut:
    """The turns that training must not meet."""

    def __init__(self, turns: Iterable[str]):
        self.turns = list(turns)
        self.whole = {words(turn) for turn in self.turns}
        self.whole |= {sentence for turn in self.turns for sentence in sentences(turn)}
        self.runs = {run for turn in self.turns for run in runs(words(turn))}

    @classmethod
    def of_sample_scripts(cls, folder: Path = SCRIPTS) -> "HeldOut":
        """The turns of every script of the sample calls (none where there are no scripts yet)."""
        scripts = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]
        return cls(text for script in scripts for _, text, *_ in script.get("turns", []))

    def holds(self, text: str) -> bool:
        """Whether an utterance is a script's sentence or turn, contains one, or shares RUN words in a row."""
        found = words(text)
        parts = [part for part in sentences(text) if len(part) > FREE]
        return found in self.whole or any(part in self.whole for part in parts) or bool(runs(found) & self.runs)

    @cached_property
    def vocabulary(self) -> set[str]:
        """Every word that the scripts use."""
        return {word for turn in self.turns for word in words(turn)}
