"""Sentences of service calls, drawn from the templates and slots in `grammar/`.

Numbers are spelled out: what a voice says is exactly what the transcript holds.  Imports nothing but the
standard library, so that tests and the tokenizer can use it without the training environment."""

import random
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tools.speech_model.held_out import HeldOut
from tools.speech_model.paths import GRAMMAR

ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SLOT = re.compile(r"\{(\w+)\}")

SHARES = (0.35, 0.15, 0.32, 0.18)  # of whole, spliced, patched and scrambled sentences
JOIN_SHARE, JOIN_FIRST_CHARS, JOIN_SECOND_CHARS = 0.25, 45, 50


def below_hundred(n: int) -> str:
    """42 -> 'forty two'."""
    if n < 20:
        return (ONES + TEENS)[n]
    tens, ones = divmod(n, 10)
    return TENS[tens - 2] + (f" {ONES[ones]}" if ones else "")


def number(n: int) -> str:
    """112 -> 'one hundred twelve'; odd remainders take an 'and', so both spellings are heard."""
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return below_hundred(n)
    joint = " and " if rest % 2 else " "
    return f"{ONES[hundreds]} hundred" + (joint + below_hundred(rest) if rest else "")


def digits(count: int | None = None) -> Callable[[random.Random], str]:
    """A slot of so many spoken digits, four to six where no count is given."""
    return lambda rng: " ".join(rng.choice(ONES) for _ in range(count or rng.choice([4, 4, 5, 6])))


def amount(rng: random.Random) -> str:
    """A sum of money, mostly below a hundred, sometimes with cents."""
    whole = rng.choice([rng.randint(2, 30), rng.randint(20, 99), rng.randint(100, 600)])
    currency = rng.choice(["dollars", "dollars", "euros", "pounds"])
    cents = f" and {below_hundred(rng.randint(10, 99))} cents" if rng.random() < 0.2 else ""
    return f"{number(whole)} {currency}{cents}"


NUMBER_SLOTS: dict[str, Callable[[random.Random], str]] = {
    "digits": digits(),
    "digits3": digits(3),
    "digit4": digits(4),
    "digit5": digits(5),
    "twodigit": lambda rng: below_hundred(rng.randint(50, 99)),
    "number": lambda rng: number(rng.randint(2, 300)),
    "amount": amount,
    "percent": lambda rng: below_hundred(rng.choice([5, 10, 12, 15, 20, 25, 30, 40, 50])),
}


class Grammar:
    """Templates and slots read from a folder: `*.txt` holds one template a line, `slots.toml` the slots."""

    def __init__(self, folder: Path = GRAMMAR, held_out: HeldOut | None = None):
        self.slots: dict[str, list[str]] = tomllib.loads((folder / "slots.toml").read_text(encoding="utf-8"))
        texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
        lines = [line.strip() for text in texts for line in text.splitlines()]
        self.templates = [line for line in lines if line and not line.startswith("#")]
        # a template with slots says many things, so it is drawn more often than a fixed sentence
        self.weights = [1.0 + 1.2 * template.count("{") for template in self.templates]
        self.spellings = self._spellings()
        self.held_out = HeldOut.of_sample_scripts() if held_out is None else held_out

    def _spellings(self) -> list[str]:
        """Every word as templates and slots spell it."""
        texts = self.templates + [value for values in self.slots.values() for value in values]
        texts += ONES + TEENS + TENS + ["hundred", "and", "dollars", "euros", "pounds", "cents"]
        return sorted({word for text in texts for word in re.findall(r"[A-Za-z']+", SLOT.sub(" ", text))})

    def expand(self, template: str, rng: random.Random) -> str:
        """Fill every slot, slots inside values included, and write the first letter large."""
        while match := SLOT.search(template):
            name = match.group(1)
            value = NUMBER_SLOTS[name](rng) if name in NUMBER_SLOTS else rng.choice(self.slots[name])
            template = template[: match.start()] + value + template[match.end() :]
        return template[0].upper() + template[1:]

    def draw(self, rng: random.Random) -> str:
        """One expanded template."""
        return self.expand(rng.choices(self.templates, self.weights)[0], rng)

    def spliced(self, rng: random.Random) -> str:
        """The beginning of one sentence and the end of another: natural words, a new order."""
        first, second = self.draw(rng).rstrip(".?!").split(), self.draw(rng).split()
        return " ".join(first[: rng.randint(2, 5)] + second[-rng.randint(2, 5) :])

    def patched(self, rng: random.Random) -> str:
        """Scraps of one to four words from many sentences: natural neighbours, sentences that nobody says."""
        scraps = []
        for _ in range(rng.randint(2, 5)):
            found = self.draw(rng).rstrip(".?!").replace(".", "").replace("?", "").split()
            length, at = rng.randint(1, 4), rng.randrange(len(found))
            scraps += found[at : at + length]
        text = " ".join(scraps)
        return text[0].upper() + text[1:]

    def scrambled(self, rng: random.Random) -> str:
        """Words in no order at all, rare ones as often as common ones: the model has to listen."""
        return " ".join(rng.choice(self.spellings) for _ in range(rng.randint(3, 8))) + "."

    def sentence(self, rng: random.Random, whole: bool = False) -> str:
        """One utterance, sometimes of two short sentences, never one that the sample calls hold.

        `whole` leaves out what is put together from pieces: calls to measure on hold whole sentences.
        """
        shares = (1, 0, 0, 0) if whole else SHARES
        while True:
            text = rng.choices([self.draw, self.spliced, self.patched, self.scrambled], shares)[0](rng)
            if len(text) < JOIN_FIRST_CHARS and rng.random() < JOIN_SHARE:
                more = self.draw(rng)
                if len(more) < JOIN_SECOND_CHARS:
                    text = f"{text} {more}"
            if not self.held_out.holds(text):
                return text

    def vocabulary(self) -> set[str]:
        """Every word that the grammar can say, in lower case."""
        return {word.lower() for word in self.spellings}


@cache
def grammar() -> Grammar:
    """The recipe's grammar, read once."""
    return Grammar()
