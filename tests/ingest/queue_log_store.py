"""Loading queue logs into a throw-away store, and what it holds then, without the accidents of loading."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from ingest.queue_logs import Outcome, load_queue_log
from models.settings import Settings
from models.store import Store

PARIS = ZoneInfo("Europe/Paris")


def load(folder: Path, *files: Path) -> list[Outcome]:
    """Load ``files`` in order into the store of ``folder``."""
    return [load_queue_log(Settings(data=folder), f, zone=PARIS) for f in files]


def rows(folder: Path, sql: str) -> list[dict[str, Any]]:
    """The rows of a query on the store as dicts, times as ISO 8601."""
    return tables(folder, sql)[0]


def tables(folder: Path, *queries: str) -> list[list[dict[str, Any]]]:
    """The rows of several queries."""
    with closing(duckdb.connect(str(Store(Settings(data=folder)).calls_path))) as con:
        con.execute("set timezone = 'UTC'")
        return [_dicts(con.execute(sql)) for sql in queries]


def _dicts(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [d[0] for d in result.description]
    return [dict(zip(names, (_plain(v) for v in row), strict=True)) for row in result.fetchall()]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def state(folder: Path) -> list[list[dict[str, Any]]]:
    """Everything that must not depend on how a log came in: no file names, line numbers or times of loading."""
    return tables(
        folder,
        "select * exclude (source, line_no) from queue_events order by all",
        "select * exclude (source) from queue_visits order by all",
        "select * from calls order by all",
        "select reason, raw from rejected_rows order by all",
    )
