"""Erasing a customer: no byte of the data folder names them any more, and no import brings them back."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ingest.cli import earshot
from ingest.commands.queue_log import queue_log
from ingest.commands.transcripts import load_file
from ingest.loader import Loader
from models.app_store import AppStore
from models.checks import offending
from models.complaints import imports
from models.goals import logs
from models.privacy.declared import declared
from models.privacy.erased import REFUSED
from models.privacy.erasing import erase
from models.privacy.terms import Terms, variants
from models.publish import publish
from models.records import CallMetadata, InputFile, Recording, SoundMeasures, Transcript, Turn
from models.redaction import wanted
from models.settings import Settings
from models.store import Store, connect_snapshot, first_row
from models.surveys import files
from models.surveys.files import Loaded
from models.surveys.reading import Scale
from tests.conftest import MadeOnce

WHO, NAME, PHONE, HOME = "0612345678", "Ada Peregrine", "+33 6 12 34 56 78", "7 Sparrow Lane"
OTHER = "0798765432"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOG = "".join(
    f"{1772443000 + n * 500}|{n}.1|support|NONE|ENTERQUEUE||{who}|1\n{1772443010 + n * 500}|{n}.1|support|SIP/ann|CONNECT|10|{n}.2|3000\n"
    f"{1772443100 + n * 500}|{n}.1|support|SIP/ann|COMPLETECALLER|10|90|1\n"
    for n, who in enumerate((WHO, OTHER, WHO))
)


def recording(call_id: str, customer: str, name: str = "ab") -> Recording:
    """A recording whose file name holds the caller's number, as FreePBX writes it."""
    return Recording(
        recording_id=name * 32, path=f"/in/q-support-{customer}-20260302-090000-{call_id}.wav", size_bytes=10, format="wav",
        sample_rate_hz=8000, channels=1, layout="mono", agent_channel=None, agent_channel_source="unknown",
        measures=SoundMeasures(60.0, None, None, 1.0, 1.0, None, None, None),
        metadata=CallMetadata(call_id=call_id, customer_id=customer, source="freepbx"), audio_path=f"audio/{name}/{name}.webm",
    )  # fmt: skip


def load_log(settings: Settings, folder: Path, text: str = LOG, name: str = "queue_log") -> None:
    """Load a queue log through the command."""
    (folder / name).write_text(text)
    done = CliRunner().invoke(queue_log, [str(folder / name), "--format", "asterisk"])
    assert done.exit_code in (0, 1), done.output


def load_call(settings: Settings, call_id: str, customer: str, name: str = "ab") -> None:
    """Load a recording with its transcript and listening copy."""
    made = recording(call_id, customer, name)
    assert made.audio_path is not None
    copy = settings.store / made.audio_path
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(b"\x1aE\xdf\xa3 sound")
    said = (
        Turn("customer", 0.0, 2.0, f"This is {NAME}, my number is {customer}."),
        Turn("agent", 2.0, 3.0, "Thank you."),
    )
    words = Transcript(call_id, "recording", "en", said, metadata=made.metadata)
    Loader(settings).load_recording(InputFile(made.path, "recording", made.recording_id, 10, "loaded"), made, words)


def fill(settings: Settings) -> None:
    """Somebody called, complained, was noted, changed and exported."""
    folder = settings.data.parent
    load_log(settings, folder)
    load_call(settings, "0.1", WHO)
    load_call(settings, "1.1", OTHER, "cd")
    broken = folder / "broken.jsonl"
    broken.write_text(json.dumps({"call_id": "9", "customer_id": WHO, "name": NAME, "turns": []}) + "\n")
    load_file(settings, broken)
    complaint = {
        "complaint_id": 1, "kind": "complaint", "channel": "call", "status": "open", "customer_id": WHO, "customer_name": NAME,
        "customer_address": HOME, "customer_phone": PHONE, "received_at": AT.isoformat(), "nature": f"{NAME} waited an hour", "call_id": "0.1",
    }  # fmt: skip
    with AppStore(settings).transaction() as app:
        row = {**complaint, "written_at": AT.isoformat(), "written_by": "ann"}
        app.execute(
            f"insert into complaints ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())
        )
        kept = [
            (None, json.dumps(complaint)),
            (json.dumps({**complaint, "nature": "They moved from Wren Street"}), None),
        ]
        for before, after in kept:
            app.execute(
                "insert into changes (changed_at, changed_by, what, item, before, after) values (?, 'ann', 'complaints', ?, ?, ?)",
                (AT.isoformat(), '{"complaint_id": 1}', before, after),
            )
        app.execute(
            "insert into remark_edits (edit_id, remark_id, reviewer, call_id, kind, text, withdrawn, written_at)"
            " values (1, 1, 'bob', '0.1', 'note', 'Mentions her brother Finch', 0, ?), (2, 2, 'bob', '1.1', 'note', 'Like ADA  PEREGRINE', 0, ?)",
            (AT.isoformat(), AT.isoformat()),
        )
    publish(settings)
    with AppStore(settings).transaction() as app:
        app.execute("update remark_edits set withdrawn = 1 where edit_id = 2")
    publish(settings)
    (settings.store / "export").mkdir()
    (settings.store / "export" / "calls.csv").write_text(f"call_id,customer_id\n0.1,{WHO}\n1.1,{OTHER}\n")
    (settings.store / "export" / "calls.parquet").write_bytes(b"PAR1\xff\xfe" + WHO.encode())
    (settings.store / "earshot.log").write_text(f"loaded q-support-{WHO}.wav\n")


@pytest.fixture
def full(settings: Settings, made_once: MadeOnce) -> Settings:
    """A call centre that knows a customer from everywhere: log, sound, words, complaint, notes, changes, files."""
    return made_once(fill, settings)


def naming(folder: Path, *words: str) -> list[str]:
    """Files that hold any of the words, in their bytes or in their name."""
    return [
        f"{path.name}: {word}"
        for path in folder.rglob("*")
        for word in words
        if path.is_file() and (word.encode().lower() in path.read_bytes().lower() or word in path.name)
    ]


GONE = (WHO, "612345678", NAME, "Peregrine", PHONE, HOME, "brother Finch", "Wren Street")


def test_no_byte_names_them(full: Settings) -> None:
    """Before, the customer is all over the data folder; after, no file holds their id, name, number, address or words."""
    assert len(naming(full.data, WHO)) > 5
    removed = erase(full, WHO)
    assert naming(full.data, *GONE) == []
    assert (removed.calls, removed.files.count("audio/ab/ab.webm")) == (2, 1)
    assert len(list((full.store / "published").glob("earshot-*.duckdb"))) == 1


def test_a_number_written_otherwise(full: Settings) -> None:
    """Given from abroad, the number of a customer whose calls have it as it is dialled at home is the same customer."""
    removed = erase(full, PHONE)
    assert removed.calls == 2
    assert naming(full.data, *GONE) == []


def test_figures_stay_and_others_too(full: Settings) -> None:
    """Waits and outcomes of their calls stay, under one token; another customer keeps everything but the mention."""
    erase(full, WHO)
    snapshot = publish(full).path
    with closing(connect_snapshot(snapshot)) as con:
        rows = con.execute(
            "select call_id, customer_id, wait_s, outcome, has_recording, has_transcript from calls order by 1"
        ).fetchall()
        assert offending(con) == {}
        assert [(r[0], r[2:]) for r in rows] == [
            ("0.1", (10.0, "answered", False, False)), ("1.1", (10.0, "answered", True, True)), ("2.1", (10.0, "answered", False, False)),
        ]  # fmt: skip
        assert rows[0][1] == rows[2][1] and str(rows[0][1]).startswith("erased-")
        assert rows[1][1] == OTHER
        assert first_row(con.execute("select count(*) from turns where call_id = '1.1'")) == (2,)
        assert first_row(con.execute("select nature, status from complaints")) == ("[erased]", "open")
    assert (full.store / "audio/cd/cd.webm").exists()


def test_nothing_comes_back(full: Settings, tmp_path: Path) -> None:
    """The same recording, transcript and log again, whole or cut differently, bring nothing of the customer back."""
    erase(full, WHO)
    load_call(full, "0.1", WHO)
    load_call(full, "7.7", WHO, "ef")
    lines = tmp_path / "again.jsonl"
    lines.write_text(json.dumps({"call_id": "0.1", "turns": [{"text": f"{NAME} again"}]}) + "\n")
    load_file(full, lines)
    load_log(full, tmp_path, LOG.split("\n", 1)[1] + f"1772449000|5.1|support|NONE|ENTERQUEUE||{WHO}|1\n", "cut_log")
    load_log(full, tmp_path, LOG)
    erased_again = [f for f in naming(full.data, WHO, NAME) if not f.startswith("calls.duckdb.wal")]
    assert erased_again == []
    with Store(full).writing() as con:
        assert first_row(con.execute("select count(*) from queue_visits where call_id in ('0.1', '2.1')")) == (2,)
        assert con.execute("select call_id from transcripts").fetchall() == [("1.1",)]
        assert first_row(con.execute("select count(*) from ingest_files where reason = ?", [REFUSED])) == (2,)


LONG = "1772443000.77"
SHEET = f"call_id,customer_id,open_answer,rating\n{LONG},,About my aunt,9\n,{WHO},About my niece,2\n,{OTHER},Fine,5\n"


def survey(settings: Settings, sheet: str = SHEET) -> Loaded:
    """Load a sheet of surveys as the dashboard does."""
    return files.load(AppStore(settings), "surveys.csv", sheet.encode(), [LONG], Scale(), wanted(settings), "ann", AT)


def test_what_others_wrote_of_their_calls_goes(full: Settings, tmp_path: Path) -> None:
    """Refused lines that name their call alone, answers to notes on it and clips of it go, with their history."""
    load_call(full, LONG, WHO, "ef")
    lines = tmp_path / "odd.jsonl"
    lines.write_text(json.dumps({"call_id": LONG, "turns": [{"text": "Ask my grandson"}, {"text": 7}]}) + "\n")
    load_file(full, lines)
    logs.read(AppStore(full), 1, "ann", "I heard her sigh")
    logs.clip(AppStore(full), 1, 0.0, 2.0, "He pauses", "ann")
    survey(full)
    words = ("aunt", "niece", "grandson", "sigh", "pauses")
    assert {found.rpartition(": ")[2] for found in naming(full.data, *words)} == set(words)
    erase(full, WHO)
    assert naming(full.data, *GONE, *words) == []


def test_sheets_do_not_bring_them_back(full: Settings) -> None:
    """Surveys and complaints of an erased customer are refused by number of line, and nothing of these lines is kept."""
    load_call(full, LONG, WHO, "ef")
    erase(full, WHO)
    done = survey(full)
    assert (done.kept, [line.line_no for line in done.refused]) == (1, [2, 3])
    sheet = f"received_at,nature,customer_phone\n2026-03-01,A cousin called,{PHONE}\nnever,A cousin wrote,{WHO}\n2026-03-01,Other,\n"
    seen = imports.preview(AppStore(full), "complaints.csv", sheet.encode(), {}, at=AT)
    imports.bring_in(AppStore(full), seen, "ann")
    assert (len(seen.new), [line.line_no for line in seen.refused]) == (1, [2, 3])
    assert naming(full.data, *GONE, "aunt", "niece", "cousin") == []


def test_an_interrupted_erasure_goes_on(full: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the first store was emptied, the same command again finishes, and forgets whom it was about."""
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("models.privacy.erasing._from_app", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase(full, WHO)
    erase(full, WHO)
    assert naming(full.data, *GONE) == []
    assert not list(full.store.glob(".erasing*"))


def test_command(full: Settings) -> None:
    """The command reports what was removed, and what it can't reach, without naming the customer.

    A script, too, has to say that it is sure: --json alone is wrong usage, and nothing is removed.
    """
    asked = CliRunner().invoke(earshot, ["erase", "--customer", WHO, "--json"])
    assert asked.exit_code == 2 and "--yes" in asked.stderr
    done = CliRunner().invoke(earshot, ["erase", "--customer", WHO, "--json", "--yes"])
    told = json.loads(done.output)
    assert (told["calls"], told["rows"]["turns"]) == (2, 3)
    assert any("Backups" in s for s in told["not_reached"])
    assert WHO not in done.output


def test_command_asks_before(full: Settings) -> None:
    """Whoever does not say yes has erased nobody, and reads so."""
    answered = CliRunner().invoke(earshot, ["erase", "--customer", WHO], input="n\n")
    assert (answered.exit_code, answered.stdout.splitlines()[-1]) == (1, "Nothing was erased.")


def test_every_text_column_is_declared(settings: Settings) -> None:
    """Each table and text column of both stores says in models/schema/people_data.toml what it holds of people."""
    with Store(settings).writing() as con:
        sql = "select table_name, column_name from duckdb_columns() where not internal and data_type like '%VARCHAR%'"
        found = {("calls", t, c) for t, c in con.execute(sql).fetchall()}
    with AppStore(settings).reading() as app:
        for (table,) in app.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
        ).fetchall():
            found |= {
                ("app", table, row[1]) for row in app.execute(f"pragma table_info({table})") if row[2].lower() == "text"
            }
    known = {(w, t.name, c) for w in ("calls", "app") for t in declared(w).values() for c in t.roles}  # type: ignore[arg-type]
    assert found - known == set(), "declare these columns in models/schema/people_data.toml"


@given(st.lists(st.text(min_size=5, max_size=20), min_size=1, max_size=3), st.text(max_size=40), st.text(max_size=40))
def test_terms_leave_nothing(names: list[str], before: str, after: str) -> None:
    """Whatever a customer is called, a text with the name in it has it no more."""
    terms = Terms(variants(names, ["FR"]), "erased-0")
    for name in terms.terms:
        if len(name) >= 6:
            assert name.lower() not in terms.without(f"{before}{name}{after}").lower().replace("erased-0", "")


def test_short_ids_harm_nobody() -> None:
    """A customer whose id is 42 loses it where it stands alone; a price of 420 stays."""
    terms = Terms(("42",), "erased-0")
    assert (terms.without("42"), terms.without("it cost 42 or 420")) == ("erased-0", "it cost 42 or 420")


def test_sqlite_free_pages_are_empty(full: Settings) -> None:
    """app.sqlite has no free page and no write-ahead log left that could hold what was deleted."""
    erase(full, WHO)
    with closing(sqlite3.connect(full.store / "app.sqlite")) as app:
        assert app.execute("pragma freelist_count").fetchone() == (0,)
    wal = full.store / "app.sqlite-wal"
    assert not wal.exists() or wal.stat().st_size == 0
