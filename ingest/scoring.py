"""Judging in bulk: only calls whose transcript, wait or scorecard changed, a batch at a time, over all cores.

The store is locked to read a batch and to write its results, never while judging. The same calls under the same
scorecard leave the store as it was.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from ingest.loader import Loader, insert, one, touch
from ingest.remote_judge import RemoteJudge
from models import satisfaction
from models.errors import ScorecardError
from models.judging import scorecard as scorecards
from models.judging.engine import judge, summed
from models.judging.records import CallSaid, Judgement, SaidTurn
from models.judging.scorecard import Scorecard
from models.listening import learned, learning
from models.settings import Settings
from models.store import Store, query

BATCH = 2_000
"""Calls judged between two transactions."""
CHUNK = 40
"""Calls handed to a process at a time."""
WORTH_A_PROCESS = 150
"""Fewer calls than this are judged here: starting processes would take longer."""

RESULTS = pa.schema(
    [
        ("call_id", pa.string()), ("criterion", pa.string()), ("result", pa.string()),
        ("scorecard_version", pa.string()), ("score", pa.float64()), ("confidence", pa.float64()),
        ("reason", pa.string()), ("judge", pa.string()),
    ]
)  # fmt: skip
EVIDENCE = pa.schema(
    [
        ("call_id", pa.string()), ("criterion", pa.string()), ("evidence_no", pa.int32()), ("turn_no", pa.int32()),
        ("start_s", pa.float64()), ("end_s", pa.float64()), ("quote", pa.string()), ("points", pa.string()),
        ("why", pa.string()),
    ]
)  # fmt: skip
JUDGED = pa.schema(
    [
        ("call_id", pa.string()), ("scorecard_version", pa.string()), ("judge", pa.string()),
        ("transcript_loaded_at", pa.timestamp("us", "UTC")), ("language", pa.string()), ("wait_s", pa.float64()),
        ("recordings", pa.int64()), ("overall", pa.float64()), ("auto_failed", pa.list_(pa.string())),
        ("interruptions", pa.int32()), ("talk_over_s", pa.float64()), ("dead_air", pa.int32()),
        ("longest_dead_air_s", pa.float64()), ("holds", pa.int32()), ("holds_asked", pa.int32()),
        ("holds_thanked", pa.int32()), ("greeting_after_s", pa.float64()),
    ]
)  # fmt: skip

Progress = Callable[[int], None]
"""Called with the number of calls judged since the last time."""
Pending = dict[str, Any]
"""One row of queries/unjudged_calls.sql."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What a run did. ``warning`` says why the file's scorecard is not the one in force, if so."""

    judged: int
    version: str
    warning: str = ""


class Scorer:
    """Judges the calls of one store."""

    def __init__(self, settings: Settings, workers: int | None = None) -> None:
        self.store = Store(settings)
        self.workers = workers or os.cpu_count() or 1
        self.remote = RemoteJudge.from_settings(settings)
        self.warning = ""
        self.scorecard = self._scorecard_in_force()
        self.learned = self._learned_in_force()
        self.name = self.remote.name if self.remote else learned.judge_name(self.learned)
        self.pending = self._find_pending()

    def run(self, progress: Progress = lambda _: None) -> Scored:
        """Judge every call that needs it, and keep the results."""
        judged = 0
        with self._executor() as executor:
            for begin in range(0, len(self.pending), BATCH):
                batch = self.pending[begin : begin + BATCH]
                judgements = self._judge(executor, self._read(batch), progress)
                self._write(batch, judgements)
                judged += len(judgements)
        self._predict()
        return Scored(judged, self.scorecard.version, self.warning)

    def _scorecard_in_force(self) -> Scorecard:
        """The scorecard of the file; where that can't be used, the last good one, with a warning."""
        own = self.store.settings.data / "scorecard.toml"
        try:
            return scorecards.load(own if own.is_file() else scorecards.FILE)
        except ScorecardError as error:
            with self.store.writing() as con:
                content = one(con.execute("select content from scorecards where in_force"))
            if content is None:
                raise
            self.warning = f"{error}\nThe last good scorecard stays in force."
            return scorecards.parse(str(content))

    def _learned_in_force(self) -> learned.Files:
        """The models that learned from reviews; a remote judge judges without them."""
        if self.remote:
            return {}
        with self.store.writing() as con:
            return learned.in_force(con, self.store.settings)

    def _find_pending(self) -> list[Pending]:
        """Calls to judge; forgets judgements whose transcript is gone."""
        with self.store.writing() as con:
            forget(con, "select call_id from judged_calls anti join transcripts using (call_id)")
            table = con.sql(query("unjudged_calls"), params=[self.scorecard.version, self.name]).to_arrow_table()
            if table.num_rows:
                record(con, self.scorecard)
        pending: list[Pending] = table.to_pylist()
        return pending

    def _executor(self) -> Executor:
        """Processes for the engine; one thread for few calls, and for a remote judge, who must not be flooded."""
        if self.remote or self.workers == 1 or len(self.pending) < WORTH_A_PROCESS:
            return ThreadPoolExecutor(1)
        context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else None)
        return ProcessPoolExecutor(self.workers, context)

    def _read(self, batch: Sequence[Pending]) -> list[CallSaid]:
        """The calls of a batch with their turns."""
        with self.store.writing() as con:
            con.register("batch", pa.table({"call_id": pa.array([row["call_id"] for row in batch], pa.string())}))
            rows = con.execute(query("turns_of_batch")).fetchall()
        turns = {key: tuple(SaidTurn(*row[1:]) for row in said) for key, said in groupby(rows, lambda r: r[0])}
        names = ("call_id", "language", "wait_s", "overlap_s", "agent_interruptions", "longest_silence_s")
        return [CallSaid(turns=turns.get(row["call_id"], ()), **{n: row[n] for n in names}) for row in batch]

    def _judge(self, executor: Executor, calls: Sequence[CallSaid], progress: Progress) -> list[Judgement]:
        """Judge the calls of a batch, in their order."""
        work = partial(judge_chunk, self.scorecard.content, self.remote, self.learned)
        chunks = [calls[i : i + CHUNK] for i in range(0, len(calls), CHUNK)]
        judgements: list[Judgement] = []
        for done in executor.map(work, chunks):
            judgements += done
            progress(len(done))
        return judgements

    def _predict(self) -> None:
        """Predict the satisfaction of calls whose transcript is new, and show it in ``calls``."""
        with self.store.writing() as con:
            if touched := satisfaction.refresh(con):
                touch(con, touched)
                Loader(self.store.settings).finish(con)

    def _write(self, batch: Sequence[Pending], judgements: Sequence[Judgement]) -> None:
        """Keep the results of a batch in one transaction; a call whose transcript changed meanwhile is left out."""
        with self.store.writing() as con:
            known = dict(con.execute("select call_id, loaded_at from transcripts").fetchall())
            pairs = [
                (row, found) for row, found in zip(batch, judgements, strict=True)
                if known.get(row["call_id"]) == row["transcript_loaded_at"]
            ]  # fmt: skip
            con.register("batch", pa.table({"call_id": pa.array([row["call_id"] for row, _ in pairs], pa.string())}))
            forget(con, "select call_id from batch")
            con.unregister("batch")
            judged = [judged_row(r, j, self.name, remote=self.remote is not None) for r, j in pairs]
            insert(con, "judged_calls", pa.Table.from_pylist(judged, JUDGED))
            insert(con, "automatic_results", pa.Table.from_pylist([*result_rows(j for _, j in pairs)], RESULTS))
            insert(con, "automatic_evidence", pa.Table.from_pylist([*evidence_rows(j for _, j in pairs)], EVIDENCE))


def judge_chunk(
    content: str, remote: RemoteJudge | None, files: learned.Files, calls: Sequence[CallSaid]
) -> list[Judgement]:
    """Judge some calls; in a process of its own, the scorecard and the learned models are read there once."""
    scorecard, models = scorecards.parse(content), learned.loaded(files)
    judgements = [judge(call, scorecard) for call in calls]
    if models:
        judgements = [
            summed(call.call_id, scorecard, tuple(learning.apply(call, found, models)), found.conduct)
            for call, found in zip(calls, judgements, strict=True)
        ]
    return [remote.judge(c, j, scorecard) for c, j in zip(calls, judgements, strict=True)] if remote else judgements


def forget(con: duckdb.DuckDBPyConnection, call_ids: str) -> None:
    """Remove the judgements of the calls that the query ``call_ids`` gives."""
    con.execute(f"create or replace temp table forgotten as {call_ids}")
    for table in ("automatic_evidence", "automatic_results", "judged_calls"):
        con.execute(f"delete from {table} where call_id in (select call_id from forgotten)")  # noqa: S608 - our own names
    con.execute("drop table forgotten")


def record(con: duckdb.DuckDBPyConnection, scorecard: Scorecard) -> None:
    """Keep the scorecard in force, once."""
    if one(con.execute("select count(*) from scorecards where version = ? and in_force", [scorecard.version])):
        return
    con.execute("update scorecards set in_force = (version = ?)", [scorecard.version])
    if one(con.execute("select count(*) from scorecards where version = ?", [scorecard.version])):
        return
    row = [scorecard.version, scorecard.content, datetime.now(UTC), len(scorecard.criteria)]
    con.execute("insert into scorecards values (?, ?, ?, ?, true)", row)
    con.executemany("insert into scorecard_criteria values (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*criteria_rows(scorecard)])


def criteria_rows(scorecard: Scorecard) -> Iterator[list[Any]]:
    """What each criterion means, in each language."""
    for position, c in enumerate(scorecard.criteria, 1):
        for code in scorecard.languages:
            texts = [c.name[code], c.definition[code], c.applies[code]]
            yield [scorecard.version, position, c.id, code, *texts, c.weight, c.auto_fail]


def judged_row(row: Pending, judgement: Judgement, judge_name: str, *, remote: bool) -> dict[str, Any]:
    """One row of ``judged_calls``. A remote judge that gave no answer is asked again by the next run."""
    named = {result.judge for result in judgement.results} - {"scorecard"}
    keep = {name: row[name] for name in ("call_id", "transcript_loaded_at", "language", "wait_s", "recordings")}
    about = {
        "scorecard_version": judgement.scorecard_version, "overall": judgement.overall,
        "judge": judge_name if named or not remote else "scorecard", "auto_failed": list(judgement.auto_failed),
    }  # fmt: skip
    return {**keep, **about, **asdict(judgement.conduct)}


def result_rows(judgements: Iterator[Judgement]) -> Iterator[dict[str, Any]]:
    """Rows of ``automatic_results``."""
    for judgement in judgements:
        for result in judgement.results:
            row = asdict(replace(result, evidence=()))
            del row["evidence"]
            yield {"call_id": judgement.call_id, "scorecard_version": judgement.scorecard_version, **row}


def evidence_rows(judgements: Iterator[Judgement]) -> Iterator[dict[str, Any]]:
    """Rows of ``automatic_evidence``."""
    for judgement in judgements:
        for result in judgement.results:
            for number, evidence in enumerate(result.evidence, 1):
                key = {"call_id": judgement.call_id, "criterion": result.criterion, "evidence_no": number}
                yield {**key, **asdict(evidence)}
