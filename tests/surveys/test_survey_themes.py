"""What open answers are about: the issues of calls, which answers never change; and how ratings agree with predictions."""

from __future__ import annotations

import hashlib
import random
from contextlib import closing
from datetime import UTC, datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from scipy.stats import spearmanr

from ingest.issues import Finder
from models.app_store import AppStore
from models.issues import decisions
from models.redaction import wanted
from models.settings import Settings
from models.store import Store, query
from models.surveys import files
from models.surveys.reading import Scale
from tests.conftest import MadeOnce, asked
from tests.issues.conftest import load_calls

ANSWERS = {
    "+331": ("My parcel was lost again. And you charged my invoice twice.", 1),
    "+332": ("The courier lost the parcel. Thanks to the agent, though, who helped.", 2),
    "+333": ("Friendly people, thank you.", 5),
    "+334": ("", 4),
}
FOUND = "from found_issues order by issue_id", "from problem_statements order by call_id, statement_no"


def three_issues(settings: Settings) -> None:
    """Load three matters, and find them."""
    for matter in ("parcel", "charged", "evening"):
        load_calls(settings, matter)
    Finder(settings, 1).run()


@pytest.fixture
def centre(settings: Settings, made_once: MadeOnce) -> Settings:
    """Three issues in calls."""
    return made_once(three_issues, settings)


def survey(settings: Settings, answers: dict[str, tuple[str, int]]) -> None:
    """Load these answers."""
    sheet = "customer_id;sent_at;open_answer;rating\n" + "".join(
        f"{who};2026-03-09;{text};{rating}\n" for who, (text, rating) in answers.items()
    )
    now = datetime(2026, 3, 20, tzinfo=UTC)
    files.load(AppStore(settings), "s.csv", sheet.encode(), (), Scale(), wanted(settings), "ann", now)


def themes(settings: Settings) -> dict[str, set[str]]:
    """Customer → words of the names of the issues that their answer is about."""
    rows = asked(settings, "select customer_id, lower(name) from survey_themes")
    found: dict[str, set[str]] = {}
    for customer, name in rows:
        word = next(word for word in ("parcel", "charged", "evening") if word in name)
        found.setdefault(customer, set()).add(word)
    return found


def test_answers_are_about_the_issues_of_calls(centre: Settings) -> None:
    """An answer about two matters has both, thanks have none, and so has a rating without words."""
    survey(centre, ANSWERS)
    assert themes(centre) == {"+331": {"parcel", "charged"}, "+332": {"parcel"}}


def test_answers_change_no_issue(centre: Settings) -> None:
    """Issues, their ids and their statements are the same with a hundred answers about something new."""
    before = [asked(centre, sql) for sql in FOUND]
    calls = asked(centre, "select issue_id, name, calls from issues order by issue_id")
    survey(centre, {f"+33{n}": ("The music on hold is far too loud.", 1) for n in range(100)} | ANSWERS)
    assert [asked(centre, sql) for sql in FOUND] == before
    Finder(centre, 1).run()
    assert [asked(centre, sql) for sql in FOUND] == before
    assert asked(centre, "select issue_id, name, calls from issues order by issue_id") == calls


def test_themes_follow_what_people_merge(centre: Settings) -> None:
    """After a merge the answers count for the issue that is left, each once."""
    survey(centre, ANSWERS)
    ids = {name.lower(): issue for issue, name in asked(centre, "select issue_id, name from issues")}
    parcel = next(issue for name, issue in ids.items() if "parcel" in name)
    charged = next(issue for name, issue in ids.items() if "charged" in name)
    decisions.merge(AppStore(centre), charged, parcel, "ann")
    rows = asked(centre, "select customer_id, issue_id from survey_themes order by customer_id")
    assert rows == [("+331", parcel), ("+332", parcel)]


def test_a_file_that_is_taken_back_leaves_no_theme(centre: Settings) -> None:
    """Undo of the import takes the themes with it."""
    survey(centre, ANSWERS)
    files.undo(AppStore(centre), "ann")
    assert themes(centre) == {}


def test_what_was_placed_before_is_placed_the_same(centre: Settings) -> None:
    """Publishing again over an earlier snapshot, with answers more, gone and changed, gives what a first publish gives."""
    placed = "select survey_id, sentence_no, quote, issue_id, split_id from survey_placed order by all"
    survey(centre, ANSWERS)
    assert asked(centre, placed)
    files.undo(AppStore(centre), "ann")
    survey(centre, {**ANSWERS, "+331": ("You charged my invoice twice.", 1), "+335": ("The parcel was lost.", 2)})
    again = asked(centre, placed)
    for snapshot in centre.store.glob("published/earshot*"):
        snapshot.unlink()
    assert again == asked(centre, placed)
    issue = asked(centre, "select issue_id from found_issues order by 1 limit 1")[0][0]
    with Store(centre).writing() as con:
        con.execute("delete from problem_statements where issue_id = ?", [issue])
    fewer = asked(centre, placed)
    assert issue not in {row[3] for row in fewer}
    for snapshot in centre.store.glob("published/earshot*"):
        snapshot.unlink()
    assert fewer == asked(centre, placed)


def test_agreement_is_spearmans(settings: Settings) -> None:
    """With ties, the correlation is that of scipy, and its interval lies around it; all ratings the same tell nothing."""
    chance = random.Random(1)
    pairs = [(rating := chance.randint(1, 5), round(rating / 3 + chance.gauss(0, 1), 1)) for _ in range(60)]
    with Store(settings).writing() as con:
        con.executemany(
            "insert into calls (call_id, predicted_satisfaction, has_recording, has_transcript, visits) values (?, ?, false, false, 0)",
            [(f"c{n}", predicted) for n, (_, predicted) in enumerate(pairs)],
        )
    for ratings in ([rating for rating, _ in pairs], [3] * 60):
        sheet = "call_id,rating\n" + "".join(f"c{n},{rating}\n" for n, rating in enumerate(ratings))
        known = {f"c{n}" for n in range(60)}
        files.load(AppStore(settings), "s.csv", sheet.encode(), known, Scale(), wanted(settings), "ann")
        ((n, r, low, high),) = asked(settings, "select n, spearman, low, high from survey_agreement")
        if set(ratings) == {3}:
            assert (n, r, low, high) == (60, None, None, None)
        else:
            assert n == 60
            assert r == pytest.approx(spearmanr(*zip(*pairs, strict=True)).statistic)
            assert low < r < high
        files.undo(AppStore(settings), "ann")


def test_response_rates_have_intervals(settings: Settings) -> None:
    """Nine of thirty answered: the rate, and Wilson's interval around it."""
    answers = {f"+33{n:02d}": ("Fine.", 4) for n in range(9)}
    sheet = "customer_id,sent_at,open_answer\n" + "".join(
        f"+33{n:02d},2026-03-02,{'Fine.' if f'+33{n:02d}' in answers else ''}\n" for n in range(30)
    )
    with Store(settings).writing():
        pass
    files.load(
        AppStore(settings),
        "s.csv",
        sheet.encode(),
        (),
        Scale(),
        wanted(settings),
        "ann",
        datetime(2026, 3, 20, tzinfo=UTC),
    )
    sql = "select count(*) as sent, count(*) filter (is_answered) as answered, response_rate(answered, sent), wilson_low(answered, sent - answered), wilson_high(answered, sent - answered) from surveys"
    ((sent, answered, rate, low, high),) = asked(settings, sql)
    assert (sent, answered, rate) == (30, 9, 0.3)
    assert (round(low, 3), round(high, 3)) == (0.167, 0.479)


@trying(max_examples=25, deadline=None)
@given(
    said=st.lists(
        st.tuples(
            st.sampled_from(["a.1", "b.2", "é", "Z"]),  # call
            st.integers(1, 4),  # number of the statement
            st.sampled_from(["one", "two", None]),  # issue
            st.sampled_from(["half", None]),  # split
            st.sampled_from(["en", "fr"]),
        ),
        unique_by=lambda row: row[:2],
    ),
    most=st.integers(1, 3),
)
def test_an_issue_is_known_by_the_first_statements_in_the_order_of_their_hash(
    said: list[tuple[str, int, str | None, str | None, str]], most: int
) -> None:
    """Of each issue and split at most so many statements of the language are taken, chosen and ordered by the hash of their call."""
    with closing(duckdb.connect()) as con:
        con.execute(
            "create table problem_statements (call_id varchar, statement_no integer, turn_no integer, language varchar,"
            " words varchar[], answer varchar[], issue_id varchar, split_id varchar)"
        )
        con.execute("create table issue_splits (issue_id varchar, call_id varchar, turn_no integer)")
        for call, number, issue, split, language in said:
            row = [call, number, number, language, [f"{call}-{number}"], [], issue, split]
            con.execute("insert into problem_statements values (?, ?, ?, ?, ?, ?, ?, ?)", row)
        found = con.execute(query("issues_known"), {"language": "en", "most": most}).fetchall()
    expected: list[tuple[str, str | None, list[str], list[str]]] = []
    for issue, split in [(i, s) for i in ("one", "two") for s in (None, "half")]:
        of = [(c, n) for c, n, i, s, language in said if (i, s, language) == (issue, split, "en")]
        of.sort(key=lambda key: (hashlib.md5(key[0].encode(), usedforsecurity=False).hexdigest(), *key))
        expected += [(issue, split, [f"{c}-{n}"], []) for c, n in of[:most]]
    assert found == expected
