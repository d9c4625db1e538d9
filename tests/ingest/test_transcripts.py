"""Transcripts made elsewhere: four formats, who is speaking, and hostile input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ingest import transcripts as reading
from ingest.commands.transcripts import transcripts as command
from ingest.transcripts import read_transcripts
from ingest.voice_names import speaker_of
from models.errors import Refused
from models.records import RefusedRow, Transcript, Turn
from models.settings import Settings
from tests.ingest.queue_log_store import rows


def read(path: Path, content: str | bytes, settings: Settings) -> list[Transcript | RefusedRow]:
    """What a file with this content holds."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_transcripts(path, settings))


def line(turns: Any = None, **told: Any) -> str:
    """One call as a JSON line."""
    return json.dumps({"call_id": "c", "turns": turns or [{"speaker": "agent", "text": "hello"}], **told})


def test_json_lines(tmp_path: Path, settings: Settings) -> None:
    """One call a line with what is said about it; absent times are None."""
    turns = [{"speaker": "agent", "start_s": 0.0, "end_s": 2.1, "text": "Hello"}, {"speaker": "client", "text": "Hi"}]
    (call,) = read(
        tmp_path / "a.jsonl", line(turns, started_at="2026-03-02T09:14:05+01:00", queue="q", agent_id=7), settings
    )
    assert isinstance(call, Transcript) and call.origin == "file"
    assert call.turns == (Turn("agent", 0.0, 2.1, "Hello"), Turn("customer", None, None, "Hi"))
    assert (call.metadata.started_at.isoformat(), call.metadata.agent_id) == ("2026-03-02T08:14:05+00:00", "7")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("nonsense", "can't be read"),
        ("[]", "no JSON object"),
        ("[" * 100_000, "nested too deeply"),
        (b"\xff\xfe{", "can't be read|not UTF-8"),
        (line([{"text": "x", "start_s": 2, "end_s": 1}]), "Turn 1: it ends before it starts"),
        (line([{"text": "x", "start_s": float("nan")}]), "NaN"),
        (line([{"text": "x", "start_s": -1}]), "outside the call"),
        ('{"call_id": "c", "turns": [{"text": "x", "start_s": 1e999}]}', "outside the call"),
        ('{"call_id": "c", "turns": [{"text": "x", "start_s": 1' + "0" * 400 + "}]}", "outside the call"),
        ('{"call_id": 1' + "0" * 5000 + "}", "can't be read"),
        (line([{"text": "x", "start_s": "soon"}]), "no number"),
        (line([{"speaker": "agent"}]), "Turn 1 has no text"),
        (line([{"text": "x" * 100_001}]), "longer"),
        (line(call_id=""), "no call_id"),
        (line(call_id=["x"]), "call_id is no text"),
        (line(call_id="x" * 501), "longer"),
        (line(started_at="yesterday"), "is no time"),
        (line(started_at=5), "started_at"),
        ('{"call_id": "c"}', "no turns"),
    ],
)
def test_bad_line_is_refused_and_the_next_one_read(
    bad: str | bytes, sentence: str, tmp_path: Path, settings: Settings
) -> None:
    """Each bad line gives one refused row with its number and a sentence; the lines around it are read."""
    content = line().encode() + b"\n" + (bad.encode() if isinstance(bad, str) else bad) + b"\n\n" + line().encode()
    first, refused, last = read(tmp_path / "a.jsonl", content, settings)
    assert isinstance(first, Transcript) and isinstance(last, Transcript) and isinstance(refused, RefusedRow)
    assert refused.line_no == 2 and any(s in refused.reason for s in sentence.split("|"))


def test_line_that_is_too_long(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line beyond the limit is skipped without being held in memory."""
    monkeypatch.setattr(reading, "MAX_LINE_BYTES", 200)
    found = read(tmp_path / "a.jsonl", line() + "\n" + "x" * 900 + "\n" + line(), settings)
    assert [type(f).__name__ for f in found] == ["Transcript", "RefusedRow", "Transcript"]


def test_it_tells_how_far_the_reading_is(tmp_path: Path, settings: Settings) -> None:
    """In bytes, never more than the file has: a bar that is full too early would lie."""
    path, heard = tmp_path / "a.jsonl", list[int]()
    path.write_text("nonsense\n" * 450)
    assert len(list(read_transcripts(path, settings, heard=heard.append))) == 450
    assert heard == [9 * 100 * n for n in range(1, 5)]


def test_control_characters_leave_the_text(tmp_path: Path, settings: Settings) -> None:
    """Escape sequences, zero bytes and halves of surrogate pairs never reach the store."""
    (call,) = read(tmp_path / "a.jsonl", line([{"text": "a\x00b\x1b[2J\n c\ud800"}]), settings)
    assert isinstance(call, Transcript) and call.turns[0].text == "a b [2J c?"


def test_webvtt(tmp_path: Path, settings: Settings) -> None:
    """Voices, several in a cue, tags, entities, notes and settings; a bad cue is refused alone."""
    content = (
        "WEBVTT - x\n\nNOTE a --> b\n\nSTYLE\n::cue{}\n\nintro\n00:01.000 --> 00:02.500 align:start\n"
        "<v.loud Agent Ann>Hello &amp; <b>welcome</b></v>\n<v Caller>Hi\n\n00:04.000 --> 00:03.000\n<v Agent>no\n\n"
        "01:00:03.000 --> 01:00:04.000\nwell\n"
    )
    refused, call = read(tmp_path / "c-1.vtt", content, settings)
    assert isinstance(refused, RefusedRow) and (refused.line_no, refused.reason) == (
        13,
        "The cue ends before it starts.",
    )
    assert isinstance(call, Transcript) and call.call_id == "c-1"
    assert call.turns == (
        Turn("agent", 1.0, 2.5, "Hello & welcome"), Turn("customer", 1.0, 2.5, "Hi"), Turn("unknown", 3603.0, 3604.0, "well")
    )  # fmt: skip


def test_srt_with_names_before_a_colon(tmp_path: Path, settings: Settings) -> None:
    """A known name before a colon is the speaker; other colons are text. The sidecar names the call."""
    (tmp_path / "x.json").write_text('{"call_id": "1772439240.1", "queue": "q", "language": "fr"}')
    content = (
        "1\r\n00:00:01,000 --> 00:00:02,500\r\nConseillère : Bonjour\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\nIl est 10:30: déjà\r\n"
    )
    (call,) = read(tmp_path / "x.srt", content, settings)
    assert isinstance(call, Transcript) and (call.call_id, call.language) == ("1772439240.1", "fr")
    assert [(t.speaker, t.text) for t in call.turns] == [("agent", "Bonjour"), ("unknown", "Il est 10:30: déjà")]


@pytest.mark.parametrize("wrap", [lambda s: {"language": "en", "segments": s}, lambda s: s])
def test_whisper(wrap: Any, tmp_path: Path, settings: Settings) -> None:
    """openai-whisper's object and a bare list of faster-whisper's segments, with words and a speaker if named."""
    words = [{"word": " Hi", "start": 0.0, "end": 0.5, "probability": 0.75}, {"word": "?", "start": None}]
    segments = [{"start": 0.0, "end": 0.5, "text": " Hi", "words": words, "speaker": "CUSTOMER_0"}]
    (call,) = read(tmp_path / "w.json", json.dumps(wrap(segments)), settings)
    assert isinstance(call, Transcript) and call.call_id == "w"
    assert call.turns[0].speaker == "customer" and call.turns[0].words[0].probability == 0.75


@pytest.mark.parametrize(
    ("name", "content"), [("x.txt", "a"), ("x.vtt", "WEBVTT\n"), ("x.json", "{"), ("x.srt", b"\xff")]
)
def test_file_without_a_transcript(name: str, content: str | bytes, tmp_path: Path, settings: Settings) -> None:
    """A file that holds no transcript is refused as a whole."""
    with pytest.raises(Refused):
        read(tmp_path / name, content, settings)


@pytest.mark.parametrize(
    ("name", "speaker"),
    [
        ("Agent", "agent"), ("AGENT_01", "agent"), ("Opératrice", "agent"), ("téléconseiller", "agent"),
        ("customer service", "agent"), ("Caller", "customer"), ("Cliente", "customer"), ("appelant", "customer"),
        ("SPEAKER_00", "unknown"), ("Ann", "unknown"), (None, "unknown"), (3, "unknown"), ("agent or caller", "unknown"),
    ],
)  # fmt: skip
def test_speaker_names(name: Any, speaker: str) -> None:
    """English and French names of the parties are understood; anything else is unknown, never guessed."""
    assert speaker_of(name) == speaker


def test_command_loads_once(settings: Settings, tmp_path: Path) -> None:
    """Good calls are stored, bad lines listed with exit code 1; the same file again changes nothing."""
    (tmp_path / "a.jsonl").write_text(line() + "\nnonsense\n")
    first = CliRunner().invoke(command, [str(tmp_path / "a.jsonl")])
    assert first.exit_code == 1 and "a.jsonl:2: The JSON can't be read" in first.stderr
    assert first.stdout == "1 transcript from 1 file; 1 refused.\n"
    before = rows(settings.data, "select * from transcripts")
    again = CliRunner().invoke(command, [str(tmp_path / "a.jsonl"), "--json"])
    assert again.exit_code == 0 and json.loads(again.stdout)["status"] == "duplicate"
    assert rows(settings.data, "select * from transcripts") == before and len(before) == 1
