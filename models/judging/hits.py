"""Cues as they were really meant: which of them stand after a "not", inside a quotation or in somebody else's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from models.judging.cues import BUT_NOT, Found
from models.judging.records import SaidTurn
from models.judging.scorecard import Language, Scorecard
from models.judging.words import RAW, Line, plain, read

QUOTED = re.compile(r"[“\"«„][^“”\"«»„]{1,400}[”\"»]")
NEGATION_REACH = 3
"""Words before a cue in which a "not" turns it round."""
QUOTE_CHARACTERS = 240
TELLING_WORDS = 40
"""Words of a turn by which its language is told."""
CLEAREST = 2.5
"""More words than that make nothing clearer."""


class Hit(NamedTuple):
    """A cue that counts: in which turn (index from 0), and the characters of the sentence it stands in."""

    family: str
    turn: int
    start: int
    end: int
    cue: str
    at: int = 0
    """Where in the turn: number of the cue's first word."""
    clear: float = 1.0
    """How much the words tell by themselves: "now" less than "tomorrow by noon". It chooses quotes, not verdicts."""


class Heard(NamedTuple):
    """One turn, read: its language, its words, and the cues that count in it."""

    said: SaidTurn
    language: str
    line: Line
    hits: tuple[Hit, ...]
    known_words: int
    telling: frozenset[str]
    """Beginnings of the words that are neither short nor common: what the turn is about."""
    words: int
    """Number of words, sentence ends left out."""


def listen(turns: Sequence[SaidTurn], call_language: str | None, scorecard: Scorecard) -> list[Heard]:
    """Every turn read in its own language, with the cues that count."""
    default = (call_language or "").split("-")[0].casefold()
    return [hear(i, turn, language_of(turn.text, default, scorecard), scorecard) for i, turn in enumerate(turns)]


def language_of(text: str, default: str, scorecard: Scorecard) -> Language:
    """The language that a turn is told by its common words; in doubt, the call's."""
    words = {plain(m) for m in RAW.findall(text[:400])[:TELLING_WORDS]}
    telling = {code: len(words & language.telling) for code, language in scorecard.languages.items()}
    best = max(telling, key=lambda code: (telling[code], code == default))
    if telling[best] <= telling.get(default, 0) + (1 if default in telling else 0) and default in telling:
        best = default
    return scorecard.languages[best]


def hear(number: int, turn: SaidTurn, language: Language, scorecard: Scorecard) -> Heard:
    """One turn with the cues that count in it."""
    line = read(turn.text, language.index.speller)
    found = language.index.find(line, turn.speaker)
    contexts = [f for f in found if f.family[0] == "_"]
    others = _words_of_others(line, contexts)
    within: dict[str, set[int]] = {}
    for f in contexts:
        within.setdefault(f.family, set()).update(range(f.first, f.last + 1))
    excused = within.get("_negation_exceptions", set())
    formal = within.get("_formalities", set()) if turn.speaker == "agent" else set()
    tells = [language.tells[word] for word in line.words]
    negations = not language.negates.isdisjoint(line.words)
    hits = []
    for cue in found:
        family = scorecard.families.get(cue.family)
        if family is None or (cue.first in others and not family.reported):
            continue
        if formal and not family.formal and (cue.first in formal or cue.last in formal):
            continue
        unlike = within.get(BUT_NOT + cue.family) if contexts else None
        if unlike and not unlike.isdisjoint(range(cue.first, cue.last + 1)):
            continue
        if family.negated or not negations or not is_negated(line, cue, language, excused):
            first, last = line.sentence(cue.first, cue.last)
            clear = min(CLEAREST, round(sum([t.clear for t in tells[cue.first : cue.last + 1]]), 1))
            hits.append(Hit(cue.family, number, *span(line, cue, first, last), cue.cue, cue.first, clear))
    known = sum([t.known for t in tells])
    telling = frozenset([t.stem for t in tells if t.stem])
    return Heard(turn, language.id, line, tuple(hits), known, telling, line.said)


def is_negated(line: Line, cue: Found, language: Language, excused: Iterable[int]) -> bool:
    """Whether a "not" just before the cue, in the same clause, or just after it turns it round."""
    after = cue.last + 1
    if after < len(line.words) and line.words[after] in language.negation_after and after not in excused:
        return True
    for back in range(1, NEGATION_REACH + 1):
        at = cue.first - back
        if at < 0 or line.words[at] in ".?" or line.words[at] in language.clause_breaks:
            return False
        adjacent = back == 1 and line.words[at] in language.negation_adjacent
        if (line.words[at] in language.negation or adjacent) and at not in excused:
            return True
    return False


def _words_of_others(line: Line, contexts: Iterable[Found]) -> set[int]:
    """Numbers of the words that are quoted, or reported as somebody else's up to the end of the sentence."""
    others: set[int] = set()
    for context in contexts:
        if context.family == "_reported":
            others.update(range(context.last + 1, line.sentence(context.first, context.last)[1] + 1))
    for match in QUOTED.finditer(line.text):
        start, end = match.span()
        if end - start < 0.9 * len(line.text.strip()):
            others.update(i for i, (a, b) in enumerate(line.spans) if start <= a and b <= end)
    return others


def span(line: Line, cue: Found, first: int, last: int) -> tuple[int, int]:
    """Characters of the words ``first`` to ``last``; when that is too long, of the cue with words around it."""
    while line.spans[last][1] - line.spans[first][0] > QUOTE_CHARACTERS and (first < cue.first or last > cue.last):
        if cue.first - first >= last - cue.last:
            first += 1
        else:
            last -= 1
    start, end = line.spans[first][0], line.spans[last][1]
    if end < len(line.text) and line.text[end] in ".?!…":
        end += 1
    return start, min(end, start + QUOTE_CHARACTERS)
