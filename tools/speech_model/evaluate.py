"""Word errors and times of a model folder through the unmodified faster-whisper package."""

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio
from faster_whisper.vad import VadOptions, get_speech_timestamps

RATE = 16000


@dataclass(frozen=True)
class Decoding:
    """How to cut and decode; the defaults are those recommended in the model card."""

    threshold: float = 0.5
    min_silence_ms: int = 160
    pad_ms: int = 200
    max_speech_s: float = 6.0
    beam: int = 5
    batch: int = 8
    words: bool = False
    joined: bool = False


@dataclass(frozen=True)
class Turn:
    """Something said, by reference or by the model; word times where asked for."""

    start_s: float
    end_s: float
    text: str
    voice: str = ""
    words: tuple[tuple[float, float, str], ...] = ()


def normal(text: str) -> str:
    """Lower case, letters and apostrophes only."""
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def vad_parameters(how: Decoding) -> dict[str, float]:
    """The detector's options by faster-whisper's names."""
    return {
        "threshold": how.threshold,
        "min_silence_duration_ms": how.min_silence_ms,
        "speech_pad_ms": how.pad_ms,
    }


def clips(sound: np.ndarray, how: Decoding) -> list[dict[str, float]]:
    """Speech of one channel as the clips, in seconds, that BatchedInferencePipeline takes."""
    options = VadOptions(max_speech_duration_s=how.max_speech_s, **vad_parameters(how))
    return [
        {"start": clip["start"] / RATE, "end": clip["end"] / RATE} for clip in get_speech_timestamps(sound, options)
    ]


def is_silence(no_speech_prob: float, avg_logprob: float) -> bool:
    """What sequential decoding drops and batched decoding leaves to its caller."""
    return no_speech_prob > 0.6 and avg_logprob < -1.0


def transcribe(pipeline: BatchedInferencePipeline, sound: np.ndarray, how: Decoding) -> list[Turn]:
    """What the model hears in one channel, a turn a clip (or a window, where clips are joined)."""
    cut = {"vad_parameters": vad_parameters(how)} if how.joined else {"clip_timestamps": clips(sound, how)}
    if not any(cut.values()):
        return []
    segments, _ = pipeline.transcribe(
        sound,
        language="en",
        beam_size=how.beam,
        batch_size=how.batch,
        without_timestamps=True,
        word_timestamps=how.words,
        **cut,
    )
    return [
        Turn(s.start, s.end, s.text.strip(), words=tuple((w.start, w.end, w.word.strip()) for w in s.words or ()))
        for s in segments
        if not is_silence(s.no_speech_prob, s.avg_logprob)
    ]


def synthetic_calls(folder: Path) -> Iterable[tuple[np.ndarray, list[Turn]]]:
    """Each channel of each call that calls.py wrote, with what is said in it."""
    for path in sorted(folder.glob("*.json")):
        turns = json.loads(path.read_text(encoding="utf-8"))
        recording = next(found for suffix in (".ogg", ".wav") if (found := path.with_suffix(suffix)).exists())
        for channel, sound in enumerate(decode_audio(str(recording), split_stereo=True)):
            yield (
                sound,
                [Turn(t["start_s"], t["end_s"], t["text"], t["voice"]) for t in turns if t["channel"] == channel],
            )


def sample_recordings(folder: Path) -> Iterable[tuple[np.ndarray, list[Turn]]]:
    """Each channel of each sample recording, with what is said in it."""
    lines = (folder / "reference.jsonl").read_text(encoding="utf-8").splitlines()
    turns = {call["call_id"]: call["turns"] for call in map(json.loads, lines)}
    for path in sorted((folder / "recordings").iterdir()):
        if path.suffix == ".json":
            continue
        sidecar = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        for channel, sound in enumerate(decode_audio(str(path), split_stereo=True)):
            speaker = "agent" if channel == sidecar["agent_channel"] else "customer"
            yield (
                sound,
                [
                    Turn(t["start_s"], t["end_s"], t["text"], speaker)
                    for t in turns[sidecar["call_id"]]
                    if t["speaker"] == speaker
                ],
            )


def word_start_errors(reference: list[Turn], heard: list[Turn]) -> list[float]:
    """Distance in seconds of each turn's first word to the heard word nearest in time with the same spelling."""
    words = [(start, normal(word)) for turn in heard for start, _, word in turn.words]
    errors = []
    for turn in reference:
        near = [
            abs(start - turn.start_s)
            for start, word in words
            if word == normal(turn.text).split(" ")[0] and abs(start - turn.start_s) < 3
        ]
        errors += [min(near)] if near else []
    return errors


def evaluate(
    folder: Path,
    channels: Iterable[tuple[np.ndarray, list[Turn]]],
    how: Decoding,
    report: Callable[[str], None] = print,
    show: bool = False,
) -> float:
    """Word error rate over all channels; reports it with speed, word times and the rate of each voice."""
    pipeline = BatchedInferencePipeline(WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1))
    pairs: list[tuple[str, str]] = []
    voices: dict[str, list[tuple[str, str]]] = defaultdict(list)
    audio_s = busy_s = 0.0
    starts: list[float] = []
    for sound, reference in channels:
        began = time.process_time()
        heard = transcribe(pipeline, sound, how)
        busy_s, audio_s = busy_s + time.process_time() - began, audio_s + len(sound) / RATE
        if not reference:
            continue
        pairs.append((normal(" ".join(t.text for t in reference)), normal(" ".join(t.text for t in heard))))
        voices[reference[0].voice].append(pairs[-1])
        starts += word_start_errors(reference, heard) if how.words else []
        if show:
            report(
                "\n".join(
                    f"  {kind} {t.start_s:6.2f} {t.end_s:6.2f} {t.text}"
                    for kind, t in sorted(
                        [("said ", t) for t in reference] + [("heard", t) for t in heard], key=lambda x: x[1].start_s
                    )
                )
            )
    rate = summary(pairs, report)
    report(f"{audio_s:.0f} s of audio in {busy_s:.1f} s of processor time ({busy_s / audio_s:.3f})")
    report("by voice: " + ", ".join(f"{v} {errors(of).wer:.1%}" for v, of in sorted(voices.items())))
    if starts:
        report(
            f"first words of {len(starts)} turns: median {np.median(starts):.2f} s off, "
            f"nine in ten within {np.quantile(starts, 0.9):.2f} s"
        )
    return rate


def errors(pairs: list[tuple[str, str]]) -> jiwer.WordOutput:
    """jiwer's count over (said, heard) pairs."""
    return jiwer.process_words([said for said, _ in pairs], [heard for _, heard in pairs])


def summary(pairs: list[tuple[str, str]], report: Callable[[str], None]) -> float:
    """Report and return the word error rate."""
    found = errors(pairs)
    count = sum(len(said.split()) for said, _ in pairs)
    report(
        f"word errors {found.wer:.1%} of {count} words ({found.substitutions} wrong, {found.deletions} missing, "
        f"{found.insertions} added)"
    )
    return float(found.wer)
