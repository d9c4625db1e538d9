"""The telephone between speaker and recording: band, level, mu-law, and the codecs of stored recordings."""

import io
import random

import av
import numpy as np
import scipy.signal

RATE = 8000
OPUS_KBITS, MP3_KBITS = (12, 16, 24, 32), (24, 32, 48)


def mulaw(sound: np.ndarray) -> np.ndarray:
    """What mu-law coding leaves of a sound."""
    sound = np.clip(sound, -1, 1)
    coded = np.sign(sound) * np.log1p(255 * np.abs(sound)) / np.log(256)
    coded = np.round(coded * 127) / 127
    return (np.sign(coded) * (256 ** np.abs(coded) - 1) / 255).astype("float32")


def encoded(sound: np.ndarray, codec: str, container: str, kbits: int) -> bytes:
    """A mono sound at 8 kHz as a file's bytes."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=RATE, layout="mono", bit_rate=kbits * 1000)
        frame = av.AudioFrame.from_ndarray((np.clip(sound, -1, 1) * 32767).astype("int16")[None], "s16", "mono")
        frame.sample_rate = RATE
        for part in (frame, None):
            file.mux(stream.encode(part))
    return out.getvalue()


def decoded(data: bytes) -> np.ndarray:
    """A file's bytes as a mono sound at 8 kHz."""
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(io.BytesIO(data)) as file:
        frames = [part for frame in file.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype("float32") / 32768


def stored(sound: np.ndarray, rng: random.Random) -> np.ndarray:
    """The sound as a recording keeps it: as it is, or after Opus or MP3."""
    chance = rng.random()
    if chance < 0.45:
        return decoded(encoded(sound, "libopus", "ogg", rng.choice(OPUS_KBITS)))
    if chance < 0.6:
        return decoded(encoded(sound, "libmp3lame", "mp3", rng.choice(MP3_KBITS)))
    return sound


def telephone(
    sound: np.ndarray, rng: random.Random, low_hz: float | None = None, high_hz: float | None = None
) -> np.ndarray:
    """16 kHz speech as a telephone line carries it: 8 kHz, band limited, a random level, mu-law."""
    line = scipy.signal.resample_poly(sound, 1, 2)
    band = [low_hz or rng.uniform(230, 340), high_hz or rng.uniform(3250, 3600)]
    line = scipy.signal.sosfilt(scipy.signal.butter(4, band, "bandpass", fs=RATE, output="sos"), line)
    level = 10 ** (rng.uniform(-28, -17) / 20)
    return mulaw(line / (np.sqrt(np.mean(line**2)) + 1e-9) * level)
