"""Finding recurring issues in the store: new transcripts are read, then placed in one transaction.

Statements are kept a batch of calls at a time, so that a run that is stopped goes on where it was. Then, per language, new
statements join the issues they are like, and what has gathered forms new ones. What is settled never moves; without a new
transcript nothing happens at all.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from ingest.loader import insert, one
from models.app_store import AppStore
from models.issues import clusters, embeddings, evaluation, finding, naming, statements, titles
from models.issues.embeddings import Embeddings
from models.issues.finding import Gathered, Known, Map, Placed
from models.issues.naming import Spoken
from models.issues.statements import CallStatements
from models.judging.records import SaidTurn
from models.settings import Settings
from models.store import Store, query

BATCH = 2_000
"""Calls read between two transactions."""
CHUNK = 40
"""Calls handed to a process at a time."""
WORTH_A_PROCESS = 400
"""Fewer calls than this are read here: starting processes would take longer."""
EXAMPLES = 60
"""Statements by which a known issue is recognised."""
NAMED_BY = 300
"""Statements by which an issue is named."""
PLACED_AT_ONCE = 20_000
ROUNDS = 6
"""How often what is left over may form issues in one run; the rest goes on gathering."""
RENAME_AT = 4
"""The name of an issue is looked at again once it has so many times the statements it was named for."""
UNTOLD = "?"
"""Language of calls whose language nobody tells."""

CALLS = pa.schema(
    [
        ("call_id", pa.string()), ("transcript_loaded_at", pa.timestamp("us", "UTC")), ("version", pa.string()),
        ("language", pa.string()), ("troubled", pa.bool_()), ("is_placed", pa.bool_()),
    ]
)  # fmt: skip
STATEMENTS = pa.schema(
    [
        ("call_id", pa.string()), ("statement_no", pa.int32()), ("turn_no", pa.int32()), ("language", pa.string()),
        ("quote", pa.string()), ("words", pa.list_(pa.string())), ("answer", pa.list_(pa.string())),
        ("issue_id", pa.string()), ("split_id", pa.string()), ("likeness", pa.float64()),
    ]
)  # fmt: skip
PLACED = pa.schema(
    [
        ("call_id", pa.string()), ("statement_no", pa.int32()), ("issue_id", pa.string()), ("split_id", pa.string()),
        ("likeness", pa.float64()),
    ]
)  # fmt: skip
FOUND = pa.schema(
    [
        ("issue_id", pa.string()), ("language", pa.string()), ("machine_name", pa.string()),
        ("phrases", pa.list_(pa.string())), ("quote", pa.string()), ("quote_call_id", pa.string()),
        ("quote_turn_no", pa.int32()), ("named_for", pa.int32()), ("named_by", pa.string()),
    ]
)  # fmt: skip

Progress = Callable[[int], None]
"""Called with the number of calls read since the last time."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What a run did: calls read, statements that joined an issue, issues known now, and new ones among them.

    ``embeddings`` is a sentence on the embedding model that is set, where one is.
    """

    read: int
    joined: int
    issues: int
    new: int
    embeddings: str | None = None


class Finder:
    """Finds issues in what was not read yet."""

    def __init__(self, settings: Settings, workers: int | None = None) -> None:
        self.settings = settings
        self.store = Store(settings)
        self.workers = workers or os.cpu_count() or 1
        with self.store.writing() as con:
            self.gone = forget_gone(con)
            self.pending: list[Row] = rows(con, "issues_pending", [statements.version()])

    def run(self, progress: Progress = lambda _: None) -> Found:
        """Read what is new and place it. Nothing new changes nothing."""
        with self._executor() as executor:
            for begin in range(0, len(self.pending), BATCH):
                batch = self.pending[begin : begin + BATCH]
                self._keep(batch, self._read(executor, batch, progress))
        used, told = embeddings.chosen(self.settings.issue_embeddings, self.settings.store)
        with self.store.writing() as con:
            before = one(con.execute("select count(*) from found_issues"))
            joined = place(con, splits(self.settings), used) if self.pending or self.gone or unfinished(con) else 0
            rename(con)
            after = one(con.execute("select count(*) from found_issues"))
        return Found(len(self.pending), joined, int(after or 0), int(after or 0) - int(before or 0), told)

    def _executor(self) -> Executor:
        """Processes where they are worth their start."""
        if self.workers == 1 or len(self.pending) < WORTH_A_PROCESS:
            return ThreadPoolExecutor(1)
        context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else None)
        return ProcessPoolExecutor(self.workers, context)

    def _read(self, executor: Executor, batch: Sequence[Row], progress: Progress) -> list[CallStatements]:
        """The statements of each call of a batch, in their order; the store is open only while turns are fetched."""
        with self.store.writing() as con:
            con.register("batch", pa.table({"call_id": pa.array([row["call_id"] for row in batch], pa.string())}))
            fetched = con.execute(query("turns_of_batch")).fetchall()
        turns = {key: [SaidTurn(*row[1:4]) for row in said] for key, said in groupby(fetched, lambda row: row[0])}
        work = [(turns.get(row["call_id"], []), row["language"]) for row in batch]
        found: list[CallStatements] = []
        for done in executor.map(read_chunk, [work[i : i + CHUNK] for i in range(0, len(work), CHUNK)]):
            found += done
            progress(len(done))
        return found

    def _keep(self, batch: Sequence[Row], found: Sequence[CallStatements]) -> None:
        """Keep the statements of a batch; those that were there before keep their issue."""
        with self.store.writing() as con:
            known = dict(con.execute("select call_id, loaded_at from transcripts").fetchall())
            pairs = [
                (r, f)
                for r, f in zip(batch, found, strict=True)
                if known.get(r["call_id"]) == r["transcript_loaded_at"]
            ]
            con.register("batch", pa.table({"call_id": pa.array([row["call_id"] for row, _ in pairs], pa.string())}))
            settled = {
                (call_id, turn_no, quote): rest
                for call_id, turn_no, quote, *rest in con.execute(
                    "select call_id, turn_no, quote, issue_id, split_id, likeness from problem_statements"
                    " where issue_id is not null and call_id in (select call_id from batch)"
                ).fetchall()
            }
            forget(con, "select call_id from batch")
            con.unregister("batch")
            insert(con, "statement_calls", pa.Table.from_pylist([call_row(r, f) for r, f in pairs], CALLS))
            told = [row for r, f in pairs for row in statement_rows(r, f, settled)]
            insert(con, "problem_statements", pa.Table.from_pylist(told, STATEMENTS))


def read_chunk(work: Sequence[tuple[list[SaidTurn], str | None]]) -> list[CallStatements]:
    """The statements of some calls."""
    return [statements.find(turns, language) for turns, language in work]


def call_row(row: Row, found: CallStatements) -> Row:
    """One row of ``statement_calls``."""
    keep = {name: row[name] for name in ("call_id", "transcript_loaded_at", "language")}
    return {**keep, "version": statements.version(), "troubled": found.troubled, "is_placed": False}


def statement_rows(row: Row, found: CallStatements, settled: dict[tuple[str, int, str], list[Any]]) -> Iterator[Row]:
    """Rows of ``problem_statements``."""
    language = (row["language"] or UNTOLD).split("-")[0].casefold()
    for number, said in enumerate(found.statements, 1):
        issue_id, split_id, likeness = settled.get((row["call_id"], said.turn_no, said.quote), (None, None, None))
        yield {
            "call_id": row["call_id"], "statement_no": number, "turn_no": said.turn_no, "language": language,
            "quote": said.quote, "words": list(said.words), "answer": list(said.answer),
            "issue_id": issue_id, "split_id": split_id, "likeness": likeness,
        }  # fmt: skip


def forget_gone(con: duckdb.DuckDBPyConnection) -> bool:
    """Forget the statements of calls without a transcript; whether there were any."""
    gone = "select call_id from statement_calls anti join transcripts using (call_id)"
    had = bool(one(con.execute(f"select count(*) from ({gone})")))  # noqa: S608 - our own SQL
    if had:
        forget(con, gone)
    return had


def forget(con: duckdb.DuckDBPyConnection, call_ids: str) -> None:
    """Remove the statements of the calls that the query ``call_ids`` gives."""
    con.execute(f"create or replace temp table forgotten as {call_ids}")
    for table in ("problem_statements", "statement_calls"):
        con.execute(f"delete from {table} where call_id in (select call_id from forgotten)")  # noqa: S608 - our own names
    con.execute("drop table forgotten")


def unfinished(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether statements were kept by a run that was stopped before it placed them, or by an earlier version, which did not tell."""
    return bool(one(con.execute("select count(*) from statement_calls where is_placed is distinct from true")))


def splits(settings: Settings) -> pa.Table:
    """The statements that people split off from issues: (issue_id, call_id, turn_no)."""
    with closing(AppStore(settings).connect()) as app:
        known = {name for (name,) in app.execute("select name from sqlite_master")}
        rows = (
            app.execute("select issue_id, statements from issue_decisions where statements is not null").fetchall()
            if "issue_decisions" in known
            else []
        )
    told = [(issue_id, call_id, turn_no) for issue_id, said in rows for call_id, turn_no in json.loads(said)]
    columns = [
        pa.array([row[i] for row in told], kind) for i, kind in enumerate((pa.string(), pa.string(), pa.int32()))
    ]
    return pa.table(columns, names=["issue_id", "call_id", "turn_no"])


def place(con: duckdb.DuckDBPyConnection, split_off: pa.Table, model: Embeddings | None = None) -> int:
    """Place what belongs nowhere yet, language by language; returns how many statements joined an issue.

    ``model``: an embedding model to read the language with in which it was measured.
    """
    con.register("issue_splits", split_off)
    joined = 0
    languages = con.execute("select distinct language from problem_statements order by language").fetchall()
    for (language,) in languages:
        use = model if language == evaluation.LANGUAGE else None
        where = _chart(con, language, use)
        joined += _join(con, language, where)
        for _ in range(ROUNDS):
            gathered = _gathered(con, language)
            new = finding.form(finding.chart(where.known, gathered, use), gathered)
            if not new:
                break
            _write(con, new)
            joined += len(new)
            where = _chart(con, language, use)
            if len(gathered) == clusters.SAMPLE:
                joined += _join(con, language, where)
        _name(con, language)
    con.unregister("issue_splits")
    con.execute("update statement_calls set is_placed = true where is_placed is distinct from true")
    return joined


def _chart(con: duckdb.DuckDBPyConnection, language: str, model: Embeddings | None) -> Map:
    """Where the issues of a language lie."""
    told = con.execute(query("issues_known"), {"language": language, "most": EXAMPLES}).fetchall()
    known = [
        Known(issue_id, split_id, tuple((tuple(words), tuple(answer)) for *_, words, answer in said))
        for (issue_id, split_id), said in groupby(told, lambda row: row[:2])
    ]
    return finding.chart(known, _gathered(con, language), model)


def _gathered(con: duckdb.DuckDBPyConnection, language: str) -> list[Gathered]:
    """What belongs nowhere yet; a bounded sample where it is much."""
    told = con.execute(query("issues_gathered"), {"language": language, "most": clusters.SAMPLE}).fetchall()
    return [
        Gathered(a, b, c, quote, tuple(words), tuple(answer), *rest) for a, b, c, quote, words, answer, *rest in told
    ]


def _join(con: duckdb.DuckDBPyConnection, language: str, where: Map) -> int:
    """Let statements join the issues on the map, so many at a time."""
    joined, after = 0, ("", 0)
    pages = con.execute(query("issues_pages"), {"language": language, "most": PLACED_AT_ONCE}).fetchall()
    for until in pages if where.known else []:
        given = {"language": language, "after": after[0], "after_no": after[1], "until": until[0], "until_no": until[1]}
        told = con.execute(query("issues_unplaced"), given).fetchall()
        after = until
        said = [(tuple(words), tuple(answer)) for _, _, words, answer, _ in told]
        found = finding.join(where, said, [row[4] for row in told])
        new = [
            Placed(row[0], row[1], issue[0].issue_id, issue[0].split_id, round(issue[1], 4))
            for row, issue in zip(told, found, strict=True)
            if issue
        ]
        _write(con, new)
        joined += len(new)
    return joined


def _write(con: duckdb.DuckDBPyConnection, new: Sequence[Placed]) -> None:
    """Keep where statements belong."""
    con.register("placed", pa.Table.from_pylist([asdict(one) for one in new], PLACED))
    con.execute(query("issues_place"))
    con.unregister("placed")


def rename(con: duckdb.DuckDBPyConnection) -> None:
    """Look again at the names that were made by other rules."""
    told = con.execute(
        "select distinct language from found_issues where named_by is distinct from ?", [titles.version()]
    )
    for (language,) in sorted(told.fetchall()):
        _name(con, language)


def _name(con: duckdb.DuckDBPyConnection, language: str) -> None:
    """Name the issues of a language that have no name yet; look again at names of those that have grown, or by other rules."""
    told = con.execute(query("issues_spoken"), {"language": language, "most": NAMED_BY}).fetchall()
    issues = {key: list(said) for key, said in groupby(told, lambda row: row[0])}
    columns = "issue_id, machine_name, named_for, quote, quote_call_id, quote_turn_no, named_by"
    stored = con.execute(f"select {columns} from found_issues where language = ?", [language]).fetchall()  # noqa: S608 - our own
    known = {row[0]: row for row in stored if row[0] in issues}
    spoken = {key: [Spoken(row[3], row[4], row[5]) for row in said] for key, said in issues.items()}
    heard, names = titles.counted(spoken.values()), {key: row[1] for key, row in known.items()}
    made = []
    for issue_id, said in issues.items():
        now = known.get(issue_id)
        if now and said[0][6] < RENAME_AT * now[2] and now[6] == titles.version():
            continue
        phrases = naming.name(spoken[issue_id], [s for other in spoken if other != issue_id for s in spoken[other]])
        taken = [name for other, name in names.items() if other != issue_id]
        found = titles.choose(spoken[issue_id], heard, language, taken, now[1] if now else None)
        best = said[finding.typical(spoken[issue_id], titles.first(found, phrases))]
        quote = now[3:6] if now and found and found.text == now[1] else (best[3], best[1], best[2])
        names[issue_id] = titles.said(found, phrases, quote[0])
        made.append({
            "issue_id": issue_id, "language": language, "machine_name": names[issue_id], "phrases": list(phrases),
            "quote": quote[0], "quote_call_id": quote[1], "quote_turn_no": quote[2], "named_for": said[0][6],
            "named_by": titles.version(),
        })  # fmt: skip
    con.execute(
        "delete from found_issues where issue_id in (select unnest(?::varchar[]))", [[m["issue_id"] for m in made]]
    )
    insert(con, "found_issues", pa.Table.from_pylist(made, FOUND))
    con.execute(
        "delete from found_issues where issue_id not in (select issue_id from problem_statements where issue_id is not null)"
    )


def rows(con: duckdb.DuckDBPyConnection, name: str, parameters: list[Any]) -> list[Row]:
    """The rows of a named query."""
    table = con.sql(query(name), params=parameters).to_arrow_table()
    found: list[Row] = table.to_pylist()
    return found
