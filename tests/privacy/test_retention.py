"""What is older than it may be kept goes, from every file; what is younger, and every figure, stays."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_erasing import AT, OTHER, WHO, load_call, load_log, naming

from ingest.cli import earshot
from models.checks import offending
from models.errors import SettingsError
from models.privacy import retention
from models.privacy.retention import retain
from models.publish import publish
from models.retention_rules import retention_rules
from models.settings import Settings, load
from models.store import Store, connect_snapshot, first_row
from tests.conftest import MadeOnce

NOW = AT + timedelta(days=100)


def three_calls(settings: Settings) -> None:
    """Three calls of the same morning, two of them recorded."""
    load_log(settings, settings.data.parent)
    load_call(settings, "0.1", WHO)
    load_call(settings, "1.1", OTHER, "cd")
    publish(settings)


@pytest.fixture
def old(settings: Settings, made_once: MadeOnce) -> Settings:
    """Those calls, published."""
    return made_once(three_calls, settings)


def test_each_kind_by_its_age(old: Settings) -> None:
    """Sound older than 90 days goes, words of 365 stay; the call keeps its wait and its outcome."""
    kept = replace(old, retention="recordings=90, transcripts=365")
    found = retain(kept, NOW)
    assert [(d.kind, d.call_id) for d in found] == [("recordings", "0.1"), ("recordings", "1.1")]
    assert not list(old.store.rglob("*.webm"))
    with closing(connect_snapshot(publish(kept).path)) as con:
        assert first_row(con.execute("select count(*), count(wait_s) from calls")) == (3, 3)
        assert first_row(con.execute("select count(*) from turns")) == (4,)
        assert offending(con) == {}
    assert retain(kept, NOW) == []


def test_a_queue_has_its_own_rule(old: Settings) -> None:
    """A queue's own days win over those of all queues."""
    assert retain(replace(old, retention="recordings=10; support: recordings=400"), NOW) == []
    assert len(retain(replace(old, retention="recordings=400; support: recordings=10"), NOW)) == 2


def test_words_go_from_every_byte(old: Settings) -> None:
    """Words that may not be kept any longer are in no file of the store, older snapshots included."""
    assert naming(old.data, "Peregrine") != []
    retain(replace(old, retention="transcripts=30"), NOW)
    assert naming(old.data, "Peregrine") == []
    with closing(connect_snapshot(publish(old).path)) as con:
        assert offending(con) == {}


def test_customers_become_nobody(old: Settings) -> None:
    """Who called is in no file any more; the calls of one customer still belong together."""
    retain(replace(old, retention="customers=30, transcripts=30"), NOW)
    assert naming(old.data, WHO, OTHER) == []
    with Store(old).writing() as con:
        tokens = dict(con.execute("select call_id, customer_id from calls").fetchall())
    assert tokens["0.1"] == tokens["2.1"] != tokens["1.1"]
    assert retain(replace(old, retention="customers=30"), NOW) == []


def test_young_calls_and_no_rule(old: Settings) -> None:
    """Nothing goes before its time, and nothing at all without a rule."""
    assert retain(replace(old, retention="recordings=90, transcripts=90, customers=90"), AT + timedelta(days=89)) == []
    assert retain(old, NOW) == []


def test_dry_run_changes_nothing(old: Settings) -> None:
    """The command lists what would go, and a second time the same."""
    before = {p: p.read_bytes() for p in old.store.rglob("*.webm")}
    environ = {"EARSHOT_RETENTION": "recordings=1"}
    first, second = (CliRunner().invoke(earshot, ["retain", "--dry-run", "--json"], env=environ) for _ in "12")
    assert first.output == second.output
    assert len(json.loads(first.output)) == 2
    assert {p: p.read_bytes() for p in old.store.rglob("*.webm")} == before


def test_the_setting_is_checked() -> None:
    """Days that can't be read are refused with the part that is wrong, when settings are loaded."""
    assert retention_rules("recordings=90; billing: recordings=30") == {
        ("*", "recordings"): 90,
        ("billing", "recordings"): 30,
    }
    with pytest.raises(SettingsError, match="'forever'"):
        load({"EARSHOT_RETENTION": "recordings=90, forever"}, Path("none"))


def test_today_is_the_default(old: Settings) -> None:
    """Without a date given, ages count until now."""
    days = (datetime.now(UTC) - AT).days
    assert retain(replace(old, retention=f"recordings={days + 2}"), dry_run=True) == []


def test_publishing_removes_what_is_due(old: Settings) -> None:
    """earshot publish removes what the setting says and tells how much; without a setting, or a second time, nothing goes."""
    runs = [CliRunner().invoke(earshot, ["publish"], env={"EARSHOT_RETENTION": text}).output for text in ("", "recordings=30, transcripts=30", "recordings=30, transcripts=30")]  # fmt: skip
    assert "Removed" not in runs[0]
    assert runs[1].startswith(
        "Removed, older than the setting retention allows: 2 recordings, 2 transcripts, 0 customers of 2 calls.\nPublished 3 calls"
    )
    assert runs[2].startswith("Nothing changed since")
    assert (naming(old.data, "Peregrine"), list(old.store.rglob("*.webm"))) == ([], [])


@pytest.mark.parametrize("killed_at", ["compact", "_remove"])
def test_one_that_was_killed_is_finished(old: Settings, monkeypatch: pytest.MonkeyPatch, killed_at: str) -> None:
    """Broken off after any step, the next run removes the rest: no sound without a row, no word in an older snapshot."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    kept = replace(old, retention="recordings=30, transcripts=30")
    with monkeypatch.context() as broken:
        broken.setattr(retention, killed_at, killed)
        with pytest.raises(KeyboardInterrupt):
            retain(kept, NOW)
    assert naming(old.data, "Peregrine") != []
    retain(kept, NOW)
    assert (naming(old.data, "Peregrine"), list(old.store.rglob("*.webm"))) == ([], [])
    assert not list(old.store.glob(".retention*"))
