"""The utterances that training draws from, in memory."""

import json
from pathlib import Path

import numpy as np

from tools.speech_model import vocabulary
from tools.speech_model.sentences import grammar
from tools.speech_model.utterances import read_shard


def words_path(shard: Path) -> Path:
    """Where align.py writes the word boundaries of a shard: a list of frames, or null, per utterance."""
    return shard.with_suffix(".words.json")


class Bank:
    """All utterances of a folder; `refresh` picks up shards and word boundaries written meanwhile."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.first: dict[Path, int] = {}
        self.aligned: set[Path] = set()
        self.mel: list[np.ndarray] = []
        self.text: list[str] = []
        self.tokens: list[list[int]] = []
        self.bounds: list[list[int] | None] = []
        self.by_voice: dict[str, list[int]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read what is new; sentences held out since they were spoken are left out of the draw."""
        for shard in sorted(self.folder.glob("s*_*.npz")):
            if shard not in self.first:
                self.first[shard] = len(self.mel)
                self._read(shard)
            if shard not in self.aligned and words_path(shard).exists():
                self.aligned.add(shard)
                bounds = json.loads(words_path(shard).read_text(encoding="utf-8"))
                self.bounds[self.first[shard] : self.first[shard] + len(bounds)] = bounds

    def _read(self, shard: Path) -> None:
        for text, voice, mel in read_shard(shard):
            if not grammar().held_out.holds(text):
                self.by_voice.setdefault(voice, []).append(len(self.mel))
            self.mel.append(mel)
            self.text.append(text)
            self.tokens.append(vocabulary.encode(text))
            self.bounds.append(None)

    def part(self, index: int, low: int, high: int) -> str:
        """The words of an utterance that mostly lie within its frames low..high; '' without boundaries."""
        bounds = self.bounds[index] or [0]
        spoken = zip(self.text[index].split(), bounds, bounds[1:], strict=False)
        kept = [word for word, start, end in spoken if min(end, high) - max(start, low) >= 0.55 * max(1, end - start)]
        return " ".join(kept)
