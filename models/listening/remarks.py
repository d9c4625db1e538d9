"""What a reviewer writes down about a call, pinned to a moment or to the call as a whole. Every edit is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from models.app_store import AppStore, now, text_of

Kind = Literal["note", "coaching", "story", "issue", "complaint"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""A note; a point for coaching; a story for the shelf of exemplary calls; an issue; a complaint to open."""
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark as it stands; ``at_s`` is seconds of the call, None for the call as a whole."""

    remark_id: int
    reviewer: str
    call_id: str
    kind: Kind
    at_s: float | None
    text: str
    withdrawn: bool = False


COLUMNS = "remark_id, reviewer, call_id, kind, at_s, text, withdrawn"
LATEST = (
    f"select {COLUMNS} from (select *, row_number() over (partition by remark_id order by edit_id desc) as place"  # noqa: S608
    " from remark_edits where {where}) where place = 1"
)


def write(
    store: AppStore, reviewer: str, call_id: str, kind: Kind, text: str, at_s: float | None = None,
    at: datetime | None = None,
) -> Remark:  # fmt: skip
    """Keep a new remark; its text is cut at ``LONGEST`` characters."""
    with store.transaction() as connection:
        (remark_id,) = connection.execute("select coalesce(max(edit_id), 0) + 1 from remark_edits").fetchone()
        made = Remark(remark_id, reviewer, call_id, kind, at_s, text.strip()[:LONGEST])
        _append(connection, made, at)
        return made


def change(store: AppStore, remark: Remark, text: str, at: datetime | None = None) -> Remark:
    """Keep new words for a remark."""
    return _edit(store, remark, text.strip()[:LONGEST], False, at)


def withdraw(store: AppStore, remark: Remark, at: datetime | None = None) -> Remark:
    """Take a remark away; ``restore`` brings it back."""
    return _edit(store, remark, remark.text, True, at)


def restore(store: AppStore, remark: Remark, at: datetime | None = None) -> Remark:
    """Bring a withdrawn remark back."""
    return _edit(store, remark, remark.text, False, at)


def of_call(store: AppStore, call_id: str, reviewer: str | None = None) -> list[Remark]:
    """The remarks on a call that stand, in the order of their moments; of one reviewer, or of all."""
    with store.reading() as connection:
        rows = connection.execute(
            LATEST.format(where="call_id = ? and (? is null or reviewer = ?)")
            + " and not withdrawn order by at_s is null, at_s, remark_id",
            (call_id, reviewer, reviewer),
        ).fetchall()
    return [_remark(row) for row in rows]


def of_kinds(
    store: AppStore, kinds: Sequence[Kind], start: datetime | None = None, end: datetime | None = None
) -> list[Remark]:
    """Everybody's remarks of these kinds that stand, last changed in start <= t < end; the newest first."""
    marks = ", ".join("?" * len(kinds))
    with store.reading() as connection:
        rows = connection.execute(
            LATEST.format(where="true") + f" and not withdrawn and kind in ({marks})"
            " and (? is null or written_at >= ?) and (? is null or written_at < ?) order by edit_id desc",
            (*kinds, *[text_of(at) if at else None for at in (start, start, end, end)]),
        ).fetchall()
    return [_remark(row) for row in rows]


def _edit(store: AppStore, remark: Remark, text: str, withdrawn: bool, at: datetime | None) -> Remark:
    made = Remark(remark.remark_id, remark.reviewer, remark.call_id, remark.kind, remark.at_s, text, withdrawn)
    with store.transaction() as connection:
        _append(connection, made, at)
    return made


def _append(connection: sqlite3.Connection, made: Remark, at: datetime | None) -> None:
    connection.execute(
        f"insert into remark_edits ({COLUMNS}, written_at) values (?, ?, ?, ?, ?, redacted(?), ?, ?)",  # noqa: S608 - our names
        (
            made.remark_id, made.reviewer, made.call_id, made.kind, made.at_s, made.text, made.withdrawn,
            text_of(at or now()),
        ),
    )  # fmt: skip


def _remark(row: tuple[object, ...]) -> Remark:
    remark_id, reviewer, call_id, kind, at_s, text, withdrawn = row
    return Remark(remark_id, reviewer, call_id, kind, at_s, text, bool(withdrawn))  # type: ignore[arg-type]
