"""How long analysts wait for every published view, whole: ``python -m bench.views [--calls N]``.

Reads each view and each macro's table of the made-up store that ``bench.pages`` fills (kept in build/) from beginning
to end, as its own copy in memory; prints rows and seconds.
"""

from __future__ import annotations

import argparse
import time
from contextlib import closing

import duckdb

from bench.pages import store
from models.store import Store, connect_snapshot, first_row

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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=20)
    options = parser.parse_args()
    settings = store(options.calls, options.turns)
    path = Store(settings).snapshot_path()
    assert path is not None, "the store was not published"
    with closing(connect_snapshot(path)) as con:
        for source in sources(con):
            began = time.perf_counter()
            con.execute(f"create or replace temp table read_whole as from {source}")
            took = time.perf_counter() - began
            count = first_row(con.execute("select count(*) from read_whole")) or (0,)
            print(f"{source:<34} {count[0]:>12,} rows {took:8.2f} s", flush=True)


if __name__ == "__main__":
    main()
