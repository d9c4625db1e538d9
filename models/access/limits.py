"""A snapshot as somebody sees it who may see the calls of some queues or agents only.

The database ``limited`` holds a view of each table of the snapshot with the rows that limits allow, and the documented views
made again over these. Where names are looked up in it and not in the snapshot, no query can forget a limit. What a
table's rows belong to is told by its columns; a table that has none of them is empty unless it is in ``OPEN``.
"""

from __future__ import annotations

import re

import duckdb
import pyarrow as pa

from models.access.people import Limits
from models.publish import VIEWS, add_app_tables
from models.store import first_row, query

NAME, WRITTEN = "limited", "written"

OPEN = frozenset(
    {"settings", "opening_hours", "closed_days", "targets", "assumptions", "issue_decisions", "scorecards",
     "scorecard_criteria", "criterion_agreement", "snapshot_info", "goals", "own_figures", "figures", "figure_files",
     "callback_draws"}
)  # fmt: skip
"""Tables that tell of no call, customer or person: everybody sees them whole."""

NEVER = frozenset({"reveals", "changes"})
"""Tables about colleagues: nobody with limits sees them, though they name calls."""

RULES = {
    "call_id": "call_id in (select call_id from limited.main.allowed)",
    "queue": "queue in (select queue from limited.main.allowed_queues)",
    "agent_id": "agent_id in (select agent_id from limited.main.allowed_agents)",
    "customer_id": "customer_id in (select customer_id from limited.main.allowed_customers)",
}
"""Column → what must hold of the rows of a table that has it."""

QUOTED = "select * replace (case when quote_call_id in (select call_id from limited.main.allowed) then quote else '' end as quote)"
"""An issue's typical quote is shown only to those who may see the call that it comes from."""

BY_ROW = frozenset({"calls", "turns"})
ROWS = "select rowid, *"
"""Tables that queries read by the place of their rows, which a view must be told to pass on."""

MADE = re.compile(r"create or replace table (\w+)")
COMMENT = re.compile(r"\s*(--[^\n]*\n\s*)*comment on", re.IGNORECASE)


def attach(con: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Make the database ``limited`` in memory, over the attached database ``snapshot``. Changes the search path."""
    for name in (NAME, WRITTEN):
        con.execute(f"attach ':memory:' as {name}")
    con.execute("set search_path = 'snapshot.main'")
    _allow(con, limits)
    scripts = [file.read_text("utf-8") for file in sorted(VIEWS.glob("*.sql"))]
    made = {name for script in scripts for name in MADE.findall(script)}
    tables = con.execute(
        "select t.table_name, list(c.column_name) from duckdb_tables() t join duckdb_columns() c using (table_oid, database_name)"
        " where t.database_name = 'snapshot' and t.schema_name = 'main' group by all order by all"
    ).fetchall()
    for table, columns in tables:
        if table not in made:
            con.execute(f'create view {NAME}.main."{table}" as {_seen(table, set(columns), limits)}')
    con.execute(f"set search_path = '{NAME}.main'")
    for script in scripts:
        for statement in con.extract_statements(script):
            if not COMMENT.match(statement.query):
                con.execute(statement)


def put(con: duckdb.DuckDBPyConnection, tables: dict[str, pa.Table]) -> None:
    """Keep rows that people wrote since the snapshot in the database ``written``. Changes the search path.

    A transaction of its own: DuckDB writes to one attached database in each.
    """
    con.execute("begin")
    con.execute(f"set search_path = '{WRITTEN}.main'")
    add_app_tables(con, tables)
    con.execute("commit")


def show(con: duckdb.DuckDBPyConnection, tables: dict[str, pa.Table], limits: Limits) -> None:
    """Let names in ``prepared`` mean the rows that were ``put``, as far as limits allow."""
    for name, table in tables.items():
        con.execute(
            f'create or replace view prepared.main."{name}" as {_seen(name, set(table.column_names), limits, WRITTEN)}'
        )


def allows(con: duckdb.DuckDBPyConnection, limits: Limits | None, call_id: str) -> bool:
    """Whether a call is there and within limits; ``con`` looks names up in a snapshot."""
    given = {"call_id": call_id, "queues": limits and limits.queues, "agents": limits and limits.agents}
    return first_row(con.execute(query("within"), {k: _list(v) for k, v in given.items()})) is not None


def _list(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _allow(con: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """The tables of what is allowed."""
    given = {"call_id": None, "queues": _list(limits.queues), "agents": _list(limits.agents)}
    con.execute(f"create table {NAME}.main.allowed as {query('within')}", given)
    con.execute(
        f"create table {NAME}.main.allowed_customers as select distinct customer_id from calls"  # noqa: S608 - our own name
        f" where call_id in (from {NAME}.main.allowed) and customer_id is not null"
    )
    for column, values in (("queue", limits.queues), ("agent_id", limits.agents)):
        table = f"{NAME}.main.allowed_{column.removesuffix('_id')}s"
        con.execute(f"create table {table} as select unnest(?::varchar[]) as {column}", [list(values or ())])


def _seen(table: str, columns: set[str], limits: Limits, source: str = "snapshot") -> str:
    """The rows of a table that limits allow, as SQL."""
    every = f'{ROWS if table in BY_ROW else ""} from {source}.main."{table}"'
    if table in NEVER:
        return f"{every} where false"
    if table in OPEN:
        return every
    if table == "found_issues":
        return f"{QUOTED} {every}"
    if table == "calls":
        return f"{every} where {RULES['call_id']}"  # may have gone on to another queue or agent
    if "call_id" in columns:
        wanted = [RULES["call_id"]]
        if "customer_id" in columns:
            wanted = [f"({RULES['call_id']} or call_id is null and {RULES['customer_id']})"]
        if table == "queue_visits":
            wanted += [RULES[column] for column in _limiting(limits)]
    else:
        wanted = [RULES[column] for column in ("customer_id", *_limiting(limits)) if column in columns]
        if "queue" in columns and not wanted:
            return every
    return f"{every} where {' and '.join(wanted) or 'false'}"


def _limiting(limits: Limits) -> list[str]:
    """The columns that limits speak of."""
    return [name for name, given in (("queue", limits.queues), ("agent_id", limits.agents)) if given is not None]
