"""A made-up call centre of any size, written straight into a store with SQL: for benchmarks and for tests.

Nothing here is real. The same arguments give the same rows.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from models.publish import publish
from models.settings import Settings
from models.store import Store

SQL = Path(__file__).with_suffix(".sql")
MONDAY = date(2026, 3, 2)
"""The Monday after the last week that is filled."""


def fill(
    con: duckdb.DuckDBPyConnection, *, calls: int, turns: int, weeks: int = 8, agents: int = 12,
    monday: date = MONDAY, random_ids: bool = False, zone: str = "Europe/Paris",
) -> None:  # fmt: skip
    """Add ``calls`` calls over the ``weeks`` weeks before ``monday``, each transcribed one with ``turns`` turns.

    Call ids rise with time, as Asterisk gives them; ``random_ids`` makes them jump, as Amazon Connect does.
    """
    parameters = {
        "calls": calls, "weeks": weeks, "agents": agents, "monday": monday, "random_ids": random_ids,
        "turns": turns, "zone": zone,
    }  # fmt: skip
    for statement in SQL.read_text("utf-8").split(";\n"):
        wanted = {name: value for name, value in parameters.items() if f"${name}" in statement}
        if statement.strip():
            con.execute(statement, wanted)


def make(settings: Settings, **size: object) -> Path:
    """Fill an empty store and publish it; returns the snapshot."""
    with Store(settings).writing() as con:
        fill(con, **size)  # type: ignore[arg-type]
    return publish(settings).path
