"""The audit log: who heard, opened, sought, saved and changed what. Lines are added, and removed by age or erasure; never changed."""

from __future__ import annotations

import getpass
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import pyarrow as pa

from models.app_store import AppStore, now, text_of
from models.settings import Settings
from models.store import connect, query

COLUMNS = ("who", "what", "call_id", "customer_id", "detail")
FILE = "audit.duckdb"
TABLES = """
comment on table audit_log is 'One row per thing that somebody heard, opened, sought, saved, changed or was refused.';
comment on column audit_log.at is 'When (UTC).';
comment on column audit_log.who is 'Who, as they sign in; local where nobody signs in.';
comment on column audit_log.what is 'heard, opened, searched, exported, changed or refused.';
comment on column audit_log.call_id is 'The call; see calls.call_id.';
comment on column audit_log.customer_id is 'The customer; see calls.customer_id.';
comment on column audit_log.detail is 'Which page, file or table; never words that were sought or read.';
"""

What = Literal["heard", "opened", "searched", "exported", "changed", "refused"]
"""heard a call's sound; opened a call's page (facts, transcript, scorecard); searched the transcripts; exported a table to a
file; changed something that others see; was refused something that is not theirs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    at: datetime
    who: str
    what: What
    call_id: str | None
    customer_id: str | None
    detail: str | None


def add(
    connection: sqlite3.Connection,
    who: str,
    what: What,
    call_id: str | None = None,
    customer_id: str | None = None,
    detail: str | None = None,
    at: datetime | None = None,
) -> None:
    """Add a line in the caller's transaction: what it tells of is then done and noted, or neither."""
    connection.execute(
        "insert into audit (at, who, what, call_id, customer_id, detail) values (?, ?, ?, ?, ?, ?)",
        (text_of(at or now()), who, what, call_id, customer_id, detail),
    )


def note(
    store: AppStore,
    who: str,
    what: What,
    call_id: str | None = None,
    customer_id: str | None = None,
    detail: str | None = None,
    at: datetime | None = None,
) -> None:
    """Add a line in a transaction of its own."""
    with store.transaction() as connection:
        add(connection, who, what, call_id, customer_id, detail, at)


def note_command(settings: Settings, what: What, detail: str) -> None:
    """Add a line about what is to be done on the command line, by the machine's user."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError):  # a container may have users without names
        who = f"user {os.getuid()}"
    note(AppStore(settings), f"{who} (command line)", what, detail=detail)


def newest(
    store: AppStore, most: int, who: str | None = None, what: str | None = None, call_id: str | None = None
) -> list[Entry]:
    """The newest lines with what people changed, newest first; of one person, of one kind, about one call, where given."""
    given = {"most": most, "who": who, "what": what, "call_id": call_id}
    with store.reading() as connection:
        rows = connection.execute(query("audit"), given).fetchall()
    return [Entry(datetime.fromisoformat(at), *rest) for at, *rest in rows]


def people(store: AppStore) -> list[str]:
    """Everybody whom the log names."""
    with store.reading() as connection:
        return [name for (name,) in connection.execute(
            "select who from audit union select changed_by from changes union select reviewer from review_edits"
            " union select reviewer from remark_edits order by 1"
        )]  # fmt: skip


def write_file(settings: Settings) -> Path:
    """Write the log to ``audit/audit.duckdb`` in the store, for whoever may read that folder: at first its owner alone.

    The published snapshot, which every analyst reads, does not hold it. Attach both to join them.
    """
    folder = settings.store / "audit"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft, path = folder / f".tmp-{os.getpid()}.duckdb", folder / FILE
    draft.unlink(missing_ok=True)
    lines = newest(AppStore(settings), -1)
    log = pa.table(
        {
            "at": pa.array([line.at for line in lines], pa.timestamp("us", "UTC")),
            **{name: pa.array([getattr(line, name) for line in lines], pa.string()) for name in COLUMNS},
        }
    )
    with closing(connect(draft)) as con:
        con.register("lines", log)
        con.execute('create table audit_log as from lines order by "at"')
        con.unregister("lines")
        con.execute(TABLES)
    draft.chmod(0o440)
    draft.replace(path)
    return path
