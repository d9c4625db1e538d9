"""The synthetic voices (flite, pico and espeak-ng) and how to have a text spoken."""

import random
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import scipy.signal
import soundfile

RATE = 16000


@dataclass(frozen=True)
class Voice:
    """An engine, its name of the voice, and the voice's share of the training."""

    engine: str
    name: str
    share: int = 1


VOICES = {
    "slt": Voice("flite", "slt", 12),
    "rms": Voice("flite", "rms", 11),
    "awb": Voice("flite", "awb", 11),
    "pico-us": Voice("pico", "en-US", 17),
    "pico-gb": Voice("pico", "en-GB", 14),
    "es-us": Voice("espeak", "en-us", 6),
    "es-us-m3": Voice("espeak", "en-us+m3", 5),
    "es-us-f2": Voice("espeak", "en-us+f2", 5),
    "es-us-f4": Voice("espeak", "en-us+f4", 5),
    "es-gb": Voice("espeak", "en-gb", 5),
    "es-gb-m7": Voice("espeak", "en-gb+m7", 5),
    "es-gb-f3": Voice("espeak", "en-gb+f3", 5),
}
UNHEARD = {
    "kal16": Voice("flite", "kal16"),
    "es-scot-klatt4": Voice("espeak", "en-gb-scotland+klatt4"),
    "es-us-f5": Voice("espeak", "en-us+f5"),
}
ALL = VOICES | UNHEARD


@cache
def _scratch() -> Path:
    """This process's file for what an engine says."""
    return Path(tempfile.mkdtemp(prefix="earshot-voice-")) / "said.wav"


def command(voice: Voice, text: str, speed: float, pitch: float, out: Path) -> list[str]:
    """The engine's command line; speed 1.0 is its own pace, pitch 0..1 its range worth using."""
    if voice.engine == "flite":
        stretch = f"duration_stretch={1 / speed:.3f}"
        return ["flite", "-voice", voice.name, "--setf", stretch, "-t", text, str(out)]
    if voice.engine == "pico":
        marked = f'<pitch level="{80 + 40 * pitch:.0f}"><speed level="{100 * speed:.0f}">{text}</speed></pitch>'
        return ["pico2wave", "-l", voice.name, "-w", str(out), marked]
    pace, height = f"{165 * speed:.0f}", f"{30 + 40 * pitch:.0f}"
    return ["espeak-ng", "-v", voice.name, "-s", pace, "-p", height, "-w", str(out), text]


def trim(sound: np.ndarray) -> np.ndarray:
    """Cut the silence at both ends."""
    energy = np.convolve(sound**2, np.ones(320) / 320, "same")
    loud = np.flatnonzero(energy > 1e-4 * energy.max() + 1e-9)
    return sound[max(0, loud[0] - 160) : loud[-1] + 480]


def speak(text: str, voice: str, rng: random.Random) -> np.ndarray:
    """The text in a voice at a random pace and pitch: float32, mono, 16 kHz, trimmed."""
    out = _scratch()
    line = command(ALL[voice], text, rng.uniform(0.88, 1.15), rng.random(), out)
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    sound, rate = soundfile.read(out, dtype="float32")
    # a small change of pitch and pace together, by resampling
    count = round(len(sound) * RATE / rate / rng.uniform(0.95, 1.05))
    if rate <= RATE:
        sound = np.interp(np.linspace(0, len(sound) - 1, count), np.arange(len(sound)), sound)
    else:
        sound = scipy.signal.resample(sound, count)
    return trim(sound.astype("float32"))


def check() -> None:
    """Have every voice say a few words; a missing engine is named."""
    rng = random.Random(1)
    for name in ALL:
        sound = speak("Good morning, how can I help you?", name, rng)
        print(f"{name:16} {len(sound) / RATE:.2f} s")
