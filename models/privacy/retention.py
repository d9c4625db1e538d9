"""What is older than it may be kept: sound, words, and who the customer was. Waits and outcomes stay.

``retention = "recordings=90, transcripts=365, customers=730; billing: recordings=30"``: days, for all queues and for some.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from models.app_store import AppStore
from models.privacy.erasing import MARK, compact, publish_alone, remove_sound
from models.progress import Told, nobody
from models.retention_rules import ALL, Rules, retention_rules
from models.settings import Settings
from models.store import Store, query

UNFINISHED = ".retention-unfinished"
"""There as long as blocks and snapshots may still hold what was removed."""
KINDS = ("recordings", "transcripts", "customers")


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is kept longer than it may be."""

    kind: str
    call_id: str
    queue: str | None
    started_at: datetime
    audio_path: str | None = None


def is_unfinished(settings: Settings) -> bool:
    """Whether words were removed that blocks of the store, or older snapshots, may still hold."""
    return (settings.store / UNFINISHED).exists()


def due(con: duckdb.DuckDBPyConnection, rules: Rules, now: datetime) -> list[Due]:
    """What is older than the rules allow, oldest first."""
    limits = [
        {"queue": queue, "kind": kind, "until": now.astimezone(UTC) - timedelta(days=days)}
        for (queue, kind), days in rules.items()
    ]
    con.execute("create or replace temp table limits (queue varchar, kind varchar, until timestamptz)")
    if limits:
        con.executemany("insert into limits values (?, ?, ?)", [list(limit.values()) for limit in limits])
    rows = con.execute(query("retention_due")).fetchall()
    con.execute("drop table limits")
    return [Due(*row) for row in rows]


def retain(settings: Settings, now: datetime | None = None, dry_run: bool = False, told: Told = nobody) -> list[Due]:
    """Remove what may not be kept any longer, from both stores, snapshots and disk; returns what it was, or would be.

    One that was killed is finished by the next. Raises SettingsError, and StoreError when a file can't be written.
    """
    store, now = Store(settings), now or datetime.now(UTC)
    rules, unfinished = retention_rules(settings.retention), store.root / UNFINISHED
    told("Looking for what is due", 0, 3)
    with store.writing() as con:
        found = due(con, rules, now)
        if dry_run:
            return found
        if found:
            told("Removing", 1, 3)
            unfinished.touch()
            _remove(con, found)
            for item in found:  # before the rows are written: else nobody would know of sound that is left
                if item.audio_path:
                    remove_sound(store, item.audio_path)
    limit = rules.get((ALL, "customers"))
    emptied = _empty_app(AppStore(settings), now - timedelta(days=limit)) if limit is not None else 0
    if found or emptied or unfinished.exists():
        told("Writing the store anew", 2, 3)
        compact(store)
        publish_alone(settings, told)
        unfinished.unlink(missing_ok=True)
    return found


def _remove(con: duckdb.DuckDBPyConnection, found: list[Due]) -> None:
    ids: dict[str, Any] = {kind: [d.call_id for d in found if d.kind == kind] for kind in KINDS}
    con.execute(
        "update recordings set audio_path = null where list_contains($ids, call_id)", {"ids": ids["recordings"]}
    )
    empty_words(con, ids["transcripts"])
    for statement in query("retention_customers").split(";"):
        if statement.strip():
            con.execute(statement, {"ids": ids["customers"]} if "$ids" in statement else {})


def empty_words(con: duckdb.DuckDBPyConnection, calls: list[str]) -> None:
    """Remove what was said in these calls, wherever it stands."""
    words = {"ids": calls}
    for table in ("turns", "transcripts"):
        con.execute(f"delete from {table} where list_contains($ids, call_id)", words)  # noqa: S608 - names are ours
    for table in ("automatic_evidence", "problem_statements"):
        con.execute(f"update {table} set quote = '{MARK}' where list_contains($ids, call_id)", words)  # noqa: S608
    con.execute("update problem_statements set words = [], answer = [] where list_contains($ids, call_id)", words)
    con.execute(f"update found_issues set quote = '{MARK}' where list_contains($ids, quote_call_id)", words)  # noqa: S608
    con.execute("update calls set has_transcript = false where list_contains($ids, call_id)", words)


def _empty_app(store: AppStore, until: datetime) -> int:
    """Names in complaints that are closed for as long, and the rows that the change log keeps of them."""
    columns = ("customer_name", "customer_address", "customer_phone", "customer_id")
    settled = "closed_at is not null and closed_at < ?"
    with store.transaction() as app:
        app.execute("pragma secure_delete = on")
        named = f"coalesce(customer_name, customer_address, customer_phone, customer_id, '{MARK}') <> '{MARK}'"
        sql = f"select complaint_id from complaints where {settled} and {named}"  # noqa: S608 - names are ours
        ids = [number for (number,) in app.execute(sql, (until.isoformat(),))]
        for number in ids:
            emptied = ", ".join(f"{c} = case when {c} is not null then '{MARK}' end" for c in columns)
            app.execute(f"update complaints set {emptied} where complaint_id = ?", (number,))  # noqa: S608
            app.execute(
                "update changes set before = null, after = null where what = 'complaints' and json_extract(item, '$.complaint_id') = ?",
                (number,),
            )
    if ids:
        with store.reading() as app:
            app.execute("vacuum")
            app.execute("pragma wal_checkpoint(truncate)")
    return len(ids)
