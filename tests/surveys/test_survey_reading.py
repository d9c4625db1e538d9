"""A sheet of surveys, messy as sheets are: what can be used is, the rest is set aside with its line and reason."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ChangeRefused
from models.sheets import lines
from models.surveys import reading
from models.surveys.reading import Read, Scale

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 20, tzinfo=UTC)
CALLS = {"c1", "c2", "c3"}


def read(content: str | bytes, scale: Scale = Scale()) -> Read:  # noqa: B008 - frozen
    """A sheet with three calls known."""
    raw = content if isinstance(content, bytes) else content.encode()
    return reading.read(raw, PARIS, CALLS, scale, NOW)


def reasons(found: Read) -> list[tuple[int, str]]:
    """Line and reason of what was set aside."""
    return [(one.line_no, one.reason) for one in found.refused]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_of_spreadsheets_are_read(encoding: str, separator: str) -> None:
    """With or without a mark, in any of the usual separators, in French and with other columns between."""
    sheet = "Id appel;Autre;Envoyé le;Réponse ouverte;Note\r\nc1;x;02/03/2026 09:30;Très déçu ;2\r\n".replace(
        ";", separator
    )
    (answer,) = read(sheet.encode(encoding)).answers
    assert (answer.call_id, answer.open_answer, answer.rating) == ("c1", "Très déçu", 2.0)
    assert answer.sent_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def test_what_can_t_be_used_is_set_aside_with_line_and_reason() -> None:
    """Each bad line says what is wrong; the good ones around it count, unanswered ones too."""
    found = read(
        "call_id,customer_id,sent_at,answered_at,open_answer,rating\n"
        "c1,,2026-03-02 10:00,2026-03-02 11:00,Fine.,5\n"
        "c9,,,,Who?,3\n"
        ",,2026-03-02,,Lost,1\n"
        "c2,,,,Too much,11\n"
        "c2,,,,Stars,five\n"
        "c2,,2026-03-05,2026-03-04,Back in time,3\n"
        "c2,,soon,,Never,3\n"
        "c1,,,,Again,4\n"
        "c3,,,,a,1,2,3\n"
        "\n"
        "c2,,2026-03-06,,,\n"
        ",+331,2026-03-06,,N/A,\n"
    )
    assert [(a.line_no, a.call_id or a.customer_id, a.rating) for a in found.answers] == [
        (2, "c1", 5.0),
        (12, "c2", None),
        (13, "+331", None),
    ]
    assert found.answers[2].open_answer is None
    assert reasons(found) == [
        (3, "There is no such call. Load its log or recording first, then this file again."),
        (4, "The line names neither a call nor a customer."),
        (5, "The rating lies outside the scale."),
        (6, "The rating is not a number."),
        (7, "It was answered before it was sent."),
        (8, "The time can't be read; write it like 2026-03-02 14:05 or 02/03/2026 14:05."),
        (9, "The same survey stands on an earlier line already."),
        (10, "The line has more fields than the header."),
    ]  # fmt: skip
    assert found.lines == 11


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04\0\0", "no CSV file"),
        (b"when,rating\n2026-03-02,3\n", "call_id or customer_id"),
        (b"call_id,stars\nc1,3\n", "open_answer, rating"),
        (b"x" * 20_000_001, "20 MB"),
    ],
)
def test_a_sheet_without_use_is_refused_as_a_whole(content: bytes, why: str) -> None:
    """One sentence says what is missing."""
    with pytest.raises(ChangeRefused, match=why):
        read(content)


def test_an_answer_of_several_lines_is_one_record() -> None:
    """A cell in quotes keeps its line breaks and separators; a quote that is never closed costs its own line alone."""
    found = read('call_id,open_answer,rating\nc1,"First,\nsecond ""line"".",4\nc2,"never closed,2\nc3,Good,5\n')
    assert found.answers[0].open_answer == 'First,\nsecond "line".'
    assert [(a.line_no, a.call_id) for a in found.answers] == [(2, "c1"), (4, "c2"), (5, "c3")]


def test_the_scale_is_the_one_that_was_asked_for() -> None:
    """9 is a rating from 0 to 10, and none from 1 to 5."""
    sheet = "call_id;rating\nc1;9\nc2;0\n"
    assert [a.rating for a in read(sheet, Scale(0, 10)).answers] == [9.0, 0.0]
    assert len(read(sheet).refused) == 2


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing but a refusal is raised, whatever the file holds; each line is kept or set aside."""
    try:
        found = read(b"call_id,rating,open_answer\n" + content)
    except ChangeRefused:
        return
    assert len(found.answers) + len(found.refused) == found.lines


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=8), min_size=2, max_size=4
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_a_spreadsheet_writes_is_what_is_read(rows: list[list[str]]) -> None:
    """Cells written by the csv module come back as they were, with the line on which they begin."""
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["a", "b", "c", "d"], *rows])
    got = [line.cells for line in lines(out.getvalue())][1:]
    assert got == [tuple(row) for row in rows if any(cell.strip() for cell in row)]
