"""``earshot score``: judges what changed, once, and says why."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from ingest import scoring
from ingest.cli import earshot
from ingest.loader import Loader
from ingest.scoring import Scorer
from models.checks import offending
from models.judging.scorecard import FILE
from models.records import CallMetadata, InputFile, Transcript, Turn
from models.settings import Settings
from models.store import Store

SAID = ("Good morning, how can I help you?", "My parcel never arrived and I am so angry.",
        "That must be so frustrating. It was our mistake, I will send a new one today.", "Thank you.")  # fmt: skip
TABLES = ("judged_calls", "automatic_results", "automatic_evidence", "scorecards", "scorecard_criteria")


def load_call(settings: Settings, call_id: str, said: tuple[str, ...] = SAID) -> None:
    """Load a transcript as a file would bring it."""
    turns = tuple(
        Turn(("agent", "customer")[n % 2], n * 5.0, n * 5.0 + 4, text)  # type: ignore[arg-type]
        for n, text in enumerate(said)
    )
    about = CallMetadata(call_id, datetime(2026, 3, 2, tzinfo=UTC), source="transcript")
    file = InputFile(f"{call_id}.jsonl", "transcript", str(hash((call_id, said))), 1, "loaded", None, 1)
    Loader(settings).load_transcripts(file, [Transcript(call_id, "file", "en", turns, metadata=about)])


def run(*arguments: str) -> Result:
    """Run a command as people do."""
    return CliRunner().invoke(earshot, arguments)


def content(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row that judging wrote."""
    with Store(settings).writing() as con:
        return {table: con.execute(f"select * from {table}").fetchall() for table in TABLES}


def test_scoring_again_changes_nothing(settings: Settings) -> None:
    """The second run judges no call and leaves every row as it was; the data checks hold."""
    load_call(settings, "a")
    load_call(settings, "b")
    assert Scorer(settings, 1).run().judged == 2
    before = content(settings)
    assert Scorer(settings, 1).run().judged == 0
    assert content(settings) == before
    with Store(settings).writing() as con:
        assert "judgements_have_quotes" not in offending(con)


def test_only_what_changed_is_judged_again(settings: Settings) -> None:
    """A new transcript of one call judges that call alone; its old quotes are gone."""
    load_call(settings, "a")
    load_call(settings, "b")
    Scorer(settings, 1).run()
    load_call(settings, "a", ("Hello, how can I help you today?", "When do you open?", "At nine, every morning.", "OK"))
    assert Scorer(settings, 1).run().judged == 1
    quotes = [row for row in content(settings)["automatic_evidence"] if row[0] == "a"]
    assert quotes and not any("frustrating" in str(row) for row in quotes)


def test_processes_judge_like_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many processes and small batches give the same rows, in the same order."""
    for number in range(9):
        load_call(settings, f"call-{number}")
    Scorer(settings, 1).run()
    alone = content(settings)
    with Store(settings).writing() as con:
        scoring.forget(con, "select call_id from judged_calls")
    monkeypatch.setattr(scoring, "WORTH_A_PROCESS", 2)
    monkeypatch.setattr(scoring, "CHUNK", 2)
    monkeypatch.setattr(scoring, "BATCH", 5)
    assert Scorer(settings, 2).run().judged == 9
    assert content(settings) == alone


def test_a_bad_scorecard_leaves_the_last_good_one_in_force(settings: Settings) -> None:
    """The run goes on with the scorecard kept in the store, and says so; without one it is refused."""
    load_call(settings, "a")
    own = settings.data / "scorecard.toml"
    own.write_text("languages = 3", "utf-8")
    assert run("score").exit_code == 1
    own.write_text(FILE.read_text("utf-8"), "utf-8")
    version = json.loads(run("score", "--json").stdout)["scorecard"]
    own.write_text("languages = 3", "utf-8")
    done = json.loads(run("score", "--json").stdout)
    assert done["scorecard"] == version and done["judged"] == 0
    assert "The last good scorecard stays in force." in done["warning"]


def test_the_command_says_why(settings: Settings) -> None:
    """--explain prints every criterion with its quotes and times; an unknown call is one sentence."""
    load_call(settings, "a")
    assert "Judged 1 call by" in run("score").output
    assert "already" in run("score").output
    told = run("score", "--explain", "a").output
    assert "Understanding and empathy: met" in told and "+ turn 3 at 10.0 s: “That must be so frustrating." in told
    rows = json.loads(run("score", "--explain", "a", "--json").stdout)["criteria"]
    assert len(rows) == 13 and rows[0]["criterion"] == "friendliness"
    with pytest.raises(Exception, match="has not been judged"):
        CliRunner().invoke(earshot, ["score", "--explain", "z"], catch_exceptions=False)


def test_judgements_of_lost_transcripts_are_forgotten(settings: Settings) -> None:
    """Nothing that was said stays behind when a transcript is removed."""
    load_call(settings, "a")
    Scorer(settings, 1).run()
    with Store(settings).writing() as con:
        con.execute("delete from turns")
        con.execute("delete from transcripts")
    Scorer(settings, 1).run()
    assert not content(settings)["automatic_evidence"] and not content(settings)["judged_calls"]


def test_scoring_predicts_satisfaction(settings: Settings) -> None:
    """After scoring, a call in which both said enough has a predicted satisfaction between -2 and 2, once."""
    load_call(settings, "a", SAID * 4)
    run("score")
    with Store(settings).writing() as con:
        (before,) = con.execute("select predicted_satisfaction from calls").fetchone() or (None,)
    assert before is not None
    assert -2 <= before <= 2
    run("score")
    with Store(settings).writing() as con:
        assert con.execute("select predicted_satisfaction from calls").fetchone() == (before,)
