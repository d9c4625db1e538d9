"""Speech in sound: where it is, in which language, and which words. The only module that imports
faster_whisper.

Silence costs nothing: the voice-activity detector finds the speech of every channel once, and only that goes
to the model, joined into windows of the model's length and batched across the channels of the call.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ingest.audio import RATE_HZ, Samples, Sound
from models.errors import ModelUnavailable
from models.records import Word
from models.settings import DEMONSTRATION_MODEL

DEMONSTRATION = "demo"
Range = tuple[int, int]
"""Half-open range of samples at RATE_HZ."""

_PORTION_S = 60
_QUIET_S = 10
_PAD_S = 0.4
_MIN_SILENCE_MS = 160
_BATCH = 8
_SILENT_ABOVE, _UNSURE_BELOW = 0.6, -1.0
"""Whisper's own thresholds: text of a window that is more probably silent than this, and less sure than this, is none."""


class Transcriber(Protocol):
    """What turns windows of speech into words. Tests script one."""

    name: str
    is_demonstration: bool
    languages: frozenset[str]
    """Codes of the languages it knows."""
    window_s: float
    """Longest window it takes, in seconds."""
    batch: int
    """How many windows it likes to be given at once."""

    def detect_language(self, window: Samples) -> tuple[str, float]:
        """The language of a window as a code, and its probability."""

    def transcribe(self, windows: Sequence[Samples], language: str | None) -> list[list[Word]]:
        """The words of each window, timed from the window's start; words keep their leading space."""


@dataclass(frozen=True, slots=True)
class Speech:
    """The words of each lane, in the order of the lanes given, and the language they are in."""

    words: tuple[tuple[Word, ...], ...]
    language: str | None
    language_probability: float | None


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of speech of one lane that are joined into one window of the model."""

    lane: int
    """Index into the lanes, not the channel number."""
    pieces: tuple[Range, ...]

    @property
    def length(self) -> int:
        """Samples in the window."""
        return sum(stop - start for start, stop in self.pieces)


def speech_ranges(sound: Sound, channel: int, window_s: float = 30.0) -> list[Range]:
    """Where someone speaks on a channel: sorted, disjoint ranges without padding.

    None is longer than what fits a window of ``window_s`` with padding. The detector runs over portions that
    are cut where it is quiet, so that memory doesn't grow with the recording.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_silence_duration_ms=_MIN_SILENCE_MS,
        speech_pad_ms=0,
        max_speech_duration_s=window_s - 2 * _PAD_S,
    )
    found: list[Range] = []
    for start, samples in _portions(sound, channel):
        if np.abs(samples).max(initial=0.0) > 0:  # digital silence: nothing to detect
            found += [(start + r["start"], start + r["end"]) for r in get_speech_timestamps(samples, options)]
    return [r for r in found if r[0] < r[1]]


def _portions(sound: Sound, channel: int) -> Iterator[tuple[int, Samples]]:
    """(start, samples) of successive portions of at most _PORTION_S, each ending in its quietest late moment."""
    start = 0
    while start < sound.length:
        samples = sound.read(channel, start, start + _PORTION_S * RATE_HZ)
        if start + len(samples) < sound.length:
            samples = samples[: _quietest(samples)]
        yield start, samples
        start += len(samples)


def _quietest(samples: Samples) -> int:
    """The middle of the quietest quarter second within the last _QUIET_S of ``samples``."""
    step = RATE_HZ // 4
    late = samples[-_QUIET_S * RATE_HZ :]
    power = np.square(late[: len(late) // step * step].reshape(-1, step)).mean(axis=1)
    return len(samples) - len(late) + int(power.argmin()) * step + step // 2


def padded(ranges: Sequence[Range], length: int) -> list[Range]:
    """``ranges`` widened by _PAD_S on either side, at most to half the gap to the neighbour, within
    ``length``.
    """
    pad = int(_PAD_S * RATE_HZ)
    wide: list[Range] = []
    for i, (start, stop) in enumerate(ranges):
        before = start if i == 0 else (start - ranges[i - 1][1]) // 2
        after = length - stop if i == len(ranges) - 1 else (ranges[i + 1][0] - stop) // 2
        wide.append((start - min(pad, before), stop + min(pad, after)))
    return wide


def windows(lane: int, ranges: Sequence[Range], longest: int) -> list[Window]:
    """``ranges`` joined in order into as few windows of at most ``longest`` samples as first-come allows."""
    made: list[Window] = []
    pieces: list[Range] = []
    used = 0
    for start, stop in ranges:
        if pieces and used + stop - start > longest:
            made.append(Window(lane, tuple(pieces)))
            pieces, used = [], 0
        pieces.append((start, stop))
        used += stop - start
    return [*made, Window(lane, tuple(pieces))] if pieces else made


def transcribe(
    sound: Sound,
    channels: Sequence[int],
    ranges: Sequence[Sequence[Range]],
    transcriber: Transcriber,
    language: str | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Speech:
    """The words of ``channels``, whose speech is at ``ranges``, with times in the recording.

    ``language`` None lets the model detect it, once, on the longest stretch of speech. ``progress`` is told
    the share done, 0..1, after each batch.
    """
    longest = int(transcriber.window_s * RATE_HZ)
    todo = [w for i, r in enumerate(ranges) for w in windows(i, padded(r, sound.length), longest)]
    if not todo:
        return Speech(tuple(() for _ in channels), language, None)
    probability: float | None = None
    if language is None:
        sample = max(todo, key=lambda w: w.length)
        language, probability = transcriber.detect_language(_joined(sound, channels, sample))
    words: list[list[Word]] = [[] for _ in channels]
    for first in range(0, len(todo), transcriber.batch):
        batch = todo[first : first + transcriber.batch]
        heard = transcriber.transcribe([_joined(sound, channels, w) for w in batch], language)
        for window, found in zip(batch, heard, strict=True):
            words[window.lane] += _placed(found, window)
        progress(min(1.0, (first + len(batch)) / len(todo)))
    return Speech(tuple(tuple(w) for w in words), language, probability)


def _joined(sound: Sound, channels: Sequence[int], window: Window) -> Samples:
    channel = channels[window.lane]
    return np.concatenate([sound.read(channel, start, stop) for start, stop in window.pieces])


def _placed(words: Sequence[Word], window: Window) -> list[Word]:
    """``words``, timed within the window, with their times in the recording.

    A word belongs to the piece that its middle lies in, and doesn't reach beyond it: pieces are seconds
    apart.
    """
    ends = [s / RATE_HZ for s in accumulate(stop - start for start, stop in window.pieces)]
    placed: list[Word] = []
    for word in words:
        at = min(bisect_left(ends, (word.start_s + word.end_s) / 2), len(ends) - 1)
        start, stop = (edge / RATE_HZ for edge in window.pieces[at])
        shift = stop - ends[at]
        from_s = min(max(word.start_s + shift, start), stop)
        to_s = min(max(word.end_s + shift, from_s), stop)
        placed.append(replace(word, start_s=round(from_s, 2), end_s=round(to_s, 2)))
    return placed


class WhisperTranscriber:
    """A faster-whisper model behind the Transcriber protocol."""

    def __init__(self, model: Any, name: str, is_demonstration: bool) -> None:
        from faster_whisper import BatchedInferencePipeline

        self.name = name
        self.is_demonstration = is_demonstration
        self.languages = frozenset(model.supported_languages)
        self.window_s = float(model.feature_extractor.chunk_length)
        self.batch = _BATCH if model.model.device == "cpu" else 2 * _BATCH
        self._model = model
        self._pipeline = BatchedInferencePipeline(model)

    def detect_language(self, window: Samples) -> tuple[str, float]:
        """See Transcriber. A model that knows English only says so with certainty."""
        if not self._model.model.is_multilingual:
            return "en", 1.0
        language, probability, _ = self._model.detect_language(window)
        return str(language), float(probability)

    def transcribe(self, windows: Sequence[Samples], language: str | None) -> list[list[Word]]:
        """See Transcriber."""
        slot = int(self.window_s * RATE_HZ)
        audio = np.zeros(slot * len(windows), dtype=np.float32)
        clips = []
        for i, window in enumerate(windows):
            audio[i * slot : i * slot + len(window)] = window
            clips.append({"start": i * self.window_s, "end": i * self.window_s + len(window) / RATE_HZ})
        segments, _ = self._pipeline.transcribe(
            audio,
            language=language,
            clip_timestamps=clips,
            batch_size=len(windows),
            word_timestamps=True,
        )
        return self._by_window(segments, len(windows))

    def _by_window(self, segments: Any, count: int) -> list[list[Word]]:
        """The words of lazily made segments, sorted into the windows that they were heard in."""
        heard: list[list[Word]] = [[] for _ in range(count)]
        for segment in segments:
            if segment.no_speech_prob > _SILENT_ABOVE and segment.avg_logprob < _UNSURE_BELOW:
                continue  # sequential decoding drops it; batched decoding leaves that to its caller
            # `seek` is the frame at which the segment's window begins.
            at = round(segment.seek / self._model.frames_per_second / self.window_s)
            offset_s = at * self.window_s
            for w in segment.words or ():
                start_s, end_s = w.start - offset_s, w.end - offset_s
                heard[at].append(Word(w.word, max(0.0, start_s), max(0.0, end_s), float(w.probability)))
        return heard


def is_demonstration(model: str) -> bool:
    """Whether ``model`` names the bundled demonstration model, as ``demo`` or by its folder."""
    return model == DEMONSTRATION or Path(model).resolve() == DEMONSTRATION_MODEL.resolve()


def load_model(
    name_or_path: str, device: str = "auto", compute_type: str = "auto", threads: int = 0
) -> WhisperTranscriber:
    """Loads a model: ``demo``, a folder, or a name that faster-whisper knows and downloads.

    ``threads`` 0 leaves their number to the library. Raises ModelUnavailable with a sentence that says the
    way out.
    """
    from faster_whisper import WhisperModel
    from tqdm import tqdm  # type: ignore[import-untyped]

    # The library's (hidden) progress bars would take a lock shared between processes: a worker that is ended
    # would leave it behind, with a warning.
    tqdm.set_lock(threading.RLock())
    demonstration = is_demonstration(name_or_path)
    where = str(DEMONSTRATION_MODEL) if demonstration else name_or_path
    known_folder = Path(where).is_dir()
    if not known_folder and _looks_like_path(where):
        raise ModelUnavailable(f"There is no model folder at {where!r}. {_WAY_OUT}")
    try:
        model = WhisperModel(
            where,
            device=device,
            compute_type="default" if compute_type == "auto" else compute_type,
            cpu_threads=threads,
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelUnavailable(_why(name_or_path, known_folder, error)) from None
    return WhisperTranscriber(model, DEMONSTRATION if demonstration else name_or_path, demonstration)


_WAY_OUT = (
    "Copy a faster-whisper model folder to this machine and pass it with --model FOLDER or set EARSHOT_MODEL "
    "to it; --model demo is the bundled model for the sample calls only."
)


def _looks_like_path(name: str) -> bool:
    return name.startswith((".", "/", "~")) or name.count("/") > 1


def _why(name: str, known_folder: bool, error: Exception) -> str:
    """One sentence on what is wrong, one on the way out."""
    brief = (str(error).split("\n")[0].strip() or type(error).__name__)[:200].rstrip(".")
    if known_folder:
        return f"The speech model in {name!r} can't be loaded ({brief}). {_WAY_OUT}"
    if isinstance(error, ValueError) and "Invalid model size" in str(error):
        return f"There is no speech model called {name!r}; tiny, base, small and large-v3 are. {_WAY_OUT}"
    if isinstance(error, OSError):
        return f"The speech model {name!r} isn't on this machine and can't be downloaded. {_WAY_OUT}"
    return f"The speech model {name!r} can't be loaded ({brief}). {_WAY_OUT}"
