"""What is kept of refused input: our own ids and times stay readable, what people said loses its secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from models.records import Turn
from models.redaction import Wanted, redact, redact_text

OWN = re.compile(
    r'"(?:call_id|customer_id|agent_id|queue|direction|language|started_at|speaker|start|end|start_s|end_s|confidence|id|seek)"'
    r'\s*:\s*("[\w.+:@/-]{0,80}"|-?[\d.]{1,24}(?=\s*[,}]))'
)
"""Fields of transcripts that nobody says: ids, times, names of queues."""
SAID = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)')
AGAIN = re.compile(r'"(words|tokens)"\s*:\s*\[[^\]]*\]?')
"""What is said once more, word by word, with times between that would hide a number."""
ID = re.compile(r"[\w.+:@/-]{1,40}|[\d +().-]{1,24}|[\d/.:T +Zh-]{1,32}")


def redact_json(raw: str, what: Wanted) -> str:
    """A refused line of transcripts. It may be cut off or malformed, so it is read by patterns alone."""
    if not what.kinds:
        return raw
    raw = AGAIN.sub(r'"\1": []', raw)
    said = list(SAID.finditer(raw))
    clean, _ = redact([Turn("unknown", None, None, one[1]) for one in said], what)
    for one, turn in reversed([*zip(said, clean, strict=True)]):
        raw = raw[: one.start(1)] + turn.text + raw[one.end(1) :]
    return redact_text(raw, what, [one.span(1) for one in OWN.finditer(raw)])


def redact_row(raw: str, own_cells: Sequence[str], what: Wanted) -> str:
    """A refused line of a sheet. ``own_cells``: its ids and times, in order; they stay unless they hold a secret."""
    return redact_text(raw, what, _places(raw, [cell for cell in own_cells if _is_own(cell, what)]))


def _is_own(cell: str, what: Wanted) -> bool:
    """Whether a cell looks like an id, a telephone number or a time; in a line with a comma too many it may be anything."""
    secrets = Wanted(what.kinds - {"phone"}, what.regions)
    return bool(ID.fullmatch(cell)) and redact([Turn("unknown", None, None, cell)], secrets)[0][0].text == cell


def _places(raw: str, cells: Sequence[str]) -> Iterator[tuple[int, int]]:
    at = 0
    for cell in cells:
        if (start := raw.find(cell, at)) >= 0:
            yield start, (at := start + len(cell))
