"""What judging takes in and hands out. Times are seconds from the beginning of the recording; ranges are half-open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.records import Speaker

Result = Literal["met", "not_met", "not_applicable", "not_assessable"]
Points = Literal["for", "against"]


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """One turn as it is judged. ``turn_no`` counts from 1; times are None where the transcript had none."""

    turn_no: int
    speaker: Speaker
    text: str
    start_s: float | None = None
    end_s: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class CallSaid:
    """Everything that judging knows of a call: what was said, and the wait that the queue log tells (else None)."""

    call_id: str
    turns: tuple[SaidTurn, ...]
    language: str | None = None
    wait_s: float | None = None
    overlap_s: float | None = None
    agent_interruptions: int | None = None
    longest_silence_s: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote, verbatim from its turn, that speaks for or against a criterion; ``why`` names the cue family."""

    turn_no: int
    start_s: float | None
    end_s: float | None
    quote: str
    points: Points
    why: str


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The verdict on one criterion. ``score`` (0..1) and evidence are there exactly for met and not_met."""

    criterion: str
    result: Result
    score: float | None
    confidence: float
    reason: str
    evidence: tuple[Evidence, ...] = ()
    judge: str = "scorecard"
    """Who decided: ``scorecard``, or ``remote:`` and the name of the model."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """What turn times and the recording tell of a call; None is "not measured"."""

    interruptions: int | None = None
    talk_over_s: float | None = None
    dead_air: int | None = None
    longest_dead_air_s: float | None = None
    holds: int = 0
    holds_asked: int = 0
    holds_thanked: int = 0
    greeting_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts on one call, in the order of the scorecard. ``overall`` is the weighted mean score, 0..1."""

    call_id: str
    scorecard_version: str
    results: tuple[CriterionResult, ...]
    conduct: Conduct
    overall: float | None
    auto_failed: tuple[str, ...] = ()
