"""The published snapshot, opened once per version and read by any thread through cursors of its own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import duckdb

from models.settings import Settings
from models.store import Store, connect_snapshot

_lock = threading.Lock()
_open: dict[Path, tuple[Path, duckdb.DuckDBPyConnection]] = {}
"""Store folder → its newest snapshot and the connection to it."""


def cursor(settings: Settings) -> duckdb.DuckDBPyConnection | None:
    """A connection of the caller's own to the newest snapshot; None before the first is published."""
    path = Store(settings).snapshot_path()
    if path is None:
        return None
    with _lock:
        known = _open.get(settings.store)
        if known is None or known[0] != path:
            known = _open[settings.store] = (path, connect_snapshot(path))
        return known[1].cursor()


def rows(settings: Settings, sql: str, **parameters: object) -> list[dict[str, Any]]:
    """What a query with named parameters returns, a dict a row; nothing before the first snapshot."""
    con = cursor(settings)
    if con is None:
        return []
    with con:
        result = con.execute(sql, parameters) if parameters else con.execute(sql)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
