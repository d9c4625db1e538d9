"""What is said as tokens, and the digits and letters that are read out in it, each with the tokens it was said in.

Own code rather than text2num: a rewritten text doesn't tell which words a digit came from, and those have to go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.judging.words import plain
from models.records import Speaker, Turn
from models.redaction.rules import Numbers, Rules

TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|[^\s\w‐‑–-]|_")
_FIGURE = re.compile(r"\d")
HARMLESS = "/"
"""What stands for a time, a day or a price where tokens are compared: no word, no digit."""
ENDS = frozenset(".!?…;\n")
SHORT_LETTERS = 6
"""Letters in capitals beside digits, at most, that are read as spelled out: FR76, BARC, AB 12 34."""
MOST_BETWEEN = 5
"""Words like "then" or "uh" between two digits of one number, at most."""
HUM_WORDS = 12
"""Words of the other party that don't end a number, at most: "yes, and the next four?"."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of figures, a sign, or a time, day or price: ``text[start:end]`` of a turn.

    ``joined``: nothing stands before it.
    """

    turn: int
    start: int
    end: int
    raw: str
    plain: str
    joined: bool

    @property
    def is_word(self) -> bool:
        """Whether it is more than a sign."""
        return self.raw[0].isalnum()


@dataclass(frozen=True, slots=True)
class Item:
    """Digits, or a letter, that were read out: ``tokens[first:last + 1]`` of their strand."""

    text: str
    first: int
    last: int


Strand = list[Token]
"""The tokens of one speaker's turns that follow each other closely."""


def tokens_of(turn: Turn, number: int, harmless: re.Pattern[str]) -> list[Token]:
    """The tokens of a turn, in order. What is ``harmless`` is one token each, and no digits of it are looked at."""
    found: list[Token] = []
    whole = [m.span() for m in harmless.finditer(turn.text)] if _FIGURE.search(turn.text) else []
    at, end = 0, -1
    for start, stop in [*whole, (len(turn.text), len(turn.text))]:
        for match in TOKEN.finditer(turn.text, at, start):
            raw = match[0]
            found.append(Token(number, match.start(), match.end(), raw, plain(raw), match.start() == end))
            end = match.end()
        if start < stop:
            found.append(Token(number, start, stop, turn.text[start:stop], HARMLESS, start == end))
            end = stop
        at = stop
    return found


def strands(turns: Sequence[Turn], tokens: Sequence[list[Token]]) -> list[Strand]:
    """Each speaker's tokens; what another says in between ends a strand if it is more than a few words."""
    made: list[Strand] = []
    current: dict[Speaker, Strand] = {}
    silent: dict[Speaker, int] = {}
    for turn, words in zip(turns, tokens, strict=True):
        said = sum(t.is_word for t in words)
        for speaker in current:
            if speaker != turn.speaker:
                silent[speaker] += said
        if turn.speaker not in current or silent[turn.speaker] > HUM_WORDS:
            current[turn.speaker] = []
            made.append(current[turn.speaker])
        current[turn.speaker] += words
        silent[turn.speaker] = 0
    return made


def items_of(strand: Strand, rules: Rules) -> list[Item]:
    """The digits and spelled letters of a strand, in order."""
    found: list[Item] = []
    at = 0
    while at < len(strand):
        token = strand[at]
        if not (token.plain in rules.spoken or token.raw.isdecimal() or len(token.raw) == 1 or token.raw.isupper()):
            at += 1
            continue
        item = _digits(strand, at, rules.numbers) or _letter(strand, at, rules)
        if item:
            found.append(item)
        at = item.last + 1 if item else at + 1
    return found


def runs_of(strand: Strand, items: Sequence[Item], rules: Rules) -> list[list[Item]]:
    """Items that belong together: between them stand signs and a few words that say nothing."""
    runs: list[list[Item]] = []
    for item in items:
        if runs and _goes_on(strand, runs[-1][-1], item, rules):
            runs[-1].append(item)
        else:
            runs.append([item])
    return [trimmed for run in runs if (trimmed := _trimmed(run, strand))]


def _goes_on(strand: Strand, before: Item, item: Item, rules: Rules) -> bool:
    between = strand[before.last + 1 : item.first]
    words = [t for t in between if t.is_word]
    if any(t.raw in "/@€$£%" for t in between) or len(words) > MOST_BETWEEN:
        return False
    return all(t.plain in rules.fillers for t in words)


def _trimmed(run: list[Item], strand: Strand) -> list[Item]:
    """Without the words that only look like letters at either end: "I", "a", "y"."""
    while run and _doubtful(run[-1], strand):
        run = run[:-1]
    while run and _doubtful(run[0], strand):
        run = run[1:]
    return run


def _doubtful(item: Item, strand: Strand) -> bool:
    return item.text.isalpha() and strand[item.first].plain in ("a", "i", "y") and strand[item.first].raw.islower()


def _letter(strand: Strand, at: int, rules: Rules) -> Item | None:
    token = strand[at]
    if token.plain in rules.alphabet:
        return Item(token.plain[0].upper(), at, at)
    if not token.raw.isalpha():
        return None
    if len(token.raw) == 1:
        following = strand[at + 1 : at + 3]
        if len(following) == 2 and following[0].plain in rules.as_in and following[1].plain.startswith(token.plain):
            return Item(token.plain.upper(), at, at + 2)
        return Item(token.plain.upper(), at, at)
    if len(token.raw) <= SHORT_LETTERS and token.raw.isupper() and _beside_digits(strand, at):
        return Item(token.plain.upper(), at, at)
    return None


def _beside_digits(strand: Strand, at: int) -> bool:
    """Whether figures, or other capitals, come next to a word in capitals."""
    near = [strand[i] for i in (at - 1, at + 1) if 0 <= i < len(strand)]
    return any(t.raw.isdecimal() or (len(t.raw) == 1 and t.raw.isupper()) for t in near)


def _digits(strand: Strand, at: int, numbers: Numbers) -> Item | None:
    """The number that begins at a token, as the digits it is written with."""
    token = strand[at]
    if token.raw.isdecimal():
        return Item("".join(str(unicodedata.decimal(c)) for c in token.raw), at, at)
    if (many := numbers.times.get(token.plain)) and at + 1 < len(strand):
        said = strand[at + 1]
        digit = said.raw if said.raw.isdecimal() and len(said.raw) == 1 else numbers.units.get(said.plain)
        return None if digit is None else Item(str(digit) * many, at, at + 1)
    if token.plain == "o" and not _among_digits(strand, at, numbers):
        return None
    return _Reading(strand, numbers).whole(at)


def _among_digits(strand: Strand, at: int, numbers: Numbers) -> bool:
    near = [strand[i] for i in (at - 1, at + 1) if 0 <= i < len(strand)]
    return any(t.raw.isdecimal() or t.plain in numbers.units for t in near)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads number words that follow each other without a comma. Each step gives (value, last token) or None."""

    strand: Strand
    numbers: Numbers

    def whole(self, at: int) -> Item | None:
        """A number below a million, as digits."""
        head = self.below_thousand(at)
        value, last = head or (1, at - 1)
        if self.word(last + 1) in self.numbers.thousand and (head is None or value > 1) and self.linked(at, last + 1):
            rest = self.below_thousand(last + 2) if self.linked(at, last + 2) else None
            return Item(str(value * 1000 + (rest[0] if rest else 0)), at, rest[1] if rest else last + 1)
        return Item(str(value), at, last) if head else None

    def below_thousand(self, at: int) -> tuple[int, int] | None:
        """Hundreds with their rest, or what is below."""
        head = None if self.word(at) in self.numbers.hundred else self.below_hundred(at)
        if head and head[0] > 9:
            return head
        hundreds, last = head or (1, at - 1)
        if self.word(last + 1) not in self.numbers.hundred or not self.linked(at, last + 1):
            return head
        follows = last + 2 + (self.word(last + 2) in self.numbers.joint)
        rest = self.below_hundred(follows) if self.linked(at, follows) else None
        return (hundreds * 100 + rest[0], rest[1]) if rest else (hundreds * 100, last + 1)

    def below_hundred(self, at: int) -> tuple[int, int] | None:
        """A number from 0 to 99, the French way too: soixante-dix, quatre-vingt-dix-sept."""
        word = self.word(at)
        unit, ten = self.numbers.units.get(word), self.numbers.tens.get(word)
        if unit == 4 and self.word(at + 1) in ("vingt", "vingts") and self.linked(at, at + 1):
            return self.with_rest(80, at + 1, most=19)
        if ten is not None:
            return self.with_rest(ten, at, most=19 if word == "soixante" else 9)
        if unit is not None:
            return unit, at
        return self.teen(at)

    def with_rest(self, tens: int, at: int, most: int) -> tuple[int, int]:
        """The tens at ``at`` with the units, or up to nineteen, that follow."""
        follows = at + 1 + (self.word(at + 1) in self.numbers.joint)
        if not self.linked(at, follows):
            return tens, at
        unit = self.numbers.units.get(self.word(follows))
        # "quatre vingt" that begins the next number is no unit of this one
        starts_next = unit == 4 and self.word(follows + 1) in ("vingt", "vingts")
        if unit and not starts_next:
            return tens + unit, follows
        teen = self.teen(follows) if most > 9 else None
        return (tens + teen[0], teen[1]) if teen else (tens, at)

    def teen(self, at: int) -> tuple[int, int] | None:
        """Ten to nineteen; dix-sept, dix-huit and dix-neuf are two words."""
        value = self.numbers.teens.get(self.word(at))
        if value is None:
            return None
        unit = self.numbers.units.get(self.word(at + 1), 0)
        if self.word(at) == "dix" and unit >= 7 and self.linked(at, at + 1):
            return 10 + unit, at + 1
        return value, at

    def word(self, at: int) -> str:
        """The plain word at a place, or nothing. Hyphens are no tokens."""
        return self.strand[at].plain if 0 <= at < len(self.strand) else ""

    def linked(self, first: int, last: int) -> bool:
        """Whether the tokens from ``first`` to ``last`` are words with nothing between them, in one turn."""
        part = self.strand[first : last + 1]
        return last < len(self.strand) and all(t.is_word and t.turn == part[0].turn for t in part)
