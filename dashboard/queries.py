"""Named queries of the published snapshot as DataFrames: the only place of the dashboard that caches data.

A query is a file in ``models/queries``; its ``$name`` parameters are bound, never written into it.
Results are kept per snapshot: a new snapshot is seen by the next page, an old one is forgotten. The server gets a new one
ready first (dashboard/ahead.py).
"""

from __future__ import annotations

import functools
import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.prepared import HELD, Prepared, needed_by, sql_of
from models import publish, registers, said_index
from models import settings as settings_of
from models.access.people import Limits
from models.app_store import AppStore
from models.errors import SettingsError, StoreError
from models.issues import decisions
from models.issues.decisions import Rows as IssueRows
from models.registers import Stamp
from models.settings import Settings
from models.store import QUERIES, Store
from models.waits.targets import TargetRows, target_rows

PARAMETER = re.compile(r"\$([a-z_]+)")
SLOW_S, MOST_SLOW = 0.1, 50
"""From how many seconds on a query is asked ahead of the next snapshot's first visit, and how many such are remembered."""

GIVE_WAY_S = 0.05
"""Between two things that are made ahead: a page that waits for one of its own goes first."""

_shown: dict[Path, Path] = {}
"""Store folder → the snapshot that was last got ready; none where nobody gets them ready."""
_ready: dict[Path, tuple[Path, str]] = {}
"""Store folder → snapshot and digest of what people wrote, for which all is prepared."""

ABOUT_THE_SNAPSHOT = frozenset({"dictionary"})
"""Queries that describe the snapshot itself, so must not see what is prepared beside it."""

MOST_CALLS = 5_000
"""Words that more calls hold than these are common: the newest transcripts will hold them."""

EXAMPLE_ROWS = 200
"""Rows of an example query that are shown."""


def settings() -> Settings:
    """The settings of this call centre."""
    return settings_of.load()


def settings_can_be_read() -> bool:
    """Whether the settings hold; whoever edits them while the dashboard runs may leave a mistake in them."""
    try:
        settings()
    except SettingsError:
        return False
    return True


def snapshot() -> Path | None:
    """The newest published snapshot, or the one before it while ``get_ready`` is at work; None before the first."""
    store = Store(settings())
    newest, shown = store.snapshot_path(), _shown.get(store.root)
    return shown if newest is not None and shown is not None and shown.exists() else newest


def get_ready() -> None:
    """Prepare what pages will ask of the newest snapshot; until that is done, they show the one that was got ready before.

    What took long when the snapshot before was asked is asked again. Does nothing when all is ready.
    """
    store, seen = Store(settings()), _written()
    newest = store.snapshot_path()
    if newest is None or _ready.get(store.root) == (newest, seen.digest):
        return
    try:
        if _is_of_this_version(newest):
            _prepare(str(newest), seen, again=_shown.get(store.root) != newest)
            _ready[store.root] = (newest, seen.digest)
    finally:  # a snapshot that can't be read is the pages' to tell
        _shown[store.root] = newest


def _prepare(path: str, seen: Seen, again: bool) -> None:
    """Make all that is kept beside a snapshot, then ask it what took long before."""
    prepared = _prepared(path, seen.written.targets)
    prepared.decide(seen.written.decisions, seen.written.assumptions)
    prepared.refresh(app_store(), seen.stamp)
    for what in HELD:
        prepared.make(what)
        time.sleep(GIVE_WAY_S)
    asked = list(_slow.values()) if again else []
    _slow.clear()
    for ask in asked:
        _answer(path, seen.digest_with_registers if ask.registered else seen.digest, seen, ask)


def is_of_this_version() -> bool:
    """Whether the newest snapshot holds the views that these pages ask."""
    path = snapshot()
    return path is not None and _is_of_this_version(path)


@functools.lru_cache(maxsize=4)
def _is_of_this_version(path: Path) -> bool:
    return publish.is_of_this_version(path)


def query(name: str, **parameters: object) -> pd.DataFrame:
    """What ``models/queries/<name>.sql`` returns for the newest snapshot; it takes the parameters that it names.

    Whoever looks gets the rows that their limits allow, whatever is asked. Raises KeyError when a parameter is not given.
    """
    return _ask(name, parameters, None)


def query_each(name: str, each: str, **parameters: object) -> pd.DataFrame:
    """The rows of ``query`` for each value of the list that parameter ``each`` is given, one after the other.

    DuckDB finds a call's turns in a millisecond, those of fifty at once only by reading half of all.
    """
    return _ask(name, parameters, each)


def _ask(name: str, parameters: dict[str, object], each: str | None) -> pd.DataFrame:
    path = snapshot()
    if path is None:
        raise LookupError("Nothing has been published yet.")
    named = {"zone": settings().time_zone, "hours": hours(), **parameters}
    seen = _written()
    registered = name.startswith(registers.FOLDERS)
    digest = seen.digest_with_registers if registered else seen.digest
    given = {key: named[key] for key in parameters_of(name)}
    ask = Ask(registered, session.person().limits, name, given, each)
    return _answer(str(path), digest, seen, ask)


@st.cache_data(max_entries=100, show_spinner=False)
def _calls_that_say(path: str, folder: str, words: tuple[str, ...]) -> list[str] | None:
    return said_index.find(Path(folder), words, MOST_CALLS)


def calls_that_say(words: tuple[str, ...]) -> list[str] | None:
    """Calls that can hold these words, by the index; None when it can't tell (see models.said_index)."""
    return _calls_that_say(str(snapshot()), str(settings().store), words)


def hours() -> str | None:
    """``open`` when figures are those of the opening hours, None when every hour counts."""
    of = settings()
    limited = bool(of.opening_hours or of.closed_days) and of.outside_hours != "counted"
    return "open" if limited else None


def app_store() -> AppStore:
    """What people write in the dashboard."""
    return _app_store(settings())


@functools.cache
def _app_store(of: Settings) -> AppStore:
    return AppStore(of)


def refusal_of_app_store() -> StoreError | None:
    """Why what people write can't be opened, such as a store of a newer version; None when it can."""
    try:
        app_store().connect().close()
    except StoreError as error:
        return error
    return None


@dataclass(frozen=True, slots=True)
class Written:
    """What people wrote that figures depend on, as it is now."""

    targets: TargetRows
    decisions: IssueRows
    assumptions: IssueRows


@dataclass(frozen=True, slots=True)
class Seen:
    """What people wrote, as it was read, with the stamp of the registers; results are kept by the digests."""

    written: Written
    stamp: Stamp
    digest: str
    digest_with_registers: str


def _written() -> Seen:
    """What people wrote; read again only when the file has changed."""
    return _written_in(settings(), app_store().stamp())


@functools.lru_cache(maxsize=4)
def _written_in(of: Settings, seen: object) -> Seen:
    store = _app_store(of)
    written = Written(target_rows(store), decisions.decision_rows(store), decisions.assumption_rows(store))
    stamp = registers.stamp(store)
    return Seen(written, stamp, _digest(written), _digest((written, stamp)))


def _digest(of: object) -> str:
    """The same for equal things; quicker to compare, and to hash, than they are."""
    return hashlib.sha256(repr(of).encode()).hexdigest()


def row(name: str, **parameters: object) -> dict[str, Any]:
    """The one row of a query that always returns one."""
    values: dict[str, Any] = query(name, **parameters).iloc[0].to_dict()
    return {column: value.item() if isinstance(value, np.generic) else value for column, value in values.items()}


def examples() -> dict[str, str]:
    """Name and SQL of each example query, its first line saying what it answers."""
    return {file.stem: file.read_text("utf-8") for file in sorted((QUERIES / "examples").glob("*.sql"))}


def example(name: str) -> pd.DataFrame:
    """The first rows of one of our example queries."""
    return query(f"examples/{name}").head(EXAMPLE_ROWS)


def parameters_of(name: str) -> frozenset[str]:
    """The parameters that a named query takes."""
    return frozenset(PARAMETER.findall(sql_of(name)))


class Ask(NamedTuple):
    """One question to a snapshot: whether it looks at the registers, within which limits, and the query with its parameters.

    Where ``each`` names a parameter, the query is asked for each of its values.
    """

    registered: bool
    limits: Limits | None
    name: str
    parameters: dict[str, object]
    each: str | None = None

    def values(self) -> Sequence[dict[str, object]]:
        """What the query is asked with, once or several times."""
        if self.each is None:
            return [self.parameters]
        values = cast(Sequence[object], self.parameters[self.each])
        return [{**self.parameters, self.each: value} for value in values]


_slow: dict[str, Ask] = {}
"""What took long lately, the newest last."""


def _remember(ask: Ask) -> None:
    _slow.pop(repr(ask), None)
    _slow[repr(ask)] = ask
    while len(_slow) > MOST_SLOW:
        _slow.pop(next(iter(_slow)), None)


def _answer(path: str, digest: str, seen: Seen, ask: Ask) -> pd.DataFrame:
    """What was kept, else a new result. By keywords: Streamlit takes longer to find out the names of arguments itself."""
    try:
        found: pd.DataFrame = _result(
            path=path, digest=digest, _seen=seen, _registered=ask.registered, limits=ask.limits, name=ask.name,
            parameters=ask.parameters, each=ask.each,
        )  # fmt: skip
    except _Overtaken as overtaken:
        return overtaken.found
    return found


class _Overtaken(Exception):
    """A result, to be shown once and not kept: a visit that saw other decisions came between, so it may be theirs."""

    def __init__(self, found: pd.DataFrame) -> None:
        self.found = found


@st.cache_data(max_entries=400, show_spinner=False)
def _result(
    path: str, digest: str, _seen: Seen, _registered: bool, limits: Limits | None, name: str, parameters: dict[str, object],
    each: str | None,
) -> pd.DataFrame:  # fmt: skip
    ask = Ask(_registered, limits, name, parameters, each)
    began = time.perf_counter()
    targets = _seen.written.targets
    prepared = _prepared(path, targets) if limits is None else _limited(path, targets, limits)
    prepared.decide(_seen.written.decisions, _seen.written.assumptions)
    if _registered:
        prepared.refresh(app_store(), _seen.stamp)
    for what in needed_by(name, parameters):
        prepared.make(what)
    with prepared.cursor() as cursor:
        if name in ABOUT_THE_SNAPSHOT:
            cursor.execute("use snapshot")
        rows: list[tuple[object, ...]] = []
        for values in ask.values():
            rows += cursor.execute(sql_of(name), values or None).fetchall()
        found = pd.DataFrame(rows, columns=[column[0] for column in cursor.description or ()])
    if time.perf_counter() - began > SLOW_S and "now" not in parameters:  # nobody asks about this minute again
        _remember(ask)
    if not prepared.is_decided(_seen.written.decisions, _seen.written.assumptions):
        raise _Overtaken(found)
    return found


@st.cache_resource(max_entries=2, show_spinner=False, on_release=Prepared.close)
def _prepared(path: str, targets: TargetRows) -> Prepared:
    return Prepared(path, targets)


@st.cache_resource(max_entries=8, show_spinner=False, on_release=Prepared.close)
def _limited(path: str, targets: TargetRows, limits: Limits) -> Prepared:
    """One for everybody with the same limits."""
    return Prepared(path, targets, limits)
