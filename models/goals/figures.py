"""Operational figures: typed by hand or loaded from CSV into app.sqlite, each value with where it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import isfinite

from models import changes
from models.app_store import AppStore, text_of
from models.errors import ChangeRefused
from models.goals import figure_files, registers
from models.records import Turn
from models.redaction import Wanted, redact, wanted

TABLES = ("figures",)
TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did: values that are new or changed, values known already, and lines refused."""

    changed: int
    known: int
    refused: tuple[figure_files.SetAside, ...]
    again: bool = False
    """Whether this very file had been loaded before."""


def put(store: AppStore, figure: str, day: date, value: float, who: str, at: datetime | None = None) -> bool:
    """Type one value, in place of the one of its day; False when it is that already. Raises ChangeRefused."""
    if not isfinite(value) or value < 0:
        raise ChangeRefused("A figure is 0 or more.")
    known = registers.row(store, "figures", {"figure": figure, "day": day.isoformat()})
    if known and known["value"] == value:
        return False
    row = {"figure": figure, "day": day.isoformat(), "value": float(value), "source": TYPED, "line_no": None}
    return registers.put(store, [("figures", row)], who, at) > 0


def remove(store: AppStore, figure: str, day: date, who: str, at: datetime | None = None) -> bool:
    """Remove one value; False when there is none."""
    return registers.remove(store, "figures", {"figure": figure, "day": day.isoformat()}, who, at)


def load(store: AppStore, name: str, content: bytes, who: str, at: datetime | None = None) -> Loaded:
    """Load a CSV file, all of it at once: the same file again changes nothing. Raises ChangeRefused for one without use.

    Of several lines about one figure and day the last one counts. Refused lines are kept with their reason.
    """
    at = at or datetime.now(UTC)
    found = without_secrets(figure_files.read(content, _own(store)), wanted(store.settings))
    sha256, name = hashlib.sha256(content).hexdigest(), name[-200:]
    newest = {(v.figure, v.day): v for v in found.values}
    with store.transaction() as connection:
        again = connection.execute("select 1 from figure_files where sha256 = ?", (sha256,)).fetchone() is not None
        before = {(f, d): v for f, d, v in connection.execute("select figure, day, value from figures")}
        changed = [v for (f, d), v in newest.items() if before.get((f, d.isoformat())) != v.value]
        if again and not changed:
            return Loaded(0, len(newest), found.refused, True)
        for v in changed:
            row = {"figure": v.figure, "day": v.day.isoformat(), "value": v.value, "source": name, "line_no": v.line_no}
            changes.put(connection, "figures", row, who, at)
        if not again:
            connection.execute(
                "insert into figure_files values (?, ?, ?, ?, ?, ?, ?)",
                (sha256, name, found.lines, len(newest), len(found.refused), text_of(at), who),
            )
            connection.executemany(
                "insert into refused_figures values (?, ?, ?, ?)",
                [(sha256, one.line_no, one.reason, one.raw) for one in found.refused],
            )
    return Loaded(len(changed), len(newest) - len(changed), found.refused, again)


def without_secrets(found: figure_files.Read, what: Wanted) -> figure_files.Read:
    """The same with card numbers and the like taken out of the lines that can't be used."""
    clean = (replace(one, raw=redact([Turn("unknown", None, None, one.raw)], what)[0][0].text) for one in found.refused)
    return replace(found, refused=tuple(clean))


def _own(store: AppStore) -> dict[str, str]:
    """Name → figure of figures made here."""
    with store.reading() as connection:
        return dict(connection.execute("select name, figure from own_figures order by figure desc").fetchall())
