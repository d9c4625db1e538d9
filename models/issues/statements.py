"""What customers say is wrong: their problem statements, in their own words, without greetings, numbers and anger.

A statement is what a customer says in one go: turns that only a short "mm-hm" of the agent parts are one. Counted are the
first thing a customer says that is about something, and whatever later has a cue of trouble. data/issues.toml names the
words that are about nothing; transcripts in a language that it does not know keep all their words.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from models.issues.vectors import ALIKE
from models.judging import scorecard as scorecards
from models.judging.cues import Found, Index
from models.judging.engine import NOISE
from models.judging.hits import language_of
from models.judging.records import SaidTurn
from models.judging.scorecard import Language
from models.judging.words import Line, plain, read, split_plain
from models.ngrams import words
from models.settings import ROOT

FILE = ROOT / "data" / "issues.toml"
METHOD = 2
"""Raised when the same transcript would give other statements."""
BACK_CHANNEL_WORDS = 2
"""An agent's turn of so few words does not part what the customer says."""
FEWEST_WORDS = 2
"""Fewer telling words, and nothing was said about anything."""
LATER_WORDS = 4
"""After the reason for the call, only what has so many telling words and a cue of trouble is a further statement."""
TROUBLE = "trouble"
Mark = tuple[str, int, int]
"""TROUBLE, or a word for what can be said in several ways (ALIKE and a word), with where it begins and ends in the text."""
MOST_WORDS = 40
"""Telling words of a statement that are read: the beginning says what it is about."""
MOST_ANSWER_WORDS = 60
"""Telling words of the answer that are read."""
QUOTE_CHARACTERS = 300
NOISY_WORDS = 4
"""Telling words that a turn needs in which something was not understood."""
OPENING_PIECES = 4
"""How many times a customer may speak before the reason for the call must have been said."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One problem statement. ``words`` are the telling words, plain and in order; ``quote`` stands so in the turn.

    ``answer`` are the telling words of what the agent says to it, up to the next statement.
    """

    turn_no: int
    words: tuple[str, ...]
    quote: str
    answer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallStatements:
    """The statements of a call; ``troubled``: whether the customer voices trouble, None in a language without cues."""

    statements: tuple[Statement, ...]
    troubled: bool | None


@dataclass(frozen=True)
class Ear:
    """How one language is heard here."""

    language: Language
    index: Index
    common: frozenset[str]


@lru_cache(maxsize=1)
def version() -> str:
    """Hash of everything that decides what a statement is; statements of another version are made again."""
    content = FILE.read_bytes() + scorecards.FILE.read_bytes()
    return hashlib.sha256(f"{METHOD}\n".encode() + content).hexdigest()[:12]


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@lru_cache(maxsize=1)
def _card() -> scorecards.Scorecard:
    """The scorecard that comes with Earshot, read once: its cues tell trouble, whatever a centre's own one judges."""
    return scorecards.load()


@lru_cache(maxsize=1)
def _ears() -> dict[str, Ear]:
    """The cues for each language: fillers and what fails of data/issues.toml, trouble of the scorecard."""
    card = _card()
    raw = tomllib.loads(card.content)
    readers, made = scorecards.Readers(raw), {}
    for code, language in card.languages.items():
        reader = readers[code]
        cues = [cue for text in _rules()["filler"].get(code, ()) for cue in reader.ways("filler", text)]
        told = [text for name in _rules()["trouble"] for text in card.families[name].cues.get(code, ())]
        told += _rules()["failing"].get(code, ())
        cues += [cue for text in told for cue in reader.ways(TROUBLE, text)]
        for word, texts in _rules()["alike"].get(code, {}).items():
            cues += [cue for text in texts for cue in reader.ways(ALIKE + word, text)]
        misheard = scorecards.plain_set(raw["language"][code], "not_misheard")
        index = Index(cues, reader.speller.spelling, language.common, misheard, reader.prefixes)
        made[code] = Ear(language, index, language.common | _common(code))
    return made


def _common(code: str) -> frozenset[str]:
    """Words that are as good as common here."""
    return frozenset(part for word in _rules()["common"].get(code, "").split() for part in split_plain(plain(word)))


def find(turns: Sequence[SaidTurn], language: str | None) -> CallStatements:
    """The problem statements of a call, in order. Unknown speakers are nobody's customer."""
    default = (language or "").split("-")[0].casefold()
    found: list[Statement] = []
    troubled: bool | None = None
    for number, piece in enumerate(_pieces(turns)):
        statement, trouble = _statement(piece, default)
        if trouble is not None:
            troubled = bool(troubled) or trouble
        opening = not found and number < OPENING_PIECES
        if statement and (opening or (trouble and len(statement.words) >= LATER_WORDS)):
            found.append(statement)
    return CallStatements(tuple(_answered(found, turns, default)), troubled)


def _answered(found: Sequence[Statement], turns: Sequence[SaidTurn], default: str) -> Iterator[Statement]:
    """The statements with what the agent says to each."""
    ends = [statement.turn_no for statement in found[1:]] + [len(turns) + turns[-1].turn_no if turns else 0]
    for statement, end in zip(found, ends, strict=False):  # a call may have none
        answer: list[str] = []
        for turn in turns:
            if turn.speaker == "agent" and statement.turn_no < turn.turn_no < end and len(answer) < MOST_ANSWER_WORDS:
                answer += _heard(turn, default)[0]
        yield replace(statement, answer=tuple(answer[:MOST_ANSWER_WORDS]))


def telling_words(text: str, language: str | None = None) -> tuple[str, ...]:
    """The words of a text that say what it is about."""
    statement, _ = _statement([SaidTurn(1, "customer", text)], language or "")
    return statement.words if statement else ()


def marks(text: str, language: str) -> list[Mark]:
    """Where a text voices trouble, and where it says what can be said in several ways; nothing in a language without cues."""
    ear = _ear(text, language.split("-")[0].casefold())
    if ear is None:
        return []
    line = read(text, ear.index.speller)
    cues = ear.index.find(line)
    told = [cue for cue in cues if cue.family.startswith(ALIKE) or (cue.family == TROUBLE and not _covered(cue, cues))]
    return sorted((cue.family, line.spans[cue.first][0], line.spans[cue.last][1]) for cue in told)


def _pieces(turns: Iterable[SaidTurn]) -> Iterator[list[SaidTurn]]:
    """What the customer says in one go."""
    piece: list[SaidTurn] = []
    for turn in turns:
        if turn.speaker == "customer":
            piece.append(turn)
        elif piece and len(turn.text.split()) > BACK_CHANNEL_WORDS:
            yield piece
            piece = []
    if piece:
        yield piece


def _statement(piece: Sequence[SaidTurn], default: str) -> tuple[Statement | None, bool | None]:
    """The statement of a piece, and whether it voices trouble; the quote is from the turn that says the most."""
    heard = [_heard(turn, default) for turn in piece]
    telling = [word for said, _, _ in heard for word in said][:MOST_WORDS]
    known = [trouble for _, _, trouble in heard if trouble is not None]
    trouble = any(known) if known else None
    if len(telling) < FEWEST_WORDS:
        return None, trouble
    best = max(range(len(piece)), key=lambda i: (len(heard[i][0]), -i))
    return Statement(piece[best].turn_no, tuple(telling), heard[best][1]), trouble


def _heard(turn: SaidTurn, default: str) -> tuple[list[str], str, bool | None]:
    """The telling words of a turn, its quote, and whether it voices trouble."""
    ear = _ear(turn.text, default)
    if ear is None:
        said = [plain(word) for word in words(turn.text) if word != "0"]
        return said, turn.text.strip()[:QUOTE_CHARACTERS], None
    line = read(turn.text, ear.index.speller)
    cues = ear.index.find(line)
    noise = [match.span() for match in NOISE.finditer(turn.text)]
    kept = [i for i in _telling(line, cues, ear) if not any(a <= line.spans[i][0] < b for a, b in noise)]
    if noise and len(kept) < NOISY_WORDS:
        return [], "", None
    trouble = any(cue.family == TROUBLE and not _covered(cue, cues) for cue in cues)
    return _meant(line, kept, cues), _quote(line, kept), trouble


def _ear(text: str, default: str) -> Ear | None:
    """How to hear a turn; None in a language that nobody told us about."""
    ears = _ears()
    if default and default not in ears:
        return None
    return ears[language_of(text, default, _card()).id]


def _telling(line: Line, cues: Iterable[Found], ear: Ear) -> Iterator[int]:
    """Numbers of the words that are neither common nor filler nor numbers."""
    filler = {i for cue in cues if cue.family == "filler" for i in range(cue.first, cue.last + 1)}
    for number, word in enumerate(line.words):
        if word in ".?" or number in filler or word in ear.common or any(c.isdigit() for c in word):
            continue
        if len(word) > 1:
            yield number


def _meant(line: Line, kept: Sequence[int], cues: Iterable[Found]) -> list[str]:
    """The telling words, and where something is said that can be said in several ways, once each the word for it."""
    said = [(i, line.words[i]) for i in kept]
    alike = {cue.family: cue.last for cue in sorted(cues, key=lambda cue: -cue.first) if cue.family.startswith(ALIKE)}
    return [word for _, word in sorted(said + [(last, word) for word, last in alike.items()])]


def _covered(cue: Found, cues: Iterable[Found]) -> bool:
    """Whether a cue of trouble lies within filler: "I have a problem" is how people begin to ask for opening hours."""
    return any(o.family == "filler" and o.first <= cue.first and cue.last <= o.last for o in cues)


def _quote(line: Line, kept: Sequence[int]) -> str:
    """The sentences with telling words, cut out of the text as they stand there."""
    if not kept:
        return ""
    counted: dict[tuple[int, int], int] = {}
    for number in kept:
        place = line.sentence(number, number)
        counted[place] = counted.get(place, 0) + 1
    first = next((place for place, n in counted.items() if n >= FEWEST_WORDS), next(iter(counted)))
    begin = line.spans[first[0]][0]
    last = max(place[1] for place in counted if line.spans[place[1]][1] - begin <= QUOTE_CHARACTERS or place == first)
    end = line.spans[last][1]
    if line.spans[min(last + 1, len(line.spans) - 1)][0] == end:  # the full stop, too
        end = line.spans[min(last + 1, len(line.spans) - 1)][1]
    return line.text[begin : min(end, begin + QUOTE_CHARACTERS)].strip()
