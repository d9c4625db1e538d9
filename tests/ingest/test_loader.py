"""Loading: whatever arrives first, the store ends the same; twice is once."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from ingest.loader import Loader, touch
from models.records import CallMetadata, InputFile, Recording, RefusedRow, SoundMeasures, Transcript, Turn, Word
from models.settings import Settings
from models.store import Store

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STATE = {
    "calls": "from calls select * order by call_id",
    "turns": "select call_id, turn_no, text from turns order by all",
    "recordings": "select recording_id, call_id, link from recordings order by all",
    "transcripts": "select call_id, origin, recording_id from transcripts order by all",
}


def recording(name: str, call_id: str | None, duration_s: float = 60.0, agent_id: str | None = None) -> Recording:
    """A recording whose bytes hash to ``name``."""
    return Recording(
        recording_id=name * 8, path=f"{name}.ogg", size_bytes=10, format="ogg/opus", sample_rate_hz=8000, channels=2,
        layout="two_channel", agent_channel=0, agent_channel_source="sidecar",
        measures=SoundMeasures(duration_s, 20.0, 20.0, 15.0, 3.0, 1.0, 0, 1),
        metadata=CallMetadata(call_id=call_id, started_at=BEGAN, agent_id=agent_id, source="sidecar"),
        waveform=((0, 255), (3, 4)), audio_path=None,
    )  # fmt: skip


def transcript(call_id: str, origin: str, text: str) -> Transcript:
    """A transcript of one turn with one word."""
    turn = Turn("agent", 0.0, 1.0, text, 0.9, (Word(text, 0.0, 1.0, 0.9),))
    return Transcript(call_id=call_id, origin=origin, language="en", turns=(turn,), model="test")  # type: ignore[arg-type]


def file(path: str, kind: str, sha: str = "s") -> InputFile:
    return InputFile(path, kind, sha, 10, "loaded", rows_loaded=1)  # type: ignore[arg-type]


def load_audio(loader: Loader, name: str, call_id: str | None, **more: object) -> None:
    made = recording(name, call_id, **more)  # type: ignore[arg-type]
    words = transcript(call_id or "unknown", "recording", f"heard {name}")
    loader.load_recording(file(f"{name}.ogg", "recording", name), made, words)


def load_brought(loader: Loader) -> None:
    loader.load_transcripts(file("t.jsonl", "transcript"), [transcript("100.1", "file", "brought")])


def load_log(loader: Loader) -> None:
    with loader.store.writing() as con:
        con.execute(
            "insert into queue_visits (call_id, queue, entered_at, wait_s, outcome, agent_id, talk_s, answered_at, "
            "bridged_id, format, source) values ('100.1', 'support', ?, 10, 'answered', 'ann', 60, ?, '100.2', 'csv', 't')",
            [BEGAN, BEGAN],
        )
        touch(con, ["100.1"])
        loader.finish(con)


def state(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    with Store(settings).writing() as con:
        return {name: con.execute(sql).fetchall() for name, sql in STATE.items()}


STEPS = {
    "same id": [lambda x: load_audio(x, "a", "100.1"), load_brought, load_log],
    "bridged id": [lambda x: load_audio(x, "a", "100.2"), load_brought, load_log],
    "two recordings of one call": [
        lambda x: load_audio(x, "a", "100.1", duration_s=60.0),
        lambda x: load_audio(x, "b", "100.2", duration_s=90.0),
        load_log,
    ],
    "agent and time": [lambda x: load_audio(x, "a", None, agent_id="ann"), load_log, load_brought],
}


@pytest.mark.parametrize("name", STEPS)
def test_order_does_not_matter(tmp_path, name: str) -> None:
    """Recording, transcript and queue log in any order leave the same calls, turns and links."""
    states = []
    for number, order in enumerate(permutations(STEPS[name])):
        settings = Settings(data=tmp_path / str(number))
        for step in order:
            step(Loader(settings))
        states.append(state(settings))
    assert len(states[0]["calls"]) == 1
    assert states[0]["calls"][0][0] == "100.1"
    assert all(s == states[0] for s in states[1:])


def test_twice_is_once(settings: Settings) -> None:
    """Loading the same recording, transcript and refusal again changes nothing, not even their times."""
    tables = [*STATE.values(), "from ingest_files", "from rejected_rows", "from recordings"]

    def everything() -> list[object]:
        loader = Loader(settings)
        load_audio(loader, "a", "100.1")
        loader.refuse(InputFile("x.wav", "recording", "x", 0, "refused", "x.wav is empty."))
        with Store(settings).writing() as con:
            return [con.execute(sql).fetchall() for sql in tables]

    assert everything() == everything()


def test_a_recording_alone_makes_a_call(settings: Settings) -> None:
    """A recording that no queue log knows is a call with unknown outcome and no invented beginning."""
    loader = Loader(settings)
    made = recording("a", None)
    made = Recording(**{**{f: getattr(made, f) for f in made.__slots__}, "metadata": CallMetadata()})
    loader.load_recording(file("a.ogg", "recording"), made, None)
    with Store(settings).writing() as con:
        row = con.execute("select call_id, started_at, outcome, has_recording, has_transcript from calls").fetchone()
    assert row == ("rec-" + "a" * 8, None, None, True, False)


def test_refused_rows_are_kept_whole_up_to_a_limit(settings: Settings) -> None:
    """What is refused is kept with its reason and line; only absurdly long text is cut."""
    rows = [RefusedRow("q.log", 7, "cut line", "1|2|3"), RefusedRow("q.log", 8, "cut line", "x" * 5000)]
    Loader(settings).refuse(InputFile("q.log", "queue_log", "h", 9, "partly_refused", "2 lines", 0, 2), rows)
    with Store(settings).writing() as con:
        kept = con.execute("select line_no, raw from rejected_rows order by 1").fetchall()
    assert kept == [(7, "1|2|3"), (8, "x" * 2000)]


def test_a_duplicate_is_listed_but_not_refused(settings: Settings) -> None:
    """A second copy of a recording is in the list of files and nowhere among the refused rows."""
    Loader(settings).refuse(InputFile("b.ogg", "recording", "h", 9, "duplicate", "b.ogg is a copy of a.ogg."))
    with Store(settings).writing() as con:
        assert con.execute("select count(*) from rejected_rows").fetchone() == (0,)
        assert con.execute("select status from ingest_files").fetchone() == ("duplicate",)
