"""The Waits page: every part says what the snapshot says, targets written in it count at once, and files do no harm."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as hypothesis

from dashboard import queries, wait_charts, weekly
from dashboard.components import period
from dashboard.components.waits import callers, kept, since
from models.app_store import AppStore
from models.publish import publish
from models.settings import Settings
from models.store import Store
from models.waits import control, targets
from models.waits.targets import Target
from tests.conftest import MadeOnce
from tests.dashboard.conftest import HOSTILE, Open, _look_at
from tests.dashboard.shown import words

VIEWS = ("kept", "where", "since", "callers", "staffing", "weekly", "targets")
CHARTS = {"kept": 1, "where": 1, "since": 1, "callers": 2, "staffing": 1, "weekly": 0, "targets": 0}
SPAN = {"start": datetime(2026, 1, 1, tzinfo=UTC), "end": datetime(2026, 3, 2, tzinfo=UTC), "queues": None}


def fill(settings: Settings) -> None:
    """Five calls of one Monday."""
    rows = [
        ["a", "support", "2026-03-02 09:00:00+01", "answered", 10, "ann", 100],
        ["b", "support", "2026-03-02 09:05:00+01", "answered", 25, "ann", 100],
        ["c", "support", "2026-03-02 09:10:00+01", "abandoned", 60, None, None],
        ["d", "billing", "2026-03-02 09:15:00+01", "answered", 25, "ben", 100],
        ["e", HOSTILE, "2026-03-02 19:15:00+01", "answered", 5, "ben", 100],
    ]
    with Store(settings).writing() as con:
        con.executemany(
            "insert into queue_visits (call_id, queue, entered_at, outcome, wait_s, agent_id, talk_s, format, source)"
            " values (?, ?, ?, ?, ?, ?, ?, 'csv', 'test')",
            rows,
        )
        con.execute(
            "insert into calls (call_id, started_at, queue, visits, has_recording, has_transcript)"
            " select call_id, entered_at, queue, 1, false, false from queue_visits"
        )
    publish(settings)


@pytest.fixture
def own(settings: Settings, made_once: MadeOnce, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small call centre that a test may change."""
    return _look_at(settings.data, monkeypatch, made_once(fill, settings))


def levels() -> dict[str, float]:
    """Service level of each queue of that Monday."""
    span = {"start": datetime(2026, 3, 1, tzinfo=UTC), "end": datetime(2026, 3, 8, tzinfo=UTC), "queues": None}
    rows = queries.query("by_queue", **span)
    return {queue: round(float(level), 3) for queue, level in zip(rows["queue"], rows["service_level"], strict=True)}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_part_opens_with_its_charts(published: Settings, open_page: Open, view: str, lang: str) -> None:
    """Each part has its charts, each described for those who don't see them, and definitions below."""
    app = open_page("waits", lang=lang, view=view, period="8_weeks")
    charts = app.get("plotly_chart")
    assert len(charts) == CHARTS[view]
    assert all(chart.proto.alt for chart in charts)
    assert "Délai moyen de réponse" in words(app) if lang == "fr" else "Average speed of answer" in words(app)


@pytest.mark.parametrize("view", VIEWS)
def test_days_without_calls_say_what_to_do(published: Settings, open_page: Open, view: str) -> None:
    """No part fails where there is nothing to show."""
    app = open_page("waits", lang="en", view=view, period="custom", days=["2025-01-01", "2025-01-02"])
    assert not app.get("plotly_chart")
    assert "hoose" in words(app) or view in ("weekly", "targets")


def test_figures_lead_to_as_many_calls_as_they_count(published: Settings) -> None:
    """What the links of the cards ask for finds exactly the visits counted."""
    totals = queries.row("totals", **SPAN)
    nothing = dict.fromkeys(
        (
            "weekday",
            "slot",
            "min_wait_s",
            "agent",
            "customer",
            "recorded",
            "transcribed",
            "criterion",
            "result",
            "band",
            "again",
        )
    )
    pairs = {"short": "short_abandoned", "left": "flowed_out", "transferred": "transferred", "requeued": "requeued",
             "over_limit": "over_limit", "late": "late"}  # fmt: skip
    for outcome, name in pairs.items():
        assert queries.row("calls_count_by_visit", **SPAN, **nothing, outcome=outcome)["visits"] == totals[name], name
    lost = queries.row("lost", **SPAN)
    for state in ("lost", "back", "reached"):
        assert queries.row("calls_count_by_visit", **SPAN, **nothing, outcome=state)["visits"] == lost[state], state
    assert lost["lost"] > 0
    repeated = queries.row("repeats", **SPAN)["repeated"]
    assert queries.row("calls_count", **SPAN, **nothing | {"again": True})["calls"] == repeated > 0
    page = queries.query("calls_page", **SPAN, **nothing | {"again": True}, sort="newest", limit=9999, offset=0)
    assert len(page) == repeated


def test_half_hours_and_visits_tell_the_same(published: Settings) -> None:
    """What is added up from half hours equals what the visits themselves give."""
    added = queries.query("by_queue", **SPAN).set_index("queue")
    single = queries.query("by_part", **SPAN, split="queue", most=99).set_index("part")
    for name in ("offered", "answered", "service_level", "asa_s", "abandon_rate", "aht_s", "longest_wait_s", "goal"):
        assert list(added[name].astype(float)) == pytest.approx(list(single.loc[added.index, name].astype(float))), name


def test_a_new_target_counts_at_once_from_its_day(own: Settings) -> None:
    """Written, changed and undone in the dashboard, it changes the figures without a new snapshot, and only from its day."""
    before = levels()
    assert (before["support"], before["billing"]) == (0.333, 0.0)
    store = queries.app_store()
    targets.put_target(store, Target("support", date(2026, 3, 2), 0.9, 30.0, 5.0, False), "ana")
    assert levels() == {**before, "support": 1.0}
    found = queries.query("target_in_force", queue="support", day=date(2026, 3, 1))
    assert found.empty
    targets.put_target(store, Target("support", date(2026, 3, 3), 0.9, 5.0), "ana")
    assert levels() == {**before, "support": 1.0}
    targets.undo(store, "ana")
    targets.undo(store, "ana")
    assert levels() == before
    targets.put_target(store, Target("billing", date(2026, 1, 1), 0.9, 30.0), "ana")
    publish(own)
    assert levels() == {**before, "billing": 1.0}


def test_a_full_disk_is_told_beside_the_form(own: Settings, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever saves reads that there is no room; the page and what they typed stay."""
    app = open_page("waits", lang="en", view="targets", period="all")
    app.selectbox(key="target_queue").set_value("support").run()
    no_room(monkeypatch)
    next(button for button in app.button if button.label == "Save the target").click().run()
    assert not app.exception
    assert "The disk takes no more" in app.error[0].value
    assert app.selectbox(key="target_queue").value == "support"


def test_a_page_that_notes_who_looked_says_that_it_can_not(
    own: Settings, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search is noted in the audit log; where there is no room for the note, a sentence stands in its place."""
    no_room(monkeypatch)
    app = open_page("calls", lang="en", said="parcel")
    assert "The disk takes no more" in app.error[0].value


def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, what people write does not fit on the disk."""
    prepare = AppStore._prepare

    def full(self: AppStore, connection: sqlite3.Connection) -> sqlite3.Connection:
        prepare(self, connection).execute("pragma query_only = on")  # as on a disk that became read-only
        return connection

    monkeypatch.setattr(AppStore, "_prepare", full)


def test_saving_undoing_and_removing_in_the_page(own: Settings, open_page: Open) -> None:
    """The form writes who and what, the button takes it back, and the page says so."""
    app = open_page("waits", lang="en", view="targets", period="all")
    app.selectbox(key="target_queue").set_value("support").run()
    goal = next(field for field in app.number_input if field.label == "Goal, %")
    goal.set_value(95.0)
    next(button for button in app.button if button.label == "Save the target").click().run()
    assert not app.exception
    assert "Saved" in words(app)
    assert [(t.queue, t.goal) for t in targets.targets(queries.app_store())] == [("*", 0.8), ("support", 0.95)]
    assert app.dataframe[-1].value["who"].tolist() == ["test@example.com"]
    app.button(key="undo_target").click().run()
    assert "Undone" in words(app)
    assert len(targets.targets(queries.app_store())) == 1


def test_opening_hours_limit_the_figures_and_their_calls(
    own: Settings, monkeypatch: pytest.MonkeyPatch, open_page: Open
) -> None:
    """With opening hours set, evening calls are in no figure, are said apart, and links find the others alone."""
    monkeypatch.setenv("EARSHOT_OPENING_HOURS", "mon-fri 08:00-18:00")
    publish(queries.settings())
    app = open_page("waits", lang="en", view="kept", period="all")
    offered = next(metric.value for metric in app.metric if metric.label == "Calls offered")
    assert offered == "4"
    assert "Outside them, 1 calls were offered and 1 answered." in words(app)
    links = [link.proto.query_string for link in app.get("page_link")]
    assert all("hours=open" in link for link in links if "outcome=" in link)
    monkeypatch.setenv("EARSHOT_OUTSIDE_HOURS", "counted")
    app = open_page("waits", lang="en", view="kept", period="all")
    assert next(metric.value for metric in app.metric if metric.label == "Calls offered") == "5"


class Strict(HTMLParser):
    """Notes every tag and every attribute that could ask for something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.asks: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.asks += [name for name, _value in attrs if name in ("src", "href", "onerror", "action", "srcset")]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_weekly_page_is_whole_and_harmless(own: Settings, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """One file in the reader's language that asks for nothing, in which a hostile queue name is words."""
    monkeypatch.setattr(st, "session_state", {"lang": lang})
    reach = period.reach_of(period.snapshot())
    week = period.resolve("this_week", reach, reach.newest)
    made = weekly.page(week, week.before(reach.newest), None)
    parser = Strict()
    parser.feed(made)
    assert parser.asks == []
    assert not parser.tags & {"img", "script", "link", "iframe", "object"}
    assert f'<html lang="{lang}">' in made
    assert "&lt;img" in made and "<img" not in made
    assert "http" not in re.sub(r"http-equiv|http://evil\.example\S*", "", made)
    assert ("Target missed" if lang == "en" else "Objectif manqué") in made
    assert "default-src 'none'" in made


def test_periods_are_compared_as_asked() -> None:
    """Three days are compared with the three before, the same weekdays a week before, or the same a year before."""
    zone = queries.settings().zone
    day = period.midnight
    some = period.Period("custom", day(date(2026, 3, 4), zone), day(date(2026, 3, 7), zone))
    newest = datetime(2026, 3, 20, tzinfo=UTC)
    assert some.compared("before", newest).days == (date(2026, 3, 1), date(2026, 3, 3))
    assert some.compared("weekdays", newest).days == (date(2026, 2, 25), date(2026, 2, 27))
    assert some.compared("year", newest).days == (date(2025, 3, 5), date(2025, 3, 7))
    assert set(kept.COMPARED) == {"before", "weekdays", "year"}


def test_patience_is_read_off_the_curve(published: Settings) -> None:
    """The made-up callers are exponentially patient with a mean of 150 seconds: the curve says so."""
    rows = queries.query("patience", **SPAN)
    assert callers.at(rows, 0) == 1
    assert callers.at(rows, 60) == pytest.approx(2.718281828 ** (-60 / 150), abs=0.06)
    half = callers.median_s(rows)
    assert half is None or 70 < half < 240
    figure = wait_charts.patience(rows, 20.0, 150.0, "dark")
    assert len(figure.data) == 2 and len(figure.data[0].x) <= wait_charts.PATIENCE_STEPS + 3


@given(shares=hypothesis.lists(hypothesis.floats(0, 1), min_size=1, max_size=3000))
def test_the_curve_of_patience_is_drawn_to_the_pixel(shares: list[float]) -> None:
    """Whatever is left out lies within one step of what is drawn before it, and the end is drawn."""
    rows = pd.DataFrame({"wait_s": range(len(shares)), "still_waiting": sorted(shares, reverse=True)})
    drawn = wait_charts.steps(rows)
    assert len(drawn) <= wait_charts.PATIENCE_STEPS + 2 and drawn.index[-1] == rows.index[-1]
    last = drawn["still_waiting"].reindex(rows.index).ffill()
    assert ((last - rows["still_waiting"]).abs() <= 1 / wait_charts.PATIENCE_STEPS + 1e-12).all()


@pytest.mark.parametrize("measure", since.MEASURES)
def test_the_control_chart_marks_what_the_rules_say(published: Settings, measure: str) -> None:
    """Points, diamonds and upright lines are as many as days, signals and changes; abandonment uses its own totals."""
    days = since.points(queries.query("trend", **SPAN, grain="day"), measure)
    made = control.chart([*days["hits"]], [*days["total"]])
    signals, changes = control.signals(made), control.change_points([*days["hits"]], [*days["total"]])
    figure = wait_charts.control([*days["day"]], made, signals, changes, 0.8, ["x"] * len(days), "light")
    calm, marked = figure.data[-2:]
    assert (len(calm.x) + len(marked.x), len(marked.x)) == (len(days), len(signals))
    assert len(figure.layout.shapes) == len(changes)


def test_spreadsheets_get_harmless_figures(own: Settings, tmp_path: Path) -> None:
    """The CSV has one row per time and queue, and a queue's name can't run as a formula."""
    from dashboard.components.csv import protected_csv

    week = {"start": datetime(2026, 3, 1, tzinfo=UTC), "end": datetime(2026, 3, 8, tzinfo=UTC), "queues": None}
    rows = queries.query("waits_csv", **week, grain="half_hour", most=10)
    assert rows["local_start"].iloc[0] == "2026-03-02 09:00:00"
    assert int(rows["offered"].sum()) == 5
    assert protected_csv(rows).decode("utf-8-sig").startswith("local_start,")


def test_the_spread_of_waits_holds_every_call_in_steps(published: Settings) -> None:
    """Steps are multiples of their width, the last holds all longer waits, and together they are the calls offered."""
    rows = queries.query("wait_spread", **SPAN, step=5, cut_s=100)
    assert set(rows["from_s"] % 5) == {0}
    assert rows["from_s"].max() == 100
    assert rows[["answered", "abandoned", "flowed_out"]].sum().sum() == queries.row("totals", **SPAN)["offered"]
