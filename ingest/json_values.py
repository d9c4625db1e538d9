"""JSON objects one after the other, however they are laid out: one a line, run together, indented, or in one array.

An object that can't be read is refused alone: reading goes on at the next line, at the next object that is run together
with it, or, for an indented one, where the next object begins at the same depth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from ingest import line_stream
from ingest.line_stream import Position
from models.errors import Refused

BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
RUN_TOGETHER = re.compile(r"\}\s*\{")
LISTED = re.compile(r"\}\s*,\s*\{")
MAX_OBJECT_CHARACTERS = 1 << 20
CUT = "The JSON object is cut: it ends before its last brace."
NOT_JSON = "The line is no JSON object."
DECODER = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < 20 else float(digits))


@dataclass(frozen=True, slots=True)
class Found:
    """One object of a file: the line it begins in (from 1), its text, and what it holds or why it can't be used."""

    line_no: int
    raw: str
    value: dict[str, Any] | None
    reason: str | None = None


def read_objects(stream: BinaryIO, start: Position, finished: bool) -> Iterator[tuple[Position, list[Found]]]:
    """Objects in pieces, each with the position behind it. What is not complete at the end is kept back.

    A ``finished`` file (one that will not grow) keeps nothing back. Raises Refused when an object has no end.
    """
    here, pending = start, b""
    while block := stream.read(line_stream.PIECE_BYTES):
        pending += block
        text = pending.decode("utf-8", "surrogateescape")
        found, used = split(text, here.next_line)
        data = text[:used].encode("utf-8", "surrogateescape")
        here, pending = here.after(data, text.count("\n", 0, used)), pending[len(data) :]
        if len(pending) > line_stream.MAX_UNBROKEN_BYTES:
            raise Refused("The file has a JSON object of more than 64 MB: it is no log.")
        yield here, found
    if pending and finished:
        text = pending.decode("utf-8", "surrogateescape")
        found, used = split(text, here.next_line, finished=True)
        yield here.after(pending, text.count("\n")), found


def split(text: str, first_line: int, finished: bool = False) -> tuple[list[Found], int]:
    """The objects of a text, and how many characters they take; an object without its end is left, unless finished."""
    found: list[Found] = []
    at, line_no, counted = 0, first_line, 0
    while (begin := _between(text, at)) < len(text):
        value, known_end, reason = _take(text, begin)
        if known_end is None and not finished:
            return found, begin
        end = len(text) if known_end is None else known_end
        line_no += text.count("\n", counted, begin)
        counted, at = begin, end
        found.append(Found(line_no, text[begin:end], value, reason))
    return found, len(text)


def _between(text: str, at: int) -> int:
    match = BETWEEN.match(text, at)
    return match.end() if match else at


def _take(text: str, begin: int) -> tuple[dict[str, Any] | None, int | None, str | None]:
    """(object, where it ends, why it can't be used). No end: the text ends before the object does."""
    if text[begin] != "{":
        return None, _line_end(text, begin), NOT_JSON
    try:
        value, end = DECODER.raw_decode(text, begin)
    except RecursionError:
        return None, _next_object(text, begin, begin), "The JSON object is nested too deeply."
    except json.JSONDecodeError as error:
        if error.msg.startswith("Unterminated string"):
            return None, None, CUT
        following = _next_object(text, begin, error.pos)
        is_cut = error.pos >= (len(text) if following is None else following)
        return None, following, CUT if is_cut else f"The line is no JSON: {error.msg.removesuffix(' at')}."
    if end - begin > MAX_OBJECT_CHARACTERS:
        return None, end, f"The JSON object is longer than {MAX_OBJECT_CHARACTERS:,} characters."
    return value, end, None


def _next_object(text: str, begin: int, failed_at: int) -> int | None:
    """Where to read on behind a bad object; None when that is not in the text."""
    if text[begin : begin + 2] not in ('{"', "{}"):
        indent = text[text.rfind("\n", 0, begin) + 1 : begin]
        edge = re.compile(rf"\n{'' if indent.strip() else indent}([{{}}])").search(text, begin)
        return edge and (edge.end() if edge[1] == "}" else edge.start())
    line_end = _line_end(text, begin)
    join = LISTED if text[max(begin - 99, 0) : begin].rstrip()[-1:] in ("[", ",") else RUN_TOGETHER
    joined = join.search(text, failed_at, len(text) if line_end is None else line_end)
    return joined.start() + 1 if joined else line_end


def _line_end(text: str, begin: int) -> int | None:
    end = text.find("\n", begin)
    return end if end >= 0 else None
