"""A speech model of a Whisper model's shape with random weights: what it says is nothing, what it costs is real.

    python -m bench.random_model FOLDER [tiny|base|small]

Models can't be downloaded everywhere, and the demonstration model is 70 times smaller than Whisper small. The weights here
are random but for one thing: each position of the decoder leads to a word, and the 90th to the end, so that a window costs
as many steps as 30 seconds of talk do. (Purely random weights never end, and cost four times as much.)
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ctranslate2.specs import WhisperSpec
from tokenizers import Tokenizer

from models.settings import DEMONSTRATION_MODEL

VOCABULARY, FRAMES, POSITIONS, MEL = 51_864, 1500, 448, 80
STEPS = 90
"""Tokens of a window of 30 seconds: about two and a half words a second, in pieces, with pauses."""
LOUD = 60.0
PREPROCESSOR = {
    "chunk_length": 30, "feature_extractor_type": "WhisperFeatureExtractor", "feature_size": MEL, "hop_length": 160,
    "n_fft": 400, "n_samples": 480_000, "nb_max_frames": 3000, "padding_side": "right", "padding_value": 0.0,
    "processor_class": "WhisperProcessor", "return_attention_mask": False, "sampling_rate": 16_000,
}  # fmt: skip

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """Width, layers of the encoder and of the decoder, heads: as OpenAI's models of that name have them (English)."""

    width: int
    layers: int
    heads: int


SHAPES = {"tiny": Shape(384, 4, 6), "base": Shape(512, 6, 8), "small": Shape(768, 12, 12)}


def write(folder: Path, name: str = "small") -> Path:
    """Write the model, int8, in the form that faster-whisper loads; returns the folder."""
    shape, rng = SHAPES[name], np.random.default_rng(7)
    spec = WhisperSpec(shape.layers, shape.heads, shape.layers, shape.heads)
    words = json.loads((DEMONSTRATION_MODEL / "vocabulary.json").read_text("utf-8"))
    fill(spec, shape, rng)
    spec.decoder.embeddings.weight = normal(rng, VOCABULARY, shape.width) * 10
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    spec.decoder.position_encodings.encodings = positions(spec.decoder.embeddings.weight)
    spec.config.alignment_heads = [(layer, 0) for layer in range(shape.layers // 2, shape.layers)]
    spec.config.suppress_ids, spec.config.suppress_ids_begin, spec.config.lang_ids = [], [], []
    spec.register_vocabulary([*words, *(f"<|unused{n}|>" for n in range(VOCABULARY - len(words)))])
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copy(DEMONSTRATION_MODEL / "tokenizer.json", folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR))
    return folder


def normal(rng: np.random.Generator, *shape: int) -> Array:
    """Small random numbers."""
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(0.002)


def fill(spec: WhisperSpec, shape: Shape, rng: np.random.Generator) -> None:
    """Give every layer of the encoder and the decoder its weights."""
    width = shape.width
    linear(spec.encoder.conv1, rng, width, MEL, 3)
    linear(spec.encoder.conv2, rng, width, width, 3)
    spec.encoder.position_encodings.encodings = normal(rng, FRAMES, width)
    for half in (spec.encoder, spec.decoder):
        norm(half.layer_norm, width)
        for layer in half.layer:
            norm(layer.self_attention.layer_norm, width)
            linear(layer.self_attention.linear[0], rng, 3 * width, width)
            linear(layer.self_attention.linear[1], rng, width, width)
            norm(layer.ffn.layer_norm, width)
            linear(layer.ffn.linear_0, rng, 4 * width, width)
            linear(layer.ffn.linear_1, rng, width, 4 * width)
    for layer in spec.decoder.layer:
        norm(layer.attention.layer_norm, width)
        for part, rows in zip(layer.attention.linear, (width, 2 * width, width), strict=True):
            linear(part, rng, rows, width)


def linear(part: object, rng: np.random.Generator, *shape: int) -> None:
    """Random weights, and a bias of nothing."""
    part.weight, part.bias = normal(rng, *shape), np.zeros(shape[0], np.float32)  # type: ignore[attr-defined]


def norm(part: object, width: int) -> None:
    """A normalisation that changes nothing else."""
    part.gamma, part.beta = np.ones(width, np.float32), np.zeros(width, np.float32)  # type: ignore[attr-defined]


def positions(embeddings: Array) -> Array:
    """What leads each position to its next token: words of the tokenizer, then the end."""
    tokenizer = Tokenizer.from_file(str(DEMONSTRATION_MODEL / "tokenizer.json"))
    vocabulary = tokenizer.get_vocab()
    pieces = sorted(id_ for piece, id_ in vocabulary.items() if piece.removeprefix("Ġ").isalpha() and len(piece) > 2)
    words = pieces[:: len(pieces) // STEPS]  # none twice: said again and again, they would be taken for noise
    end = vocabulary["<|endoftext|>"]
    return np.stack([LOUD * embeddings[words[at % len(words)] if at < STEPS else end] for at in range(POSITIONS)])


def main() -> None:
    """Write a model to the folder named on the command line."""
    if len(sys.argv) < 2 or (name := sys.argv[2] if len(sys.argv) > 2 else "small") not in SHAPES:
        raise SystemExit(__doc__)
    folder = write(Path(sys.argv[1]), name)
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{folder}: the shape of Whisper {name}, random weights, {size / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
