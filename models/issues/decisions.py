"""What people decide about issues: name, actionable or not, owner, cause, fix, merging and splitting; with history and undo.

One row per issue in app.sqlite, one change each time (models/changes.py). The machine reads it and never writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from models import changes
from models.app_store import AppStore
from models.errors import ChangeRefused

TABLE = "issue_decisions"
LONGEST = 500
"""Characters of a text that a manager writes."""
ASSUMED = (
    "agent_hour", "customer_value", "issue_leaving_share", "compensation_share", "compensation_value", "redo_share",
    "redo_value",
)  # fmt: skip
"""What the cost of issues is reckoned with; defaults and meaning are in views/140_issues.sql."""
SHARES = frozenset({"issue_leaving_share", "compensation_share", "redo_share"})

Statement = tuple[str, int]
"""A statement by its call_id and turn_no."""
Rows = tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What people decided about one issue; None where nothing was decided."""

    issue_id: str
    name: str | None = None
    actionable: bool | None = None
    owner: str | None = None
    cause: str | None = None
    planned_fix: str | None = None
    fix_on: date | None = None
    merged_into: str | None = None
    split_from: str | None = None
    statements: tuple[Statement, ...] = ()


COLUMNS = tuple(field.name for field in fields(Decision))
TEXTS = ("name", "owner", "cause", "planned_fix")


def decided(store: AppStore) -> dict[str, Decision]:
    """Every decision, by issue."""
    return {str(row[0]): _decision(row) for row in decision_rows(store)}


def decide(store: AppStore, issue_id: str, values: Mapping[str, Any], who: str, at: datetime | None = None) -> bool:
    """Change what is decided about an issue: name, actionable, owner, cause, planned_fix, fix_on. False: nothing changed."""
    if unknown := set(values) - {*TEXTS, "actionable", "fix_on"}:
        raise ChangeRefused(f"An issue has no {', '.join(sorted(unknown))} to decide.")
    cleaned: dict[str, Any] = {name: _text(value) if name in TEXTS else value for name, value in values.items()}
    before = decided(store).get(issue_id, Decision(issue_id))
    return _put(store, replace(before, **cleaned), who, at)


def merge(store: AppStore, issue_id: str, into: str, who: str, at: datetime | None = None) -> bool:
    """Make an issue part of another; its calls count there. Raises ChangeRefused for a circle."""
    known = decided(store)
    head, seen = into, {issue_id}
    while head is not None:
        if head in seen:
            raise ChangeRefused("An issue can't be merged into itself, nor into one that is part of it.")
        seen.add(head)
        head = known[head].merged_into if head in known else None  # type: ignore[assignment]
    return _put(store, replace(known.get(issue_id, Decision(issue_id)), merged_into=into), who, at)


def part(store: AppStore, issue_id: str, who: str, at: datetime | None = None) -> bool:
    """Let a merged issue stand by itself again."""
    known = decided(store).get(issue_id, Decision(issue_id))
    return _put(store, replace(known, merged_into=None), who, at)


def split(
    store: AppStore, issue_id: str, name: str, said: Iterable[Statement], who: str, at: datetime | None = None
) -> str:
    """Make an issue of its own of some statements; what is said later and is more like them follows. Returns its id."""
    chosen, title = tuple(sorted(set(said))), _text(name)
    if not chosen or title is None:
        raise ChangeRefused("To split an issue, choose statements and give the new one a name.")
    taken = decided(store)
    new_id = next(key for n in range(1, 10_000) if (key := f"{issue_id}-{n}") not in taken)
    _put(store, Decision(new_id, name=title, split_from=issue_id, statements=chosen), who, at)
    return new_id


def undo(store: AppStore, who: str, at: datetime | None = None) -> changes.Change:
    """Take back the newest decision. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        return changes.undo(connection, TABLE, who, at or datetime.now(UTC))


def history(store: AppStore, limit: int = 100) -> list[changes.Change]:
    """The newest decisions, newest first."""
    with store.reading() as connection:
        return changes.history(connection, TABLE, limit)


def put_assumptions(
    store: AppStore, values: Mapping[str, float], who: str, at: datetime | None = None,
    sources: Mapping[str, str] | None = None,
) -> bool:  # fmt: skip
    """Write what the cost of issues is reckoned with, and where each comes from; what is not named keeps its source.

    False when nothing changed. Raises ChangeRefused for nonsense.
    """
    for name, value in values.items():
        if name not in ASSUMED or value < 0 or (name in SHARES and value > 1):
            raise ChangeRefused("Assumptions are 0 or more, and shares at most 100%.")
    told = {name: _text(source) for name, source in (sources or {}).items()}
    changed = False
    with store.transaction() as connection:
        at = at or datetime.now(UTC)
        known = dict(connection.execute("select name, source from assumptions").fetchall())
        for name, value in values.items():
            row = {"name": name, "value": float(value), "source": told.get(name, known.get(name))}
            changed |= changes.put(connection, "assumptions", row, who, at)
    return changed


def decision_rows(store: AppStore) -> Rows:
    """The decisions as they are in app.sqlite."""
    with store.reading() as connection:
        return tuple(connection.execute(f"select {', '.join(COLUMNS)} from {TABLE} order by issue_id").fetchall())  # noqa: S608


def assumption_rows(store: AppStore) -> Rows:
    """The assumptions that were written."""
    with store.reading() as connection:
        return tuple(connection.execute("select name, value, source from assumptions order by name").fetchall())


def published_rows(con: duckdb.DuckDBPyConnection) -> tuple[Rows, Rows]:
    """The decisions and assumptions of a snapshot, as ``decision_rows`` and ``assumption_rows`` give them."""
    made = con.execute(
        "select issue_id, name, actionable::integer, owner, cause, planned_fix, fix_on::varchar, merged_into, split_from,"
        " statements from snapshot.main.issue_decisions order by issue_id"
    ).fetchall()
    assumed = con.execute("select name, value, source from snapshot.main.assumptions order by name").fetchall()
    return tuple(tuple(row) for row in made), tuple(tuple(row) for row in assumed)


def publish_rows(con: duckdb.DuckDBPyConnection, decisions: Rows, assumptions: Rows) -> None:
    """Make the tables of these rows in the current schema, as a snapshot has them."""
    con.execute("create or replace table issue_decisions as from snapshot.main.issue_decisions limit 0")
    con.execute("create or replace table assumptions as from snapshot.main.assumptions limit 0")
    names, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
    sql = f"insert into issue_decisions ({names}, written_at, written_by) values ({marks}, now(), '')"  # noqa: S608
    _insert(con, sql, decisions)
    _insert(
        con,
        "insert into assumptions (name, value, source, written_at, written_by) values (?, ?, ?, now(), '')",
        assumptions,
    )


def _insert(con: duckdb.DuckDBPyConnection, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        con.executemany(sql, [list(row) for row in rows])


def _put(store: AppStore, decision: Decision, who: str, at: datetime | None) -> bool:
    with store.transaction() as connection:
        return changes.put(connection, TABLE, _row(decision), who, at or datetime.now(UTC))


def _row(decision: Decision) -> dict[str, Any]:
    row = asdict(decision)
    row["actionable"] = None if decision.actionable is None else int(decision.actionable)
    row["fix_on"] = decision.fix_on.isoformat() if decision.fix_on else None
    row["statements"] = json.dumps([list(one) for one in decision.statements]) if decision.statements else None
    return row


def _decision(row: Sequence[Any]) -> Decision:
    known = dict(zip(COLUMNS, row, strict=True))
    known["actionable"] = None if known["actionable"] is None else bool(known["actionable"])
    known["fix_on"] = date.fromisoformat(known["fix_on"]) if known["fix_on"] else None
    known["statements"] = tuple((str(call), int(turn)) for call, turn in json.loads(known["statements"] or "[]"))
    return Decision(**known)


def _text(value: str | None) -> str | None:
    """A text as it is kept: without spaces around it; an empty one is none."""
    text = (value or "").strip()
    if len(text) > LONGEST:
        raise ChangeRefused("A text may have at most 500 characters.")
    return text or None
