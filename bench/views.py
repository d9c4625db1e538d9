"""How long analysts wait for every published view, whole: ``python -m bench.views [--calls N]``.

Reads each view and each macro's table of the made-up store that ``bench.pages`` fills (kept in build/) from beginning
to end, as its own copy in memory; prints rows and seconds.
"""

from __future__ import annotations

import time
from contextlib import closing

import duckdb

from bench.pages import asked_for
from models.publish import current_snapshot
from models.store import connect_snapshot, first_row

GRAINS = ("half_hour", "day", "week")
PARTS = ("queue", "agent", "segment")


def sources(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every public view and materialised table of measures, and the waits by each grain and part."""
    rows = con.execute(
        "select view_name from duckdb_views() where not internal and schema_name = 'main' order by view_name"
    ).fetchall()
    macros = [f"waits_by('{grain}', '{part}')" for grain in GRAINS for part in PARTS]
    return [*(str(name) for (name,) in rows), "service_level_by_interval", *macros]


def main() -> None:
    """Print a line per view."""
    with closing(connect_snapshot(current_snapshot(asked_for(__doc__)))) as con:
        for source in sources(con):
            began = time.perf_counter()
            con.execute(f"create or replace temp table read_whole as from {source}")
            took = time.perf_counter() - began
            count = first_row(con.execute("select count(*) from read_whole")) or (0,)
            print(f"{source:<34} {count[0]:>12,} rows {took:8.2f} s", flush=True)


if __name__ == "__main__":
    main()
