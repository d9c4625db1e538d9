"""What people wrote, read from app.sqlite itself, as far as the limits of whoever looks allow.

The snapshot is looked at through views that know limits (models/access/limits.py); rows of app.sqlite are not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from dashboard import queries, session

Row = TypeVar("Row", bound=Mapping[str, Any])


def everything() -> bool:
    """Whether whoever looks may see every call."""
    return session.person().limits is None


def calls(call_ids: Iterable[str]) -> set[str]:
    """Those of the calls that whoever looks may see; without limits also those that are not published any more."""
    wanted = sorted(set(call_ids))
    if everything() or not wanted:
        return set(wanted)
    return {str(call_id) for call_id in queries.query("calls_of", ids=wanted)["call_id"]}


def all_of_mine(call_ids: Collection[str]) -> bool:
    """Whether there are calls, and whoever looks may see each of them; without limits always."""
    return everything() or (bool(call_ids) and calls(call_ids) == set(call_ids))


def rows(found: list[Row]) -> list[Row]:
    """Rows about calls that whoever looks may see, and rows that they wrote (``call_id``, ``written_by``)."""
    if everything():
        return found
    seen, own = calls(str(row["call_id"]) for row in found if row.get("call_id")), session.reviewer()
    return [row for row in found if row.get("call_id") in seen or row.get("written_by") == own]


def complaint(complaint_id: int, written_by: str | None) -> bool:
    """Whether a complaint is of a call or customer that whoever looks may see, or was last written by them."""
    if everything() or written_by == session.reviewer():
        return True
    return not queries.query("registers/complaint_is_there", complaint_id=complaint_id).empty
