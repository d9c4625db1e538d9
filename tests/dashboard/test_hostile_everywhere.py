"""Text of others is never read as HTML, Markdown or a formula: it is put into every column that holds some, and every page is opened."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
import streamlit as st
from google.protobuf.message import Message

from bench.synthetic_store import fill, fill_findings, write
from dashboard import navigation
from models.access.people import Entry, Role, put
from models.app_store import AppStore
from models.complaints import imports
from models.goals import assessments, figures, goals, logs, policy, questionnaire
from models.issues import decisions, hints
from models.listening import calibration, weeks
from models.privacy.declared import declared
from models.publish import publish
from models.settings import Settings
from models.store import Store
from models.waits import targets
from models.waits.targets import Target
from tests.dashboard.conftest import BOSS, EXTRA, FORMULA, Open
from tests.dashboard.test_limits_everywhere import AT, PARTS, written_about

MARK, ESCAPED = "=<b>", "=&lt;b&gt;"
HOSTILE = (
    f"{MARK}1+1</b><script>window.hurt=1</script><img src=x onerror='window.hurt=2'>[a](http://evil.example/a)"
    "![b](http://evil.example/b.png) $x^2$ :material/bolt: :red[c] **d** `e` \u202egnp.\u2066 '; drop table calls; --"
)
LONG = HOSTILE + " word" * 950
IDS = ("customer", "staff")
WORDS = ("name", "text", "raw")
FREE = {
    "calls": {"queue", "segment", "machine_name", "phrases"},
    "app": {"source", "name", "text", "unit", "queue"},
}
"""Columns with nothing about a person, declared plain, that people or logs fill all the same."""
KEYS = {
    ("centre_texts", "name"),
    ("assumptions", "name"),
    ("assessment_statements", "text"),
    ("rejected_rows", "source"),
}
"""Columns of these names that hold names of ours; and one that the page joins with the name of a file."""
UNWRITTEN = {"audit", "erased", "heard_log", "listening", "reveals", "review_edits", "playlists", "playlist_calls", "policy_items",
             "assessment_edits", "callback_picks", "callback_draws", "survey_placed"}  # fmt: skip
"""Tables without words of anybody, beside ids that the other tables have too."""
PLAIN = {
    "text.body", "dataframe.columns", "bidi_component.json", "selectbox.options", "selectbox.raw_value", "multiselect.options",
    "text_input.default", "text_input.value", "text_area.default", "text_area.value",
}  # fmt: skip
"""Where a page may send words of others: they are drawn as they are, which tests/browser/test_hostile_pages.py looks at."""
CHART = "plotly_chart.spec"
UNDRAWN = "customdata"
"""What a chart gives back when somebody chooses a part of it: never drawn."""


def spoil_calls(con: duckdb.DuckDBPyConnection) -> None:
    """Hostile words into every column of the store that files fill; ids still join."""
    for table, about in declared("calls").items():
        known = dict(
            con.execute("select column_name, data_type from duckdb_columns() where table_name = ?", [table]).fetchall()
        )
        for column, role in about.roles.items():
            kind = known.get(column)
            if (role in IDS or column == "queue") and kind == "VARCHAR":
                con.execute(f"update {table} set {column} = $mark || {column} where {column} <> $formula",
                            {"mark": HOSTILE, "formula": FORMULA})  # fmt: skip
            elif (
                (role in WORDS or column in FREE["calls"])
                and (table, column) not in KEYS
                and kind in ("VARCHAR", "VARCHAR[]")
            ):
                new = "$long || rowid" if kind == "VARCHAR" else "[$long, $long || rowid]"
                con.execute(f"update {table} set {column} = {new} where {column} is not null", {"long": LONG})


def write_more(settings: Settings, call_id: str) -> None:
    """What ``written_about`` leaves out: whatever else people can write."""
    store = AppStore(settings)
    issue = "i-001"
    decisions.decide(store, issue, {"name": "a", "owner": "b", "cause": "c", "planned_fix": "d"}, BOSS, AT)
    decisions.put_assumptions(store, {decisions.ASSUMED[0]: 0.5}, BOSS, AT, {decisions.ASSUMED[0]: "source"})
    hints.dismiss(store, "remark 3", call_id, "reason", BOSS, AT)
    weeks.write_note(store, BOSS, "2026-W09", "note", AT)
    calibration.create(store, "set", BOSS, [call_id], [BOSS, "local"], AT)
    goals.set_goal(store, "service_level", {"target": 0.8, "owner": "somebody"}, True, BOSS, AT)
    goals.add_own(store, "own", "unit", True, {"target": 1.0, "owner": "somebody"}, BOSS, AT)
    figures.load(store, "figures.csv", b"day,shipped,own\n2026-02-27,1,2\n2026-02-28,many,3\n", BOSS, AT)
    figures.put(store, "shipped", date(2026, 2, 26), 3.0, BOSS, AT)
    policy.add_item(store, "item", BOSS, AT)
    policy.tick(store, policy.items(store)[0], BOSS, True, "evidence", AT)
    policy.write_texts(store, {policy.VISION: "vision", "complaint_1": "late"}, BOSS, AT)
    logs.suggest(store, "agent-01", "2026-02", "idea", BOSS, AT)
    logs.answer(store, 1, BOSS, "done", "answer", AT)
    targets.put_target(store, Target("support", date(2026, 2, 1), 0.8, 20.0, 5.0, True), BOSS, AT)
    assessments.start(store, questionnaire.load(), "respondent", BOSS, AT)
    put(store, Entry("agent@example.org", frozenset({Role.AGENT}), ("support",), ("agent-01",)), BOSS, AT)
    sheet = b"received_at,nature,channel\n2026-02-27,It broke,letter\nnever,It broke,letter\n"
    imports.bring_in(store, imports.preview(store, "complaints.csv", sheet, {}, at=AT), BOSS, AT)


def spoil_app(app: sqlite3.Connection) -> list[str]:
    """Hostile words into every column that people fill; gives the tables where there was no row to put them in."""
    app.execute("pragma foreign_keys = off")
    empty = []
    for table, about in declared("app").items():
        columns = [c for c, role in about.roles.items()
                   if (role in WORDS or (role == "plain" and c in FREE["app"]) or (role == "staff" and c != "person"))
                   and (table, c) not in KEYS]  # fmt: skip
        if table in UNWRITTEN or not columns:
            continue
        if app.execute(f"select count(*) from {table}").fetchone() == (0,):
            empty.append(table)
        for column in columns:
            new = "?" if about.roles[column] == "staff" else "? || rowid"
            app.execute(f"update or ignore {table} set {column} = {new} where {column} not in ('*', 'local')",
                        [HOSTILE if about.roles[column] == "staff" else LONG])  # fmt: skip
    return empty


def spoil(settings: Settings) -> None:
    """Make a small call centre where everything that files or people filled in is hostile, and publish it."""
    with Store(settings).writing() as con:
        fill(con, calls=500, turns=3)
        fill_findings(con)
        for statement in EXTRA.strip().split(";\n"):
            given = {"hostile": HOSTILE, "formula": FORMULA}
            con.execute(statement, {name: text for name, text in given.items() if f"${name}" in statement})
        spoil_calls(con)
    write(settings)
    publish(settings)
    written_about(settings, MARK)
    write_more(settings, "hostile")
    with AppStore(settings).transaction() as app:
        assert spoil_app(app) == []
    publish(settings)


@pytest.fixture
def spoiled(settings: Settings) -> Settings:
    """That call centre, with nothing remembered from another test."""
    spoil(settings)
    st.cache_data.clear()
    return settings


def drawn(chart: Any) -> Iterator[str]:
    """Every text that a chart draws."""
    if isinstance(chart, str):
        yield chart
    elif isinstance(chart, list):
        for one in chart:
            yield from drawn(one)
    elif isinstance(chart, dict):
        for name, one in chart.items():
            yield from drawn(one) if name != UNDRAWN else ()


def held(message: Message, where: str) -> Iterator[tuple[str, str]]:
    """(where, text) of every text in what is sent for one element."""
    for field, value in message.ListFields():
        path = f"{where}.{field.name}" if where else field.name
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from held(one, path)
            elif isinstance(one, str):
                yield path, one


def sent(app: Any) -> set[tuple[str, str]]:
    """(where, text) of all that a run of a page sends to the browser."""
    found: set[tuple[str, str]] = set()
    for element in (*app.main, *app.sidebar):
        if element.proto is not None:
            found |= set(held(element.proto, element.type or ""))
    return found


def test_words_of_others_are_never_markdown(spoiled: Settings, open_page: Open) -> None:
    """Every page sends words of people, files and logs only where they are drawn as they are, and to charts without tags."""
    wrong, seen = set(), set()
    issues = [("issues", {"period": "all", "issue": f"i-00{n}"}) for n in range(2)]
    rest = [(page.name, {}) for page in navigation.PAGES if page.name not in {name for name, _ in PARTS}]
    for page, address in [*PARTS, *issues, *rest]:
        for where, text in sent(open_page(page, lang="en", **{"period": "all", **address})):
            if not (MARK in text or ESCAPED in text or where == CHART):
                continue
            if where == CHART:
                tagged = any(MARK in one for one in drawn(json.loads(text)))
            else:
                seen.add(page)
                tagged = where not in PLAIN
            if tagged:
                wrong.add((page, str(address), where, text[:200]))
    assert wrong == set()
    assert seen == {page.name for page in navigation.PAGES}
