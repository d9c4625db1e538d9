"""Who is who, by what is said and by the sound of the voice."""

from __future__ import annotations

import tempfile

import numpy as np
import pytest
from sounds import TWO_PEOPLE

from ingest import audio, speakers, speech, voices

AGENT_EN = "Thank you for calling Blue River, my name is Ann, how can I help you?"
CUSTOMER_EN = "Hello, I'm calling about my order. I have been waiting for a week."
AGENT_FR = "Bonjour, merci d’avoir appelé. Comment puis-je vous aider ?"
CUSTOMER_FR = "Bonjour, j'appelle parce que je n'ai jamais reçu mon colis."


@pytest.mark.parametrize(
    ("texts", "language", "agent"),
    [
        ([AGENT_EN, CUSTOMER_EN], "en", 0),
        ([CUSTOMER_EN, AGENT_EN], "en", 1),
        ([CUSTOMER_FR, AGENT_FR], "fr", 1),
        ([AGENT_FR, CUSTOMER_FR], None, 0),
        (["Hello.", "Yes, hello."], "en", None),
        (["", ""], "en", None),
        ([AGENT_EN, AGENT_EN], "en", None),
        ([AGENT_EN], "en", None),
    ],
)
def test_the_agent_is_known_by_what_is_said(texts: list[str], language: str | None, agent: int | None) -> None:
    """Greetings and questions of an agent, problems of a customer; no guess when the cues don't say clearly."""
    assert speakers.agent_lane(texts, language) == agent


def test_roles_follow_the_agent() -> None:
    """Unknown stays unknown for both."""
    assert speakers.roles(1) == ["customer", "agent"]
    assert speakers.roles(None) == ["unknown", "unknown"]


def mono(*channels: np.ndarray) -> audio.Sound:
    """One channel that holds the sum of ``channels``."""
    mix = np.sum([c.astype(np.int32) for c in channels], axis=0).clip(-32768, 32767).astype(np.int16)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the sound closes it
    file.write(mix.tobytes())
    return audio.Sound("wav", 8000, [file], len(mix))


def test_two_real_voices_on_one_channel_are_told_apart() -> None:
    """A mono mix of a real call: the blocks where one party speaks alone get that party's label."""
    with audio.decode(TWO_PEOPLE, 1) as sound:
        talk = [speech.speech_ranges(sound, c) for c in (0, 1)]
        mixed = mono(sound.pcm(0), sound.pcm(1))
    with mixed:
        told = voices.tell_apart(mixed, 0, speech.speech_ranges(mixed, 0))
    assert told is not None
    right = [told.at(start / 16e3 + 0.2) == party for party in (0, 1) for start, _ in talk[party]]
    share = sum(right) / len(right)
    assert max(share, 1 - share) > 0.9


def test_one_voice_is_not_cut_in_two() -> None:
    """One party alone is one voice."""
    with audio.decode(TWO_PEOPLE, 1) as sound:
        for channel in (0, 1):
            with mono(sound.pcm(channel)) as alone:
                assert voices.tell_apart(alone, 0, speech.speech_ranges(alone, 0)) is None


def test_hardly_any_speech_is_no_ground_to_tell_anyone_apart() -> None:
    """A second of speech, or none, gives no voices."""
    with mono(np.zeros(160_000, np.int16)) as silent:
        assert voices.tell_apart(silent, 0, []) is None
        assert voices.tell_apart(silent, 0, [(0, 16_000)]) is None
