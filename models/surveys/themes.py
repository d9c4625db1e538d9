"""What open answers are about: the recurring issues of calls. Issues are only read: no answer makes, moves or renames one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import duckdb

from models.issues import finding, statements, vectors
from models.issues.finding import Known, Map
from models.issues.vectors import Said
from models.judging import scorecard
from models.judging.hits import language_of
from models.judging.records import SaidTurn
from models.store import query

EXAMPLES = 60
"""Statements by which an issue is recognised, as for calls."""
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
UNHAPPY = 0.5
"""A rating below the middle of its scale voices trouble, whatever the words; not each of several sentences, though: thanks
to the agent may be among them."""
TABLE = (
    "create or replace table survey_placed (survey_id varchar, sentence_no integer, quote varchar, issue_id varchar,"
    " split_id varchar, likeness double)"
)
SPLITS = (
    "create or replace temp table issue_splits as select issue_id, said[1] as call_id, said[2]::integer as turn_no from"
    " (select issue_id, unnest(from_json(statements, '[[\"VARCHAR\"]]')) as said from issue_decisions where statements is not null)"
)
ANSWERS = "select survey_id, open_answer, language, satisfaction from surveys where open_answer is not null order by survey_id"
UNPLACED = (
    "select survey_id, open_answer, language, satisfaction from surveys s where open_answer is not null and not exists"
    " (from snapshot.main.survey_lines l where l.survey_key = s.survey_id and l.open_answer = s.open_answer) order by survey_id"
)

Placed = tuple[str, int, str, str, str | None, float]
"""A row of ``survey_placed``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An open answer: the language of its call, if known, and the rating from 0 to 1, if any."""

    survey_id: str
    text: str
    language: str | None = None
    satisfaction: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one sentence says, 0 being the whole answer."""

    survey_id: str
    number: int
    quote: str
    said: Said
    troubled: bool


def write(con: duckdb.DuckDBPyConnection, over_snapshot: bool = False) -> None:
    """Fill the empty table ``survey_placed`` for the view ``surveys``.

    ``over_snapshot``: answers that the attached database ``snapshot`` knows word for word are placed as they are there.
    """
    if over_snapshot:
        con.execute("insert into survey_placed from snapshot.main.survey_placed")
    told = con.execute(UNPLACED if over_snapshot else ANSWERS).fetchall()
    if rows := place(con, [Answer(*row) for row in told]):
        con.executemany("insert into survey_placed values (?, ?, ?, ?, ?, ?)", [list(row) for row in rows])


def place(con: duckdb.DuckDBPyConnection, answers: Iterable[Answer]) -> list[Placed]:
    """The issues that answers are about, those of the store that ``con`` reads; one that is like none has no row."""
    by_language: dict[str, list[Answer]] = {}
    for answer in answers:
        by_language.setdefault(_language(answer), []).append(answer)
    if not by_language:
        return []
    con.execute(SPLITS)
    try:
        return [row for language, said in sorted(by_language.items()) for row in _of_language(con, language, said)]
    finally:
        con.execute("drop table issue_splits")


def _language(answer: Answer) -> str:
    given = (answer.language or "").split("-")[0].casefold()
    return given or language_of(answer.text, "", scorecard.load()).id


def _of_language(con: duckdb.DuckDBPyConnection, language: str, answers: Sequence[Answer]) -> list[Placed]:
    told = con.execute(query("issues_known"), {"language": language, "most": EXAMPLES}).fetchall()
    known = [
        Known(issue_id, split_id, tuple((tuple(words), tuple(answer)) for *_, words, answer in said))
        for (issue_id, split_id), said in groupby(told, lambda row: row[:2])
    ]
    if not known:
        return []
    where = finding.chart(known, [])
    callers = frozenset(word[: vectors.STEM] for issue in known for words, _ in issue.examples for word in words)
    return [row for answer in answers for row in placed(where, callers, answer, language)]


def placed(where: Map, callers: frozenset[str], answer: Answer, language: str) -> list[Placed]:
    """What an answer is about: the issue of each of its sentences; without any, that of the whole answer.

    ``callers``: the stems that callers use about the issues. What shares fewer than two with them is about something else:
    thanks to the agent are near to whatever agents say.
    """

    def heard(number: int, text: str) -> Sentence | None:
        sentence = _sentence(answer, number, text, language)
        shared = {word[: vectors.STEM] for word in sentence.said[0]} & callers if sentence else ()
        return sentence if len(shared) >= statements.FEWEST_WORDS else None

    parts = [part for text in SENTENCE.split(answer.text) if (part := text.strip())]
    each = [s for number, part in enumerate(parts, 1) if (s := heard(number, part))]
    found = list(_joined(where, each if len(parts) > 1 else [_by_rating(s, answer) for s in each]))
    whole = heard(0, answer.text) if not found and len(parts) > 1 else None
    return found or (list(_joined(where, [_by_rating(whole, answer)])) if whole else [])


def _by_rating(sentence: Sentence, answer: Answer) -> Sentence:
    """The sentence, taken to voice trouble where the rating does: of an answer in one sentence, or as a whole."""
    unhappy = answer.satisfaction is not None and answer.satisfaction < UNHAPPY
    return replace(sentence, troubled=sentence.troubled or unhappy)


def _sentence(answer: Answer, number: int, text: str, language: str) -> Sentence | None:
    heard = statements.find([SaidTurn(1, "customer", text)], language)
    if not heard.statements:
        return None
    return Sentence(answer.survey_id, number, text, (heard.statements[0].words, ()), bool(heard.troubled))


def _joined(where: Map, sentences: Sequence[Sentence]) -> Iterator[Placed]:
    if not sentences:
        return
    found = finding.join(where, [s.said for s in sentences], [s.troubled for s in sentences])
    for sentence, issue in zip(sentences, found, strict=True):
        if issue:
            known, likeness = issue
            yield (
                sentence.survey_id,
                sentence.number,
                sentence.quote,
                known.issue_id,
                known.split_id,
                round(likeness, 4),
            )
