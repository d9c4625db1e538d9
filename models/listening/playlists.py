"""A reviewer's playlist of a week in app.sqlite: drawn once, kept with its seed; calls may be replaced with a reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.app_store import AppStore, now, text_of
from models.errors import StoreError
from models.listening.sampling import Candidate, Drawn, Pick

LISTED = (
    "select position, call_id, pick, probability, duration_s, replaces, replaced_by, replaced_reason"
    " from playlist_calls where reviewer = ? and week = ? order by position"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One call of a playlist, in its place."""

    position: int
    call_id: str
    pick: Pick
    probability: float
    duration_s: float
    replaces: str | None = None
    replaced_by: str | None = None
    replaced_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Playlist:
    """One reviewer's calls of one ISO week; ``calls`` holds the replaced ones, too."""

    reviewer: str
    week: str
    seed: int
    mix: str
    target_s: float
    frame_calls: int
    calls: tuple[Listed, ...]

    @property
    def current(self) -> list[Listed]:
        """The calls to hear: those that were not replaced."""
        return [call for call in self.calls if call.replaced_by is None]


def load(store: AppStore, reviewer: str, week: str) -> Playlist | None:
    """The playlist of a week; None when it has not been drawn."""
    with store.reading() as connection:
        return _load(connection, reviewer, week)


def keep(
    store: AppStore,
    reviewer: str,
    week: str,
    drawn: Sequence[Drawn],
    *,
    seed: int,
    mix: str,
    target_s: float,
    frame_calls: int,
    at: datetime | None = None,
) -> Playlist:
    """Keep a playlist unless there is one already, perhaps from another window; returns the one that counts."""
    with store.transaction() as connection:
        added = connection.execute(
            "insert into playlists (reviewer, week, seed, mix, target_s, frame_calls, drawn_at)"
            " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            (reviewer, week, seed, mix, target_s, frame_calls, text_of(at or now())),
        ).rowcount
        if added:
            connection.executemany(
                "insert into playlist_calls (reviewer, week, position, call_id, pick, probability, duration_s)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                [
                    (reviewer, week, position, d.candidate.call_id, d.pick, d.probability, d.candidate.duration_s)
                    for position, d in enumerate(drawn, 1)
                ],
            )
        kept = _load(connection, reviewer, week)
    if kept is None:
        raise StoreError("The playlist was not kept; open the page again.")
    return kept


def replace(
    store: AppStore, reviewer: str, week: str, call_id: str, by: Candidate, reason: str, at: datetime | None = None
) -> Playlist | None:
    """Put another call in a call's place, for the same reason of drawing; nothing happens if it was replaced already."""
    with store.transaction() as connection:
        row = connection.execute(
            "select position, pick, probability from playlist_calls"
            " where reviewer = ? and week = ? and call_id = ? and replaced_by is null",
            (reviewer, week, call_id),
        ).fetchone()
        if row is not None:
            _, pick, probability = row
            connection.execute(
                "update playlist_calls set replaced_by = ?, replaced_reason = redacted(?), replaced_at = ?"
                " where reviewer = ? and week = ? and call_id = ?",
                (by.call_id, reason, text_of(at or now()), reviewer, week, call_id),
            )
            connection.execute(
                "insert into playlist_calls (reviewer, week, position, call_id, pick, probability, duration_s, replaces)"
                " select ?, ?, max(position) + 1, ?, ?, ?, ?, ? from playlist_calls where reviewer = ? and week = ?",
                (reviewer, week, by.call_id, pick, probability, by.duration_s, call_id, reviewer, week),
            )
        return _load(connection, reviewer, week)


def touched(store: AppStore, reviewer: str) -> set[str]:
    """Calls that the reviewer has heard any of, has judged, or was given before: not to be drawn again."""
    with store.reading() as connection:
        rows = connection.execute(
            "select call_id from listening where reviewer = ? and heard_s > 0"
            " union select call_id from review_edits where reviewer = ?"
            " union select call_id from playlist_calls where reviewer = ?",
            (reviewer, reviewer, reviewer),
        ).fetchall()
    return {call_id for (call_id,) in rows}


def _load(connection: sqlite3.Connection, reviewer: str, week: str) -> Playlist | None:
    about = connection.execute(
        "select seed, mix, target_s, frame_calls from playlists where reviewer = ? and week = ?", (reviewer, week)
    ).fetchone()
    if about is None:
        return None
    rows = connection.execute(LISTED, (reviewer, week)).fetchall()
    seed, mix, target_s, frame_calls = about
    return Playlist(reviewer, week, seed, mix, target_s, frame_calls, tuple(Listed(*row) for row in rows))
