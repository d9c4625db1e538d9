"""Memory of one long recording against a short one: ``python -m bench.long_recording [HOURS]``

A two-channel WAV of so many hours (3 unless said otherwise), made by repeating a sample recording, and the same recording
once, each ingested in a process of its own with the demonstration model. Goal: the long one adds at most 300 MB.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

import numpy as np
from faster_whisper import decode_audio

from models.settings import DEMONSTRATION_MODEL, SAMPLE

RATE_HZ = 8000
GOAL_MB = 300


def write(path: Path, seconds: float | None) -> float:
    """A sample recording once, or repeated for so many seconds, as WAV; its length in seconds."""
    source = next(p for p in sorted((SAMPLE / "recordings").iterdir()) if p.suffix == ".ogg")
    lanes = decode_audio(str(source), sampling_rate=RATE_HZ, split_stereo=True)
    piece = (np.stack(lanes, axis=1) * 32767).astype("<i2")
    times = 1 if seconds is None else int(seconds * RATE_HZ // len(piece)) + 1
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        for _ in range(times):
            out.writeframes(piece.tobytes())
    return times * len(piece) / RATE_HZ


def ingest(path: Path, folder: Path) -> None:
    """In a process of its own: all of one recording but the store; prints what it took."""
    from ingest.recordings import Job, load_transcriber, process

    job = Job(store=folder, time_zone="Europe/Paris", model=str(DEMONSTRATION_MODEL), threads=2)
    transcriber, began = load_transcriber(job), time.perf_counter()
    result = process(path, job, transcriber)
    assert result.recording is not None, result.file.reason
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"took_s": time.perf_counter() - began, "peak_mb": peak}))


def measure(seconds: float | None, folder: Path) -> tuple[float, dict[str, float]]:
    """(length in seconds, what it took) of one recording."""
    path = folder / "recording.wav"
    length = write(path, seconds)
    command = [sys.executable, "-m", "bench.long_recording", "ingest", str(path), str(folder / "store")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return length, json.loads(done.stdout.splitlines()[-1])


def main(hours: float) -> None:
    """Print both, and how much more the long one held."""
    with tempfile.TemporaryDirectory() as name:
        found = [measure(seconds, Path(name)) for seconds in (None, hours * 3600)]
    for length, took in found:
        print(
            f"{length / 3600:6.2f} h: {took['took_s']:6.0f} s, {length / took['took_s']:.0f} times real time, peak memory {took['peak_mb']:,.0f} MB"
        )
    more = found[1][1]["peak_mb"] - found[0][1]["peak_mb"]
    print(f"the long one adds {more:,.0f} MB (goal {GOAL_MB})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["ingest"]:
        ingest(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
