"""Sound made for tests: tones that alternate like talk, in any format; a model of scripted words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from ingest.audio import Samples
from ingest.recordings import Job
from models.records import Word

FIXTURES = Path(__file__).parent.parent / "fixtures" / "recordings"
TWO_PEOPLE = FIXTURES / "two_people.ogg"

FORMATS = {
    "wav": ("wav", "pcm_s16le", 8000),
    "mulaw.wav": ("wav", "pcm_mulaw", 8000),
    "alaw.wav": ("wav", "pcm_alaw", 8000),
    "mp3": ("mp3", "libmp3lame", 16000),
    "ogg": ("ogg", "libopus", 16000),
    "webm": ("webm", "libopus", 16000),
    "m4a": ("mp4", "aac", 16000),
    "flac": ("flac", "flac", 8000),
}
"""File suffix -> (container, codec, sampling rate)."""


def tones(seconds: float, rate: int, channels: int = 2) -> npt.NDArray[np.int16]:
    """Alternating tones, shape (samples, channels): one channel at a time is loud, in turns of half a second."""
    t = np.arange(int(seconds * rate)) / rate
    whose = (t / 0.5).astype(int) % max(2, channels)
    rng = np.random.default_rng(1)
    lanes = [
        8000 * np.sin(2 * np.pi * (300 + 130 * c) * t) * (whose == c) + rng.normal(0, 20, len(t))
        for c in range(channels)
    ]
    return np.stack(lanes, axis=1).astype(np.int16)


def write(
    path: Path,
    samples: npt.NDArray[np.int16],
    container: str = "wav",
    codec: str = "pcm_s16le",
    rate: int = 8000,
    layout: str | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Encodes ``samples``, shape (n, channels), into a file."""
    layout = layout or {1: "mono", 2: "stereo"}[samples.shape[1]]
    with path.open("wb") as file, av.open(file, "w", format=container, options=options or {}) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def write_as(path: Path, suffix: str, seconds: float = 6.0, channels: int = 2) -> Path:
    """A file of tones in one of FORMATS."""
    container, codec, rate = FORMATS[suffix]
    return write(path, tones(seconds, rate, channels), container, codec, rate)


class ScriptedTranscriber:
    """Says one word for each second of every window."""

    name = "scripted"
    is_demonstration = False
    languages = frozenset({"en", "fr"})
    window_s = 30.0
    batch = 4

    def __init__(self, saying: Sequence[str] = (" word",)) -> None:
        self.saying = saying
        self.detected = 0
        self.windows: list[int] = []

    def detect_language(self, window: Samples) -> tuple[str, float]:
        """French, always."""
        self.detected += 1
        return "fr", 0.9

    def transcribe(self, windows: Sequence[Samples], language: str | None) -> list[list[Word]]:
        """The words of the script over and over, each half a second long, one a second."""
        self.windows += [len(w) for w in windows]
        return [
            [Word(self.saying[i % len(self.saying)], i, i + 0.5, 0.8) for i in range(len(w) // 16_000)] for w in windows
        ]


def scripted(job: Job) -> ScriptedTranscriber:
    """Loads the scripted transcriber, in a worker too."""
    return ScriptedTranscriber()
