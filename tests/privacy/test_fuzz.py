"""A few of the hostile inputs of tests/fuzz.py: read or refused with a sentence, no other error, no line lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import audio
from models.errors import Refused
from tests.fuzz import KINDS, fuzz, tones


@pytest.mark.parametrize("what", KINDS)
def test_whatever_comes_in(what: str) -> None:
    """Names, transcripts, logs and sound that make no sense never break anything."""
    fuzz(what, 40)


def test_sound_in_an_unknown_codec(tmp_path: Path) -> None:
    """A file whose index doesn't name a codec is refused with a sentence (found by fuzzing)."""
    content = next(content for suffix, content in tones() if suffix == ".m4a")
    path = tmp_path / "call.m4a"
    path.write_bytes(content[: content.index(b"soun") + 4])
    with pytest.raises(Refused, match="codec"):
        audio.decode(path, 1.0)
