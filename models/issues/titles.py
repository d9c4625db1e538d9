"""The name of an issue: a stretch of what its customers say, short, that many of them mean and others don't.

Candidates are the runs of neighbouring words within one clause, from a telling word to a telling word (data/issue_names.toml
names the small words that may stand at the ends, too). What a telling word weighs is the share of statements that have it,
times how much oftener than in other issues (c-TF-IDF with the lift of naming.py), times whether agents say it back; what
stands only after the matter counts little: consequences are told by many and name nothing. A run is worth the weight of its
words over a power of its length; more where many say these words, in this order, where something fails in it, and where it
is not cut out of the middle of a phrase.

Words that one customer alone says, anywhere, are in no name, nor are figures, dates and proper names: a name tells the matter
and nobody's life.
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise

from models.issues import naming, statements
from models.issues.naming import LATER, UNECHOED, Spoken
from models.issues.statements import TROUBLE, Mark
from models.issues.vectors import ALIKE, STEM
from models.judging.words import plain, split_plain
from models.settings import ROOT

FILE = ROOT / "data" / "issue_names.toml"
METHOD = 2
"""Raised when the same statements would be named otherwise."""
LONGEST = 7
"""Words of a name."""
LONGEST_WORD = 30
"""Characters of a word."""
CROWDED = 0.25
"""Power of the length by which a run is divided: 0 takes the longest, 1 the single word that tells most."""
LENGTH = 2
"""Words that every run is reckoned longer than it is, so that one word is no better than two."""
FAILS = 3.3
"""A run in which something fails is worth so many times as much: it says what is wrong."""
CUT = (0.6, 0.8, 1.0)
"""What a run counts that is cut out of a phrase at both ends, at one, at none."""
PERSON = 0.85
"""What a run counts for each person named in it."""
RARE = 0.6
"""What a run counts for each word that few statements of the issue have."""
FEW = 0.08
"""Share of statements below which they are few."""
SHARED = 5.0
"""How much a run gains by the share of statements that have all its telling words."""
ATTESTED = 0.7
"""How much a run gains by standing in several different sentences, by the logarithm of how many."""
LEAST_SHARE = 0.25
"""Share of statements that must have one of the telling words of a name."""
KEEP = 0.6
"""A name that stands stays as long as it is worth so much of the best one: better names are rarely worth the confusion."""
SHORTENED = 60
"""Characters of a quote that stands for a name."""
PROPER = 0.15
"""A word that is written with a capital inside sentences names somebody or something, unless so many statements have it."""

Words = frozenset[str]
SENTENCE_END = re.compile(r"[.?!…؟\n]")
TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Heard:
    """How many of all ``total`` statements of a language have each stem: ``said`` in them, ``known`` with their answers."""

    said: Counter[str]
    known: Counter[str]
    total: int


@dataclass(frozen=True, slots=True)
class Title:
    """A name, and the share of statements that have at least half of its telling words."""

    text: str
    coverage: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The small words of one language, plain; ``begins`` are runs of one or two."""

    begins: frozenset[tuple[str, ...]]
    ends: Words
    parts: Words
    dates: Words
    persons: Words


@dataclass(frozen=True, slots=True)
class Token:
    """A word as written: its parts, plain; its telling stems; what follows; whether it stands in the first telling sentence.

    ``alike``: words that stand for what ends here, and where it begins.
    """

    said: str
    span: tuple[int, int]
    parts: tuple[str, ...]
    stems: tuple[str, ...]
    sentence: int
    is_first: bool
    ends_clause: bool
    alike: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Run:
    """A candidate: how it is said and by which statements, and what it is made of."""

    stems: Words
    length: int
    persons: int
    said: Counter[str] = field(default_factory=Counter)
    sentences: set[str] = field(default_factory=set)
    cuts: list[float] = field(default_factory=list)
    fails: bool = False


def choose(
    inside: Sequence[Spoken], everywhere: Heard, language: str, taken: Iterable[str] = (), now: str | None = None
) -> Title | None:
    """The name of the issue that the statements ``inside`` make; None where no run of words names it.

    ``everywhere``: what all statements of the language say. ``taken``: names of other issues. ``now``: the name it has,
    which stays unless another is much better.
    """
    have = [_stems(spoken.words) for spoken in inside]
    lifts = _lifts(have, everywhere)
    marks = [statements.marks(spoken.quote, language) for spoken in inside]
    tokens = [_tokens(s.quote, stems, lifts, found) for s, stems, found in zip(inside, have, marks, strict=True)]
    runs = _runs(marks, tokens, everywhere, language)
    weights = _weights(inside, have, tokens, lifts)
    values = {text: _value(run, weights, have) for text, run in runs.items()}
    used = {text.casefold() for text in taken}
    good = {t: v for t, v in values.items() if v > 0 and t not in used and _is_shared(runs[t], have)}
    if not good:
        return None
    best = max(good, key=lambda text: (round(good[text], 9), text))
    standing = (now or "").casefold()
    if good.get(standing, 0) >= KEEP * good[best]:
        return Title(now or "", _coverage(runs[standing], have))
    forms = runs[best].said
    text = max(sorted(forms), key=lambda form: forms[form])
    return Title(text[:1].upper() + text[1:], _coverage(runs[best], have))


def counted(issues: Iterable[Sequence[Spoken]]) -> Heard:
    """What the statements of all issues of a language say."""
    said, known, total = Counter[str](), Counter[str](), 0
    for spoken in chain.from_iterable(issues):
        stems = _stems(spoken.words)
        said.update(stems)
        known.update(stems | _stems(spoken.answer))
        total += 1
    return Heard(said, known, total)


def said(found: Title | None, phrases: Sequence[str], quote: str) -> str:
    """What an issue is called: its name, else the key phrases that its customers share, else how a typical statement begins."""
    if found:
        return found.text
    return naming.title(phrases) if phrases else shortened(quote)


def first(found: Title | None, phrases: Sequence[str]) -> tuple[str, ...]:
    """What a typical quote should have in it: the name before the key phrases."""
    return (found.text.lower(), *phrases) if found else tuple(phrases)


def shortened(quote: str) -> str:
    """The beginning of a quote, cut between words."""
    text = " ".join(quote.split())
    if len(text) <= SHORTENED:
        return text.rstrip(".")
    return text[: SHORTENED + 1].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


@lru_cache(maxsize=1)
def version() -> str:
    """Hash of what decides names beside what is said; names of another version are looked at again."""
    return hashlib.sha256(f"{METHOD}\n".encode() + FILE.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=32)
def rules(language: str) -> Rules:
    """The small words of a language; none in one that the file does not know."""
    raw = tomllib.loads(FILE.read_text("utf-8"))
    words = {name: [tuple(split_plain_all(entry)) for entry in raw[name].get(language, ())] for name in raw}
    single = {name: frozenset(run[0] for run in runs if len(run) == 1) for name, runs in words.items()}
    persons = frozenset(plain(entry) for entry in raw["persons"].get(language, ()))
    return Rules(frozenset(words["begins"]), single["ends"], single["parts"], single["dates"], persons)


def split_plain_all(text: str) -> list[str]:
    """The plain parts of each word of a text."""
    return [part for word in text.split() for part in split_plain(plain(word))]


def _stems(words: Iterable[str]) -> set[str]:
    """What words have in common with their other forms, plurals too."""
    return {_stem(word) for word in words}


def _stem(word: str) -> str:
    return word if word.startswith(ALIKE) else word[:STEM].rstrip("s") or word


def _lifts(have: Sequence[set[str]], everywhere: Heard) -> dict[str, float]:
    """How much oftener than in other issues a stem is said, of those that are."""
    inside = Counter(stem for stems in have for stem in stems)
    others = everywhere.total - len(have)
    lifts = {stem: naming.lift(n, everywhere.said[stem] - n, len(have), others) for stem, n in inside.items()}
    return {stem: value for stem, value in lifts.items() if value > 0}


def _weights(
    inside: Sequence[Spoken], have: Sequence[set[str]], heard: Sequence[Sequence[Token]], lifts: dict[str, float]
) -> dict[str, float]:
    """What each stem tells of the issue."""
    shares: defaultdict[str, float] = defaultdict(float)
    for stems, tokens in zip(have, heard, strict=True):
        first = {
            stem for token in tokens if token.is_first for stem in (*token.stems, *(word for word, _ in token.alike))
        }
        for stem in sorted(stems & lifts.keys()):
            shares[stem] += (1.0 if stem in first else LATER) / len(inside)
    answers = [_stems(spoken.answer) for spoken in inside if spoken.answer]
    echoes = Counter(stem for stems in answers for stem in stems)
    echoed = {stem: echoes[stem] / len(answers) if answers else 1.0 for stem in shares}
    return {stem: share * lifts[stem] * (UNECHOED + echoed[stem]) for stem, share in shares.items()}


def _value(run: Run, weights: dict[str, float], have: Sequence[set[str]]) -> float:
    """What a run is worth as a name."""
    weight = math.fsum(weights.get(stem, 0.0) for stem in sorted(run.stems))
    counts = Counter(stem for stems in have for stem in run.stems & stems)
    every = sum(run.stems <= stems for stems in have) / len(have)
    rare = sum(counts[stem] < FEW * len(have) for stem in run.stems)
    value = (
        weight / (run.length + LENGTH) ** CROWDED * (1 + SHARED * every) * (1 + ATTESTED * math.log(len(run.sentences)))
    )
    cut = math.fsum(run.cuts) / len(run.cuts)
    return float(value * cut * (FAILS if run.fails else 1) * PERSON**run.persons * RARE**rare)


def _coverage(run: Run, have: Sequence[set[str]]) -> float:
    """Share of statements that have at least half of the telling words."""
    return sum(2 * len(run.stems & stems) >= len(run.stems) for stems in have) / len(have)


def _is_shared(run: Run, have: Sequence[set[str]]) -> bool:
    return sum(bool(run.stems & stems) for stems in have) >= LEAST_SHARE * len(have)


def _tokens(quote: str, telling: set[str], lifts: dict[str, float], marks: Sequence[Mark]) -> list[Token]:
    """The words of a quote. The first telling sentence is the first with a word that tells this issue from others."""
    found = list(TOKEN.finditer(quote))
    sentence, made = 0, []
    for number, match in enumerate(found):
        gap = quote[match.end() : found[number + 1].start()] if number + 1 < len(found) else "."
        parts = tuple(split_plain(plain(match.group())))
        stems = tuple(stem for stem in map(_stem, parts) if stem in telling)
        made.append((match, parts, stems, sentence, bool(gap.strip())))
        sentence += bool(SENTENCE_END.search(gap))
    first = next((s for _, _, stems, s, _ in made if any(stem in lifts for stem in stems)), -1)
    return [
        Token(m.group(), m.span(), parts, stems, s, s == first, ends, _alike(m, marks, telling))
        for m, parts, stems, s, ends in made
    ]


def _alike(word: re.Match[str], marks: Sequence[Mark], telling: set[str]) -> tuple[tuple[str, int], ...]:
    """The words that stand for what ends with a word, and where that begins."""
    return tuple((name, begin) for name, begin, end in marks if name in telling and word.start() < end <= word.end())


def _proper(heard: Sequence[Sequence[Token]]) -> set[str]:
    """Words that are written as names are: with a capital inside sentences, by few."""
    capital, lower, by = Counter[str](), Counter[str](), Counter[str]()
    for tokens in heard:
        by.update({token.said.casefold() for token in tokens})
        for before, token in pairwise(tokens):
            if before.sentence == token.sentence:
                (capital if token.said[:1].isupper() else lower)[token.said.casefold()] += 1
    return {word for word in capital if capital[word] > lower[word] and by[word] < PROPER * len(heard)}


def _runs(
    marks: Sequence[Sequence[Mark]], heard: Sequence[Sequence[Token]], everywhere: Heard, language: str
) -> dict[str, Run]:
    """Every candidate by how it is said, in small letters."""
    small, proper, runs = rules(language), _proper(heard), dict[str, Run]()
    for found, tokens in zip(marks, heard, strict=True):
        failing = [(begin, end) for name, begin, end in found if name == TROUBLE]
        for begin, end in _spans(tokens, small):
            words = tokens[begin : end + 1]
            stems = frozenset(stem for token in words for stem in _told(token, words[0].span[0]))
            if any(everywhere.known[stem] < 2 for stem in stems) or any(
                t.said.casefold() in proper or _is_unfit(t) for t in words
            ):
                continue
            text = " ".join(token.said for token in words).replace("’", "'")
            persons = sum(token.parts[:1] != () and token.parts[0] in small.persons for token in words)
            run = runs.setdefault(text.casefold(), Run(stems, len(words), persons))
            run.stems |= stems
            run.said[text] += 1
            run.sentences.add(_sentence(tokens, tokens[begin].sentence))
            run.cuts.append(_cut(tokens, begin, end, small) * (1.0 if tokens[begin].is_first else LATER))
            a, b = words[0].span[0], words[-1].span[1]
            run.fails |= not tokens[begin].stems or any(a <= x and y <= b for x, y in failing)
    return runs


def _told(token: Token, begin: int) -> Iterator[str]:
    """The stems that a word brings to a run that begins at ``begin``."""
    yield from token.stems
    yield from (word for word, begins in token.alike if begins >= begin)


def _spans(tokens: Sequence[Token], small: Rules) -> Iterator[tuple[int, int]]:
    """(first, last) word of each run of at least two words that may be a name."""
    for begin, token in enumerate(tokens):
        if not (token.stems or _begins(tokens, begin, small)) or set(token.parts) & small.parts:
            continue
        for end in range(begin, min(begin + LONGEST, len(tokens))):
            last = tokens[end]
            if set(last.parts) & (small.parts | small.dates):
                break
            told = any(t.stems for t in tokens[begin : end + 1])
            if (
                end > begin
                and told
                and (last.stems or (last.parts[-1] in small.ends and not _goes_on(tokens, end, small)))
            ):
                yield begin, end
            if last.ends_clause:
                break


def _begins(tokens: Sequence[Token], at: int, small: Rules) -> bool:
    """Whether small words that may begin a name stand here."""
    parts = [part for token in tokens[at : at + 2] for part in token.parts]
    return any(tuple(parts[: len(run)]) == run for run in small.begins)


def _cut(tokens: Sequence[Token], begin: int, end: int, small: Rules) -> float:
    """What a run counts for where it is cut out: a telling word right before or after it belongs to it, a small ending too."""
    before = begin > 0 and not tokens[begin - 1].ends_clause and bool(tokens[begin - 1].stems)
    return CUT[2 - before - _goes_on(tokens, end, small)]


def _goes_on(tokens: Sequence[Token], end: int, small: Rules) -> bool:
    """Whether what follows belongs to a run: a telling word, or a small ending behind at most one person ("logs | me out")."""
    if tokens[end].ends_clause or end + 1 == len(tokens):
        return False
    after = tokens[end + 1 : end + 3]
    if len(after) > 1 and not after[0].ends_clause and after[0].parts[0] in small.persons:
        after = after[1:]
    return bool(tokens[end + 1].stems) or after[0].parts[-1] in small.ends


def _sentence(tokens: Sequence[Token], number: int) -> str:
    return " ".join(token.said for token in tokens if token.sentence == number).casefold()


def _is_unfit(token: Token) -> bool:
    """Whether a word is a figure, or no word at all."""
    return any(c.isdigit() for c in token.said) or len(token.said) > LONGEST_WORD
