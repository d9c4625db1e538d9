"""One query of a reader's own over one snapshot, in a process of its own: ``models.own_sql`` starts it, and may kill it.

Reads ``{"path", "sql", "rows"}`` as JSON from its input and writes ``{"columns", "rows", "more"}``, ``{"error"}`` or
``{"not_one_select"}``. It opens no file but the snapshot: DuckDB is told so before the query is read, and then the kernel lets it open and write nothing at all.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

import duckdb  # nothing of ours: the process starts without the checkout on its path

MEMORY = "512MB"
ADDRESSES = 2 << 30
"""Bytes of addresses that the process may use: what MEMORY does not count, such as one text of gigabytes."""
MOST_CHARACTERS = 20_000_000
"""Of a result, in all; what comes after is left out, as are rows after the last that is shown."""
LONGEST_CELL = 10_000
"""Characters of one text that are shown."""
WARM = "select uuid(), 1.5::decimal(4, 2), now(), current_date, interval 1 day, 'a'::blob, [1], {'a': 1}"
"""One value of each kind for which Python reads a module of its own: by the time of the query no file can be opened."""
LARGEST_INTEGER = 2**53
"""Beyond it a browser can't tell integers apart: they go as text."""
LOCKS = (
    "set python_enable_replacements = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set temp_directory = ''",
    "set timezone = 'UTC'",
    "set threads = 2",
    "set enable_external_access = false",
    "set lock_configuration = true",
)


def answer(path: str, sql: str, most: int, seal: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """The first ``most`` rows of what a query gives, or why it gives nothing. ``seal`` is called before the query is read."""
    with closing(duckdb.connect(":memory:", config={"memory_limit": MEMORY})) as con:
        con.execute("attach '" + path.replace("'", "''") + "' as snapshot (read_only)")
        con.execute("use snapshot")
        for lock in LOCKS:
            con.execute(lock)
        con.execute(WARM).fetchall()
        seal()
        try:
            statements = con.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                return {"not_one_select": True}
            done = con.execute(statements[0])
            columns = [str(column[0]) for column in done.description or ()]
            found = done.fetchmany(most + 1)
        except (duckdb.Error, RuntimeError, ValueError, OverflowError) as error:
            return {"error": str(error)}
    rows, size = [], 0
    for row in found[:most]:
        rows.append([plain(value) for value in row])
        size += sum(len(value) for value in rows[-1] if isinstance(value, str))
        if size > MOST_CHARACTERS:
            break
    return {"columns": columns, "rows": rows, "more": len(found) > len(rows)}


def plain(value: object) -> object:
    """A value as JSON has it: numbers that a browser can tell apart, else text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    told = str(value)
    return told if len(told) <= LONGEST_CELL else told[:LONGEST_CELL] + "…"


def no_more_files() -> None:
    """From here on the kernel lets this process open nothing, write no byte to a file, and take no more memory than it may."""
    for what, most in ((resource.RLIMIT_NOFILE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_AS, ADDRESSES)):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Answer what stands in the input."""
    os.nice(5)
    asked = json.load(sys.stdin)
    try:
        told = answer(asked["path"], asked["sql"], asked["rows"], no_more_files)
    except MemoryError:
        told = {"error": "The result takes too much memory."}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
