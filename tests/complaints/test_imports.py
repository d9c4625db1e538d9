"""Complaints from files as people have them: what is understood, what is refused and kept, what comes twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.app_store import AppStore
from models.complaints import imports, register, sheets
from models.complaints.imports import Preview
from models.errors import ChangeRefused
from tests.complaints.conftest import NOON, complaint

PARIS = ZoneInfo("Europe/Paris")
ISSUES = {"parcel1": "Lost parcels"}
MESSY = (Path(__file__).parent.parent / "fixtures/complaints/messy.csv").read_bytes()


def look(store: AppStore, text: str | bytes, **more: bool) -> Preview:
    """A preview of a file with this text."""
    return imports.preview(store, "a.csv", text.encode() if isinstance(text, str) else text, ISSUES, at=NOON, **more)


def test_a_messy_file_is_read_and_its_bad_lines_are_told(store: AppStore) -> None:
    """Latin-1, semicolons, a title above the heading, French headings: good lines come in, each bad one has its reason."""
    seen = look(store, MESSY)
    assert (seen.sheet.encoding, seen.sheet.separator, seen.sheet.ignored) == ("cp1252", ";", ("Priorité",))
    assert [(line_no, made.customer_name) for line_no, made in seen.new] == [
        (3, "Hélène Noël"),
        (4, "Jean Petit"),
        (7, "Zoé Roy"),
    ]
    first = seen.new[0][1]
    assert first.received_at == datetime(2026, 2, 13, 13, 30, tzinfo=UTC)
    assert (first.channel, first.promised_for, first.compensation_value) == ("letter", date(2026, 2, 27), 1234.5)
    assert seen.new[1][1].nature == "Colis abîmé,\nboîte ouverte"
    assert {one.line_no: one.reason for one in seen.refused} == {
        6: "Reçu le: This is no date that can be read; write it like 2026-03-09 14:30.",
        8: "Say what the complaint is about.",
        9: "Montant: This is no amount, or could be two; write it like 1234.50.",
        10: "The line has more cells than the heading.",
        11: "The quotation marks of the line don't match.",
        12: "It can't be resolved before it was received.",
        13: "Issue: There is no such issue.",
    }  # fmt: skip
    assert seen.known == 1


def test_bringing_a_file_in_twice_changes_nothing(store: AppStore) -> None:
    """The second time every line is known, and the register is as it was; refused lines are kept each time."""
    first = imports.bring_in(store, look(store, MESSY), "Maria", NOON)
    again = look(store, MESSY)
    assert (first.rows_added, first.rows_refused, len(again.new), again.known) == (3, 7, 0, 4)
    second = imports.bring_in(store, again, "Maria", NOON)
    assert (second.rows_added, second.rows_known) == (0, 4)
    with store.reading() as connection:
        (kept,) = connection.execute("select count(*) from refused_complaint_rows where import_id = 1").fetchone()
    assert kept == 7


def test_two_people_who_bring_in_one_file_at_once_make_no_doubles(store: AppStore) -> None:
    """Both looked before either wrote: the second writes only what is not there yet."""
    one, two = look(store, MESSY), look(store, MESSY)
    imports.bring_in(store, one, "Maria", NOON)
    assert imports.bring_in(store, two, "Paul", NOON).rows_added == 0


def test_what_the_register_says_stays_and_the_difference_is_told(store: AppStore) -> None:
    """A line with a known reference that says something else is named, and overwrites nothing."""
    text = "reference,received_at,nature\nK-1,2026-03-02,{}\n"
    imports.bring_in(store, look(store, text.format("Broken")), "Maria", NOON)
    seen = look(store, text.format("Very broken"))
    assert (seen.known, seen.differing, seen.new) == (1, (2,), ())


def test_one_reference_twice_in_a_file_is_refused_unless_equal(store: AppStore) -> None:
    """The same line twice is one complaint; the same reference on two different lines can't be both."""
    seen = look(store, "ref,received,nature\nK-1,2026-03-02,a\nK-1,2026-03-02,a\nK-1,2026-03-02,b\n")
    assert (len(seen.new), seen.known, [one.line_no for one in seen.refused]) == (1, 1, [4])


def test_what_was_written_by_hand_is_known_by_its_reference(store: AppStore) -> None:
    """A complaint written by hand with a reference is not brought in a second time."""
    register.create(store, complaint(reference="K-7"), "Maria", NOON)
    assert look(store, "ref,received,nature\nK-7,2026-03-02,a\n").known == 1


def test_an_import_is_taken_back_but_for_what_was_changed(store: AppStore) -> None:
    """What people worked on since stays; the rest goes, and can be brought in again."""
    done = imports.bring_in(store, look(store, MESSY), "Maria", NOON)
    kept = register.find(store, 1)
    assert kept is not None
    register.edit(store, 1, kept.complaint, replace(kept.complaint, nature="Changed"), "Paul", NOON)
    assert imports.take_back(store, done.import_id, "Maria", NOON) == (2, 1)
    assert [one.standing for one in imports.imports(store)] == [1]
    assert len(look(store, MESSY).new) == 3 - 1


def test_an_endless_quote_costs_one_line(store: AppStore) -> None:
    """A quotation mark that never closes refuses its line, not the two hundred after it."""
    lines = "".join(f"2026-03-02,nature {n}\n" for n in range(200))
    seen = look(store, 'received,nature\n2026-03-02,"endless\n' + lines)
    assert ([one.line_no for one in seen.refused], len(seen.new)) == ([2], 200)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "column"),
        (b"name,phone\nAna,1\n", "column"),
        (b"PK\x03\x04rest of a spreadsheet", "no text file"),
        (b"\x00\x01\x02", "no text file"),
        (b"\xff\xfe\x00", "no text file"),
        (b"received,nature\n" * 50_001, "too large"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(store: AppStore, data: bytes, word: str) -> None:
    """A spreadsheet, a file without the needed columns, one too long: one sentence, and nothing is written."""
    with pytest.raises(ChangeRefused, match=word):
        look(store, data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_file_says_the_same(store: AppStore, encoding: str, separator: str) -> None:
    """Whatever the encoding and the separator, the same complaint comes out, and counts as the same line."""
    rows = [("Reçu le", "Nature", "Nom"), ("2026-03-02 09:00", "Boîte cassée", "Zoé")]
    seen = look(store, "\r\n".join(separator.join(row) for row in rows).encode(encoding))
    ((_, made),) = seen.new
    assert (made.nature, made.customer_name, made.received_at.astimezone(PARIS).hour) == ("Boîte cassée", "Zoé", 9)


@pytest.mark.parametrize(
    ("text", "days_first", "expected"),
    [
        ("2026-03-09", True, datetime(2026, 3, 9, tzinfo=PARIS)),
        ("2026-03-09T10:05:00+05:00", True, datetime(2026, 3, 9, 5, 5, tzinfo=UTC)),
        ("9/3/2026", True, datetime(2026, 3, 9, tzinfo=PARIS)),
        ("9/3/2026", False, datetime(2026, 9, 3, tzinfo=PARIS)),
        ("09.03.26 14h30", True, datetime(2026, 3, 9, 14, 30, tzinfo=PARIS)),
        ("2026/3/9 7:05", True, datetime(2026, 3, 9, 7, 5, tzinfo=PARIS)),
        ("3/9/2026 2:30 pm", False, datetime(2026, 3, 9, 14, 30, tzinfo=PARIS)),
        ("3/9/2026 12:00 am", False, datetime(2026, 3, 9, tzinfo=PARIS)),
    ],
)
def test_dates_as_people_write_them(text: str, days_first: bool, expected: datetime) -> None:
    """Usual ways to write a moment are read in the call centre's time zone."""
    assert sheets.moment(text, PARIS, days_first) == expected


@pytest.mark.parametrize(
    "text", ["yesterday", "31/02/2026", "46091", "12/25/2026", "01/01/1900", "2026-13-01", "25:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """A date is never guessed: impossible days, serial numbers and words are refused."""
    with pytest.raises(ChangeRefused):
        sheets.moment(text, PARIS, True)


def test_the_order_of_days_and_months_is_as_the_file_shows(store: AppStore) -> None:
    """One date that can only be month first decides for the file; without any, the reader is asked."""
    heading = "received,nature\n"
    shown = look(store, heading + "03/02/2026,a\n02/25/2026,b\n")
    assert (shown.days_first, shown.new[0][1].received_at.astimezone(PARIS).day) == (False, 2)
    unclear = heading + "03/02/2026,a\n"
    assert look(store, unclear).days_first is None
    assert look(store, unclear).new[0][1].received_at.astimezone(PARIS).month == 2
    assert look(store, unclear, days_first=False).new[0][1].received_at.astimezone(PARIS).month == 3


@given(st.floats(0, 999_999).map(lambda value: round(value, 2)), st.sampled_from(["€", "", " EUR", "$"]))
def test_amounts_are_read_in_both_ways_of_writing(value: float, sign: str) -> None:
    """12,345.60 and 12 345,60 are the same money, with or without a currency."""
    english, french = f"{value:,.2f}{sign}", f"{value:,.2f}{sign}".replace(",", "\u202f").replace(".", ",")
    assert sheets.amount(english) == sheets.amount(french) == value


@pytest.mark.parametrize("text", ["a lot", "1,234", "1.234", "--5", "1,2,,3"])
def test_an_amount_that_could_be_two_is_refused(text: str) -> None:
    """1,234 may be a thousand or a bit more than one: it is asked for, not guessed."""
    with pytest.raises(ChangeRefused):
        sheets.amount(text)


LINES = st.lists(st.text(st.sampled_from('ab,;"\n 2026-03-02'), max_size=30), max_size=30)


@given(LINES)
def test_any_text_is_read_or_refused_line_by_line(lines: list[str]) -> None:
    """Whatever follows the heading: nothing breaks, and every line is in a record, refused, or empty."""
    sheet = sheets.read(("received,nature\n" + "\n".join(lines)).encode())
    numbers = [line.line_no for line in sheet.lines] + [one.line_no for one in sheet.refused]
    assert len(numbers) == len(set(numbers))
    assert all(1 < number <= 2 + sum(line.count("\n") + 1 for line in lines) for number in numbers)


def test_secrets_are_taken_out_before_anything_is_written(store: AppStore) -> None:
    """A card number in a complaint, or in a line that is refused, is in no table; ids, telephone and dates of the line stay."""
    card = "4111 1111 1111 1111"
    text = (
        "reference,received_at,customer_phone,nature\n"
        f"K-1,2026-03-02,+33 6 39 98 01 02,My card {card} was charged twice\n"
        f"K-2,tomorrow,+33 6 39 98 01 02,Card {card} again\n"
    )
    imports.bring_in(store, look(store, text), "Maria", NOON)
    kept = register.find(store, 1)
    assert kept is not None
    assert (kept.complaint.reference, kept.complaint.customer_phone) == ("K-1", "+33 6 39 98 01 02")
    assert kept.complaint.nature.startswith("My card ") and kept.complaint.nature.endswith(" was charged twice")
    with store.reading() as connection:
        whole = "\n".join(connection.iterdump())
    assert "1111" not in whole
    assert "K-2,tomorrow,+33 6 39 98 01 02" in whole
    assert look(store, text).known == 1
