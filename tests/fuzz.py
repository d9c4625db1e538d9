"""Hostile input, by the thousand: file names, transcripts, queue logs and sound, made up and mutilated.

    python -m tests.fuzz [--examples 10000] [names transcripts logs sound]      (make fuzz)

Whatever comes in, it is read or refused with a sentence: no other error, no crash, no line lost. The tests run a few of each.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from ingest import audio, metadata
from ingest.batches import sql
from ingest.files import shown
from ingest.line_stream import beginning, open_log
from ingest.listening_copy import relative_path
from ingest.queue_logs import reader_for
from ingest.transcripts import read_transcripts
from models.errors import Refused
from models.records import RefusedRow, Transcript
from models.settings import Settings

FIXTURES = Path(__file__).parent / "fixtures"
PARIS = ZoneInfo("Europe/Paris")
SETTINGS = Settings()
LOG_FORMATS = {"asterisk": "log", "csv": "csv", "freeswitch": "txt", "connect": "jsonl", "asterisk-database": "csv"}
ODD = st.sampled_from(
    [
        "\0",
        "\u202e",
        "\ud800",
        "../../etc/passwd",
        "=cmd()",
        "<script>",
        "'; drop table calls; --",
        "%s%n",
        "\u0661",
        "1e309",
        "-1",
        "9" * 400,
    ]
)
TEXT = st.one_of(st.text(max_size=40), ODD)
NAMES = st.one_of(
    st.text(max_size=80),
    st.from_regex(r"(in|out|q|exten)-\w{0,8}-\+?\d{0,12}-\d{8}-\d{6}-\d{9,11}\.\d{1,6}\.wav", fullmatch=True),
    st.from_regex(r"\w?_CUST_.{0,9}_GUID_.{0,9}_AGENT_.{0,9}_DT_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d", fullmatch=True),
    st.from_regex(r"\d{8}-\d{6}_\+?\d{0,12}_\w{0,9}_\w{0,9}-all\.mp3", fullmatch=True),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXT | st.sampled_from(["turns", "text", "words"]), inner, max_size=4)
    ),
    max_leaves=12,
)
TURN = st.fixed_dictionaries(
    {"text": TEXT | JSON},
    optional={"speaker": TEXT | JSON, "start_s": JSON, "end_s": JSON, "words": JSON, "confidence": JSON},
)
CALL = st.fixed_dictionaries(
    {"call_id": TEXT | JSON, "turns": st.lists(TURN | JSON, max_size=4)},
    optional={"started_at": TEXT | JSON, "customer_id": JSON, "language": JSON, "consent": JSON, "direction": JSON},
)


def mutilated(draw: st.DrawFn, seed: bytes) -> bytes:
    """A seed with pieces changed, cut out, doubled or put in."""
    content = bytearray(seed)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        what = draw(st.sampled_from(["change", "cut", "double", "insert", "end"]))
        if what == "change" and at < len(content):
            content[at] = draw(st.integers(0, 255))
        elif what == "cut":
            del content[at : at + length]
        elif what == "double":
            content[at:at] = content[at : at + length]
        elif what == "insert":
            content[at:at] = draw(st.binary(max_size=20))
        elif what == "end":
            del content[at:]
    return bytes(content)


@st.composite
def mutilations(draw: st.DrawFn, seeds: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """(suffix, content) of a seed file, mutilated."""
    suffix, seed = draw(st.sampled_from(seeds))
    return suffix, mutilated(draw, seed)


def seeds(folder: str, most_bytes: int = 20_000) -> list[tuple[str, bytes]]:
    """(suffix, beginning) of the small files of a folder of fixtures."""
    found = [
        p for p in sorted((FIXTURES / folder).rglob("*")) if p.is_file() and p.suffix not in (".md", ".toml", ".py")
    ]
    return [(p.suffix, p.read_bytes()[:most_bytes]) for p in found]


def tones() -> list[tuple[str, bytes]]:
    """Short sound in several containers, made here."""
    import av
    import numpy as np

    wave = (np.sin(np.arange(8_000) * 0.1) * 8_000).astype(np.int16).reshape(1, -1)
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for suffix, codec in (
            (".wav", "pcm_s16le"),
            (".wav", "pcm_mulaw"),
            (".ogg", "libopus"),
            (".mp3", "mp3"),
            (".flac", "flac"),
            (".m4a", "aac"),
        ):
            path = Path(folder) / f"tone-{codec}{suffix}"
            with av.open(str(path), "w") as container:
                stream = container.add_stream(codec, rate=16_000 if codec != "pcm_mulaw" else 8_000, layout="mono")
                frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
                frame.sample_rate = stream.rate
                for packet in [*stream.encode(frame), *stream.encode(None)]:
                    container.mux(packet)
            made.append((suffix, path.read_bytes()))
    return made


TRANSCRIPTS = [
    (
        ".vtt",
        b"WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Agent>Hello, card 4242 4242 4242 4242\n\n00:01.0 --> 00:03.0\nYes\n",
    ),
    (
        ".srt",
        b"1\n00:00:01,000 --> 00:00:02,500\nAgent: Bonjour, quatre-vingt-dix-sept\n\n2\n00:00:03,000 --> 00:00:02,500\nOui\n",
    ),
    (
        ".json",
        b'{"language": "en", "segments": [{"start": 0.0, "end": 1.5, "text": " Hi there", "avg_logprob": -0.2}]}',
    ),
    (
        ".jsonl",
        b'{"call_id": "1", "turns": [{"speaker": "agent", "start_s": 0, "end_s": 1, "text": "PIN?"}, {"text": "4219"}]}\n'
        * 3,
    ),
]


def check_name(name: str) -> None:
    """A name is read or refused; what is stored of it is plain text, and never a path of its own choosing."""
    path = Path("inbox") / (name.replace("/", "_").replace("\0", "") or "x")
    try:
        found = metadata.from_name(path, PARIS)
    except Refused:
        return
    for value in (found.call_id, found.queue, found.agent_id, found.customer_id, found.language):
        assert value is None or (value.isprintable() and value.encode())
    assert shown(path).isprintable()
    assert ".." not in relative_path("ab" * 32)


def check_calls(calls: list[object]) -> None:
    """Every line of a file of calls comes out once: as a call, or refused."""
    lines = []
    for call in calls:
        lines.append(json.dumps(call).encode())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.jsonl"
        path.write_bytes(b"\n".join(lines))
        found = list(read_transcripts(path, SETTINGS))
    assert len(found) == len(lines)
    assert all(isinstance(item, Transcript | RefusedRow) for item in found)


def check_transcript(file: tuple[str, bytes]) -> None:
    """A mutilated transcript is read or refused; every line of JSON Lines comes out once."""
    suffix, content = file
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"call{suffix}"
        path.write_bytes(content)
        try:
            found = list(read_transcripts(path, SETTINGS))
        except Refused:
            return
    if suffix == ".jsonl":
        assert len(found) == sum(bool(line.strip()) for line in content.split(b"\n"))


def check_log(con: duckdb.DuckDBPyConnection, name: str, content: bytes) -> None:
    """A mutilated log is read or refused; of Asterisk's every line becomes a row, good or bad."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"log.{LOG_FORMATS[name]}"
        path.write_bytes(content)
        try:
            reader = reader_for(name, path, Path(folder), PARIS)  # type: ignore[arg-type]
            with open_log(path) as stream:
                reader.prepare(stream)
                for batch in reader.batches(stream, beginning()):
                    reader.stage(con, batch)
                    if name == "asterisk":
                        rows = con.execute("select count(*) from staged_events").fetchall()[0][0]
                        assert rows == batch.end.next_line - batch.start.next_line
        except Refused:
            return


def check_sound(file: tuple[str, bytes]) -> None:
    """Mutilated sound is decoded within bounds, or refused."""
    suffix, content = file
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"call{suffix}"
        path.write_bytes(content)
        try:
            with audio.decode(path, max_hours=0.01, scratch=Path(folder)) as sound:
                assert 0 < sound.duration_s <= 36.0
                assert sound.channels in (1, 2)
                sound.read(0)
        except Refused:
            return


def fuzz(what: str, examples: int) -> None:
    """Run the properties of one kind of input on so many examples. Raises AssertionError, or whatever broke."""
    quietly = with_settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=PHASES
    )
    if what == "names":
        quietly(given(NAMES)(check_name))()
    elif what == "transcripts":
        half = with_settings(quietly, max_examples=max(1, examples // 2))
        half(given(st.lists(CALL | JSON, min_size=1, max_size=4))(check_calls))()
        half(given(mutilations(TRANSCRIPTS))(check_transcript))()
    elif what == "logs":
        made = seeds("queue_logs")
        with closing(duckdb.connect()) as con:
            con.execute("set timezone = 'UTC'")
            con.execute(sql("macros"))
            quietly(
                given(st.sampled_from(sorted(LOG_FORMATS)), mutilations(made))(
                    lambda name, file: check_log(con, name, file[1])
                )
            )()
    elif what == "sound":
        quietly(given(mutilations(tones()))(check_sound))()


PHASES = (Phase.generate, Phase.shrink)
KINDS = ("names", "transcripts", "logs", "sound")


def main() -> None:
    """Run what is named, or everything."""
    parser = argparse.ArgumentParser(description="Hostile input by the thousand.")
    parser.add_argument("what", nargs="*", choices=[*KINDS, []], default=[])
    parser.add_argument("--examples", type=int, default=10_000)
    wanted = parser.parse_args()
    for what in wanted.what or KINDS:
        began = time.monotonic()
        fuzz(what, wanted.examples)
        print(f"{what}: {wanted.examples:,} examples, {time.monotonic() - began:.0f} s, nothing broke", flush=True)


if __name__ == "__main__":
    main()
