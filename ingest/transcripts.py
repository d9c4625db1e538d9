"""Transcripts that were made elsewhere: JSON Lines, WebVTT, SRT and Whisper's JSON, as ``Transcript`` records.

Each reader yields a Transcript per call and a RefusedRow per piece that can't be used; one never stops the others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.line_stream import shown
from ingest.local_times import parse_time
from ingest.metadata import consent
from ingest.subtitles import parse_subtitles
from ingest.voice_names import speaker_of
from models import redaction
from models.errors import Refused
from models.records import NO_CONSENT, CallMetadata, RefusedRow, Transcript, Turn, Word
from models.redaction.refused import redact_json
from models.settings import Settings

MAX_LINE_BYTES = 16 << 20
"""Longest JSON line: a call of many hours with times on each word stays below it."""
MAX_FILE_BYTES = 256 << 20
"""Largest file that is one call."""
HEARD_EVERY = 100
"""Lines between two words on how far the reading is."""
MAX_TURNS = 100_000
MAX_TEXT = 100_000
MAX_NAME = 500
MAX_SECONDS = 7 * 86_400.0
DIRECTIONS = ("inbound", "outbound", "internal", "unknown")

Read = Transcript | RefusedRow


def unheard(at: int) -> None:
    """Nobody wants to know how far the reading is."""


def read_transcripts(
    path: Path, settings: Settings, agreed: Mapping[str, bool] | None = None, heard: Callable[[int], None] = unheard
) -> Iterator[Read]:
    """Everything a transcript file holds, secrets taken out. Raises Refused when the file as a whole can't be used.

    ``agreed``: call → what is known of its customer's consent where the file doesn't tell.
    ``heard`` is called now and then with how many bytes of JSON Lines have been read.
    """
    what = redaction.wanted(settings)
    for item in _read(path, settings, heard):
        if isinstance(item, RefusedRow):
            yield replace(item, raw=redact_json(item.raw, what))
        elif not _with_consent(item, agreed or {}).may_be_kept(settings.require_consent):
            yield RefusedRow(str(path), 0, NO_CONSENT, item.call_id)
        else:
            yield redaction.redact_transcript(item, what)


def _with_consent(item: Transcript, agreed: Mapping[str, bool]) -> CallMetadata:
    said = item.metadata
    return said if said.consent is not None else replace(said, consent=agreed.get(item.call_id))


def _read(path: Path, settings: Settings, heard: Callable[[int], None]) -> Iterator[Read]:
    try:
        kind = path.suffix.lower()
        if kind in (".jsonl", ".ndjson"):
            yield from read_json_lines(path, settings, heard)
        elif kind in (".vtt", ".srt"):
            turns, refused = parse_subtitles(whole_text(path), str(path))
            yield from refused
            yield one_call(path, turns, sidecar(path), settings)
        elif kind == ".json":
            yield from read_json(path, settings)
        else:
            raise Refused(f"{path.name} is no transcript that Earshot reads: .jsonl, .vtt, .srt or .json.")
    except OSError as error:
        raise Refused(f"{path.name} can't be read: {error.strerror or error}.") from error


def whole_text(path: Path) -> str:
    """The text of a file. Raises Refused for one that is too large or not UTF-8."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise Refused(f"{path.name} is larger than {MAX_FILE_BYTES >> 20} MB, too much for one call.")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path.name} is not UTF-8; save it as UTF-8.") from None


def read_json_lines(path: Path, settings: Settings, heard: Callable[[int], None]) -> Iterator[Read]:
    """One call a line. A bad line is refused, with its number; the others go on."""
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(MAX_LINE_BYTES + 1):
            number += 1
            if number % HEARD_EVERY == 0:
                heard(lines.tell())
            raw = line
            try:
                if len(line) > MAX_LINE_BYTES:
                    skip_line(lines, line)
                    raise Refused(f"The line is longer than {MAX_LINE_BYTES >> 20} MB.")
                if line.strip():
                    yield call_from(decoded(line.removeprefix(b"\xef\xbb\xbf")), settings)
            except Refused as why:
                yield RefusedRow(str(path), number, str(why), shown(raw.rstrip()))


def skip_line(lines: Any, line: bytes) -> None:
    """Read on to the end of a line that is too long."""
    while line and not line.endswith(b"\n"):
        line = lines.readline(1 << 20)


def decoded(data: bytes | str) -> Any:
    """JSON as Python values. Raises Refused, also for NaN, endless nesting and numbers of thousands of digits."""

    def refuse(name: str) -> Any:
        raise Refused(f"The line holds {name}, which is no number.")

    try:
        return json.loads(data, parse_constant=refuse)
    except UnicodeDecodeError:
        raise Refused("The line is not UTF-8.") from None
    except RecursionError:
        raise Refused("The JSON is nested too deeply.") from None
    except ValueError as error:
        raise Refused(f"The JSON can't be read: {str(error)[:120]}.") from None


def read_json(path: Path, settings: Settings) -> Iterator[Read]:
    """Whisper's JSON (``segments``), or one call or a list of calls in the shape of our JSON Lines."""
    data = decoded(whole_text(path))
    for number, item in enumerate(data if isinstance(data, list) else [data], 1):
        try:
            if isinstance(data, list) and _is_segment(item):
                yield one_call(path, whisper_turns({"segments": data}), sidecar(path), settings)
                return
            if isinstance(item, dict) and "segments" in item:
                yield one_call(path, whisper_turns(item), {**_described(item), **sidecar(path)}, settings)
            else:
                yield call_from(item, settings)
        except Refused as why:
            yield RefusedRow(
                str(path), 0 if item is data else number, str(why), json.dumps(item, ensure_ascii=False)[:2_000]
            )


def _is_segment(item: Any) -> bool:
    return isinstance(item, dict) and "start" in item and "text" in item


def _described(whisper: dict[str, Any]) -> dict[str, Any]:
    info = whisper.get("info")
    found = {**(info if isinstance(info, dict) else {}), **whisper}
    return {k: found[k] for k in ("language", "call_id", "model") if isinstance(found.get(k), str)}


def call_from(item: Any, settings: Settings) -> Transcript:
    """A Transcript from one call of JSON Lines. Raises Refused."""
    if not isinstance(item, dict):
        raise Refused("The line is no JSON object.")
    turns = item.get("turns")
    if not isinstance(turns, list) or not turns:
        raise Refused("The call has no turns.")
    if len(turns) > MAX_TURNS:
        raise Refused(f"The call has more than {MAX_TURNS:,} turns.")
    return transcript(item, tuple(turn_from(t, n) for n, t in enumerate(turns, 1)), settings)


def turn_from(item: Any, number: int) -> Turn:
    """One turn. Raises Refused, naming the turn."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise Refused(f"Turn {number} has no text.")
    try:
        start_s, end_s = span(item.get("start_s"), item.get("end_s"))
        confidence = fraction(item.get("confidence"))
        words = words_from(item.get("words"))
    except Refused as why:
        raise Refused(f"Turn {number}: {why}") from None
    return Turn(speaker_of(item.get("speaker")), start_s, end_s, tidy(item["text"]), confidence, words)


def span(start: Any, end: Any) -> tuple[float | None, float | None]:
    """(start_s, end_s), each None where it is absent. Raises Refused for impossible times."""
    start_s, end_s = seconds(start), seconds(end)
    if start_s is not None and end_s is not None and end_s < start_s:
        raise Refused("it ends before it starts.")
    return start_s, end_s


def seconds(value: Any) -> float | None:
    """An offset in a call. Raises Refused for what is no number, negative, or longer than a week."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("its time is no number.")
    if (isinstance(value, float) and not math.isfinite(value)) or not 0 <= value <= MAX_SECONDS:
        raise Refused("its time lies outside the call.")
    return float(value)


def fraction(value: Any) -> float | None:
    """A probability, or None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1 else None


def words_from(items: Any) -> tuple[Word, ...]:
    """Words with their times; words that lack them are left out. Raises Refused for impossible times."""
    found = []
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict):
            continue
        start_s, end_s = span(item.get("start_s", item.get("start")), item.get("end_s", item.get("end")))
        text = item.get("word", item.get("text"))
        if isinstance(text, str) and start_s is not None and end_s is not None:
            sure = fraction(item.get("probability", item.get("score")))
            found.append(Word(tidy(text), start_s, end_s, 1.0 if sure is None else sure))
    return tuple(found)


def whisper_turns(data: dict[str, Any]) -> tuple[Turn, ...]:
    """Turns from openai-whisper's or faster-whisper's segments; neighbours of one named speaker stay apart."""
    segments = data.get("segments")
    if not isinstance(segments, list) or not segments:
        raise Refused("The transcript has no segments.")
    if len(segments) > MAX_TURNS:
        raise Refused(f"The transcript has more than {MAX_TURNS:,} segments.")
    turns = []
    for number, segment in enumerate(segments, 1):
        item = segment if isinstance(segment, dict) else {}
        log_probability = item.get("avg_logprob")
        sure = math.exp(log_probability) if isinstance(log_probability, float) and log_probability < 0 else None
        turns.append(
            turn_from({**item, "start_s": item.get("start"), "end_s": item.get("end"), "confidence": sure}, number)
        )
    return tuple(turns)


def one_call(path: Path, turns: tuple[Turn, ...], told: dict[str, Any], settings: Settings) -> Transcript:
    """The Transcript of a file that is one call, named by its sidecar or by its own name. Raises Refused."""
    if not turns:
        raise Refused(f"{path.name} holds no words.")
    return transcript({"call_id": path.stem, **told}, turns, settings)


def sidecar(path: Path) -> dict[str, Any]:
    """What ``<name>.json`` (or ``<name>.meta.json``, beside a ``.json``) says about the call. Raises Refused."""
    beside = path.with_suffix(".meta.json" if path.suffix.lower() == ".json" else ".json")
    if not beside.is_file():
        return {}
    told = decoded(whole_text(beside))
    if not isinstance(told, dict):
        raise Refused(f"{beside.name} is no JSON object.")
    return {k: v for k, v in told.items() if k not in ("turns", "segments") and v is not None}


def transcript(told: dict[str, Any], turns: tuple[Turn, ...], settings: Settings) -> Transcript:
    """A Transcript with its metadata. Raises Refused for a call id or a time that can't be used."""
    call_id = name(told, "call_id")
    if not call_id:
        raise Refused("The call has no call_id.")
    started = told.get("started_at")
    if started is not None and not isinstance(started, str):
        raise Refused("started_at is no text like 2026-03-02T09:14:05+01:00.")
    direction = told.get("direction")
    metadata = CallMetadata(
        call_id=call_id, started_at=parse_time(started, settings.zone) if started else None,
        queue=name(told, "queue"), agent_id=name(told, "agent_id"), customer_id=name(told, "customer_id"),
        direction=direction if direction in DIRECTIONS else None, language=name(told, "language"), consent=consent(told.get("consent"), "The call"), source="transcript",
    )  # fmt: skip
    return Transcript(call_id, "file", metadata.language, turns, model=name(told, "model"), metadata=metadata)


def name(told: dict[str, Any], key: str) -> str | None:
    """A short text, or None. Whole numbers are taken as their digits. Raises Refused for anything else."""
    value = told.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int) or (isinstance(value, int) and abs(value) > 1e30):
        raise Refused(f"{key} is no text.")
    text = tidy(str(value))
    if len(text) > MAX_NAME:
        raise Refused(f"{key} is longer than {MAX_NAME} characters.")
    return text or None


def tidy(text: str) -> str:
    """``text`` without control characters and halves of surrogate pairs, spaces joined. Raises Refused when endless."""
    if len(text) > MAX_TEXT:
        raise Refused(f"The text is longer than {MAX_TEXT:,} characters.")
    plain = "".join(c if c >= " " and c != "\x7f" and not "\x80" <= c <= "\x9f" else " " for c in text)
    return " ".join(plain.encode("utf-8", "replace").decode("utf-8").split())
