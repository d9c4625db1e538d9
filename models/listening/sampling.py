"""Drawing the week's playlist. Pure: the same calls, mix and seed give the same playlist.

Random picks come first, each call of the frame with the same probability that is known beforehand: they alone speak
for all calls. The other picks are for learning; they fill the hour up.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, get_args

from models.errors import SettingsError

Pick = Literal["random", "at_risk", "long_wait", "exemplary", "uncertain"]
PICKS: tuple[Pick, ...] = get_args(Pick)
SHARE = re.compile(r"[0-9]{1,4}")
POOL_SHARE = 0.15
"""Share of the calls, by rank, that are at risk, long waits, exemplary or uncertain."""
SMALLEST_POOL = 5
LONG_WAIT_S = 60.0
"""No shorter wait is called long."""
TOLERANCE_S = 180.0
"""A playlist is full when less than this is left, and goes over its length by no more than this."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call that may be drawn. ``overall`` 0..1, ``predicted`` -2..2, ``confidence`` 0..1; None where not known."""

    call_id: str
    duration_s: float
    queue: str | None = None
    wait_s: float | None = None
    overall: float | None = None
    predicted: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A call of a playlist: why it was drawn, and how likely that was (for learning: drawn ÷ pool)."""

    candidate: Candidate
    pick: Pick
    probability: float


def parse_mix(text: str) -> dict[Pick, float]:
    """``random=50, at_risk=15…`` as shares that add up to 1. Raises SettingsError."""
    mix: dict[Pick, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, share = (piece.strip() for piece in part.partition("="))
        known = next((pick for pick in PICKS if pick == name), None)
        if known is None or not SHARE.fullmatch(share):
            raise SettingsError(
                f"The setting listening_mix has {part!r}; write shares like random=50, with {', '.join(PICKS)}."
            )
        mix[known] = float(share)
    total = sum(mix.values())
    if total <= 0 or not mix.get("random"):
        raise SettingsError("The setting listening_mix needs a share of random: only random picks speak for all calls.")
    return {pick: share / total for pick, share in mix.items()}


def systematic(probabilities: Sequence[float], start: float) -> list[int]:
    """Indices drawn so that each has exactly its probability (0..1) over ``start`` uniform in [0, 1).

    Madow's method: walk along the sum of the probabilities and take an index at start, start + 1, start + 2…
    """
    chosen, next_at = [], start
    for index, reached in enumerate(accumulate(probabilities)):
        if reached > next_at:
            chosen.append(index)
            next_at += 1
    return chosen


def inclusion_probability(frame: Sequence[Candidate], seconds: float) -> float:
    """The same for every call, so that ``seconds`` of sound are expected; 1 when there is less than that."""
    total_s = math.fsum(call.duration_s for call in frame)
    return min(1.0, seconds / total_s) if total_s > 0 else 0.0


def draw_random(frame: Sequence[Candidate], seconds: float, rng: random.Random) -> list[Drawn]:
    """Random picks of about ``seconds``. Spread over the queues; each call has the same probability."""
    probability = inclusion_probability(frame, seconds)
    if not probability:
        return []
    ordered = sorted(frame, key=lambda call: call.call_id)
    rng.shuffle(ordered)
    ordered.sort(key=lambda call: call.queue or "")
    taken = systematic([probability] * len(ordered), rng.random())
    return [Drawn(ordered[index], "random", probability) for index in taken]


def pools(frame: Sequence[Candidate]) -> dict[Pick, list[Candidate]]:
    """The calls worth hearing for each reason."""

    def top(pairs: Iterable[tuple[float, Candidate]]) -> list[Candidate]:
        ranked = sorted(pairs, key=lambda pair: (-pair[0], pair[1].call_id))
        return [call for _, call in ranked[: max(SMALLEST_POOL, round(POOL_SHARE * len(frame)))]]

    good = [(fortune, call) for call in frame if (fortune := fortune_of(call)) is not None]
    return {
        "at_risk": top((-fortune, call) for fortune, call in good if fortune < 0),
        "exemplary": top((fortune, call) for fortune, call in good if fortune > 0),
        "long_wait": top((call.wait_s, call) for call in frame if call.wait_s and call.wait_s >= LONG_WAIT_S),
        "uncertain": top((-call.confidence, call) for call in frame if call.confidence is not None),
    }


def fortune_of(call: Candidate) -> float | None:
    """How well a call went, about -1..1, from what was judged and predicted; None when neither is known."""
    known = [] if call.overall is None else [2 * call.overall - 1]
    known += [] if call.predicted is None else [call.predicted / 2]
    return sum(known) / len(known) if known else None


def draw(frame: Sequence[Candidate], mix: Mapping[Pick, float], seconds: float, seed: int) -> list[Drawn]:
    """A playlist of about ``seconds``, in the order in which it is best heard: reasons take turns."""
    rng = random.Random(seed)  # noqa: S311 - sampling, not secrets
    chosen = draw_random(frame, mix["random"] * seconds, rng)
    left_s = seconds - sum(drawn.candidate.duration_s for drawn in chosen)
    chosen += _for_learning(frame, {drawn.candidate.call_id for drawn in chosen}, mix, left_s, rng)
    return interleaved(chosen, rng)


def _for_learning(
    frame: Sequence[Candidate], taken: set[str], mix: Mapping[Pick, float], left_s: float, rng: random.Random
) -> list[Drawn]:
    """Calls for the other reasons until the time is used up, the reason furthest behind its share first."""
    all_pools = pools(frame)
    order = {
        pick: rng.sample(all_pools[pick], len(all_pools[pick]))
        for pick in PICKS
        if mix.get(pick, 0) > 0 and pick != "random"
    }
    spent = dict.fromkeys(order, 0.0)
    found: list[tuple[Candidate, Pick]] = []
    while left_s > TOLERANCE_S and order:
        pick = min(order, key=lambda p: (spent[p] / mix[p], PICKS.index(p)))
        call = next((c for c in order[pick] if c.call_id not in taken and c.duration_s <= left_s + TOLERANCE_S), None)
        if call is None:
            del order[pick]
            continue
        taken.add(call.call_id)
        found.append((call, pick))
        spent[pick] += call.duration_s
        left_s -= call.duration_s
    counts = {pick: sum(1 for _, p in found if p == pick) for pick in PICKS}
    return [Drawn(call, pick, counts[pick] / len(all_pools[pick])) for call, pick in found]


def interleaved(chosen: Sequence[Drawn], rng: random.Random) -> list[Drawn]:
    """Mixed, so that who stops early has heard some of each kind."""
    mixed = list(chosen)
    rng.shuffle(mixed)
    return mixed


def replacement(
    frame: Sequence[Candidate], taken: Iterable[str], pick: Pick, seconds: float, rng: random.Random
) -> Candidate | None:
    """Another call for the same reason; a random pick is replaced by chance alone, others by one of like length."""
    left = [call for call in (frame if pick == "random" else pools(frame)[pick]) if call.call_id not in set(taken)]
    if not left:
        return None
    rng.shuffle(left)
    return left[0] if pick == "random" else min(left[:5], key=lambda call: abs(call.duration_s - seconds))
