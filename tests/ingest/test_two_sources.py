"""The same call from two sources is one call, and the same stay is one visit, whichever source came first."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from models.checks import offending
from models.settings import Settings
from models.store import Store
from tests.ingest.queue_log_store import load, rows

LOGS = {
    "csv": "call_id,queue,entered_at,left_at\nv1,q,2026-03-02T09:00:00.7Z,2026-03-02T09:00:08.7Z\n",
    "connect": json.dumps(
        {
            "ContactId": "v1", "LastUpdateTimestamp": "2026-03-02T10:00:00Z",
            "Queue": {"Name": "q", "EnqueueTimestamp": "2026-03-02T09:00:00.250Z", "Duration": 7},
            "DisconnectTimestamp": "2026-03-02T09:00:07Z",
        }
    ),
    "freeswitch": (
        "Event-Name: CUSTOM\nEvent-Date-Timestamp: 1772442000123456\nCC-Action: member-queue-start\nCC-Queue: q\n"
        "CC-Member-UUID: m\nCC-Member-Session-UUID: v1\n\n"
        "Event-Name: CUSTOM\nEvent-Date-Timestamp: 1772442006123456\nCC-Action: member-queue-end\nCC-Queue: q\n"
        "CC-Cause: Cancel\nCC-Member-Joined-Time: 1772442000\nCC-Member-Leaving-Time: 1772442006\n"
        "CC-Member-UUID: m\nCC-Member-Session-UUID: v1\n\n"
    ),
    "asterisk": "1772442001|v1|q|NONE|ENTERQUEUE||1|1\n1772442005|v1|q|NONE|ABANDON|1|1|5\n",
}  # fmt: skip
WAITS = {"csv": 8.0, "connect": 7.0, "freeswitch": 6.0, "asterisk": 5.0}


@pytest.mark.parametrize(("first", "second"), list(permutations(LOGS, 2)), ids=lambda name: name)
def test_one_stay_from_two_sources_is_one_visit(first: str, second: str, tmp_path: Path) -> None:
    """Of two sources the better one tells the stay (CSV, Connect, FreeSWITCH, Asterisk), though their clocks round apart."""
    for name, text in LOGS.items():
        (tmp_path / name).write_text(text)
    load(tmp_path, tmp_path / first, tmp_path / second, tmp_path / first)
    told = min(first, second, key=list(LOGS).index)
    found = rows(tmp_path, "select call_id, queue, format, round(wait_s, 3) as wait_s, outcome from queue_visits")
    assert found == [{"call_id": "v1", "queue": "q", "format": told, "wait_s": WAITS[told], "outcome": "abandoned"}]
    assert rows(tmp_path, "select call_id, visits, wait_s from calls") == [
        {"call_id": "v1", "visits": 1, "wait_s": WAITS[told]}
    ]
    with Store(Settings(data=tmp_path)).writing() as con:
        assert offending(con) == {}


@pytest.mark.parametrize("order", [("events", "table"), ("table", "events")], ids=" then ".join)
def test_other_stays_of_the_call_remain(order: tuple[str, str], tmp_path: Path) -> None:
    """A stay that only one of the sources knows, in another queue or later, is kept beside those that both know."""
    again = LOGS["freeswitch"].replace("17724420", "17724430").replace("CC-Member-UUID: m", "CC-Member-UUID: m2")
    (tmp_path / "events").write_text(LOGS["freeswitch"] + again)
    (tmp_path / "table").write_text(LOGS["csv"] + "v1,r,2026-03-02T09:30:00Z,2026-03-02T09:30:05Z\n")
    load(tmp_path, *(tmp_path / name for name in order))
    found = rows(tmp_path, "select queue, format from queue_visits order by entered_at")
    assert [tuple(r.values()) for r in found] == [("q", "csv"), ("q", "freeswitch"), ("r", "csv")]
    assert rows(tmp_path, "select call_id, visits from calls") == [{"call_id": "v1", "visits": 3}]
