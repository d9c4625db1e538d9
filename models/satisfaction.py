"""Predicted satisfaction at the end of a call, -2 to 2: a leaning, not truth.

A small linear model over the n-grams of each party, whole, at the opening, after it and at the end. It was trained on
written helpdesk dialogues (see data/satisfaction/README.md), each judged by 19 raters, and reads English only. On the
telephone nobody has measured it: use it to choose what to listen to, never to rank people.
`python -m tools.satisfaction` trains it, `python -m bench.satisfaction` says how well it does.

``earshot score`` fills the table `satisfaction` through ``refresh``, and queries/refresh_calls.sql reads it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Protocol

import duckdb
import pyarrow as pa

from models.ngrams import Weights, figured, grams, load, weigh, words
from models.settings import ROOT
from models.store import query

WEIGHTS = ROOT / "data" / "satisfaction" / "weights.npz"
PARTS = ("customer opening", "customer after the opening", "customer end", "agent", "agent end", "customer", "end")
FIGURES = (
    "customer words",
    "agent words",
    "customer words after the opening",
    "customer words at the end",
    "customer last",
)
OPENING_WORDS = 12
END_WORDS = 3
FILLERS = frozenset(("bye", "goodbye", "byebye", "um", "uh", "er", "erm", "hm", "hmm", "mm", "mhm", "huh"))
"""Words of the telephone that say nothing about how it went; written dialogues have none of them."""
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
    said = [(turn.speaker == "customer", heard(turn.text)) for turn in turns if turn.speaker != "unknown"]
    weights = load(WEIGHTS)
    if not enough(said, weights):
        return None
    total = weights.intercept + figured(weights, figures(said))
    counted = [grams(spoken) for _, spoken in said]
    for number, turn_numbers in enumerate(parts([(customer, len(spoken)) for customer, spoken in said])):
        part: Counter[str] = Counter()
        for turn_number in turn_numbers:
            part.update(counted[turn_number])
        total += weigh(weights, number, part)
    return max(-2.0, min(2.0, total))


def predict_many(calls: Iterable[tuple[Sequence[Said], str | None]]) -> Iterator[float | None]:
    """``predict`` for (turns, language) of each call, in their order."""
    return (predict(turns, language) for turns, language in calls)


def heard(text: str) -> list[str]:
    """The words of one turn without fillers and goodbyes."""
    return [word for word in words(text) if word not in FILLERS]


def enough(said: Sequence[tuple[bool, list[str]]], weights: Weights) -> bool:
    """Whether both parties said something, and something that the model knows."""
    lengths = [sum(len(spoken) for customer, spoken in said if customer is party) for party in (True, False)]
    known = sum(word in weights.index for _, spoken in said for word in spoken)
    return min(lengths) >= TOO_LITTLE and known >= KNOWN_SHARE * sum(lengths)


def parts(said: Sequence[tuple[bool, int]]) -> tuple[list[int], ...]:
    """Turn numbers (from 0) of each of ``PARTS``; ``said`` is (by the customer, number of words) of each turn.

    Counted in words, not turns: on the telephone one thought is cut into many turns, and the last is "bye".
    """
    customer = [number for number, (by_customer, length) in enumerate(said) if by_customer and length]
    agent = [number for number, (by_customer, length) in enumerate(said) if not by_customer and length]
    opening = reach(customer, said, OPENING_WORDS)
    rest = customer[len(opening) :]
    ends = [reach(numbers[::-1], said, END_WORDS) for numbers in (rest, agent, sorted(customer + agent))]
    return opening, rest, ends[0], agent, ends[1], customer, ends[2]


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
    lengths = [(customer, len(spoken)) for customer, spoken in said]
    _, rest, end, agent, _, customer, _ = parts(lengths)
    counts = [sum(lengths[turn_no][1] for turn_no in chosen) for chosen in (customer, agent, rest, end)]
    return [*map(math.log1p, counts), float(max(customer, default=-1) > max(agent, default=-1))]


def refresh(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Bring the table `satisfaction` up to date inside the caller's transaction; returns the call_ids that it touched.

    Predicts calls whose transcript has no prediction by these weights yet, and forgets calls without a transcript.
    A call that can't be predicted gets a row with null, so that it isn't read again. The caller runs
    queries/refresh_calls.sql for the ids returned, so that `calls.predicted_satisfaction` follows.
    """
    gone = [call_id for (call_id,) in con.execute(query("satisfaction_orphans")).fetchall()]
    wanted = [call_id for (call_id,) in con.execute(query("satisfaction_wanted"), [version()]).fetchall()]
    _forget(con, gone + wanted)
    for start in range(0, len(wanted), BATCH):
        _predict_batch(con, wanted[start : start + BATCH])
    return gone + wanted


def _forget(con: duckdb.DuckDBPyConnection, call_ids: Sequence[str]) -> None:
    """Delete the predictions of these calls."""
    con.execute("delete from satisfaction where call_id in (select unnest(?::varchar[]))", [list(call_ids)])


def _predict_batch(con: duckdb.DuckDBPyConnection, call_ids: Sequence[str]) -> None:
    """Predict these calls and add their rows."""
    rows = con.execute(query("satisfaction_turns"), [list(call_ids)]).fetchall()
    calls = {call_id: [*turns] for call_id, turns in groupby(rows, key=itemgetter(0))}
    said = (([Spoken(speaker, text) for _, speaker, text, _ in turns], turns[0][3]) for turns in calls.values())
    made = dict(zip(calls, predict_many(said), strict=True))
    values = [made.get(call_id) for call_id in call_ids]
    new = pa.table({"call_id": list(call_ids), "predicted": pa.array(values, pa.float64())})
    con.register("satisfaction_made", new)
    con.execute(query("satisfaction_add"), [version()])
    con.unregister("satisfaction_made")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn as the store keeps it."""

    speaker: str
    text: str
