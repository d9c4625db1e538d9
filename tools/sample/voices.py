"""Speech synthesis of one person on a telephone line, with flite, pico2wave and espeak-ng.

Debian packages: flite, espeak-ng, libttspico-utils.
"""

import random
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import scipy.signal

RATE_HZ = 8000
BAND_HZ = (300, 3400)
LEVEL_DB = -20.0
ENGINES = {
    "slt": ("flite", "slt"),
    "rms": ("flite", "rms"),
    "awb": ("flite", "awb"),
    "pico-us": ("pico", "en-US"),
    "pico-gb": ("pico", "en-GB"),
    "es-us": ("espeak", "en-us"),
    "es-us-m3": ("espeak", "en-us+m3"),
    "es-us-f2": ("espeak", "en-us+f2"),
    "es-us-f4": ("espeak", "en-us+f4"),
    "es-gb": ("espeak", "en-gb"),
    "es-gb-f3": ("espeak", "en-gb+f3"),
}


@dataclass(frozen=True)
class Person:
    """A speaker who sounds the same in every call: voice, speed (1 = normal), pitch (1 = normal), gain in dB."""

    voice: str
    speed: float
    pitch: float
    gain_db: float


def person(identity: str, voice: str) -> Person:
    """The person called `identity` (an agent or customer id) using `voice`; depends on nothing else."""
    rng = random.Random(f"{identity} {voice}")
    return Person(voice, rng.uniform(0.95, 1.08), rng.uniform(0.9, 1.1), rng.uniform(-2.5, 2.5))


def _command(text: str, who: Person, wav: Path) -> list[str]:
    """The engine's command line that writes `text` to `wav`."""
    engine, voice = ENGINES[who.voice]
    if engine == "flite":
        return ["flite", "-voice", voice, "--setf", f"duration_stretch={1 / who.speed:.3f}", "-t", text, str(wav)]
    if engine == "pico":
        marked = (
            f'<pitch level="{round(100 * who.pitch)}"><speed level="{round(100 * who.speed)}">{text}</speed></pitch>'
        )
        return ["pico2wave", "-l", voice, "-w", str(wav), marked]
    return [
        "espeak-ng",
        "-v",
        voice,
        "-s",
        str(round(165 * who.speed)),
        "-p",
        str(round(50 * who.pitch)),
        "-w",
        str(wav),
        text,
    ]


def _read_8khz(wav: Path) -> np.ndarray:
    """The first channel of a sound file as float32 at 8 kHz, in -1…1."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
    with av.open(str(wav)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)


def _trim(sound: np.ndarray) -> np.ndarray:
    """Without the silence at both ends (10 ms and 30 ms are kept)."""
    power = np.convolve(sound**2, np.ones(160) / 160, "same")
    loud = np.flatnonzero(power > 1e-4 * power.max() + 1e-9)
    return sound[max(0, loud[0] - 80) : loud[-1] + 240]


def telephone(sound: np.ndarray, gain_db: float) -> np.ndarray:
    """`sound` at 8 kHz limited to the telephone band, brought to a common level plus `gain_db`."""
    band = scipy.signal.butter(4, BAND_HZ, "bandpass", fs=RATE_HZ, output="sos")
    filtered = scipy.signal.sosfilt(band, sound)
    level = np.sqrt(np.mean(filtered**2)) + 1e-9
    return (filtered / level * 10 ** ((LEVEL_DB + gain_db) / 20)).astype(np.float32)


def line_noise(samples: int, rng: np.random.Generator) -> np.ndarray:
    """Faint noise of a telephone line, between about -64 and -54 dB."""
    band = scipy.signal.butter(3, BAND_HZ, "bandpass", fs=RATE_HZ, output="sos")
    noise = scipy.signal.sosfilt(band, rng.standard_normal(samples))
    return (noise * 10 ** rng.uniform(-3.2, -2.7)).astype(np.float32)


def mu_law(sound: np.ndarray) -> np.ndarray:
    """`sound` after the eight bits of a telephone exchange."""
    clipped = np.clip(sound, -1, 1)
    compressed = np.round(np.sign(clipped) * np.log1p(255 * np.abs(clipped)) / np.log(256) * 127) / 127
    return (np.sign(compressed) * (256 ** np.abs(compressed) - 1) / 255).astype(np.float32)


def speak(text: str, who: Person) -> np.ndarray:
    """One sentence as float32 at 8 kHz in the telephone band, silence trimmed."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "speech.wav"
        subprocess.run(_command(text, who, wav), check=True, capture_output=True)
        return telephone(_trim(_read_8khz(wav)), who.gain_db)
