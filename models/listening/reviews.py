"""What a reviewer says of a call, criterion by criterion: every edit is kept, the last one holds, and can be undone.

A judgement is blind when the reviewer could not have seen the automatic result: the store knows what was revealed.
Each reviewer writes rows of their own, so nobody overwrites anybody.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from models.app_store import AppStore, now, text_of
from models.judging.records import Result

EVERY = "*"
"""In ``reveals``: every criterion of the call."""

EDITS = (
    "select edit_id, criterion, result, blind, automatic_result, scorecard_version, agreed, turn_no, undoes"
    " from review_edits where reviewer = ? and call_id = ?"
)


@dataclass(frozen=True, slots=True)
class Automatic:
    """The result that the reviewer is shown after judging, and the scorecard it is by."""

    result: Result
    scorecard_version: str


@dataclass(frozen=True, slots=True)
class Review:
    """How one reviewer judges one criterion of one call now. ``result`` is None when it was taken back."""

    edit_id: int
    criterion: str
    result: Result | None
    blind: bool
    automatic_result: Result | None = None
    scorecard_version: str | None = None
    agreed: bool | None = None
    turn_no: int | None = None
    undoes: int | None = None


def judge(
    store: AppStore, reviewer: str, call_id: str, criterion: str, result: Result, automatic: Automatic | None,
    at: datetime | None = None,
) -> Review:  # fmt: skip
    """Keep a judgement. ``automatic`` is shown from then on: what follows is not blind.

    Who comes to the automatic result agrees with it; who doesn't is asked (see ``agree``).
    """
    with store.transaction() as connection:
        blind = not _revealed(connection, reviewer, call_id, criterion)
        before = _current(connection, reviewer, call_id).get(criterion)
        made = Review(0, criterion, result, blind, turn_no=before.turn_no if before else None)
        if automatic:
            agreed = True if automatic.result == result else None
            made = replace(
                made, automatic_result=automatic.result, scorecard_version=automatic.scorecard_version, agreed=agreed
            )
            _reveal(connection, reviewer, call_id, criterion, at)
        return _append(connection, reviewer, call_id, made, at)


def agree(
    store: AppStore, reviewer: str, call_id: str, criterion: str, agreed: bool, at: datetime | None = None
) -> Review | None:
    """Say whether the automatic result is right, having seen its evidence. Who agrees takes it over."""
    with store.transaction() as connection:
        known = _current(connection, reviewer, call_id).get(criterion)
        if known is None or known.result is None or known.automatic_result is None:
            return None
        result = known.automatic_result if agreed else known.result
        made = replace(known, result=result, blind=False, agreed=agreed, undoes=None)
        return _append(connection, reviewer, call_id, made, at)


def cite(
    store: AppStore, reviewer: str, call_id: str, criterion: str, turn_no: int | None, at: datetime | None = None
) -> Review | None:
    """Name the turn that shows the reviewer's result, or none."""
    with store.transaction() as connection:
        known = _current(connection, reviewer, call_id).get(criterion)
        if known is None or known.result is None or known.turn_no == turn_no:
            return known
        return _append(connection, reviewer, call_id, replace(known, blind=False, turn_no=turn_no, undoes=None), at)


def undo(store: AppStore, reviewer: str, call_id: str, criterion: str, at: datetime | None = None) -> Review | None:
    """Go back to what held before the last edit; again, to what held before that. None when nothing is left."""
    with store.transaction() as connection:
        standing = _standing(_edits(connection, reviewer, call_id, criterion))
        if not standing:
            return None
        last, before = standing[-1], standing[-2] if len(standing) > 1 else None
        empty = Review(0, criterion, None, False)
        made = replace(before or empty, blind=False, undoes=last.edit_id)
        return _append(connection, reviewer, call_id, made, at)


def of_call(store: AppStore, reviewer: str, call_id: str) -> dict[str, Review]:
    """The reviewer's judgements of a call that hold, by criterion."""
    with store.reading() as connection:
        return {c: review for c, review in _current(connection, reviewer, call_id).items() if review.result}


def judged_counts(store: AppStore, reviewer: str) -> dict[str, int]:
    """Call → number of its criteria that the reviewer has judged."""
    with store.reading() as connection:
        rows = connection.execute(
            "select call_id, count(*) from (select call_id, criterion, result, row_number() over"
            " (partition by call_id, criterion order by edit_id desc) as place from review_edits where reviewer = ?)"
            " where place = 1 and result is not null group by call_id",
            (reviewer,),
        ).fetchall()
    return dict(rows)


def last_edit(store: AppStore) -> int:
    """The number of the newest edit of anybody; 0 before the first. What rests on reviews is news when it changes."""
    with store.reading() as connection:
        (number,) = connection.execute("select coalesce(max(edit_id), 0) from review_edits").fetchone()
    return int(number)


def history(store: AppStore, reviewer: str, call_id: str, criterion: str) -> list[Review]:
    """Every edit, undone ones and undoing ones too, oldest first."""
    with store.reading() as connection:
        return _edits(connection, reviewer, call_id, criterion)


def reveal(store: AppStore, reviewer: str, call_id: str, at: datetime | None = None) -> None:
    """Note that the reviewer sees every automatic result of a call: later judgements are not blind."""
    if revealed(store, reviewer, call_id):
        return
    with store.transaction() as connection:
        _reveal(connection, reviewer, call_id, EVERY, at)


def revealed(store: AppStore, reviewer: str, call_id: str) -> bool:
    """Whether the reviewer has seen every automatic result of the call."""
    with store.reading() as connection:
        return EVERY in _revealed(connection, reviewer, call_id, EVERY)


def _revealed(connection: sqlite3.Connection, reviewer: str, call_id: str, criterion: str) -> set[str]:
    rows = connection.execute(
        "select criterion from reveals where reviewer = ? and call_id = ? and criterion in (?, ?)",
        (reviewer, call_id, criterion, EVERY),
    ).fetchall()
    return {found for (found,) in rows}


def _reveal(connection: sqlite3.Connection, reviewer: str, call_id: str, criterion: str, at: datetime | None) -> None:
    connection.execute(
        "insert into reveals (reviewer, call_id, criterion, at) values (?, ?, ?, ?) on conflict do nothing",
        (reviewer, call_id, criterion, text_of(at or now())),
    )


def _append(connection: sqlite3.Connection, reviewer: str, call_id: str, made: Review, at: datetime | None) -> Review:
    added = connection.execute(
        "insert into review_edits (reviewer, call_id, criterion, result, blind, automatic_result, scorecard_version,"
        " agreed, turn_no, undoes, written_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            reviewer, call_id, made.criterion, made.result, made.blind, made.automatic_result, made.scorecard_version,
            made.agreed, made.turn_no, made.undoes, text_of(at or now()),
        ),
    )  # fmt: skip
    return replace(made, edit_id=int(added.lastrowid or 0))


def _review(row: tuple[object, ...]) -> Review:
    edit_id, criterion, result, blind, automatic, version, agreed, turn_no, undoes = row
    said = None if agreed is None else bool(agreed)
    return Review(edit_id, criterion, result, bool(blind), automatic, version, said, turn_no, undoes)  # type: ignore[arg-type]


def _edits(connection: sqlite3.Connection, reviewer: str, call_id: str, criterion: str) -> list[Review]:
    rows = connection.execute(EDITS + " and criterion = ? order by edit_id", (reviewer, call_id, criterion)).fetchall()
    return [_review(row) for row in rows]


def _current(connection: sqlite3.Connection, reviewer: str, call_id: str) -> dict[str, Review]:
    rows = connection.execute(EDITS + " order by edit_id", (reviewer, call_id)).fetchall()
    return {review.criterion: review for review in map(_review, rows)}


def _standing(edits: list[Review]) -> list[Review]:
    """The edits that no undo has taken back, oldest first."""
    undone = {edit.undoes for edit in edits}
    return [edit for edit in edits if edit.undoes is None and edit.edit_id not in undone]
