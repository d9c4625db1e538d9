"""Contact records of Amazon Connect: how people keep them, and that the newest record of a contact counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import line_stream, records
from ingest.connect import language
from ingest.queue_logs import load_queue_log
from models.settings import Settings
from tests.ingest.queue_log_store import load, rows, state
from tests.ingest.test_queue_logs import FIXTURES

PLAIN = [json.loads(line) for line in (FIXTURES / "connect_plain.jsonl").read_text().splitlines()]
AT = datetime(2026, 3, 2, 8, 14, 5, tzinfo=UTC)


def stamp(seconds: float) -> str:
    """A time so many seconds after AT, as Amazon writes it."""
    return (AT + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def contact(contact_id: str, at: int, wait: int, talk: int | None, version: int, **more: Any) -> dict[str, Any]:
    """A contact record: answered with ``talk`` seconds, else left by the customer."""
    record: dict[str, Any] = {
        "ContactId": contact_id, "Channel": "VOICE", "LastUpdateTimestamp": stamp(10_000 + version),
        "Queue": {"Name": "q", "EnqueueTimestamp": stamp(at), "DequeueTimestamp": stamp(at + wait), "Duration": wait},
        "DisconnectTimestamp": stamp(at + wait + (talk or 0)), "DisconnectReason": "CUSTOMER_DISCONNECT",
        "Attributes": {"segment": str(version)},
    }  # fmt: skip
    if talk is not None:
        record["Agent"] = {
            "Username": "ann",
            "ConnectedToAgentTimestamp": stamp(at + wait),
            "AgentInteractionDuration": talk,
        }
    return record | more


def visits(folder: Path) -> list[dict[str, Any]]:
    """The stays in a store, without the file they came from."""
    return rows(folder, "select * exclude (source) from queue_visits order by all")


LAYOUTS = {
    "run together": lambda found: "".join(json.dumps(r) for r in found),
    "array": json.dumps,
    "indented": lambda found: json.dumps(found, indent=2) + "\n",
}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_every_layout_gives_the_same(layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records run together as Firehose writes them, in one array or indented, also in small pieces, give what lines give."""
    (tmp_path / "ctr.json").write_text(LAYOUTS[layout](PLAIN))
    load(tmp_path / "a", FIXTURES / "connect_plain.jsonl")
    monkeypatch.setattr(line_stream, "PIECE_BYTES", 900)
    monkeypatch.setattr(records, "BATCH_ROWS", 2)
    (outcome,) = load(tmp_path / "b", tmp_path / "ctr.json")
    assert outcome.status == "loaded" and visits(tmp_path / "a") == visits(tmp_path / "b")


def test_one_object_is_a_file(tmp_path: Path) -> None:
    """A file with one indented record is loaded."""
    (tmp_path / "one.json").write_text(json.dumps(PLAIN[0], indent=2))
    load(tmp_path, tmp_path / "one.json")
    assert [v["call_id"] for v in visits(tmp_path)] == ["c-1"]


def test_chats_are_left_out_and_said(tmp_path: Path) -> None:
    """What is no call is no stay and no refusal; a note says how many were left out."""
    (outcome,) = load(tmp_path, FIXTURES / "connect_plain.jsonl")
    assert outcome.notes == ["chats, tasks and e-mails are no calls and were left out: 1"]


def test_an_unfinished_last_record_waits(tmp_path: Path) -> None:
    """A record that is still being written is left with a note, and loaded once it is whole."""
    log, line = tmp_path / "ctr.jsonl", json.dumps(contact("a", 0, 5, None, 1))
    log.write_text(f"{line}\n{line[:80]}")
    (outcome,) = load(tmp_path, log)
    assert (outcome.new_lines, outcome.refused_lines, len(outcome.notes)) == (1, 0, 1)
    log.write_text(f"{line}\n{json.dumps(contact('b', 0, 5, None, 1))}")
    assert load(tmp_path, log)[0].new_lines == 1


def test_a_bad_newer_record_leaves_the_older_one(tmp_path: Path) -> None:
    """A record that can't have happened is refused, and the good one before it still tells the stay."""
    bad = contact("a", 0, 5, 60, 2, DisconnectTimestamp=stamp(-60))
    (tmp_path / "ctr.jsonl").write_text(f"{json.dumps(bad)}\n{json.dumps(contact('a', 0, 5, 60, 1))}\n")
    (outcome,) = load(tmp_path, tmp_path / "ctr.jsonl")
    assert outcome.refused_lines == 1 and [v["segment"] for v in visits(tmp_path)] == ["1"]


def test_web_page_under_a_records_name_is_one_sentence(tmp_path: Path) -> None:
    """An error page that was saved as records is refused as a whole, also when the format is given."""
    page = tmp_path / "ctr.json"
    page.write_text("<!DOCTYPE html>\n<p>502 Bad Gateway\n" * 9)
    outcome = load_queue_log(Settings(data=tmp_path), page, "connect")
    assert (outcome.status, outcome.refused_lines) == ("refused", 1)
    assert "perhaps an error page" in outcome.refused[0].reason


@pytest.mark.parametrize(
    ("said", "code"), [("fr-FR", "fr"), ("EN", "en"), ("he_IL", "he"), ("english", None), ("", None), (None, None)]
)
def test_language_is_taken_when_it_is_a_code(said: str | None, code: str | None) -> None:
    """An attribute that is a language code counts; anything else says nothing."""
    assert language(said) == code


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(all records of some contacts, the newest of each): every contact in one to three versions."""
    every: list[dict[str, Any]] = []
    newest: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 4))):
        for version in range(draw(st.integers(1, 3))):
            at, wait, talk = draw(st.integers(0, 99)), draw(st.integers(0, 40)), draw(st.none() | st.integers(0, 90))
            reason = draw(st.sampled_from(["CUSTOMER_DISCONNECT", "CONTACT_FLOW_DISCONNECT"]))
            every.append(contact(f"c-{number}", at, wait, talk, version, DisconnectReason=reason))
        newest.append(every[-1])
    return every, newest


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(delivered=deliveries(), data=st.data())
def test_the_newest_record_counts_in_any_split_order_and_repetition(
    delivered: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """However often and in whatever order records arrive, the stays are those that the newest ones alone would give.

    And everyone who entered is counted once: answered + abandoned + flow-outs = offered.
    """
    every, newest = delivered
    folder = tmp_path_factory.mktemp("split")
    mixed = data.draw(st.permutations(every)) + data.draw(st.lists(st.sampled_from(every), max_size=4))
    cut = data.draw(st.integers(1, len(mixed)))
    for name, part in {"newest": newest, "whole": every, "1": mixed[:cut], "2": mixed[cut:]}.items():
        (folder / name).write_text("".join(f"{json.dumps(r)}\n" for r in part))
    load(folder / "n", folder / "newest")
    load(folder / "a", folder / "whole")
    load(folder / "b", folder / "1", *([folder / "2"] if mixed[cut:] else []))
    assert state(folder / "a") == state(folder / "b")
    assert visits(folder / "b") == visits(folder / "n")
    outcomes = [v["outcome"] for v in visits(folder / "b")]
    assert len(outcomes) == len(newest) and set(outcomes) <= {"answered", "abandoned", "timeout"}
