"""From words to turns. Pure: the same words give the same turns.

A lane is what one voice says. Its words form utterances (broken by pauses), utterances of a lane form a turn
until the other voice says something of its own. An acknowledgement within the other's turn ("mm-hm", "I see")
gets its own short turn but doesn't tear the longer one apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.records import Speaker, Turn, Word

PAUSE_S = 0.6
"""A pause this long ends an utterance."""
DEAD_AIR_S = 4.0
"""A pause this long ends a turn even when nobody else speaks."""
ACKNOWLEDGEMENT_WORDS = 3
ACKNOWLEDGEMENT_S = 1.5
RESUME_S = 1.5
"""Within this time after an acknowledgement the speaker goes on, or it was the last word."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The words of one voice. Words carry their leading space, if their language has any."""

    speaker: Speaker
    words: Sequence[Word]


@dataclass(frozen=True, slots=True)
class _Utterance:
    lane: int
    words: tuple[Word, ...]

    @property
    def start_s(self) -> float:
        return self.words[0].start_s

    @property
    def end_s(self) -> float:
        return max(w.end_s for w in self.words)

    @property
    def acknowledges(self) -> bool:
        """Whether it is short enough to be said while listening."""
        return len(self.words) <= ACKNOWLEDGEMENT_WORDS and self.end_s - self.start_s <= ACKNOWLEDGEMENT_S


def turns(lanes: Sequence[Lane]) -> tuple[Turn, ...]:
    """Turns of all lanes in order of their start; every word is in exactly one of them, in its order."""
    said = [u for i, lane in enumerate(lanes) for u in _utterances(i, lane.words)]
    said.sort(key=lambda u: (u.start_s, u.lane))
    groups: list[list[_Utterance]] = []
    floor: list[_Utterance] = []
    for i, utterance in enumerate(said):
        if floor and utterance.lane == floor[-1].lane and utterance.start_s - floor[-1].end_s < DEAD_AIR_S:
            floor.append(utterance)
        elif floor and _listening(utterance, floor[-1], said[i + 1 :]):
            groups.append([utterance])
        else:
            floor = [utterance]
            groups.append(floor)
    return tuple(_turn(lanes[group[0].lane].speaker, group) for group in groups)


def _listening(aside: _Utterance, held: _Utterance, later: Sequence[_Utterance]) -> bool:
    """Whether ``aside`` is an acknowledgement, said while ``held`` is spoken, whose speaker then goes on."""
    if aside.lane == held.lane or not aside.acknowledges or aside.start_s >= held.end_s:
        return False
    if held.end_s > aside.end_s:
        return True
    for follower in later:
        if follower.start_s > aside.end_s + RESUME_S:
            return False
        if follower.lane == held.lane or not follower.acknowledges:
            return follower.lane == held.lane
    return False


def _utterances(lane: int, words: Sequence[Word]) -> list[_Utterance]:
    """``words`` in order of their start, broken at pauses; words without any text are left out."""
    made: list[_Utterance] = []
    run: list[Word] = []
    reached = 0.0
    for word in sorted((w for w in words if w.word.strip()), key=lambda w: w.start_s):
        if run and word.start_s - reached >= PAUSE_S:
            made.append(_Utterance(lane, tuple(run)))
            run = []
        run.append(word)
        reached = word.end_s if len(run) == 1 else max(reached, word.end_s)
    return [*made, _Utterance(lane, tuple(run))] if run else made


def _turn(speaker: Speaker, group: Sequence[_Utterance]) -> Turn:
    words = [w for u in group for w in u.words]
    text = " ".join("".join(w.word for w in u.words).strip() for u in group)
    return Turn(
        speaker=speaker,
        start_s=words[0].start_s,
        end_s=max(w.end_s for w in words),
        text=text,
        confidence=round(sum(w.probability for w in words) / len(words), 4),
        words=tuple(replace(w, word=w.word.strip()) for w in words),
    )
