"""The cue language, and looking thousands of cues up in a line at once.

    sorry to hear        these words, one after the other (contractions and accents don't matter)
    frustrat*            any word that begins so
    (wait|hold)          one of these; (very|) may be left out
    {number}  {very}*    one of a named list of words; up to three of them, or none
    ..   ...   ~         up to two, up to five, any number of words in between, within the sentence
    ^    $    ?          beginning of a sentence, its end, its end with a question mark

A cue becomes a regular expression over the words of a line. Each cue is filed under the rarest word, or pair of
neighbouring words, that it can't do without, so that a turn tries only the few cues of which it has that. Words that no
cue and no list of common words knows are compared with the cues' longer words, and read as the closest within a letter
or two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod
from typing import NamedTuple

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

MOST_PAIRS = 300
"""Pairs of neighbouring words under which one cue may be filed."""
END, COMMON, RARE = 0.5, 0.1, 0.001
"""How likely a word is taken to be an end of a sentence, a common one, any other: it says what to file a cue under."""

EVERYBODY = frozenset(("agent", "customer", "unknown"))
"""All who may speak."""

BUT_NOT = "_but_not:"
"""What the turns of phrase that a family does not mean are filed under, with the family's name after it."""

SHORTEST_STEM = 2
"""Letters of a beginning under which a cue may be filed: shorter ones fit too many words."""


LONGEST_STEM = 40
"""Letters of a word that are compared with beginnings: nothing longer is a word."""


class BadCue(ValueError):
    """A cue that can't be read; the message says why."""


Keys = frozenset[str]
"""Some of: words, beginnings of words ("frustrat*"), and neighbouring two of these ("did not")."""
ENDS = Keys(".?")
BORDERS: dict[str, tuple[Keys | None, Keys | None]] = {
    "^": (None, ENDS),
    "$": (ENDS, None),
    "?": (Keys("?"), Keys("?")),
}
"""What pieces that are no words start and end with; the others are open on either side."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a cue: its expression, and what a line must have for it: a key of each of ``needs``.

    ``words`` are the needs without pairs. ``starts`` and ``ends`` are all keys that the piece may start or end with;
    None where that is open.
    """

    regex: str
    words: tuple[Keys, ...] = ()
    needs: tuple[Keys, ...] = ()
    starts: Keys | None = None
    ends: Keys | None = None

    @classmethod
    def word(cls, regex: str, key: str) -> Part:
        """The piece that is one word, or the beginning of one."""
        one = Keys([key])
        return cls(regex, (one,), (one,), one, one)


class Met(NamedTuple):
    """What a word meets of what cues need: its keys, and for each key that begins pairs, second key -> pair."""

    keys: tuple[str, ...]
    begins: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Cue:
    """One cue of a family. A line must have a key of each of ``needs``, rarest first; ``words`` are those without pairs."""

    family: str
    text: str
    regex: str
    needs: tuple[Keys, ...]
    words: tuple[Keys, ...]


class Found(NamedTuple):
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
        self._odds = defaultdict(lambda: RARE, dict.fromkeys(common, COMMON) | dict.fromkeys(ENDS, END))
        self._known: dict[str, Part] = {}
        self._open: set[str] = set()

    def cue(self, family: str, text: str) -> Cue:
        """One cue. Raises BadCue with a reason."""
        if (part := self._known.get(text)) is None:
            whole = self._whole(text)
            words = tuple(sorted(whole.words, key=self._frequency))
            part = self._known[text] = Part(whole.regex, words, tuple(sorted(whole.needs, key=self._likelihood)))
        if not part.words:
            raise BadCue("has no word that must be there")
        return Cue(family, text, f"{part.regex}(?= )", part.needs, part.words)

    def ways(self, family: str, text: str) -> list[Cue]:
        """One cue as several, each filed under a rare word of its own, where it is nothing but a choice in brackets."""
        return [replace(self.cue(family, branch), text=text) for branch in branches(text)]

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
        if not parts:
            return Part("")
        pairs = (neighbours(one.ends, other.starts) for one, other in pairwise(parts))
        return Part(
            "".join(p.regex for p in parts),
            tuple(need for p in parts for need in p.words),
            (*(need for p in parts for need in p.needs), *filter(None, pairs)),
            parts[0].starts,
            parts[-1].ends,
        )

    def _choice(self, pieces: list[str]) -> Part:
        """What stands in brackets."""
        branches: list[Part] = []
        while True:
            branches.append(self._sequence(pieces))
            if not pieces:
                raise BadCue("has an opening bracket without its closing one")
            if pieces.pop() == ")":
                return self._either(branches)

    def _piece(self, piece: str) -> Iterator[Part]:
        if piece in GAPS:
            starts, ends = BORDERS.get(piece, (None, None))
            yield Part(GAPS[piece], starts=starts, ends=ends)
        elif piece[0] == "{":
            part = self._list(piece.strip("{}*"))
            yield Part(f"{part.regex}{{0,3}}") if piece[-1] == "*" else part
        elif piece.endswith("*"):
            stem = plain(piece[:-1])
            regex = f" {self._prefix(stem)}{re.escape(stem)}[^ ]*"
            yield Part.word(regex, stem + "*") if len(stem) >= SHORTEST_STEM else Part(regex)
        else:
            for word in self.speller[piece]:
                yield Part.word(f" {self._prefix(word)}{re.escape(word)}", word)

    def _list(self, name: str) -> Part:
        if name not in self.lists:
            raise BadCue(f"names the list {{{name}}}, which is not there")
        key = f"{{{name}}}"
        if key not in self._known:
            if name in self._open:
                raise BadCue(f"names the list {key}, which names itself")
            self._open.add(name)
            self._known[key] = self._either([self._whole(entry) for entry in self.lists[name]])
            self._open.discard(name)
        return self._known[key]

    def _either(self, parts: Sequence[Part]) -> Part:
        """One of several parts; a line must have a key of one of them, when each of them needs one."""
        words = [min(p.words, key=len) for p in parts if p.words]
        needs = [min(p.needs, key=self._likelihood) for p in parts if p.needs]
        return Part(
            f"(?:{'|'.join(p.regex for p in parts)})",
            (Keys().union(*words),) if parts and len(words) == len(parts) else (),
            (Keys().union(*needs),) if parts and len(needs) == len(parts) else (),
            together([p.starts for p in parts]),
            together([p.ends for p in parts]),
        )

    def _prefix(self, word: str) -> str:
        return f"[{self.prefixes}]{{0,2}}" if self.prefixes and len(word) > 2 else ""

    def _frequency(self, words: Keys) -> tuple[int, int, list[str]]:
        """The smaller, the rarer these words are likely to be."""
        return sum(3 if n in self.common else 1 for n in words), -min(map(len, words)), sorted(words)

    def _likelihood(self, need: Keys) -> float:
        """How likely a turn is to have one of these keys, as far as that can be told without counting."""
        return sum(prod([self._odds[word] for word in key.split()]) for key in need)


class Index:
    """All cues of one language, filed under what they need, for each speaker in whose turns they count.

    ``counts_for`` is family -> these speakers; a family that it doesn't name counts for everybody.
    """

    def __init__(
        self,
        cues: Iterable[Cue],
        spelling: Mapping[str, tuple[str, ...]],
        common: frozenset[str],
        not_misheard: frozenset[str] = frozenset(),
        prefixes: str = "",
        counts_for: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.cues = tuple(cues)
        self.common = common
        self.not_misheard = not_misheard
        self.prefixes = prefixes
        self.counts_for = counts_for or {}
        self._filed: dict[str, defaultdict[str, list[int]]] = {who: defaultdict(list) for who in EVERYBODY}
        for number, cue in enumerate(self.cues):
            for who in self.speakers(cue.family):
                for key in cue.needs[0]:
                    self._filed[who][key].append(number)
        self._second = [cue.needs[1] if len(cue.needs) > 1 else None for cue in self.cues]
        self._others = [cue.needs[2:] for cue in self.cues]
        self._unless = [c.family.removeprefix(BUT_NOT) if c.family.startswith(BUT_NOT) else "" for c in self.cues]
        self._patterns: list[re.Pattern[str] | None] = [None] * len(self.cues)
        self._begins: defaultdict[str, dict[str, str]] = defaultdict(dict)
        needs = {key for cue in self.cues for need in cue.needs for key in need}
        for pair in (key for key in needs if " " in key):
            first, second = pair.split()
            self._begins[first][second] = pair
        needed = {n for c in self.cues for n in re.findall(r"[^\W\d_]+\*?", plain(c.text))}
        needed |= {word for c in self.cues for words in c.words for word in words}
        self._rarest = {word for c in self.cues for word in c.words[0]}
        self._keys = self._rarest | {word for key in needs for word in key.split()}
        self.vocabulary = frozenset(n for n in needed if n[-1] != "*")
        self._long = by_start(self.vocabulary)
        self._long_stems = by_start(n[:-1] for n in needed - self.vocabulary)
        self.speller = Speller(spelling, self.meant)
        self._met: dict[str, Met] = {}

    def speakers(self, family: str) -> frozenset[str]:
        """The speakers in whose turns cues of this family are looked for."""
        return self.counts_for.get(family.removeprefix(BUT_NOT), EVERYBODY)

    def find(self, line: Line, speaker: str = "unknown") -> list[Found]:
        """Every cue in a line of this speaker, in order of place; of one family at one place, the longest."""
        best: dict[tuple[str, int], Found] = {}
        possible = self._possible(line, speaker)
        self._search(line, (n for n in possible if not self._unless[n]), best)
        heard = {family for family, _ in best}
        self._search(line, (n for n in possible if self._unless[n] in heard), best)
        return sorted(best.values(), key=lambda f: (f.first, f.last, f.family))

    def _search(self, line: Line, numbers: Iterable[int], best: dict[tuple[str, int], Found]) -> None:
        """Try these cues on the line; of one family at one place, the longest stays."""
        joined = line.joined
        for number in numbers:
            search = (self._patterns[number] or self._compile(number)).search
            match = search(joined)
            while match is not None:
                start, end = match.span()
                first, last = line.index_at(start + 1), line.index_at(end - 1)
                cue = self.cues[number]
                key = (cue.family, first)
                if key not in best or best[key].last < last:
                    best[key] = Found(cue.family, cue.text, first, last)
                match = search(joined, end)

    def _compile(self, number: int) -> re.Pattern[str]:
        """The expression of a cue, compiled when it is first tried: many cues never are."""
        self._patterns[number] = pattern = re.compile(self.cues[number].regex)
        return pattern

    def _possible(self, line: Line, speaker: str) -> list[int]:
        """Numbers of the cues that count for the speaker and of which the line has all that they need, in order."""
        words = [self.met(word) for word in line.words]
        present = {key for word in words for key in word.keys}
        for word, following in pairwise(words):
            for pairs in word.begins:
                present.update([pairs[key] for key in following.keys if key in pairs])
        filed = self._filed[speaker]
        numbers = {n for key in filed.keys() & present for n in filed[key]}
        lacks, second, others = present.isdisjoint, self._second, self._others
        likely = [n for n in numbers if (need := second[n]) is None or not lacks(need)]
        return [n for n in sorted(likely) if not others[n] or not any(map(lacks, others[n]))]

    def met(self, word: str) -> Met:
        """What a word meets by itself of what cues need."""
        if (known := self._met.get(word)) is None:
            if len(self._met) >= Speller.LIMIT:
                self._met.clear()
            forms = list(self._forms(word))
            starts = [
                f"{form[:size]}*" for form in forms for size in range(SHORTEST_STEM, len(form[:LONGEST_STEM]) + 1)
            ]
            keys = tuple(key for key in (*forms, *starts) if key in self._keys)
            self._met[word] = known = Met(keys, tuple(self._begins[key] for key in keys if key in self._begins))
        return known

    def knows(self, word: str) -> bool:
        """Whether it is a common word, or the rarest that some cue needs."""
        return word in self.common or not self._rarest.isdisjoint(self.met(word).keys)

    def meant(self, word: str) -> str:
        """The cue word that a slightly misheard word stands for; the word itself where there is none."""
        if (
            not MISHEARD_FROM <= len(word) <= LONGEST_STEM
            or word in self.not_misheard
            or word in self.vocabulary
            or self.knows(word)
        ):
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


def neighbours(before: Keys | None, after: Keys | None) -> Keys:
    """All pairs of a key before and one after; none where either side is open, or where they are too many."""
    if before is None or after is None or len(before) * len(after) > MOST_PAIRS:
        return Keys()
    return Keys(f"{one} {other}" for one in before for other in after)


def together(sides: Sequence[Keys | None]) -> Keys | None:
    """All keys of these sides; None where one of them is open."""
    known = [side for side in sides if side is not None]
    return Keys().union(*known) if len(known) == len(sides) else None


def by_start(words: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Words long enough to be recognised with a wrong letter, by first letter and length."""
    filed: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= MISHEARD_FROM:
            filed[word[0], len(word)].append(word)
    return dict(filed)
