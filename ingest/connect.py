"""Contact records of Amazon Connect: JSON objects, one a line, run together (as Firehose writes them) or in an array.

A contact is delivered at least once; every record is kept, and the one with the greatest LastUpdateTimestamp counts
(sql/made_connect.sql). Chats, tasks and e-mails are no calls and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar

import pyarrow as pa

from ingest.fields import as_moment, as_object, as_seconds, as_text, first_character
from ingest.line_stream import Position
from ingest.metadata import consent
from ingest.records import Chunk, RecordReader, json_chunks
from models.errors import Refused

TIME = pa.timestamp("us", "UTC")
LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?$", re.IGNORECASE)
TEXTS = (
    "call_id", "queue", "agent_id", "disconnect_reason", "initiation", "customer", "next_contact", "passed_on_to",
    "recording", "language", "segment",
)  # fmt: skip
TIMES = ("event_at", "enqueued_at", "dequeued_at", "connected_at", "passed_on_at", "disconnected_at")
KNOWN = ("language", "segment", "consent")
"""Contact attributes that are read."""
SECONDS = ("waited_s", "interaction_s", "hold_s", "acw_s")


@dataclass(slots=True)
class ConnectRecords(RecordReader):
    """Reads contact records. Times without an offset are UTC, as Amazon writes them."""

    name: str = "connect"
    left_out: int = 0
    columns: ClassVar[pa.Schema] = pa.schema(
        [("line_no", pa.int64()), ("raw", pa.string())]
        + [(n, pa.string()) for n in TEXTS]
        + [(n, TIME) for n in TIMES]
        + [(n, pa.float64()) for n in SECONDS]
        + [("consent", pa.bool_())]
    )

    def prepare(self, stream: BinaryIO) -> None:
        """Raises Refused when the file can't be JSON."""
        advice = "Save contact records as JSON, one a line."
        if first_character(stream, advice) not in ("{", "[", ""):
            raise Refused(f"The file is no JSON: it doesn't begin with a brace. {advice}")

    def chunks(self, stream: BinaryIO, start: Position) -> Iterator[Chunk]:
        """The records of the stream."""
        yield from json_chunks(self, stream, start)
        if self.left_out:
            self.notes.append(f"chats, tasks and e-mails are no calls and were left out: {self.left_out:,}")

    def row(self, given: Mapping[str, Any]) -> list[Any] | None:
        """One record in the order of ``columns``. Raises Refused."""
        call_id = as_text(given.get("ContactId"), "ContactId")
        if call_id is None:
            raise Refused("The record has no ContactId; is it a contact record of Amazon Connect?")
        if as_text(given.get("Channel"), "Channel") not in (None, "VOICE"):
            self.left_out += 1
            return None
        queue, agent = as_object(given.get("Queue"), "Queue"), as_object(given.get("Agent"), "Agent")
        customer, target = (as_object(given.get(n), n) for n in ("CustomerEndpoint", "TransferredToEndpoint"))
        said = attributes(as_object(given.get("Attributes"), "Attributes"))
        texts = [
            call_id, named(queue, "Queue", "Name"), named(agent, "Agent", "Username"),
            as_text(given.get("DisconnectReason"), "DisconnectReason"),
            as_text(given.get("InitiationMethod"), "InitiationMethod"),
            as_text(customer.get("Address"), "CustomerEndpoint.Address"),
            as_text(given.get("NextContactId"), "NextContactId"),
            as_text(target.get("Address"), "TransferredToEndpoint.Address"),
            recording(given), language(said.get("language")), said.get("segment"),
        ]  # fmt: skip
        times = [
            last_update(given),
            *(as_moment(queue.get(n), f"Queue.{n}") for n in ("EnqueueTimestamp", "DequeueTimestamp")),
            as_moment(agent.get("ConnectedToAgentTimestamp"), "Agent.ConnectedToAgentTimestamp"),
            *(as_moment(given.get(n), n) for n in ("TransferCompletedTimestamp", "DisconnectTimestamp")),
        ]
        worked = ("AgentInteractionDuration", "CustomerHoldDuration", "AfterContactWorkDuration")
        seconds = [as_seconds(queue.get("Duration"), "Queue.Duration")]
        seconds += [as_seconds(agent.get(n), f"Agent.{n}") for n in worked]
        return [*texts, *times, *seconds, consent(said.get("consent"), "The record")]


def named(part: Mapping[str, Any], name: str, key: str) -> str | None:
    """The name of a queue or agent; without one (an agent's own queue) the last part of its ARN. Raises Refused."""
    arn = as_text(part.get("ARN"), f"{name}.ARN")
    return as_text(part.get(key), f"{name}.{key}") or (arn and arn.rpartition("/")[2])


def last_update(given: Mapping[str, Any]) -> Any:
    """When the record was written: LastUpdateTimestamp, else the latest time of the contact. Raises Refused."""
    for name in ("LastUpdateTimestamp", "DisconnectTimestamp", "InitiationTimestamp"):
        if at := as_moment(given.get(name), name):
            return at
    raise Refused("The record has no LastUpdateTimestamp; export whole contact records.")


def recording(given: Mapping[str, Any]) -> str | None:
    """Where the recording lies: Recording.Location, else the first of Recordings. Raises Refused."""
    one, several = as_object(given.get("Recording"), "Recording"), given.get("Recordings")
    first = as_object(several[0], "Recordings") if isinstance(several, list) and several else {}
    return as_text(one.get("Location"), "Recording.Location") or as_text(first.get("Location"), "Recordings.Location")


def attributes(given: Mapping[str, Any]) -> dict[str, str | None]:
    """The contact attributes of ``KNOWN`` names, in whatever case. Raises Refused."""
    return {n.lower(): as_text(v, f"Attributes.{n}") for n, v in given.items() if n.lower() in KNOWN}


def language(text: str | None) -> str | None:
    """A two-letter code (of ``fr-FR``, ``fr``); None when the attribute says something else."""
    match = LANGUAGE.match(text or "")
    return match[1].lower() if match else None
