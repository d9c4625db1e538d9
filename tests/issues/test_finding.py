"""``earshot issues``: found once, kept, named; people's decisions stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from ingest import issues as finder
from ingest.cli import earshot
from ingest.issues import Finder
from models.app_store import AppStore
from models.issues import decisions
from models.settings import Settings
from models.store import Store
from tests.conftest import asked
from tests.issues.conftest import Load

KEPT = ("statement_calls", "problem_statements", "found_issues")


def content(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that finding wrote."""
    with Store(settings).writing() as con:
        return {table: con.execute(f"select * from {table} order by all").fetchall() for table in KEPT}


def settled(settings: Settings) -> dict[tuple[str, int], str]:
    """Where each statement belongs."""
    with Store(settings).writing() as con:
        rows = con.execute(
            "select call_id, turn_no, issue_id from problem_statements where issue_id is not null"
        ).fetchall()
    return {(call_id, turn_no): issue_id for call_id, turn_no, issue_id in rows}


def test_each_matter_is_one_issue_and_enquiries_are_none(settings: Settings, load: Load) -> None:
    """Three problems become three issues with telling names; asking for opening hours is no issue."""
    for matter in ("parcel", "charged", "evening", "hours"):
        load(matter)
    Finder(settings, 1).run()
    found = asked(settings, "select name, calls, sufferers from issues order by name")
    assert [row[1:] for row in found] == [(6, 6)] * 3
    for word in ("parcel", "charged", "evening"):
        assert sum(word in name.lower() for name, *_ in found) == 1
    assert asked(settings, "select count(*) from call_issues where starts_with(call_id, 'hours')") == [(0,)]
    assert (
        asked(settings, "from call_issues c join turns t using (call_id, turn_no) where not contains(t.text, c.quote)")
        == []
    )


def test_a_few_annoyed_callers_make_no_issue_of_an_enquiry(settings: Settings, load: Load) -> None:
    """A group of enquiries is an issue only when three of five of its calls, and at least four, voice trouble."""
    load("hours")
    Finder(settings, 1).run()
    for troubled, issues in ((3, 0), (4, 1)):
        with Store(settings).writing() as con:
            con.execute("update statement_calls set troubled = call_id < ?", [f"hours-0-{troubled}"])
        assert asked(settings, "select count(*) from issues") == [(issues,)]


def test_anger_without_a_cause_is_no_issue(settings: Settings, load: Load) -> None:
    """Twenty-four customers who only say that they are unsatisfied make no issue, however alike they sound."""
    load("parcel")
    for week in range(4):
        load("anger", day=7 * week)
    Finder(settings, 1).run()
    assert asked(settings, "select calls from issues") == [(6,)]


def test_finding_again_changes_nothing(settings: Settings, load: Load) -> None:
    """The second run reads no call and leaves every row as it was."""
    load("parcel")
    load("charged")
    assert Finder(settings, 1).run().read == 12
    before = content(settings)
    assert Finder(settings, 1).run().read == 0
    assert content(settings) == before


def test_the_order_of_loading_does_not_matter(settings: Settings, load: Load, tmp_path: Any, monkeypatch: Any) -> None:
    """The same calls loaded in another order give the same issues under the same ids."""
    load("parcel")
    load("charged")
    Finder(settings, 1).run()
    here = settled(settings)
    with Store(settings).writing() as con:
        for table in (*KEPT, "turns", "transcripts", "calls", "ingest_files"):
            con.execute(f"delete from {table}")
    load("charged")
    load("parcel")
    Finder(settings, 1).run()
    assert settled(settings) == here


def test_a_new_week_moves_no_settled_call(settings: Settings, load: Load) -> None:
    """Calls added later join the issues they are like; what was settled, the ids and the names stay."""
    load("parcel")
    load("charged")
    Finder(settings, 1).run()
    before, names = settled(settings), asked(settings, "select issue_id, name from issues order by all")
    load("parcel", range(3), day=7)
    load("evening", range(2), day=7)
    Finder(settings, 1).run()
    after = settled(settings)
    assert {key: after[key] for key in before} == before
    assert asked(settings, "select issue_id, name from issues order by all") == names
    parcel = before["parcel-0-0", 2]
    assert [after[f"parcel-7-{n}", 2] for n in range(3)] == [parcel] * 3
    assert ("evening-7-0", 2) not in after


def test_placing_page_by_page_leaves_nobody_out(
    settings: Settings, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pages of two statements, among others that join nothing, every statement that is like an issue joins it."""
    load("parcel")
    load("charged")
    Finder(settings, 1).run()
    monkeypatch.setattr(finder, "PLACED_AT_ONCE", 2)
    load("hours", range(3), day=6)
    load("parcel", range(5), day=7)
    load("charged", range(4), day=8)
    Finder(settings, 1).run()
    after = settled(settings)
    assert {after[f"parcel-7-{n}", 2] for n in range(5)} == {after["parcel-0-0", 2]}
    assert {after[f"charged-8-{n}", 2] for n in range(4)} == {after["charged-0-0", 2]}


def test_what_belongs_nowhere_gathers_until_it_is_an_issue(settings: Settings, load: Load) -> None:
    """Two calls about something are none; with two more they are an issue."""
    load("parcel")
    load("evening", range(2))
    Finder(settings, 1).run()
    assert len(asked(settings, "from issues")) == 1
    load("evening", range(2, 6), day=7)
    Finder(settings, 1).run()
    assert [row[0] for row in asked(settings, "select calls from issues order by calls")] == [6, 6]


def test_one_customer_who_calls_again_and_again_is_no_issue(settings: Settings, load: Load) -> None:
    """Six calls of one customer are one sufferer: not yet an issue."""
    load("parcel", customer="+33100")
    Finder(settings, 1).run()
    assert asked(settings, "from issues") == []


def test_repeats_are_one_sufferer_and_repeat_contacts(settings: Settings, load: Load) -> None:
    """Three calls of one customer on three days are one sufferer with two repeat contacts; resolution counts them."""
    load("parcel")
    load("parcel", range(3), day=1, customer="+33100")
    load("parcel", range(1), day=40)
    Finder(settings, 1).run()
    rows = asked(settings, "select calls, sufferers, repeat_contacts, first_call_resolution from issues")
    assert rows == [(10, 8, 2, 1 - 2 / 9)]


def test_what_people_decide_stands(settings: Settings, load: Load) -> None:
    """A renamed issue keeps its name when calls are added; merged ones count together; undoing brings both back."""
    for matter in ("parcel", "charged"):
        load(matter)
    Finder(settings, 1).run()
    store, ids = AppStore(settings), settled(settings)
    parcel, charged = ids["parcel-0-0", 2], ids["charged-0-0", 2]
    decisions.decide(store, parcel, {"name": "Lost parcels", "actionable": True, "owner": "Ann"}, "Maria")
    decisions.merge(store, charged, parcel, "Maria")
    load("parcel", range(6), day=7)
    Finder(settings, 1).run()
    sql = "select name, calls, actionable, owner, merged from issues order by calls"
    assert asked(settings, sql) == [("Lost parcels", 18, True, "Ann", [charged])]
    decisions.undo(store, "Maria")
    assert [row[:2] for row in asked(settings, sql)][1] == ("Lost parcels", 12)
    assert len(decisions.history(store)) == 3


def test_a_split_draws_what_is_said_later(settings: Settings, load: Load) -> None:
    """Statements split off are an issue of their own, later calls like them follow; undoing gives them back."""
    for matter in ("parcel", "charged"):
        load(matter)
    Finder(settings, 1).run()
    store, ids = AppStore(settings), settled(settings)
    parcel, charged = ids["parcel-0-0", 2], ids["charged-0-0", 2]
    decisions.merge(store, charged, parcel, "Maria")
    decisions.part(store, charged, "Maria")
    new = decisions.split(store, charged, "Bank says", [("charged-0-5", 2)], "Maria")
    load("charged", [5], day=7)
    Finder(settings, 1).run()
    calls = dict(asked(settings, "select issue_id, calls from issues"))
    assert calls == {parcel: 6, charged: 5, new: 2}
    decisions.undo(store, "Maria")
    assert dict(asked(settings, "select issue_id, calls from issues")) == {parcel: 6, charged: 7}


def test_a_transcript_that_goes_takes_its_statements(settings: Settings, load: Load) -> None:
    """Statements of a call without a transcript are forgotten; the others stay where they are."""
    load("parcel")
    Finder(settings, 1).run()
    with Store(settings).writing() as con:
        con.execute("delete from turns where call_id = 'parcel-0-0'")
        con.execute("delete from transcripts where call_id = 'parcel-0-0'")
    Finder(settings, 1).run()
    assert len(settled(settings)) == 5


def test_what_a_stopped_run_had_read_is_placed_by_the_next(
    settings: Settings, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is stopped between reading and placing leaves nothing behind: the next one places it, without a new call."""
    load("parcel")
    load("charged")
    Finder(settings, 1).run()
    load("parcel", range(3), day=7)
    load("evening", day=7)
    with monkeypatch.context() as patch:
        patch.setattr(finder, "place", stopped)
        with pytest.raises(KeyboardInterrupt):
            Finder(settings, 1).run()
    assert ("parcel-7-0", 2) not in settled(settings)
    assert Finder(settings, 1).run().read == 0
    after = settled(settings)
    assert {after[f"parcel-7-{n}", 2] for n in range(3)} == {after["parcel-0-0", 2]}
    assert len({after[f"evening-7-{n}", 2] for n in range(6)}) == 1


def stopped(*_: object) -> int:
    """Somebody presses Ctrl-C."""
    raise KeyboardInterrupt


def test_the_command_says_what_it_did(settings: Settings, load: Load) -> None:
    """`earshot issues --json` is for scripts; without calls it says that there is nothing new."""
    load("parcel")
    told = json.loads(CliRunner().invoke(earshot, ["issues", "--json"]).output)
    assert told == {"read": 6, "joined": 6, "issues": 1, "new": 1, "embeddings": None}
    assert "already" in CliRunner().invoke(earshot, ["issues"]).output
