"""The tokenizer: byte-level pieces and Whisper's special tokens in the English-only layout.

Ids: 0..1023 text, then the specials, then 501 timestamps (0.00 .. 10.00 s), which tokenizer.json leaves out
because CTranslate2's converter appends them."""

import random
import string
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from tools.speech_model.paths import tokenizer_file
from tools.speech_model.sentences import grammar

TEXT_TOKENS = 1024
SPECIALS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
END, START, PREVIOUS = TEXT_TOKENS, TEXT_TOKENS + 1, TEXT_TOKENS + 5
NO_SPEECH, NO_TIMES = TEXT_TOKENS + 6, TEXT_TOKENS + 7
FIRST_TIME, TIMES = NO_TIMES + 1, 501
SIZE = FIRST_TIME + TIMES

LETTERS = " '" + string.ascii_lowercase  # of the CTC head; 0 is its blank

# faster-whisper suppresses the first token of " -", " '" and " ♪".  Without pieces of their own that token would
# be the bare space, and no word spelled space + letters could ever be written.
SUPPRESSED = " - ' -- \" ( ) [ ] ♩ ♪ ♫ ♬ ♭ ♮ ♯"


def build(path: Path, sentences: int = 30000) -> None:
    """Learn the pieces from the grammar's sentences."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    rng = random.Random(7)
    corpus = [" " + grammar().sentence(rng) for _ in range(sentences)] + [SUPPRESSED] * 3000
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        corpus,
        trainers.BpeTrainer(vocab_size=TEXT_TOKENS, special_tokens=[], initial_alphabet=alphabet, show_progress=False),
    )
    tokenizer.add_special_tokens(list(SPECIALS))
    ids = [tokenizer.token_to_id(name) for name in SPECIALS]
    if ids != list(range(TEXT_TOKENS, FIRST_TIME)):
        raise ValueError("the grammar is too small to fill the vocabulary")
    path.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path))


@cache
def tokenizer() -> Tokenizer:
    """The tokenizer in force (see paths.py)."""
    return Tokenizer.from_file(str(tokenizer_file()))


def encode(text: str) -> list[int]:
    """Token ids of a text that follows other text or the start."""
    return tokenizer().encode(" " + text).ids


def letters(text: str) -> list[int]:
    """Targets of the CTC head."""
    return [LETTERS.index(letter) + 1 for letter in text.lower() if letter in LETTERS]


def time_token(frame: int) -> int:
    """The timestamp token nearest to a frame of 10 ms."""
    return FIRST_TIME + min(TIMES - 1, (frame + 1) // 2)
