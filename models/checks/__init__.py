"""Data checks: each ``.sql`` file here returns the rows that must not be."""

from __future__ import annotations

from pathlib import Path

import duckdb


def offending(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """Name of each check -> its offending rows, at most 20; checks that hold are left out."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("*.sql")):
        con.execute(f"select * from ({file.read_text('utf-8')}) limit 20")  # noqa: S608 - our own files
        if rows := con.fetchall():
            found[file.stem] = rows
    return found
