"""How well issues are found: groups of utterances against the intents that people gave them, and calls a second.

    python -m bench.issues [--embeddings FOLDER]

Accuracy is the best one-to-one matching of groups to intents (Hungarian), NMI the mutual information over the mean of the
two entropies. Held out: ten times the intents are halved, the joining likeness is chosen on one half and measured on the
other. Beside it k-means on TF-IDF, which is told the right number.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, as the figures say

import numpy as np
from scipy.cluster.vq import kmeans2

from models.errors import EarshotError
from models.issues import clusters, embeddings, statements, vectors
from models.issues.evaluation import HALVINGS, Score, halves, read, scores
from models.judging import scorecard as scorecards
from models.judging.records import SaidTurn
from models.ngrams import words
from models.settings import ROOT

JOINS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
STARTS = 10
LARGE = 5
"""Groups of so many utterances are counted as found."""


def found(texts: Sequence[str], join: float = clusters.JOIN) -> list[int]:
    """The group of each text as Earshot finds it."""
    said = [(statements.telling_words(text, "en"), ()) for text in texts]
    return list(clusters.cluster(vectors.place(vectors.make(said), said), join))


@contextmanager
def without_parting() -> Iterator[None]:
    """Groups as the tree has them at the joining likeness."""
    kept, clusters.APART = clusters.APART, float("inf")
    try:
        yield
    finally:
        clusters.APART = kept


def told(texts: Sequence[str], groups: int, seed: int) -> list[int]:
    """The group of each text by k-means on TF-IDF of its words but the common ones, told how many groups there are."""
    common = scorecards.load().languages["en"].common
    split = [[word for word in words(text) if word not in common] for text in texts]
    names = sorted({word for said in split for word in said})
    table = np.zeros((len(split), len(names)))
    place = {name: i for i, name in enumerate(names)}
    for row, said in enumerate(split):
        for word in said:
            table[row, place[word]] += 1
    weighed = table * (np.log((1 + len(split)) / (1 + (table > 0).sum(axis=0))) + 1)
    _, labels = kmeans2(vectors.unit(weighed), groups, minit="++", rng=np.random.default_rng(seed))
    return list(labels)


def held_out(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[float, Score, Score]]:
    """(the join chosen on one half, scores on the other, k-means told the number there) of each halving."""
    for seed in range(HALVINGS):
        first, second = (([text for text, _ in half], [intent for _, intent in half]) for half in halves(pairs, seed))
        chosen = max(JOINS, key=lambda join: sum(scores(first[1], found(first[0], join))))
        right = len(set(second[1]))
        yield chosen, scores(second[1], found(second[0], chosen)), scores(second[1], told(second[0], right, seed))


def calls_per_second(calls: int = 300) -> float:
    """Calls a second of one core whose statements are found: the sample's transcripts."""
    lines = (ROOT / "data" / "sample" / "transcripts" / "calls.jsonl").read_text("utf-8").splitlines()[:calls]
    read = [json.loads(line) for line in lines]
    heard = [[SaidTurn(n, t["speaker"], t["text"]) for n, t in enumerate(call["turns"], 1)] for call in read]
    statements.find(heard[0], "en")
    began = time.process_time()
    for call, turns in zip(read, heard, strict=True):
        statements.find(turns, call["language"])
    return len(read) / (time.process_time() - began)


def lines() -> Iterator[str]:
    """The report, line by line as it is measured."""
    yield f"calls a second on one core: statements      {calls_per_second():6.0f}"
    pairs = read()
    texts, intents = [text for text, _ in pairs], [intent for _, intent in pairs]
    right = len(set(intents))
    groups = found(texts)
    large = sum(groups.count(group) >= LARGE for group in set(groups) - {clusters.NOWHERE})
    yield "                                            accuracy   NMI"
    yield f"Earshot, not told the number                  {said(scores(intents, groups))}   {large} groups of {LARGE} or more; there are {right}"
    plain = [scores(intents, told(texts, right, seed)) for seed in range(STARTS)]
    yield f"k-means on TF-IDF, told the number            {said(mean(plain))}   mean of {STARTS} starts"
    with without_parting():
        yield f"Earshot without parting groups                {said(scores(intents, found(texts)))}"
    halved = list(held_out(pairs))
    yield f"Earshot, join chosen on the other half        {said(mean([ours for _, ours, _ in halved]))}   chosen: {sorted({join for join, _, _ in halved})}"
    shipped = [
        scores([i for _, i in half], found([t for t, _ in half])) for s in range(HALVINGS) for half in halves(pairs, s)
    ]
    yield f"Earshot as it is, on each half                {said(mean(shipped))}"
    with without_parting():
        plain_halves = [
            scores([i for _, i in h], found([t for t, _ in h])) for s in range(HALVINGS) for h in halves(pairs, s)
        ]
    yield f"the same without parting groups               {said(mean(plain_halves))}"
    yield f"k-means on the same half, told the number     {said(mean([plain for _, _, plain in halved]))}"


def said(score: Score) -> str:
    """A score as two figures."""
    return f"{score[0]:6.3f}  {score[1]:6.3f}"


def mean(found_scores: Sequence[Score]) -> Score:
    """The mean of several scores."""
    return float(np.mean([s[0] for s in found_scores])), float(np.mean([s[1] for s in found_scores]))


def of_model(folder: Path) -> Iterator[str]:
    """What an embedding model does beside our vectors, as ``earshot issues`` measures it."""
    measured = embeddings.measure(embeddings.opened(folder), read())
    yield "held out, the join chosen on the other half   accuracy   NMI"
    yield f"Earshot as it is                              {said(measured.ours)}"
    yield f"{folder.name[:44]:44}  {said(measured.theirs)}   join {measured.join}"
    yield "earshot issues would use it" if measured.is_better else "earshot issues would not use it"


if __name__ == "__main__":
    given = argparse.ArgumentParser(description="How well issues are found.")
    given.add_argument("--embeddings", type=Path, metavar="FOLDER", help="a model to measure beside our vectors")
    folder = given.parse_args().embeddings
    try:
        for line in of_model(folder) if folder else lines():
            print(line, flush=True)
    except EarshotError as error:
        raise SystemExit(str(error)) from None
