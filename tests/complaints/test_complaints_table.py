"""The table of complaints as migrated and as analysts read it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from models.app_store import AppStore
from models.errors import StoreError
from models.publish import publish
from models.settings import Settings
from models.store import Store, connect_snapshot, first_row

ROW = (
    "insert into complaints (channel, status, received_at, resolved_at, nature, promised_for, written_at, written_by)"
    " values ('letter', 'open', ?, ?, 'The parcel came broken.', '2026-03-09', ?, 'test')"
)
AT = "2026-03-02T09:00:00.000000+00:00"
BEFORE = "2026-03-01T09:00:00.000000+00:00"


def test_complaints_are_published_with_their_types(settings: Settings) -> None:
    """A complaint in app.sqlite is in the snapshot, its moments as timestamps and its promise as a date."""
    with AppStore(settings).transaction() as connection:
        connection.execute(ROW, (AT, None, AT))
    with Store(settings).writing():
        pass
    with closing(connect_snapshot(publish(settings).path)) as con:
        found = first_row(
            con.execute("select complaint_id, kind, typeof(received_at), typeof(promised_for) from complaints")
        )
    assert found == (1, "complaint", "TIMESTAMP WITH TIME ZONE", "DATE")


def test_nothing_is_resolved_before_it_was_received(settings: Settings) -> None:
    """The table itself refuses a resolution before the complaint, whatever wrote it."""
    with pytest.raises(StoreError) as refused, AppStore(settings).transaction() as connection:
        connection.execute(ROW, (AT, BEFORE, AT))
    assert isinstance(refused.value.__cause__, sqlite3.IntegrityError)
