"""Learning from reviews: what people judged blind, read against what the scorecard says of the same calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from models.app_store import AppStore
from models.errors import EarshotError
from models.judging import scorecard as scorecards
from models.judging.engine import judge
from models.judging.records import CallSaid, SaidTurn
from models.judging.scorecard import Scorecard
from models.listening import learned
from models.listening.learning import Learned, Reviewed, learn, reviewed
from models.progress import Told, nobody
from models.settings import Settings
from models.store import Store, query

NAMES = ("call_id", "language", "wait_s", "overlap_s", "agent_interruptions", "longest_silence_s")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What learning found for one criterion, and the version of the model where one was trained."""

    found: Learned
    version: str | None


def learn_all(settings: Settings, told: Told = nobody) -> list[Outcome]:
    """Train a model for every criterion that has reviews, and put those in force that agree better with people.

    The store is locked to read and to write, not while training. Raises EarshotError before the first scores.
    """
    with AppStore(settings).reading() as connection:
        labels = learned.labels(connection.execute(learned.BLIND).fetchall())
    with Store(settings).writing() as con:
        scorecard = in_force(con)
        calls = read_calls(con, sorted({call_id for by_call in labels.values() for call_id in by_call}))
    taught = lessons(calls, scorecard, labels)
    outcomes = []
    for number, (criterion, lesson) in enumerate(taught.items()):
        told(f"Learning {criterion}", number, len(taught))
        outcomes.append(learn(criterion, lesson))
    with Store(settings).writing() as con:
        return [Outcome(found, learned.keep(con, settings, found, scorecard.version)) for found in outcomes]


def in_force(con: duckdb.DuckDBPyConnection) -> Scorecard:
    """The scorecard that judges now."""
    rows = con.execute("select content from scorecards where in_force").fetchall()
    if not rows:
        raise EarshotError("No call has been judged yet; run earshot score, then review calls in the listening hour.")
    return scorecards.parse(str(rows[0][0]))


def check_criteria(con: duckdb.DuckDBPyConnection, criteria: Iterable[str]) -> None:
    """Raises EarshotError for a criterion that neither the scorecard in force nor a learned model has."""
    models = con.execute("select distinct criterion from learned_models").fetchall()
    known = sorted({criterion.id for criterion in in_force(con).criteria} | {name for (name,) in models})
    for criterion in criteria:
        if criterion not in known:
            raise EarshotError(f"There is no criterion {criterion!r}; known are {', '.join(known)}.")


def read_calls(con: duckdb.DuckDBPyConnection, call_ids: list[str]) -> list[CallSaid]:
    """These calls with their turns; those without a transcript are left out."""
    result = con.execute(query("reviewed_calls"), [call_ids])
    names = [column[0] for column in result.description or ()]
    about: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    con.register("batch", pa.table({"call_id": pa.array(call_ids, pa.string())}))
    rows = con.execute(query("turns_of_batch")).fetchall()
    con.unregister("batch")
    turns = {key: tuple(SaidTurn(*row[1:]) for row in said) for key, said in groupby(rows, lambda r: r[0])}
    return [CallSaid(turns=turns.get(row["call_id"], ()), **{name: row[name] for name in NAMES}) for row in about]


def lessons(
    calls: list[CallSaid], scorecard: Scorecard, labels: dict[str, dict[str, str]]
) -> dict[str, list[Reviewed]]:
    """Criterion → the calls that people judged by it, in the scorecard's order."""
    found: dict[str, list[Reviewed]] = {criterion.id: [] for criterion in scorecard.criteria if criterion.id in labels}
    for call in calls:
        for result in judge(call, scorecard).results:
            people = labels.get(result.criterion, {}).get(call.call_id)
            if people is not None:
                found[result.criterion].append(reviewed(call, result, people))
    return found
