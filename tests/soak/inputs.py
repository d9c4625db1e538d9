"""What arrives during a soak: short recordings, transcripts and a queue log that grows, all made with a seed."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from bench.queue_log import EVENTS_A_CALL, generate
from models.settings import SAMPLE
from tests.ingest.sounds import write

CLIP_S = 6.0
RATE_HZ = 8000


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that will have arrived in the end."""

    recordings: list[Path]
    transcripts: list[Path]
    queue_log: Path


def make(folder: Path, recordings: int, transcripts: int, events: int) -> Inputs:
    """Write all inputs into ``folder``; the recordings belong to calls of the queue log."""
    folder.mkdir(parents=True)
    log = folder / "queue_log"
    generate(log, events)
    _spoil(log)
    calls = round(events / EVENTS_A_CALL)
    sources = sorted(p for p in (SAMPLE / "recordings").iterdir() if p.suffix == ".ogg")
    clips = [
        clip(sources[i % len(sources)], 5.0 * (i // len(sources)), folder / recording_name(i * calls // recordings))
        for i in range(recordings)
    ]
    return Inputs(clips, _transcripts(folder, transcripts), log)


def recording_name(call: int) -> str:
    """The name that FreePBX would give the recording of a generated call."""
    began = 1767225600 + (call * 17) // 10
    return f"q-support-0199001004-20260101-100000-{began}.{call}.wav"


def clip(source: Path, from_s: float, target: Path) -> Path:
    """A few seconds of a recording, as 8 kHz WAV."""
    samples = _decoded(source)
    first = int(from_s * RATE_HZ) % max(1, len(samples) - int(CLIP_S * RATE_HZ))
    return write(target, samples[first : first + int(CLIP_S * RATE_HZ)], rate=RATE_HZ)


def _decoded(source: Path) -> npt.NDArray[np.int16]:
    """Two-channel samples at ``RATE_HZ``, shape (n, 2)."""
    with av.open(str(source)) as container:
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE_HZ)
        frames = [f.to_ndarray() for frame in container.decode(audio=0) for f in resampler.resample(frame)]
    return np.concatenate(frames, axis=1).reshape(-1, 2)


def _transcripts(folder: Path, files: int) -> list[Path]:
    """The sample's transcripts, dealt out to ``files`` files; each has a line that must be refused."""
    lines = [line for source in sorted((SAMPLE / "transcripts").iterdir()) for line in _lines(source)][: 12 * files]
    made = []
    for i in range(files):
        path = folder / f"transcripts-{i:03}.jsonl"
        path.write_text("\n".join([*lines[i::files], json.dumps({"call_id": f"no-turns-{i}"})]) + "\n", "utf-8")
        made.append(path)
    return made


def _lines(source: Path) -> list[str]:
    text = gzip.decompress(source.read_bytes()) if source.suffix == ".gz" else source.read_bytes()
    return text.decode().splitlines()


def _spoil(log: Path) -> None:
    """Put in lines that must be refused, and one that comes twice."""
    lines = log.read_bytes().splitlines(keepends=True)
    for at in range(500, len(lines), 2500):
        lines[at:at] = [b"17672\xff25600|broken\n", lines[at - 1], b"1767225600|x.1|support|NONE|ABANDON|1|1|-5\n"]
    log.write_bytes(b"".join(lines))


def arrive(inputs: Inputs, inbox: Path, share: float) -> None:
    """Let what belongs to ``share`` (0..1) of the time be there; a log grows in the middle of a line."""
    for kind in (inputs.recordings, inputs.transcripts):
        for source in kind[: round(share * len(kind))]:
            target = inbox / source.suffix.removeprefix(".") / source.name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                draft = target.with_suffix(".part")
                draft.write_bytes(source.read_bytes())
                draft.replace(target)
    data = inputs.queue_log.read_bytes()
    target = inbox / "queue_log"
    target.parent.mkdir(parents=True, exist_ok=True)
    known = target.stat().st_size if target.exists() else 0
    with target.open("ab") as file:
        file.write(data[known : round(share * len(data))])
        os.fsync(file.fileno())
