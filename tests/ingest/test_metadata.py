"""Metadata of recordings: sidecars, conventions of names, patterns."""

from __future__ import annotations

import json
import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import metadata
from models.errors import Refused, SettingsError
from models.records import CallMetadata

PARIS = ZoneInfo("Europe/Paris")
NAMES = Path(__file__).parent.parent / "fixtures" / "recordings" / "names.toml"


def names() -> list[dict[str, Any]]:
    """The golden names."""
    cases: list[dict[str, Any]] = tomllib.loads(NAMES.read_text("utf-8"))["name"]
    return cases


@pytest.mark.parametrize("case", names(), ids=lambda case: case["path"][:40])
def test_each_convention_is_read(case: dict[str, Any]) -> None:
    """Every golden name yields exactly what it says, and nothing more."""
    expected = dict(case)
    path = Path(expected.pop("path"))
    if "started_at" in expected:
        expected["started_at"] = datetime.fromisoformat(expected["started_at"])
    assert metadata.from_name(path, PARIS) == CallMetadata(**expected)


@given(st.text(max_size=60))
def test_no_name_breaks_it_and_none_is_stamped_now(name: str) -> None:
    """Any name is read without an error; a start is only ever taken from the name."""
    found = metadata.from_name(Path("x") / (name.replace("/", "").replace("\0", "") or "x"), PARIS)
    assert found.started_at is None or any(c.isdigit() for c in name)


def test_a_pattern_comes_before_the_conventions() -> None:
    """The user's groups win; date and time may be groups of their own."""
    pattern = metadata.compile_pattern(
        r"(?P<agent_id>\w+)-(?P<date>\d{8})-(?P<time>\d{6})-(?P<direction>in|out)-(?P<queue>\w+)"
    )
    found = metadata.from_name(Path("ann-20260302-091405-out-sales.wav"), PARIS, pattern)
    assert found == CallMetadata(
        agent_id="ann", queue="sales", direction="outbound", source="pattern",
        started_at=datetime(2026, 3, 2, 8, 14, 5, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("started", ["2026-03-02T09:14:05+01:00", "2026-03-02 09:14:05", "1772439245"])
def test_a_pattern_s_start_may_be_iso_or_an_epoch(started: str) -> None:
    """Offsets are obeyed, local times are read in the zone, epochs are instants."""
    pattern = metadata.compile_pattern(r"call (?P<started_at>.+)\.wav")
    found = metadata.from_name(Path(f"call {started}.wav"), PARIS, pattern)
    assert found.started_at == datetime(2026, 3, 2, 8, 14, 5, tzinfo=UTC)


def test_a_date_alone_is_no_start() -> None:
    """Midnight would be made up."""
    pattern = metadata.compile_pattern(r"(?P<date>\d{8})")
    assert metadata.from_name(Path("20260302.wav"), PARIS, pattern).started_at is None


@pytest.mark.parametrize("pattern", ["(?P<call_id>", "no groups", "(?P<colour>.)"])
def test_a_bad_pattern_is_one_sentence(pattern: str) -> None:
    """What is wrong with a pattern is said before anything is loaded."""
    with pytest.raises(SettingsError, match=r"^The pattern .*\.$"):
        metadata.compile_pattern(pattern)


@pytest.mark.parametrize("name", ["call.ogg.json", "call.json"])
def test_the_sidecar_wins_field_by_field(tmp_path: Path, name: str) -> None:
    """What the sidecar leaves open comes from the name."""
    recording = tmp_path / "20260302-091405_3125551234_SALES_1001.ogg"
    sidecar = tmp_path / name.replace("call", recording.stem)
    sidecar.write_text(json.dumps({"call_id": "7", "queue": "billing", "agent_channel": 1, "colour": "red"}))
    found = metadata.read(recording, PARIS)
    assert (found.call_id, found.queue, found.agent_id) == ("7", "billing", "1001")
    assert (found.agent_channel, found.source) == (1, "sidecar")


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '"x"', '{"call_id": ["x"]}', '{"started_at": "soon"}', '{"agent_channel": 2}', "[" * 100_000,
     '{"agent_channel": true}', "\x00\xff"],
)  # fmt: skip
def test_a_sidecar_that_makes_no_sense_refuses_the_recording(tmp_path: Path, content: str) -> None:
    """A typing error in a sidecar must not be loaded as unknown metadata for good."""
    (tmp_path / "call.json").write_text(content, "latin-1")
    with pytest.raises(Refused, match=r"^The sidecar 'call\.json' .*\.$"):
        metadata.read(tmp_path / "call.wav", PARIS)


def test_hostile_values_are_tamed() -> None:
    """Undecodable bytes and control characters never reach the store, and values have an end."""
    name = os.fsdecode(b"x_CUST_a\xff\nb_AGENT_" + b"z" * 190 + b".wav")
    found = metadata.from_name(Path(name), PARIS)
    assert found.customer_id == "a?b"
    assert found.agent_id == "z" * 190


def test_the_fallback_id_comes_from_the_hash() -> None:
    """A call that nobody named gets an id that the same bytes always give."""
    assert metadata.fallback_call_id("0123456789abcdef" * 4) == "rec-0123456789abcdef"
