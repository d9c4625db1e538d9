"""The utterance bank: shards of single spoken sentences as log mel power.

A shard `s<seed>_<number>.npz` holds `mel` (all frames, float16), `n` (frames of each utterance) and `meta` (a
JSON list of [text, voice]).  Training windows are put together from them (see windows.py)."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tools.speech_model.channel import stored, telephone
from tools.speech_model.features import log_mel_of_line
from tools.speech_model.sentences import grammar
from tools.speech_model.voices import VOICES, speak

SHARD = 250
MIN_FRAMES, MAX_FRAMES = 20, 960

Utterance = tuple[str, str, np.ndarray]


def utterance(rng: random.Random) -> Utterance:
    """A sentence of the grammar, a voice, and what a recording of it holds."""
    text = grammar().sentence(rng)
    voice = rng.choices(list(VOICES), [voice.share for voice in VOICES.values()])[0]
    mel = log_mel_of_line(stored(telephone(speak(text, voice, rng), rng), rng))
    return text, voice, mel.astype("float16")


def write_shard(path: Path, shard: list[Utterance]) -> None:
    """Write a shard in one step: a reader never meets half of one."""
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        np.savez(
            file,
            mel=np.concatenate([mel for *_, mel in shard]),
            n=[len(mel) for *_, mel in shard],
            meta=json.dumps([(text, voice) for text, voice, _ in shard]),
        )
    unfinished.replace(path)


def read_texts(path: Path) -> list[str]:
    """The texts of a shard, without its sound."""
    with np.load(path) as shard:
        return [text for text, _ in json.loads(str(shard["meta"]))]


def read_shard(path: Path) -> Iterator[Utterance]:
    """The utterances of a shard."""
    with np.load(path) as shard:
        mel, counts, meta = shard["mel"], shard["n"], json.loads(str(shard["meta"]))
    ends = np.cumsum(counts)
    for (text, voice), start, end in zip(meta, ends - counts, ends, strict=True):
        yield text, voice, mel[start:end]


def synthesise(folder: Path, seed: int, count: int) -> None:
    """Write `count` utterances; shards that are already there are kept, so a stopped run goes on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(-(-count // SHARD)):
        path = folder / f"s{seed}_{number:04d}.npz"
        if path.exists():
            continue
        rng = random.Random(f"{seed} {number}")
        shard: list[Utterance] = []
        while len(shard) < min(SHARD, count - number * SHARD):
            spoken = utterance(rng)
            if MIN_FRAMES < len(spoken[2]) < MAX_FRAMES:
                shard.append(spoken)
        write_shard(path, shard)
        print(path.name, flush=True)
