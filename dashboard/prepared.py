"""What is kept in memory beside a snapshot, compressed: what pages ask for again and again, and what people wrote since.

Names mean what is kept where there is some, and the snapshot's tables and views otherwise.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Mapping
from pathlib import Path

import duckdb

from models import publish, registers
from models.access import limits as limiting
from models.access.people import Limits
from models.app_store import AppStore
from models.issues import decisions
from models.issues.decisions import Rows as IssueRows
from models.publish import VIEWS
from models.registers import Stamp
from models.store import QUERIES
from models.surveys import themes
from models.waits.targets import TargetRows, publish_rows, published_rows

DEFINED = re.compile(r"^create or replace view (?P<view>\w+) as\b", re.MULTILINE)
MEMORY_LIMIT = "1GB"
QUERY, VIEW = "query", "view"
HELD = {
    "call_issues": "from call_issues order by issue_id, started_at",
    "issues": VIEW,
    "need_quarters": QUERY,
    "judged_visits": "from judged_visits order by entered_at",
    "lost_callers": VIEW,
    "callers_to_call_back": VIEW,
    "repeat_calls": VIEW,
    "issue_weeks": VIEW,
    "issue_fixes": VIEW,
    "call_measure_days": "from measures_of_calls()",
    "customer_contacts": VIEW,
    "transcript_places": QUERY,
}
"""What is kept in memory once it was asked for, with what makes it: a statement, the named query of that name, or the
definition of the view of that name. Each is made from what is kept already where there is some, so the order matters; the Overview's come first."""

SEARCHED = ",".join(f"{name}.main" for name in (*HELD, "prepared"))
"""Where names are looked for first: what is kept. Last comes the snapshot, or what somebody may see of it."""

DECIDED = ("call_issues", "issues", "issue_weeks", "issue_fixes", "call_measure_days")
"""What of it is made again when people decide about issues."""

_ISSUES = ("call_issues", "issues", "issue_weeks")
_VISITS, _CALLERS, _PLACES = ("judged_visits",), ("lost_callers", "repeat_calls"), ("transcript_places",)
TOLD_LATER = ("lost", "back", "reached")
"""Outcomes that are told by what the same caller did later."""
NEEDS = {
    **dict.fromkeys(("wait_totals", "by_part", "patience", "wait_spread", "late_handling", "waits_csv"), _VISITS),
    **dict.fromkeys(("calls_page_by_visit", "calls_count_by_visit"), _VISITS),
    **dict.fromkeys(("lost", "repeats"), _CALLERS),
    **dict.fromkeys(("said", "said_reach"), _PLACES),
    **dict.fromkeys(("issue_weeks", "issue_emerging"), _ISSUES),
    **dict.fromkeys(("issue_ledger", "issue_calls", "cost_weeks"), _ISSUES[:2]),
    **dict.fromkeys(("registers/complaints", "registers/complaint_counts", "registers/complaint_ages"), _ISSUES[:2]),
    **dict.fromkeys(("registers/complaints_around_call", "registers/complaint_promises"), _ISSUES[:2]),
    **dict.fromkeys(("registers/issue_by", "registers/issue_complaints"), _ISSUES[:2]),
    **dict.fromkeys(
        ("registers/goal_standings", "registers/goal_trend", "registers/figure_months"),
        ("judged_visits", *_ISSUES[:2], "call_measure_days"),
    ),
    **dict.fromkeys(
        ("registers/customers_page", "registers/customers_count", "registers/customer"), ("customer_contacts",)
    ),
    "registers/to_call_back": ("lost_callers", "callers_to_call_back"),
    "needs": ("need_quarters",),
    **dict.fromkeys(("customer_issues", "registers/survey_issues", "registers/survey_answers"), _ISSUES[:2]),
    "registers/issue_names": _ISSUES[:2],
    "issue_fix": ("call_issues", "issue_fixes"),
}
"""Query → what must be in memory before it, so that no page waits for it twice."""


@functools.cache
def sql_of(name: str) -> str:
    """The text of a named query."""
    return (QUERIES / f"{name}.sql").read_text("utf-8")


@functools.cache
def definition(view: str) -> str:
    """The query behind a view of ``models/views``: names in it mean what is searched first, not the snapshot's alone."""
    for file in sorted(VIEWS.glob("*.sql")):
        for statement in duckdb.extract_statements(file.read_text("utf-8")):
            if (found := DEFINED.search(statement.query)) and found["view"] == view:
                return statement.query[found.end() :]
    raise LookupError(f"There is no view {view}.")


def needed_by(name: str, parameters: Mapping[str, object]) -> tuple[str, ...]:
    """What must be in memory before a query is asked with these parameters."""
    told_later = parameters.get("again") or parameters.get("outcome") in TOLD_LATER
    return (*NEEDS.get(name, ()), *(_CALLERS if told_later else ()))


class Prepared:
    """One database in memory per snapshot and targets: the snapshot, and beside it what pages ask for again and again.

    Half hours are added up at once, for most figures are made from them; the rest when it is first needed. Targets and
    decisions that were written after the snapshot count at once: the views are made again over them.
    """

    def __init__(self, path: str, targets: TargetRows, limits: Limits | None = None) -> None:
        base = "snapshot" if limits is None else limiting.NAME
        self._limits, self._base, self._searched = limits, f"prepared.main,{base}.main", f"{SEARCHED},{base}.main"
        self._lock = threading.Lock()
        self._made: set[str] = set()
        self._kept: Stamp = ()
        # else DuckDB puts what memory can't hold where the server was started
        spilled = Path(path).parent.parent / "spilled"
        self._con = con = duckdb.connect(
            ":memory:", config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spilled)}
        )
        for name in ("prepared", *HELD):  # a database each: writing one disturbs nobody who reads another
            con.execute(f"attach ':memory:' as {name} (compress)")
        con.execute(f"attach {_quoted(path)} as snapshot (read_only)")
        con.execute("set timezone = 'UTC'")
        if limits is not None:
            limiting.attach(con, limits)
        con.execute(f"set search_path = '{self._base}'")
        if published_rows(con) == targets:
            con.execute(f"create table service_level_by_interval as from {base}.main.service_level_by_interval")
        else:
            publish_rows(con, targets)
            con.execute((VIEWS / "020_judged_visits.sql").read_text("utf-8"))
            con.execute((VIEWS / "030_service_level_by_interval.sql").read_text("utf-8"))
        self._decided = decisions.published_rows(con)
        con.execute("set enable_external_access = false")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for which names mean what was prepared, and the snapshot's tables and views otherwise."""
        cursor = self._con.cursor()
        cursor.execute(f"set search_path = '{self._searched}'")
        cursor.execute("set timezone = 'UTC'")
        return cursor

    def make(self, what: str) -> None:
        """Make one of ``HELD`` unless it is there; compressed, it takes a fifteenth of the memory."""
        if what in self._made:  # without waiting for what somebody else is making
            return
        with self._lock:  # one writes at a time, else nothing is compressed
            if what in self._made:
                return
            made_by = {QUERY: sql_of, VIEW: definition}.get(HELD[what])
            with self.cursor() as cursor:
                cursor.execute(f"create table {what}.main.{what} as {made_by(what) if made_by else HELD[what]}")
                cursor.execute(f"force checkpoint {what}")  # compresses it, once those who read are done
            self._made.add(what)

    def is_decided(self, decided: IssueRows, assumed: IssueRows) -> bool:
        """Whether the issues are those of these decisions and assumptions."""
        return self._decided == (decided, assumed)

    def decide(self, decided: IssueRows, assumed: IssueRows) -> None:
        """Let the issues be those of these decisions and assumptions."""
        if self.is_decided(decided, assumed):
            return
        with self._lock:
            if self.is_decided(decided, assumed):
                return
            with self._con.cursor() as cursor:
                cursor.execute(f"set search_path = '{self._base}'")
                decisions.publish_rows(cursor, decided, assumed)
                cursor.execute((VIEWS / "140_issues.sql").read_text("utf-8"))
                for what in DECIDED:
                    cursor.execute(f"drop table if exists {what}.main.{what}")
                self._made.difference_update(DECIDED)
            self._decided = (decided, assumed)

    def refresh(self, store: AppStore, kept: Stamp) -> None:
        """Copy the registers as they are now, unless they are those with the stamp ``kept`` already."""
        if self._kept == kept:
            return
        with self._lock:
            if self._kept == kept:
                return
            stamp, tables = registers.read(store)
            with self._con.cursor() as cursor:
                if self._limits is not None:
                    limiting.put(cursor, tables)
                cursor.execute("begin")
                cursor.execute(f"set search_path = '{self._base}'")
                if self._limits is None:
                    publish.add_app_tables(cursor, tables)
                else:
                    limiting.show(cursor, tables, self._limits)
                cursor.execute(themes.TABLE)
                if not self._kept:
                    for name in registers.VIEWS:
                        cursor.execute((VIEWS / name).read_text("utf-8"))
                themes.write(cursor, over_snapshot=True)
                if self._limits is not None:  # answers are placed for all of them: others' quotes go again
                    cursor.execute("delete from survey_placed where survey_id not in (select survey_id from surveys)")
                cursor.execute("commit")
            self._kept = stamp

    def close(self) -> None:
        """Let go of the snapshot and the memory."""
        self._con.close()


def _quoted(path: str) -> str:
    """A path as an SQL literal: ``attach`` takes no parameter."""
    return "'" + path.replace("'", "''") + "'"
