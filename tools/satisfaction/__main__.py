"""Train the predicted satisfaction, or reduce the published file to what training needs.

    python -m tools.satisfaction                            trains, writes data/satisfaction/weights.npz (minutes)
    python -m tools.satisfaction --reduce train_data_en.json    writes data/satisfaction/counts.npz first

`python -m bench.satisfaction` measures; training picks its hyper-parameters by cross-validation, without a seed to set.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from models.ngrams import save
from models.satisfaction import WEIGHTS
from tools.satisfaction.data import Rated, read, reduce
from tools.satisfaction.fit import Choice, choose, fit, table


def train(rated: Rated, target: Path, choice: Choice | None = None) -> Choice:
    """Write the weights that ``choice`` gives on all dialogues; without one, cross-validation chooses."""
    data, rows = table(rated), np.arange(len(rated.ratings))
    choice = choice or choose(data, rows)
    _, weights = next(fit(data, rows, [choice]))
    save(target, rated.names, weights)
    return choice


def main() -> None:
    """Reduce if asked, then train."""
    parser = argparse.ArgumentParser(prog="python -m tools.satisfaction", description="Train predicted satisfaction.")
    parser.add_argument("--reduce", type=Path, metavar="FILE", help="the published training file (JSON)")
    source = parser.parse_args().reduce
    if source:
        reduce(source)
    choice = train(read(), WEIGHTS)
    print(f"{WEIGHTS.name}: penalty {choice.alpha}, power {choice.power}, {WEIGHTS.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
