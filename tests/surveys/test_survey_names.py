"""Surveys in the snapshot without names: what they are about can be counted, and nobody can be told or guessed."""

from __future__ import annotations

from contextlib import closing

from models.privacy.pseudonymous import publish_pseudonymous
from models.publish import publish
from models.settings import Settings
from models.store import connect_snapshot
from tests.issues.conftest import load
from tests.surveys.test_survey_themes import ANSWERS, centre, survey

__all__ = ["centre", "load"]


def test_themes_are_there_and_ids_and_words_are_not(centre: Settings) -> None:
    """The same number of surveys and themes, other ids than the plain hashes, and no word that anybody wrote."""
    survey(centre, ANSWERS)
    path = publish(centre).path
    sql = "select (select count(*) from surveys), (select count(*) from survey_themes)"
    with closing(connect_snapshot(path)) as named:
        told = named.execute(sql).fetchall()
        ids = {row[0] for row in named.execute("select survey_id from surveys").fetchall()}
    with closing(connect_snapshot(publish_pseudonymous(centre, path))) as nameless:
        assert nameless.execute(sql).fetchall() == told == [(4, 3)]
        rows = nameless.execute("select survey_id, customer_id, open_answer from surveys").fetchall()
        quotes = nameless.execute("select quote from survey_themes").fetchall()
    assert not ids & {row[0] for row in rows}
    assert not any("parcel" in str(value) or "+33" in str(value) for row in [*rows, *quotes] for value in row)
