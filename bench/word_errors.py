"""Word error rate of the bundled model on the sample recordings, through Earshot's own ingest.

    python -m bench.word_errors [--model FOLDER]

The scripts are known (data/sample/reference.jsonl). Words are compared per call and channel, without capitals and
punctuation. The sample's own sentences are kept out of the model's training; its voices and most of its words are not.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from pathlib import Path

import jiwer

from ingest.recordings import Job, load_transcriber, process
from models.settings import SAMPLE

SPEAKERS = ("agent", "customer")


def words(turns: list[tuple[str, str]], speaker: str) -> str:
    """What one speaker says in (speaker, text) turns: small letters, no punctuation."""
    said = " ".join(text for who, text in turns if who == speaker)
    return " ".join(re.findall(r"[a-z']+", said.lower()))


def reference() -> dict[str, list[tuple[str, str]]]:
    """call_id -> the script's turns as (speaker, text)."""
    lines = (SAMPLE / "reference.jsonl").read_text("utf-8").splitlines()
    return {c["call_id"]: [(t["speaker"], t["text"]) for t in c["turns"]] for c in map(json.loads, lines)}


def measure(model: str) -> dict[str, tuple[list[str], list[str]]]:
    """call_id -> (what was said, what was heard), each for agent and customer."""
    scripts, found = reference(), {}
    with tempfile.TemporaryDirectory() as folder:
        job = Job(store=Path(folder), time_zone="Europe/Paris", model=model)
        transcriber = load_transcriber(job)
        for path in sorted(p for p in (SAMPLE / "recordings").iterdir() if p.suffix != ".json"):
            transcript = process(path, job, transcriber).transcript
            if transcript is None:
                raise SystemExit(f"{path.name} was refused")
            heard = [(t.speaker, t.text) for t in transcript.turns]
            said = scripts[transcript.call_id]
            found[transcript.call_id] = ([words(said, s) for s in SPEAKERS], [words(heard, s) for s in SPEAKERS])
    return found


def main() -> None:
    """Print the rate of every call, worst last, and of all."""
    parser = argparse.ArgumentParser(description="Word error rate on the sample recordings.")
    parser.add_argument("--model", default="demo", help="model folder [default: the bundled one]")
    found = measure(parser.parse_args().model)
    rates = sorted((jiwer.wer(said, heard), call_id) for call_id, (said, heard) in found.items())
    for rate, call_id in rates:
        print(f"{call_id:<22} {rate:6.1%}")
    said = [text for pair, _ in found.values() for text in pair]
    heard = [text for _, pair in found.values() for text in pair]
    all_words = sum(len(text.split()) for text in said)
    print(f"all {len(found)} calls, {all_words:,} words: {jiwer.wer(said, heard):.1%} word errors")


if __name__ == "__main__":
    main()
