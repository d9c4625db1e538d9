"""No cell of a CSV file begins like a formula: the rule is one, in Python and in SQL, within lists too."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.components.csv import protected_csv
from ingest.commands.export import write
from models.sharing.formulas import STARTS, harmless, harmless_sql

TEXTS = st.one_of(st.sampled_from(STARTS).flatmap(lambda start: st.text().map(lambda rest: start + rest)), st.text())
ROWS = st.fixed_dictionaries({
    "a": st.none() | TEXTS, "b": st.none() | st.lists(st.none() | TEXTS), "c": st.none() | st.floats(-5, 5),
    "d": st.none() | st.lists(st.fixed_dictionaries({"word": TEXTS, "at_s": st.floats(-5, 5)})),
})  # fmt: skip
TABLE = "create table t (a varchar, b varchar[], c double, d struct(word varchar, at_s double)[])"


@settings(deadline=None, max_examples=60)
@given(st.lists(ROWS, max_size=5))
def test_sql_says_what_python_says(rows: list[dict[str, object]]) -> None:
    """Both make the same of any text, list and record, null stays null, and numbers stay numbers."""
    with closing(duckdb.connect()) as con:
        con.execute(TABLE)
        for row in rows:
            con.execute("insert into t values ($a, $b, $c, $d)", row)
        given_back = con.table("t")
        kinds = dict(zip(given_back.columns, given_back.types, strict=True))
        asked = ", ".join(f"{harmless_sql(name, kind)} as {name}" for name, kind in kinds.items())
        expected = [tuple(harmless(value) for value in row) for row in given_back.fetchall()]
        assert con.sql(f"select {asked} from t").fetchall() == expected


@pytest.mark.parametrize("start", STARTS)
def test_files_are_harmless(start: str, tmp_path: Path) -> None:
    """What a command and what a page writes begins with an apostrophe, in each word of a list too."""
    text = f"{start}cmd|' /C calc'!A0\r{start}1"
    with closing(duckdb.connect()) as con:
        con.execute(TABLE)
        con.execute("insert into t values (?, ?, -1.5, [{'word': ?, 'at_s': -2}])", [text, [text], text])
        write(con, "t", tmp_path / "t.csv", "csv")
        with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
            exported = list(csv.reader(file))
        saved = list(csv.reader(io.StringIO(protected_csv(con.sql("from t").df()).decode("utf-8-sig"), newline="")))
    for header, cells in (exported, saved):
        assert header == ["a", "b", "c", "d"]
        assert cells[0] == "'" + text
        assert cells[2] == "-1.5"
        assert not any(cell.startswith(STARTS) for cell in (*cells[:2], cells[3]))
        assert f"[{start}" not in cells[1]
