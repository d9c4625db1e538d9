"""Filters in the address, quotes, CSV that does no harm, and charts."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard import charts
from dashboard.components import address, said
from dashboard.components.csv import protected_csv
from models.settings import ROOT, Settings

FIELDS = [
    (address.choice(["a", "b"], "a"), "b", ("b",)),
    (address.choice(["a", "b"], "a"), "a", ()),
    (address.several(["x", "y"]), ["y", "x"], ("y", "x")),
    (address.text(), "charged twice", ("charged twice",)),
    (address.whole(0, 47), 19, ("19",)),
    (address.days(), (date(2026, 3, 2), date(2026, 3, 8)), ("2026-03-02", "2026-03-08")),
]


@pytest.mark.parametrize(("field", "value", "words"), FIELDS)
def test_a_filter_is_read_as_it_was_written(field: address.Field, value: object, words: tuple[str, ...]) -> None:
    """The address holds codes; a default is left out."""
    assert field.write(value) == words
    assert field.read(words) == value


@pytest.mark.parametrize("words", [("nonsense",), ("48",), ("-1",), ("١",), ("2026-99-99", "x"), ()])
def test_nonsense_in_the_address_is_ignored(words: tuple[str, ...]) -> None:
    """Nobody gets an error page from a mistyped link."""
    assert address.choice(["a"], "a").read(words) == "a"
    assert address.whole(0, 47).read(words) is None
    assert address.days().read(words) == ()
    assert address.several(["a"]).read(words) == []


@given(some.text(alphabet="aZ9 'éÉàÇôœŒñÑäßøŠ-", max_size=40))
def test_words_are_the_same_here_and_in_sql(text: str) -> None:
    """Calls that the index names are read here, the newest others by SQL (said.sql): case and accents are aside in both."""
    (in_sql,) = duckdb.execute("select strip_accents(lower($1))", [text]).fetchall()[0]
    assert said.plain(text) == in_sql


@given(some.text(max_size=300), some.text(min_size=1, max_size=10), some.text(max_size=300))
def test_a_quote_holds_the_word_and_is_short(before: str, word: str, after: str) -> None:
    """Whatever the letters are, the stretch around the first hit holds it, case and accents aside."""
    quote = said.quote(f"{before} {word} {after}", [word])
    assert said.folded(word)[0].strip() in said.folded(quote)[0]
    assert len(quote) <= 2 * said.AROUND + 3 * len(word) + 4


def test_a_quote_is_cut_between_words() -> None:
    """An ellipsis says where something was left out."""
    text = "Bonjour, je vous appelle depuis ce matin parce que ma facture a été prélevée deux fois ce mois-ci."
    assert said.quote(text, ["FACTURE"]) == "…depuis ce matin parce que ma facture a été prélevée deux fois ce…"


@pytest.mark.parametrize("text", ["=1+1", "+33 6", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_runs_nothing(text: str) -> None:
    """What it would take for a formula gets an apostrophe; numbers stay numbers."""
    rows = pd.DataFrame({"customer": [text], "wait_s": [-1.5]})
    assert f"'{text}".strip() in protected_csv(rows).decode("utf-8-sig").replace('"', "")
    assert "-1.5" in protected_csv(rows).decode("utf-8-sig")


def slots() -> pd.DataFrame:
    """A busy and a quiet half hour."""
    return pd.DataFrame({
        "weekday": [1, 2], "slot": [18, 20], "offered": [40, 3], "answered": [30, 3], "abandoned": [10, 0],
        "service_level": [0.5, 1.0], "goal": [0.8, 0.8], "late": [20, 0],
    })  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark", None])
def test_the_heat_map_tells_few_calls_apart(theme: str | None) -> None:
    """Slots with few calls have a colour of their own; each slot can be clicked and says its numbers."""
    few, judged, marks = charts.heat_map(slots(), theme).data
    assert few.z[1][2] == 0.0
    assert judged.z[0][0] == pytest.approx(-0.3)
    assert [list(place) for place in marks.customdata] == [[1, 18], [2, 20]]
    assert "40" in marks.hovertext[0]
    assert few.colorscale[0][1] == charts.colours(theme).few


def test_the_trend_stays_small() -> None:
    """However long the time, no more than two thousand points go to the browser."""
    n = 5000
    days = pd.DataFrame({
        "day": [date(2010, 1, 1)] * n, "offered": 10, "service_level": 0.8, "asa_s": 9.0, "abandon_rate": 0.05,
        "goal": 0.8, "threshold_s": 20.0,
    })  # fmt: skip
    figure = charts.trend(days, "light")
    assert max(len(trace.x) for trace in figure.data) == charts.MOST_POINTS
    assert [trace.line.dash for trace in figure.data] == ["dash", None, "dash", None, None]


def test_a_call_that_only_the_index_knows_words_of_has_no_hits(published: Settings) -> None:
    """The index may be newer than the snapshot that is shown: it names calls that have no turns there yet."""
    calls = pd.DataFrame({"call_id": ["not read yet"], "started_at": [pd.NaT]})
    assert said._heard(calls, ["word"]).empty


def test_no_button_is_filled_with_the_accent() -> None:
    """Streamlit writes white on it, which nobody reads on the light blue of the dark look (contrast 2.2)."""
    filled = [f.name for f in (ROOT / "dashboard").rglob("*.py") if 'type="primary"' in f.read_text("utf-8")]
    assert filled == []
