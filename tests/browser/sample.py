"""A small call centre with real sound, written straight into a store and published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np

from models.publish import publish
from models.settings import Settings
from models.store import Store

RATE = 48_000
SECONDS = 40
TURNS = [
    ("agent", 0.5, 3.5, "Good morning, this is Grace, how can I help you?"),
    ("customer", 4.0, 9.0, "I was charged twice for the same bill, and nobody called me back."),
    ("agent", 9.5, 12.0, "I am sorry, paying twice is a nuisance. Let me look at once."),
    ("agent", 18.0, 22.0, "I see both payments. I can refund it today or credit it, which do you prefer?"),
    ("customer", 22.5, 26.0, "Refund it please."),
    ("agent", 26.5, 32.0, "Done. You will have it by Thursday, and a message confirms it."),
    ("customer", 32.5, 36.0, "Thank you, that is all I needed."),
    ("agent", 36.2, 39.5, "Thank you for telling us. Goodbye."),
]
"""Nobody speaks from 12 to 18 seconds."""

HOSTILE = '<img src=x onerror="window.hurt=1"> **bold** [link](https://example.org) ![i](https://example.org/x.png)'
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def write_sound(path: Path) -> None:
    """Each turn as a hum in its party's channel, left for the agent."""
    time_s = np.arange(RATE * SECONDS) / RATE
    samples = np.zeros((2, time_s.size), np.float32)
    for speaker, start_s, end_s, _ in TURNS:
        channel, pitch_hz = (0, 180) if speaker == "agent" else (1, 260)
        spoken = (time_s >= start_s) & (time_s < end_s)
        swell = 0.35 + 0.25 * np.sin(2 * np.pi * 3.1 * time_s[spoken])
        samples[channel, spoken] = swell * np.sin(2 * np.pi * pitch_hz * time_s[spoken])
    with av.open(str(path), "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def waveform(lanes: int = 2, slices: int = 400) -> list[list[int]]:
    """Levels as ingest measures them, agent first."""
    out = np.zeros((2, slices), int)
    for speaker, start_s, end_s, _ in TURNS:
        first, last = (int(at / SECONDS * slices) for at in (start_s, end_s))
        ripple = 120 + 90 * np.sin(np.arange(last - first) * 0.9)
        out[0 if speaker == "agent" else 1, first:last] = ripple.astype(int)
    return out.tolist() if lanes == 2 else [out.max(axis=0).tolist()]


def words(text: str, start_s: float, sure: float = 0.9) -> list[dict[str, Any]]:
    """The words of a turn; every fifth is one that the speech model was unsure of."""
    return [
        {"word": word, "start_s": start_s, "end_s": start_s + 0.3, "probability": 0.3 if n % 5 == 4 else sure}
        for n, word in enumerate(text.split())
    ]


def insert(con: Any, table: str, row: dict[str, Any]) -> None:
    """One row, the other columns null."""
    names, gaps = ", ".join(row), ", ".join("?" * len(row))
    con.execute(f"insert into {table} ({names}) values ({gaps})", list(row.values()))


def add_call(con: Any, call_id: str, day: int, **more: Any) -> None:
    """A call, answered after 45 seconds, and its stay in the queue."""
    at = MONDAY + timedelta(days=day)
    parties = {"queue": "billing", "agent_id": "grace.bennett", "customer_id": "+33 6 39 98 01 02"}
    call = {
        "call_id": call_id, "started_at": at, **parties, "direction": "inbound", "language": "en",
        "duration_s": float(SECONDS), "wait_s": 45.0, "outcome": "answered", "talk_s": float(SECONDS),
        "has_recording": True, "has_transcript": True, "visits": 1,
    }  # fmt: skip
    insert(con, "calls", {**call, **more})
    visit = {
        "call_id": call_id, "entered_at": at, "wait_s": 45.0, "outcome": "answered", "talk_s": float(SECONDS),
        "position_in": 3, "format": "csv", "source": "sample.csv",
    }  # fmt: skip
    insert(con, "queue_visits", {**visit, "queue": more.get("queue", "billing"), "agent_id": "grace.bennett"})


def add_recording(con: Any, call_id: str, *, mono: bool = False, duration_s: float = SECONDS) -> None:
    """The recording of a call; all share one file of sound."""
    stereo = {
        "agent_channel": 0, "agent_talk_s": 18.5, "customer_talk_s": 12.0, "overlap_s": 0.0,
        "agent_interruptions": 0, "customer_interruptions": 1,
    }  # fmt: skip
    row = {
        "recording_id": f"rec-{call_id}", "call_id": call_id, "link": "sidecar", "path": "sample.webm",
        "audio_path": "audio/sample.webm", "size_bytes": 1, "format": "webm/opus", "sample_rate_hz": RATE,
        "channels": 1 if mono else 2, "layout": "mono" if mono else "two_channel",
        "agent_channel_source": "unknown" if mono else "sidecar", "metadata_source": "sidecar",
        "duration_s": duration_s, "silence_s": 9.5, "longest_silence_s": 6.0,
        "waveform": waveform(1 if mono else 2), "loaded_at": MONDAY,
    }  # fmt: skip
    insert(con, "recordings", row if mono else {**row, **stereo})


def add_transcript(con: Any, call_id: str, turns: list[tuple[Any, ...]], *, demonstration: bool = False) -> None:
    """The transcript of a call, with words where it has times."""
    row = {
        "call_id": call_id, "origin": "recording" if demonstration else "file", "language": "en",
        "is_demonstration": demonstration, "turn_count": len(turns), "word_count": 1, "loaded_at": MONDAY,
    }  # fmt: skip
    insert(con, "transcripts", row)
    rows = [
        (call_id, number, speaker, start_s, end_s, text, None if start_s is None else words(text, start_s))
        for number, (speaker, start_s, end_s, text) in enumerate(turns, 1)
    ]
    con.executemany(
        "insert into turns (call_id, turn_no, speaker, start_s, end_s, text, words) values (?, ?, ?, ?, ?, ?, ?)", rows
    )


def add_verdict(con: Any, call_id: str, criterion: str, result: str, turn_no: int, quote: str, start_s: float) -> None:
    """One criterion of a call as the scorecard judged it, with a quote."""
    verdict = {
        "call_id": call_id, "criterion": criterion, "result": result, "scorecard_version": "v1", "score": 0.7,
        "confidence": 0.7, "reason": "cues", "judge": "scorecard",
    }  # fmt: skip
    insert(con, "automatic_results", verdict)
    points = "for" if result == "met" else "against"
    said = {
        "turn_no": turn_no,
        "start_s": start_s,
        "end_s": start_s + 2,
        "quote": quote,
        "points": points,
        "why": "cue",
    }
    insert(con, "automatic_evidence", {"call_id": call_id, "criterion": criterion, "evidence_no": 1, **said})


def long_turns(count: int = 1000, each_s: float = 3.6) -> list[tuple[Any, ...]]:
    """An hour of talk."""
    return [
        ("customer" if n % 2 else "agent", n * each_s, (n + 0.9) * each_s, f"This is turn {n} of a very long call.")
        for n in range(count)
    ]


def make(settings: Settings) -> Settings:
    """Fill an empty store and publish it."""
    audio = settings.store / "audio"
    audio.mkdir(parents=True)
    write_sound(audio / "sample.webm")
    with Store(settings).writing() as con:
        add_call(con, "stereo", 0)
        add_recording(con, "stereo")
        add_transcript(con, "stereo", TURNS, demonstration=True)
        add_verdict(con, "stereo", "empathy", "met", 3, "paying twice is a nuisance", 9.5)
        add_verdict(con, "stereo", "options", "not_met", 5, HOSTILE, 22.5)
        add_call(con, "mono", 1)
        add_recording(con, "mono", mono=True)
        add_transcript(con, "mono", [("unknown", *turn[1:]) for turn in TURNS])
        add_call(con, "text", 2, has_recording=False)
        add_transcript(con, "text", [(speaker, None, None, text) for speaker, _, _, text in TURNS])
        add_call(con, "hostile", 3, queue=HOSTILE, agent_id=HOSTILE, customer_id=HOSTILE)
        add_recording(con, "hostile")
        add_transcript(con, "hostile", [("customer", 1.0, 4.0, HOSTILE)])
        add_call(con, "measured", 5, customer_id="somebody else")
        add_recording(con, "measured")
        add_transcript(con, "measured", TURNS)
        add_call(con, "hour", 4, duration_s=3600.0, customer_id="someone else")
        add_recording(con, "hour", duration_s=3600.0)
        add_transcript(con, "hour", long_turns())
    publish(settings)
    return settings


CRITERIA = {"empathy": "Empathy", "options": "Options"}


def make_judged(settings: Settings, calls: int = 4) -> Settings:
    """Fill an empty store with recorded calls, c0 the oldest, that a scorecard of two criteria judged, and publish it."""
    audio = settings.store / "audio"
    audio.mkdir(parents=True)
    write_sound(audio / "sample.webm")
    with Store(settings).writing() as con:
        for n in range(calls):
            add_call(con, f"c{n}", n)
            add_recording(con, f"c{n}")
            add_transcript(con, f"c{n}", TURNS)
            add_verdict(con, f"c{n}", "empathy", "met", 3, "paying twice is a nuisance", 9.5)
            add_verdict(con, f"c{n}", "options", "not_met", 5, HOSTILE, 22.5)
        con.execute("insert into scorecards values ('v1', '', timestamptz '2026-02-01 08:00:00+01', 2, true)")
        for position, (code, name) in enumerate(CRITERIA.items(), 1):
            con.execute(
                "insert into scorecard_criteria values ('v1', ?, ?, 'en', ?, 'What it asks for.', 'When.', 1.0, false)",
                [position, code, name],
            )
    publish(settings)
    return settings
