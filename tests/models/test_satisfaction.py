"""Predicted satisfaction: what it answers, what it refuses, and what it keeps in the store."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from models.ngrams import load, save
from models.records import Turn
from models.satisfaction import WEIGHTS, parts, predict, predict_many, refresh, version
from models.settings import Settings
from models.store import Store, query
from tools.satisfaction.__main__ import train
from tools.satisfaction.data import first, marked, read
from tools.satisfaction.fit import Choice, fit, predicted, table

FIXTURES = Path(__file__).parent.parent / "fixtures" / "satisfaction"
PAIRS = tomllib.loads((FIXTURES / "endings.toml").read_text("utf-8"))["pair"]
LOADED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def turns(texts: list[str]) -> list[Turn]:
    """Turns of the agent and the customer in alternation."""
    return [Turn(who, None, None, text) for who, text in zip(cycle(["agent", "customer"]), texts, strict=False)]


def bare(text: str) -> str:
    """The text as a speech model without capitals and punctuation would give it."""
    return re.sub(r"[^\w' ]", "", text.lower())


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_the_better_ending_is_predicted_higher(pair: dict[str, Any]) -> None:
    """Of two calls that begin alike, the one that ends well is predicted clearly above the other."""
    better, worse = (predict(turns(pair["opening"] + pair[ending])) for ending in ("better", "worse"))
    assert better is not None and worse is not None
    assert -2 <= worse < better - 0.3 <= 2


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_capitals_and_punctuation_do_not_matter(pair: dict[str, Any]) -> None:
    """A transcript without capitals and punctuation is predicted as with them."""
    texts = pair["opening"] + pair["worse"]
    assert predict(turns([bare(text) for text in texts])) == pytest.approx(predict(turns(texts)), abs=0.05)


def test_a_telephone_transcript_in_pieces_moves_little() -> None:
    """Turns cut into pieces, with fillers and goodbyes at the end, leave the prediction where it was."""
    texts = PAIRS[0]["opening"] + PAIRS[0]["better"]
    whole = turns(texts)
    pieces = [Turn(t.speaker, None, None, part) for t in whole for part in re.split(r"(?<=[.?!]) ", t.text)]
    closing = turns(["Mm-hm, bye bye.", "Um, bye."])
    assert predict(pieces + closing) == pytest.approx(predict(whole), abs=0.4)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ([], None),
        (["Good morning, how can I help you today?"], None),
        (["Good morning, how can I help?", "Hm."], None),
        (["", ""], "en"),
        (["Bonjour, que puis-je faire pour vous ?", "Ma connexion est coupée depuis hier soir."], None),
        (["שלום, איך אפשר לעזור לך היום?", "האינטרנט שלי לא עובד מאתמול בערב"], None),
        (["Good morning, how can I help?", "My internet is down since yesterday."], "fr"),
    ],
)
def test_nothing_is_predicted_without_enough_english(said: list[str], language: str | None) -> None:
    """Empty, one-sided and other-language calls get no prediction."""
    assert predict(turns(said), language) is None


def test_turns_of_unknown_speakers_are_left_out() -> None:
    """A turn whose speaker isn't known changes nothing, and alone gives nothing."""
    call = turns(PAIRS[0]["opening"] + PAIRS[0]["better"])
    stranger = Turn("unknown", None, None, "This is terrible, I want to complain about you.")
    assert predict([*call, stranger]) == predict(call)
    assert predict([stranger, stranger]) is None


def test_many_calls_are_predicted_as_one_by_one() -> None:
    """The batch gives the same figures in the same order, each time."""
    calls = [(turns(pair["opening"] + pair[ending]), "en") for pair in PAIRS for ending in ("better", "worse")]
    assert list(predict_many(calls)) == [predict(*call) for call in calls] == list(predict_many(calls))


def test_parts_of_a_call() -> None:
    """The customer's opening, what follows it, and the ends of either party and of the call are counted in words."""
    said = [(False, 8), (True, 5), (False, 4), (True, 9), (True, 6), (False, 0), (True, 2), (False, 2), (False, 5)]
    assert parts(said) == ([1, 3], [4, 6], [6, 4], [0, 2, 7, 8], [8], [1, 3, 4, 6], [8])


def test_training_is_reproduced_and_the_reader_agrees(tmp_path: Path) -> None:
    """Training twice on a part of the data gives the same bytes, and the file reads as the weights that were fitted."""
    rated, choice = first(read(), 120), Choice(4.0, 0.5)
    for name in ("a.npz", "b.npz"):
        train(rated, tmp_path / name, choice)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    data, rows = table(rated), np.arange(120)
    _, fitted = next(fit(data, rows, [choice]))
    kept = load(tmp_path / "a.npz")
    assert np.allclose(predicted(data, rows, kept), predicted(data, rows, fitted), atol=1e-3)
    assert list(kept.index) == rated.names


def test_what_turns_do_is_counted_per_turn() -> None:
    """The raters' marks of a turn become counts in the order of its party's kinds; what is unknown counts nowhere."""
    marks = (["CNUG0", "HNUG*"], ["CNUG0", "HNUG"], ["CNaN", "HNUG"])
    dialogue = {
        "turns": [{"sender": "customer"}, {"sender": "helpdesk"}],
        "annotations": [{"nugget": nuggets} for nuggets in marks],
    }
    assert marked(dialogue) == [[2, 0, 0, 1], [2, 1, 0, 0]]
    shares = read().nuggets.sum(axis=1)
    assert shares.min() > 0.99 and shares.max() < 1.01


def test_the_weights_fit_the_dialogues_they_were_trained_on() -> None:
    """The committed weights belong to the committed data: they follow the ratings of the dialogues closely."""
    data = table(first(read(), 200))
    assert np.corrcoef(predicted(data, np.arange(200), load(WEIGHTS)), data.target)[0, 1] > 0.85


def test_weights_survive_being_written(tmp_path: Path) -> None:
    """Saving what was loaded changes no weight, and the version is the hash of the file."""
    kept = load(WEIGHTS)
    save(tmp_path / "again.npz", list(kept.index), kept)
    again = load(tmp_path / "again.npz")
    assert np.allclose(again.parts, kept.parts, atol=1e-6) and again.index == kept.index
    assert len(version()) == 12


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A store with three transcripts: a good call, a French one, and one without turns."""
    with Store(settings).writing() as con:
        for call_id, language in (("good", "en"), ("french", "fr"), ("silent", "en")):
            con.execute(
                "insert into transcripts (call_id, origin, language, is_demonstration, turn_count, word_count, loaded_at) "
                "values (?, 'file', ?, false, 0, 0, ?)",
                [call_id, language, LOADED],
            )
        for call_id in ("good", "french"):
            for number, turn in enumerate(turns(PAIRS[0]["opening"] + PAIRS[0]["better"]), 1):
                row = [call_id, number, turn.speaker, turn.text]
                con.execute("insert into turns (call_id, turn_no, speaker, text) values (?, ?, ?, ?)", row)
        yield con


def stored(con: duckdb.DuckDBPyConnection) -> dict[str, float | None]:
    """call_id -> predicted_satisfaction as queries/refresh_calls.sql makes it."""
    con.execute("create or replace temp table touched_calls as select call_id from transcripts")
    rows = con.execute(f"select call_id, predicted_satisfaction from ({query('refresh_calls')})").fetchall()
    return dict(rows)


def test_refresh_predicts_each_transcript_once(con: duckdb.DuckDBPyConnection) -> None:
    """Every transcript gets a row, null where nothing can be said; a second refresh has nothing to do."""
    assert stored(con) == {"good": None, "french": None, "silent": None}
    assert sorted(refresh(con)) == ["french", "good", "silent"]
    assert stored(con) == {
        "good": pytest.approx(predict(turns(PAIRS[0]["opening"] + PAIRS[0]["better"])), abs=0.001),
        "french": None,
        "silent": None,
    }
    assert refresh(con) == []


def test_refresh_follows_transcripts_and_weights(con: duckdb.DuckDBPyConnection) -> None:
    """A newer transcript, other weights or a vanished transcript are seen, and a stale prediction is never shown."""
    refresh(con)
    con.execute("update transcripts set loaded_at = ? where call_id = 'good'", [LOADED + timedelta(hours=1)])
    assert stored(con)["good"] is None
    assert refresh(con) == ["good"]
    con.execute("update satisfaction set version = 'older' where call_id = 'silent'")
    assert refresh(con) == ["silent"]
    con.execute("delete from transcripts where call_id = 'french'")
    assert refresh(con) == ["french"]
    assert con.execute("select call_id from satisfaction order by all").fetchall() == [("good",), ("silent",)]
