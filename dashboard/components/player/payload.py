"""What the player shows, as plain data: turns with the words to set apart, lanes, silences. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.intervals import Interval, clip, union

UNSURE = 0.5
"""A word that the speech model gave less than this probability is shown lighter."""

SHORTEST_SILENCE_S = 1.5
SHORTEST_HOLD_S = 10.0
"""So long without a turn is a hold, whatever music plays."""
HOLD_MARGIN_S = 1.0
"""Kept on each side of a hold: a turn's times are not exact, and one should hear that a hold begins."""
QUIETEST_LEVEL = 4
QUIET_SHARE = 0.04
"""A slice is silent when all lanes stay below this share of the loudest level, of 255."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One recording as the player gets it; seconds are seconds of the recording."""

    recording_id: str
    token: str
    duration_s: float
    waveform: Sequence[Sequence[int]]
    agent_known: bool
    resume_s: float = 0.0
    heard: Sequence[Interval] = ()
    clip: Interval | None = None
    """The stretch that is played alone; None: all of it."""
    said: Sequence[Interval] = ()
    """When somebody speaks, by the times of the turns; empty where these are not known."""

    def to_skip(self) -> list[Interval]:
        """Silences, and holds in which music plays or a queue's voice speaks, sorted and disjoint."""
        return union([*silences(self.waveform, self.duration_s), *holds(self.said, self.duration_s)])

    def payload(self) -> dict[str, Any]:
        """For the player's script."""
        return {
            "recording_id": self.recording_id,
            "token": self.token,
            "duration_s": self.duration_s,
            "lanes": lanes(self.waveform, self.agent_known),
            "silences": [list(one) for one in self.to_skip()],
            "resume_s": self.resume_s,
            "heard": [list(interval) for interval in self.heard],
            "clip": list(self.clip) if self.clip else None,
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """Evidence in a turn: the criterion's name, and whether the quote speaks for it."""

    turn_no: int
    label: str
    is_for: bool


def turn_payload(turn: Mapping[str, Any], marks: Sequence[Mark] = ()) -> dict[str, Any]:
    """A row of `turns` for the player's script, with the marks of that turn, each once."""
    return {
        "who": turn["speaker"] if turn["speaker"] in ("agent", "customer") else "unknown",
        "at": turn["start_s"],
        "text": turn["text"],
        "unsure": unsure_ranges(turn["text"], turn["words"] or ()),
        "marks": [
            {"label": m.label, "for": m.is_for} for m in dict.fromkeys(marks) if m.turn_no == turn.get("turn_no")
        ],
    }


def unsure_ranges(text: str, words: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Where in ``text`` the words stand that the model was unsure of: half-open, in order, in UTF-16 units.

    A word that is not in the text (it was redacted) is passed over.
    """
    out, end = [], 0
    for word in words:
        start = text.find(wanted := str(word["word"]).strip(), end) if word["word"] else -1
        if start < 0 or not wanted:
            continue
        end = start + len(wanted)
        if word["probability"] is not None and word["probability"] < UNSURE:
            out.append((_utf16(text, start), _utf16(text, end)))
    return out


def _utf16(text: str, index: int) -> int:
    """The index that JavaScript has for ``index``: it counts in UTF-16."""
    return len(text[:index].encode("utf-16-le")) // 2


def lanes(waveform: Sequence[Sequence[int]], agent_known: bool) -> list[dict[str, Any]]:
    """The lanes with whose they are: agent and customer where that is known, else the channels, or all in one."""
    names = ("both",)
    if len(waveform) > 1:
        names = ("agent", "customer") if agent_known else ("channel_1", "channel_2")  # type: ignore[assignment]
    return [{"who": name, "levels": list(levels)} for name, levels in zip(names, waveform, strict=False)]


def silences(waveform: Sequence[Sequence[int]], duration_s: float) -> list[Interval]:
    """Stretches in which nobody speaks, long enough to be worth skipping."""
    loudest = [max(levels) for levels in zip(*waveform, strict=False)]
    if not loudest:
        return []
    limit = max(QUIETEST_LEVEL, QUIET_SHARE * max(loudest))
    slice_s = duration_s / len(loudest)
    out: list[Interval] = []
    start: int | None = None
    for index, level in enumerate([*loudest, 256]):
        if level < limit:
            start = index if start is None else start
        elif start is not None:
            if (index - start) * slice_s >= SHORTEST_SILENCE_S:
                out.append((round(start * slice_s, 2), round(index * slice_s, 2)))
            start = None
    return out


def holds(said: Sequence[Interval], duration_s: float) -> list[Interval]:
    """Long stretches before and between turns in which nobody speaks, less a margin. None where no turn has a time.

    What follows the last turn is left alone: it is more often a farewell that was not understood than a hold.
    """
    found, end_s = [], 0.0
    for start, end in union(clip(said, 0.0, duration_s)):
        if start - end_s >= SHORTEST_HOLD_S:
            found.append((round(end_s + (HOLD_MARGIN_S if end_s else 0.0), 2), round(start - HOLD_MARGIN_S, 2)))
        end_s = end
    return found
