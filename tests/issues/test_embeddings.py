"""An embedding model of one's own: used where it is measured better, refused with a sentence where not, moving nothing settled."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from ingest.issues import Finder
from models.issues import embeddings, evaluation
from models.settings import Settings
from tests.issues.conftest import Load
from tests.issues.test_finding import settled

MATTERS = {
    "parcel": ["parcel", "package", "shipment", "delivery", "box", "consignment"],
    "bill": ["invoice", "bill", "statement", "charge", "fee", "payment"],
    "net": ["internet", "wifi", "router", "connection", "broadband", "line"],
    "visit": ["technician", "engineer", "fitter", "visit", "appointment", "mechanic"],
}  # fmt: skip
HOW = ["missing", "terrible", "strange", "ruined", "dreadful", "hopeless"]
PAIRS = [(f"{thing} {how}", matter) for matter, things in MATTERS.items() for thing in things for how in HOW]
"""The same matter in other words each time; what is said of it is the same for all: only synonyms tell matters apart."""


def field(number: int, value: int | bytes | str) -> bytes:
    """One field of a protobuf message: a number, or a length and bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    """A number, seven bits a byte."""
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def tensor(name: str, kind: int, *shape: str) -> bytes:
    """A named input or output (onnx.proto: ValueInfoProto); 1 is float, 7 is int64."""
    dims = b"".join(field(1, field(2, dim)) for dim in shape)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, dims)))


def onnx(table: np.ndarray) -> bytes:
    """A model that gives each token its row of ``table`` (onnx.proto: ModelProto with one Gather)."""
    values = b"".join(field(1, size) for size in table.shape) + field(2, 1) + field(8, "table")
    values += field(9, table.astype("<f4").tobytes())
    node = field(1, "table") + field(1, "input_ids") + field(2, "last_hidden_state") + field(4, "Gather")
    graph = field(1, node) + field(2, "g") + field(5, values)
    graph += field(11, tensor("input_ids", 7, "batch", "length")) + field(
        12, tensor("last_hidden_state", 1, "batch", "length", "width")
    )
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))


def model(folder: Path, rows: dict[str, np.ndarray]) -> Path:
    """A folder with a real model that knows these words; unknown ones are 0."""
    folder.mkdir()
    words = ["[UNK]", "[PAD]", *rows]
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    width = len(next(iter(rows.values())))
    (folder / "model.onnx").write_bytes(onnx(np.array([np.zeros(width)] * 2 + list(rows.values()))))
    return folder


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A model to which synonyms are one word."""
    rows = {thing: np.eye(8)[n] for n, things in enumerate(MATTERS.values()) for thing in things}
    return model(tmp_path / "good", {**rows, **{how: 0.2 * np.eye(8)[7] for how in HOW}})


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A model that knows few words, and to which all of them are the same."""
    words = [*(thing for things in MATTERS.values() for thing in things), *HOW]
    return model(tmp_path / "bad", {word: np.ones(8) for word in words})


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made labelled set in place of the real one."""
    file = tmp_path / "utterances.jsonl"
    file.write_text("\n".join(json.dumps({"utterance": text, "intent": matter}) for text, matter in PAIRS), "utf-8")
    monkeypatch.setattr(evaluation, "FILE", file)
    return file


def test_texts_are_the_mean_of_their_tokens(good: Path) -> None:
    """Padding counts for nothing: a text has the same vector alone and beside a longer one."""
    embed = embeddings.opened(good)
    alone, beside = embed(["parcel"]), embed(["parcel", "package ruined strange bill"])
    assert np.allclose(alone[0], np.eye(8)[0])
    assert np.allclose(beside[0], alone[0])
    assert np.allclose(embed(["parcel package"])[0], np.eye(8)[0])


@pytest.mark.usefixtures("labelled")
def test_a_better_model_is_used_and_measured_once(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used with the sentence that says so; the second time nothing is measured, until a file of it changes."""
    used, told = embeddings.chosen(str(good), tmp_path / "store")
    assert used is not None and told is not None and "is used for English" in told
    with monkeypatch.context() as patch:
        patch.setattr(embeddings, "measure", lambda *_: pytest.fail("measured again"))
        assert embeddings.chosen(str(good), tmp_path / "store")[1] == told
    before = embeddings.version(good)
    (good / "model.onnx").write_bytes(onnx(np.ones((2, 3))))
    assert embeddings.version(good) != before


def test_a_worse_model_is_refused_with_a_sentence(bad: Path, tmp_path: Path) -> None:
    """On the labelled utterances that come with Earshot: it is not used, and the sentence has both figures."""
    used, told = embeddings.chosen(str(bad), tmp_path / "store")
    assert used is None and told is not None
    assert "is not used: it groups utterances no better" in told and "ours" in told


@pytest.mark.parametrize("broken", ["nothing", "no tokenizer", "no model", "another model"])
def test_what_cannot_be_loaded_is_one_sentence(good: Path, tmp_path: Path, broken: str) -> None:
    """A missing folder or file, and files that are something else, are one sentence each; issues go on without."""
    folder = tmp_path / "nowhere" if broken == "nothing" else good
    if broken == "no tokenizer":
        (good / "tokenizer.json").unlink()
    if broken == "no model":
        (good / "model.onnx").write_bytes(b"not a model")
    if broken == "another model":
        (good / "tokenizer.json").write_text("{}")
    used, told = embeddings.chosen(str(folder), tmp_path / "store")
    assert used is None and told is not None
    assert str(folder) in told and told.endswith("issues are found without it.") and "\n" not in told


@pytest.mark.usefixtures("labelled")
def test_switching_moves_nothing_settled(settings: Settings, load: Load, good: Path) -> None:
    """Issues found without a model keep their ids and calls with it, what comes later joins them, and the same back again."""
    load("parcel")
    load("charged")
    Finder(settings, 1).run()
    before = settled(settings)
    modelled = replace(settings, issue_embeddings=str(good))
    load("parcel", range(3), day=7)
    done = Finder(modelled, 1).run()
    assert done.embeddings is not None and "is used" in done.embeddings
    with_model = settled(settings)
    assert {key: with_model[key] for key in before} == before
    assert {with_model[f"parcel-7-{n}", 2] for n in range(3)} == {before["parcel-0-0", 2]}
    load("charged", range(2), day=14)
    assert Finder(settings, 1).run().embeddings is None
    after = settled(settings)
    assert {key: after[key] for key in with_model} == with_model
    assert after["charged-14-0", 2] == before["charged-0-0", 2]
