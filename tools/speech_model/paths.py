"""Where the recipe reads and writes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "speech_model"
MODEL = ROOT / "data" / "speech_model"
SCRIPTS = ROOT / "tools" / "sample" / "scripts"
SAMPLE = ROOT / "data" / "sample"
GRAMMAR = Path(__file__).parent / "grammar"

UTTERANCES = WORK / "utterances"
TOKENIZER = WORK / "tokenizer.json"
WORDS = WORK / "words.npz"
WEIGHTS = WORK / "weights.safetensors"
HEADS = WORK / "alignment_heads.json"
EXPORTED = WORK / "model"
CALLS = WORK / "calls"


def tokenizer_file() -> Path:
    """The tokenizer that was learned; without one, the bundled model's, for training that goes on from its weights."""
    return TOKENIZER if TOKENIZER.exists() else MODEL / "tokenizer.json"
