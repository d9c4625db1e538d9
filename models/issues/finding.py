"""From statements to issues: new ones join the issues they are like, what is left gathers until it forms an issue.

Pure: rows in, decisions out; ingest/issues.py reads and writes the store. Nothing settled ever moves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.issues import clusters, naming, vectors
from models.issues.clusters import NOWHERE
from models.issues.embeddings import Embeddings
from models.issues.naming import Spoken
from models.issues.vectors import Said, Space, Vectors

FEWEST_CALLS = 4
"""Calls that make an issue of statements that are alike."""
FEWEST_CUSTOMERS = 3
"""Customers that make an issue: one who calls again and again is one sufferer."""
UNTROUBLED_JOIN = 0.35
"""Mean cosine from which a call without any cue of trouble belongs to an issue: enquiries are often about the same things."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A statement that belongs to no issue yet."""

    call_id: str
    statement_no: int
    turn_no: int
    quote: str
    words: tuple[str, ...]
    answer: tuple[str, ...]
    troubled: bool
    customer: str


@dataclass(frozen=True, slots=True)
class Known:
    """Where an issue lies: its id, the part of it that people split off, if any, and examples of what is said."""

    issue_id: str
    split_id: str | None
    examples: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement that joins an issue."""

    call_id: str
    statement_no: int
    issue_id: str
    split_id: str | None
    likeness: float


@dataclass(frozen=True)
class Map:
    """Where the issues of a language lie: ``centres`` has a row for each of ``known``; statements alike by ``join`` are one."""

    space: Space | Embeddings
    known: tuple[Known, ...]
    centres: Vectors
    join: float = clusters.JOIN

    @property
    def untroubled_join(self) -> float:
        """``UNTROUBLED_JOIN``, as far between ``join`` and 1 as it is with our own vectors."""
        return self.join + (UNTROUBLED_JOIN - clusters.JOIN) / (1 - clusters.JOIN) * (1 - self.join)


def chart(known: Sequence[Known], gathered: Sequence[Gathered], embeddings: Embeddings | None = None) -> Map:
    """The map of the known issues, in a space that reads what has gathered, too; or as ``embeddings`` read them.

    It is made of what is said in the issues, so another way of reading moves nothing that is settled.
    """
    told = (said for issue in known for said in issue.examples)
    space = embeddings or vectors.make([*told, *map(_said, gathered)])
    rows = [_lying(space, issue.examples).mean(axis=0) for issue in known]
    centres = np.array(rows) if rows else np.zeros((0, 1))
    return Map(space, tuple(known), centres, embeddings.join if embeddings else clusters.JOIN)


def _lying(space: Space | Embeddings, said: Sequence[Said]) -> Vectors:
    return space.place(said) if isinstance(space, Embeddings) else vectors.place(space, said)


def join(where: Map, said: Sequence[Said], troubled: Sequence[bool]) -> list[tuple[Known, float] | None]:
    """The issue that each statement joins with their mean cosine, or None."""
    best, likeness = clusters.nearest(_lying(where.space, said), where.centres, where.join)
    needed = np.where(np.array(troubled, bool), where.join, where.untroubled_join)
    return [
        (where.known[place], float(value)) if place != NOWHERE and value >= least else None
        for place, value, least in zip(best, likeness, needed, strict=True)
    ]


def form(where: Map, gathered: Sequence[Gathered]) -> list[Placed]:
    """New issues among what has gathered: groups of enough calls of enough customers. Each statement in one at most.

    A group that is like a known issue joins it. Ids are made of the statement most typical of the group.
    """
    lying = _lying(where.space, [_said(one) for one in gathered])
    labels = clusters.cluster(lying, where.join)
    made: list[Placed] = []
    for group in range(int(labels.max(initial=NOWHERE)) + 1):
        inside = np.flatnonzero(labels == group)
        members = [gathered[int(i)] for i in inside]
        if not _enough(members):
            continue
        centre = lying[inside].mean(axis=0)
        near, likeness = clusters.nearest(centre[None, :], where.centres, where.join)
        if near[0] != NOWHERE:
            known = where.known[near[0]]
            made += [
                Placed(m.call_id, m.statement_no, known.issue_id, known.split_id, float(likeness[0])) for m in members
            ]
            continue
        if not naming.name([_spoken(m) for m in members], [_spoken(m) for m in gathered if m not in set(members)]):
            continue  # vague: nothing that enough of them say
        issue_id = id_of(members[naming.typical(lying[inside])])
        values = lying[inside] @ centre
        made += [
            Placed(m.call_id, m.statement_no, issue_id, None, round(float(value), 4))
            for m, value in zip(members, values, strict=True)
            if m.troubled or value >= where.untroubled_join
        ]
    return made


def id_of(typical: Gathered) -> str:
    """The id of an issue, from the statement most typical of it when it is formed."""
    return hashlib.sha256(f"{typical.call_id} {typical.turn_no} {typical.quote}".encode()).hexdigest()[:8]


def typical(inside: Sequence[Spoken], phrases: Sequence[str]) -> int:
    """Number of the statement to quote: one with the first of the phrases and the most of them, then most like all others."""
    said = [(tuple(spoken.words), tuple(spoken.answer)) for spoken in inside]
    lying = vectors.place(vectors.make(said), said)
    likeness = np.round(lying @ lying.mean(axis=0), 9)
    has = [[phrase in spoken.quote.lower().replace("’", "'") for phrase in phrases] for spoken in inside]
    return max(range(len(inside)), key=lambda i: (has[i][:1], sum(has[i]), likeness[i], -i))


def _enough(members: Sequence[Gathered]) -> bool:
    calls, customers = {m.call_id for m in members}, {m.customer for m in members}
    return len(calls) >= FEWEST_CALLS and len(customers) >= FEWEST_CUSTOMERS


def _said(one: Gathered) -> Said:
    return one.words, one.answer


def _spoken(one: Gathered) -> Spoken:
    return Spoken(one.quote, one.words, one.answer)
