"""How long what is kept, as people write it in the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from models.errors import SettingsError

ALL = "*"
PART = re.compile(r"(recordings|transcripts|customers)\s*=\s*(\d{1,5})")

Rules = Mapping[tuple[str, str], int]
"""(queue or ``*``, kind) -> days."""


def retention_rules(text: str) -> dict[tuple[str, str], int]:
    """The setting ``retention``, read. Raises SettingsError with the part that can't be."""
    found: dict[tuple[str, str], int] = {}
    for part in (p.strip() for p in text.split(";")):
        queue, colon, days = part.rpartition(":")
        for item in (i.strip() for i in (days if colon else part).split(",")):
            match = PART.fullmatch(item)
            if item and match is None:
                raise SettingsError(
                    f"The setting retention has {item!r}; write days like recordings=90, transcripts=365; billing: recordings=30."
                )
            if match:
                found[queue.strip() or ALL, match[1]] = int(match[2])
    return found
