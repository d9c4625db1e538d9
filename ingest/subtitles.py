"""WebVTT and SRT as turns: voices in ``<v Name>`` or before a colon."""

from __future__ import annotations

import html
import re

from ingest.line_stream import MAX_RAW
from ingest.voice_names import is_known_name, speaker_of
from models.errors import Refused
from models.records import RefusedRow, Speaker, Turn

MAX_CUES = 100_000
TIMING = re.compile(r"^\s*([0-9:.,]{5,16})\s*-->\s*([0-9:.,]{5,16})(?:\s.*)?$")
CLOCK = re.compile(r"^(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})$")
VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,100})>")
TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,100}\}")
PREFIX = re.compile(r"^\s*(?:[-–]\s*)?\[?([^:\]\n]{1,40})\]?\s*:\s*(.*)$", re.DOTALL)


def parse_subtitles(text: str, source: str) -> tuple[tuple[Turn, ...], list[RefusedRow]]:
    """(turns, refused cues) of a WebVTT or SRT text. Raises Refused for endless ones."""
    turns: list[Turn] = []
    refused: list[RefusedRow] = []
    for line_no, block in blocks(text):
        if len(turns) + len(refused) >= MAX_CUES:
            raise Refused(f"There are more than {MAX_CUES:,} cues.")
        try:
            turns += cue(block)
        except Refused as why:
            refused.append(RefusedRow(source, line_no, str(why), "\n".join(block)[:MAX_RAW]))
    return tuple(turns), refused


def blocks(text: str) -> list[tuple[int, list[str]]]:
    """(line number from 1, lines) of each block between empty lines, from its timing line on; headers are left out."""
    found: list[tuple[int, list[str]]] = []
    current: list[str] = []
    first = 1
    for number, line in enumerate([*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""], 1):
        if line.strip():
            first = first if current else number
            current.append(line)
            continue
        at = next((i for i, held in enumerate(current) if "-->" in held), None)
        if at is not None and not current[0].startswith(("NOTE", "STYLE", "REGION")):
            found.append((first + at, current[at:]))
        current = []
    return found


def cue(block: list[str]) -> list[Turn]:
    """The turns of one cue: one, or one for each voice in it. Raises Refused."""
    timing = TIMING.match(block[0])
    if not timing:
        raise Refused("The cue has no times like 00:00:01.000 --> 00:00:02.500.")
    start_s, end_s = clock(timing[1]), clock(timing[2])
    if end_s < start_s:
        raise Refused("The cue ends before it starts.")
    said = [(who, " ".join(_plain(t).split())) for who, t in voices("\n".join(block[1:]))]
    return [Turn(who, start_s, end_s, t) for who, t in said if t]


def clock(text: str) -> float:
    """Seconds from ``[hh:]mm:ss.mmm``. Raises Refused."""
    match = CLOCK.match(text)
    if not match or int(match[3]) > 59 or int(match[2]) > 59:
        raise Refused(f"{text!r} is no time in a call.")
    hours, minutes, whole, part = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + int(part.ljust(3, "0")) / 1000


def voices(text: str) -> list[tuple[Speaker, str]]:
    """(speaker, text) of each voice in a cue, in order."""
    parts = VOICE.split(text)
    if len(parts) > 1:
        before = [("unknown", parts[0])] if parts[0].strip() else []
        return before + [(speaker_of(who), said) for who, said in zip(parts[1::2], parts[2::2], strict=True)]  # type: ignore[return-value]
    found: list[tuple[Speaker, str]] = []
    for line in text.split("\n"):
        prefix = PREFIX.match(line)
        if prefix and is_known_name(prefix[1]):
            found.append((speaker_of(prefix[1]), prefix[2]))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line}")
        else:
            found.append(("unknown", line))
    return found


def _plain(text: str) -> str:
    """Text without tags, entities resolved, control characters as spaces."""
    shown = html.unescape(TAG.sub("", text))
    return "".join(c if c.isprintable() else " " for c in shown)
