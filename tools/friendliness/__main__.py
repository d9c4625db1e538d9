"""Train the friendliness leaning: `python -m tools.friendliness` writes data/friendliness/weights.npz (seconds)."""

from __future__ import annotations

import numpy as np

from models.friendliness import WEIGHTS
from models.ngrams import save
from tools.friendliness.fit import fit, read


def main() -> None:
    """Train on all requests."""
    requests = read()
    save(WEIGHTS, requests.names, fit(requests, np.arange(len(requests.polite))))
    print(f"{WEIGHTS.name}: {len(requests.polite)} requests, {WEIGHTS.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
