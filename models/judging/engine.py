"""From a call and a scorecard to verdicts. Pure: the same call and the same scorecard give the same judgement.

For each criterion: did the occasion arise, which cues speak for and against, what do they add up to.
``score = clamp(min(1, prior + for) - against)``; from 0.5 on the criterion is met. Points against are taken off at the
end, so that a warm opening can't outweigh a sneer. A verdict without a quote is no verdict.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.judging.conduct import CLOCK, measure, measured_hits
from models.judging.hits import QUOTE_CHARACTERS, Heard, Hit, listen
from models.judging.records import CallSaid, Conduct, CriterionResult, Evidence, Judgement, Points
from models.judging.scorecard import Criterion, Scorecard, Weighed

MET_FROM = 0.5
OPENING_TURNS = 2
CLOSING_TURNS = 6
EARLY_TURNS = 6
ANSWER_TURNS = 2
NOISE = re.compile(r"\[[^\]]{1,30}\]|<[^>]{1,20}>")
"""How transcripts mark what was not understood: [inaudible], <unk>."""
NOISY = 0.4
"""Share of turns with such a mark from which a call needs an ear."""
QUOTES = 3
"""Quotes kept for each side."""
WEAK = 0.5
"""A quote that weighs less than this share of the strongest on its side is left out."""
OUTWEIGHED = 0.34
"""So is one that speaks against the verdict, and weighs less than this share of the strongest of all."""


@dataclass(frozen=True)
class Course:
    """A call as heard: its turns, the hits by family and speaker (or "anyone"), the agent's turns, the figures."""

    call: CallSaid
    heard: list[Heard]
    hits: dict[tuple[str, str], list[Hit]]
    agent: list[int]
    conduct: Conduct

    def speaker(self, hit: Hit) -> str:
        """Who says it."""
        return self.heard[hit.turn].said.speaker


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted for one side: total points, and the hits with their points."""

    points: float
    hits: tuple[tuple[float, Hit], ...]


def judge(call: CallSaid, scorecard: Scorecard) -> Judgement:
    """All verdicts on one call."""
    course = follow(call, scorecard)
    deaf = unheard(course, scorecard)
    results = tuple(
        CriterionResult(c.id, "not_assessable", None, 0.0, deaf) if deaf else verdict(c, course)
        for c in scorecard.criteria
    )
    return summed(call.call_id, scorecard, results, course.conduct)


def summed(call_id: str, scorecard: Scorecard, results: tuple[CriterionResult, ...], conduct: Conduct) -> Judgement:
    """The judgement of these results: weighted mean, and which criteria fail the call by themselves."""
    weights = {c.id: c.weight for c in scorecard.criteria}
    scored = [(weights[r.criterion], r.score) for r in results if r.score is not None]
    total = sum(weight for weight, _ in scored)
    overall = round(sum(weight * score for weight, score in scored) / total, 4) if total else None
    fatal = {c.id for c in scorecard.criteria if c.auto_fail}
    failed = tuple(r.criterion for r in results if r.criterion in fatal and r.result == "not_met")
    return Judgement(call_id, scorecard.version, results, conduct, 0.0 if failed else overall, failed)


def follow(call: CallSaid, scorecard: Scorecard) -> Course:
    """Read every turn, and file what counts by family."""
    heard = listen(call.turns, call.language, scorecard)
    conduct, found = measure(call, heard)
    measured = {f.id: f.measured for f in scorecard.families.values() if f.measured}
    hits: defaultdict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in [*(hit for h in heard for hit in h.hits), *measured_hits(heard, measured, found)]:
        hits[hit.family, heard[hit.turn].said.speaker].append(hit)
        hits[hit.family, "anyone"].append(hit)
    agent = [i for i, h in enumerate(heard) if h.said.speaker == "agent" and h.said.text.strip()]
    return Course(call, heard, dict(hits), agent, conduct)


def unheard(course: Course, scorecard: Scorecard) -> str:
    """Why the call needs an ear; empty when it can be judged."""
    limits = scorecard.assessable
    if not any(h.words for h in course.heard):
        return "nothing was said"
    if not course.agent:
        return "it is not known who the agent is"
    if not any(h.said.speaker == "customer" and h.words for h in course.heard):
        return "the customer is not heard"
    words = sum(course.heard[i].words for i in course.agent)
    if words < limits["min_agent_words"]:
        return "the agent says too little to judge"
    heard_words = sum(h.words for h in course.heard)
    known = sum(h.known_words for h in course.heard)
    if known < limits["min_known_share"] * heard_words:
        return "too little was understood"
    if sum(bool(NOISE.search(h.said.text)) for h in course.heard) > NOISY * len(course.heard):
        return "too little was understood"
    sure = [h.said.confidence for h in course.heard if h.said.confidence is not None]
    if sure and sum(sure) / len(sure) < limits["min_confidence"]:
        return "too little was understood"
    return ""


def verdict(criterion: Criterion, course: Course) -> CriterionResult:
    """The verdict on one criterion of a call that can be judged."""
    occasions, applies = occasion(criterion, course)
    if not applies:
        return CriterionResult(criterion.id, "not_applicable", None, 0.9, "no occasion arose")
    speaks_for = tally(criterion.speaks_for, course, occasions)
    against = tally(criterion.speaks_against, course, occasions)
    if not speaks_for.hits and tally(criterion.excused, course, occasions).points >= 1.0:
        return CriterionResult(criterion.id, "not_applicable", None, 0.7, "there was no need")
    score = round(max(0.0, min(1.0, criterion.prior + speaks_for.points) - against.points), 4)
    met = score >= MET_FROM
    evidence = quotes(speaks_for, against, met, course)
    reason = "cues"
    if not any(e.points == ("for" if met else "against") for e in evidence):
        reason = "nothing spoke against it" if met else "what was needed was not said"
        shown = silence(criterion, occasions, course, "for" if met else "against")
        evidence = [*(e for e in evidence if all(e.turn_no != other.turn_no for other in shown)), *shown]
    evidence.sort(key=lambda e: (e.turn_no, e.points, e.quote, e.why))
    confidence = round((0.5 + abs(score - MET_FROM)) * (1.0 if reason == "cues" else 0.8), 4)
    return CriterionResult(criterion.id, "met" if met else "not_met", score, confidence, reason, tuple(evidence))


def occasion(criterion: Criterion, course: Course) -> tuple[list[Hit], bool]:
    """The hits that make the criterion apply, in order, and whether it applies."""
    counted = tally(criterion.opportunity, course, [])
    hits = sorted({hit for _, hit in counted.hits}, key=lambda h: (h.turn, h.at, h.family, h.start, h.end))
    arose = counted.points - tally(criterion.routine, course, []).points
    if criterion.when == "always":
        return hits, True
    waited = criterion.when == "wait" and (course.call.wait_s or 0.0) >= criterion.min_wait_s
    return hits, waited or round(arose, 4) >= 1.0


def tally(weighed: Iterable[Weighed], course: Course, occasions: Sequence[Hit]) -> Tally:
    """Add up what these families bring."""
    total, counted = 0.0, []
    for item in weighed:
        hits = course.hits.get((item.family, item.speaker), [])
        if item.place != "anywhere" or item.beside or item.to:
            hits = [h for h in hits if counts(item, h, course, occasions)]
        if len(hits) >= item.at_least:
            total += min(item.most, item.points * len(hits))
            counted += [(item.points, hit) for hit in hits]
    return Tally(total, tuple(counted))


def counts(item: Weighed, hit: Hit, course: Course, occasions: Sequence[Hit]) -> bool:
    """Whether a hit is said at the right place, beside what it needs."""
    if item.beside and not any(h.turn == hit.turn for h in course.hits.get((item.beside, "anyone"), ())):
        return False
    if item.to and not answering(item, hit, course):
        return False
    match item.place:
        case "opening":
            return hit.turn in course.agent[:OPENING_TURNS]
        case "closing":
            return hit.turn >= len(course.heard) - CLOSING_TURNS
        case "early":
            return hit.turn < EARLY_TURNS
        case "after":
            return not occasions or hit.turn >= occasions[0].turn
        case "answer":
            return any(hit.turn in answers(course, o.turn) for o in occasions)
        case _:
            return True


def answering(item: Weighed, hit: Hit, course: Course) -> bool:
    """Whether a hit answers what somebody else said just before: within the next two turns of its speaker."""
    speaker = course.speaker(hit)
    said = course.hits.get((item.to or "", "anyone"), ())
    asked = {h.turn for h in said if h.turn < hit.turn and course.speaker(h) != speaker}
    between = sum(1 for h in course.heard[max(asked, default=0) + 1 : hit.turn] if h.said.speaker == speaker)
    return bool(asked) and between < ANSWER_TURNS


def answers(course: Course, turn: int) -> list[int]:
    """The agent's next turns after ``turn``."""
    return [i for i in course.agent if i > turn][:ANSWER_TURNS]


def quotes(speaks_for: Tally, against: Tally, met: bool, course: Course) -> list[Evidence]:
    """The sentences that weigh most on each side, each under the family that says it best, and on one side only."""
    winning: Points = "for" if met else "against"
    sides: dict[Points, list[tuple[float, Hit]]] = {"for": sentences(speaks_for), "against": sentences(against)}
    losing: Points = "against" if met else "for"
    for weight, hit in [*sides[losing]]:
        if hit.cue in CLOCK:
            continue
        rival = next(((w, h) for w, h in sides[winning] if overlap(h, hit) and h.cue not in CLOCK), None)
        if rival is not None and (rival[0] >= weight or len(sides[winning]) == 1):
            sides[losing].remove((weight, hit))
        elif rival is not None:
            sides[winning].remove(rival)
    strongest = max((weight for side in sides.values() for weight, _ in side), default=0.0)
    found = []
    for points, side in sides.items():
        least = max(WEAK * side[0][0] if side else 0.0, OUTWEIGHED * strongest if points == losing else 0.0)
        found += [evidence(course, hit, points) for weight, hit in side[:QUOTES] if weight >= least or hit.cue in CLOCK]
    return [e for e in found if e.quote]  # a turn in which nothing was said can't be quoted


def sentences(counted: Tally) -> list[tuple[float, Hit]]:
    """(weight, hit) of each sentence that counts, heaviest first: what the hit brings, and how clear its words are."""
    chosen: list[tuple[float, Hit]] = []
    taken: defaultdict[int, list[Hit]] = defaultdict(list)
    weighed = [(round(points * hit.clear, 4), hit) for points, hit in counted.hits]
    for weight, hit in sorted(weighed, key=lambda item: (-item[0], item[1].turn, item[1].at, item[1].family)):
        if not any(overlap(hit, other) for other in taken[hit.turn]):
            taken[hit.turn].append(hit)
            chosen.append((weight, hit))
    return chosen


def overlap(one: Hit, other: Hit) -> bool:
    """Whether two hits share words of the same turn."""
    return one.turn == other.turn and one.start < other.end and other.start < one.end


def evidence(course: Course, hit: Hit, points: Points) -> Evidence:
    """A hit as evidence."""
    said = course.heard[hit.turn].said
    return Evidence(said.turn_no, said.start_s, said.end_s, said.text[hit.start : hit.end].strip(), points, hit.family)


def silence(criterion: Criterion, occasions: Sequence[Hit], course: Course, points: Points) -> list[Evidence]:
    """What to quote where no cue was heard: the occasion, and what the agent said to it."""
    found = [evidence(course, occasions[0], points)] if occasions else []
    heard = course.heard
    began = next((i for i, h in enumerate(heard) if h.said.speaker == "customer" and h.words), -1)
    first = occasions[0].turn if occasions else began
    place = criterion.speaks_for[0].place if criterion.speaks_for else "anywhere"
    after = [i for i in course.agent if i > first] or course.agent
    turn = after[-1] if place == "closing" else after[0]
    said = course.heard[turn].said
    quote = said.text.strip()[:QUOTE_CHARACTERS].strip()
    if not quote:  # nothing was said there: nothing can be quoted
        return found
    return [*found, Evidence(said.turn_no, said.start_s, said.end_s, quote, points, "said instead")]
