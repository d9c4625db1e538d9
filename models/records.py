"""The things Earshot speaks about, as frozen dataclasses that travel between ingest and the store.

Times of day are timezone-aware datetimes; durations and offsets are seconds (``_s``).
Ranges are half-open: a turn covers ``start_s <= t < end_s``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Speaker = Literal["agent", "customer", "unknown"]
Direction = Literal["inbound", "outbound", "internal", "unknown"]
Layout = Literal["two_channel", "false_stereo", "mono"]


@dataclass(frozen=True, slots=True)
class CallMetadata:
    """What a sidecar, a file name or a transcript line says about a call; None where it says nothing."""

    call_id: str | None = None
    started_at: datetime | None = None
    queue: str | None = None
    agent_id: str | None = None
    customer_id: str | None = None
    direction: Direction | None = None
    language: str | None = None
    agent_channel: int | None = None
    consent: bool | None = None
    """Whether the customer agreed to being recorded."""
    source: str = "unknown"
    """Where it was found: sidecar, freepbx, aws_pca, connect, vicidial, pattern, transcript, unknown."""

    def may_be_kept(self, required: bool) -> bool:
        """Whether its words and sound may be kept: a no always counts, silence only where consent is required."""
        return self.consent is not False and (self.consent is True or not required)


NO_CONSENT = "The customer did not agree to it (consent); it is counted, and nothing of it is kept."


@dataclass(frozen=True, slots=True)
class Word:
    """One transcribed word with its times in the recording and the model's probability (0..1)."""

    word: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says until the other speaks. ``confidence`` is the mean word probability, 0..1."""

    speaker: Speaker
    start_s: float | None
    end_s: float | None
    text: str
    confidence: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundMeasures:
    """What the sound alone tells. Seconds over the whole recording; interruptions are counts.

    An interruption is a stretch in which one party starts while the other has been speaking and the
    other stops within the overlap; short acknowledgements ("mm-hm") don't count.
    """

    duration_s: float
    agent_talk_s: float | None
    customer_talk_s: float | None
    silence_s: float
    longest_silence_s: float
    overlap_s: float | None
    agent_interruptions: int | None
    customer_interruptions: int | None


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded file as found: identified by the SHA-256 of its bytes."""

    recording_id: str
    path: str
    size_bytes: int
    format: str
    sample_rate_hz: int
    channels: int
    layout: Layout
    agent_channel: int | None
    agent_channel_source: str
    """How the agent's channel was known: sidecar, setting, speech (from what is said), unknown."""
    measures: SoundMeasures
    metadata: CallMetadata
    waveform: tuple[tuple[int, ...], ...] = ()
    """Per lane (agent first, or the single mono lane): peak level 0..255 of each of up to 1,000 equal slices."""
    audio_path: str | None = None
    """The listening copy, relative to the store folder."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one call. ``origin`` is ``recording`` (transcribed here) or ``file`` (brought along)."""

    call_id: str
    origin: Literal["recording", "file"]
    language: str | None
    turns: tuple[Turn, ...]
    model: str | None = None
    is_demonstration: bool = False
    """True when the bundled demonstration model made it."""
    language_probability: float | None = None
    metadata: CallMetadata = field(default_factory=CallMetadata)
    redacted: tuple[tuple[str, int], ...] = ()
    """(kind, how many) of what was taken out; see models/redaction."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One refused piece of input, kept so that nothing is lost. ``line_no`` counts from 1; 0 is the whole file."""

    source: str
    line_no: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file that ingest looked at. Status: loaded, partly_refused, refused, duplicate."""

    path: str
    kind: Literal["recording", "transcript", "queue_log"]
    sha256: str
    size_bytes: int
    status: Literal["loaded", "partly_refused", "refused", "duplicate"]
    reason: str | None = None
    rows_loaded: int = 0
    rows_refused: int = 0
