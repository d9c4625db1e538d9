"""Choose the cross-attention heads for word times: those whose attention peaks inside the word being written."""

import json
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

from tools.speech_model.bank import Bank
from tools.speech_model.features import scaled
from tools.speech_model.network import DECODER_LAYERS, HEADS, REAL_POSITIONS, TinyWhisper
from tools.speech_model.vocabulary import NO_TIMES, START, tokenizer

FRAMES, LEAD, SLACK, SAMPLES = 600, 60, 5, 150


def attention(model: TinyWhisper, mel: Tensor, tokens: list[int]) -> Tensor:
    """Where each head looks while writing: (layer, head, token, encoder position)."""
    encoded, bias = model.encoder(mel)
    decoder, looks = model.decoder, []
    x = decoder.embed_tokens(torch.tensor([tokens])) + decoder.embed_positions.weight[: len(tokens)]
    for layer in decoder.layers:
        x = x + layer.self_attn(layer.self_attn_layer_norm(x), causal=True)
        y = layer.encoder_attn_layer_norm(x)
        looks.append(layer.encoder_attn.weights(y, encoded, bias)[0])
        x = x + layer.encoder_attn(y, encoded, bias)
        x = x + layer.fc2(F.gelu(layer.fc1(layer.final_layer_norm(x))))
    return torch.stack(looks)


def hits(model: TinyWhisper, bank: Bank, index: int) -> np.ndarray:
    """How many tokens of an utterance each head finds inside their word: (layer, head)."""
    said = scaled(bank.mel[index].astype("float32"))
    mel = torch.zeros(1, 80, FRAMES + 4)
    mel[0, :, :FRAMES] = -0.5
    mel[0, :, LEAD : LEAD + len(said)] = torch.from_numpy(said.T)
    tokens, bounds = bank.tokens[index], bank.bounds[index] or []
    with torch.no_grad():
        peaks = attention(model, mel, [START, NO_TIMES, *tokens])[..., :REAL_POSITIONS].argmax(-1).numpy()
    found, word = np.zeros((DECODER_LAYERS, HEADS)), -1
    for at, token in enumerate(tokens):
        word += tokenizer().id_to_token(token).startswith("Ġ")
        low, high = (LEAD + bounds[word]) // 2 - SLACK, (LEAD + bounds[word + 1]) // 2 + SLACK
        # the step that foresees token `at` is at position 1 + at
        found += (peaks[..., 1 + at] >= low) & (peaks[..., 1 + at] <= high)
    return found


def choose(folder: Path, weights: Path, out: Path) -> None:
    """Write the best heads as [[layer, head], ...]."""
    torch.set_num_threads(1)
    model = TinyWhisper().eval()
    model.load_state_dict(load_file(weights))
    bank = Bank(folder)
    usable = [i for i, bounds in enumerate(bank.bounds) if bounds and len(bank.mel[i]) < FRAMES - LEAD]
    picked = random.Random(3).sample(usable, min(SAMPLES, len(usable)))
    share = sum(hits(model, bank, i) for i in picked) / sum(len(bank.tokens[i]) for i in picked)
    print("share of tokens found inside their word, by layer and head:", share.round(2).tolist())
    best = max(share.max() - 0.15, min(0.6, share.max()))
    kept = [[int(layer), int(head)] for layer, head in zip(*np.where(share >= best), strict=True)]
    out.write_text(json.dumps(kept), encoding="utf-8")
