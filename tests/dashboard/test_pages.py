"""Every page in every language: it opens, says what the data say, and shows hostile text as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import queries
from dashboard.components import period
from models import publish
from models.app_store import AppStore
from models.settings import Settings
from tests.dashboard.conftest import FORMULA, HOSTILE, Open
from tests.dashboard.shown import words

TITLES = {
    ("overview", "en"): "Overview", ("overview", "fr"): "Vue d’ensemble",
    ("waits", "en"): "Waits", ("waits", "fr"): "Attentes",
    ("calls", "en"): "Calls", ("calls", "fr"): "Appels",
    ("listening", "en"): "Listening hour", ("listening", "fr"): "Heure d’écoute",
    ("data", "en"): "Data", ("data", "fr"): "Données",
}  # fmt: skip
WHO_AND_HOW = ("agent", "customer", "recorded", "transcribed", "criterion", "result", "band", "again")
LAST_WEEK = "from judged_visits where entered_at >= '2026-02-22 23:00:00+00' and entered_at < '2026-03-01 23:00:00+00'"


def asked(sql: str) -> tuple[object, ...]:
    """One row straight from the snapshot, without the dashboard's own queries."""
    from models.store import connect_snapshot

    path = queries.snapshot()
    assert path is not None
    row = connect_snapshot(path).execute(sql).fetchone()
    assert row is not None
    return tuple(row)


@pytest.mark.parametrize(("page", "lang"), TITLES)
def test_a_page_over_a_store_of_a_newer_version_says_so(
    call_centre: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open, page: str, lang: str
) -> None:
    """After a downgrade no page fails or writes: each says which file is newer and what to do."""
    store = tmp_path / "store"
    store.mkdir()
    (store / "published").symlink_to(call_centre.store / "published")
    monkeypatch.setenv("EARSHOT_DATA", str(tmp_path))
    with AppStore(Settings(data=tmp_path)).transaction() as connection:
        connection.execute("insert into schema_migrations values (999, '999_later.sql', '', '2030-01-01')")
    app = open_page(page, lang=lang)
    assert app.text[0].value.startswith(f"{store / 'app.sqlite'} was written by a newer Earshot (999_later.sql")
    assert app.code[0].value == "earshot doctor"


@pytest.mark.parametrize(("page", "lang"), TITLES)
def test_every_page_opens_in_every_language(published: Settings, open_page: Open, page: str, lang: str) -> None:
    """It has its title in the reader's language, and the sidebar says which data it shows."""
    app = open_page(page, lang=lang)
    assert app.title[0].value == TITLES[page, lang]
    assert ("4,001 calls" if lang == "en" else "4\u202f001 appels") in words(app)


def test_data_of_another_version_ask_to_be_published_again(
    published: Settings, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot whose views are not those of this version is not asked what it may not hold."""
    monkeypatch.setattr(publish, "definitions", lambda: "those of a newer version")
    queries._is_of_this_version.cache_clear()
    app = open_page("overview", lang="en")
    assert "published by another version" in words(app) and app.code[0].value == "earshot publish"
    queries._is_of_this_version.cache_clear()


def test_overview_says_what_the_snapshot_says(published: Settings, open_page: Open) -> None:
    """Service level, answered and offered of the newest week are those of the visits themselves."""
    app = open_page("overview", lang="en")
    level, offered, answered = asked(
        "select sum(answered_in_target) / sum(counted), sum(offered), sum(answered) " + LAST_WEEK
    )
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Service level"] == f"{100 * level:.1f}%"  # type: ignore[operator]
    assert shown["Calls offered"] == str(offered)
    assert shown["Calls answered"] == str(answered)
    assert "weeks count from the newest one with calls" in words(app)
    assert "the goal is 80%" in words(app)
    help = next(metric.help for metric in app.metric if metric.label == "Service level")
    assert "calls that count" in help, "what counts is a setting of each target"


def test_overview_names_where_it_fails(published: Settings, open_page: Open) -> None:
    """The made-up call centre is overrun on Monday morning: that comes first."""
    app = open_page("overview", lang="fr")
    links = [link.proto.label for link in app.get("page_link")]
    failing = [label for label in links if "en retard" in label]
    assert failing[0].startswith("lundi")


def test_every_figure_leads_to_as_many_calls(published: Settings) -> None:
    """The filters behind each figure find exactly the visits that it counts."""
    reach = period.reach_of(period.snapshot())
    assert reach is not None
    week = period.resolve("this_week", reach, reach.newest)
    span = {"start": week.start, "end": week.end, "queues": ["support", "billing"]}
    totals = queries.row("totals", **span)
    nothing = dict.fromkeys(("weekday", "slot", "min_wait_s", *WHO_AND_HOW))
    pairs = {"offered": "offered", "answered": "answered", "abandoned": "abandoned", "in_target": "answered_in_target"}
    for outcome, figure in pairs.items():
        found = queries.row("calls_count_by_visit", **span, **nothing, outcome=outcome)
        assert found["visits"] == totals[figure]


def test_slots_add_up_and_lead_to_their_calls(published: Settings) -> None:
    """Half hours of the week make the total, and one of them finds its own calls."""
    reach = period.reach_of(period.snapshot())
    assert reach is not None
    whole = period.resolve("all", reach, reach.newest)
    span = {"start": whole.start, "end": whole.end, "queues": None}
    slots = queries.query("slots", **span)
    assert slots["offered"].sum() == queries.row("totals", **span)["offered"] == 4000
    worst = slots.sort_values("late").iloc[-1]
    nothing = dict.fromkeys(("min_wait_s", *WHO_AND_HOW))
    here = {"weekday": int(worst["weekday"]), "slot": int(worst["slot"]), "outcome": "late"}
    assert queries.row("calls_count_by_visit", **span, **nothing, **here)["visits"] == worst["late"]


def test_before_the_first_calls_it_says_what_to_do(unpublished: Settings, open_page: Open) -> None:
    """No error, but the commands that bring calls in, in the reader's language."""
    app = open_page("overview", lang="fr")
    assert app.header[0].value == "Il n’y a pas encore d’appels"
    assert "earshot ingest queue-log" in app.code[0].value


def test_a_chosen_half_hour_leads_to_its_calls(published: Settings, open_page: Open) -> None:
    """Choosing in the list gives the links that a click in the chart gives."""
    app = open_page("waits", lang="en", period="all", view="where")
    app.selectbox(key="half_hour").set_value((1, 19)).run()
    assert not app.exception
    query = [link.proto.query_string for link in app.get("page_link")]
    assert any("weekday=1" in text and "slot=19" in text and "outcome=late" in text for text in query)


def test_calls_finds_by_the_address(published: Settings, open_page: Open) -> None:
    """A link's filters are taken over; what is unknown in it is ignored."""
    app = open_page("calls", lang="en", queue=["billing", "no such queue"], wait="60", sort="wait", outcome="nonsense")
    found = app.dataframe[0].value
    assert set(found["queue"]) == {"billing"}
    waits = [int(text.split("\u00a0")[0]) for text in found["wait"]]
    assert waits == sorted(waits, reverse=True)
    assert min(waits) >= 60


def test_calls_pages_through(published: Settings, open_page: Open) -> None:
    """No more than a page of calls leaves the database."""
    app = open_page("calls", lang="en")
    assert len(app.dataframe[0].value) == 50
    assert "4,001 calls" in words(app)


@pytest.mark.parametrize("typed", ["FACTURE prelevee", "facture prélevée"])
def test_words_are_found_without_case_and_accents(published: Settings, open_page: Open, typed: str) -> None:
    """Every hit holds all the words, and the page says how far was searched."""
    app = open_page("calls", lang="en", said=typed)
    quotes = list(app.dataframe[0].value["quote"])
    assert quotes
    assert all("facture" in quote for quote in quotes)
    assert "transcripts that can hold such words" in words(app)


@pytest.mark.parametrize(("typed", "hint"), [("xylophone", "the beginning"), ("facture xylophone", "try fewer")])
def test_words_that_nobody_said(published: Settings, open_page: Open, typed: str, hint: str) -> None:
    """Nothing found is said, not shown as an empty table, with what to try next."""
    app = open_page("calls", lang="en", said=typed)
    assert not app.dataframe
    assert "0 turns found" in words(app)
    assert hint in app.info[-1].value


def test_hostile_text_stays_text(published: Settings, open_page: Open) -> None:
    """Names and turns reach the page in table cells only, which draw plain text."""
    app = open_page("calls", lang="en", said="abracadabra")
    assert HOSTILE[:10] in app.dataframe[0].value["quote"].iloc[0]
    listed = open_page("calls", lang="en", agent="onerror")
    assert listed.dataframe[0].value["customer"].iloc[0] == FORMULA
    refused = open_page("data", lang="en", part="refused")
    assert any(HOSTILE in cell for table in refused.dataframe for cell in table.value.astype(str).to_numpy().ravel())
    for page in (app, listed, refused):
        assert "onerror" not in words(page)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("part", ["connect", "dictionary", "examples", "own", "refused"])
def test_every_part_of_the_data_page(published: Settings, open_page: Open, part: str, lang: str) -> None:
    """Each part has something to show."""
    app = open_page("data", lang=lang, part=part)
    assert app.code or app.dataframe or app.text_area
    if part == "connect":
        assert f"duckdb -readonly '{published.store}/published/earshot.duckdb'" in app.code[0].value
    if part == "dictionary":
        assert {"calls", "turns", "service_level_by_interval"} <= set(app.dataframe[0].value["table_name"])


def test_every_example_query_runs(published: Settings, open_page: Open) -> None:
    """Pressing each button shows a result or says that there are no rows."""
    app = open_page("data", lang="en", part="examples")
    for button in [button.key for button in app.button]:
        app.button(key=button).click().run()
        assert not app.exception


def test_filters_survive_the_language(published: Settings, open_page: Open) -> None:
    """Changing the language keeps the page's filters and writes codes, not labels, to the address."""
    app = open_page("waits", lang="en", period="last_week")
    app.selectbox(key="lang").set_value("fr").run()
    assert not app.exception
    assert app.title[0].value == "Attentes"
    assert app.selectbox(key="period").value == "last_week"
    assert app.query_params["period"] in ("last_week", ["last_week"])
    assert app.query_params["lang"] in ("fr", ["fr"])


def test_a_mistake_in_the_settings_is_no_traceback(
    published: Settings, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings that were edited while the dashboard runs, and are wrong: a sentence, what to do, and no figures."""
    monkeypatch.setenv("EARSHOT_TIME_ZONE", "Nowhere/Land")
    app = open_page("")
    assert [h.value for h in app.header] == ["The settings can't be read"]
    assert [c.value for c in app.code] == ["earshot doctor"]
    assert "Nowhere" not in words(app)
    monkeypatch.setenv("EARSHOT_TIME_ZONE", "Europe/Paris")
    assert not app.run().header[0].value.startswith("The settings")
