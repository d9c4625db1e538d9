"""Named queries of the published snapshot as DataFrames: the only place of the dashboard that caches data.

A query is a file in ``models/queries``; its ``$name`` parameters are bound, never written into it.
Results are kept per snapshot: a new snapshot is seen by the next page, an old one is forgotten.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import streamlit as st

from models import settings as settings_of
from models.app_store import AppStore
from models.publish import VIEWS
from models.settings import Settings
from models.store import QUERIES, Store
from models.waits.targets import TargetRows, publish_rows, published_rows, target_rows

PARAMETER = re.compile(r"\$([a-z_]+)")
MEMORY_LIMIT = "1GB"
OF_SINGLE_VISITS = frozenset({
    "wait_totals", "by_part", "patience", "wait_spread", "late_handling", "waits_csv",
    "calls_page_by_visit", "calls_count_by_visit",
})  # fmt: skip
"""Queries that look at single stays in a queue: these are prepared once, so that no page waits for them twice."""

ABOUT_THE_SNAPSHOT = frozenset({"dictionary"})
"""Queries that describe the snapshot itself, so must not see what is prepared beside it."""

EXAMPLE_ROWS = 200
"""Rows of an example query that are shown."""


def settings() -> Settings:
    """The settings of this call centre."""
    return settings_of.load()


def snapshot() -> Path | None:
    """The newest published snapshot; None before the first."""
    return Store(settings()).snapshot_path()


def query(name: str, **parameters: object) -> pd.DataFrame:
    """What ``models/queries/<name>.sql`` returns for the newest snapshot; it takes the parameters that it names.

    Raises KeyError when one it names is not given.
    """
    path = snapshot()
    if path is None:
        raise LookupError("Nothing has been published yet.")
    named = {"zone": settings().time_zone, "hours": hours(), **parameters}
    return _result(str(path), _targets(), name, {key: named[key] for key in parameters_of(name)})


def hours() -> str | None:
    """``open`` when figures are those of the opening hours, None when every hour counts."""
    of = settings()
    limited = bool(of.opening_hours or of.closed_days) and of.outside_hours != "counted"
    return "open" if limited else None


def app_store() -> AppStore:
    """What people write in the dashboard."""
    return _app_store(settings())


@functools.cache
def _app_store(of: Settings) -> AppStore:
    return AppStore(of)


def _targets() -> TargetRows:
    """The targets as they are now; read again only when the file has changed."""
    path = app_store().path
    files = (path, path.with_name(path.name + "-wal"))
    seen = tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists())
    return _targets_of(settings(), seen)


@functools.lru_cache(maxsize=4)
def _targets_of(of: Settings, seen: object) -> TargetRows:
    return target_rows(_app_store(of))


def row(name: str, **parameters: object) -> dict[str, Any]:
    """The one row of a query that always returns one."""
    values: dict[str, Any] = query(name, **parameters).iloc[0].to_dict()
    return {column: value.item() if isinstance(value, np.generic) else value for column, value in values.items()}


def examples() -> dict[str, str]:
    """Name and SQL of each example query, its first line saying what it answers."""
    return {file.stem: file.read_text("utf-8") for file in sorted((QUERIES / "examples").glob("*.sql"))}


def example(name: str) -> pd.DataFrame:
    """The first rows of one of our example queries."""
    return query(f"examples/{name}").head(EXAMPLE_ROWS)


@functools.cache
def sql_of(name: str) -> str:
    """The text of a named query."""
    return (QUERIES / f"{name}.sql").read_text("utf-8")


def parameters_of(name: str) -> frozenset[str]:
    """The parameters that a named query takes."""
    return frozenset(PARAMETER.findall(sql_of(name)))


@st.cache_data(max_entries=400, show_spinner=False)
def _result(path: str, targets: TargetRows, name: str, parameters: dict[str, object]) -> pd.DataFrame:
    wanted = {"said_reach": _locate_transcripts, "lost": _follow_callers, "repeats": _follow_callers}
    if name in wanted:
        wanted[name](path, targets)
    elif name in OF_SINGLE_VISITS:
        _judge_visits(path, targets)
    with _database(path, targets).cursor() as cursor:
        _prefer_prepared(cursor)
        if name in ABOUT_THE_SNAPSHOT:
            cursor.execute("use snapshot")
        done = cursor.execute(sql_of(name), parameters or None)
        return pd.DataFrame(done.fetchall(), columns=[column[0] for column in done.description or ()])


def _close(database: duckdb.DuckDBPyConnection) -> None:
    database.close()


@st.cache_resource(max_entries=2, show_spinner=False, on_release=_close)
def _database(path: str, targets: TargetRows) -> duckdb.DuckDBPyConnection:
    """One instance per snapshot and targets, with the half hours added up once: most figures are made from them.

    Targets that were written after the snapshot count at once: the views are made again over them.
    """
    con = duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT})
    con.execute("attach ':memory:' as prepared (compress)")
    con.execute(f"attach {_quoted(path)} as snapshot (read_only)")
    con.execute("create schema prepared.held")
    con.execute("set search_path = 'prepared.main,snapshot.main'")
    con.execute("set timezone = 'UTC'")
    if published_rows(con) == targets:
        con.execute("create table service_level_by_interval as from snapshot.main.service_level_by_interval")
    else:
        publish_rows(con, targets)
        con.execute((VIEWS / "020_judged_visits.sql").read_text("utf-8"))
        con.execute((VIEWS / "030_service_level_by_interval.sql").read_text("utf-8"))
    con.execute("set enable_external_access = false")
    return con


@st.cache_resource(max_entries=2, show_spinner=False)
def _judge_visits(path: str, targets: TargetRows) -> bool:
    """Hold every stay in a queue against its target, once per snapshot, when single stays are first asked for."""
    with _database(path, targets).cursor() as cursor:
        _prefer_prepared(cursor)
        cursor.execute("create or replace table prepared.held.judged_visits as from judged_visits order by entered_at")
        cursor.execute("force checkpoint prepared")  # compresses it to a fifteenth
    return True


@st.cache_resource(max_entries=2, show_spinner=False)
def _follow_callers(path: str, targets: TargetRows) -> bool:
    """Find out who came back, once per snapshot, when that is first asked for."""
    with _database(path, targets).cursor() as cursor:
        _prefer_prepared(cursor)
        for name in ("lost_callers", "repeat_calls"):
            cursor.execute(f"create or replace table prepared.held.{name} as from {name}")
        cursor.execute("force checkpoint prepared")
    return True


@st.cache_resource(max_entries=2, show_spinner=False)
def _locate_transcripts(path: str, targets: TargetRows) -> bool:
    """Remember where transcripts begin, once per snapshot, when words are first searched for."""
    with _database(path, targets).cursor() as cursor:
        _prefer_prepared(cursor)
        cursor.execute(f"create or replace table prepared.held.transcript_places as {sql_of('transcript_places')}")
    return True


def _prefer_prepared(con: duckdb.DuckDBPyConnection) -> None:
    """Names mean what was prepared in memory, and the snapshot's tables and views otherwise."""
    con.execute("set search_path = 'prepared.held,prepared.main,snapshot.main'")
    con.execute("set timezone = 'UTC'")


def _quoted(path: str) -> str:
    """A path as an SQL literal: ``attach`` takes no parameter."""
    return "'" + path.replace("'", "''") + "'"
