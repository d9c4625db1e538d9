"""The cue language, and looking thousands of cues up in a line at once.

    sorry to hear        these words, one after the other (contractions and accents don't matter)
    frustrat*            any word that begins so
    (wait|hold)          one of these; (very|) may be left out
    {number}  {very}*    one of a named list of words; up to three of them, or none
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

PIECE = re.compile(r"\.\.\.|\.\.|~|\{[a-z_]+\}\*?|[()|^$?]|[^\s(){}|^$?~]+")
GAPS = {
    "..": "(?: [^ .?]+){0,2}?", "...": "(?: [^ .?]+){0,5}?", "~": "(?: [^ .?]+)*?", "*": " [^ .?]+",
    "^": "(?<=[.?])", "$": "(?= [.?])", "?": r" \?",
}  # fmt: skip
MISHEARD_FROM = 7
"""Shortest word, in letters, that may be one letter off; from nine letters on, two."""

BUT_NOT = "_but_not:"
"""What the turns of phrase that a family does not mean are filed under, with the family's name after it."""

SHORTEST_STEM = 2
"""Letters of a beginning under which a cue may be filed: shorter ones fit too many words."""


class BadCue(ValueError):
    """A cue that can't be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a cue: its expression, and the sets of words of each of which a line must have one."""

    regex: str
    needs: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class Cue:
    """One cue of a family. A line must have a word of each set of ``needs``, rarest first; ``*`` ends a beginning."""

    family: str
    text: str
    regex: str
    needs: tuple[frozenset[str], ...]


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
        self._known: dict[str, Part] = {}
        self._open: set[str] = set()

    def cue(self, family: str, text: str) -> Cue:
        """One cue. Raises BadCue with a reason."""
        if (part := self._known.get(text)) is None:
            whole = self._whole(text)
            part = self._known[text] = Part(whole.regex, tuple(sorted(whole.needs, key=self._frequency)))
        if not part.needs:
            raise BadCue("has no word that must be there")
        return Cue(family, text, f"{part.regex}(?= )", part.needs)

    def ways(self, family: str, text: str) -> list[Cue]:
        """One cue as several, each filed under a rare word of its own, where it is nothing but a choice in brackets."""
        return [Cue(family, text, way.regex, way.needs) for way in (self.cue(family, t) for t in branches(text))]

    def _whole(self, text: str) -> Part:
        pieces = PIECE.findall(text)[::-1]
        part = self._sequence(pieces)
        if pieces:
            raise BadCue(
                "has | outside brackets" if pieces[-1] == "|" else "has a closing bracket without its opening one"
            )
        return part

    def _sequence(self, pieces: list[str]) -> Part:
        """The pieces, taken from the end of the list, up to a | or ) of this bracket."""
        parts: list[Part] = []
        while pieces and pieces[-1] not in ("|", ")"):
            piece = pieces.pop()
            parts += [self._choice(pieces)] if piece == "(" else self._piece(piece)
        return Part("".join(p.regex for p in parts), tuple(need for p in parts for need in p.needs))

    def _choice(self, pieces: list[str]) -> Part:
        """What stands in brackets."""
        branches: list[Part] = []
        while True:
            branches.append(self._sequence(pieces))
            if not pieces:
                raise BadCue("has an opening bracket without its closing one")
            if pieces.pop() == ")":
                return either(branches)

    def _piece(self, piece: str) -> Iterator[Part]:
        if piece in GAPS:
            yield Part(GAPS[piece])
        elif piece[0] == "{":
            part = self._list(piece.strip("{}*"))
            yield Part(f"{part.regex}{{0,3}}") if piece[-1] == "*" else part
        elif piece.endswith("*"):
            stem = plain(piece[:-1])
            needs = (frozenset([stem + "*"]),) if len(stem) >= SHORTEST_STEM else ()
            yield Part(f" {self._prefix(stem)}{re.escape(stem)}[^ ]*", needs)
        else:
            for word in self.speller[plain(piece)]:
                yield Part(f" {self._prefix(word)}{re.escape(word)}", (frozenset([word]),))

    def _list(self, name: str) -> Part:
        if name not in self.lists:
            raise BadCue(f"names the list {{{name}}}, which is not there")
        key = f"{{{name}}}"
        if key not in self._known:
            if name in self._open:
                raise BadCue(f"names the list {key}, which names itself")
            self._open.add(name)
            self._known[key] = either([self._whole(entry) for entry in self.lists[name]])
            self._open.discard(name)
        return self._known[key]

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
            for need in sorted(cue.needs[0]):
                (self._by_stem if need[-1] == "*" else self._by_word)[need.rstrip("*")].append(number)
        self._unless = [c.family.removeprefix(BUT_NOT) if c.family.startswith(BUT_NOT) else "" for c in self.cues]
        self._second = [cue.needs[1] if len(cue.needs) > 1 else None for cue in self.cues]
        self._others = [cue.needs[2:] for cue in self.cues]
        self._patterns: list[re.Pattern[str] | None] = [None] * len(self.cues)
        self._stems = {need[:-1] for cue in self.cues for needs in cue.needs for need in needs if need[-1] == "*"}
        needed = {n for c in self.cues for n in re.findall(r"[^\W\d_]+\*?", plain(c.text))}
        needed |= {need for c in self.cues for needs in c.needs for need in needs}
        self.vocabulary = frozenset(n for n in needed if n[-1] != "*")
        self._long = by_start(self.vocabulary)
        self._long_stems = by_start(n[:-1] for n in needed - self.vocabulary)
        self.speller = Speller(spelling, self.meant)
        self._filed: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {}

    def find(self, line: Line) -> list[Found]:
        """Every cue in the line, in order of place; of one family at one place, the longest."""
        best: dict[tuple[str, int], Found] = {}
        possible = self._possible(line)
        self._search(line, (n for n in possible if not self._unless[n]), best)
        heard = {family for family, _ in best}
        self._search(line, (n for n in possible if self._unless[n] in heard), best)
        return sorted(best.values(), key=lambda f: (f.first, f.last, f.family))

    def _search(self, line: Line, numbers: Iterable[int], best: dict[tuple[str, int], Found]) -> None:
        """Try these cues on the line; of one family at one place, the longest stays."""
        joined = line.joined
        for number in numbers:
            pattern = self._patterns[number] or self._compile(number)
            match = pattern.search(joined)
            while match is not None:
                cue = self.cues[number]
                first, last = line.index_at(match.start() + 1), line.index_at(match.end() - 1)
                key = (cue.family, first)
                if key not in best or best[key].last < last:
                    best[key] = Found(cue.family, cue.text, first, last)
                match = pattern.search(joined, match.end())

    def _compile(self, number: int) -> re.Pattern[str]:
        """The expression of a cue, compiled when it is first tried: many cues never are."""
        self._patterns[number] = pattern = re.compile(self.cues[number].regex)
        return pattern

    def _possible(self, line: Line) -> list[int]:
        """Numbers of the cues of which the line has every word that they need, in their order."""
        numbers: set[int] = set()
        present: set[str] = set()
        for word in set(line.words):
            filed, met = self.filed(word)
            numbers.update(filed)
            present.update(met)
        lacks = present.isdisjoint
        second, others = self._second, self._others
        likely = [n for n in numbers if (need := second[n]) is None or not lacks(need)]
        return [n for n in sorted(likely) if not others[n] or not any(map(lacks, others[n]))]

    def filed(self, word: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Numbers of the cues filed under this word, and the needs that it meets."""
        if (known := self._filed.get(word)) is None:
            if len(self._filed) >= Speller.LIMIT:
                self._filed.clear()
            forms = list(self._forms(word))
            starts = [f[:size] for f in forms for size in range(SHORTEST_STEM, len(f) + 1)]
            numbers = {n for f in forms for n in self._by_word.get(f, ())}
            numbers |= {n for start in starts for n in self._by_stem.get(start, ())}
            met = (*forms, *(start + "*" for start in starts if start in self._stems))
            self._filed[word] = known = tuple(sorted(numbers)), met
        return known

    def knows(self, word: str) -> bool:
        """Whether it is a common word, or one that some cue needs."""
        return word in self.common or bool(self.filed(word)[0])

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

    def _forms(self, word: str) -> Iterator[str]:
        yield word
        for cut in (1, 2):
            if self.prefixes and len(word) > cut + 2 and all(c in self.prefixes for c in word[:cut]):
                yield word[cut:]


def branches(text: str) -> list[str]:
    """The branches of a cue that is one choice, perhaps at the beginning or end of a sentence; else the cue itself."""
    pieces = PIECE.findall(text)
    head, tail = pieces[:1] == ["^"], pieces[-1:] in (["$"], ["?"])
    core = pieces[head : len(pieces) - tail]
    if core[:1] != ["("]:
        return [text]
    depth, found = 0, [[*pieces[:head]]]
    for at, piece in enumerate(core):
        depth += (piece == "(") - (piece == ")")
        if depth == 0 and at < len(core) - 1:
            return [text]
        if depth == 1 and piece == "|":
            found.append([*pieces[:head]])
        elif at not in (0, len(core) - 1):
            found[-1].append(piece)
    if depth != 0 or any(len(branch) == head for branch in found):
        return [text]
    return [" ".join([*branch, *pieces[len(pieces) - tail :]]) for branch in found]


def either(parts: Sequence[Part]) -> Part:
    """One of several parts; a line must have a word of one of them, when each of them needs one."""
    regex = f"(?:{'|'.join(p.regex for p in parts)})"
    if not parts or not all(p.needs for p in parts):
        return Part(regex)
    return Part(regex, (frozenset[str]().union(*(min(p.needs, key=len) for p in parts)),))


def by_start(words: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Words long enough to be recognised with a wrong letter, by first letter and length."""
    filed: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= MISHEARD_FROM:
            filed[word[0], len(word)].append(word)
    return dict(filed)
