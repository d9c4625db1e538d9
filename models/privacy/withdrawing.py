"""Calls whose customer did not agree, as a queue visit says after their words or sound came: these are taken out and counted."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb

from models.privacy.erasing import remove_sound
from models.privacy.retention import UNFINISHED, empty_words
from models.records import NO_CONSENT
from models.store import Store, first_row, query


def withdraw(con: duckdb.DuckDBPyConnection, store: Store) -> None:
    """Take the words and sound of calls in the temp table ``touched_calls`` out, if a visit of theirs says no.

    The next ``earshot publish`` takes them out of older snapshots and free blocks, too. The sound goes even should the transaction fail: then the recording's row stays until the visit is loaded again.
    """
    con.execute("create or replace temp table unwilling as " + query("unwilling_calls"))
    ids = [call_id for (call_id,) in con.execute("select distinct call_id from unwilling").fetchall()]
    if ids:
        (store.root / UNFINISHED).touch()
        con.execute(query("count_unwilling"), {"reason": NO_CONSENT, "now": datetime.now(UTC)})
        sounds = con.execute("select audio_path from recordings semi join unwilling using (call_id)").fetchall()
        empty_words(con, ids)
        for table in ("redactions", "recordings"):
            con.execute(f"delete from {table} where call_id in (select call_id from unwilling)")  # noqa: S608 - our own names
        for (path,) in sounds:
            if path:
                remove_sound(store, path)
    con.execute("drop table unwilling")


def any_unwilling(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether any visit says no: most stores know of none, and need not look further."""
    return first_row(con.execute("select 1 from queue_visits where consent = false limit 1")) is not None
