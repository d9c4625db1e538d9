"""Two speakers on one channel, told apart by the sound of their voices. No model is needed, and nothing is
downloaded.

Frames of speech become cepstra and pitch; pieces of speech are clustered in two, then both voices are
modelled as Gaussians and the recording is relabelled block by block (Viterbi), which finds changes within a
piece as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2
from scipy.fft import dct, irfft, rfft

from ingest.audio import RATE_HZ, Samples, Sound

Array = npt.NDArray[np.floating[Any]]

HOP = RATE_HZ // 100
FRAME = RATE_HZ // 40
FFT = 512
BANDS = 24
CEPSTRA = 13
BLOCK_FRAMES = 20
"""Frames to a block: a fifth of a second, the finest step at which the speaker can change."""
PIECE_BLOCKS = 8
SWITCH_COST = 12.0
"""In nats, for a change of speaker without a pause; a pause makes it cheap."""
PAUSE_COST = 2.0
FRAME_WEIGHT = 0.3
"""Neighbouring frames say nearly the same: their evidence counts less than if they were independent."""
ROUNDS = 6
LEAST_SPEECH_S = 4.0
LEAST_SHARE = 0.04
AGREEMENT = 0.93
SILHOUETTE = 0.2
"""Two voices agree with their blocks at least so well and lie at least so far apart. On mono mixes of the
sample and of a real call the least were 0.94 and 0.26; single voices cut in two never reached both."""
_MODEL_FRAMES = 60_000
_MOST_RUNS = 400


@dataclass(frozen=True, slots=True)
class Voices:
    """Blocks of speech (start in seconds, sorted), and which of two voices, 0 or 1, is heard in each."""

    starts_s: Array
    labels: npt.NDArray[np.int8]
    silhouette: float
    """How far apart the voices are: -1..1, the mean silhouette of the runs of speech between pauses."""

    def at(self, time_s: float) -> int:
        """The voice of the block that ``time_s`` falls in, or of the last one before it."""
        index = int(np.searchsorted(self.starts_s, time_s, side="right")) - 1
        return int(self.labels[max(0, index)])

    def talk_s(self, voice: int) -> float:
        """Seconds of speech of one voice."""
        return round(float((self.labels == voice).sum()) * BLOCK_FRAMES * HOP / RATE_HZ, 3)


def tell_apart(sound: Sound, channel: int, ranges: Sequence[tuple[int, int]]) -> Voices | None:
    """The two voices in the speech at ``ranges`` (samples), or None when there seems to be one only.

    Voice 0 is the one heard first. Deterministic: the same sound gives the same labels.
    """
    features, starts, pauses = _blocks(sound, channel, ranges)
    if len(features) * BLOCK_FRAMES * HOP < LEAST_SPEECH_S * RATE_HZ:
        return None
    scale = features.reshape(-1, features.shape[2]).std(axis=0) + 1e-6
    features = (features - features.mean(axis=(0, 1))) / scale
    labels, agreement = _relabel(features, pauses, _first_guess(features, pauses))
    if not LEAST_SHARE <= labels.mean() <= 1 - LEAST_SHARE or agreement < AGREEMENT:
        return None
    silhouette = _silhouette(features, pauses, labels)
    if silhouette < SILHOUETTE:
        return None
    labels = 1 - labels if labels[0] else labels
    return Voices(starts / RATE_HZ, labels.astype(np.int8), silhouette)


def _blocks(
    sound: Sound, channel: int, ranges: Sequence[tuple[int, int]]
) -> tuple[Array, npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Features (blocks, BLOCK_FRAMES, dims) of all speech; each block's first sample; whether a pause
    precedes it.
    """
    step = BLOCK_FRAMES * HOP
    features, starts, pauses = [], [], []
    for start, stop in ranges:
        samples = sound.read(channel, start, stop + FRAME)
        count = (len(samples) - FRAME) // step
        if count > 0:
            features.append(_frames(samples, count * BLOCK_FRAMES).reshape(count, BLOCK_FRAMES, -1))
            starts += [start + i * step for i in range(count)]
            pauses += [True] + [False] * (count - 1)
    if not features:
        return np.zeros((0, BLOCK_FRAMES, 1)), np.zeros(0, np.int64), np.zeros(0, bool)
    return np.concatenate(features), np.array(starts), np.array(pauses)


def _frames(samples: Samples, count: int) -> Array:
    """Cepstra 1… and log pitch of the first ``count`` frames, shape (count, CEPSTRA)."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP][:count] * _WINDOW
    power = np.abs(rfft(windows, FFT, axis=1)) ** 2
    cepstra = dct(np.log(power @ _FILTERS.T + 1e-8), type=2, axis=1, norm="ortho")[:, 1:CEPSTRA]
    lags = irfft(power, axis=1)[:, _SHORTEST_LAG:_LONGEST_LAG]
    pitch = np.log(RATE_HZ / (_SHORTEST_LAG + lags.argmax(axis=1)))
    return np.column_stack([cepstra, pitch]).astype(np.float32)


def _filterbank() -> Array:
    """Triangular mel filters over the telephone band, shape (BANDS, FFT // 2 + 1)."""
    mel = np.linspace(_mel(200.0), _mel(3400.0), BANDS + 2)
    edges = 700.0 * (10 ** (mel / 2595.0) - 1)
    bins = np.fft.rfftfreq(FFT, 1 / RATE_HZ)
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rise, fall)).astype(np.float32)


def _mel(hertz: float) -> float:
    return float(2595.0 * np.log10(1 + hertz / 700.0))


_WINDOW = np.hanning(FRAME).astype(np.float32)
_FILTERS = _filterbank()
_SHORTEST_LAG, _LONGEST_LAG = RATE_HZ // 350, RATE_HZ // 70


def _first_guess(features: Array, pauses: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Labels of the blocks from clustering pieces of up to PIECE_BLOCKS blocks; shape (blocks,)."""
    runs = np.cumsum(pauses)
    within = np.arange(len(pauses)) - np.flatnonzero(pauses)[runs - 1]
    piece = np.unique(runs * 1_000_000 + within // PIECE_BLOCKS, return_inverse=True)[1]
    weight = np.bincount(piece)
    means = np.stack([np.bincount(piece, column) / weight for column in features.mean(axis=1).T], axis=1)
    long_enough = weight >= min(3, weight.max())
    centred = means - means[long_enough].mean(axis=0)
    _, _, axes = np.linalg.svd(centred[long_enough], full_matrices=False)
    reduced = centred @ axes[:4].T
    centres = _two_centres(reduced[long_enough])
    distance = ((reduced[:, None, :] - centres) ** 2).sum(axis=2)
    labels: npt.NDArray[np.int64] = distance.argmin(axis=1)[piece]
    return labels


def _two_centres(points: Array) -> Array:
    """The best of several two-means clusterings, shape (2, dims)."""
    best, best_cost = points[:2], np.inf
    for seed in range(8):
        centres, labels = kmeans2(points, 2, minit="++", rng=seed, missing="warn")
        cost = float(((points - centres[labels]) ** 2).sum())
        if cost < best_cost and len(set(labels)) == 2:
            best, best_cost = centres, cost
    return best


def _relabel(
    features: Array, pauses: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], float]:
    """Alternates between modelling each voice and finding the likeliest course of speakers.

    Returns the labels and their agreement: the share of blocks that sound like their voice on their own as
    well.
    """
    cost = np.where(pauses, PAUSE_COST, SWITCH_COST)
    agreement = 0.0
    for _ in range(ROUNDS):
        if min(np.bincount(labels, minlength=2)) < 5:
            return labels, 0.0
        likelihood = np.stack([_log_likelihood(features, features[labels == v]) for v in (0, 1)], axis=1)
        before, labels = labels, _viterbi(likelihood, cost)
        agreement = float((likelihood.argmax(axis=1) == labels).mean())
        if (before == labels).all():
            break
    return labels, agreement


def _log_likelihood(features: Array, voice: Array) -> Array:
    """Log-likelihood of each block under one Gaussian fitted to the blocks of a voice; shape (blocks,)."""
    frames = voice.reshape(-1, voice.shape[2])
    frames = frames[:: 1 + len(frames) // _MODEL_FRAMES]
    mean, covariance = frames.mean(axis=0), np.cov(frames.T) + 0.05 * np.eye(voice.shape[2])
    whiten = np.linalg.cholesky(np.linalg.inv(covariance)).astype(np.float32)
    mahalanobis = np.square((features - mean) @ whiten).sum(axis=(1, 2))
    per_block = mahalanobis + features.shape[1] * np.linalg.slogdet(covariance)[1]
    result: Array = -0.5 * per_block * FRAME_WEIGHT
    return result


def _viterbi(likelihood: Array, cost: Array) -> npt.NDArray[np.int64]:
    """The likeliest sequence of two states; ``cost[i]`` is that of a change into block i. Shape (blocks,)."""
    count = len(likelihood)
    back = np.zeros((count, 2), dtype=np.int64)
    score = likelihood[0].copy()
    for i in range(1, count):
        change = score[::-1] - cost[i] > score
        back[i] = np.where(change, [1, 0], [0, 1])
        score = np.where(change, score[::-1] - cost[i], score) + likelihood[i]
    path = np.empty(count, dtype=np.int64)
    path[-1] = int(score.argmax())
    for i in range(count - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def _silhouette(features: Array, pauses: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64]) -> float:
    """Mean silhouette, -1..1, of the runs of at least a second between pauses; -1 when one voice has none."""
    run = np.cumsum(pauses) - 1
    blocks = np.bincount(run)
    means = np.stack([np.bincount(run, column) / blocks for column in features.mean(axis=1).T], axis=1)
    long_enough = np.flatnonzero(blocks * BLOCK_FRAMES * HOP >= RATE_HZ)
    chosen = long_enough[:: 1 + len(long_enough) // _MOST_RUNS]
    voice = (np.bincount(run, labels) / blocks)[chosen] > 0.5
    if min(np.bincount(voice, minlength=2)) == 0:
        return -1.0
    distance = np.sqrt(((means[chosen][:, None] - means[chosen]) ** 2).sum(axis=2))
    same = voice[:, None] == voice
    own = (distance * same).sum(axis=1) / np.maximum(1, same.sum(axis=1) - 1)
    other = (distance * ~same).sum(axis=1) / (~same).sum(axis=1)
    return float(((other - own) / np.maximum(np.maximum(own, other), 1e-9)).mean())
