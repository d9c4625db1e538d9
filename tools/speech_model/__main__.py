"""The recipe of the bundled speech model, step by step: `python -m tools.speech_model STEP` (see README.md)."""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from tools.speech_model import paths

# a step imports what it needs when it runs: checking the grammar must not need PyTorch


def check_voices(_: argparse.Namespace) -> None:
    """have every voice speak once"""
    from tools.speech_model.voices import check

    check()


def learn_tokenizer(_: argparse.Namespace) -> None:
    """learn the tokenizer from the grammar"""
    from tools.speech_model.vocabulary import build

    build(paths.TOKENIZER)


def speak_utterances(options: argparse.Namespace) -> None:
    """speak sentences of the grammar into the utterance bank"""
    from tools.speech_model.utterances import synthesise

    synthesise(paths.UTTERANCES, options.seed, options.count)


def align_words(options: argparse.Namespace) -> None:
    """find the word boundaries of every utterance (once the weights spell well)"""
    from tools.speech_model.align import align

    align(paths.UTTERANCES, options.weights, options.shards)


def train_model(options: argparse.Namespace) -> None:
    """train, or go on from the saved state, for so many minutes in all"""
    from tools.speech_model.train import Plan, train

    train(Plan(paths.UTTERANCES, options.weights, options.minutes, options.init, options.peak, options.batch))


def choose_heads(options: argparse.Namespace) -> None:
    """choose the attention heads that tell word times"""
    from tools.speech_model.heads import choose

    choose(paths.UTTERANCES, options.weights, paths.HEADS)


def export_model(options: argparse.Namespace) -> None:
    """write the folder that faster-whisper loads"""
    from tools.speech_model.export import export

    export(options.weights, paths.tokenizer_file(), paths.HEADS, options.out)


def speak_calls(options: argparse.Namespace) -> None:
    """speak fresh calls to measure on"""
    from tools.speech_model.calls import write_calls

    write_calls(options.calls, options.seed, options.count, paths.UTTERANCES, options.unheard_voices)


def evaluate_model(options: argparse.Namespace) -> None:
    """measure a model folder on the fresh calls, or on the sample recordings"""
    from tools.speech_model.evaluate import Decoding, evaluate, sample_recordings, synthetic_calls

    channels = sample_recordings(paths.SAMPLE) if options.sample else synthetic_calls(options.calls)
    how = Decoding(
        options.threshold,
        options.min_silence_ms,
        options.pad_ms,
        beam=options.beam,
        batch=options.batch,
        words=options.words,
        joined=options.joined,
    )
    evaluate(options.model, channels, how, show=options.show)


def install_model(options: argparse.Namespace) -> None:
    """copy the exported folder to data/speech_model"""
    for path in sorted(options.out.iterdir()):
        shutil.copyfile(path, paths.MODEL / path.name)


def build_all(options: argparse.Namespace) -> None:
    """every step from nothing to a measured model (hours)"""
    for line in (
        "voices-check",
        "tokenizer",
        "utterances --seed 1 --count 30000",
        f"train --minutes {options.minutes / 2}",
        "align",
        f"train --minutes {options.minutes}",
        "heads",
        "export",
        "calls --seed 777 --count 10",
        "evaluate",
    ):
        print(f"== {line}", flush=True)
        run(line.split())


STEPS: dict[str, Callable[[argparse.Namespace], None]] = {
    "voices-check": check_voices,
    "tokenizer": learn_tokenizer,
    "utterances": speak_utterances,
    "train": train_model,
    "align": align_words,
    "heads": choose_heads,
    "export": export_model,
    "calls": speak_calls,
    "evaluate": evaluate_model,
    "install": install_model,
    "all": build_all,
}


def options_of(step: argparse.ArgumentParser, name: str) -> None:
    """The options of one step."""
    if name in ("train", "align", "heads", "export"):
        step.add_argument("--weights", type=Path, default=paths.WEIGHTS, help="weights to write or read")
    if name in ("export", "install"):
        step.add_argument("--out", type=Path, default=paths.EXPORTED, help="the exported folder")
    if name in ("train", "all"):
        step.add_argument("--minutes", type=float, default=240, help="minutes of training in all")
    if name == "train":
        step.add_argument("--init", type=Path, help="weights (safetensors) to start from instead of from scratch")
        step.add_argument("--peak", type=float, default=1.5e-3, help="highest learning rate")
        step.add_argument("--batch", type=int, default=16, help="windows a step")
    if name == "align":
        step.add_argument("--shards", type=int, default=40, help="shards to align at most")
    if name in ("utterances", "calls"):
        step.add_argument("--seed", type=int, default=1)
        step.add_argument("--count", type=int, default=10, help="how many to speak")
    if name in ("calls", "evaluate"):
        step.add_argument("--calls", type=Path, default=paths.CALLS, help="folder of the fresh calls")
    if name == "calls":
        step.add_argument("--unheard-voices", action="store_true", help="voices that training never heard")
    if name == "evaluate":
        decoding_options(step)


def decoding_options(step: argparse.ArgumentParser) -> None:
    """The options of `evaluate`."""
    step.add_argument("--model", type=Path, default=paths.EXPORTED, help="the folder to measure")
    step.add_argument("--sample", action="store_true", help="measure on the sample recordings")
    step.add_argument("--show", action="store_true", help="print what was said and heard")
    step.add_argument("--words", action="store_true", help="measure word times as well")
    step.add_argument("--joined", action="store_true", help="join clips into windows of six seconds: faster")
    step.add_argument("--threshold", type=float, default=0.5, help="of the voice-activity detector")
    step.add_argument("--min-silence-ms", type=int, default=160)
    step.add_argument("--pad-ms", type=int, default=200)
    step.add_argument("--beam", type=int, default=5)
    step.add_argument("--batch", type=int, default=8)


def run(arguments: list[str] | None = None) -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(prog="python -m tools.speech_model", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    for name, action in STEPS.items():
        step = steps.add_parser(name, help=action.__doc__, description=action.__doc__)
        options_of(step, name)
        step.set_defaults(action=action)
    options = parser.parse_args(arguments)
    options.action(options)


if __name__ == "__main__":
    run()
