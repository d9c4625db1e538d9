"""Whether a customer agreed, as queue visits tell: for recordings and transcripts that don't say so themselves.

What came before the visit that says no is taken out when that is loaded: see models/privacy/withdrawing.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest import metadata
from ingest.loader import Loader
from models.errors import Refused
from models.records import CallMetadata
from models.settings import Settings
from models.store import Store, query

FilesMayBeKept = Callable[[Path], bool]


def of_calls(store: Store) -> dict[str, bool]:
    """Call → whether its customer agreed, of the visits that tell; a no of one visit is the call's."""
    with store.writing() as con:
        sql = "select call_id, bool_and(consent) from queue_visits where consent is not null group by call_id"
        return dict(con.execute(sql).fetchall())


def told(said: CallMetadata, store: Store) -> CallMetadata:
    """What is said of a recording, with the consent that the visits of its call tell where it says nothing."""
    if said.consent is not None:
        return said
    with store.writing() as con:
        found = con.execute(query("find_call"), [said.call_id, said.agent_id, said.started_at]).fetchall()
        if not found:
            return said
        sql = "select bool_and(consent) from queue_visits where call_id = ?"
        return replace(said, consent=con.execute(sql, [found[0][0]]).fetchall()[0][0])


def judge_of(settings: Settings, pattern: str | None) -> FilesMayBeKept:
    """Says of a recording, before it is decoded, whether it may be kept."""
    store = Loader(settings).store
    compiled = metadata.compile_pattern(pattern) if pattern else None

    def may_be_kept(path: Path) -> bool:
        try:
            said = metadata.read(path, settings.zone, compiled)
        except (Refused, OSError):  # the sentence comes when it is worked on
            return True
        return told(said, store).may_be_kept(settings.require_consent)

    return may_be_kept
