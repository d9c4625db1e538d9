"""Which of the tokens of a call are secrets, and of which kind. Pure."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from typing import Any

import phonenumbers
from stdnum import iban, luhn

from models.records import Turn
from models.redaction.rules import OTHER, Rules
from models.redaction.tokens import ENDS, Item, Strand, Token, items_of, runs_of, strands, tokens_of

CUE_TURNS = 4
"""How many turns back a question still counts."""
CUE_WORDS = 60
PASSWORD_TURNS = 2
"""Passwords are much talked about without being said."""
AFTER_WORDS = 8
"""How far behind a number its name may stand: "… is my security code"."""
CODE_SHORTEST, CODE_LONGEST = 2, 6
"""Digits of a security code: "ninety seven" may be 907."""
LONG_IDENTITY = 13
COMMON_CARD = 15
"""Shorter cards are rare: they are told by their check digit only where a card was asked for."""
PART_OF_ANSWER = 4
"""Digits of a part, at least, that count together with the other parts of an answer."""
PIN_LONGEST = 12
ANSWER_BEGINS = 3
"""Words within which an answer says that it is none: "I can't remember"."""
SENTENCES_BEHIND = 1
"""Sentences that may follow a question before it is answered."""
NAME_TOKENS, NAME_WORDS = 24, 2
"""How far back the name of a spoken address goes, and how many whole words may follow each other in it."""
REPEATED = 4
"""Digits of a number that was found, at least, that go when they are said again."""


@dataclass(frozen=True, slots=True)
class Found:
    """A secret: ``kind``, its characters, and its tokens in the order in which they are said."""

    kind: str
    value: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that tells what digits are; ``at`` is the place of its last token in the call."""

    label: str
    words: int
    turn: int
    at: int


@dataclass(frozen=True)
class Call:
    """A call as the finder reads it. ``place`` is the number of a token in the call, by (turn, start)."""

    turns: Sequence[Turn]
    tokens: Sequence[list[Token]]
    place: dict[tuple[int, int], int]
    rules: Rules

    @cached_property
    def cues(self) -> Sequence[Cue]:
        """All cues, in order; looked for only in calls with anything that they could tell."""
        return list(_cues(self.tokens, self.place, self.rules))


def find(
    turns: Sequence[Turn], rules: Rules, kinds: frozenset[str], regions: Sequence[str], strict: bool
) -> list[Found]:
    """Every secret of the ``kinds`` wanted. ``strict`` takes each number of four digits or more for one."""
    tokens = [tokens_of(turn, n, rules.harmless) for n, turn in enumerate(turns)]
    place = {(t.turn, t.start): n for n, t in enumerate(t for words in tokens for t in words)}
    call = Call(turns, tokens, place, rules)
    found: list[Found] = []
    runs: list[tuple[Strand, list[Item]]] = []
    for strand in strands(turns, tokens):
        found += _emails(strand, call)
        taken = {(t.turn, t.start) for f in found for t in f.tokens}
        whole = runs_of(strand, items_of(strand, rules), rules)
        for part in (part for run in whole if _digit_count(run) > 1 for part in _asked_apart(strand, run, call)):
            if not any((t.turn, t.start) in taken for i in part for t in strand[i.first : i.last + 1]):
                runs.append((strand, part))
    told = [_told(strand, run, call, strict) for strand, run in runs]
    answers = _answers(runs, told)
    for (strand, run), cue in zip(runs, told, strict=True):
        answered = answers[cue, strand[0].turn] if cue else 0
        found += _in_run(strand, run, cue, answered, rules, regions, strict)
    found += _passwords(call)
    found += _written(call)
    found += _repeated(runs, found)
    found += _words_again(found, call)
    return [f for f in found if f.kind in kinds]


def _cues(tokens: Sequence[list[Token]], place: dict[tuple[int, int], int], rules: Rules) -> Iterator[Cue]:
    for words in tokens:
        said = [t for t in words if t.is_word]
        names = [{t.plain, t.plain.rpartition("'")[2]} for t in said]
        for at, token in enumerate(said):
            for first in names[at]:
                for phrase, label in rules.cues.get(first, ()):
                    if all(w in n for w, n in zip(phrase, names[at : at + len(phrase)], strict=False)) and at + len(
                        phrase
                    ) <= len(said):
                        end = said[at + len(phrase) - 1]
                        yield Cue(label, len(phrase), token.turn, place[end.turn, end.start])


def cue_of(first: Token, last: Token, call: Call) -> Cue | None:
    """The cue that tells what the digits between two tokens are; None when nothing tells."""
    begin, end = call.place[first.turn, first.start], call.place[last.turn, last.start]
    before = [c for c in call.cues if c.at < begin and begin - c.at <= CUE_WORDS and first.turn - c.turn <= CUE_TURNS]
    before = [c for c in before if c.label != "password" or first.turn - c.turn <= PASSWORD_TURNS]
    if before:
        own = [c for c in before if c.turn == first.turn]
        if own:
            return max(own, key=lambda c: (c.at, c.words))
        newest = max(c.turn for c in before)
        return max((c for c in before if c.turn == newest), key=lambda c: (c.words, c.at))
    after = [c for c in call.cues if end < c.at <= end + AFTER_WORDS and c.turn == last.turn]
    return min(after, key=lambda c: (c.at, -c.words)) if after else None


def _asked_apart(strand: Strand, run: list[Item], call: Call) -> Iterator[list[Item]]:
    """The parts of a run between which somebody asks for something else."""
    part: list[Item] = []
    for item in run:
        here = strand[item.first]
        if part and strand[part[-1].last].turn != here.turn:
            first = strand[part[0].first]
            cue, end = cue_of(first, first, call), strand[part[-1].last]
            asked = range(call.place[end.turn, end.start], call.place[here.turn, here.start])
            if any(c.at in asked and (cue is None or c.label != cue.label) for c in call.cues):
                yield part
                part = []
        part.append(item)
    yield part


def _told(strand: Strand, run: list[Item], call: Call, strict: bool) -> Cue | None:
    return None if strict else cue_of(strand[run[0].first], strand[run[-1].last], call)


def _answers(runs: Sequence[tuple[Strand, list[Item]]], told: Sequence[Cue | None]) -> Counter[tuple[Cue, int]]:
    """How many digits follow a cue in one strand, what is said twice counted once."""
    seen: set[tuple[Cue, int, str]] = set()
    answers: Counter[tuple[Cue, int]] = Counter()
    for (strand, run), cue in zip(runs, told, strict=True):
        text = "".join(i.text for i in run)
        if cue and _digit_count(run) >= PART_OF_ANSWER and (cue, strand[0].turn, text) not in seen:
            seen.add((cue, strand[0].turn, text))
            answers[cue, strand[0].turn] += _digit_count(run)
    return answers


def _digit_count(run: Sequence[Item]) -> int:
    return sum(c.isdigit() for i in run for c in i.text)


def _in_run(
    strand: Strand, run: list[Item], cue: Cue | None, answered: int, rules: Rules, regions: Sequence[str], strict: bool
) -> Iterator[Found]:
    """The secrets of one run. ``answered`` is how many digits follow its cue in all: an answer may come in parts."""
    label = cue.label if cue else None
    missing = answered - _digit_count(run) if answered >= rules.parts_fewest.get(label or "", answered + 1) else 0
    taken: set[int] = set()
    for kind, first, last in [*_valid_windows(run, label, rules), *_asked(run, label, missing, rules, regions, strict)]:
        if not taken & set(range(first, last + 1)):
            taken |= set(range(first, last + 1))
            yield _found(kind, strand, run[first : last + 1])


def _found(kind: str, strand: Strand, items: Sequence[Item]) -> Found:
    tokens = strand[items[0].first : items[-1].last + 1]
    return Found(kind, "".join(i.text for i in items), tuple(tokens))


Window = tuple[str, int, int]
"""(kind, first item, last item) of a run."""


def _valid_windows(run: list[Item], label: str | None, rules: Rules) -> Iterator[Window]:
    """Parts that are told by their check digits, whatever was asked: accounts, identities, cards.

    One number in ten passes for a card: of an order number or the like, only the whole may be one.
    """
    for first, last, text in _windows(run, 9, 34):
        if label == OTHER and (first, last) != (0, len(run) - 1):
            continue
        misheard = label != OTHER and last == len(run) - 1 and text[:2] in _iban_countries()
        if rules.bank.fullmatch(text) and (misheard or iban.is_valid(text)):
            yield "bank_account", first, last
        elif _is_identity(text, rules):
            yield "national_id", first, last
        elif _is_card(text, label, rules):
            yield "card_number", first, last


def _is_identity(text: str, rules: Rules) -> bool:
    if any(shape.fullmatch(text) for shape in rules.national_shapes):
        return True
    return len(text) >= LONG_IDENTITY and any(_check(module)(text) for module in rules.national_valid)


def _is_card(text: str, label: str | None, rules: Rules) -> bool:
    usual = len(text) >= COMMON_CARD or label == "card_number"
    return usual and bool(rules.card.fullmatch(text)) and luhn.is_valid(text)


def is_proven(kind: str, text: str, rules: Rules) -> bool:
    """Whether check digits or shape say that this is of its kind, whatever was asked."""
    return _is_card(text, None, rules) if kind == "card_number" else kind in ("bank_account", "national_id")


def _windows(run: list[Item], fewest: int, most: int) -> Iterator[tuple[int, int, str]]:
    """(first, last, text) of every part of a run with so many characters, the longest first from each item."""
    for first in range(len(run)):
        parts: list[tuple[int, int, str]] = []
        text = ""
        for last in range(first, len(run)):
            text += run[last].text
            if len(text) > most:
                break
            if len(text) >= fewest:
                parts.append((first, last, text))
        yield from reversed(parts)


@cache
def _iban_countries() -> frozenset[str]:
    return frozenset(country for country in phonenumbers.SUPPORTED_REGIONS)


@cache
def _check(module: str) -> Any:
    return importlib.import_module(module).is_valid


def _asked(
    run: list[Item], label: str | None, missing: int, rules: Rules, regions: Sequence[str], strict: bool
) -> Iterator[Window]:
    """Parts that are told by what was asked for, or what the speaker calls them; ``missing`` digits are in other runs."""
    if label in ("bank_account", "national_id"):
        fewest = rules.bank_fewest if label == "bank_account" else rules.national_fewest
        if (count := _digit_count(run)) >= fewest or (count >= PART_OF_ANSWER and count + missing >= fewest):
            yield label, 0, len(run) - 1
            return
    for first, last in _digit_stretches(run):
        text = "".join(i.text for i in run[first : last + 1])
        if kind := _kind_of_digits(text, label, missing, rules, regions, strict):
            yield kind, first, last


def _kind_of_digits(
    text: str, label: str | None, missing: int, rules: Rules, regions: Sequence[str], strict: bool
) -> str | None:
    count = len(text)
    if label == "card_number" and (count if count < PART_OF_ANSWER else count + missing) >= rules.card_fewest:
        return "card_number"
    if label == "security_code" and count >= CODE_SHORTEST:
        return "security_code" if count <= CODE_LONGEST else "card_number"
    if label == "password" and 3 <= count <= PIN_LONGEST:
        return "password"
    if label == "phone" and rules.phone_fewest <= count <= rules.phone_most:
        return "phone"
    if label != OTHER and 9 <= count <= rules.phone_most and _is_phone(text, tuple(regions)):
        return "phone"
    return "card_number" if strict and count >= REPEATED else None


def _is_phone(text: str, regions: Sequence[str]) -> bool:
    """Whether the digits are a number of one of the regions, as it is dialled there or from abroad.

    With the 0 that is dialled in front any possible number counts, else a valid one: other numbers begin with 1 to 9.
    """
    for region in regions:
        prefix = f"+{phonenumbers.country_code_for_region(region)}"
        for digits in (
            text,
            f"+{text}" if text.startswith(prefix[1:]) else "",
            f"+{text[2:]}" if text.startswith("00") else "",
        ):
            try:
                number = phonenumbers.parse(digits, region) if digits else None
                if number and (phonenumbers.is_valid_number(number) or _dialled(digits, number)):
                    return True
            except phonenumbers.NumberParseException:
                continue
    return False


def _dialled(digits: str, number: phonenumbers.PhoneNumber) -> bool:
    return digits[0] == "0" != digits[1] and phonenumbers.is_possible_number(number)


def _digit_stretches(run: list[Item]) -> Iterator[tuple[int, int]]:
    """(first, last) of the items that are digits, up to the next letter."""
    for is_digit, group in groupby(range(len(run)), lambda n: run[n].text.isdigit()):
        if is_digit:
            places = list(group)
            yield places[0], places[-1]


def _repeated(runs: Sequence[tuple[Strand, list[Item]]], found: Sequence[Found]) -> Iterator[Found]:
    """What is said again, whole or in part, by whomever: "so that's four two four two"."""
    known = [(f.kind, f.value) for f in found if sum(c.isdigit() for c in f.value) >= REPEATED]
    taken = {(t.turn, t.start) for f in found for t in f.tokens}
    for strand, run in runs if known else ():
        free = [i for i in run if (strand[i.first].turn, strand[i.first].start) not in taken]
        text = "".join(i.text for i in free)
        digits = "".join(c for c in text if c.isdigit())
        kind = next((k for k, value in known if len(digits) >= REPEATED and (text in value or digits in value)), None)
        if kind:
            yield _found(kind, strand, free)


def _words_again(found: Sequence[Found], call: Call) -> Iterator[Found]:
    """The words of a password wherever else they are said."""
    told = [t for f in found if f.kind == "password" for t in f.tokens if len(t.plain) >= REPEATED and t.raw.isalpha()]
    numbers = call.rules.numbers
    common = call.rules.fillers | call.rules.password["announced"] | {*numbers.units, *numbers.teens, *numbers.tens}
    words = {t.plain for t in told} - common
    known = {(t.turn, t.start) for t in told}
    for token in (t for turn in call.tokens for t in turn) if words else ():
        if token.plain in words and (token.turn, token.start) not in known:
            yield Found("password", "", (token,))


def _written(call: Call) -> Iterator[Found]:
    """Identities told by the way they are written."""
    for number, turn in enumerate(call.turns):
        for pattern in call.rules.national_written:
            for match in pattern.finditer(turn.text):
                inside = [t for t in call.tokens[number] if match.start() <= t.start and t.end <= match.end()]
                yield Found("national_id", re.sub(r"\W", "", match[0]), tuple(inside))


def _emails(strand: Strand, call: Call) -> Iterator[Found]:
    """Addresses, written or spoken: something, at, something, dot, an ending."""
    words = call.rules.email
    used = -1
    for at, token in enumerate(strand):
        if token.plain not in words["at"] or at <= used:
            continue
        last = _end_of_domain(strand, at, words)
        if last is None:
            continue
        first = _start_of_name(strand, at, used, words)
        used = last
        if first < at:
            yield Found("email", "".join(t.plain for t in strand[first : last + 1]), tuple(strand[first : last + 1]))
    yield from _hosted(strand, used, call)


def _end_of_domain(strand: Strand, at: int, words: Any) -> int | None:
    """The last token of the domain behind an "at"; None when none follows."""
    last = None
    for here in range(at + 2, min(at + 12, len(strand) - 1)):
        if (
            strand[here].plain in words["dot"]
            and strand[here + 1].plain in words["endings"]
            and _spoken_or_tight(strand, here)
        ):
            last = here + 1
        elif last is not None and here > last:
            break
    return last


def _spoken_or_tight(strand: Strand, dot: int) -> bool:
    """Whether a dot is a word, or a sign with no space behind it: a sentence may end before "in"."""
    return strand[dot].raw != "." or strand[dot + 1].joined


def _start_of_name(strand: Strand, at: int, used: int, words: Any) -> int:
    """The first token of the name before an "at"."""
    first, plain_words = at, 0
    for here in range(at - 1, max(used, at - NAME_TOKENS), -1):
        token, behind = strand[here], strand[here + 1]
        joint = token.plain in words["joints"]
        broken = joint or here + 1 == at or behind.plain in words["joints"]
        plain_words = 0 if joint or len(token.raw) == 1 else plain_words + 1
        ends = token.raw == "." and not behind.joined
        stops = token.plain in words["before"] and len(token.raw) > 1 and not behind.joined
        if ends or not (joint or token.is_word) or (stops and not joint) or plain_words > NAME_WORDS:
            break
        if token.turn != behind.turn and not broken:
            break
        first = here
    return first


def _hosted(strand: Strand, used: int, call: Call) -> Iterator[Found]:
    """An address whose "at" was misheard: the name of a mail service with its ending, where a mail address was asked for."""
    words = call.rules.email
    for here in range(used + 1, len(strand) - 2):
        tail = strand[here + 1], strand[here + 2]
        if strand[here].plain in words["hosts"] and tail[0].plain in words["dot"] and tail[1].plain in words["endings"]:
            cue = cue_of(strand[here], strand[here], call)
            if cue and cue.label == "email":
                first = _start_of_name(strand, here, used, words)
                yield Found("email", "", tuple(strand[first : here + 3]))


def _passwords(call: Call) -> Iterator[Found]:
    """Words that answer a question for a password, or that the speaker calls one."""
    for number, words in enumerate(call.tokens):
        if call.rules.password_words.isdisjoint(t.plain for t in words):
            continue
        for cue in (c for c in call.cues if c.label == "password" and c.turn == number):
            if own := _after_is(words, cue, call):
                yield Found("password", "", tuple(own))
            elif answer := _answer_to(number, cue, call):
                yield Found("password", "", tuple(answer))


def _answer_to(number: int, cue: Cue, call: Call) -> list[Token]:
    """What the next turn says to a question for a password; nothing when the turn doesn't ask in its last sentences."""
    words, asking = call.tokens[number], call.turns[number].speaker
    if number + 1 == len(call.turns) or (call.turns[number + 1].speaker == asking != "unknown"):
        return []
    at = next(n for n, t in enumerate(words) if call.place[t.turn, t.start] == cue.at)
    ends = [n for n, t in enumerate(words) if t.raw in ENDS]
    first = max((n for n in ends if n < at), default=-1) + 1
    last = min((n for n in ends if n > at), default=len(words))
    behind = [n for n in ends if n > last]
    if len(behind) > SENTENCES_BEHIND or not _asks([t for t in words[first:last] if t.is_word], call.rules):
        return []
    return _answer(call.tokens[number + 1], call.rules)


def _asks(said: Sequence[Token], rules: Rules) -> bool:
    words = {t.plain for t in said} | {t.plain.rpartition("'")[2] for t in said}
    return bool(words & rules.password["asking"]) and not words & rules.password["not_asking"]


def _after_is(words: Sequence[Token], cue: Cue, call: Call) -> list[Token]:
    """What stands behind "my password is", unless that is something about it: "is wrong", "is on the screen"."""
    behind = [t for t in words if call.place[t.turn, t.start] > cue.at]
    for n, token in enumerate(behind[:3]):
        if token.plain in call.rules.password["is_word"] or token.raw == ":":
            rest = [t for t in behind[n + 1 :] if t.raw not in ":,"]
            value = next((t for t in rest if t.plain not in call.rules.password["announced"]), None)
            about = value is None or not value.is_word or value.plain in call.rules.password["about"]
            return [] if about or any(t.raw == "?" for t in rest) else _answer(rest, call.rules)
    return []


def _answer(words: Sequence[Token], rules: Rules) -> list[Token]:
    """The words of an answer without what leads up to it; nothing when it says that there is none."""
    start = 0
    while start < len(words) and (not words[start].is_word or words[start].plain in rules.password["lead_in"]):
        start += 1
    taken: list[Token] = []
    for token in words[start:]:
        if (
            token.raw in ENDS
            or (token.raw == "," and not _digit_before(taken))
            or sum(t.is_word for t in taken) >= rules.password_most
        ):
            break
        if token.plain in rules.password["closing"]:
            break
        taken.append(token)
    begins = {t.plain for t in words[: start + ANSWER_BEGINS]}
    return [] if begins & rules.password["no_answer"] else taken


def _digit_before(taken: Sequence[Token]) -> bool:
    return bool(taken) and taken[-1].raw.isdecimal()
