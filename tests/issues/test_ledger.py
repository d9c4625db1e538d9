"""The ledger: what issues cost, which grow faster than chance, and whether a fix did what it should."""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from scipy.stats import binom

from ingest.cli import earshot
from ingest.issues import Finder
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.issues import decisions
from models.publish import publish
from models.settings import SAMPLE, Settings
from models.store import connect_snapshot
from tests.conftest import asked
from tests.issues.conftest import Load
from tests.issues.test_finding import settled

TRUTH = {
    row["call_id"]: row["problem"] for row in map(json.loads, (SAMPLE / "truth.jsonl").read_text("utf-8").splitlines())
}


def test_cost_is_the_sum_of_its_parts(settings: Settings, load: Load) -> None:
    """Handling, repeats, compensation and lost customers, each by its formula; assumptions that a manager wrote count."""
    load("parcel")
    load("parcel", range(2), day=1, customer="+33100")
    Finder(settings, 1).run()
    store = AppStore(settings)
    decisions.put_assumptions(
        store, {"agent_hour": 36.0, "compensation_share": 0.5, "compensation_value": 10.0}, "Maria"
    )
    sql = (
        "select sufferers, round(handling_cost, 6), round(repeat_cost, 6), compensation_cost, lost_cost, rank_value / cost"
        " from issue_ledger('2026-01-01', '2027-01-01', null)"
    )
    assert asked(settings, sql) == [(7, 7 * 14 / 100, 14 / 100, 35.0, 70.0, 0.5)]
    decisions.decide(store, settled(settings)["parcel-0-0", 2], {"actionable": False}, "Maria")
    assert asked(settings, sql)[0][-1] == 0.0


@pytest.mark.parametrize(
    ("x", "n", "q"), [(1, 1, 0.5), (3, 12, 0.11), (16, 26, 0.13), (40, 4000, 0.005), (0, 9, 0.3), (500, 900, 0.5)]
)
def test_the_tail_of_the_binomial_is_exact(settings: Settings, x: int, n: int, q: float) -> None:
    """The SQL macro agrees with scipy."""
    ((tail,),) = asked(settings, "select binomial_tail($1::bigint, $2::bigint, $3::double)", [x, n, q])
    assert tail == pytest.approx(binom.sf(x - 1, n, q), rel=1e-9, abs=1e-15)


def test_growth_is_flagged_in_its_week_only(settings: Settings, load: Load) -> None:
    """An issue that comes at a steady rate is not emerging; one that breaks out among the same traffic is, in that week."""
    for week in range(6):
        load("parcel", range(5), day=7 * week)
        load("charged", range(5), day=7 * week)
    load("evening", range(12), day=35, step=0)
    Finder(settings, 1).run()
    sql = "select name, week from issue_weeks w join issues using (issue_id) where is_emerging"
    assert [(("evening" in name.lower()), week) for name, week in asked(settings, sql)] == [(True, date(2026, 4, 6))]


def test_the_weekday_is_no_growth(settings: Settings, load: Load) -> None:
    """What comes every Monday is not emerging on a Monday, when the new week has but that one day."""
    for week in range(6):
        load("parcel", range(6), day=7 * week, step=0)
        load("charged", range(6), day=7 * week + 1)
    load("parcel", range(6), day=42, step=0)
    Finder(settings, 1).run()
    sql = "select w.calls, expected, p, is_emerging from issue_weeks w join issues using (issue_id) where name ilike '%parcel%' order by week desc limit 1"
    ((calls, expected, p, is_emerging),) = asked(settings, sql)
    assert (calls, expected, is_emerging) == (6, 6.0, False)
    assert p > 0.5
    sql = "select w.calls, expected from issue_weeks w join issues using (issue_id) where name not ilike '%parcel%' order by week desc limit 1"
    assert asked(settings, sql) == [(0, 0.0)]


def test_a_fix_shows_as_a_drop_with_its_interval(settings: Settings, load: Load) -> None:
    """After the fix date the calls per call read are compared over as many whole weeks on both sides."""
    for week in range(8):
        load("charged", range(6), day=7 * week)
        if week < 4:
            load("parcel", range(6), day=7 * week)
    Finder(settings, 1).run()
    store, ids = AppStore(settings), settled(settings)
    parcel, charged = ids["parcel-0-0", 2], ids["charged-0-0", 2]
    for issue_id in (parcel, charged):
        decisions.decide(store, issue_id, {"fix_on": date(2026, 3, 30)}, "Maria")
    sql = "select issue_id, calls_before, calls_after, verdict, ratio_low <= ratio, coalesce(ratio <= ratio_high, true) from issue_fixes"
    rows = {row[0]: row[1:] for row in asked(settings, sql)}
    assert rows[parcel] == (18, 0, "less", True, True)
    assert rows[charged][2] != "less"
    decisions.decide(store, parcel, {"fix_on": date(2026, 4, 24)}, "Maria")
    assert dict(asked(settings, "select issue_id, verdict from issue_fixes"))[parcel] == "too_soon"


def test_nonsense_is_refused(settings: Settings) -> None:
    """Merging in a circle, splitting nothing, shares above 1 and endless texts are refused with a sentence."""
    store = AppStore(settings)
    decisions.merge(store, "a", "b", "Maria")
    for refused in (
        lambda: decisions.merge(store, "b", "a", "Maria"),
        lambda: decisions.merge(store, "a", "a", "Maria"),
        lambda: decisions.split(store, "a", "New", [], "Maria"),
        lambda: decisions.split(store, "a", " ", [("c", 1)], "Maria"),
        lambda: decisions.decide(store, "a", {"name": "x" * 501}, "Maria"),
        lambda: decisions.put_assumptions(store, {"compensation_share": 1.5}, "Maria"),
    ):
        with pytest.raises(ChangeRefused):
            refused()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's transcripts, read and published."""
    settings = Settings(data=tmp_path_factory.mktemp("sample"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARSHOT_DATA", str(settings.data))
        for file in (SAMPLE / "transcripts" / "calls.jsonl", SAMPLE / "reference.jsonl"):
            assert CliRunner().invoke(earshot, ["ingest", "transcripts", str(file)]).exit_code == 0
    Finder(settings, 1).run()
    with closing(connect_snapshot(publish(settings).path)) as con:
        about = con.execute("select issue_id, call_id from call_issues").fetchall()
    roaming = Counter(issue_id for issue_id, call_id in about if TRUTH[call_id] == "roaming_fee").most_common(1)[0][0]
    decisions.decide(AppStore(settings), roaming, {"fix_on": date(2026, 1, 31)}, "Maria")
    with closing(connect_snapshot(publish(settings).path)) as con:
        yield con


ACCEPTED = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
"""By language and problem: lists of words; a name by which a manager recognises the problem has one of each."""


def held(sample: duckdb.DuckDBPyConnection, language: str) -> tuple[dict[str, Counter[str]], dict[str, str]]:
    """How many calls of each planted problem each issue of a language holds, and what the issues are called."""
    holds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    names = {}
    sql = "select issue_id, name, call_id from call_issues join issues using (issue_id) where language = ?"
    for issue_id, name, call_id in sample.execute(sql, [language]).fetchall():
        holds[issue_id][TRUTH[call_id]] += 1
        names[issue_id] = name.lower()
    return holds, names


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_planted_problems_are_found(sample: duckdb.DuckDBPyConnection, language: str) -> None:
    """Each planted problem has one issue in its language that holds most of its calls and is mostly about it."""
    languages = dict(sample.execute("select call_id, language from transcripts").fetchall())
    holds, _ = held(sample, language)
    for problem in ACCEPTED[language]:
        planted = sum(p == problem and languages.get(c) == language for c, p in TRUTH.items())
        best = max(holds, key=lambda issue_id: holds[issue_id][problem])
        assert holds[best][problem] >= 0.75 * planted, problem
        assert holds[best][problem] > 0.55 * holds[best].total(), problem


@pytest.mark.parametrize(("language", "problem"), [(code, name) for code, found in ACCEPTED.items() for name in found])
def test_a_manager_recognises_each_planted_problem(
    sample: duckdb.DuckDBPyConnection, language: str, problem: str
) -> None:
    """The issue that holds most calls of a planted problem has a name that tells the thing and what is wrong with it."""
    holds, names = held(sample, language)
    name = names[max(holds, key=lambda issue_id: holds[issue_id][problem])]
    assert all(any(word in name for word in words) for words in ACCEPTED[language][problem]), name


def test_calls_without_a_problem_mostly_stay_without(sample: duckdb.DuckDBPyConnection) -> None:
    """Of the planted enquiries and unintelligible calls, four of five have no issue."""
    with_issue = {call_id for (call_id,) in sample.execute("select call_id from call_issues").fetchall()}
    quiet = [call_id for call_id, problem in TRUTH.items() if problem in ("none", "unintelligible")]
    assert sum(call_id in with_issue for call_id in quiet) <= 0.2 * len(quiet)


def test_the_planted_emerging_problem_is_flagged_in_its_week(sample: duckdb.DuckDBPyConnection) -> None:
    """The app that logs people out, from 16 February on, is emerging in that week; nothing else ever is, but for its French twin."""
    rows = sample.execute(
        "select name, week from issue_weeks join issues using (issue_id) where is_emerging order by week"
    ).fetchall()
    assert ("app" in rows[0][0].lower(), rows[0][1]) == (True, date(2026, 2, 16))
    assert all("app" in name.lower() or "version" in name.lower() for name, _ in rows)


def test_the_planted_fix_shows_as_a_drop(sample: duckdb.DuckDBPyConnection) -> None:
    """Roaming fees were fixed on 31 January: with that date, their issue is called about less, and chance does not explain it."""
    sql = "select name, weeks, ratio, ratio_high, verdict from issue_fixes join issues using (issue_id)"
    ((name, weeks, ratio, high, verdict),) = sample.execute(sql).fetchall()
    assert "roaming" in name.lower()
    assert (weeks >= 4, ratio < 0.4, high < 1, verdict) == (True, True, True, "less")


def test_no_label_of_the_sample_is_vague(sample: duckdb.DuckDBPyConnection) -> None:
    """Every issue of the ledger is named by what enough of its calls say, and none by how angry or patient people were."""
    vague = {
        "problem",
        "service",
        "unsatisfied",
        "unhappy",
        "minutes",
        "waiting",
        "hold",
        "complaint",
        "help",
        "call",
        "attente",
        "client",
    }
    rows = sample.execute(
        "select name, phrases from issue_ledger('2020-01-01', '2030-01-01', null) join issues using (issue_id, name)"
    ).fetchall()
    assert len(rows) >= 9
    for name, phrases in rows:
        assert phrases and not vague & set(" ".join(phrases).lower().split()), name
