"""What open answers are about: the recurring issues of calls. Issues are only read: no answer makes, moves or renames one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import duckdb
import pyarrow as pa

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
BATCH = 5_000
"""Answers placed at a time: bounds memory."""
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

TYPES = (pa.string(), pa.int32(), pa.string(), pa.string(), pa.string(), pa.float64())
"""Of the columns of ``survey_placed``."""

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


def write(
    con: duckdb.DuckDBPyConnection, over_snapshot: bool = False, before: duckdb.DuckDBPyConnection | None = None
) -> None:
    """Fill the empty table ``survey_placed`` for the view ``surveys``.

    ``over_snapshot``: answers that the attached database ``snapshot`` knows word for word are placed as they are there.
    ``before``: an earlier snapshot that the same code made. As long as the issues look alike, so do their answers.
    """
    if over_snapshot:
        con.execute("insert into survey_placed from snapshot.main.survey_placed")
    told = [Answer(*row) for row in con.execute(UNPLACED if over_snapshot else ANSWERS).fetchall()]
    if rows := place(con, told, before):
        arrays = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), TYPES, strict=True)]
        con.register("newly_placed", pa.table(arrays, names=[f"c{n}" for n in range(len(TYPES))]))
        con.execute("insert into survey_placed from newly_placed")
        con.unregister("newly_placed")


def place(
    con: duckdb.DuckDBPyConnection, answers: Iterable[Answer], before: duckdb.DuckDBPyConnection | None = None
) -> list[Placed]:
    """The issues that answers are about, those of the store that ``con`` reads; one that is like none has no row."""
    by_language: dict[str, list[Answer]] = {}
    for answer in answers:
        by_language.setdefault(_language(answer), []).append(answer)
    if not by_language:
        return []
    known = _known(con, by_language)
    known_before = _known(before, by_language) if before else {}
    kept = _Kept.of(before, [language for language in known if known_before.get(language) == known[language]])
    rows: list[Placed] = []
    for language, said in sorted(by_language.items()):
        rows += kept.rows(language, said)
        rows += _of_language(known[language], language, [answer for answer in said if not kept.has(language, answer)])
    return sorted(rows, key=lambda row: row[:2])


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an earlier snapshot placed in languages whose issues are the same: answers, and the rows of each survey."""

    languages: frozenset[str]
    answers: frozenset[Answer]
    placed: dict[str, list[Placed]]

    @classmethod
    def of(cls, before: duckdb.DuckDBPyConnection | None, languages: Iterable[str]) -> _Kept:
        if before is None or not (same := frozenset(languages)):
            return cls(frozenset(), frozenset(), {})
        placed: dict[str, list[Placed]] = {}
        for row in before.execute("from survey_placed order by rowid").fetchall():
            placed.setdefault(row[0], []).append(row)
        return cls(same, frozenset(Answer(*row) for row in before.execute(ANSWERS).fetchall()), placed)

    def has(self, language: str, answer: Answer) -> bool:
        """Whether this very answer was placed."""
        return language in self.languages and answer in self.answers

    def rows(self, language: str, answers: Iterable[Answer]) -> list[Placed]:
        """The rows of those of ``answers`` that were placed."""
        return [row for a in answers if self.has(language, a) for row in self.placed.get(a.survey_id, ())]


Examples = list[tuple[str, str | None, list[str], list[str]]]
"""Issue, split, words and answer of the statements by which the issues of a language are known."""


def _known(con: duckdb.DuckDBPyConnection, languages: Iterable[str]) -> dict[str, Examples]:
    con.execute(SPLITS)
    try:
        return {
            one: con.execute(query("issues_known"), {"language": one, "most": EXAMPLES}).fetchall()
            for one in sorted(languages)
        }
    finally:
        con.execute("drop table issue_splits")


def _language(answer: Answer) -> str:
    given = (answer.language or "").split("-")[0].casefold()
    return given or language_of(answer.text, "", scorecard.load()).id


def _of_language(told: Examples, language: str, answers: Sequence[Answer]) -> list[Placed]:
    if not answers:
        return []
    known = [
        Known(issue_id, split_id, tuple((tuple(words), tuple(answer)) for *_, words, answer in said))
        for (issue_id, split_id), said in groupby(told, lambda row: row[:2])
    ]
    if not known:
        return []
    where = finding.chart(known, [])
    callers = frozenset(word[: vectors.STEM] for issue in known for words, _ in issue.examples for word in words)
    batches = (answers[first : first + BATCH] for first in range(0, len(answers), BATCH))
    return [row for batch in batches for row in placed(where, callers, batch, language)]


def placed(where: Map, callers: frozenset[str], answers: Sequence[Answer], language: str) -> list[Placed]:
    """What answers are about: the issue of each sentence; of an answer without any, that of the whole.

    ``callers``: the stems that callers use about the issues. What shares fewer than two with them is about something else:
    thanks to the agent are near to whatever agents say.
    """

    def heard(answer: Answer, number: int, text: str) -> Sentence | None:
        sentence = _sentence(answer, number, text, language)
        shared = {word[: vectors.STEM] for word in sentence.said[0]} & callers if sentence else ()
        return sentence if len(shared) >= statements.FEWEST_WORDS else None

    parts = [[part for text in SENTENCE.split(a.text) if (part := text.strip())] for a in answers]
    each: list[Sentence] = []
    for answer, texts in zip(answers, parts, strict=True):
        told = [s for number, text in enumerate(texts, 1) if (s := heard(answer, number, text))]
        each += told if len(texts) > 1 else [_by_rating(s, answer) for s in told]
    found = list(_joined(where, each))
    told_of = {row[0] for row in found}
    wholes = (
        (answer, heard(answer, 0, answer.text))
        for answer, texts in zip(answers, parts, strict=True)
        if len(texts) > 1 and answer.survey_id not in told_of
    )
    return found + list(_joined(where, [_by_rating(whole, answer) for answer, whole in wholes if whole]))


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
