"""From a recorded file to a recording with its transcript: ``process`` is one file, without any store."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest import audio, listening_copy, measures, metadata, speakers, speech, voices
from ingest.audio import RATE_HZ, Sound
from ingest.files import sha256, shown
from ingest.speech import Range, Speech, Transcriber
from ingest.turns import Lane, turns
from models import redaction
from models.errors import ModelUnavailable, Refused, raise_for_disk
from models.records import NO_CONSENT, CallMetadata, InputFile, Layout, Recording, SoundMeasures, Transcript, Turn, Word
from models.redaction import Wanted
from models.settings import Settings

Report = Callable[[float], None]
"""Is told the share of a file's speech that has been transcribed, 0..1."""


@dataclass(frozen=True, slots=True)
class Job:
    """What holds for all files of a run. Picklable: it travels to the workers."""

    store: Path
    time_zone: str
    model: str
    device: str = "auto"
    compute_type: str = "auto"
    threads: int = 0
    """Processor threads of one worker's model; 0 leaves it to the library."""
    language: str | None = None
    """Code of the language spoken; None finds it out per call."""
    agent_channel: int | None = None
    pattern: str | None = None
    """Regular expression with named groups, for file names."""
    max_recording_h: float = 6.0
    redact: Wanted = field(default_factory=lambda: redaction.wanted(Settings()))
    """What is taken out of the words and silenced in the listening copy."""
    load: Callable[[Job], Transcriber] | None = None
    """What makes a worker's transcriber, ``load_transcriber`` by default; a function that can be pickled."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file: its record for the store, and what it held unless it was refused."""

    file: InputFile
    recording: Recording | None = None
    transcript: Transcript | None = None
    took_s: float = 0.0


def load_transcriber(job: Job) -> Transcriber:
    """The job's model. Raises ModelUnavailable, also when it doesn't know the job's language."""
    transcriber = speech.load_model(job.model, job.device, job.compute_type, job.threads)
    if job.language is not None and job.language not in transcriber.languages:
        known = ", ".join(sorted(transcriber.languages)[:8])
        raise ModelUnavailable(f"The model {job.model!r} doesn't know {job.language!r}; it knows {known}.")
    return transcriber


def process(
    path: Path,
    job: Job,
    transcriber: Transcriber,
    recording_id: str | None = None,
    report: Report = lambda share: None,
    known_as: Path | None = None,
) -> Result:
    """Everything about one file; writes nothing but its listening copy. Never raises for a bad file.

    ``recording_id`` is the hash of its bytes where that is known already; ``known_as`` is the path that names the call
    when the file at hand is a copy. Raises StoreError when the store's disk is
    full or read-only: that says nothing about the file.
    """
    began = time.monotonic()
    digest, size = recording_id or "", 0
    try:
        digest, size = digest or sha256(path), path.stat().st_size
        recording, transcript, flaw = _understand(path, job, transcriber, digest, report, known_as or path)
        if path.stat().st_size != size:
            raise Refused("The file changed while it was read; load it again when it is complete.")
    except (Refused, OSError, MemoryError) as error:
        raise_for_disk(error, job.store)
        return Result(_file(path, digest, size, "refused", _reason(error)))
    except Exception as error:  # one bad file never stops a run, whatever a library does with it
        raise_for_disk(error, job.store)
        return Result(_file(path, digest, size, "refused", f"It can't be processed ({_named(error)})."))
    file = _file(path, digest, size, "partly_refused" if flaw else "loaded", flaw, rows_loaded=1)
    return Result(file, recording, transcript, time.monotonic() - began)


def refused(path: Path, recording_id: str, reason: str) -> Result:
    """The result of a file that can't be processed at all."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    return Result(_file(path, recording_id, size, "refused", reason))


def duplicate(path: Path, recording_id: str, of: str) -> Result:
    """The result of a file whose bytes are known under another name."""
    return Result(_file(path, recording_id, path.stat().st_size, "duplicate", f"The same recording as {of}."))


def _file(path: Path, digest: str, size: int, status: str, reason: str | None, rows_loaded: int = 0) -> InputFile:
    return InputFile(
        path=shown(path.resolve()),
        kind="recording",
        sha256=digest,
        size_bytes=size,
        status=status,  # type: ignore[arg-type]
        reason=reason,
        rows_loaded=rows_loaded,
        rows_refused=int(status in ("refused", "partly_refused")),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The file can't be read ({error.strerror or error})."
    return str(error) if isinstance(error, Refused) else "There is not enough memory for it."


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}".rstrip(".: ")


def _understand(
    path: Path, job: Job, transcriber: Transcriber, recording_id: str, report: Report, known_as: Path
) -> tuple[Recording, Transcript, str | None]:
    """The recording, its transcript, and what is flawed about it."""
    pattern = metadata.compile_pattern(job.pattern) if job.pattern else None
    said = metadata.read(path, ZoneInfo(job.time_zone), pattern, known_as)
    if said.consent is False:
        raise Refused(NO_CONSENT)
    job.store.mkdir(parents=True, exist_ok=True)
    with audio.decode(path, job.max_recording_h, scratch=job.store) as sound:
        layout, channels = audio.layout_of(sound)
        ranges = [speech.speech_ranges(sound, c, transcriber.window_s) for c in channels]
        language = _language(job, said, transcriber)
        heard = speech.transcribe(sound, channels, ranges, transcriber, language, report)
        parties = _parties(sound, layout, channels, ranges, heard, job, said)
        said_turns, spans = redaction.redact(turns(parties.lanes), job.redact)
        order = [parties.agent, 1 - parties.agent] if parties.agent is not None else channels
        recording = Recording(
            recording_id=recording_id,
            path=shown(path.resolve()),
            size_bytes=path.stat().st_size,
            format=sound.format,
            sample_rate_hz=sound.sample_rate_hz,
            channels=sound.channels,
            layout=layout,
            agent_channel=parties.agent,
            agent_channel_source=parties.agent_source,
            measures=parties.measures,
            metadata=said,
            waveform=audio.peaks(sound, order),
            audio_path=listening_copy.write(sound, order, job.store, recording_id, redaction.muted(spans)),
        )
        transcript = _transcript(recording, heard, said_turns, transcriber)
        return recording, replace(transcript, redacted=redaction.counts(spans)), sound.flaw


def _language(job: Job, said: CallMetadata, transcriber: Transcriber) -> str | None:
    """The language given for the run, or by the metadata if the model knows it; None to find out."""
    if job.language is not None:
        return job.language
    given = (said.language or "").lower().replace("_", "-").split("-")[0]
    return given if given in transcriber.languages else None


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who says what: lanes with roles, the agent's channel (two-channel calls only), and the measures."""

    lanes: Sequence[Lane]
    agent: int | None
    agent_source: str
    measures: SoundMeasures


def _parties(
    sound: Sound,
    layout: Layout,
    channels: Sequence[int],
    ranges: Sequence[Sequence[Range]],
    heard: Speech,
    job: Job,
    said: CallMetadata,
) -> _Parties:
    if layout == "two_channel":
        return _two_channels(sound, ranges, heard, job, said)
    return _one_channel(sound, channels[0], ranges[0], heard)


def _two_channels(
    sound: Sound, ranges: Sequence[Sequence[Range]], heard: Speech, job: Job, said: CallMetadata
) -> _Parties:
    agent, source = said.agent_channel, "sidecar"
    if agent is None:
        agent, source = job.agent_channel, "setting"
    if agent is None:
        agent, source = speakers.agent_lane([_text(w) for w in heard.words], heard.language), "speech"
    first, second = (_seconds(r) for r in ranges)
    return _Parties(
        lanes=[Lane(r, w) for r, w in zip(speakers.roles(agent), heard.words, strict=True)],
        agent=agent,
        agent_source=source if agent is not None else "unknown",
        measures=measures.two_party(first, second, agent, sound.duration_s),
    )


def _one_channel(sound: Sound, channel: int, ranges: Sequence[Range], heard: Speech) -> _Parties:
    told = voices.tell_apart(sound, channel, ranges)
    words = [heard.words[0]] if told is None else _by_voice(heard.words[0], told)
    agent = speakers.agent_lane([_text(w) for w in words], heard.language)
    talk = {} if told is None or agent is None else {v: told.talk_s(v) for v in (agent, 1 - agent)}
    return _Parties(
        lanes=[Lane(r, w) for r, w in zip(speakers.roles(agent, len(words)), words, strict=True)],
        agent=None,
        agent_source="unknown",
        measures=measures.mixed(_seconds(ranges), sound.duration_s, *talk.values()),
    )


def _by_voice(words: Sequence[Word], told: voices.Voices) -> list[tuple[Word, ...]]:
    """The words of either voice, by the middle of each word."""
    voice = [told.at((w.start_s + w.end_s) / 2) for w in words]
    return [tuple(w for w, v in zip(words, voice, strict=True) if v == which) for which in (0, 1)]


def _transcript(
    recording: Recording, heard: Speech, said_turns: tuple[Turn, ...], transcriber: Transcriber
) -> Transcript:
    said = recording.metadata
    return Transcript(
        call_id=said.call_id or metadata.fallback_call_id(recording.recording_id),
        origin="recording",
        language=heard.language,
        language_probability=heard.language_probability,
        turns=said_turns,
        model=transcriber.name,
        is_demonstration=transcriber.is_demonstration,
        metadata=said,
    )


def _text(words: Sequence[Word]) -> str:
    return "".join(w.word for w in words)


def _seconds(ranges: Sequence[Range]) -> list[tuple[float, float]]:
    return [(start / RATE_HZ, stop / RATE_HZ) for start, stop in ranges]
