"""Targets of waits: per queue with the date from which they hold, kept in app.sqlite with their history.

A queue without targets of its own has those of ``*``. Past figures use the target of their day (views/020_judged_visits.sql).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

import duckdb

from models import changes
from models.app_store import AppStore
from models.errors import ChangeRefused

EVERY_QUEUE = "*"
FIRST_DAY = date(1970, 1, 1)
COLUMNS = (
    "queue", "valid_from", "goal", "threshold_s", "short_abandon_s", "abandons_count", "flow_outs_count",
    "all_calls_limit_s", "abandon_ceiling",
)  # fmt: skip
TargetRows = tuple[tuple[object, ...], ...]
"""Targets as rows of ``COLUMNS``, dates as text: what decides whether two sets of targets are the same."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised for a queue from the beginning of a local day on. Shares are 0 to 1; None: no such promise."""

    queue: str
    valid_from: date
    goal: float
    threshold_s: float
    short_abandon_s: float = 5.0
    abandons_count: bool = True
    flow_outs_count: bool = False
    all_calls_limit_s: float | None = None
    abandon_ceiling: float | None = None


def check(target: Target) -> None:
    """Raise ChangeRefused with what makes no sense."""
    if not target.queue.strip():
        raise ChangeRefused("A target needs a queue, or * for every queue.")
    if not 0 < target.goal <= 1:
        raise ChangeRefused("The goal must be above 0 and at most 100%.")
    if target.threshold_s <= 0 or target.short_abandon_s < 0:
        raise ChangeRefused("The target time must be above 0 seconds, the short-abandon limit 0 or more.")
    if target.all_calls_limit_s is not None and target.all_calls_limit_s < target.threshold_s:
        raise ChangeRefused("The limit for every call can't be below the target time.")
    if target.abandon_ceiling is not None and not 0 < target.abandon_ceiling <= 1:
        raise ChangeRefused("The ceiling for abandonment must be above 0 and at most 100%.")


def targets(store: AppStore) -> list[Target]:
    """All targets, by queue and date."""
    return [_target(row) for row in target_rows(store)]


def put_target(store: AppStore, target: Target, who: str, at: datetime | None = None) -> bool:
    """Write a target, in place of the queue's own of the same date; False when nothing changed."""
    check(target)
    with store.transaction() as connection:
        return changes.put(connection, "targets", _row(target), who, at or datetime.now(UTC))


def remove_target(store: AppStore, queue: str, valid_from: date, who: str, at: datetime | None = None) -> bool:
    """Remove a target; the one that every queue falls back on stays. Raises ChangeRefused for that one."""
    if (queue, valid_from) == (EVERY_QUEUE, FIRST_DAY):
        raise ChangeRefused("The first target of every queue can be changed, but not removed.")
    with store.transaction() as connection:
        item = {"queue": queue, "valid_from": valid_from.isoformat()}
        return changes.remove(connection, "targets", item, who, at or datetime.now(UTC))


def undo(store: AppStore, who: str, at: datetime | None = None) -> changes.Change:
    """Take back the newest change of the targets. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        return changes.undo(connection, "targets", who, at or datetime.now(UTC))


def history(store: AppStore, limit: int = 100) -> list[changes.Change]:
    """The newest changes of the targets, newest first."""
    with store.reading() as connection:
        return changes.history(connection, "targets", limit)


def target_rows(store: AppStore) -> TargetRows:
    """The targets as they are in app.sqlite."""
    with store.reading() as connection:
        names = ", ".join(COLUMNS)
        rows = connection.execute(f"select {names} from targets order by queue, valid_from").fetchall()  # noqa: S608
    return tuple(tuple(row) for row in rows)


def published_rows(con: duckdb.DuckDBPyConnection) -> TargetRows:
    """The targets of a snapshot, as ``target_rows`` gives them."""
    rows = con.execute(
        "select queue, valid_from::varchar, goal, threshold_s, short_abandon_s, abandons_count::integer,"
        " flow_outs_count::integer, all_calls_limit_s, abandon_ceiling"
        " from snapshot.main.targets order by queue, valid_from"
    ).fetchall()
    return tuple(tuple(row) for row in rows)


def publish_rows(con: duckdb.DuckDBPyConnection, rows: TargetRows) -> None:
    """Make the table ``targets`` of these rows in the current schema, as a snapshot has it."""
    con.execute("create or replace table targets as from snapshot.main.targets limit 0")
    names, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
    con.executemany(
        f"insert into targets (target_id, written_at, written_by, {names}) values (?, now(), '', {marks})",  # noqa: S608
        [[number, *row] for number, row in enumerate(rows, 1)],
    )


def _row(target: Target) -> dict[str, object]:
    row = {**asdict(target), "valid_from": target.valid_from.isoformat(), "queue": target.queue.strip()}
    return {name: int(value) if isinstance(value, bool) else value for name, value in row.items()}


def _target(row: tuple[object, ...]) -> Target:
    known = dict(zip(COLUMNS, row, strict=True))
    known["valid_from"] = date.fromisoformat(str(known["valid_from"]))
    for name in ("abandons_count", "flow_outs_count"):
        known[name] = bool(known[name])
    return Target(**known)  # type: ignore[arg-type]
