"""Decoding any recording into 16 kHz channels in bounded memory, and what can be said about its channels.

The samples live in an unlinked temporary file per channel, 16-bit, so a recording of hours costs disk, not
memory, and nothing is left behind when a worker is killed.
"""

from __future__ import annotations

import math
import struct
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import av
import numpy as np
import numpy.typing as npt

from models.errors import Refused
from models.records import Layout

RATE_HZ = 16_000
BLOCK_S = 30
MAX_CHANNELS = 2
SHORTEST_S = 0.1
FULL_SCALE = 32768.0

Samples = npt.NDArray[np.float32]
"""Shape (n,), -1..1, at RATE_HZ."""

# Playlists and concat scripts would make the decoder open other files and addresses: only sound and films are
# tried.
_DEMUXERS = (
    "wav,w64,mp3,ogg,flac,mov,matroska,aac,amr,amrnb,amrwb,au,aiff,caf,gsm,asf,avi,mpeg,mpegts,flv,g722,g729,ac3"
)
_SAME_VOICE = 0.95
"""Two channels whose squared correlation exceeds this are one signal twice: codecs add noise, people don't
agree.
"""
_EMPTY_DB = -60.0
_EMPTY_PEAK = 16
_END_TOLERANCE_S = 0.5


@dataclass(slots=True)
class Sound:
    """A decoded recording. ``files`` hold one channel each as int16 at RATE_HZ; close it to free them."""

    format: str
    sample_rate_hz: int
    """Of the original, before resampling."""
    files: list[IO[bytes]] = field(default_factory=list)
    length: int = 0
    """Samples per channel at RATE_HZ."""
    flaw: str | None = None
    """One sentence on what is missing of it, when it was cut short or damaged."""

    @property
    def channels(self) -> int:
        """Number of channels of the original: 1 or 2."""
        return len(self.files)

    @property
    def duration_s(self) -> float:
        """Seconds of decoded sound."""
        return self.length / RATE_HZ

    def pcm(self, channel: int, start: int = 0, stop: int | None = None) -> npt.NDArray[np.int16]:
        """Samples ``start <= i < stop`` of a channel as int16, shape (n,)."""
        stop = self.length if stop is None else min(stop, self.length)
        file = self.files[channel]
        file.seek(start * 2)
        return np.frombuffer(file.read(max(0, stop - start) * 2), dtype=np.int16)

    def read(self, channel: int, start: int = 0, stop: int | None = None) -> Samples:
        """Samples ``start <= i < stop`` of a channel as float32 in -1..1, shape (n,)."""
        return self.pcm(channel, start, stop).astype(np.float32) / np.float32(FULL_SCALE)

    def blocks(self, seconds: float = BLOCK_S) -> Iterator[tuple[int, int]]:
        """(start, stop) of successive blocks, in samples."""
        step = int(seconds * RATE_HZ)
        return ((start, min(start + step, self.length)) for start in range(0, self.length, step))

    def close(self) -> None:
        """Frees the temporary files."""
        for file in self.files:
            file.close()

    def __enter__(self) -> Sound:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def decode(path: Path, max_hours: float, scratch: Path | None = None) -> Sound:
    """The sound of ``path`` at RATE_HZ. ``scratch`` is the folder for temporary files (the system's by
    default).

    What was lost of a truncated or damaged file is told in ``flaw``. Raises Refused with one sentence when
    nothing usable is in it, when it has too many channels, or when it is longer than ``max_hours``; OSError
    for the disk.
    """
    if path.stat().st_size == 0:
        raise Refused("The file is empty (0 bytes).")
    with path.open("rb") as file:
        try:
            # An open file, not a name: the decoder must not read a name as an address.
            with av.open(file, metadata_errors="ignore", options={"format_whitelist": _DEMUXERS}) as container:
                sound = _decode(container, max_hours, scratch)
        except (av.FFmpegError, ZeroDivisionError) as error:
            raise Refused(_undecodable(path, error)) from None
    if sound.flaw is None and _declared_bytes(path) > path.stat().st_size:
        sound.flaw = _cut_short(sound)
    return sound


def _decode(container: Any, max_hours: float, scratch: Path | None) -> Sound:
    """Decodes the first sound stream of an open container."""
    if not container.streams.audio:
        kind = "a film without sound" if container.streams.video else "no sound in it"
        raise Refused(f"The file has no sound stream ({kind}).")
    stream = container.streams.audio[0]
    _check_stream(stream)
    declared_s = _declared_s(container, stream)
    limit = int(max_hours * 3600 * RATE_HZ)
    if declared_s * RATE_HZ > limit:
        raise Refused(_too_long(max_hours))
    sound = Sound(container.format.name.split(",")[0], stream.rate)
    try:
        sound.files = [tempfile.TemporaryFile(dir=scratch) for _ in range(stream.channels)]  # noqa: SIM115
        damaged, reached_s = _write_frames(container, stream, sound, limit, _too_long(max_hours))
        if sound.duration_s < SHORTEST_S:
            raise Refused(f"The file holds no sound ({sound.duration_s:.2f} s could be decoded).")
        whole = declared_s - reached_s <= _END_TOLERANCE_S
        sound.flaw = _flaw(sound, declared_s, damaged > 1 or whole)
    except BaseException:
        sound.close()
        raise
    return sound


def _check_stream(stream: Any) -> None:
    if stream.codec_context is None:
        raise Refused("The file's sound is written in a way that can't be decoded (unknown codec).")
    if not stream.channels or not stream.rate:
        raise Refused("The file's sound stream says neither its rate nor its channels.")
    if stream.channels > MAX_CHANNELS:
        raise Refused(f"The file has {stream.channels} channels; a call has one or two.")
    if not 4_000 <= stream.rate <= 384_000:
        raise Refused(f"The file's sampling rate of {stream.rate} Hz is none that calls are recorded with.")


def _too_long(max_hours: float) -> str:
    return f"The recording is longer than {max_hours:g} hours (setting max_recording_h)."


def _declared_s(container: Any, stream: Any) -> float:
    """The duration that the file claims, in seconds; 0 when it claims none."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


def _write_frames(container: Any, stream: Any, sound: Sound, limit: int, too_long: str) -> tuple[int, float]:
    """Decodes, resamples and writes everything. Raises Refused over ``limit`` samples.

    Returns how many packets were damaged, and the time at which the last good frame ends, in seconds.
    """
    resample = _resampler(stream.channels)
    damaged, reached_s = 0, 0.0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError):  # an unreadable rest is an end
            break
        try:
            frames = packet.decode()
        except av.FFmpegError:
            damaged += 1
            continue
        for frame in frames:
            reached_s = max(reached_s, (frame.time or 0.0) + frame.samples / frame.sample_rate)
            _write(sound, resample(frame))
            if sound.length > limit:
                raise Refused(too_long)
    _write(sound, resample(None))
    return damaged, reached_s


def _resampler(channels: int) -> Callable[[Any], list[Any]]:
    """A function from a decoded frame (None at the end) to frames at RATE_HZ, one plane a channel.

    Streams may change their layout or rate midway: the resampler is then made anew.
    """
    state: dict[str, Any] = {"key": None, "resampler": None}

    def resample(frame: Any) -> list[Any]:
        key = state["key"] if frame is None else (frame.format.name, frame.layout.name, frame.sample_rate)
        rest: list[Any] = []
        if key != state["key"]:
            if state["resampler"] is not None:
                rest = state["resampler"].resample(None)
            layout = "stereo" if channels == 2 else "mono"
            state.update(key=key, resampler=av.AudioResampler(format="s16p", layout=layout, rate=RATE_HZ))
        if state["resampler"] is None:
            return []
        if frame is not None:
            frame.pts = None  # odd time stamps must not stretch or drop sound
        return [*rest, *state["resampler"].resample(frame)]

    return resample


def _write(sound: Sound, frames: list[Any]) -> None:
    for frame in frames:
        for file, plane in zip(sound.files, frame.to_ndarray(), strict=True):
            file.write(plane.tobytes())
        sound.length += frame.samples


def _flaw(sound: Sound, declared_s: float, damaged: bool) -> str | None:
    """What is missing of the sound. One damaged packet at a cut is the cut; more of them are damage, and so
    is a gap in a file whose end is there."""
    lost_s = declared_s - sound.duration_s
    if lost_s <= max(_END_TOLERANCE_S, 0.005 * declared_s):
        return None
    if damaged:
        return f"About {max(1, round(lost_s))} s of its sound are damaged and left out."
    return _cut_short(sound)


def _cut_short(sound: Sound) -> str:
    return f"The recording is cut short after {round(sound.duration_s)} s."


def _declared_bytes(path: Path) -> int:
    """How long the file ought to be by its own bookkeeping, in bytes; 0 where it doesn't say.

    FFmpeg shortens the duration of a truncated WAV or Ogg silently, so their own bookkeeping is read here.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            size = struct.unpack("<I", head[4:8])[0]
            return 0 if size >= 0x7FFFFF00 else int(size) + 8  # recorders that stream leave the size open
        if head[:4] != b"OggS":
            return 0
        file.seek(max(0, path.stat().st_size - 65_536 - 512))
        tail = file.read()
    page = tail.rfind(b"OggS")
    ended = page >= 0 and page + 5 < len(tail) and tail[page + 5] & 4
    return path.stat().st_size + (0 if ended else 1)


def _undecodable(path: Path, error: Exception) -> str:
    """Why nothing could be decoded, in one sentence."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] == b"RIFF" and path.stat().st_size < 100:
        return "The file holds no sound: it is a header alone."
    if head[4:8] == b"ftyp":
        return "The file is cut short: its index, which comes last, is missing, so no sound can be found in it."
    brief = str(getattr(error, "strerror", None) or "its header makes no sense").rstrip(".").lower()
    return f"The file isn't sound that can be decoded ({brief})."


def layout_of(sound: Sound) -> tuple[Layout, list[int]]:
    """The layout, and the channels worth hearing: both of true stereo, the one with the sound otherwise.

    Two equal channels, also when only a codec's noise tells them apart, and stereo with one empty channel are
    mono in disguise.
    """
    if sound.channels == 1:
        return "mono", [0]
    power, cross, peak = _powers(sound)
    louder = int(power[1] > power[0])
    empty = 10 * math.log10((power[1 - louder] + 1e-9) / (power[louder] + 1e-9)) < _EMPTY_DB
    if empty or peak[1 - louder] < _EMPTY_PEAK:
        return "false_stereo", [louder]
    if cross * cross > _SAME_VOICE * power[0] * power[1]:
        return "false_stereo", [louder]
    return "two_channel", [0, 1]


def _powers(sound: Sound) -> tuple[tuple[float, float], float, tuple[int, int]]:
    """Sums of squares of both channels, the sum of their products, and both peaks; means removed per block."""
    power, cross, peak = np.zeros(2), 0.0, np.zeros(2, dtype=np.int64)
    for start, stop in sound.blocks():
        pair = [sound.pcm(c, start, stop).astype(np.float32) for c in (0, 1)]
        pair = [x - x.mean() for x in pair]
        power += [float(x @ x) for x in pair]
        cross += float(pair[0] @ pair[1])
        peak = np.maximum(peak, [int(np.abs(x).max(initial=0)) for x in pair])
    return (float(power[0]), float(power[1])), cross, (int(peak[0]), int(peak[1]))


def peaks(sound: Sound, lanes: list[int], slices: int = 1000) -> tuple[tuple[int, ...], ...]:
    """Per lane the peak level, 0..255, of each of up to ``slices`` equal slices of the recording."""
    count = min(slices, sound.length)
    edges = np.linspace(0, sound.length, count + 1).astype(np.int64)
    return tuple(tuple(_lane_peaks(sound, lane, edges)) for lane in lanes)


def _lane_peaks(sound: Sound, lane: int, edges: npt.NDArray[np.int64]) -> Iterator[int]:
    """Reads a run of slices at a time: memory stays small however long the recording is."""
    step = 10
    for first in range(0, len(edges) - 1, step):
        part = edges[first : first + step + 1]
        levels = np.abs(sound.pcm(lane, int(part[0]), int(part[-1])).astype(np.int32))
        for level in np.maximum.reduceat(levels, part[:-1] - part[0]):
            yield min(255, int(level) * 256 // 32768)
