"""Erasing a customer from everything that Earshot keeps: both stores, snapshots, sound, exports and other files.

Calls keep their figures under a token that leads to nobody; what was said, heard and written about them goes. The files are
written anew, because databases keep deleted rows in free blocks.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from models import publish as publishing
from models import said_index
from models.app_store import AppStore
from models.errors import EarshotError, StoreError
from models.privacy.declared import Table, declared
from models.privacy.erased import Item, remember, remember_in_app
from models.privacy.terms import EDGE, SHORTEST, Terms, variants
from models.progress import Told, nobody
from models.settings import Settings
from models.store import Store, connect, first_row

MARK = "[erased]"
PLAN = ".erasing.json"
"""What an erasure under way works on: one that is interrupted goes on where it was."""
KEPT_FILES = ("calls.duckdb", "app.sqlite")


@dataclass(slots=True)
class Removed:
    """What was removed: rows by table, and files."""

    token: str
    calls: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)

    def count(self, table: str, rows: int) -> None:
        """Add rows of a table that were removed or emptied."""
        if rows:
            self.rows[table] = self.rows.get(table, 0) + rows


@dataclass(slots=True)
class Plan:
    """Whom an erasure is about."""

    customer_id: str
    customers: list[str]
    """The id in every way in which it may be written: a telephone number has several."""
    token: str
    terms: list[str]
    calls: list[str]
    recordings: list[str]
    sounds: list[str]

    @property
    def items(self) -> list[Item]:
        """What is remembered, so that it does not come back."""
        items = [("customer", t) for t in self.terms] + [("call", c) for c in self.calls]
        return [*items, *(("recording", r) for r in self.recordings)]


def erase(settings: Settings, customer_id: str, told: Told = nobody) -> Removed:
    """Erase a customer everywhere, publish anew, and say what was removed. May be run again at any time.

    Raises StoreError when a file can't be written; then run it again.
    """
    store = Store(settings)
    if not customer_id.strip():
        raise EarshotError("Give the customer's id, as calls have it.")
    told("Looking for the customer", 0, 5)
    plan = _plan(settings, customer_id)
    removed = Removed(plan.token, len(plan.calls))
    terms = Terms(tuple(plan.terms), plan.token)
    told("Emptying calls", 1, 5)
    with store.writing() as con:
        _from_calls(con, plan, terms, removed)
        remember(con, settings, plan.items)
    told("Writing the store anew", 2, 5)
    compact(store)
    told("Emptying what people wrote", 3, 5)
    _from_app(AppStore(settings), plan, terms, removed)
    told("Looking through files", 4, 5)
    _from_files(store.root, plan, terms, removed)
    publish_alone(settings, told)
    _plan_path(settings).unlink(missing_ok=True)
    return removed


def original_path(recording_id: str) -> str:
    """Where the encrypted original of a recording lies, relative to the store."""
    return f"originals/{recording_id[:2]}/{recording_id}.fernet"


def remove_sound(store: Store, audio_path: str) -> None:
    """Delete a recording's listening copy (a path within the store) and its encrypted original, where they are there."""
    for path in (audio_path, original_path(Path(audio_path).stem)):
        (store.root / path).unlink(missing_ok=True)


def publish_alone(settings: Settings, told: Told = nobody) -> None:
    """Publish a snapshot, remove all earlier ones, and have the index of words made anew."""
    publishing.remove(settings.store.glob(f"{said_index.FILE}*"))
    newest = publishing.publish(settings, force=True, told=told).path
    publishing.remove(p for p in newest.parent.glob("earshot-*.duckdb") if p != newest and not p.is_symlink())


def compact(store: Store) -> None:
    """Write calls.duckdb anew, so that no free block holds what was deleted. Raises StoreError."""
    draft = store.root / f".compact-{os.getpid()}.duckdb"
    with store.locked():
        publishing.remove(store.root.glob(".compact-*"))
        with closing(connect(store.calls_path)) as con:
            con.execute("checkpoint")
            before = _counts(con)
            con.execute(f"attach '{_quoted(draft)}' as compact (storage_version 'v1.5.0')")
            con.execute(f'copy from database "{store.calls_path.stem}" to compact')
            con.execute("use compact")
            after = _counts(con)
            con.execute(f'use "{store.calls_path.stem}"')
            con.execute("detach compact")
        if before != after or Path(f"{draft}.wal").exists():
            draft.unlink(missing_ok=True)
            raise StoreError("The store could not be written anew; run the command again.")
        publishing.sync(draft)
        draft.replace(store.calls_path)
        Path(f"{store.calls_path}.wal").unlink(missing_ok=True)
        publishing.sync(store.root)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _counts(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    names = [
        str(row[0])
        for row in con.execute(
            "select table_name from duckdb_tables() where database_name = current_database() order by 1"
        ).fetchall()
    ]
    return [(n, (first_row(con.execute(f'select count(*) from "{n}"')) or (0,))[0]) for n in names]  # noqa: S608 - our own tables


def _plan_path(settings: Settings) -> Path:
    return settings.store / PLAN


def _plan(settings: Settings, customer_id: str) -> Plan:
    """Whom it is about; together with what an interrupted erasure of the same customer knew."""
    path = _plan_path(settings)
    customers = list(variants([customer_id], settings.regions))
    marks = ", ".join("?" * len(customers))
    values, calls, recordings, sounds = {customer_id}, set[str](), set[str](), set[str]()
    with AppStore(settings).reading() as app:
        for table in _present(app, declared("app")):
            for column in table.having("customer"):
                names = table.having("name")
                for row in _rows(app, table.name, names, f'"{column}" in ({marks})', customers):
                    values |= {str(v) for v in row if v and v != MARK}
                for (call,) in _rows(app, table.name, table.having("call")[:1], f'"{column}" in ({marks})', customers):
                    calls |= {str(call)} if call else set()
    with Store(settings).writing() as con:
        for table in declared("calls").values():
            for column in table.having("customer"):
                call = table.having("call")[0]
                sql = f'select "{call}" from "{table.name}" where list_contains(?, "{column}")'  # noqa: S608
                found = con.execute(sql, [customers])
                calls |= {str(row[0]) for row in found.fetchall()}
        where = "where list_contains(?, call_id) or list_contains(?, customer_id)"
        sql = f"select recording_id, audio_path from recordings {where}"  # noqa: S608
        for row in con.execute(sql, [sorted(calls), customers]).fetchall():
            recordings.add(str(row[0]))
            sounds |= {str(row[1])} if row[1] else set()
    token = f"erased-{secrets.token_hex(5)}"
    if path.exists() and (earlier := Plan(**json.loads(path.read_text("utf-8")))).customer_id == customer_id:
        token = earlier.token
        values, calls = values | set(earlier.terms), calls | set(earlier.calls)
        recordings, sounds = recordings | set(earlier.recordings), sounds | set(earlier.sounds)
    plan = Plan(
        customer_id,
        customers,
        token,
        list(variants(values, settings.regions)),
        sorted(calls),
        sorted(recordings),
        sorted(sounds),
    )
    draft = path.with_name(f"{path.name}.tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(plan)), "utf-8")
    draft.replace(path)
    return plan


def _from_calls(con: duckdb.DuckDBPyConnection, plan: Plan, terms: Terms, removed: Removed) -> None:
    """Empty calls.duckdb of the customer."""
    types: dict[str, dict[str, str]] = {}
    for name, column, kind in con.execute(
        "select table_name, column_name, data_type from duckdb_columns() where not internal"
    ).fetchall():
        types.setdefault(name, {})[column] = kind
    for table in declared("calls").values():
        theirs, values = _theirs(table, plan)
        if table.rows_go and theirs:
            removed.count(table.name, _changed(con, f'delete from "{table.name}" where {theirs}', values))  # noqa: S608 - names are ours
        elif theirs:
            _empty(con, table, theirs, values, plan, removed)
        for pattern in _naming(plan, terms) if table.line else ():
            sql = f'update "{table.name}" set "{table.line}" = \'{MARK}\' where regexp_matches("{table.line}", ?)'  # noqa: S608
            removed.count(table.name, _changed(con, sql, [pattern]))
        for column, kind in types[table.name].items():
            if column in table.roles:
                removed.count(table.name, _swept(con, table.name, column, kind, terms))
    con.execute(
        "update calls set has_recording = call_id in (select call_id from recordings), has_transcript = call_id in "
        "(select call_id from transcripts), predicted_satisfaction = null where list_contains(?, call_id)",
        [plan.calls],
    )
    con.execute("delete from calls where visits = 0 and not has_recording and not has_transcript")


def _naming(plan: Plan, terms: Terms) -> list[str]:
    """Patterns of a line of input that is about the customer or one of their calls; the shortest ids are in any other number."""
    calls = [re.escape(call) for call in plan.calls if len(call) >= SHORTEST]
    return [
        *(pattern for pattern, _new in terms.patterns),
        *([f"(?i)(?:^|{EDGE})(?:{'|'.join(calls)})(?:$|{EDGE})"] if calls else []),
    ]


def _theirs(table: Table, plan: Plan) -> tuple[str, list[Any]]:
    """Condition for the rows of the customer and of their calls, with its values; empty when a table has none."""
    parts: list[str] = []
    values: list[Any] = []
    for column in table.having("customer"):
        parts.append(f'list_contains(?, "{column}")')
        values.append(plan.customers)
    for column in table.having("call")[:1]:
        parts.append(f'list_contains(?, "{column}")')
        values.append(plan.calls)
    return " or ".join(parts), values


def _empty(
    con: duckdb.DuckDBPyConnection, table: Table, theirs: str, values: list[Any], plan: Plan, removed: Removed
) -> None:
    for column in table.having("name", "text"):
        sql = f'update "{table.name}" set "{column}" = \'{MARK}\' where "{column}" is not null and ({theirs})'  # noqa: S608
        removed.count(table.name, _changed(con, sql, values))
    for column in table.having("customer"):
        sql = f'update "{table.name}" set "{column}" = ? where list_contains(?, "{column}")'  # noqa: S608
        removed.count(table.name, _changed(con, sql, [plan.token, plan.customers]))


def _changed(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any]) -> int:
    row = first_row(con.execute(sql, list(values)))
    return int(row[0]) if row else 0


def _swept(con: duckdb.DuckDBPyConnection, table: str, column: str, kind: str, terms: Terms) -> int:
    """Replace the terms wherever they stand in a column; the number of rows."""
    rows = 0
    if kind == "VARCHAR":
        sql = f'update "{table}" set "{column}" = ? where list_contains(?, "{column}")'  # noqa: S608
        rows += _changed(con, sql, [terms.token, list(terms.terms)])
    for pattern, replacement in terms.patterns:
        new = "regexp_replace({}, $pattern, $new, 'g')"
        as_text = f'"{column}"' if kind == "VARCHAR" else f'cast("{column}" as varchar)'
        made = {"VARCHAR": new.format(f'"{column}"'), "VARCHAR[]": f'[{new.format("x")} for x in "{column}"]'}.get(
            kind, "null"
        )
        sql = f'update "{table}" set "{column}" = {made} where regexp_matches({as_text}, $pattern)'  # noqa: S608
        given = {"pattern": pattern} | ({} if made == "null" else {"new": replacement})
        row = first_row(con.execute(sql, given))
        rows += int(row[0]) if row else 0
    return rows


def _present(app: sqlite3.Connection, tables: dict[str, Table]) -> list[Table]:
    """The declared tables that this app.sqlite has."""
    names = {name for (name,) in app.execute("select name from sqlite_master where type = 'table'")}
    return [table for name, table in tables.items() if name in names]


def _rows(
    app: sqlite3.Connection, table: str, columns: Sequence[str], where: str, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    if not columns:
        return []
    names = ", ".join(f'"{c}"' for c in columns)
    return app.execute(f'select {names} from "{table}" where {where}', values).fetchall()  # noqa: S608 - names are ours


def _from_app(store: AppStore, plan: Plan, terms: Terms, removed: Removed) -> None:
    """Empty app.sqlite of the customer, its change log included, and write the file anew."""
    with store.transaction() as app:
        app.execute("pragma secure_delete = on")
        app.create_function(
            "without_terms", 1, lambda v: terms.without(v) if isinstance(v, str) else v, deterministic=True
        )
        app.execute("create temp table their_calls (call_id text primary key)")
        app.executemany("insert into their_calls values (?)", [(c,) for c in plan.calls])
        app.execute("create temp table their_ids (customer_id text primary key)")
        app.executemany("insert into their_ids values (?)", [(c,) for c in plan.customers])
        present = _present(app, declared("app"))
        naming = [re.compile(pattern) for pattern in _naming(plan, terms)]
        app.create_function("names_them", 1, lambda v: isinstance(v, str) and any(p.search(v) for p in naming))
        app.create_function("is_theirs", 1, set(plan.calls).__contains__)
        remarks = {
            table.of: {value for (value,) in app.execute(f'select "{table.of[0]}" from "{table.of[1]}" where is_theirs(call_id)')}  # noqa: S608
            for table in present if table.of
        }  # fmt: skip
        _from_changes(app, plan, terms, remarks, removed)
        for table in present:
            parts = [f'"{c}" in (select customer_id from their_ids)' for c in table.having("customer")]  # noqa: S608
            parts += [f'"{c}" in (select call_id from their_calls)' for c in table.having("call")[:1]]  # noqa: S608
            if table.of:
                column, other = table.of
                parts.append(f'"{column}" in (select "{column}" from "{other}" where is_theirs(call_id))')  # noqa: S608
            if table.line:
                sql = f'update "{table.name}" set "{table.line}" = \'{MARK}\' where names_them("{table.line}")'  # noqa: S608
                removed.count(table.name, app.execute(sql).rowcount)
            theirs = " or ".join(parts) or "0"
            if table.rows_go:
                sql = f'delete from "{table.name}" where {theirs}'  # noqa: S608
                removed.count(table.name, app.execute(sql).rowcount)
            for column in table.having("name", "text"):
                sql = f'update "{table.name}" set "{column}" = \'{MARK}\' where "{column}" is not null and ({theirs})'  # noqa: S608
                removed.count(table.name, app.execute(sql).rowcount)
            for column in table.roles:
                sql = f'update "{table.name}" set "{column}" = without_terms("{column}") where "{column}" <> without_terms("{column}")'  # noqa: S608
                removed.count(table.name, app.execute(sql).rowcount)
        remember_in_app(app, store.settings, plan.items)
        app.execute("drop table their_calls")
        app.execute("drop table their_ids")
    with store.reading() as app:
        app.execute("pragma secure_delete = on")
        app.execute("vacuum")
        app.execute("pragma wal_checkpoint(truncate)")


def _from_changes(
    app: sqlite3.Connection, plan: Plan, terms: Terms, others: dict[tuple[str, str], set[Any]], removed: Removed
) -> None:
    """Empty the rows that the change log keeps as they were. ``others``: (column, table) → its values that are theirs."""
    tables = declared("app")
    calls = set(plan.calls)
    for change_id, what, *kept in app.execute("select change_id, what, item, before, after from changes").fetchall():
        table = tables.get(what)
        rows = [json.loads(text) if text else None for text in kept]
        if table is None:
            continue
        by_other = table.of is not None and any(row and row.get(table.of[0]) in others[table.of] for row in rows)
        if not by_other and not any(_is_theirs(row, table, plan, calls) for row in rows):
            continue
        for row in (r for r in rows if r is not None):
            for column in table.having("name", "text"):
                if row.get(column) is not None:
                    row[column] = MARK
            for column in table.having("customer"):
                if row.get(column) in plan.customers:
                    row[column] = plan.token
        texts = [None if row is None else terms.without(json.dumps(row)) for row in rows]
        app.execute("update changes set item = ?, before = ?, after = ? where change_id = ?", [*texts, change_id])
        removed.count("changes", 1)


def _is_theirs(row: dict[str, Any] | None, table: Table, plan: Plan, calls: set[str]) -> bool:
    if row is None:
        return False
    return any(row.get(c) in plan.customers for c in table.having("customer")) or any(
        row.get(c) in calls for c in table.having("call")
    )


def _from_files(root: Path, plan: Plan, terms: Terms, removed: Removed) -> None:
    """Delete sound, exports and other files that are theirs or name them; text files lose the name alone."""
    for sound in [*plan.sounds, *map(original_path, plan.recordings)]:
        _delete(root / sound, root, removed)
    for path in sorted(root.rglob("*")):
        relative = str(path.relative_to(root))
        if path.is_symlink() or not path.is_file() or _is_kept(path, root):
            continue
        if terms.name(path.name):
            _delete(path, root, removed)
            continue
        content = path.read_bytes()
        if not _names(content, terms):
            continue
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            _delete(path, root, removed)
            continue
        draft = path.with_name(f".{path.name}.tmp")
        draft.write_text(terms.without(text), "utf-8")
        draft.replace(path)
        removed.rewritten.append(relative)


def _is_kept(path: Path, root: Path) -> bool:
    """Databases that are emptied by other means, and keys."""
    name = str(path.relative_to(root))
    return name.startswith((*KEPT_FILES, "published/", "keys/", "calls.lock", PLAN))


def _names(content: bytes, terms: Terms) -> bool:
    return terms.name(content.decode("utf-8", "replace"))


def _delete(path: Path, root: Path, removed: Removed) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
        removed.files.append(str(path.relative_to(root)))


def others() -> Iterable[str]:
    """What an erasure can't reach, in sentences."""
    yield "The files it was loaded from (recordings, transcripts, queue logs) are not Earshot's: delete them where they lie."
    yield "Backups and exports to other folders hold what they held; delete or replace them."
