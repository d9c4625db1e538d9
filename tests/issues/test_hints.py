"""Hints from listeners: gathered beside what was found, placed or put aside, taken back, and part of no figure."""

from __future__ import annotations

from contextlib import closing

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import queries
from models.errors import ChangeRefused
from models.goals import registers
from models.issues import decisions, hints
from models.listening import calibration, remarks, reviews, weeks
from models.publish import current_snapshot, publish
from models.settings import Settings
from models.store import connect_snapshot
from tests.dashboard.conftest import HOSTILE, Open, open_page
from tests.dashboard.shown import formatted
from tests.issues.test_finding import settled
from tests.issues.test_issues_page import ALL, centre

__all__ = ["centre", "open_page"]
CALL = "parcel-0-0"


def known() -> dict[str, tuple[str, str | None]]:
    """Hint → its status and issue, as the dashboard sees it at this moment."""
    rows = queries.query("registers/listener_hints")
    return {
        row.hint: (row.status, row.issue_id if isinstance(row.issue_id, str) else None) for row in rows.itertuples()
    }


def figures() -> str:
    """Everything that the ledger counts."""
    return str(queries.query("issue_ledger", **ALL).to_csv())


def texts(app: AppTest) -> list[str]:
    """What is drawn as plain text."""
    return [str(text.value) for text in app.text]


def labels(app: AppTest) -> dict[str, str]:
    """Links by their label, with what they ask for."""
    return {link.proto.label: link.proto.query_string for link in app.get("page_link")}


def test_a_hint_is_placed_put_aside_and_looked_at_anew(centre: Settings) -> None:
    """It is there at once, each step shows at once, undo takes the last one back, and no figure changes meanwhile."""
    store, parcel = queries.app_store(), settled(centre)[CALL, 2]
    before = figures()
    remark = remarks.write(store, "ana", CALL, "issue", "Lost in the depot again", 2.5)
    remarks.write(store, "ana", CALL, "note", "No hint")
    weeks.write_note(store, "ben", "2026-W10", "Parcels, parcels")
    weeks.write_note(store, "ben", "2026-W10", "Parcels, all week")
    hint, note = f"remark {remark.remark_id}", "note 1"
    assert known() == {hint: ("open", None), note: ("open", None)}
    assert hints.place(store, hint, CALL, parcel, "mia")
    assert not hints.place(store, hint, CALL, parcel, "mia")
    hints.dismiss(store, note, None, " Known ", "mia")
    assert known() == {hint: ("placed", parcel), note: ("dismissed", None)}
    registers.undo(store, (hints.TABLE,), "mia")
    assert known() == {hint: ("placed", parcel), note: ("open", None)}
    hints.reopen(store, hint, "mia")
    assert known()[hint] == ("open", None)
    with pytest.raises(ChangeRefused, match="Choose the issue"):
        hints.place(store, hint, CALL, None, "mia")
    remarks.withdraw(store, remark)
    assert set(known()) == {note}
    assert figures() == before


def test_a_hint_follows_its_issue_into_another(centre: Settings) -> None:
    """Where an issue is merged, its hints are those of the whole, in the snapshot as on the page."""
    store, issues = queries.app_store(), settled(centre)
    parcel, charged = issues[CALL, 2], issues["charged-0-0", 2]
    remark = remarks.write(store, "ana", CALL, "issue", "")
    hints.place(store, f"remark {remark.remark_id}", CALL, charged, "mia")
    decisions.merge(store, charged, parcel, "mia")
    assert list(known().values()) == [("placed", parcel)]
    publish(centre)
    with closing(connect_snapshot(current_snapshot(centre))) as con:
        found = con.execute("select hint, source, reviewer, call_id, status, issue_id from listener_hints").fetchall()
    assert found == [(f"remark {remark.remark_id}", "remark", "ana", CALL, "placed", parcel)]


def test_the_page_shows_hints_and_what_becomes_of_them(centre: Settings, open_page: Open) -> None:
    """Words as they were written, each with its call and moment; placed, it stands with the issue and in the ledger's row."""
    store, parcel = queries.app_store(), settled(centre)[CALL, 2]
    remark = remarks.write(store, "ana", CALL, "issue", HOSTILE, 2.5)
    weeks.write_note(store, "ben", "2026-W10", "Parcels, all week")
    app = open_page("issues", lang="en", period="all", issue=parcel)
    assert HOSTILE in texts(app) and "Parcels, all week" in texts(app)
    assert "onerror" not in formatted(app)
    (moment,) = [asked for label, asked in labels(app).items() if label.endswith("0:02") or label.endswith("0:03")]
    assert f"call_id={CALL}" in moment and "at=2.5" in moment
    key = f"hint_remark_{remark.remark_id}_0"
    app.selectbox(key=f"{key}_issue").set_value(parcel)
    next(b for b in app.button if b.key and b.key.startswith(key) and b.key.endswith("place")).click().run()
    assert not app.exception
    assert known()[f"remark {remark.remark_id}"] == ("placed", parcel)
    ledger = app.dataframe[0].value
    assert sorted(ledger["heard"].tolist()) == ["0", "1"]
    assert texts(app).count(HOSTILE) == 2, "with its issue, and among those that were looked at"
    app.button(key="undo_hints").click().run()
    assert known()[f"remark {remark.remark_id}"] == ("open", None)


def test_hints_on_calls_to_be_judged_blind_are_held_back(centre: Settings, open_page: Open) -> None:
    """While the reader still judges a calibration set, what others say of its calls is not told, here or on the Team page."""
    store, me = queries.app_store(), "test@example.com"
    calibration.create(store, "Set", "ana", [CALL], ["ana", me])
    remarks.write(store, "ana", CALL, "issue", "Rude from the start")
    remarks.write(store, me, CALL, "issue", "My own words")
    for page in ("issues", "team"):
        told = texts(open_page(page, lang="en"))
        assert "Rude from the start" not in told
    assert "My own words" in texts(open_page("issues", lang="en"))
    reviews.judge(store, me, CALL, "empathy", "met", None)
    calibration.finish(store, 1, me)
    assert "Rude from the start" in texts(open_page("issues", lang="en"))


@pytest.mark.parametrize(("lang", "kind", "hour"), [("en", "Issue here", "Listening"), ("fr", "Problème ici", "Heure")])
def test_without_hints_it_says_where_they_come_from(
    centre: Settings, open_page: Open, lang: str, kind: str, hour: str
) -> None:
    """Nobody has listened: the page names what to choose in the listening hour, and leads there."""
    app = open_page("issues", lang=lang, period="all")
    assert kind in formatted(app)
    assert any(label.startswith(hour) for label in labels(app))
