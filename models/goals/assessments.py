"""Answers to the self-assessment in app.sqlite: kept one by one as they are given, resumed later, never overwritten."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from models.app_store import AppStore, now, text_of
from models.errors import ChangeRefused
from models.goals import registers
from models.goals.questionnaire import HIGHEST, LOWEST, Questionnaire

HOLDS = (
    "select statement, score from (select *, row_number() over (partition by statement order by edit_id desc) as place"
    " from assessment_edits where assessment_id = ?) where place = 1 and score is not null"
)


def start(store: AppStore, of: Questionnaire, respondent: str, who: str, at: datetime | None = None) -> int:
    """Begin an assessment, or take up the respondent's unfinished one of this version; gives its number."""
    name = registers.text(respondent, 120)
    if name is None:
        raise ChangeRefused("Say who answers.")
    with store.transaction() as connection:
        for number, answered in _begun(connection, of, name):
            if answered < len(of.statements):
                return number
        connection.executemany(
            "insert or ignore into assessment_statements values (?, ?, ?, ?, ?)",
            [(of.version, s.id, area.id, area.name["en"], s.text["en"]) for area, s in of.statements],
        )
        done = connection.execute(
            "insert into assessments (respondent, version, started_at, started_by) values (?, ?, ?, ?)",
            (name, of.version, text_of(at or now()), who),
        )
        return int(done.lastrowid or 0)


def unfinished(store: AppStore, of: Questionnaire, respondent: str) -> int | None:
    """The newest assessment of a respondent that lacks answers; None when there is none."""
    with store.reading() as connection:
        begun = _begun(connection, of, respondent.strip())
    return next((number for number, answered in begun if answered < len(of.statements)), None)


def answers(store: AppStore, assessment_id: int) -> dict[str, int]:
    """Statement → score of what is answered."""
    with store.reading() as connection:
        return dict(connection.execute(HOLDS, (assessment_id,)).fetchall())


def answer(
    store: AppStore, of: Questionnaire, assessment_id: int, statement: str, score: int | None, who: str,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Keep one answer; None takes it back. Raises ChangeRefused for a score or statement that there is not."""
    if (score is not None and not LOWEST <= score <= HIGHEST) or statement not in {s.id for _, s in of.statements}:
        raise ChangeRefused("An answer is a number from 1 to 5 to one of the statements.")
    with store.transaction() as connection:
        if dict(connection.execute(HOLDS, (assessment_id,)).fetchall()).get(statement) != score:
            _append(connection, assessment_id, statement, score, None, who, at)


def undo(store: AppStore, assessment_id: int, who: str, at: datetime | None = None) -> str:
    """Take back the newest edit of an assessment; gives its statement. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        newest = connection.execute(
            "select edit_id, statement from assessment_edits e where assessment_id = ? and undoes is null"
            " and not exists (select 1 from assessment_edits u where u.undoes = e.edit_id) order by edit_id desc limit 1",
            (assessment_id,),
        ).fetchone()
        if newest is None:
            raise ChangeRefused("There is nothing left to undo.")
        edit_id, statement = newest
        before = connection.execute(
            "select score from assessment_edits e where assessment_id = ? and statement = ? and undoes is null"
            " and not exists (select 1 from assessment_edits u where u.undoes = e.edit_id)"
            " and edit_id < ? order by edit_id desc limit 1",
            (assessment_id, statement, edit_id),
        ).fetchone()
        _append(connection, assessment_id, statement, before[0] if before else None, edit_id, who, at)
    return str(statement)


def _begun(connection: sqlite3.Connection, of: Questionnaire, respondent: str) -> list[tuple[int, int]]:
    """Number and answers of a respondent's assessments of this version, the newest first."""
    rows = connection.execute(
        "select assessment_id from assessments where respondent = ? and version = ? order by assessment_id desc",
        (respondent, of.version),
    ).fetchall()
    return [(number, len(connection.execute(HOLDS, (number,)).fetchall())) for (number,) in rows]


def _append(
    connection: sqlite3.Connection, assessment_id: int, statement: str, score: int | None, undoes: int | None, who: str,
    at: datetime | None,
) -> None:  # fmt: skip
    connection.execute(
        "insert into assessment_edits (assessment_id, statement, score, undoes, written_at, written_by) values (?, ?, ?, ?, ?, ?)",
        (assessment_id, statement, score, undoes, text_of(at or now()), who),
    )
