"""Registers: tables that people fill in the dashboard, which its pages show at once, before they are published.

To add one: name its tables in ``TABLES`` and the file of its views in ``VIEWS``, and put the queries that pages ask into
``queries/registers/``. Their rows are copied as they are in app.sqlite, and the views are those of the snapshot.
"""

from __future__ import annotations

import sqlite3

import pyarrow as pa

from models.app_store import AppStore
from models.publish import read_app_tables

TABLES = (
    "changes", "complaints", "complaint_imports", "refused_complaint_rows",
    "goals", "own_figures", "figures", "figure_files", "refused_figures",
    "assumptions", "customer_facts", "callbacks", "callback_draws", "callback_picks",
    "survey_files", "survey_lines", "refused_surveys",
    "assessment_statements", "assessments", "assessment_edits",
    "centre_texts", "policy_items", "policy_ticks",
    "goodwill", "ideas", "recognitions", "coaching_reads", "story_clips",
    "remark_edits", "closing_note_edits", "issue_hints",
)  # fmt: skip
VIEWS = (
    "107_remarks.sql", "142_listener_hints.sql", "150_complaints.sql", "155_surveys.sql", "156_customers.sql", "160_goals.sql", "165_self_assessment.sql",
)  # fmt: skip
FOLDERS = ("registers/", "examples/")
"""Queries in these folders see the registers as they are now."""

Stamp = tuple[object, ...]


def stamp(store: AppStore) -> Stamp:
    """What is the same as long as no register changes. Rows that are changed in place have a new row in ``changes``."""
    with store.reading() as connection:
        return _stamp(connection)


def read(store: AppStore) -> tuple[Stamp, dict[str, pa.Table]]:
    """The rows of all registers, as ``publish`` has them, with their stamp."""
    with store.reading() as connection:
        connection.execute("begin")
        return _stamp(connection), read_app_tables(connection, TABLES)


def _stamp(connection: sqlite3.Connection) -> Stamp:
    of = " union all ".join(f"select coalesce(max(rowid), 0), count(*) from {name}" for name in TABLES)  # noqa: S608 - our own names
    return tuple(connection.execute(of).fetchall())
