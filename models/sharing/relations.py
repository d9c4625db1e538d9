"""What leaves a snapshot for another place: its tables and views, and what analysts need there to ask the same questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import duckdb

from models.publish import VIEWS

Relation = tuple[str, str | None, list[tuple[str, str | None]]]
"""Name and comment of a table or view, and name and comment of each column."""

MACRO = re.compile(r"(?:\s*--[^\n]*\n)*\s*(create or replace macro|comment on macro)\b")
BY_TIME = {
    "calls": "started_at", "queue_visits": "entered_at", "judged_visits": "entered_at", "queue_events": "event_at",
    "service_level_by_interval": "interval_start",
}  # fmt: skip
"""Big tables, and the time by whose local month they are divided."""
BY_CALL = ("turns", "criterion_results", "evidence", "automatic_results", "automatic_evidence", "problem_statements")
"""Big tables that are divided by the month in which their call began."""


def relations(con: duckdb.DuckDBPyConnection) -> list[Relation]:
    """Every public table and view of a snapshot, in the order of their names."""
    found: dict[str, Relation] = {}
    rows = con.execute(
        "select c.table_name, coalesce(t.comment, v.comment), c.column_name, c.comment from duckdb_columns() c "
        "left join duckdb_tables() t on t.table_oid = c.table_oid and t.database_oid = c.database_oid "
        "left join duckdb_views() v on v.view_oid = c.table_oid and v.database_oid = c.database_oid "
        "where not c.internal and c.database_name = current_database() order by c.table_name, c.column_index"
    ).fetchall()
    for name, about, column, comment in rows:
        found.setdefault(name, (name, about, []))[2].append((column, comment))
    return list(found.values())


def month_of(name: str) -> str | None:
    """SQL of the local month of a row of ``name``, called ``r``, over ``$zone``; None for tables that stay whole."""
    if name in BY_CALL:
        at = "(select any_value(c.started_at) from calls c where c.call_id = r.call_id)"
    elif name in BY_TIME:
        at = f"r.{BY_TIME[name]}"
    else:
        return None
    return f"coalesce(strftime(timezone($zone, {at}), '%Y-%m'), 'unknown')"


def macros(temporary: bool = False) -> Iterator[str]:
    """The statements that make the measures' macros and their comments, in an order in which they can be run."""
    for file in sorted(VIEWS.glob("*.sql")):
        for statement in duckdb.extract_statements(file.read_text("utf-8")):
            sql = statement.query.strip().rstrip(";")
            if kind := MACRO.match(sql):
                if not temporary:
                    yield sql + ";"
                elif kind[1].startswith("create"):
                    yield sql.replace("create or replace macro", "create or replace temporary macro", 1) + ";"


def comments(kind: str, relation: Relation, schema: str = "") -> Iterator[str]:
    """The statements that put a relation's comments on the ``kind`` (view or table) of the same name in ``schema``."""
    name, about, columns = schema + relation[0], relation[1], relation[2]
    if about:
        yield f"comment on {kind} {name} is {text(about)};"
    for column, comment in columns:
        if comment:
            yield f'comment on column {name}."{column}" is {text(comment)};'


def text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def script(address: str, files: dict[str, list[str]], of: Iterable[Relation], version: str) -> str:
    """A DuckDB script that opens a shipped version: the views, their comments, the macros.

    ``files`` are the Parquet files of each table, relative to ``address``.
    """
    lines = [
        f"-- Earshot, snapshot {version}: the tables and views of the published snapshot, over Parquet files.",
        "-- duckdb -init open.sql     (for an address that begins with s3:// create a secret first: see docs/beyond_one_machine.md)",
        "set timezone = 'UTC';",
    ]
    for relation in of:
        name = relation[0]
        paths = ", ".join(text(f"{address}/{path}") for path in files[name])
        lines.append(f"create or replace view {name} as from read_parquet([{paths}], hive_partitioning = false);")
        lines += comments("view", relation)
    return "\n".join([*lines, *macros()]) + "\n"
