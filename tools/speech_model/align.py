"""Word boundaries of the utterances, from the CTC head by forced alignment: they allow windows that cut speech."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from tools.speech_model.bank import Bank, words_path
from tools.speech_model.features import scaled
from tools.speech_model.network import TinyWhisper
from tools.speech_model.utterances import SHARD
from tools.speech_model.vocabulary import letters

BATCH = 16


def first_frames(scores: np.ndarray, wanted: list[int]) -> np.ndarray:
    """Viterbi: log probabilities (positions, letters) and the letters said -> position of each letter's start."""
    count, states = len(scores), 2 * len(wanted) + 1
    path = np.zeros(states, int)
    path[1::2] = wanted
    skips = np.zeros(states, bool)
    skips[3::2] = path[3::2] != path[1:-2:2]
    best = np.full(states, -1e30)
    best[:2] = scores[0, path[:2]]
    back = np.zeros((count, states), np.int8)
    for at in range(1, count):
        one = np.concatenate([[-1e30], best[:-1]])
        two = np.where(skips, np.concatenate([[-1e30, -1e30], best[:-2]]), -1e30)
        choices = np.stack([best, one, two])
        back[at] = choices.argmax(0)
        best = choices.max(0) + scores[at, path]
    state = states - 1 if best[-1] > best[-2] else states - 2
    starts = np.zeros(len(wanted), int)
    for at in range(count - 1, -1, -1):
        if state % 2:
            starts[state // 2] = at
        state -= int(back[at, state])
    return starts


def boundaries(text: str, scores: np.ndarray, frames: int) -> list[int] | None:
    """Frames between the words, 0 and the end included; None where the letters do not fit."""
    wanted = letters(text)
    if len(wanted) * 1.05 + 2 > len(scores):
        return None
    starts = 2 * first_frames(scores, wanted)
    found = [0] + [int(start) for start, letter in zip(starts, wanted, strict=True) if letter == 1] + [frames]
    return found if len(found) == len(text.split()) + 1 else None


def spelled(model: TinyWhisper, mels: list[np.ndarray]) -> np.ndarray:
    """Log probabilities of the letters: (batch, positions, letters)."""
    frames = max(len(mel) for mel in mels)
    features = np.zeros((len(mels), frames + frames % 2 + 4, 80), "float32")
    for at, mel in enumerate(mels):
        features[at, : len(mel)] = scaled(mel.astype("float32"))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        encoded, _ = model.encoder(torch.from_numpy(features.transpose(0, 2, 1).copy()))
        return model.ctc(encoded).float().log_softmax(-1).numpy()


def align_shard(bank: Bank, model: TinyWhisper, indexes: range) -> list[list[int] | None]:
    """The boundaries of a shard's utterances, in their order."""
    found: dict[int, list[int] | None] = {}
    order = sorted(indexes, key=lambda index: len(bank.mel[index]))
    for at in range(0, len(order), BATCH):
        group = order[at : at + BATCH]
        for index, scores in zip(group, spelled(model, [bank.mel[index] for index in group]), strict=True):
            frames = len(bank.mel[index])
            found[index] = boundaries(bank.text[index], scores[: (frames + 1) // 2], frames)
    return [found[index] for index in indexes]


def align(folder: Path, weights: Path, shards: int) -> None:
    """Write the boundaries of shards that have none yet, of `shards` of them at most."""
    torch.set_num_threads(1)
    model = TinyWhisper().eval()
    model.load_state_dict(load_file(weights))
    bank = Bank(folder)
    waiting = [shard for shard in bank.first if not words_path(shard).exists()]
    for shard in waiting[:shards]:
        first = bank.first[shard]
        found = align_shard(bank, model, range(first, min(first + SHARD, len(bank.mel))))
        words_path(shard).write_text(json.dumps(found), encoding="utf-8")
        print(f"{shard.name}: {sum(bounds is not None for bounds in found)} of {len(found)}", flush=True)
