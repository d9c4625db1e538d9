"""Events of FreeSWITCH's mod_callcenter (``CUSTOM callcenter::info``), as plain text or as JSON.

Plain text is URL-encoded (see ingest.event_blocks); JSON has one object an event. Four actions make a stay; all other
actions and events are passed over. Times are whole seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, ClassVar

import pyarrow as pa

from ingest.event_blocks import events, read_blocks
from ingest.fields import as_epoch, as_text, first_character
from ingest.line_stream import Position
from ingest.records import Chunk, RecordReader, json_chunks
from models.errors import Refused

ACTIONS = ("member-queue-start", "bridge-agent-start", "bridge-agent-end", "member-queue-end")
TIME = pa.timestamp("us", "UTC")
REASONS = ("NONE", "TIMEOUT", "NO_AGENT_TIMEOUT", "BREAK_OUT", "EXIT_WITH_KEY")
TRANSFERS = ("BLIND_TRANSFER", "ATTENDED_TRANSFER")


@dataclass(slots=True)
class FreeSwitchEvents(RecordReader):
    """Reads the events. One at the end without a blank line behind it counts, and is read again the next time."""

    name: str = "freeswitch"
    is_json: bool = False
    columns: ClassVar[pa.Schema] = pa.schema(
        [("line_no", pa.int64()), ("raw", pa.string()), ("event_at", TIME)]
        + [(n, pa.string()) for n in ("call_id", "queue", "agent_id", "event", "member", "caller", "agent_leg")]
        + [(n, TIME) for n in ("joined_at", "called_at", "answered_at", "left_at")]
        + [("cause", pa.string()), ("cancel_reason", pa.string()), ("recording", pa.string())]
        + [("hung_up", pa.bool_()), ("passed_on", pa.bool_())]
    )

    def prepare(self, stream: BinaryIO) -> None:
        """See whether it is JSON. Raises Refused for a web page."""
        self.is_json = first_character(stream, "Keep the events of callcenter::info as text or JSON.") in "{["

    def chunks(self, stream: BinaryIO, start: Position) -> Iterator[Chunk]:
        """Events of the stream, however they are written."""
        if self.is_json:
            yield from json_chunks(self, stream, start)
            return
        for here, found, rest in read_blocks(stream, start):
            if not rest:
                yield Chunk(here, found)
                continue
            text = rest.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
            if self.finished:
                yield Chunk(here.after(rest, rest.count(b"\n")), list(events(text, here.next_line)))
            else:
                whole = text if text.rstrip().endswith("}") else text[: text.rfind("\n") + 1]
                yield Chunk(here, list(events(whole, here.next_line)), is_open=True)

    def row(self, given: Mapping[str, Any]) -> list[Any] | None:
        """One event in the order of ``columns``. Raises Refused."""
        action = given.get("CC-Action")
        if action not in ACTIONS:
            return None
        times = {n: as_epoch(given.get(f"CC-{n}-Time"), f"CC-{n}-Time") for n in TIMES}
        at = as_epoch(given.get("Event-Date-Timestamp"), "Event-Date-Timestamp")
        at = at or next((times[n] for n in OWN_TIME[action] if times[n]), None)
        call_id, queue = (as_text(given.get(n), n) for n in ("CC-Member-Session-UUID", "CC-Queue"))
        for name, value in (("CC-Member-Session-UUID", call_id), ("CC-Queue", queue), ("Event-Date-Timestamp", at)):
            if value is None:
                raise Refused(f"The event has no {name}; keep whole events.")
        cause, cancel_reason = how_it_ended(given, times) if action == "member-queue-end" else (None, None)
        return [
            at, call_id, queue, as_text(given.get("CC-Agent"), "CC-Agent"), action,
            as_text(given.get("CC-Member-UUID"), "CC-Member-UUID"),
            as_text(given.get("CC-Member-CID-Number"), "CC-Member-CID-Number"),
            as_text(given.get("CC-Agent-UUID"), "CC-Agent-UUID"),
            times["Member-Joined"], times["Agent-Called"], times["Agent-Answered"],
            times["Bridge-Terminated"] or times["Member-Leaving"], cause, cancel_reason,
            as_text(given.get("variable_cc_record_filename"), "variable_cc_record_filename"),
            given.get("Answer-State") == "hangup",
            any(given.get(n) in TRANSFERS for n in ("CC-Hangup-Cause", "Hangup-Cause", "variable_last_bridge_hangup_cause")),
        ]  # fmt: skip


TIMES = ("Member-Joined", "Agent-Called", "Agent-Answered", "Bridge-Terminated", "Member-Leaving")
OWN_TIME = {
    "member-queue-start": ("Member-Joined",),
    "bridge-agent-start": ("Agent-Answered",),
    "bridge-agent-end": ("Bridge-Terminated", "Agent-Answered"),
    "member-queue-end": ("Member-Leaving",),
}
"""For events without Event-Date-Timestamp: the time that the action itself is about."""


def how_it_ended(given: Mapping[str, Any], times: Mapping[str, datetime | None]) -> tuple[str, str | None]:
    """(cause, reason of a cancel) of a member-queue-end. Raises Refused for what mod_callcenter doesn't say."""
    cause = as_text(given.get("CC-Cause"), "CC-Cause")
    reason = as_text(given.get("CC-Cancel-Reason"), "CC-Cancel-Reason")
    if cause is None:
        raise Refused("The event is cut: it has no CC-Cause.")
    if cause not in ("Terminated", "Cancel"):
        raise Refused(f"CC-Cause is {cause[:40]!r}, which is neither Terminated nor Cancel.")
    if cause == "Terminated":
        return cause, None
    if reason is not None and reason not in REASONS:
        raise Refused(f"CC-Cancel-Reason is {reason[:40]!r}, which is none of {', '.join(REASONS)}.")
    return cause, reason
