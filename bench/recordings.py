"""Ingest of recordings against bare faster-whisper on the same audio and model.

    python -m bench.recordings [N] [--random tiny|base|small] [--minutes M]

Takes N sample recordings (8 unless said otherwise) of about a minute, or one of M minutes made by repeating a sample, on one
thread, each side in turn on the same file, with the bundled model or with one of random weights and the shape of a Whisper
model (bench/random_model.py), whose cost is real. Whisper hears 30 s at a time, silence filled up: two channels of a minute
are four such pieces, their mix three.

- bare, two channels: faster-whisper's own decoding, voice-activity detection and batched transcription of each channel,
  with word times;
- bare, mono mix: the same of the two channels mixed;
- Earshot: finding metadata, hashing, decoding, channels, turns, measures, waveform, listening copy, and the store.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio

from bench import long_recording
from bench.random_model import SHAPES, write
from ingest.loader import Loader
from ingest.recordings import Job, load_transcriber, process
from models.settings import DEMONSTRATION_MODEL, SAMPLE, Settings


def bare(pipeline: BatchedInferencePipeline, channels: list[np.ndarray]) -> int:
    """Words that bare faster-whisper finds in each channel."""
    found = 0
    for samples in channels:
        segments, _ = pipeline.transcribe(samples, language="en", batch_size=8, word_timestamps=True)
        found += sum(len(s.words or ()) for s in segments)
    return found


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(wall, processor) seconds of one piece of work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Print seconds of each side, and ratios."""
    parser = argparse.ArgumentParser(description="Ingest of recordings against bare faster-whisper.")
    parser.add_argument("count", nargs="?", type=int, default=8)
    parser.add_argument("--random", choices=SHAPES, help="random weights in the shape of this Whisper model")
    parser.add_argument("--minutes", type=float, help="one recording of this length instead")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = DEMONSTRATION_MODEL if given.random is None else write(folder, given.random)
        paths = sorted(p for p in (SAMPLE / "recordings").iterdir() if p.suffix != ".json")[: given.count]
        if given.minutes:
            paths = [folder / "recording.wav"]
            long_recording.write(paths[0], 60 * given.minutes)
        compare(model, paths)


def compare(model: Path, paths: list[Path]) -> None:
    """Time both sides with one model on these recordings."""
    os.environ["OMP_NUM_THREADS"] = "1"
    pipeline = BatchedInferencePipeline(WhisperModel(str(model), device="cpu", cpu_threads=1))
    sums = {name: np.zeros(2) for name in ("bare, two channels", "bare, mono mix", "earshot")}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        job = Job(store=settings.store, time_zone=settings.time_zone, model=str(model), threads=1)
        transcriber, loader = load_transcriber(job), Loader(settings)

        def ours(path: Path) -> None:
            result = process(path, job, transcriber)
            assert result.recording is not None, result.file.reason
            loader.load_recording(result.file, result.recording, result.transcript)

        for number, path in enumerate([paths[0], *paths]):  # the first once more, to warm up
            took = {
                "bare, two channels": timed(
                    lambda p=path: bare(pipeline, list(decode_audio(str(p), split_stereo=True)))
                ),
                "bare, mono mix": timed(lambda p=path: bare(pipeline, [decode_audio(str(p))])),
                "earshot": timed(lambda p=path: ours(p)),
            }
            for name, seconds in took.items():
                sums[name] += seconds if number else 0
    for name, (wall, cpu) in sums.items():
        print(f"{name:<20} {wall:7.1f} s wall {cpu:7.1f} s processor")
    for name in ("bare, two channels", "bare, mono mix"):
        wall, cpu = sums["earshot"] / sums[name]
        print(f"earshot / {name:<20} {wall:.2f} by wall clock, {cpu:.2f} by processor time")
    print(f"peak memory of all {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
