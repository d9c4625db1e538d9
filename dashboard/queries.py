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
from models.settings import Settings
from models.store import QUERIES, Store

PARAMETER = re.compile(r"\$([a-z_]+)")
MEMORY_LIMIT = "1GB"
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
    named = {"zone": settings().time_zone, **parameters}
    return _result(str(path), name, {key: named[key] for key in parameters_of(name)})


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
def _result(path: str, name: str, parameters: dict[str, object]) -> pd.DataFrame:
    if name == "said_reach":
        _locate_transcripts(path)
    with _database(path).cursor() as cursor:
        _prefer_prepared(cursor)
        if name in ABOUT_THE_SNAPSHOT:
            cursor.execute("use snapshot")
        done = cursor.execute(sql_of(name), parameters or None)
        return pd.DataFrame(done.fetchall(), columns=[column[0] for column in done.description or ()])


def _close(database: duckdb.DuckDBPyConnection) -> None:
    database.close()


@st.cache_resource(max_entries=2, show_spinner=False, on_release=_close)
def _database(path: str) -> duckdb.DuckDBPyConnection:
    """One instance per snapshot, with the half hours added up once: every figure of the waits is made from them."""
    con = duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT})
    con.execute(f"attach {_quoted(path)} as snapshot (read_only)")
    _prefer_prepared(con)
    con.execute("create table memory.main.service_level_by_interval as from snapshot.main.service_level_by_interval")
    con.execute("set enable_external_access = false")
    return con


@st.cache_resource(max_entries=2, show_spinner=False)
def _locate_transcripts(path: str) -> bool:
    """Remember where transcripts begin, once per snapshot, when words are first searched for."""
    with _database(path).cursor() as cursor:
        _prefer_prepared(cursor)
        cursor.execute(f"create or replace table memory.main.transcript_places as {sql_of('transcript_places')}")
    return True


def _prefer_prepared(con: duckdb.DuckDBPyConnection) -> None:
    """Names mean what was prepared in memory, and the snapshot's tables and views otherwise."""
    con.execute("set search_path = 'memory.main,snapshot.main'")
    con.execute("set timezone = 'UTC'")


def _quoted(path: str) -> str:
    """A path as an SQL literal: ``attach`` takes no parameter."""
    return "'" + path.replace("'", "''") + "'"
