"""Files of surveys: loaded once, taken back, and published without secrets."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from models.app_store import AppStore
from models.publish import publish
from models.redaction import wanted
from models.settings import Settings
from models.store import Store, connect_snapshot
from models.surveys import files
from models.surveys.files import Loaded
from models.surveys.reading import Scale

NOW = datetime(2026, 3, 20, tzinfo=UTC)
SHEET = "call_id,sent_at,open_answer,rating\nc1,2026-03-02,Fine.,5\nc2,2026-03-03,,\nc9,2026-03-04,Who?,3\n"


def load(settings: Settings, sheet: str = SHEET, calls: set[str] = {"c1", "c2"}, scale: Scale = Scale()) -> Loaded:  # noqa: B006, B008
    """Load a sheet as Ann."""
    return files.load(AppStore(settings), "s.csv", sheet.encode(), calls, scale, wanted(settings), "ann", NOW)


def asked(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query of a new snapshot in which the calls are."""
    with Store(settings).writing() as con:
        con.execute("delete from calls")
        for call_id in ("c1", "c2", "c9"):
            con.execute(
                "insert into calls (call_id, started_at, queue, customer_id, predicted_satisfaction, has_recording, has_transcript, visits)"
                " values (?, timestamptz '2026-03-01 09:00:00+00', 'support', '+33' || ?, 0.5, false, false, 0)",
                [call_id, call_id],
            )
    with closing(connect_snapshot(publish(settings).path)) as con:
        return con.execute(sql).fetchall()


def test_the_same_file_again_changes_nothing(settings: Settings) -> None:
    """Loaded twice, it counts once and says so, and leaves one change in the history."""
    assert (load(settings).kept, load(settings).again) == (2, True)
    assert len(files.history(AppStore(settings))) == 1
    assert asked(settings, "select call_id, is_answered, satisfaction from surveys order by call_id") == [
        ("c1", True, 1.0),
        ("c2", False, None),
    ]


def test_what_was_refused_counts_once_it_can_be_used(settings: Settings) -> None:
    """After the missing call is there, the same file brings its line, too, and nothing stays refused."""
    assert len(load(settings).refused) == 1
    again = load(settings, calls={"c1", "c2", "c9"})
    assert (again.kept, again.refused, again.again) == (3, (), False)
    assert asked(settings, "select count(*) from refused_survey_lines") == [(0,)]


def test_a_file_is_taken_back_and_brought_again(settings: Settings) -> None:
    """Undo takes all its surveys out, refused lines too; loading it again brings them back."""
    load(settings)
    files.undo(AppStore(settings), "ben")
    assert asked(settings, "select (select count(*) from surveys), (select count(*) from refused_survey_lines)") == [
        (0, 0)
    ]
    assert not load(settings).again
    assert asked(settings, "select (select count(*) from surveys), (select count(*) from refused_survey_lines)") == [
        (2, 1)
    ]


def test_a_later_file_completes_an_earlier_one(settings: Settings) -> None:
    """A survey that was unanswered counts once, with its answer from either file; the order does not matter."""
    later = SHEET.replace("c2,2026-03-03,,", "c2,2026-03-03,Late but fine.,4")
    for first, second in ((SHEET, later), (later, SHEET)):
        load(settings, first)
        load(settings, second)
        rows = asked(settings, "select call_id, open_answer from surveys order by call_id")
        assert rows == [("c1", "Fine."), ("c2", "Late but fine.")]
        files.undo(AppStore(settings), "ann")
        files.undo(AppStore(settings), "ann")


def test_secrets_are_taken_out_before_anything_is_written(settings: Settings) -> None:
    """A card number stands in no table, neither in an answer nor in a refused line."""
    card = "4111 1111 1111 1111"
    load(settings, f"call_id,open_answer\nc1,My card is {card} and it was charged twice.\nc9,Card {card}\n")
    with AppStore(settings).reading() as connection:
        kept = repr(
            [connection.execute(f"select * from {name}").fetchall() for name in ("survey_lines", "refused_surveys")]
        )
    assert "4111" not in kept
    assert "charged twice" in kept


def test_refused_lines_are_published_with_file_line_and_reason(settings: Settings) -> None:
    """Analysts see what was refused, where and why, as it stood."""
    load(settings)
    rows = asked(settings, "select source, line_no, reason, raw from refused_survey_lines")
    assert [(source, line) for source, line, *_ in rows] == [("s.csv", 4)]
    assert rows[0][2].startswith("There is no such call")
    assert rows[0][3].endswith(",Who?,3")


@pytest.mark.parametrize("scale", [Scale(0, 10), Scale(1, 10)])
def test_ratings_of_any_scale_are_comparable(settings: Settings, scale: Scale) -> None:
    """satisfaction is 0 at the lowest rating and 1 at the highest."""
    load(settings, f"call_id,rating\nc1,{scale.lowest}\nc2,{scale.highest}\n", scale=scale)
    assert asked(settings, "select satisfaction from surveys order by call_id") == [(0.0,), (1.0,)]
