"""The box for a query of one's own on the Data page: who has it, what it shows, and what is noted."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import own_sql as box
from dashboard.components.csv import protected_csv
from dashboard.components.tables import heading
from models import audit
from models.access import people
from models.access.people import Entry, Role
from models.app_store import AppStore
from models.own_sql import Answer
from models.settings import Settings
from tests.dashboard.conftest import BOSS, FORMULA, HOSTILE, Open, claims
from tests.dashboard.shown import words

ANA = "ana@example.org"


def run(app: AppTest, sql: str) -> AppTest:
    """Write a query and press Run."""
    app.text_area[0].input(sql)
    next(button for button in app.button if button.label in ("Run", "Exécuter")).click().run()
    assert not app.exception, [error.message for error in app.exception]
    return app


def test_an_analyst_asks_and_it_is_noted(signed_in: Settings, open_page: Open) -> None:
    """The result is a table of inert text; the audit log says that somebody asked, and not what; the address neither."""
    people.put(AppStore(signed_in), Entry(ANA, frozenset({Role.ANALYST})), BOSS)
    app = run(
        open_page("data", user=claims(ANA), lang="en", part="own"),
        "select agent_id, customer_id, 1 as \"![x](http://evil.example/x.png)\" from calls where call_id = 'hostile'",
    )
    table = app.dataframe[0]
    assert table.value.iloc[0].tolist() == [HOSTILE, FORMULA, 1]
    assert "![" not in table.proto.columns and "onerror" not in words(app)
    noted = [one.detail for one in audit.newest(AppStore(signed_in), 20) if (one.who, one.what) == (ANA, "searched")]
    assert set(noted) == {"own query"}
    assert "select" not in str(dict(app.query_params))
    again = run(app, "select * from nothing_of_the_kind_**bold**")
    assert again.error[0].value == "DuckDB did not run it:" and "bold" in again.code[0].value
    assert "bold" not in "".join(one.value for one in (*again.error, *again.markdown))
    assert "Write one query that only reads" in run(again, "delete from calls").warning[0].value


def test_people_with_limits_have_no_box(signed_in: Settings, open_page: Open) -> None:
    """An analyst of one queue is told why; a query sent all the same would not be run, for the box is not there."""
    people.put(AppStore(signed_in), Entry(ANA, frozenset({Role.ANALYST}), ("billing",)), BOSS)
    app = open_page("data", user=claims(ANA), lang="en", part="own")
    assert "a query of one's own would see all of them" in words(app)
    assert not app.text_area


def test_who_loses_the_right_asks_nothing(signed_in: Settings, open_page: Open) -> None:
    """Between the page and the press the person is limited to a queue: nothing runs, nothing is shown."""
    people.put(AppStore(signed_in), Entry(ANA, frozenset({Role.ANALYST})), BOSS)
    app = open_page("data", user=claims(ANA), lang="en", part="own")
    people.put(AppStore(signed_in), Entry(ANA, frozenset({Role.ANALYST}), ("billing",)), BOSS)
    run(app, "from calls")
    assert not app.dataframe and "would see all of them" in words(app)


@pytest.mark.parametrize("name", ["=cmd", "a\r\nb", "__x__", "a**_b", "<b>"])
def test_names_of_columns_are_harmless(name: str) -> None:
    """In a heading they are no Markdown, in a file no formula; a name that recurs keeps both columns."""
    assert not set("=\r\n<>[]*`~") & set(heading(name)) and "__" not in heading(name)
    rows = box.frame(Answer([name, name], [[1, "x"], [None, "=y"]]))
    assert rows.shape == (2, 2)
    assert protected_csv(rows, ["=cmd", "n"]).decode("utf-8-sig").splitlines() == ["'=cmd,n", "1.0,x", ",'=y"]
