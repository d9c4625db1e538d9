"""Text of FreeSWITCH's event socket: blocks of ``Header: value`` lines, each closed by a blank line.

Kept as they come off the socket, events lie in envelopes (``Content-Length``, ``Content-Type``), which are passed over;
JSON events may stand among them, with the next envelope right behind their last brace.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

from ingest import line_stream
from ingest.json_values import Found, split
from ingest.line_stream import Position
from models.errors import Refused

ENVELOPE = ("Content-Type", "Content-Length", "Reply-Text")
MATTER = (
    "CC-", "Event-", *ENVELOPE, "Answer-State", "Hangup-Cause", "variable_cc_record_filename",
    "variable_last_bridge_hangup_cause",
)  # fmt: skip
"""How the headers begin that say something here; the others, mostly channel variables, are dozens an event."""
NOISE = ("RECV EVENT", "RECV ")
"""What the command line of FreeSWITCH prints before an event."""
NO_EVENT = (
    "The lines are no event: Event-Name and CC-Action are missing. Is the beginning of the event in another file?"
)


def read_blocks(stream: BinaryIO, start: Position) -> Iterator[tuple[Position, list[Found], bytes]]:
    """Events in pieces of closed blocks, each with the position behind it; at last the bytes that close no block.

    Raises Refused when a block has no end.
    """
    here, pending = start, b""
    while block := stream.read(line_stream.PIECE_BYTES):
        pending += block
        cut = max(pending.rfind(b"\n\n") + 2, pending.rfind(b"\n\r\n") + 3)
        if cut > 2:
            here, found = _closed(pending[:cut], here)
            pending = pending[cut:]
            yield here, found, b""
        if len(pending) > line_stream.MAX_UNBROKEN_BYTES:
            raise Refused("The file has no blank lines for 64 MB: it is no log of events.")
    if pending:
        yield here, [], pending


def _closed(data: bytes, here: Position) -> tuple[Position, list[Found]]:
    text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    return here.after(data, data.count(b"\n")), list(events(text, here.next_line))


def events(text: str, first_line: int) -> Iterator[Found]:
    """The events of whole blocks; blocks that can be no event are found with the reason why."""
    line_no, in_body = first_line, False
    for block in text.split("\n\n"):
        lines = block.lstrip("\n\ufeff")
        at = line_no + block.count("\n", 0, len(block) - len(lines))
        line_no += block.count("\n") + 2
        if lines.startswith("{"):
            yield from _json_events(lines, at)
            continue
        headers, wrong = _headers(lines)
        if "Event-Name" in headers or "CC-Action" in headers:
            in_body = "Content-Length" in headers and "CC-Action" not in headers
            reason = (
                f"A line of the event is no header: {wrong[0][:80]!r}." if wrong and "CC-Action" in headers else None
            )
            yield Found(at, lines, None if reason else headers, reason)
        elif any(name in headers for name in ENVELOPE):
            in_body = not str(headers.get("Content-Type", "text/event")).startswith("text/event")
        elif lines.strip() and not in_body:
            yield Found(at, lines, None, NO_EVENT)


def _json_events(lines: str, first_line: int) -> Iterator[Found]:
    """JSON events, and what stands behind the last one on its line: an envelope, or nothing that can be read."""
    for one in split(lines, first_line, finished=True)[0]:
        if one.value is not None or not one.raw.startswith(ENVELOPE):
            yield one


def _headers(lines: str) -> tuple[dict[str, Any], list[str]]:
    """The headers that matter with their values decoded, and the lines that are no headers."""
    headers: dict[str, Any] = {}
    wrong: list[str] = []
    for line in lines.split("\n"):
        name, colon, value = line.partition(":")
        if colon and line.startswith(MATTER) and name not in headers:
            headers[name] = unquote(value.strip(), errors="surrogateescape") if "%" in value else value.strip()
        elif not colon and line.strip() and not line.startswith(NOISE):
            wrong.append(line)
    return headers, wrong
