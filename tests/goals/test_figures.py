"""Operational figures: messy files are read, what can't be is kept with its reason, and twice is once."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.app_store import AppStore
from models.errors import ChangeRefused
from models.goals import figure_files, figures, goals, registers
from models.settings import SAMPLE, Settings

MESSY = (
    "\ufeff \n"
    "Mois;Produits expédiés;RETOURS ;Note;internal_rejects\r\n"
    "03/2025;1 234,5;12;all well;7\r\n"
    "2025-04;1.234.567;13\r\n"
    "31/02/2025;5;5;;5\r\n"
    "2025-W20;;;;\r\n"
    "2025-05-01;many;5;;5\r\n"
    "2025-06-01;1;2;;3;4\r\n"
    ";;;;\r\n"
    "2025-07-01;n/a;-1;;\r\n"
)


def test_messy_files_are_read_and_bad_lines_kept_with_reasons(settings: Settings) -> None:
    """Separators, headings, dates and numbers as people write them; each bad line has its number and one reason."""
    found = figure_files.read(MESSY.encode())
    march, april = date(2025, 3, 1), date(2025, 4, 1)
    assert [(v.figure, v.day, v.value, v.line_no) for v in found.values] == [
        ("shipped", march, 1234.5, 3), ("returned", march, 12, 3), ("internal_rejects", march, 7, 3),
    ]  # fmt: skip
    assert april not in {v.day for v in found.values}
    assert [(one.line_no, one.reason.split(";")[0]) for one in found.refused] == [
        (4, "The line has fewer fields than the header."), (5, "The date can't be read"), (6, "The line has no value."),
        (7, "The value is not a number."), (8, "The line has more fields than the header."), (10, "The value is below 0."),
    ]  # fmt: skip
    assert found.lines == 7


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    """The same words in the encodings that spreadsheets write."""
    found = figure_files.read("jour\tchiffre\tvaleur\n02/03/2025\tProduits expédiés\t4\n".encode(encoding))
    assert [(v.figure, v.day, v.value) for v in found.values] == [("shipped", date(2025, 3, 2), 4.0)]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"PK\x03\x04\0\0", b"a,b\n1,2\n", b"day,colour\n2025-01-01,red\n"], ids=range(5)
)
def test_a_file_without_use_is_one_sentence(settings: Settings, content: bytes) -> None:
    """Empty, no CSV, no day, no figure: refused with a sentence, and nothing is written."""
    store = AppStore(settings)
    with pytest.raises(ChangeRefused, match=r"\.$"):
        figures.load(store, "x.csv", content, "Ana")
    assert registers.history(store, figures.TABLES) == []


@given(some.text(max_size=30))
def test_any_cell_is_a_number_or_a_sentence(text: str) -> None:
    """No cell makes reading fail otherwise, and a number is 0 or more."""
    for read in (figure_files.number_of, figure_files.day_of):
        with suppress(ChangeRefused):
            value = read(text)
            assert isinstance(value, date) or value >= 0


@given(some.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Whatever a file holds, it is read or refused with a sentence."""
    with suppress(ChangeRefused):
        found = figure_files.read(b"day,shipped\n" + content)
        assert len({one.line_no for one in found.refused} | {v.line_no for v in found.values}) == found.lines


def test_loading_twice_changes_nothing_and_undo_takes_back_the_file(settings: Settings) -> None:
    """The same bytes again, and the same values in another file, write nothing; one undo takes back all of a file."""
    store = AppStore(settings)
    content = (SAMPLE / "figures.csv").read_bytes()
    first = figures.load(store, "figures.csv", content, "Ana")
    assert (first.changed, first.known, len(first.refused)) == (23 * 8 - 1, 0, 1)
    again = figures.load(store, "figures.csv", content, "Ana")
    assert (again.changed, again.known, again.again) == (0, 183, True)
    assert figures.load(store, "copy.csv", content + b"\n", "Ben").changed == 0
    figures.put(store, "shipped", date(2026, 2, 1), 1.0, "Ben")
    registers.undo(store, figures.TABLES, "Ben")
    assert registers.row(store, "figures", {"figure": "shipped", "day": "2026-02-01"})["value"] > 1000
    registers.undo(store, figures.TABLES, "Ben")
    with store.reading() as connection:
        assert connection.execute("select count(*) from figures").fetchone() == (0,)
    assert figures.load(store, "figures.csv", content, "Ana").changed == 183


def test_of_two_lines_about_one_day_the_last_counts(settings: Settings) -> None:
    """A corrected line further down wins, and its line number is kept."""
    store = AppStore(settings)
    figures.load(store, "a.csv", b"day,shipped\n2025-03-01,5\n2025-03-01,6\n", "Ana")
    assert registers.row(store, "figures", {"figure": "shipped", "day": "2025-03-01"}) == {
        "figure": "shipped", "day": "2025-03-01", "value": 6.0, "source": "a.csv", "line_no": 3,
    }  # fmt: skip


def test_a_goal_of_ones_own_is_a_column_of_its_name(settings: Settings) -> None:
    """A goal made here is loaded by its name; undoing it takes back the goal and the figure together."""
    store = AppStore(settings)
    figure = goals.add_own(store, "Marque d'usage", "/10", False, {"target": 8.0}, "Ana")
    assert (
        figures.load(store, "a.csv", "jour;marque D’USAGE\n2025-03-01;7,5\n".replace("’", "'").encode(), "Ana").changed
        == 1
    )
    registers.undo(store, goals.TABLES, "Ana")
    with store.reading() as connection:
        assert connection.execute(
            "select (select count(*) from goals) + (select count(*) from own_figures)"
        ).fetchone() == (0,)
    assert figure == "own-1" and goals.add_own(store, "Another", None, True, {}, "Ana") == "own-2"


def test_files_in_the_sample_folder_are_synthetic() -> None:
    """The sample's README says what the file is."""
    assert "figures.csv" in (Path(SAMPLE) / "README.md").read_text("utf-8")


def test_a_card_number_in_a_refused_line_is_not_kept(settings: Settings) -> None:
    """What can't be used is kept with its reason, but not the card number that somebody pasted into it; values stay readable."""
    store = AppStore(settings)
    loaded = figures.load(
        store, "f.csv", b"day,shipped\n2026-03-02,1234\n2026-03-09,4111 1111 1111 1111 of 1234\n", "Maria"
    )
    assert [one.line_no for one in loaded.refused] == [3]
    with store.reading() as connection:
        whole = "\n".join(connection.iterdump())
    assert "1111" not in whole and "of 1234" in whole
