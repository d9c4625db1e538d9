"""The key phrases of an issue: what its callers say and others don't, and the statement most like all others (its name: titles.py).

A phrase is one to three neighbouring words that begin and end with telling words. Its weight is how often the issue's
statements have it, times how much oftener than others (log ratio), more where agents say its words back, less where a phrase before covers the statement. A group without a phrase that enough of it shares is vague, and gets no name.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.issues.vectors import STEM, Vectors
from models.judging.words import plain
from models.ngrams import WORD

LONGEST = 3
PHRASES = 3
SHARED = 0.15
"""Share of statements that must have the first phrase; below, the group is vague."""
ADDS = 0.08
"""Share of statements that a further phrase must add."""
LENGTH_BONUS = 0.35
"""How much more a further word of a phrase tells."""
MOST_LIFT = 2.5
"""Twelve times as often is as telling as a thousand times."""
COVERED = 0.5
"""What a phrase counts in a statement that has one of the phrases before it."""
LATER = 0.2
"""What a phrase counts in a statement that has it only after its first sentence: people name the matter, then what came of it.

A phrase that no statement begins with names nothing."""
UNECHOED = 0.4
"""What a phrase counts of which the agent says nothing back: what the matter is, both sides name."""
APART = " · "
HYPHENED = re.compile(r"(-[^\W\d_]+)+")
SENTENCE = re.compile(r"[.?!…]+(?=\s|$)")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A quote with the telling words in it, and those of the agent's answer."""

    quote: str
    words: Collection[str]
    answer: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it is said, the stems it stands on, and whether the first telling sentence has it."""

    key: Key
    said: str
    is_first: bool


def name(inside: Sequence[Spoken], outside: Sequence[Spoken]) -> tuple[str, ...]:
    """The key phrases of the statements ``inside`` an issue against those ``outside``, best first; () when it is vague."""
    found, forms = _found(inside)
    others = Counter(key for keys in (set(_keys(spoken)) for spoken in outside) for key in keys)
    weights = {key: lift(len(have), others[key], len(inside), len(outside)) for key, have in found.items()}
    echoed = _echoes(inside)
    covered: set[int] = set()
    chosen: list[Key] = []
    while len(chosen) < PHRASES:
        used = {stem for key in chosen for stem in key}
        least = max(2, (ADDS if chosen else SHARED) * len(inside))
        values = {
            key: sum(value * (COVERED if number in covered else 1) for number, value in have.items())
            * weights[key]
            * (1 + LENGTH_BONUS * (len(key) - 1))
            * (UNECHOED + min(echoed[stem] for stem in key))
            for key, have in found.items()
            if not used & set(key) and len(have) >= least and weights[key] > 0 and 1.0 in have.values()
        }
        if not values:
            break
        best = max(values, key=lambda key: (round(values[key], 9), key))
        chosen.append(best)
        covered |= found[best].keys()
    return tuple(max(sorted(forms[key].items()), key=lambda item: item[1])[0] for key in chosen)


def _echoes(inside: Sequence[Spoken]) -> Counter[str]:
    """Share of answers that have a stem, by stem; 1 for every stem where nothing was answered."""
    answers = [{word[:STEM] for word in spoken.answer} for spoken in inside if spoken.answer]
    if not answers:
        return Counter({stem: 1 for spoken in inside for stem in (word[:STEM] for word in spoken.words)})
    counted = Counter(stem for answer in answers for stem in answer)
    shares: Counter[str] = Counter()
    for stem, count in counted.items():
        shares[stem] = count / len(answers)  # type: ignore[assignment]  # a share, not a count
    return shares


def lift(inside_have: int, outside_have: int, inside: int, outside: int) -> float:
    """Log of how much oftener a phrase is said inside than outside."""
    return min(math.log((inside_have / max(inside, 1)) / ((outside_have + 0.5) / (outside + 1))), MOST_LIFT)


def title(phrases: Sequence[str]) -> str:
    """Phrases as one name."""
    text = APART.join(phrases)
    return text[:1].upper() + text[1:]


def typical(vectors: Vectors) -> int:
    """Number of the statement that is most like all of them."""
    likeness = np.round(vectors @ vectors.mean(axis=0), 9)
    return int(likeness.argmax())


def _found(inside: Sequence[Spoken]) -> tuple[dict[Key, dict[int, float]], dict[Key, Counter[str]]]:
    """Which statements have each phrase, what it counts there (1, or LATER), and how it is said."""
    found: defaultdict[Key, dict[int, float]] = defaultdict(dict)
    forms: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for number, spoken in enumerate(inside):
        for phrase in _phrases(spoken):
            found[phrase.key].setdefault(number, 1.0 if phrase.is_first else LATER)
            forms[phrase.key][phrase.said] += 1
    return dict(found), dict(forms)


def _keys(spoken: Spoken) -> Iterator[Key]:
    return (phrase.key for phrase in _phrases(spoken))


def _phrases(spoken: Spoken) -> Iterator[Phrase]:
    """Every phrase of a quote, sentence by sentence."""
    telling = {word[:STEM] for word in spoken.words}
    is_first = True
    for sentence in SENTENCE.split(spoken.quote.lower().replace("’", "'")):
        places = [match.span() for match in WORD.finditer(sentence)]
        tokens = [sentence[first:last] for first, last in places]
        stems = [plain(token)[:STEM] for token in tokens]
        marks = [stem in telling for stem in stems]
        for begin in (i for i, mark in enumerate(marks) if mark):
            for end in range(begin, min(begin + LONGEST, len(tokens))):
                if marks[end]:
                    inner = [s for s, mark in zip(stems[begin : end + 1], marks[begin : end + 1], strict=True) if mark]
                    yield Phrase(tuple(inner), _said(sentence, places[begin : end + 1]), is_first)
        is_first = is_first and not any(marks)


def _said(sentence: str, places: Sequence[tuple[int, int]]) -> str:
    """The words at these places, what lies between them being one space or a hyphen; the rest of a hyphened word with them."""
    begin, end = places[0][0], places[-1][1]
    if rest := HYPHENED.match(sentence, end):
        end = rest.end()
    return " ".join(re.split(r"[^\w'-]+", sentence[begin:end]))
