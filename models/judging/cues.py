"""The cue language, and looking thousands of cues up in a line at once.

    sorry to hear        these words, one after the other (contractions and accents don't matter)
    frustrat*            any word that begins so
    (wait|hold)          one of these; (very|) may be left out
    {number}             one of a named list of words
    ..   ...   ~         up to two, up to five, any number of words in between, within the sentence
    ^    $    ?          beginning of a sentence, its end, its end with a question mark

A cue becomes a regular expression over the words of a line. Each cue is filed under the rarest word that it can't do
without, so that a turn tries only the few cues of which it has that word. Words that no cue and no list of common
words knows are compared with the cues' longer words, and read as the closest within a letter or two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from models.judging.words import Line, Speller, plain

PIECE = re.compile(r"\.\.\.|\.\.|~|\{[a-z_]+\}|[()|^$?]|[^\s(){}|^$?~]+")
GAPS = {
    "..": "(?:[^ .?]+ ){0,2}?", "...": "(?:[^ .?]+ ){0,5}?", "~": "(?:[^ .?]+ )*?",
    "^": "(?<=[.?] )", "$": "(?=[.?] )", "?": r"\? ", "*": "[^ .?]+ ",
}  # fmt: skip
MISHEARD_FROM = 6
"""Shortest word, in letters, that may be one letter off; from nine letters on, two."""


class BadCue(ValueError):
    """A cue that can't be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A compiled piece of a cue: its expression, and the words of which a line must have one (None: not needed)."""

    regex: str
    needs: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue of a family, compiled. ``needs`` end in ``*`` where a beginning is enough."""

    family: str
    text: str
    pattern: re.Pattern[str]
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A cue found in a line, from word ``first`` to ``last``, both included."""

    family: str
    cue: str
    first: int
    last: int


class Compiler:
    """Reads cues of one language: ``spelling`` as in Speller, named ``lists``, one-letter ``prefixes`` (Hebrew)."""

    def __init__(
        self,
        spelling: Mapping[str, tuple[str, ...]],
        lists: Mapping[str, Sequence[str]],
        common: frozenset[str],
        prefixes: str = "",
    ) -> None:
        self.speller = Speller(spelling)
        self.lists = lists
        self.common = common
        self.prefixes = prefixes

    def cue(self, family: str, text: str) -> Cue:
        """One cue. Raises BadCue with a reason."""
        part, rest = self._sequence(PIECE.findall(text), 0)
        if rest:
            raise BadCue("has a closing bracket without its opening one" if rest[0] == ")" else "has | outside brackets")
        if not part.needs:
            raise BadCue("has no word that must be there")
        return Cue(family, text, re.compile(f"(?<= ){part.regex}"), part.needs)

    def _sequence(self, pieces: list[str], depth: int) -> tuple[Part, list[str]]:
        """The pieces up to a | or ) of this bracket, and those that are left."""
        parts: list[Part] = []
        while pieces and not (pieces[0] in ("|", ")")):
            piece, pieces = pieces[0], pieces[1:]
            if piece == "(":
                part, pieces = self._choice(pieces, depth + 1)
                parts.append(part)
            else:
                parts += self._piece(piece)
        needed = [p.needs for p in parts if p.needs]
        best = min(needed, key=self._frequency, default=None)
        return Part("".join(p.regex for p in parts), best), pieces

    def _choice(self, pieces: list[str], depth: int) -> tuple[Part, list[str]]:
        """What stands in brackets."""
        branches: list[Part] = []
        while True:
            branch, pieces = self._sequence(pieces, depth)
            branches.append(branch)
            if not pieces:
                raise BadCue("has an opening bracket without its closing one")
            end, pieces = pieces[0], pieces[1:]
            if end == ")":
                break
        return either(branches), pieces

    def _piece(self, piece: str) -> Iterator[Part]:
        if piece in GAPS:
            yield Part(GAPS[piece], None)
        elif piece[0] == "{":
            yield self._list(piece[1:-1])
        elif piece.endswith("*"):
            stem = plain(piece[:-1])
            if len(stem) < 2:
                raise BadCue(f"has {piece!r}, which would fit almost any word")
            yield Part(f"{self._prefix(stem)}{re.escape(stem)}[^ ]* ", frozenset([stem + "*"]))
        else:
            for word in self.speller[plain(piece)]:
                yield Part(f"{self._prefix(word)}{re.escape(word)} ", frozenset([word]))

    def _list(self, name: str) -> Part:
        if name not in self.lists:
            raise BadCue(f"names the list {{{name}}}, which is not there")
        parts = [self._sequence(PIECE.findall(entry), 0)[0] for entry in self.lists[name]]
        return either(parts)

    def _prefix(self, word: str) -> str:
        return f"[{self.prefixes}]{{0,2}}" if self.prefixes and len(word) > 2 else ""

    def _frequency(self, needs: frozenset[str]) -> tuple[int, int, list[str]]:
        """The smaller, the rarer these words are likely to be."""
        return sum(3 if n in self.common else 1 for n in needs), -min(map(len, needs)), sorted(needs)


class Index:
    """All cues of one language, filed under the words they need."""

    def __init__(
        self,
        cues: Iterable[Cue],
        spelling: Mapping[str, tuple[str, ...]],
        common: frozenset[str],
        not_misheard: frozenset[str] = frozenset(),
        prefixes: str = "",
    ) -> None:
        self.cues = tuple(cues)
        self.common = common
        self.not_misheard = not_misheard
        self.prefixes = prefixes
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[int]] = defaultdict(list)
        for number, cue in enumerate(self.cues):
            for need in sorted(cue.needs):
                (self._by_stem if need[-1] == "*" else self._by_word)[need.rstrip("*")].append(number)
        needed = {n for c in self.cues for n in re.findall(r"[^\W\d_]+\*?", plain(c.text))}
        self.vocabulary = frozenset(n for n in needed if n[-1] != "*")
        self._long = by_start(self.vocabulary)
        self._long_stems = by_start(n[:-1] for n in needed - self.vocabulary)
        self.speller = Speller(spelling, self.meant)
        self._filed: dict[str, tuple[int, ...]] = {}

    def find(self, line: Line) -> list[Found]:
        """Every cue in the line, in order of place; of one family at one place, the longest."""
        numbers = {n for word in set(line.words) for n in self.filed(word)}
        best: dict[tuple[str, int], Found] = {}
        for number in sorted(numbers):
            cue = self.cues[number]
            for match in cue.pattern.finditer(line.joined):
                first, last = line.index_at(match.start()), line.index_at(match.end() - 2)
                key = (cue.family, first)
                if key not in best or best[key].last < last:
                    best[key] = Found(cue.family, cue.text, first, last)
        return sorted(best.values(), key=lambda f: (f.first, f.last, f.family))

    def filed(self, word: str) -> tuple[int, ...]:
        """Numbers of the cues that need this word."""
        if (known := self._filed.get(word)) is None:
            if len(self._filed) >= Speller.LIMIT:
                self._filed.clear()
            found = {n for form in self._forms(word) for n in self._filed_as(form)}
            self._filed[word] = known = tuple(sorted(found))
        return known

    def knows(self, word: str) -> bool:
        """Whether it is a common word, or one that some cue needs."""
        return word in self.common or bool(self.filed(word))

    def meant(self, word: str) -> str:
        """The cue word that a slightly misheard word stands for; the word itself where there is none."""
        if len(word) < MISHEARD_FROM or word in self.not_misheard or word in self.vocabulary or self.knows(word):
            return word
        for size in (len(word), len(word) - 1, len(word) + 1):
            slack = 1 if len(word) < 9 else 2
            near = self._long.get((word[0], size), ())
            if hit := process.extractOne(word, near, scorer=OSA.distance, score_cutoff=slack):
                return str(hit[0])
        for size in range(MISHEARD_FROM, len(word) + 1):
            near = self._long_stems.get((word[0], size), ())
            for cut in (size, size - 1):
                if hit := process.extractOne(word[:cut], near, scorer=OSA.distance, score_cutoff=1):
                    return str(hit[0])
        return word

    def _filed_as(self, form: str) -> Iterator[int]:
        yield from self._by_word.get(form, ())
        for size in range(2, len(form) + 1):
            yield from self._by_stem.get(form[:size], ())

    def _forms(self, word: str) -> Iterator[str]:
        yield word
        for cut in (1, 2):
            if self.prefixes and len(word) > cut + 2 and all(c in self.prefixes for c in word[:cut]):
                yield word[cut:]


def either(parts: Sequence[Part]) -> Part:
    """One of several parts; it needs none of their words when one part needs none."""
    needs = frozenset[str]().union(*(p.needs or () for p in parts)) if all(p.needs for p in parts) else None
    return Part(f"(?:{'|'.join(p.regex for p in parts)})", needs)


def by_start(words: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Words long enough to be recognised with a wrong letter, by first letter and length."""
    filed: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= MISHEARD_FROM:
            filed[word[0], len(word)].append(word)
    return dict(filed)
