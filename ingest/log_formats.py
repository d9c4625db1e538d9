"""Telling queue-log formats apart by their first lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from ingest.line_stream import open_log
from models.errors import Refused

FormatName = Literal["asterisk", "asterisk-database", "freeswitch", "connect", "csv"]
LOOKED_AT_BYTES = 65_536
FREESWITCH_EVENT = re.compile(r'^(?:Event-Name: |.*"Event-Name":)', re.MULTILINE)
EVENT_LINE = re.compile(r"^\s*[0-9.\-+]+\|[^|]*\|[^|]*\|[^|]*\|[A-Z]", re.MULTILINE)


def detect(path: Path) -> FormatName:
    """The format of a queue log. Raises Refused when its beginning looks like none."""
    with open_log(path) as stream:
        head = stream.read(LOOKED_AT_BYTES)
    text = head.decode("utf-8-sig", "replace")
    if not text.strip():
        raise Refused(f"{path.name} is empty.")
    first = text.lstrip().splitlines()[0]
    if found := _by_header(first):
        return found
    if EVENT_LINE.search(text):
        return "asterisk"
    if found := _by_content(text):
        return found
    raise Refused(
        f"{path.name} looks like no queue log (Asterisk's queue_log or its database table as CSV, events of FreeSWITCH's "
        "mod_callcenter, contact records of Amazon Connect, CSV with a header); name it with --format if it is one."
    )


def _by_header(first: str) -> FormatName | None:
    names = {n.strip().strip('"').lower() for n in re.split(r"[,;\t]", first)}
    if {"callid", "queuename", "event"} <= names:
        return "asterisk-database"
    if "call_id" in names or {"queue", "entered_at"} <= names:
        return "csv"
    return None


def _by_content(text: str) -> FormatName | None:
    if "CC-Action" in text or "callcenter::info" in text or FREESWITCH_EVENT.search(text):
        return "freeswitch"
    return "connect" if text.lstrip()[:1] in ("{", "[") and '"ContactId"' in text else None
