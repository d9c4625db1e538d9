"""The copy that people hear."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from sounds import tones, write

from ingest import audio, listening_copy

ID = "ab" * 32


def copied(tmp_path: Path, lanes: list[int], muted: list[tuple[float, float]]) -> Path:
    """The copy of ten seconds of two alternating channels."""
    with audio.decode(write(tmp_path / "x.wav", tones(10, 16_000), rate=16_000), 1) as sound:
        return tmp_path / listening_copy.write(sound, lanes, tmp_path, ID, muted)


def test_it_is_opus_in_webm_with_its_duration_and_can_be_sought(tmp_path: Path) -> None:
    """Browsers play it, and jump in it."""
    path = copied(tmp_path, [0, 1], [])
    assert path == tmp_path / "audio" / "ab" / f"{ID}.webm"
    with av.open(str(path)) as container:
        assert container.streams.audio[0].codec_context.name == "opus"
        assert (container.duration or 0) / av.time_base == pytest.approx(10.0, abs=0.1)
        container.seek(int(8 * av.time_base))
        assert 2.9 < next(container.decode(audio=0)).time <= 8.0  # the cue before it: one every five seconds
    assert path.read_bytes().index(b"\x1c\x53\xbb\x6b") < 1000  # the cues stand in front


def test_the_agent_is_left_and_ranges_can_be_muted(tmp_path: Path) -> None:
    """Lanes come in the order asked for; muted ranges are silent in every lane."""
    with audio.decode(copied(tmp_path, [1, 0], [(2.0, 4.0)]), 1) as sound:
        levels = [[np.abs(sound.read(c, s, s + 4_000)).mean() for c in (0, 1)] for s in (1_000, 9_000, 41_000)]
    assert levels[0][1] > 10 * levels[0][0]  # channel 0 begins, and is right now
    assert levels[1][0] > 10 * levels[1][1]
    assert max(levels[2]) < 0.01


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    """The copy appears whole or not at all, and writing it twice gives one file."""
    copied(tmp_path, [0], [])
    copied(tmp_path, [0], [])
    assert [p.name for p in (tmp_path / "audio" / "ab").iterdir()] == [f"{ID}.webm"]
