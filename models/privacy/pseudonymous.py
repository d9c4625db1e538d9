"""A second snapshot for analysts who may not see names: the same tables and views, ids as keyed hashes, no words of anybody.

What becomes of each column is declared in models/schema/people_data.toml. Whatever is not declared is left out.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import duckdb

from models import publish as publishing
from models.errors import StoreError
from models.privacy.declared import Table, declared
from models.privacy.keys import key
from models.settings import Settings
from models.store import Store, connect

LINK = "earshot-pseudonymous.duckdb"
FILES = "pseudonymous-*.duckdb"
LEFT_OUT = "[left out]"
PRIVATE = ("audit", "changes", "heard_log", "people", "rejected_rows")
"""Tables of which only the columns are there: who did what, and input as it was."""
MADE = ("settings", "snapshot_info", "opening_hours", "closed_days", "criterion_agreement")
"""Tables that publishing makes: nobody's data."""
HASHED = {"call": "call", "customer": "customer", "staff": "staff"}

Column = tuple[str, str]
"""Name and type."""


def publish_pseudonymous(settings: Settings, snapshot: Path) -> Path:
    """Write the pseudonymous copy of a snapshot, and make its link point there. Raises StoreError."""
    folder = Store(settings).published
    draft = folder / f".tmp-pseudonymous-{os.getpid()}.duckdb"
    publishing.remove(folder.glob(".tmp-pseudonymous-*"))
    with closing(connect(draft)) as con:
        con.execute(f"attach '{str(snapshot).replace(chr(39), chr(39) * 2)}' as named (read_only)")
        # a hash within a hash, each with the key: nobody without it can try telephone numbers
        con.execute("create temp table secret (value varchar)")
        con.execute("insert into secret values (?)", [key(settings, "pseudonyms").hex()])
        for name, columns in _tables(con).items():
            chosen = ", ".join(_projection(name, column) for column in columns)
            where = " where false" if name in PRIVATE else ""
            con.execute(f'create table "{name}" as select {chosen} from named."{name}"{where}')  # noqa: S608 - our own schema
        con.execute("drop table secret")
        con.execute("detach named")
        for file in sorted(publishing.VIEWS.glob("*.sql")):
            con.execute(file.read_text("utf-8"))
        con.execute("checkpoint")
    if Path(f"{draft}.wal").exists():
        raise StoreError("The pseudonymous snapshot was not written completely; run earshot publish again.")
    publishing.sync(draft)
    draft.chmod(0o444)
    path = folder / f"pseudonymous-{snapshot.stem.rpartition('-')[2]}.duckdb"
    draft.replace(path)
    point(folder, path)
    return path


def point(folder: Path, path: Path) -> None:
    """Make the link lead to ``path``, and remove what it led to before."""
    link = folder / ".tmp-pseudonymous-link"
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    link.replace(folder / LINK)
    publishing.remove(p for p in folder.glob(FILES) if p != path)
    publishing.sync(folder)


def withdraw(settings: Settings) -> None:
    """Remove the pseudonymous snapshot, if there is one: an old one would never be erased."""
    folder = Store(settings).published
    publishing.remove([folder / LINK, *folder.glob(FILES)])


def _tables(con: duckdb.DuckDBPyConnection) -> dict[str, list[Column]]:
    sql = (
        "select table_name, column_name, data_type from duckdb_columns() where database_name = 'named' and table_name in "
        "(select table_name from duckdb_tables() where database_name = 'named') order by table_name, column_index"
    )
    found: dict[str, list[Column]] = {}
    for table, column, kind in con.execute(sql).fetchall():
        found.setdefault(str(table), []).append((str(column), str(kind)))
    return found


def _projection(table: str, column: Column) -> str:
    """How a column is copied, as SQL."""
    name, kind = column
    quoted = f'"{name}"'
    if table in MADE or "VARCHAR" not in kind:
        return quoted
    role = _role(table, name)
    if role == "plain":
        return quoted
    if role in HASHED and kind == "VARCHAR":
        salted = f"(select value from secret) || '{HASHED[role]}' || {quoted}"  # noqa: S608 - our own schema
        inner = f"sha256((select value from secret) || sha256({salted}))"  # noqa: S608
        return f"case when {quoted} is not null then left({inner}, 20) end as {quoted}"
    if kind == "VARCHAR":
        return f"case when {quoted} is not null then '{LEFT_OUT}' end as {quoted}"
    return f"cast(null as {kind}) as {quoted}"


def _role(table: str, column: str) -> str | None:
    known: Table | None = declared("calls").get(table) or declared("app").get(table)
    return known.roles.get(column) if known else None
