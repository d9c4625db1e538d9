"""log10 mel power exactly as faster_whisper computes it, before its clamping and scaling."""

import numpy as np
import scipy.signal
from faster_whisper.feature_extractor import FeatureExtractor

_EXTRACTOR = FeatureExtractor()


def log_mel(sound: np.ndarray) -> np.ndarray:
    """A sound at 16 kHz -> frames x 80, float32."""
    window = np.hanning(401)[:-1].astype("float32")
    padded = np.pad(sound, (0, 160)).astype("float32")
    spectrum = _EXTRACTOR.stft(padded, 400, 160, window=window, return_complex=True)
    power = _EXTRACTOR.mel_filters @ (np.abs(spectrum[..., :-1]) ** 2)
    return np.log10(np.maximum(power, 1e-10)).astype("float32").T


def log_mel_of_line(line: np.ndarray) -> np.ndarray:
    """A sound at 8 kHz -> frames x 80, float32."""
    return log_mel(scipy.signal.resample_poly(line, 2, 1))


def scaled(mel: np.ndarray, top: float | None = None) -> np.ndarray:
    """faster_whisper's clamp, eight decades below the loudest, and scaling."""
    top = float(mel.max()) if top is None else top
    return ((np.maximum(mel, top - 8.0) + 4.0) / 4.0).astype("float32")
