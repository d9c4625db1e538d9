"""Predicted satisfaction at the end of a call, -2 to 2: a leaning, not truth.

A small linear model over the n-grams of each party, at the opening, after it and at the end. It was trained on written
helpdesk dialogues (see data/satisfaction/README.md), each judged by 19 raters, and reads English only. On the telephone
nobody has measured it: use it to choose what to listen to, never to rank people. `python -m tools.satisfaction` trains
it, `python -m bench.satisfaction` says how well it does.

``earshot score`` fills the table `satisfaction` through ``refresh``, and queries/refresh_calls.sql reads it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa

from models.ngrams import Weights, figured, grams, load, weigh, words
from models.settings import ROOT
from models.store import query

WEIGHTS = ROOT / "data" / "satisfaction" / "weights.npz"
PARTS = ("customer opening", "customer after the opening", "customer end", "agent", "agent end")
FIGURES = ("customer words", "agent words", "customer words after the opening", "customer words at the end", "customer last")
OPENING_WORDS = 12
END_WORDS = 1
TOO_LITTLE = 4
"""Fewer words than this by either party, and nothing is predicted."""
KNOWN_SHARE = 0.5
"""When less of what was said is known to the model (another language, noise), nothing is predicted."""
BATCH = 2000


class Said(Protocol):
    """A turn, as far as it matters here."""

    @property
    def speaker(self) -> str:
        """agent, customer or unknown."""

    @property
    def text(self) -> str:
        """What was said."""


def version() -> str:
    """Hash of the weights: a prediction with another version is out of date."""
    return load(WEIGHTS).version


def predict(turns: Sequence[Said], language: str | None = None) -> float | None:
    """Predicted satisfaction, -2 to 2; None when a party said too little, or in a language other than English."""
    if language not in (None, "en"):
        return None
    said = [(turn.speaker == "customer", words(turn.text)) for turn in turns if turn.speaker != "unknown"]
    weights = load(WEIGHTS)
    if not enough(said, weights):
        return None
    total = weights.intercept + figured(weights, figures(said))
    for number, turn_numbers in enumerate(parts([(customer, len(heard)) for customer, heard in said])):
        counted = grams([])
        for turn_no in turn_numbers:
            counted.update(grams(said[turn_no][1]))
        total += weigh(weights, number, counted)
    return max(-2.0, min(2.0, total))


def predict_many(calls: Iterable[tuple[Sequence[Said], str | None]]) -> Iterator[float | None]:
    """``predict`` for (turns, language) of each call, in their order."""
    return (predict(turns, language) for turns, language in calls)


def enough(said: Sequence[tuple[bool, list[str]]], weights: Weights) -> bool:
    """Whether both parties said something, and something that the model knows."""
    heard = [sum(len(spoken) for customer, spoken in said if customer is party) for party in (True, False)]
    known = sum(word in weights.index for _, spoken in said for word in spoken)
    return min(heard) >= TOO_LITTLE and known >= KNOWN_SHARE * sum(heard)


def parts(said: Sequence[tuple[bool, int]]) -> tuple[list[int], ...]:
    """Turn numbers (from 0) of each of ``PARTS``; ``said`` is (by the customer, number of words) of each turn.

    Counted in words, not turns: on the telephone one thought is cut into many turns, and the last is "bye".
    """
    customer = [number for number, (by_customer, length) in enumerate(said) if by_customer and length]
    agent = [number for number, (by_customer, length) in enumerate(said) if not by_customer and length]
    opening = reach(customer, said, OPENING_WORDS)
    rest = customer[len(opening) :]
    return opening, rest, reach(rest[::-1], said, END_WORDS), agent, reach(agent[::-1], said, END_WORDS)


def reach(numbers: Sequence[int], said: Sequence[tuple[bool, int]], enough_words: int) -> list[int]:
    """The first of these turns, up to the one with which they reach ``enough_words`` words."""
    taken, total = [], 0
    for number in numbers:
        taken.append(number)
        total += said[number][1]
        if total >= enough_words:
            break
    return taken


def figures(said: Sequence[tuple[bool, Sequence[str]]]) -> list[float]:
    """The figures of ``FIGURES``: natural logarithms of 1 + words, and 1.0 when the customer speaks last."""
    lengths = [(customer, len(heard)) for customer, heard in said]
    _, rest, end, agent, _ = parts(lengths)
    total = {party: sum(length for customer, length in lengths if customer is party) for party in (True, False)}
    counts = [total[True], total[False], *(sum(lengths[n][1] for n in numbers) for numbers in (rest, end))]
    return [*(math.log1p(count) for count in counts), float(bool(end) and end[0] > agent[-1] if agent else True)]
