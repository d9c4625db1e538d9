"""Fresh synthetic calls to measure on: stereo recordings (agent left, customer right) with what was said.

Each call is `callNN.ogg` (Opus, 8 kHz) or `callNN.wav` (mu-law) beside `callNN.json`, a list of turns
{channel, start_s, end_s, text, voice}."""

import json
import random
from pathlib import Path

import av
import numpy as np
import scipy.signal
import soundfile

from tools.speech_model.channel import RATE, telephone
from tools.speech_model.sentences import grammar
from tools.speech_model.utterances import read_texts
from tools.speech_model.voices import UNHEARD, VOICES, speak

SECONDS = 45
OPUS_BITS_A_S = 26000


def trained(folder: Path) -> set[str]:
    """Every text that the bank holds."""
    return {text for shard in folder.glob("s*_*.npz") for text in read_texts(shard)}


def fresh(rng: random.Random, seen: set[str]) -> str:
    """A sentence that training has not heard (short ones repeat by nature)."""
    while True:
        text = grammar().sentence(rng, whole=True)
        if text not in seen or len(text.split()) < 4:
            return text


def turns_of(rng: random.Random, voices: list[str], seen: set[str]) -> tuple[np.ndarray, list[dict]]:
    """A call's channels (samples, 2) without line noise, and its turns."""
    pair = rng.sample(voices, 2) if len(voices) > 1 else voices * 2
    sound = np.zeros((RATE * (SECONDS + 30), 2), "float32")
    levels = [10 ** rng.uniform(-0.3, 0.3) for _ in pair]
    turns: list[dict] = []
    at_s, channel = 0.3 + rng.random(), 0
    while at_s < SECONDS:
        for _ in range(rng.choice([1, 1, 2, 2, 3])):
            text = fresh(rng, seen)
            line = telephone(speak(text, pair[channel], rng), rng, 300, 3400) * levels[channel]
            end_s = at_s + len(line) / RATE
            start = int(at_s * RATE)
            sound[start : start + len(line), channel] += line
            turns.append(
                {
                    "channel": channel,
                    "start_s": round(at_s, 2),
                    "end_s": round(end_s, 2),
                    "text": text,
                    "voice": pair[channel],
                }
            )
            at_s = end_s + rng.uniform(0.2, 0.7)
        at_s += rng.uniform(0.2, 0.9)
        channel = 1 - channel
    return sound[: int(RATE * (at_s + 0.5))], turns


def with_noise(sound: np.ndarray, rng: random.Random) -> np.ndarray:
    """Line noise of a random, low level on each channel."""
    generator = np.random.default_rng(rng.randint(0, 10**6))
    band = scipy.signal.butter(3, [300, 3400], "bandpass", fs=RATE, output="sos")
    levels = np.array([10 ** rng.uniform(-3.6, -2.5) for _ in range(2)])
    noise = scipy.signal.sosfilt(band, generator.standard_normal(sound.shape), axis=0) * levels
    return np.clip(sound + noise, -1, 1).astype("float32")


def write_opus(path: Path, sound: np.ndarray) -> None:
    """A stereo recording as call centres keep it; for speech, or Opus would let the parties share a channel."""
    samples = np.ascontiguousarray((sound * 32767).astype("int16").reshape(1, -1))
    with av.open(str(path), "w", format="ogg") as file:
        options = {"application": "voip"}
        stream = file.add_stream("libopus", rate=RATE, layout="stereo", bit_rate=OPUS_BITS_A_S, options=options)
        frame = av.AudioFrame.from_ndarray(samples, "s16", "stereo")
        frame.sample_rate = RATE
        for part in (frame, None):
            file.mux(stream.encode(part))


def write_calls(folder: Path, seed: int, count: int, bank: Path, unheard_voices: bool) -> None:
    """Write `count` calls of sentences that are not in the bank, every second one as Opus."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, seen, voices = random.Random(seed), trained(bank), list(UNHEARD if unheard_voices else VOICES)
    for number in range(count):
        group = [voices[number % len(voices)]] if unheard_voices else voices
        sound, turns = turns_of(rng, group, seen)
        sound, path = with_noise(sound, rng), folder / f"call{number:02d}"
        if number % 2:
            soundfile.write(path.with_suffix(".wav"), sound, RATE, subtype="ULAW")
        else:
            write_opus(path.with_suffix(".ogg"), sound)
        path.with_suffix(".json").write_text(json.dumps(turns, indent=1), encoding="utf-8")
