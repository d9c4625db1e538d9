"""Calibration: several reviewers judge the same calls without seeing each other; then they meet over what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.app_store import AppStore, now, text_of
from models.listening.agreement import Agreement, Blind, among_people

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class CalibrationSet:
    """Some calls and who judges them; ``reviewers`` says of each whether they are done."""

    set_id: int
    name: str
    created_by: str
    created_at: str
    calls: tuple[str, ...]
    reviewers: Mapping[str, bool]

    def open_to(self, reviewer: str) -> bool:
        """Whether the reviewer may see everybody's results: not while they are still judging."""
        return self.reviewers.get(reviewer, True)


@dataclass(frozen=True, slots=True)
class Difference:
    """A criterion of a call on which reviewers differ: what each says."""

    call_id: str
    criterion: str
    results: Mapping[str, str]


def create(
    store: AppStore, name: str, created_by: str, calls: Sequence[str], reviewers: Iterable[str],
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Keep a new set; returns its number."""
    with store.transaction() as connection:
        added = connection.execute(
            "insert into calibration_sets (name, created_by, created_at) values (?, ?, ?)",
            (name.strip()[:LONGEST_NAME], created_by, text_of(at or now())),
        )
        set_id = int(added.lastrowid or 0)
        connection.executemany(
            "insert into calibration_calls (set_id, position, call_id) values (?, ?, ?)",
            [(set_id, position, call_id) for position, call_id in enumerate(dict.fromkeys(calls), 1)],
        )
        connection.executemany(
            "insert into calibration_reviewers (set_id, reviewer) values (?, ?)",
            [(set_id, reviewer) for reviewer in dict.fromkeys(reviewers)],
        )
    return set_id


def sets(store: AppStore) -> list[CalibrationSet]:
    """Every set, the newest first."""
    with store.reading() as connection:
        rows = connection.execute(
            "select set_id, name, created_by, created_at from calibration_sets order by set_id desc"
        ).fetchall()
        calls: defaultdict[int, list[str]] = defaultdict(list)
        for set_id, call_id in connection.execute(
            "select set_id, call_id from calibration_calls order by set_id, position"
        ):
            calls[set_id].append(call_id)
        people: defaultdict[int, dict[str, bool]] = defaultdict(dict)
        for set_id, reviewer, finished_at in connection.execute(
            "select set_id, reviewer, finished_at from calibration_reviewers order by set_id, reviewer"
        ):
            people[set_id][reviewer] = finished_at is not None
    return [CalibrationSet(row[0], row[1], row[2], row[3], tuple(calls[row[0]]), people[row[0]]) for row in rows]


def finish(store: AppStore, set_id: int, reviewer: str, at: datetime | None = None) -> None:
    """The reviewer is done: from now on they see the others' results."""
    with store.transaction() as connection:
        connection.execute(
            "update calibration_reviewers set finished_at = coalesce(finished_at, ?) where set_id = ? and reviewer = ?",
            (text_of(at or now()), set_id, reviewer),
        )


def done(given: CalibrationSet) -> list[str]:
    """The reviewers who are done: only their results are compared."""
    return [reviewer for reviewer, finished in given.reviewers.items() if finished]


def agreement(given: CalibrationSet, blind: Iterable[Blind]) -> dict[str, Agreement]:
    """Criterion → agreement of the reviewers who are done."""
    return among_people(blind, given.calls, done(given))


def differences(given: CalibrationSet, blind: Iterable[Blind]) -> list[Difference]:
    """Where the reviewers who are done say different things, call by call in the set's order."""
    people, place = set(done(given)), {call_id: n for n, call_id in enumerate(given.calls)}
    said: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for reviewer, call_id, criterion, result in blind:
        if call_id in place and reviewer in people:
            said[call_id, criterion][reviewer] = result
    found = [Difference(*key, results) for key, results in said.items() if len(set(results.values())) > 1]
    return sorted(found, key=lambda d: (place[d.call_id], d.criterion))
