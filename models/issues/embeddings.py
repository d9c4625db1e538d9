"""An embedding model of the call centre's own, in place of our vectors, where it is measured to group utterances better.

A folder with ``model.onnx`` (a transformer: tokens in, a vector per token out) and ``tokenizer.json``. A text's vector is the
mean over its tokens. Measured on the labelled utterances of data/issue_evaluation, and used for their language only.
onnxruntime and tokenizers come with faster-whisper.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelUnavailable
from models.issues import clusters, evaluation, statements, vectors
from models.issues.evaluation import HALVINGS, Labelled, Score, halves, scores
from models.issues.vectors import ANSWER, Said, Vectors

JOINS = tuple(round(0.05 * n, 2) for n in range(2, 19))
"""Joining likenesses that are tried: 0.1 to 0.9; each model spreads its vectors in its own way."""
TOKENS = 128
"""Tokens of a text that are read."""
BATCH = 64
METHOD = 1
"""Raised when the same model would be measured otherwise."""
KEPT = "issue_embeddings.json"
"""The file in the store that remembers what was measured."""

Embed = Callable[[Sequence[str]], Vectors]
"""Texts → shape (n, d); a text that says nothing may be 0."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a model does on intents it was not fitted to, beside our vectors there; ``join`` is the likeness to use with it."""

    ours: Score
    theirs: Score
    join: float

    @property
    def is_better(self) -> bool:
        """Whether accuracy and NMI together are better than with our vectors."""
        return sum(self.theirs) > sum(self.ours)


@dataclass(frozen=True, slots=True)
class Embeddings:
    """A model that is used: how it reads texts, and the mean cosine from which statements are alike."""

    embed: Embed
    join: float = clusters.JOIN

    def place(self, said: Iterable[Said]) -> Vectors:
        """As ``vectors.place``: shape (n, d), each of length 1, or 0 where nothing was said; answers count beside it."""
        told = list(said)
        texts = sorted({" ".join(words) for pair in told for words in pair if words})
        if not texts:
            return np.zeros((len(told), 1))
        lying = dict(zip(texts, vectors.unit(self.embed(texts)), strict=True))
        nothing = np.zeros(len(next(iter(lying.values()))))
        rows = [
            lying[" ".join(words)] + ANSWER * lying.get(" ".join(answer), nothing) if words else nothing
            for words, answer in told
        ]
        return vectors.unit(np.array(rows))


def opened(folder: Path) -> Embed:
    """How the model in a folder reads texts. Raises ModelUnavailable with a sentence where it can't be loaded."""
    for name in ("model.onnx", "tokenizer.json"):
        if not (folder / name).is_file():
            raise ModelUnavailable(f"The embedding model {folder} has no file {name}; issues are found without it.")
    try:
        import onnxruntime
        from tokenizers import Tokenizer

        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(TOKENS)
        tokenizer.enable_padding()
        return _embedding(session, tokenizer)
    except Exception as error:  # whatever a broken file makes these libraries raise
        raise ModelUnavailable(_refusal(folder, error)) from None


def _embedding(session: Any, tokenizer: Any) -> Embed:
    names = {given.name for given in session.get_inputs()}
    width = len(_pooled(session, names, tokenizer.encode_batch(["a"]))[0])

    def embed(texts: Sequence[str]) -> Vectors:
        made = np.zeros((len(texts), width))
        for begin in range(0, len(texts), BATCH):
            part = slice(begin, begin + BATCH)
            made[part] = _pooled(session, names, tokenizer.encode_batch(list(texts[part])))
        return np.nan_to_num(made)

    return embed


def _pooled(session: Any, names: set[str], encoded: Sequence[Any]) -> Vectors:
    """The mean over the tokens of each text that are not padding."""
    mask = np.array([one.attention_mask for one in encoded], np.int64)
    ids = np.array([one.ids for one in encoded], np.int64)
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    found = np.asarray(session.run(None, {name: given[name] for name in names})[0], np.float64)
    if found.ndim != 3:
        raise ValueError("its first output must be one vector per token")
    return np.asarray((found * mask[:, :, None]).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)[:, None])


def _refusal(folder: Path, error: Exception) -> str:
    said = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
    return f"The embedding model {folder} can't be used ({said}); issues are found without it."


def measure(embed: Embed, pairs: Labelled) -> Measured:
    """Both held out: the join is chosen on one half of the intents and measured on the other, and the other way round."""
    of_text = {text: statements.telling_words(text, evaluation.LANGUAGE) for text, _ in pairs}
    theirs, ours, chosen = [], [], []
    for seed in range(HALVINGS // 2):
        two = list(halves(pairs, seed))
        placed = [Embeddings(embed).place([(of_text[text], ()) for text, _ in half]) for half in two]
        grid = [
            [scores([intent for _, intent in half], list(clusters.cluster(lying, join))) for join in JOINS]
            for half, lying in zip(two, placed, strict=True)
        ]
        for fitted, held in (grid, grid[::-1]):
            best = max(range(len(JOINS)), key=lambda n: sum(fitted[n]))
            chosen.append(JOINS[best])
            theirs.append(held[best])
        for half in two:
            said = [(of_text[text], ()) for text, _ in half]
            ours.append(scores([i for _, i in half], list(clusters.cluster(vectors.place(vectors.make(said), said)))))
    return Measured(_mean(ours), _mean(theirs), round(float(np.median(chosen)), 2))


def _mean(found: Sequence[Score]) -> Score:
    return float(np.mean([one[0] for one in found])), float(np.mean([one[1] for one in found]))


def version(folder: Path) -> str:
    """Hash of a model's files and of how it is measured."""
    digest = hashlib.sha256(f"{METHOD} {statements.version()} {clusters.JOIN} {clusters.APART}".encode())
    for part in _content(folder):
        digest.update(part)
    return digest.hexdigest()[:16]


def _content(folder: Path) -> Iterator[bytes]:
    yield evaluation.FILE.read_bytes()
    for name in ("model.onnx", "tokenizer.json"):
        with (folder / name).open("rb") as file:
            while part := file.read(1 << 20):
                yield part


def chosen(folder: str, store: Path) -> tuple[Embeddings | None, str | None]:
    """The model to use, if any, and a sentence on it; both None without a setting. Each model is measured once."""
    if not folder:
        return None, None
    place = Path(folder).expanduser()
    try:
        embed = opened(place)
        measured = _remembered(embed, place, store / KEPT)
    except ModelUnavailable as error:
        return None, str(error)
    except Exception as error:  # a model that fails on some text
        return None, _refusal(place, error)
    if measured.is_better:
        said = f"The embedding model {place} is used for English: it groups utterances better ({figures(measured)})."
        return Embeddings(embed, measured.join), said
    return None, f"The embedding model {place} is not used: it groups utterances no better ({figures(measured)})."


def figures(measured: Measured) -> str:
    """What was measured, in words."""
    (accuracy, nmi), (our_accuracy, our_nmi) = measured.theirs, measured.ours
    return f"accuracy {accuracy:.3f} and NMI {nmi:.3f}, ours {our_accuracy:.3f} and {our_nmi:.3f}"


def _remembered(embed: Embed, folder: Path, kept: Path) -> Measured:
    """What was measured of this model before, else measured now and kept."""
    known = version(folder)
    try:
        told = json.loads(kept.read_text("utf-8"))[known]
        return Measured(_score(told["ours"]), _score(told["theirs"]), float(told["join"]))
    except (OSError, ValueError, KeyError, TypeError):
        measured = measure(embed, evaluation.read(evaluation.FILE))
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(".new")
        fresh.write_text(json.dumps({known: asdict(measured)}), "utf-8")
        fresh.replace(kept)
        return measured


def _score(told: Sequence[float]) -> Score:
    accuracy, nmi = told
    return float(accuracy), float(nmi)
