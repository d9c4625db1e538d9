"""Needs: shares and their intervals, the page in both languages, and the calls behind every figure."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from bench.synthetic_store import fill
from dashboard import charts, listening, queries
from dashboard.components import needs, period
from models.app_store import AppStore
from models.listening import playlists, reviews
from models.listening.reviews import Automatic
from models.listening.sampling import Candidate, Drawn
from models.publish import publish
from models.settings import ROOT, Settings
from models.store import Store
from tests.browser.sample import TURNS, add_call, add_transcript
from tests.dashboard.conftest import EXTRA, FORMULA, HOSTILE, Open
from tests.dashboard.shown import words

JUDGED = Path(__file__).with_name("judged.sql").read_text("utf-8")
CASES = tomllib.loads((ROOT / "tests/fixtures/views/needs.toml").read_text("utf-8"))["case"]
ALL = {"start": "2020-01-01", "end": "2030-01-01", "queues": None}
NOBODY = dict.fromkeys(
    ("min_wait_s", "agent", "customer", "recorded", "transcribed", "criterion", "result", "band", "again")
)


@pytest.fixture(scope="module")
def judged_centre(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Six hundred calls, judged, with hostile names, and one whose transcript has no times."""
    settings = Settings(data=tmp_path_factory.mktemp("judged") / "data")
    with Store(settings).writing() as con:
        fill(con, calls=600, turns=4)
        con.execute(EXTRA.split(";\n")[0], {"hostile": HOSTILE, "formula": FORMULA})
        add_call(con, "untimed", -3, has_recording=False)
        add_transcript(con, "untimed", [(speaker, None, None, text) for speaker, _, _, text in TURNS])
        con.execute(JUDGED)
    publish(settings)
    return settings


@pytest.fixture
def judged(judged_centre: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The dashboard over those calls."""
    monkeypatch.setenv("EARSHOT_DATA", str(judged_centre.data))
    st.cache_data.clear()
    return judged_centre


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shares_of_given_verdicts(settings: Settings, case: dict[str, Any]) -> None:
    """The verdicts of each case give exactly the shares written beside them."""
    with Store(settings).writing() as con:
        for call_id in {result[0] for result in case["results"]}:
            add_call(con, call_id, 0)
        con.executemany(
            "insert into automatic_results values (?, ?, ?, 'v1', null, 1, '', 'scorecard')", case["results"]
        )
    publish(settings)
    rows = queries.query("needs", **ALL).to_dict("records")
    shown = [{k: round(v, 6) if isinstance(v, float) else v for k, v in row.items()} for row in rows]
    assert [{k: row[k] for k in expected} for row, expected in zip(shown, case["expect"], strict=True)] == case[
        "expect"
    ]
    assert all(row[name] is None or row[name] != row[name] for row in rows for name in case.get("absent", []))


@pytest.mark.parametrize("wait_s", [0, 29.9, 30, 119, 120, 4000])
def test_bands_are_named_as_the_view_names_them(judged: Settings, wait_s: float) -> None:
    """Python writes the bands in words that SQL cuts."""
    from models.store import connect_snapshot

    path = queries.snapshot()
    assert path is not None
    with connect_snapshot(path) as con:
        assert con.execute("select wait_band(?)", [wait_s]).fetchone() == (max(b for b in needs.BANDS if b <= wait_s),)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_opens_in_every_language(judged: Settings, open_page: Open, lang: str) -> None:
    """Three charts of shares and one of satisfaction, each described, with a warning that nobody has checked them."""
    app = open_page("needs", lang=lang, period="all")
    assert app.title[0].value == ("Needs" if lang == "en" else "Besoins")
    assert ("not yet trusted" if lang == "en" else "pas encore fiables") in words(app)
    found = app.get("plotly_chart")
    assert len(found) == 4
    assert all(chart.proto.alt for chart in found)
    assert ("written helpdesk dialogues" if lang == "en" else "dialogues d’assistance écrits") in words(app)


@pytest.mark.parametrize("split", ["queue", "agent", "week", "band"])
def test_every_split_leads_to_as_many_calls(judged: Settings, open_page: Open, split: str) -> None:
    """A chosen part links to the Calls page, which then finds exactly the calls that were counted."""
    rows = queries.query("needs_by", **ALL, split=split, criteria=["empathy"], most=60)
    row = rows.sort_values("not_met").iloc[-1]
    app = open_page("needs", lang="en", period="all", need="empathy", split=split)
    app.selectbox(key="part").set_value(str(row["part"])).run()
    assert not app.exception
    link = [one.proto for one in app.get("page_link") if one.proto.label.startswith("Not met in")][-1]
    assert f"Not met in {row['not_met']} calls" in link.label
    address: dict[str, list[str]] = {}
    for name, _, value in (pair.partition("=") for pair in link.query_string.split("&")):
        address.setdefault(name, []).append(_decoded(value))
    calls = open_page("calls", **address)
    assert f"**{row['not_met']} call" in words(calls)


def _decoded(value: str) -> str:
    from urllib.parse import unquote_plus

    return unquote_plus(value)


def test_before_the_first_scores_it_says_what_to_do(published: Settings, open_page: Open) -> None:
    """No chart, but the command; the overview shows no needs either."""
    assert "earshot score" in open_page("needs", lang="en").code[0].value
    assert "Needs met" not in words(open_page("overview", lang="en"))


def test_overview_shows_the_tone_of_the_week(judged: Settings, open_page: Open) -> None:
    """Friendliness and empathy, each with the number of calls behind it."""
    app = open_page("overview", lang="en")
    reach = period.reach_of(period.snapshot())
    assert reach is not None
    week = period.resolve("this_week", reach, reach.newest)
    rows = queries.query("needs", start=week.start, end=week.end, queues=None).set_index("criterion")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Friendliness"] == f"{100 * rows['share']['friendliness']:.0f}%"
    assert any(f"Of {rows['n']['empathy']} judged calls" in link.proto.label for link in app.get("page_link"))


def test_the_call_page_shows_how_it_was_judged(judged: Settings, open_page: Open) -> None:
    """Results in words, quotes as text, and the turn to go to where there are no times."""
    app = open_page("call", lang="en", call_id="untimed")
    assert "“A quote of the first turn”" in words(app)
    assert "<b>Empathy</b>" in [text.value for text in app.text]
    button = next(button for button in app.button if str(button.key).startswith("quote_"))
    button.click().run()
    assert not app.exception
    assert app.query_params["turn"] in ("1", ["1"])


def test_the_call_page_shows_how_it_went(judged: Settings, open_page: Open) -> None:
    """Greeting, dead air, talk-over and holds as judged_calls has them; without times it says why they are missing."""
    listed = queries.query("recent_calls", limit=3)["call_id"]
    call_id = next(str(one) for one in listed if one not in ("hostile", "untimed"))
    texts = [text.value.replace("\xa0", " ") for text in open_page("call", lang="en", call_id=call_id).text]
    at = texts.index("4 of 5")
    assert texts[at - 4 : at + 2] == ["2.5 s", "3", "14 s", "1.5 s", "4 of 5", "2"]
    untimed = open_page("call", lang="en", call_id="untimed")
    assert "no hold" in [text.value for text in untimed.text]
    assert "nothing can be measured by them" in words(untimed)


def test_team_scores_rest_on_what_people_heard_at_once(
    judged_centre: Settings, judged: Settings, open_page: Open
) -> None:
    """A random pick judged a moment ago is in the team's score, before anything is published; a learning pick is not."""
    store, calls = (
        AppStore(judged_centre),
        [row["call_id"] for row in queries.query("recent_calls", limit=3).to_dict("records")],
    )
    listed = [
        Drawn(Candidate(call_id, 60.0), pick, 0.5)
        for call_id, pick in zip(calls, ("random", "random", "at_risk"), strict=True)
    ]  # type: ignore[arg-type]
    playlists.keep(store, "ana", "2026-W10", listed, seed=1, mix="", target_s=60, frame_calls=9)
    for call_id, result in zip(calls, ("met", "not_met", "not_met"), strict=True):
        reviews.judge(store, "ana", call_id, "empathy", result, None)  # type: ignore[arg-type]
    (row,) = queries.query("team_needs", **ALL, **listening.random_picks()).to_dict("records")
    assert (row["criterion"], row["n"], row["share"]) == ("empathy", 2, 0.5)
    app = open_page("needs", lang="en", period="all")
    table = app.dataframe[-1].value
    assert list(table["share"]) == ["50%"] and list(table["scorecard"]) == ["–"]
    assert "No need is trusted yet, so there is no team score" in words(app)


def test_a_trusted_need_is_named_and_the_others_stay_leanings(
    judged_centre: Settings, judged: Settings, open_page: Open
) -> None:
    """Once people agree with the scorecard on forty calls, that need is trusted on the page; no other is."""
    rows = queries.query("calls_by_id", ids=_all_calls()).to_dict("records")
    store, ids = AppStore(judged_centre), [row["call_id"] for row in rows]
    results = queries.query("automatic_of", ids=ids).to_dict("records")
    friendly = [row for row in results if row["criterion"] == "friendliness" and row["result"] in ("met", "not_met")]
    for row in friendly[:40]:
        shown = Automatic(row["result"], "v1")
        reviews.judge(store, "ben", row["call_id"], "friendliness", row["result"], shown)
    assert listening.agreement()["friendliness"].trusted
    app = open_page("needs", lang="en", period="all", need="friendliness")
    assert "1 need of 8 is trusted" in words(app)
    assert "Trusted: agrees with people, α 1.00" in words(app)
    trust = dict(zip(app.dataframe[0].value["name"], app.dataframe[0].value["trust"], strict=True))
    assert trust["Friendliness"] == "trusted"
    assert {told for name, told in trust.items() if name != "Friendliness"} == {"not yet trusted"}
    assert "Trusted: agrees" in words(open_page("overview", lang="en"))


def test_a_need_that_is_not_trusted_is_no_team_score(
    judged_centre: Settings, judged: Settings, open_page: Open
) -> None:
    """Of two needs heard in one random pick, the trusted one is in the team scores, the other in a table apart."""
    store, ids = AppStore(judged_centre), _all_calls()
    results = queries.query("automatic_of", ids=ids).to_dict("records")
    friendly = [row for row in results if row["criterion"] == "friendliness" and row["result"] in ("met", "not_met")]
    for row in friendly[:40]:
        shown = Automatic(row["result"], "v1")
        reviews.judge(store, "eve", row["call_id"], "friendliness", row["result"], shown)
    call_id = friendly[0]["call_id"]
    reviews.judge(store, "eve", call_id, "empathy", "met", None)
    listed = [Drawn(Candidate(call_id, 60.0), "random", 0.5)]
    playlists.keep(store, "eve", "2026-W11", listed, seed=1, mix="", target_s=60, frame_calls=9)
    app = open_page("needs", lang="en", period="all")
    scores, leanings = (set(table.value["name"]) for table in app.dataframe[-2:])
    assert scores == {"Friendliness"}
    assert "<b>Empathy</b>" in leanings and not leanings & scores


def _all_calls() -> list[str]:
    from models.store import connect_snapshot

    path = queries.snapshot()
    assert path is not None
    with connect_snapshot(path) as con:
        return [call_id for (call_id,) in con.execute("select call_id from judged_calls order by call_id").fetchall()]


def test_a_call_that_was_not_scored(published: Settings, open_page: Open) -> None:
    """It says so, and how to."""
    assert "not been scored yet" in words(open_page("call", lang="en", call_id="hostile"))


def test_names_of_the_data_stay_text_in_charts() -> None:
    """Plotly reads tags in texts: those of agents and queues are written as they are."""
    row = {"share": 0.5, "low": 0.2, "high": 0.8, "n": 4}
    figure = charts.shares([charts.Share("<a href='x'>Ann</a>", row, "ann")], "light")
    assert "<a" not in figure.layout.yaxis.ticktext[0]
    assert "&lt;a" in figure.data[1].hovertext[0]
    assert figure.data[1].marker.color == charts.LIGHT.few


def test_figures_stand_beside_their_dots() -> None:
    """Plotly draws no text whose place lies outside the axis."""
    row = {"share": 1.0, "low": 0.8, "high": 1.0, "n": 40}
    figure = charts.shares([charts.Share("Ann", row, "ann")], "light")
    assert "100%" in figure.data[2].text[0]
    assert figure.data[0].x[0] < figure.data[2].x[0] <= figure.layout.xaxis.range[1]
