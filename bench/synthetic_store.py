"""A made-up call centre of any size, written straight into a store with SQL: for benchmarks and for tests.

Nothing here is real. The same arguments give the same rows.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from ingest.scoring import record
from models.app_store import AppStore
from models.judging import scorecard as scorecards
from models.publish import publish
from models.settings import Settings
from models.store import Store

SQL = Path(__file__).with_suffix(".sql")
FINDINGS = Path(__file__).with_name("synthetic_findings.sql")
WRITTEN = Path(__file__).with_name("synthetic_written.sql")
MONDAY = date(2026, 3, 2)
"""The Monday after the last week that is filled."""
ISSUES = 60


def fill(
    con: duckdb.DuckDBPyConnection, *, calls: int, turns: int, weeks: int = 8, agents: int = 12, customers: int = 10_000,
    monday: date = MONDAY, random_ids: bool = False, zone: str = "Europe/Paris",
) -> None:  # fmt: skip
    """Add ``calls`` calls over the ``weeks`` weeks before ``monday``, each transcribed one with ``turns`` turns.

    Call ids rise with time, as Asterisk gives them; ``random_ids`` makes them jump, as Amazon Connect does.
    """
    parameters = {
        "calls": calls, "weeks": weeks, "agents": agents, "customers": customers, "monday": monday,
        "random_ids": random_ids, "turns": turns, "zone": zone,
    }  # fmt: skip
    _run(con, SQL, parameters)


def fill_findings(con: duckdb.DuckDBPyConnection) -> None:
    """Add what judging and issues would have found in every transcript: thirteen results a call, an issue in every third."""
    scorecard = scorecards.load()
    record(con, scorecard)
    _run(con, FINDINGS, {"scorecard": scorecard.version, "issues": ISSUES})


def write(settings: Settings) -> None:
    """Write what people would have: a complaint for every 200th call, a survey for every 20th, goals, call-backs."""
    with Store(settings).writing() as con, AppStore(settings).transaction() as app:
        for statement in WRITTEN.read_text("utf-8").split(";\n"):
            table = statement.splitlines()[0].removeprefix("-- ")
            rows = con.execute(statement)
            names = [column[0] for column in rows.description or ()]
            marks = ", ".join("?" * len(names))
            app.executemany(f"insert into {table} ({', '.join(names)}) values ({marks})", rows.fetchall())


def _run(con: duckdb.DuckDBPyConnection, file: Path, parameters: dict[str, object]) -> None:
    """Run the statements of a file, each with the parameters that it names."""
    for statement in file.read_text("utf-8").split(";\n"):
        wanted = {name: value for name, value in parameters.items() if f"${name}" in statement}
        if statement.strip():
            con.execute(statement, wanted)


def make(settings: Settings, **size: object) -> Path:
    """Fill an empty store and publish it; returns the snapshot."""
    with Store(settings).writing() as con:
        fill(con, **size)  # type: ignore[arg-type]
    return publish(settings).path
