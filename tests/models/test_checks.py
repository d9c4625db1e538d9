"""Data checks find what must not be."""

from __future__ import annotations

import pytest

from models.checks import offending
from models.settings import Settings
from models.store import Store

CALL = "insert into calls (call_id, has_recording, has_transcript, visits) values ('a', false, false, 1)"
VISIT = (
    "insert into queue_visits (call_id, queue, entered_at, wait_s, outcome, format, source) "
    "values ('a', 'q', '2026-03-02 09:00:00+00', {wait}, '{outcome}', 'csv', 't')"
)
GOOD = VISIT.format(wait=1, outcome="answered")


def test_a_sound_store_passes(settings: Settings) -> None:
    """A call with its visit offends no check."""
    with Store(settings).writing() as con:
        con.execute(CALL)
        con.execute(GOOD)
        assert offending(con) == {}


@pytest.mark.parametrize(
    ("check", "statements"),
    [
        ("keys_are_unique", [CALL, GOOD, GOOD]),
        ("relations_hold", [GOOD]),
        ("relations_hold", [CALL.replace("false, false, 1", "true, false, 1"), GOOD]),
        ("values_are_possible", [CALL, VISIT.format(wait=-1, outcome="answered")]),
        ("values_are_possible", [CALL, VISIT.format(wait=1, outcome="lost")]),
    ],
)
def test_each_check_can_fail(settings: Settings, check: str, statements: list[str]) -> None:
    """Each kind of broken data is found by its check."""
    with Store(settings).writing() as con:
        for statement in statements:
            con.execute(statement)
        assert check in offending(con)
