"""How well two speakers on one channel are told apart, without a model.

    python -m bench.speakers [STEREO_RECORDING…]

Each two-channel recording (the sample by default) is mixed to mono. Right is a moment in which one party alone speaks,
by its own channel, and gets that party's voice. Each channel alone must come out as one voice.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest import audio, speech, voices
from ingest.files import find
from models.settings import SAMPLE

STEP = audio.RATE_HZ // 100


def mono(samples: npt.NDArray[np.int16]) -> audio.Sound:
    """A recording of one channel."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the sound closes it
    file.write(samples.tobytes())
    return audio.Sound("wav", audio.RATE_HZ, [file], len(samples))


def heard(samples: npt.NDArray[np.int16]) -> voices.Voices | None:
    """The voices on one channel of samples."""
    with mono(samples) as sound:
        return voices.tell_apart(sound, 0, speech.speech_ranges(sound, 0))


def talking(sound: audio.Sound) -> npt.NDArray[np.bool_]:
    """Who speaks when, from each party's own channel: shape (2, hundredths of a second)."""
    grid = np.zeros((2, sound.length // STEP + 1), bool)
    for channel in (0, 1):
        for start, stop in speech.speech_ranges(sound, channel):
            grid[channel, start // STEP : stop // STEP] = True
    return grid


def share_right(told: voices.Voices, grid: npt.NDArray[np.bool_]) -> float:
    """Share of the moments with one speaker that are labelled right, under the better naming of the voices."""
    times = np.arange(grid.shape[1]) * STEP / audio.RATE_HZ
    labels = told.labels[np.maximum(0, np.searchsorted(told.starts_s, times, side="right") - 1)]
    alone = grid[0] ^ grid[1]
    right = float((labels[alone] == grid[1][alone]).mean())
    return max(right, 1 - right)


def main() -> None:
    """Print a line per recording, then the whole."""
    paths = list(find([Path(a) for a in sys.argv[1:]] or [SAMPLE / "recordings"]))
    shares, single, channels = [], 0, 0
    for path in paths:
        with audio.decode(path, 6.0) as sound:
            if audio.layout_of(sound)[0] != "two_channel":
                continue
            pair = [sound.pcm(c) for c in (0, 1)]
            told = heard(pair[0] // 2 + pair[1] // 2)
            shares.append(None if told is None else share_right(told, talking(sound)))
            single += sum(heard(channel) is None for channel in pair)
            channels += 2
        print(f"{path.name[:60]:<60} {'one voice' if shares[-1] is None else f'{shares[-1]:.1%}'}", flush=True)
    found = [share for share in shares if share is not None]
    print(f"{len(found)} of {len(shares)} mono mixes have two voices; there {np.mean(found):.1%} of the time is right")
    print(f"{single} of {channels} single channels are one voice")


if __name__ == "__main__":
    main()
