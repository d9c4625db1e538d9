"""How the call went, from turn times and the order of turns: interruptions, dead air, holds, greeting, curtness, echoes.

Without times nothing is guessed: the figures are None, "not measured". Each measure also names the turns it was found
in, so that a scorecard can count it like a cue (``measured = "interruption"`` in a family).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.judging.hits import QUOTE_CHARACTERS, Heard, Hit
from models.judging.records import CallSaid, Conduct, SaidTurn
from models.judging.scorecard import STEM

CLASH_S = 0.3
HELD_FLOOR_S = 0.5
ACKNOWLEDGEMENT_WORDS = 2
"""So few words said while the other speaks are listening ("mm-hm"), not interrupting."""
TALK_OVER_S = 1.0
DEAD_AIR_S = 8.0
HOLD_S = 12.0
LATE_GREETING_S = 10.0
CURT_WORDS = 3
CURT_SHARE = 0.5
ECHO_WORDS = 2

STRONG_ECHO_WORDS = 3
PICK_WORDS = 6
"""A customer who picks one of the ways offered names it in the first words of the answer."""

MEASURES = (
    "interruption", "dead_air", "hold_not_asked", "hold_not_thanked", "late_greeting", "curt", "echo", "strong_echo",
    "confirmed", "picked", "talk_over",
)  # fmt: skip

CLOCK = frozenset(("interruption", "dead_air", "hold_not_asked", "hold_not_thanked", "late_greeting", "talk_over"))
"""Measures that the clock tells: shown beside the words, however little they weigh."""


def has_times(turns: Sequence[SaidTurn]) -> bool:
    """Whether every turn has its times."""
    return bool(turns) and all(t.start_s is not None and t.end_s is not None for t in turns)


def measure(call: CallSaid, heard: Sequence[Heard]) -> tuple[Conduct, dict[str, tuple[int, ...]]]:
    """The figures of a call, and for each measure the indexes of the turns in which it was found."""
    found: dict[str, tuple[int, ...]] = dict.fromkeys(MEASURES, ())
    found["curt"] = tuple(curt(heard))
    found["echo"], found["strong_echo"] = tuple(echoes(heard)), tuple(echoes(heard, STRONG_ECHO_WORDS))
    found["confirmed"] = tuple(i for i in found["echo"] if replies(heard, i, "confirms"))
    found["picked"] = tuple(picks(heard))
    asked = [i for i, h in enumerate(heard) if says(h, "hold_asked")]
    thanked = [i for i, h in enumerate(heard) if says(h, "hold_thanked")]
    found["hold_not_thanked"] = tuple(i for i in asked if long_gap_after(heard, i) and not thanks_follow(heard, i))
    if not has_times(call.turns):
        return Conduct(holds=len(asked), holds_asked=len(asked), holds_thanked=len(thanked)), found
    gaps = list(silences(call.turns))
    expected = {i + k for i, h in enumerate(heard) for k in range(3) if says(h, "hold_asked") or says(h, "asks_moment")}
    found["interruption"] = tuple(interruptions(call.turns))
    found["talk_over"] = tuple(i for i in talks_over(call.turns) if i not in found["interruption"])
    found["dead_air"] = tuple(i for i, gap_s in gaps if gap_s >= DEAD_AIR_S and not {i, i - 1} & expected)
    unasked = tuple(i for i, gap_s in gaps if gap_s >= HOLD_S and not {i, i - 1} & expected)
    found["hold_not_asked"] = tuple(i for i in unasked if any(says(h, "hold_thanked") for h in heard[i + 1 : i + 2]))
    greeting_s = greeting_after(heard)
    if greeting_s is not None and greeting_s > LATE_GREETING_S:
        found["late_greeting"] = (next(i for i, h in enumerate(heard) if h.said.speaker == "agent"),)
    conduct = Conduct(
        interruptions=len(found["interruption"]) if call.agent_interruptions is None else call.agent_interruptions,
        talk_over_s=overlap_s(call.turns) if call.overlap_s is None else call.overlap_s,
        dead_air=len(found["dead_air"]),
        longest_dead_air_s=max((round(gap_s, 2) for _, gap_s in gaps), default=0.0),
        holds=len(asked) + len(found["hold_not_asked"]),
        holds_asked=len(asked),
        holds_thanked=len(thanked),
        greeting_after_s=greeting_s,
    )
    return conduct, found


def says(heard: Heard, family: str) -> bool:
    """Whether the agent gives a cue of this family in the turn."""
    return heard.said.speaker == "agent" and any(h.family == family for h in heard.hits)


def measured_hits(heard: Sequence[Heard], families: dict[str, str], found: dict[str, tuple[int, ...]]) -> Iterator[Hit]:
    """The measures as hits; ``families`` is family -> name of the measure."""
    for family, name in families.items():
        for turn in found[name]:
            text = heard[turn].said.text
            if not text.strip():
                continue  # nothing was said that could be quoted
            start = len(text) - len(text.lstrip())
            yield Hit(family, turn, start, start + len(text.strip()[:QUOTE_CHARACTERS]), name, -1)


def interruptions(turns: Sequence[SaidTurn]) -> Iterator[int]:
    """Indexes of the agent's turns that begin while the customer speaks, and make the customer stop."""
    for i, (before, turn) in enumerate(pairwise(turns), 1):
        if (before.speaker, turn.speaker) != ("customer", "agent"):
            continue
        began, stopped = turn.start_s or 0.0, before.end_s or 0.0
        spoken = began - (before.start_s or 0.0) >= HELD_FLOOR_S
        yields = began + CLASH_S <= stopped <= (turn.end_s or 0.0)
        if spoken and yields and len(turn.text.split()) > ACKNOWLEDGEMENT_WORDS - 1:
            yield i


def talks_over(turns: Sequence[SaidTurn]) -> Iterator[int]:
    """Indexes of the agent's turns that begin a second or more before the customer has finished."""
    for i, (before, turn) in enumerate(pairwise(turns), 1):
        both_s = min(before.end_s or 0.0, turn.end_s or 0.0) - (turn.start_s or 0.0)
        said = len(turn.text.split()) >= ACKNOWLEDGEMENT_WORDS
        if (before.speaker, turn.speaker) == ("customer", "agent") and said and both_s >= TALK_OVER_S:
            yield i


def overlap_s(turns: Sequence[SaidTurn]) -> float:
    """Seconds in which a turn runs into the next one of somebody else."""
    total = 0.0
    for before, turn in pairwise(turns):
        if before.speaker != turn.speaker:
            total += max(0.0, min(before.end_s or 0.0, turn.end_s or 0.0) - (turn.start_s or 0.0))
    return round(total, 2)


def silences(turns: Sequence[SaidTurn]) -> Iterator[tuple[int, float]]:
    """(index of the turn before it, seconds) of each silence between turns."""
    reached = turns[0].end_s or 0.0
    for i, turn in enumerate(turns[1:]):
        if (turn.start_s or 0.0) > reached:
            yield i, (turn.start_s or 0.0) - reached
        reached = max(reached, turn.end_s or 0.0)


def long_gap_after(heard: Sequence[Heard], turn: int) -> bool:
    """Whether a hold of some length follows within three turns; True too where there are no times."""
    ahead = [h.said for h in heard[turn : turn + 4]]
    return not has_times(ahead) or any(gap_s >= DEAD_AIR_S for _, gap_s in silences(ahead))


def thanks_follow(heard: Sequence[Heard], turn: int) -> bool:
    """Whether the agent thanks for holding within the next six turns."""
    return any(says(h, "hold_thanked") for h in heard[turn + 1 : turn + 7])


def greeting_after(heard: Sequence[Heard]) -> float | None:
    """Seconds until the agent greets, or, without a greeting, until they first speak."""
    agent = [h for h in heard if h.said.speaker == "agent"]
    first = next((h for h in agent[:3] if says(h, "greeting")), agent[0] if agent else None)
    return None if first is None else first.said.start_s


def curt(heard: Sequence[Heard]) -> list[int]:
    """The agent's shortest turns, when most of what the agent says is a word or three."""
    agent = [i for i, h in enumerate(heard) if h.said.speaker == "agent"]
    short = [i for i in agent if heard[i].words <= CURT_WORDS]
    return short[:2] if len(agent) >= 4 and len(short) >= CURT_SHARE * len(agent) else []


def echoes(heard: Sequence[Heard], words: int = ECHO_WORDS) -> Iterator[int]:
    """Indexes of the agent's turns that take up so many telling words of what the customer said before."""
    said: set[str] = set()
    for i, h in enumerate(heard):
        if h.said.speaker == "customer":
            said |= h.telling
        elif h.said.speaker == "agent" and len(h.telling & said) >= words:
            yield i


def replies(heard: Sequence[Heard], turn: int, family: str) -> bool:
    """Whether the customer's next turn has a cue of this family."""
    after = heard[turn + 1 : turn + 2]
    return any(h.said.speaker == "customer" and any(hit.family == family for hit in h.hits) for h in after)


def picks(heard: Sequence[Heard]) -> Iterator[int]:
    """Indexes of the agent's turns that name several ways, of which the customer then names one."""
    for i, (turn, answer) in enumerate(pairwise(heard)):
        if answer.said.speaker == "customer" and says(turn, "names_several"):
            first = {w for w in answer.line.words[: PICK_WORDS + 1] if w[:STEM] in answer.telling or w.isdigit()}
            if any(w in turn.line.words for w in first):
                yield i
