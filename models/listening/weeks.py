"""The reviewer's weeks: minutes heard, weeks in a row, and what was heard in the reviewer's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.app_store import AppStore, now, text_of

LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True)
class WeekOf:
    """One reviewer's week: unique seconds heard, calls with a judgement, and the closing note."""

    reviewer: str
    heard_s: float = 0.0
    calls_heard: int = 0
    calls_judged: int = 0
    note: str = ""


def monday(week: str) -> date:
    """The first day of an ISO week like 2026-W09. Raises ValueError for anything else."""
    return datetime.strptime(f"{week}-1", "%G-W%V-%u").date()


def week_before(week: str) -> str:
    """The ISO week before."""
    year, number, _ = (monday(week) - timedelta(weeks=1)).isocalendar()
    return f"{year}-W{number:02d}"


def heard_by_week(store: AppStore, reviewer: str) -> dict[str, float]:
    """ISO week → unique seconds that the reviewer heard in it."""
    with store.reading() as connection:
        return dict(
            connection.execute(
                "select week, sum(heard_s) from listening where reviewer = ? group by week", (reviewer,)
            ).fetchall()
        )


def heard_calls(store: AppStore, reviewer: str, week: str) -> dict[str, float]:
    """Call → unique seconds that the reviewer heard of it in a week."""
    with store.reading() as connection:
        return dict(
            connection.execute(
                "select call_id, heard_s from listening where reviewer = ? and week = ?", (reviewer, week)
            ).fetchall()
        )


def weeks_in_a_row(heard_s: Mapping[str, float], week: str, target_s: float) -> int:
    """How many weeks up to this one reached the target without a gap; a week that is still on breaks nothing."""
    count = int(heard_s.get(week, 0.0) >= target_s)
    before = week_before(week)
    while heard_s.get(before, 0.0) >= target_s:
        count, before = count + 1, week_before(before)
    return count


def write_note(store: AppStore, reviewer: str, week: str, text: str, at: datetime | None = None) -> None:
    """Keep what the reviewer heard this week, in their words; earlier wordings are kept, too."""
    with store.transaction() as connection:
        connection.execute(
            "insert into closing_note_edits (reviewer, week, text, written_at) values (?, ?, redacted(?), ?)",
            (reviewer, week, text.strip()[:LONGEST_NOTE], text_of(at or now())),
        )


def note(store: AppStore, reviewer: str, week: str) -> str:
    """The reviewer's closing note of a week; empty when there is none."""
    with store.reading() as connection:
        row = connection.execute(
            "select text from closing_note_edits where reviewer = ? and week = ? order by edit_id desc limit 1",
            (reviewer, week),
        ).fetchone()
    return str(row[0]) if row else ""


def team(store: AppStore, week: str) -> list[WeekOf]:
    """Everybody who had a playlist, listened, or wrote a closing note in a week, by name."""
    with store.reading() as connection:
        rows = connection.execute(TEAM, {"week": week}).fetchall()
    return [WeekOf(*row) for row in rows]


def known(store: AppStore) -> list[str]:
    """The ISO weeks in which anybody had a playlist, listened or wrote a closing note, the newest first."""
    with store.reading() as connection:
        rows = connection.execute(
            "select week from playlists union select week from listening union select week from closing_note_edits"
            " order by week desc"
        ).fetchall()
    return [week for (week,) in rows]


def reviewers(store: AppStore) -> list[str]:
    """Everybody who has ever had a playlist or judged a call."""
    with store.reading() as connection:
        rows = connection.execute("select reviewer from playlists union select reviewer from review_edits").fetchall()
    return [name for (name,) in rows]


TEAM = """
with who as (
    select reviewer from playlists where week = :week
    union select reviewer from listening where week = :week
    union select reviewer from closing_note_edits where week = :week
),
heard as (
    select reviewer, sum(heard_s) as heard_s, count(*) filter (where heard_s > 0) as calls
    from listening where week = :week group by reviewer
),
judged as (
    select p.reviewer, count(distinct p.call_id) as calls
    from playlist_calls p
    join review_edits e on e.reviewer = p.reviewer and e.call_id = p.call_id and e.result is not null
    where p.week = :week group by p.reviewer
),
notes as (
    select reviewer, text, row_number() over (partition by reviewer order by edit_id desc) as place
    from closing_note_edits where week = :week
)
select w.reviewer, coalesce(h.heard_s, 0.0), coalesce(h.calls, 0), coalesce(j.calls, 0), coalesce(n.text, '')
from who w
left join heard h on h.reviewer = w.reviewer
left join judged j on j.reviewer = w.reviewer
left join notes n on n.reviewer = w.reviewer and n.place = 1
order by w.reviewer
"""
