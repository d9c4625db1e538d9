"""From what was said to words that cues are looked up in: one spelling, no accents, contractions written out.

A ``Line`` keeps, for each word, where it stands in the original text: every quote is cut out of the original.
Sentence ends are words of their own, "." and "?", so that a cue never reaches across them by accident.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

RAW = re.compile(r"[^\W_]+(?:['’ʼ`´״\"׳-][^\W_]+)*['’ʼ]?|[.!?…;؟\n]+")
"""A word with inner apostrophes or hyphens, or the end of a sentence."""
APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'", "׳": "'", "״": '"'})
FINALS = str.maketrans("ךםןףץ", "כמנפצ")
"""Hebrew letters that look different at the end of a word."""
MAX_TURN = 20_000
"""Characters of a turn that are read: nobody says more without the other saying a word."""


@lru_cache(maxsize=200_000)
def plain(raw: str) -> str:
    """``raw`` in lower case without accents or vowel points, with straight apostrophes."""
    folded = unicodedata.normalize("NFKD", raw.translate(APOSTROPHES).casefold())
    return "".join(c for c in folded if not unicodedata.combining(c)).replace("œ", "oe").translate(FINALS)


def split_plain(word: str) -> list[str]:
    """The parts of a plain word at its apostrophes and hyphens."""
    return [part for part in re.split(r"['\"-]", word) if part]


class Line:
    """The words of one turn in one language. ``spans[i]`` is where ``words[i]`` stands in ``text``.

    ``joined`` is all words between single spaces, with a space before and after; ``said`` their number without
    sentence ends.
    """

    __slots__ = ("_ends", "_starts", "joined", "said", "spans", "text", "words")

    def __init__(self, text: str, words: Sequence[str], spans: Sequence[tuple[int, int]]) -> None:
        self.text = text
        self.words = words
        self.spans = spans
        self.joined = f" {' '.join(words)} "
        self._starts = [at + 1 for at in accumulate([len(word) + 1 for word in words], initial=0)]
        self._ends = [at for at, word in enumerate(words) if word in ".?"]
        self.said = len(words) - len(self._ends)

    def index_at(self, position: int) -> int:
        """Number of the word that covers a position in ``joined``."""
        return bisect_right(self._starts, position, 1) - 1

    def sentence(self, first: int, last: int) -> tuple[int, int]:
        """(first, last) word of the sentences that hold the words ``first`` to ``last``, ends left out."""
        ends = self._ends
        before, after = bisect_left(ends, first), bisect_right(ends, last)
        return ends[before - 1] + 1 if before else 0, ends[after] - 1 if after < len(ends) else len(self.words) - 1


class Speller(dict[str, tuple[str, ...]]):
    """Word as written -> the words it stands for, looked up once: contractions, then words slightly misheard."""

    LIMIT = 300_000

    def __init__(self, spelling: Mapping[str, tuple[str, ...]], meant: Callable[[str], str] = str) -> None:
        super().__init__()
        self.spelling = spelling
        self.meant = meant

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= self.LIMIT:
            self.clear()
        self[word] = found = self.stands_for(plain(word))
        return found

    def stands_for(self, word: str) -> tuple[str, ...]:
        """The words that a plain word stands for."""
        bare = word.strip("'")
        if (known := self.spelling.get(bare)) is not None:
            return known
        parts = split_plain(bare)
        return tuple(w for part in parts for w in self.spelling.get(part, (self.meant(part),)))


def read(text: str, speller: Speller) -> Line:
    """The words of ``text`` as ``speller`` writes them."""
    words, spans = ["."], [(0, 0)]
    for found in RAW.finditer(text[:MAX_TURN]):
        raw, span = found.group(), found.span()
        if raw[0] in ".!?…;؟\n":
            words.append("?" if "?" in raw or "؟" in raw else ".")
            spans.append(span)
            continue
        for word in speller[raw]:
            if word == words[-1] and not word.isdigit():
                continue  # said twice while thinking, or written twice by the machine
            words.append(word)
            spans.append(span)
    if words[-1] not in ".?":
        words.append(".")
        spans.append((len(text), len(text)))
    return Line(text, words, spans)
