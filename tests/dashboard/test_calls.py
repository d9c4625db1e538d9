"""What the Call page asks of the snapshot, and how it names a call."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard import calls, snapshot
from models import publish
from models.settings import Settings
from models.store import Store, query
from tests.browser import sample


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Four calls of one customer and one of another, the third in two recordings."""
    settings = Settings(data=tmp_path_factory.mktemp("calls") / "data")
    with Store(settings).writing() as con:
        for day, call_id in enumerate(("c1", "c2", "c3", "c4")):
            sample.add_call(con, call_id, day, has_recording=call_id != "c2", has_transcript=False)
        sample.add_call(con, "other", 9, customer_id="someone else")
        sample.add_recording(con, "c3")
        con.execute("insert into recordings by name select * replace ('later' as recording_id) from recordings")
        sample.add_recording(con, "c4", mono=True)
        sample.add_transcript(con, "c3", sample.TURNS, demonstration=True)
    publish.publish(settings)
    return settings


def ask(store: Settings, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a named query."""
    return snapshot.rows(store, query(name), **parameters)


def test_call_knows_its_local_time_and_its_model(store: Settings) -> None:
    """Eight in UTC is nine in Paris; the demonstration model is named."""
    (row,) = ask(store, "call", call_id="c3", zone="Europe/Paris")
    assert row["started_at"] == datetime(2026, 3, 4, 9, 0)
    assert row["is_demonstration"] is True
    assert ask(store, "call", call_id="nope", zone="Europe/Paris") == []


def test_neighbours_can_be_heard_or_read(store: Settings) -> None:
    """A call with neither sound nor transcript is passed over; at the ends there is none."""
    began = {
        row["call_id"]: row["at"]
        for row in snapshot.rows(store, "select call_id, epoch_us(started_at) as at from calls")
    }

    def around(call_id: str) -> tuple[Any, ...]:
        (row,) = ask(store, "call_neighbours", call_id=call_id, started_us=began.get(call_id))
        return row["previous_id"], row["next_id"]

    assert [around(c) for c in ("c1", "c3", "c4", "nope")] == [
        (None, "c3"),
        ("c1", "c4"),
        ("c3", "other"),
        (None, None),
    ]


def test_recordings_lie_end_to_end(store: Settings) -> None:
    """The second recording of a call begins where the first ends; shares are of what was measured."""
    rows = ask(store, "call_recordings", call_id="c3")
    assert [row["offset_s"] for row in rows] == [0, sample.SECONDS]
    assert rows[0]["agent_share"] == pytest.approx(18.5 / 30.5)
    assert rows[0]["silence_share"] == pytest.approx(9.5 / sample.SECONDS)
    (mono,) = ask(store, "call_recordings", call_id="c4")
    assert (mono["agent_share"], mono["agent_known"]) == (None, False)


def test_one_recording_knows_its_place_in_the_call(store: Settings) -> None:
    """What is reported of a recording is counted in seconds of its call."""
    places = {r: ask(store, "recording", recording_id=r)[0] for r in ("rec-c3", "later")}
    assert sorted(place["offset_s"] for place in places.values()) == [0, sample.SECONDS]
    assert {place["call_duration_s"] for place in places.values()} == {2 * sample.SECONDS}


def test_other_calls_of_the_customer(store: Settings) -> None:
    """The same customer's, newest first, without the call itself and without other customers'."""
    found = ask(store, "customer_calls", call_id="c2", zone="Europe/Paris", limit=12)
    assert [row["call_id"] for row in found] == ["c4", "c3", "c1"]


def test_turns_and_visits_in_order(store: Settings) -> None:
    """Turns come as they were said, visits as they were made."""
    assert [row["turn_no"] for row in ask(store, "call_turns", call_id="c3")] == list(range(1, 9))
    (visit,) = ask(store, "call_visits", call_id="c3", zone="Europe/Paris")
    assert (visit["queue"], visit["position_in"]) == ("billing", 3)


def test_missing_values_are_none() -> None:
    """Neither NaN nor NaT leaves the database's side: JSON has neither."""
    frame = pd.DataFrame({"a": [1.5, None], "b": [pd.NaT, pd.Timestamp(2026, 3, 2)], "c": [[1], None]})
    first, second = calls.records(frame)
    assert (first["a"], first["b"], first["c"]) == (1.5, None, [1])
    assert (second["a"], second["c"]) == (None, None)


def test_title_of_a_call() -> None:
    """A list names when and how long, and what went wrong if anything did."""
    row = {"started_at": datetime(2026, 3, 2, 9, 0), "outcome": "answered", "duration_s": 65.0}
    assert calls.title(row) == "2 Mar 2026, 09:00 · 1:05"
    lost = {**row, "outcome": "abandoned", "started_at": None, "duration_s": None}
    assert calls.title(lost) == "Date not known · abandoned"


def test_transcribed_recording_comes_first() -> None:
    """Of several recordings the one with the transcript is offered first; those without sound never."""
    silent, first, second = ({"recording_id": r, "audible": r != "silent"} for r in ("silent", "first", "second"))
    made = {"facts": {"transcript_recording_id": "second"}, "recordings": [silent, first, second]}
    rest = {"turns": [], "visits": [], "others": [], "previous_id": None, "next_id": None}
    call = calls.Call(**made, **rest)  # type: ignore[arg-type]
    assert calls.transcribed(call) == second
    assert calls.transcribed(calls.Call(**{**made, "recordings": [silent]}, **rest)) is None  # type: ignore[arg-type]


def test_turn_of_an_address() -> None:
    """An address may name any turn; one that is not there is ignored."""
    turns = [{"turn_no": 4}, {"turn_no": 9}]
    call = calls.Call({}, [], turns, [], [], None, None)
    assert [calls.turn_index(call, n) for n in ("9", "4", "5", "x", None)] == [1, 0, None, None, None]


def test_second_of_an_address_lies_in_one_recording() -> None:
    """An address counts the seconds of the call: of two recordings, the second begins where the first ends; nonsense is ignored."""
    first, second = {"offset_s": 0.0, "duration_s": 60.0}, {"offset_s": 60.0, "duration_s": 30.0}
    assert [calls.second_in(first, text) for text in ("0", "59.9", "60", "-1", "1e1", "x", "", None)] == [
        0, 59.9, None, None, None, None, None, None,
    ]  # fmt: skip
    assert [calls.second_in(second, text) for text in ("59.9", "60", "65.5", "90")] == [None, 0, 5.5, None]
    assert calls.second_in(None, "65.5") == 65.5


def test_turn_at_a_second_is_the_last_that_began() -> None:
    """Before the first turn, and where no turn has its times, there is none."""
    call = calls.Call({}, [], [{"start_s": None}, {"start_s": 2.0}, {"start_s": 5.0}], [], [], None, None)
    assert [calls.turn_at(call, at_s) for at_s in (1.9, 2.0, 4.9, 100.0)] == [None, 1, 1, 2]
    assert calls.turn_at(calls.Call({}, [], [{"start_s": None}], [], [], None, None), 3.0) is None


def test_no_snapshot_has_no_rows(tmp_path: Path) -> None:
    """Before anything is published there is nothing to find, and nothing fails."""
    assert ask(Settings(data=tmp_path), "call_turns", call_id="c1") == []
