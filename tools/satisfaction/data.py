"""The rated dialogues, reduced to what training needs: n-gram counts per turn and the raters' marks, no running text."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.ngrams import grams
from models.satisfaction import heard
from models.settings import ROOT

COUNTS = ROOT / "data" / "satisfaction" / "counts.npz"
NUGGETS = {True: ("CNUG0", "CNUG", "CNUG*", "CNaN"), False: ("HNUG", "HNUG*", "HNaN")}
"""What a turn does, as the raters marked it, by whether it is the customer's: the trigger, a regular step, the goal step
and nothing; the helpdesk's step, its goal step and nothing."""
IN_DIALOGUES = 3
"""An n-gram of fewer dialogues is left out: that is where names, places and account numbers are."""


@dataclass(frozen=True, slots=True)
class Rated:
    """``n`` dialogues of ``t`` turns in order, over ``g`` n-grams, judged by ``r`` raters.

    ``counts`` (t, g) sparse; ``dialogue`` (t,) numbers from 0, ascending; ``customer`` (t,) is True for the customer's
    turns; ``lengths`` (t,) in words; ``nuggets`` (t, 4) the share of raters for each of ``NUGGETS``, the last 0 in the
    helpdesk's turns; ``ratings`` (n, r) satisfaction, -2 to 2; ``names`` the g n-grams.
    """

    names: list[str]
    counts: sparse.csr_matrix
    dialogue: NDArray[np.int64]
    customer: NDArray[np.bool_]
    lengths: NDArray[np.int64]
    nuggets: NDArray[np.float64]
    ratings: NDArray[np.int8]

    @property
    def target(self) -> NDArray[np.float64]:
        """Mean rating of each dialogue, shape (n,)."""
        return np.asarray(self.ratings.mean(axis=1, dtype=np.float64))


def reduce(source: Path, target: Path = COUNTS) -> None:
    """Write ``target`` from the published file (a JSON list of dialogues with turns and annotations)."""
    dialogues = json.loads(source.read_text("utf-8"))
    turns = [(n, turn) for n, dialogue in enumerate(dialogues) for turn in dialogue["turns"]]
    said = [heard(" ".join(turn["utterances"])) for _, turn in turns]
    counted = [grams(spoken) for spoken in said]
    seen_in = Counter(gram for gram, _ in {(g, n) for (n, _), c in zip(turns, counted, strict=True) for g in c})
    names = sorted(gram for gram, dialogues_with in seen_in.items() if dialogues_with >= IN_DIALOGUES)
    number = {name: place for place, name in enumerate(names)}
    rows = [sorted((number[g], c) for g, c in turn.items() if g in number) for turn in counted]
    ends = np.cumsum([0, *map(len, rows)])
    np.savez_compressed(
        target,
        names=np.frombuffer("\n".join(names).encode("utf-8"), np.uint8),
        ends=ends.astype(np.int32),
        grams=np.array([place for row in rows for place, _ in row], np.uint16),
        counts=np.array([min(count, 255) for row in rows for _, count in row], np.uint8),
        dialogue=np.array([n for n, _ in turns], np.int16),
        customer=np.array([turn["sender"] == "customer" for _, turn in turns]),
        lengths=np.array([len(spoken) for spoken in said], np.int16),
        nuggets=np.concatenate([marked(dialogue) for dialogue in dialogues]).astype(np.uint8),
        ratings=np.array([[a["quality"]["S"] for a in d["annotations"]] for d in dialogues], np.int8),
    )


def marked(dialogue: dict[str, Any]) -> list[list[int]]:
    """How many raters marked each turn with each of its ``NUGGETS``, shape (turns, 4)."""
    by_turn = zip(*(rater["nugget"] for rater in dialogue["annotations"]), strict=True)
    names = [NUGGETS[turn["sender"] == "customer"] for turn in dialogue["turns"]]
    return [[marks.count(name) for name in (*kinds, "")[:4]] for marks, kinds in zip(by_turn, names, strict=True)]


def read(path: Path = COUNTS) -> Rated:
    """The dialogues that ``reduce`` wrote."""
    with np.load(path, allow_pickle=False) as held:
        names = bytes(held["names"]).decode("utf-8").split("\n")
        ends = held["ends"]
        counts = sparse.csr_matrix(
            (held["counts"].astype(np.float32), held["grams"].astype(np.int32), ends), shape=(len(ends) - 1, len(names))
        )
        return Rated(
            names,
            counts,
            held["dialogue"].astype(np.int64),
            held["customer"],
            held["lengths"].astype(np.int64),
            held["nuggets"].astype(np.float64) / held["ratings"].shape[1],
            held["ratings"],
        )


def first(rated: Rated, n: int) -> Rated:
    """The first ``n`` dialogues alone."""
    turns = rated.dialogue < n
    return Rated(
        rated.names,
        rated.counts[turns],
        rated.dialogue[turns],
        rated.customer[turns],
        rated.lengths[turns],
        rated.nuggets[turns],
        rated.ratings[:n],
    )
