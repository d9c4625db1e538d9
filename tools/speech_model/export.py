"""Weights to a CTranslate2 int8 folder that an unmodified faster_whisper.WhisperModel loads."""

import json
import shutil
import tempfile
from pathlib import Path

import torch
from ctranslate2.converters import TransformersConverter
from safetensors.torch import load_file
from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

from tools.speech_model import network, vocabulary
from tools.speech_model.network import POSITIONS, REAL_POSITIONS, TinyWhisper

CHUNK_S = 6
TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": "<|endoftext|>",
    "eos_token": "<|endoftext|>",
    "unk_token": "<|endoftext|>",
    "model_max_length": 448,
}
# faster-whisper cuts windows of chunk_length seconds, and still pads their features to 30 s
PREPROCESSOR = {
    "chunk_length": CHUNK_S,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": 80,
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": CHUNK_S * 16000,
    "nb_max_frames": CHUNK_S * 100,
    "padding_side": "right",
    "padding_value": 0.0,
    "processor_class": "WhisperProcessor",
    "return_attention_mask": False,
    "sampling_rate": 16000,
}


def whisper_config() -> WhisperConfig:
    """The network's shape in transformers' words."""
    return WhisperConfig(
        vocab_size=vocabulary.SIZE,
        num_mel_bins=80,
        d_model=network.WIDTH,
        encoder_layers=network.ENCODER_LAYERS,
        decoder_layers=network.DECODER_LAYERS,
        encoder_attention_heads=network.HEADS,
        decoder_attention_heads=network.HEADS,
        encoder_ffn_dim=network.INNER,
        decoder_ffn_dim=network.INNER,
        max_source_positions=POSITIONS,
        max_target_positions=network.TEXT_POSITIONS,
        pad_token_id=vocabulary.END,
        bos_token_id=vocabulary.END,
        eos_token_id=vocabulary.END,
        decoder_start_token_id=vocabulary.START,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )


def generation_config(heads: list[list[int]]) -> GenerationConfig:
    """begin_suppress_tokens stays empty on purpose: the end may come first, so silent clips give no text."""
    return GenerationConfig(
        decoder_start_token_id=vocabulary.START,
        bos_token_id=vocabulary.END,
        eos_token_id=vocabulary.END,
        pad_token_id=vocabulary.END,
        suppress_tokens=[],
        begin_suppress_tokens=[],
        is_multilingual=False,
        no_timestamps_token_id=vocabulary.NO_TIMES,
        max_initial_timestamp_index=50,
        prev_sot_token_id=vocabulary.PREVIOUS,
        alignment_heads=heads,
        max_length=network.TEXT_POSITIONS,
    )


def transformers_model(model: TinyWhisper, heads: list[list[int]]) -> WhisperForConditionalGeneration:
    """The network as transformers knows it."""
    whisper = WhisperForConditionalGeneration(whisper_config()).eval()
    weights = {
        f"model.{name}": value
        for name, value in model.state_dict().items()
        if not name.startswith("ctc") and name != "encoder.pos"
    }
    # positions after the window share one embedding (see network.py)
    positions = model.encoder.pos[torch.full((POSITIONS,), REAL_POSITIONS)].clone()
    positions[: CHUNK_S * 50 + 1] = model.encoder.pos[: CHUNK_S * 50 + 1]
    weights["model.encoder.embed_positions.weight"] = positions
    weights["proj_out.weight"] = weights["model.decoder.embed_tokens.weight"]
    left = whisper.load_state_dict(weights, strict=False)
    if left.missing_keys or left.unexpected_keys:
        raise ValueError(f"weights and network differ: {left}")
    whisper.generation_config = generation_config(heads)
    return whisper


def export(weights: Path, tokenizer: Path, heads: Path, out: Path) -> None:
    """Write config.json, model.bin, preprocessor_config.json, tokenizer.json and vocabulary.json to `out`."""
    model = TinyWhisper().eval()
    model.load_state_dict(load_file(weights))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        transformers_model(model, json.loads(heads.read_text(encoding="utf-8"))).save_pretrained(source)
        shutil.copy(tokenizer, source / "tokenizer.json")
        (source / "tokenizer_config.json").write_text(json.dumps(TOKENIZER_CONFIG), encoding="utf-8")
        (source / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR), encoding="utf-8")
        converted = source / "converted"
        TransformersConverter(str(source), copy_files=["tokenizer.json", "preprocessor_config.json"]).convert(
            str(converted), quantization="int8"
        )
        out.mkdir(parents=True, exist_ok=True)
        for path in converted.iterdir():
            shutil.copyfile(path, out / path.name)
