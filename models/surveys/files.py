"""Files of surveys in app.sqlite: read, read again without effect, and taken back, with history."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models import changes
from models.app_store import AppStore, text_of
from models.privacy.erased import NO_LINE, THEIR_LINE, Erased, remembered_by_people
from models.records import Turn
from models.redaction import Wanted, redact
from models.redaction.refused import redact_row
from models.surveys.reading import Answer, Read, Scale, SetAside, read

TABLE = "survey_files"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did: lines kept and refused; ``again`` when the same file had brought the same before."""

    kept: int
    refused: tuple[SetAside, ...]
    again: bool


def load(
    store: AppStore, name: str, content: bytes, known_calls: Collection[str], scale: Scale, redacted: Wanted, who: str,
    at: datetime | None = None,
) -> Loaded:  # fmt: skip
    """Load a file, all of it at once. The same file again brings what was refused and can be used by now; else nothing.

    Card numbers and the like are taken out of answers and refused lines before anything is written. Raises ChangeRefused
    for a file without use.
    """
    at = at or datetime.now(UTC)
    found = without_erased(read(content, store.zone, known_calls, scale, at), remembered_by_people(store))
    found = without_secrets(found, redacted)
    sha256 = hashlib.sha256(content).hexdigest()
    row = {
        "sha256": sha256, "name": name[-200:], "lowest": scale.lowest, "highest": scale.highest, "lines": found.lines,
        "kept": len(found.answers), "refused": len(found.refused),
    }  # fmt: skip
    with store.transaction() as connection:
        changed = changes.put(connection, TABLE, row, who, at)
        if changed:
            _replace(connection, sha256, found)
    return Loaded(len(found.answers), found.refused, not changed)


def without_erased(found: Read, erased: Erased) -> Read:
    """The same without what is about customers who were erased: their lines are told by number alone."""
    theirs = [a for a in found.answers if erased.holds(("customer", a.customer_id), ("call", a.call_id))]
    refused = [SetAside(a.line_no, THEIR_LINE, NO_LINE) for a in theirs]
    refused += [SetAside(r.line_no, THEIR_LINE, NO_LINE) if erased.names(r.raw) else r for r in found.refused]
    gone = {a.line_no for a in theirs}
    kept = tuple(a for a in found.answers if a.line_no not in gone)
    return Read(kept, tuple(sorted(refused, key=lambda r: r.line_no)), found.lines)


def without_secrets(found: Read, what: Wanted) -> Read:
    """The same surveys and refused lines without card numbers and the like."""
    answers = tuple(
        Answer(**{**_fields(a), "open_answer": redact([Turn("customer", None, None, a.open_answer)], what)[0][0].text})
        if a.open_answer
        else a
        for a in found.answers
    )
    refused = tuple(SetAside(r.line_no, r.reason, redact_row(r.raw, r.own, what)) for r in found.refused)
    return Read(answers, refused, found.lines)


def undo(store: AppStore, who: str, at: datetime | None = None) -> changes.Change:
    """Take back the newest file, or what was done to one. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        return changes.undo(connection, TABLE, who, at or datetime.now(UTC))


def history(store: AppStore, limit: int = 100) -> list[changes.Change]:
    """The newest changes of the files, newest first."""
    with store.reading() as connection:
        return changes.history(connection, TABLE, limit)


def _fields(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in Answer.__slots__}


def _replace(connection: sqlite3.Connection, sha256: str, found: Read) -> None:
    for table in ("survey_lines", "refused_surveys"):
        connection.execute(f"delete from {table} where sha256 = ?", (sha256,))  # noqa: S608 - our own names
    connection.executemany(
        "insert into survey_lines values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (sha256, a.line_no, a.key, a.call_id, a.customer_id, _text(a.sent_at), _text(a.answered_at), a.open_answer, a.rating)
            for a in found.answers
        ],
    )  # fmt: skip
    connection.executemany(
        "insert into refused_surveys values (?, ?, ?, ?)", [(sha256, r.line_no, r.reason, r.raw) for r in found.refused]
    )


def _text(at: datetime | None) -> str | None:
    return None if at is None else text_of(at)
