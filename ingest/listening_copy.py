"""The copy of a recording that people hear: Opus in WebM, agent left and customer right, seekable in any
browser.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from ingest.audio import RATE_HZ, Sound
from ingest.drafts import held, remove_abandoned

BITS_PER_LANE = 20_000
# Measured on a telephone call: the least effort encodes 450 times faster than real time, the most 140 times,
# and speech at this rate sounds the same.
_EFFORT = {"compression_level": "0", "application": "voip", "frame_duration": "40"}


def relative_path(recording_id: str) -> str:
    """Where the copy lies, relative to the store: ``audio/<first 2 hex>/<id>.webm``."""
    return f"audio/{recording_id[:2]}/{recording_id}.webm"


def write(
    sound: Sound,
    lanes: Sequence[int],
    store: Path,
    recording_id: str,
    muted: Sequence[tuple[float, float]] = (),
) -> str:
    """Writes the copy of ``lanes`` (left first) and returns its path relative to ``store``. Raises OSError.

    ``muted`` are ranges in seconds, half-open, in which every lane is silenced. The file appears under its
    name only when it is whole.
    """
    relative = relative_path(recording_id)
    target = store / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    unfinished.touch()
    try:
        with held(unfinished):
            _encode(sound, lanes, unfinished, muted)
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return relative


def remove_unfinished(store: Path) -> None:
    """Remove the copies that killed workers left unfinished."""
    remove_abandoned((store / "audio").glob("*/.*"))


def _encode(sound: Sound, lanes: Sequence[int], target: Path, muted: Sequence[tuple[float, float]]) -> None:
    layout = "stereo" if len(lanes) == 2 else "mono"
    # The cues in front spare a browser the jump to the end of the file before it can seek.
    with av.open(str(target), "w", format="webm", options={"cues_to_front": "1"}) as container:
        stream = container.add_stream("libopus", rate=RATE_HZ, layout=layout, options=_EFFORT)
        stream.bit_rate = BITS_PER_LANE * len(lanes)
        for start, stop in sound.blocks(seconds=10):
            samples = np.stack([sound.pcm(lane, start, stop) for lane in lanes], axis=1)
            frame = av.AudioFrame.from_ndarray(_mute(samples, start, muted).reshape(1, -1), format="s16", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, start, Fraction(1, RATE_HZ)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _mute(samples: npt.NDArray[np.int16], start: int, muted: Sequence[tuple[float, float]]) -> npt.NDArray[np.int16]:
    """``samples``, shape (n, lanes), beginning at sample ``start`` of the recording, silenced in ``muted``."""
    for from_s, to_s in muted:
        first, last = int(from_s * RATE_HZ) - start, int(to_s * RATE_HZ) - start
        samples[max(0, first) : max(0, last)] = 0
    return samples
