"""Generated calls in which people say card numbers, bank accounts and the like, and numbers that are none of these.

Every phrasing (how it is asked for, how it is announced, how the digits are read out) belongs to one of two halves:
``development``, which the rules in data/redaction.toml may be tuned on, and ``apart``, which they may not. Phrasings were
written before the rules. Nobody's numbers: all are drawn, with the check digits that make them valid.

What must go stands between ⟦kind| and ⟧ in the generated text; ``parse`` takes the marks out again.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stdnum import iban, luhn
from stdnum.fr import nir

from bench.spoken_phrases import ANSWERS, ASKED, CHATTER, HARMLESS, MAILED, PASSED
from models.records import Speaker, Turn

HALVES = ("development", "apart")
LANGUAGES = ("en", "fr")
KINDS = ("card_number", "security_code", "bank_account", "national_id", "password", "email", "phone")
MARK = re.compile(r"⟦(\w+)\|([^⟧]*)⟧")
DIGITS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "fr": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
}
TEENS = {
    "en": [
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
    "fr": ["dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"],
}
TENS = {
    "en": ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    "fr": ["_", "_", "vingt", "trente", "quarante", "cinquante", "soixante"],
}
Say = Callable[[str, random.Random], str]
"""Reads digits out."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What must go: characters ``start <= i < end`` of a turn's text; a value over several turns has one number."""

    value_no: int
    kind: str
    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """One call: what is said, what of it must go, and which phrasings it is made of."""

    language: str
    half: str
    kind: str
    """The kind of its secret, or ``none``."""
    turns: tuple[Turn, ...]
    secrets: tuple[Secret, ...]


def below_hundred(number: int, language: str) -> str:
    """A number from 0 to 99 in words, French hyphenated."""
    tens, unit = divmod(number, 10)
    if number < 10:
        return DIGITS[language][number]
    if tens == 1:
        return TEENS[language][unit]
    if language == "fr" and tens >= 7:
        stem, rest = ("soixante", number - 60) if tens == 7 else ("quatre-vingt", number - 80)
        if number == 71:
            return "soixante et onze"
        return "quatre-vingts" if rest == 0 else f"{stem}-{below_hundred(rest, 'fr')}"
    if unit == 0:
        return TENS[language][tens]
    if language == "fr" and unit == 1:
        return f"{TENS['fr'][tens]} et un"
    return f"{TENS[language][tens]}-{DIGITS[language][unit]}"


def below_thousand(number: int, language: str) -> str:
    """A number from 0 to 999 in words."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return below_hundred(rest, language)
    if language == "fr":
        head = "cent" if hundreds == 1 else f"{DIGITS['fr'][hundreds]} cent"
    else:
        head = f"{DIGITS['en'][hundreds]} hundred"
    joint = " and " if language == "en" and rest else " "
    return (head + joint + below_hundred(rest, language)).strip() if rest else head


def chunks(digits: str, size: int) -> list[str]:
    """``digits`` in pieces of ``size``; the last may be shorter."""
    return [digits[i : i + size] for i in range(0, len(digits), size)]


def in_words(digits: str, language: str, size: int, joint: str = " ") -> str:
    """Read out in numbers of ``size`` digits; leading zeros are said one by one."""
    said = []
    for part in chunks(digits, size):
        zeros = len(part) - len(part.lstrip("0"))
        said += [DIGITS[language][0]] * min(zeros, len(part))
        if rest := part[zeros:]:
            said.append((below_hundred if size == 2 else below_thousand)(int(rest), language))
    return joint.join(said)


def doubled(digits: str, language: str, zero: str) -> str:
    """One by one, with "double four" and "triple nine"; ``zero`` is the word for nought."""
    names = {str(n): w for n, w in enumerate(DIGITS[language])} | {"0": zero}
    said = []
    for run in re.findall(r"((\d)\2{0,2})", digits):
        count = len(run[0])
        many = {1: "", 2: "double ", 3: "triple "}[count]
        said.append(f"{many}{names[run[1]]}")
    return " ".join(said)


def mixed(digits: str, language: str, rng: random.Random) -> str:
    """As a speech model writes it: some figures, some words."""
    return " ".join(p if rng.random() < 0.6 else in_words(p, language, 1) for p in chunks(digits, 4))


def ways(language: str, half: str) -> list[Say]:
    """How digits are read out or written."""
    if half == "development":
        common: list[Say] = [
            lambda d, r: " ".join(chunks(d, 4)),
            lambda d, r: d,
            lambda d, r: in_words(d, language, 1),
            lambda d, r: in_words(d, language, 2),
            lambda d, r: mixed(d, language, r),
        ]
        own: list[Say] = (
            [lambda d, r: doubled(d, "en", "oh")]
            if language == "en"
            else [lambda d, r: in_words(d, "fr", 3, ", "), lambda d, r: in_words(d, "fr", 2).replace("-", " ")]
        )
        return common + own
    common = [
        lambda d, r: "-".join(chunks(d, 4)),
        lambda d, r: " ".join(d),
        lambda d, r: in_words(d, language, 1, ", "),
        lambda d, r: in_words(d, language, 2, ", "),
        lambda d, r: ", ".join(in_words(p, language, 1) for p in chunks(d, 3)),
        lambda d, r: in_words(d, language, 1).title(),
    ]
    own = (
        [lambda d, r: doubled(d, "en", "nought"), lambda d, r: in_words(d, "en", 2).replace("-", " ")]
        if language == "en"
        else [lambda d, r: doubled(d, "fr", "zéro"), lambda d, r: " ".join(chunks(d, 2))]
    )
    return common + own


def spelled(text: str, say: Say, rng: random.Random) -> str:
    """Letters one by one, runs of digits as ``say`` reads them."""
    parts = re.findall(r"\d+|[A-Z]+", text)
    return " ".join(say(p, rng) if p.isdigit() else " ".join(p) for p in parts)


def digits_of(rng: random.Random, count: int, first: str = "0123456789") -> str:
    """Drawn digits."""
    return rng.choice(first) + "".join(rng.choice(string.digits) for _ in range(count - 1))


def card(rng: random.Random) -> str:
    """A card number of a known issuer that passes the Luhn check."""
    prefix, length = rng.choice((("4", 16), ("51", 16), ("55", 16), ("2223", 16), ("37", 15), ("6011", 16)))
    body = prefix + digits_of(rng, length - len(prefix) - 1)
    return body + luhn.calc_check_digit(body)


def account(rng: random.Random, language: str) -> str:
    """An IBAN of the language's country, with its check digits."""
    if language == "fr":
        body = digits_of(rng, 10) + digits_of(rng, 11)
        key = 97 - (89 * int(body[:5]) + 15 * int(body[5:10]) + 3 * int(body[10:])) % 97
        return "FR" + iban.calc_check_digits("FR00" + body + f"{key:02d}") + body + f"{key:02d}"
    body = rng.choice(("BARC", "HBUK", "LOYD", "MIDL")) + digits_of(rng, 14)
    return "GB" + iban.calc_check_digits("GB00" + body) + body


def national(rng: random.Random, language: str) -> str:
    """A French NIR with its key, a British NINO, or an American SSN."""
    if language == "fr":
        body = rng.choice("12") + f"{rng.randint(30, 99)}{rng.randint(1, 12):02d}{rng.randint(1, 95):02d}"
        body += f"{rng.randint(1, 990):03d}{rng.randint(1, 999):03d}"
        return body + nir.calc_check_digits(body)
    if rng.random() < 0.5:
        return f"{rng.choice('ABCEHJK')}{rng.choice('ABCEHJK')}{digits_of(rng, 6)}{rng.choice('ABCD')}"
    return f"{rng.randint(100, 665)}{rng.randint(10, 99)}{rng.randint(1000, 9999)}"


def telephone(rng: random.Random, language: str) -> str:
    """A mobile number as it is said at home."""
    return rng.choice(("06", "07")) + digits_of(rng, 8) if language == "fr" else "077" + "00900" + digits_of(rng, 3)


def said(kind: str, language: str, half: str, rng: random.Random) -> tuple[str, str]:
    """(value, how it is said) of one secret."""
    say = rng.choice(ways(language, half))
    if kind in ("password", "email"):
        text = rng.choice((PASSED if kind == "password" else MAILED)[language][half])
        return text, text
    if kind == "bank_account" and rng.random() < 0.6:
        value = account(rng, language)
        return value, spelled(value, say, rng)
    made = {
        "card_number": lambda: card(rng),
        "security_code": lambda: digits_of(rng, 3),
        "bank_account": lambda: digits_of(rng, 6) + digits_of(rng, 8) if language == "en" else digits_of(rng, 11),
        "national_id": lambda: national(rng, language),
        "phone": lambda: telephone(rng, language),
    }
    value = made[kind]()
    return value, spelled(value, say, rng)


def misheard(value: str, rng: random.Random) -> str:
    """A digit lost or another put in its place, as speech models do."""
    at = rng.randrange(4, len(value))
    return value[:at] + (rng.choice(string.digits) if rng.random() < 0.5 else "") + value[at + 1 :]


def split_over_turns(text: str, language: str, rng: random.Random) -> list[str]:
    """What is said in two goes, broken between words."""
    words = text.split()
    at = rng.randint(len(words) // 3, 2 * len(words) // 3)
    return [" ".join(words[:at]), " ".join(words[at:])]


def secret_call(kind: str, language: str, half: str, rng: random.Random) -> Case:
    """A call in which one secret is asked for, or given unasked, in one turn or in two."""
    value, text = said(kind, language, half, rng)
    if kind == "card_number" and rng.random() < 0.15:
        text = spelled(misheard(value, rng), rng.choice(ways(language, half)), rng)
    lines: list[tuple[Speaker, str]] = [("agent", rng.choice(ASKED[kind][language][half]))]
    answer = rng.choice(ANSWERS[language][half])
    long = kind in ("card_number", "bank_account") and len(text.split()) >= 8
    if long and rng.random() < 0.3:
        first, second = split_over_turns(text, language, rng)
        hum = {"en": ("Mm-hm.", "Yes, go on."), "fr": ("Oui.", "D'accord, ensuite ?")}[language]
        lines += [("customer", answer.format(f"⟦{kind}|{first}⟧")), ("agent", rng.choice(hum))]
        lines += [("customer", f"⟦{kind}|{second}⟧.")]
    else:
        lines += [("customer", answer.format(f"⟦{kind}|{text}⟧"))]
    return parse(framed(lines, language, half, rng), language, half, kind)


def harmless_call(language: str, half: str, rng: random.Random) -> Case:
    """A call with a number that must stay."""
    template = rng.choice(HARMLESS[language][half])
    lines: list[tuple[Speaker, str]] = []
    for n, line in enumerate(template):
        say = rng.choice(ways(language, half))
        filled = re.sub(r"\{(\d+)\}", lambda m, say=say: say(digits_of(rng, int(m[1]), "123456789"), rng), line)
        lines.append(("customer" if n % 2 else "agent", filled))
    return parse(framed(lines, language, half, rng), language, half, "none")


def framed(lines: list[tuple[Speaker, str]], language: str, half: str, rng: random.Random) -> list[tuple[Speaker, str]]:
    """The lines between chatter."""
    before: list[tuple[Speaker, str]] = [("customer", rng.choice(CHATTER[language][half]))]
    return [*before, *lines, ("agent", {"en": "Thank you, let me check that.", "fr": "Merci, je vérifie."}[language])]


def parse(lines: Sequence[tuple[Speaker, str]], language: str, half: str, kind: str) -> Case:
    """A case from marked text. All marks of a case are one value."""
    turns, secrets = [], []
    for number, (speaker, marked) in enumerate(lines):
        text, at = "", 0
        for mark in MARK.finditer(marked):
            text += marked[at : mark.start()]
            secrets.append(Secret(0, mark[1], number, len(text), len(text) + len(mark[2])))
            text += mark[2]
            at = mark.end()
        turns.append(Turn(speaker, float(number * 5), float(number * 5 + 4), text + marked[at:]))
    return Case(language, half, kind, tuple(turns), tuple(secrets))


def cases(seed: int = 8, each: int = 25, harmless: int = 150) -> Iterator[Case]:
    """``each`` calls per kind, language and half, and ``harmless`` calls with numbers that must stay."""
    rng = random.Random(seed)
    for half in HALVES:
        for language in LANGUAGES:
            for kind in KINDS:
                yield from (secret_call(kind, language, half, rng) for _ in range(each))
            yield from (harmless_call(language, half, rng) for _ in range(harmless // 4))
