"""Queries take bound parameters, and their results are remembered per snapshot."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from dashboard import queries
from models.publish import publish
from models.settings import ROOT, Settings
from models.store import Store

NOTHING = {
    "start": datetime(2020, 1, 1, tzinfo=UTC), "end": datetime(2030, 1, 1, tzinfo=UTC), "queues": None, "agent": None,
    "customer": None, "min_wait_s": None, "recorded": None, "transcribed": None, "sort": "newest", "limit": 5,
    "offset": 0, "weekday": None, "slot": None, "outcome": None, "longest": "facture", "words": ["facture", "deux"],
    "calls": ["call-1"], "reach": 10, "first_row": 0, "last_row": 100, "grain": "day", "sample": "/sample/", "least": 10,
    "criterion": None, "result": None, "band": None, "week": None, "again": None, "criteria": ["empathy"], "split": "queue", "most": 9, "language": "fr",
    "hours": None, "step": 5, "cut_s": 100, "queue": "support", "day": date(2026, 2, 1),
    "issue": "none", "ids": ["call-1"], "days": 28, "own": ["agent-1"], "shortest_s": 15.0,
    "pick_reviewers": ["ana"], "pick_calls": ["call-1"], "pick_criteria": ["empathy"], "pick_results": ["met"],
    "pick_probabilities": [0.1], "measure": "service_level", "now": datetime(2026, 3, 2, tzinfo=UTC), "show": "all", "kind": None,
    "channel": None, "complaint_id": 1, "import_id": None, "call_id": "call-1", "find": "33", "which": "all", "first": "calls",
}  # fmt: skip


def asked_for() -> set[str]:
    """Names of the queries that the dashboard's code asks for."""
    names = set()
    for file in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("query", "query_each", "row")
            ):
                of = node.func.value
                if isinstance(of, ast.Name) and of.id == "queries" and isinstance(node.args[0], ast.Constant):
                    names.add(str(node.args[0].value))
    return names


NAMES = sorted(asked_for() | {"calls_page", "calls_count", "calls_page_by_visit", "calls_count_by_visit", "trend"})


@pytest.mark.parametrize("name", NAMES)
def test_every_query_runs(published: Settings, name: str) -> None:
    """It parses, binds its parameters and reads the snapshot, with filters empty and with filters set."""
    if name == "said":
        queries.row("said_reach", **NOTHING)
    queries.query(name, **NOTHING)
    chosen = {
        "queues": ["billing"],
        "agent": "x'; drop table calls; --",
        "min_wait_s": 5,
        "recorded": True,
        "weekday": 1,
    }
    queries.query(name, **{**NOTHING, **chosen})


def test_a_query_is_asked_for_each_value_in_turn(published: Settings) -> None:
    """Rows come in the order of the values, each as if it were asked alone; no values, no rows."""
    calls = list(queries.query("calls_page", **NOTHING)["call_id"])[:3]
    alone = [queries.query("spoken", call_id=call_id) for call_id in (*calls, *calls[:1])]
    together = queries.query_each("spoken", "call_id", call_id=[*calls, *calls[:1]])
    assert together.to_dict("records") == pd.concat(alone).to_dict("records")
    assert len(together) > len(calls)
    assert queries.query_each("spoken", "call_id", call_id=[]).empty


def test_a_missing_parameter_is_an_error(published: Settings) -> None:
    """A query never runs with a filter forgotten."""
    with pytest.raises(KeyError):
        queries.query("totals", start=None)


def test_a_new_snapshot_is_seen_at_once(settings: Settings) -> None:
    """Results are kept per snapshot, not for ever."""
    insert = "insert into calls (call_id, has_recording, has_transcript, visits) values ($id, false, false, 0)"
    for n in (1, 2):
        with Store(settings).writing() as con:
            con.execute(insert, {"id": f"call-{n}"})
        publish(settings)
        assert queries.row("snapshot", sample="/sample/")["calls"] == n


def test_no_query_is_put_together_from_text() -> None:
    """SQL lies in files; the dashboard's Python holds none but the statements that prepare a connection and what is kept."""
    for file in (ROOT / "dashboard").rglob("*.py"):
        if file.name in ("queries.py", "prepared.py"):
            continue
        assert not re.search(r"execute\(\s*f?[\"'](?!pragma)", file.read_text("utf-8"), re.I), Path(file).name
