"""Complaints from a file: looked at first, then brought in as a whole; the same file twice changes nothing.

A line is known by its reference, else by what it says. Lines that can't be used are kept in refused_complaint_rows.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from models import changes, typed
from models.app_store import AppStore, now, text_of
from models.complaints import register, sheets
from models.complaints.register import ANSWERS, CHANNELS, KINDS, MOMENTS, TABLE, Complaint
from models.complaints.sheets import Line, RefusedLine, Sheet
from models.errors import ChangeRefused
from models.privacy.erased import NO_LINE, THEIR_LINE, remembered_by_people
from models.redaction import Wanted, wanted
from models.redaction.refused import redact_row

LONGEST_RAW = 2000
"""Characters of a refused line that are kept."""
DATES = (*sorted(MOMENTS - {"escalated_at", "closed_at"}), "promised_for")
CHOICES = {"kind": KINDS, "channel": CHANNELS, "satisfied_after": ANSWERS, "would_buy_again": ANSWERS}
OWN = frozenset((*DATES, "reference", "customer_id", "customer_phone", "call_id", "compensation_value"))
"""Cells of a refused line that stay unless they hold a secret."""
CallFacts = Callable[[list[str]], Mapping[str, Mapping[str, str | None]]]
"""Call ids → what is known of these calls."""
SAME_REFERENCE = str(ChangeRefused("The file has this reference twice, and the lines differ."))


@dataclass(frozen=True, slots=True)
class Preview:
    """What bringing in a file would do. ``days_first`` is None when the file's dates don't show it."""

    file_name: str
    sha256: str
    sheet: Sheet
    days_first: bool | None
    new: tuple[tuple[int, Complaint], ...]
    """Line number and complaint."""
    known: int
    """Lines that are in the register already, or twice in the file."""
    differing: tuple[int, ...]
    """Numbers of those lines that say something else here than in the register, where it stays as it is."""
    refused: tuple[RefusedLine, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it is kept; ``standing`` of its complaints are still there."""

    import_id: int
    file_name: str
    rows_added: int
    rows_known: int
    rows_refused: int
    imported_at: datetime
    imported_by: str
    standing: int


def preview(
    store: AppStore, file_name: str, data: bytes, issues: Mapping[str, str], days_first: bool | None = None,
    at: datetime | None = None, calls: CallFacts | None = None,
) -> Preview:  # fmt: skip
    """What a file would bring; nothing is written. ``issues``: id → name of those that are known.

    ``calls`` tells of calls what a line that names one may leave empty: customer_id, received_by, issue_id.
    ``days_first`` says how dates like 03/04/2026 are read; None: as the file's other dates show, else days first.
    Raises ChangeRefused when the file as a whole can't be used.
    """
    sheet = sheets.read(data)
    shown = sheets.day_first(sheet, DATES)
    first = days_first if days_first is not None else shown is not False
    register_of, what, by_hand = _known(store), wanted(store.settings), typed.typed_kinds(store.settings)
    ids = sorted({line.cells["call_id"] for line in sheet.lines if line.cells.get("call_id")})
    facts = calls(ids) if calls and ids else {}
    new: dict[str, tuple[int, Complaint]] = {}
    known, differing, refused = 0, [], list(sheet.refused)
    for line in sheet.lines:
        made = _complaint(line, sheet, store.zone, first, issues, at or now())
        if isinstance(made, RefusedLine):
            refused.append(made)
            continue
        made = without_secrets(_filled(made, facts), by_hand)
        key = str(made.import_key)
        if key in register_of or (key in new and new[key][1] == made):
            known += 1
            if key in register_of and _differs(made, register_of[key], sheet):
                differing.append(line.line_no)
        elif key in new:
            heading = sheet.headings.get("reference", "")
            refused.append(RefusedLine(line.line_no, heading, SAME_REFERENCE, line.raw))
        else:
            new[key] = (line.line_no, made)
    erased = remembered_by_people(store)
    for key, (line_no, made) in [*new.items()]:
        if erased.holds(("customer", made.customer_id), ("customer", made.customer_phone), ("call", made.call_id)):
            refused.append(RefusedLine(line_no, "", THEIR_LINE, NO_LINE))
            del new[key]
    refused = [RefusedLine(r.line_no, "", THEIR_LINE, NO_LINE) if erased.names(r.raw) else r for r in refused]
    own = {line.line_no: [line.cells.get(field, "") for field in line.cells if field in OWN] for line in sheet.lines}
    refused = [replace(r, raw=redact_row(r.raw, own.get(r.line_no, ()), what)) for r in refused]
    refused.sort(key=lambda one: one.line_no)
    digest = hashlib.sha256(data).hexdigest()
    return Preview(file_name[:200], digest, sheet, shown, (*new.values(),), known, (*differing,), (*refused,))


def without_secrets(made: Complaint, what: Wanted) -> Complaint:
    """The complaint as it will be written: see ``models.typed``."""
    clean: dict[str, Any] = {field: typed.without_secrets(getattr(made, field), what) for field in typed.columns(TABLE)}
    return replace(made, **clean)


def bring_in(store: AppStore, seen: Preview, who: str, at: datetime | None = None) -> Import:
    """Write the new complaints of a preview and keep what was refused, all of it or nothing.

    What others brought in since it was looked at is not written twice.
    """
    at = at or now()
    with store.transaction() as connection:
        present = {
            key for (key,) in connection.execute("select import_key from complaints where import_key is not null")
        }
        fresh = [complaint for _, complaint in seen.new if complaint.import_key not in present]
        known = seen.known + len(seen.new) - len(fresh)
        record = (seen.file_name, seen.sha256, len(fresh), known, len(seen.refused), text_of(at), who)
        added = connection.execute(
            "insert into complaint_imports (file_name, sha256, rows_added, rows_known, rows_refused, imported_at, imported_by)"
            " values (?, ?, ?, ?, ?, ?, ?)", record,
        )  # fmt: skip
        import_id = int(added.lastrowid or 0)
        for complaint in fresh:
            register.add(connection, replace(complaint, import_id=import_id), who, at)
        connection.executemany(
            "insert into refused_complaint_rows (import_id, line_no, reason, raw) values (?, ?, ?, ?)",
            [(import_id, one.line_no, one.reason, one.raw[:LONGEST_RAW]) for one in seen.refused],
        )
    return Import(import_id, seen.file_name, len(fresh), known, len(seen.refused), at, who, len(fresh))


def imports(store: AppStore, limit: int = 20) -> list[Import]:
    """The newest imports, newest first."""
    with store.reading() as connection:
        rows = connection.execute(
            "select import_id, file_name, rows_added, rows_known, rows_refused, imported_at, imported_by,"
            " (select count(*) from complaints c where c.import_id = i.import_id)"
            " from complaint_imports i order by import_id desc limit ?",
            (limit,),
        ).fetchall()
    return [Import(n, name, added, known, refused, datetime.fromisoformat(when), who, left)
            for n, name, added, known, refused, when, who, left in rows]  # fmt: skip


def take_back(store: AppStore, import_id: int, who: str, at: datetime | None = None) -> tuple[int, int]:
    """Take back what an import brought; what people changed since stays. How many went, and how many stayed."""
    at = at or now()
    gone = stayed = 0
    with store.transaction() as connection:
        rows = connection.execute("select complaint_id from complaints where import_id = ?", (import_id,)).fetchall()
        for (complaint_id,) in rows:
            item = {"complaint_id": complaint_id}
            if len(changes.history(connection, TABLE, 2, item)) > 1:
                stayed += 1
            else:
                changes.undo(connection, TABLE, who, at, item)
                gone += 1
    return gone, stayed


def _complaint(
    line: Line, sheet: Sheet, zone: ZoneInfo, days_first: bool, issues: Mapping[str, str], at: datetime
) -> Complaint | RefusedLine:
    """The complaint of a line, tidy and checked, or why it can't be used."""
    values: dict[str, Any] = {}
    for field, cell in line.cells.items():
        try:
            values[field] = _value(field, cell, zone, days_first, issues)
        except ChangeRefused as error:
            return RefusedLine(line.line_no, sheet.headings[field], str(error), line.raw)
    if values.get("received_at") is None:
        return RefusedLine(line.line_no, sheet.headings["received_at"], sheets.NO_DATE, line.raw)
    values["nature"] = values.get("nature") or ""
    values["kind"] = values.get("kind") or "complaint"
    values["channel"] = values.get("channel") or "other"
    complaint = register.tidy(Complaint(**values))
    try:
        register.check(complaint, at)
    except ChangeRefused as error:
        return RefusedLine(line.line_no, "", str(error), line.raw)
    return replace(complaint, import_key=_key(complaint))


def _filled(made: Complaint, facts: Mapping[str, Mapping[str, str | None]]) -> Complaint:
    """The complaint with what its call knows and its line leaves empty."""
    known = facts.get(made.call_id or "", {})
    return replace(made, **{name: value for name, value in known.items() if value and getattr(made, name) is None})  # type: ignore[arg-type]


def _value(field: str, cell: str, zone: ZoneInfo, days_first: bool, issues: Mapping[str, str]) -> Any:
    """What a cell says. Raises ChangeRefused for what can't be read."""
    if field in MOMENTS:
        return sheets.moment(cell, zone, days_first, at_end=field != "received_at")
    if field == "promised_for":
        return sheets.day(cell, zone, days_first)
    if field == "done_on_spot":
        return sheets.flag(cell)
    if field == "compensation_value":
        return sheets.amount(cell)
    if field in CHOICES:
        return sheets.code(cell, CHOICES[field])
    if field == "issue_id" and cell:
        return _issue(cell, issues)
    return cell or None


def _issue(cell: str, issues: Mapping[str, str]) -> str:
    """The id of an issue that is named by its id or its name. Raises ChangeRefused for an unknown one."""
    if cell in issues:
        return cell
    named = [issue_id for issue_id, name in issues.items() if name.casefold() == cell.casefold()]
    if len(named) != 1:
        raise ChangeRefused("There is no such issue.")
    return named[0]


def _key(complaint: Complaint) -> str:
    """What a line is known by when it comes again."""
    if complaint.reference:
        return f"reference {complaint.reference}"
    said = json.dumps(asdict(complaint), default=str, sort_keys=True)
    return f"line {hashlib.sha256(said.encode()).hexdigest()}"


def _known(store: AppStore) -> dict[str, Complaint]:
    """Import key → complaint, of those in the register; one written by hand is known by its reference."""
    with store.reading() as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("select * from complaints where import_key is not null or reference is not null")
        found = [register.complaint_of(dict(row)) for row in rows]
    return {
        key: one for one in found for key in (one.import_key, one.reference and f"reference {one.reference}") if key
    }


def _differs(made: Complaint, known: Complaint, sheet: Sheet) -> bool:
    """Whether a line says something that the register doesn't; empty cells say nothing."""
    said = {field: getattr(made, field) for field in sheet.headings}
    return any(value is not None and value != getattr(known, field) for field, value in said.items())
