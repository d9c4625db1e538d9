"""Card numbers, passwords and the like are taken out before anything is written: text, words, and the time they take.

Pure: the same turns give the same result, nothing is kept of what was found but its kind and place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.records import Transcript, Turn, Word
from models.redaction.finding import Found, find, is_proven
from models.redaction.rules import Rules, rules
from models.redaction.tokens import Token
from models.settings import Settings

BEFORE_S, AFTER_S = 0.15, 0.25
"""Seconds around a secret that are silenced with it: word times are not exact."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which kinds go, and the regions in which telephone numbers are dialled (ISO codes)."""

    kinds: frozenset[str]
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Where something was taken out: ``start_s <= t < end_s`` of the recording, None where times are not known."""

    kind: str
    turn: int
    start_s: float | None
    end_s: float | None
    is_whole: bool = True
    """False for what only goes on from an earlier turn: a number said in two turns counts once."""


def wanted(settings: Settings) -> Wanted:
    """What the settings ask for."""
    return Wanted(frozenset(settings.redacted_kinds), tuple(settings.regions))


def redact(turns: Sequence[Turn], what: Wanted) -> tuple[tuple[Turn, ...], tuple[Span, ...]]:
    """The turns with marks in place of secrets, and where these were. Turns keep their number and times."""
    ruled = rules()
    found = find(turns, ruled, what.kinds, what.regions, strict=False)
    if not found:
        return tuple(map(_without_strange_words, turns)), ()
    return _applied(turns, found, ruled)


def redact_transcript(transcript: Transcript, what: Wanted) -> Transcript:
    """A transcript without its secrets, and their number by kind."""
    turns, spans = redact(transcript.turns, what)
    return replace(transcript, turns=turns, redacted=counts(spans))


def redact_text(text: str, what: Wanted, own: Iterable[tuple[int, int]] = ()) -> str:
    """Text of which nobody knows who says what, such as a refused line: every number of four digits goes as well.

    Days and times as they are written stay, and so does what is in ``own``: (start, end) of our own ids and the like.
    """
    if not what.kinds:
        return text
    ruled, kinds = rules(), what.kinds | {"card_number"}
    turn = Turn("unknown", None, None, text)
    seen = replace(turn, text=_blanked(text, own))
    found = [f for strict in (True, False) for f in find([seen], ruled, kinds, what.regions, strict)]
    return _applied([turn], found, ruled)[0][0].text if found else text


def redact_typed(text: str, what: Wanted) -> str:
    """Text that somebody typed about others: what its check digits prove goes, nobody is asked for anything there."""
    ruled, turn = rules(), Turn("unknown", None, None, text)
    found = [f for f in find([turn], ruled, what.kinds, what.regions, strict=True) if is_proven(f.kind, f.value, ruled)]
    return _applied([turn], found, ruled)[0][0].text if found else text


def _blanked(text: str, own: Iterable[tuple[int, int]]) -> str:
    """The text with a sign that ends numbers in place of what is in ``own``."""
    for start, end in own:
        text = text[:start] + "/" * (end - start) + text[end:]
    return text


def counts(spans: Iterable[Span]) -> tuple[tuple[str, int], ...]:
    """(kind, how many) in order of kind."""
    return tuple(sorted(Counter(s.kind for s in spans if s.is_whole).items()))


def muted(spans: Sequence[Span]) -> list[tuple[float, float]]:
    """The seconds that are silenced, for the listening copy."""
    return [
        (max(0.0, s.start_s - BEFORE_S), s.end_s + AFTER_S)
        for s in spans
        if s.start_s is not None and s.end_s is not None
    ]


Piece = tuple[int, int, str]
"""(start, end, kind) of characters of one turn."""


def _applied(turns: Sequence[Turn], found: Sequence[Found], ruled: Rules) -> tuple[tuple[Turn, ...], tuple[Span, ...]]:
    pieces: dict[int, list[Piece]] = {}
    whole: dict[tuple[int, int], bool] = {}
    for secret in found:
        for n, (turn, start, end) in enumerate(_per_turn(secret.tokens)):
            pieces.setdefault(turn, []).append((start, end, secret.kind))
            whole[turn, start] = n == 0
    done, spans = [], []
    for number, said in enumerate(turns):
        if number not in pieces:
            done.append(_without_strange_words(said))
            continue
        merged = _merged(pieces[number])
        clean, times = _without(said, merged, ruled)
        done.append(clean)
        for (start, _, kind), (start_s, end_s) in zip(merged, times, strict=True):
            spans.append(Span(kind, number, start_s, end_s, whole.get((number, start), True)))
    return tuple(done), tuple(spans)


def _per_turn(tokens: Sequence[Token]) -> list[tuple[int, int, int]]:
    """(turn, start, end) of the characters that tokens span in each turn."""
    found: dict[int, tuple[int, int]] = {}
    for token in tokens:
        start, end = found.get(token.turn, (token.start, token.end))
        found[token.turn] = (min(start, token.start), max(end, token.end))
    return [(turn, *span) for turn, span in sorted(found.items())]


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces in order, overlapping ones as one."""
    made: list[Piece] = []
    for start, end, kind in sorted(pieces):
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]), made[-1][2])
        else:
            made.append((start, end, kind))
    return made


def _without(turn: Turn, pieces: Sequence[Piece], ruled: Rules) -> tuple[Turn, list[tuple[float | None, float | None]]]:
    """The turn with marks for ``pieces``, and the times of each."""
    text, at = "", 0
    for start, end, kind in pieces:
        text += turn.text[at:start] + ruled.marks[kind]
        at = end
    text += turn.text[at:]
    places = _places(turn)
    if places is None:
        return replace(turn, text=text, words=()), [(turn.start_s, turn.end_s)] * len(pieces)
    words: list[Word] = []
    times: list[tuple[float | None, float | None]] = []
    at = 0
    for start, end, kind in pieces:
        inside = [n for n, (a, b) in enumerate(places) if a < end and start < b]
        if not inside:
            times.append((turn.start_s, turn.end_s))
            continue
        gone = turn.words[inside[0] : inside[-1] + 1]
        words += turn.words[at : inside[0]]
        first_s, last_s = min(w.start_s for w in gone), max(w.end_s for w in gone)
        words.append(Word(ruled.marks[kind], first_s, last_s, min(w.probability for w in gone)))
        times.append((first_s, last_s))
        at = max(at, inside[-1] + 1)
    return replace(turn, text=text, words=(*words, *turn.words[at:])), times


def _places(turn: Turn) -> list[tuple[int, int]] | None:
    """Where each word stands in the text; None without words, or when they are not the words of the text."""
    places, at = [], 0
    for word in turn.words:
        start = turn.text.find(word.word, at)
        if start < 0 or turn.text[at:start].strip():
            return None
        places.append((start, at := start + len(word.word)))
    return None if not places or turn.text[at:].strip() else places


def _without_strange_words(turn: Turn) -> Turn:
    """The turn; words that are not those of its text were never looked through, and are left out."""
    return replace(turn, words=()) if turn.words and _places(turn) is None else turn
