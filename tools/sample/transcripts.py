"""Calls of which only the transcript exists: `transcripts/calls.jsonl`, written by `talk.py`.

What was planted in each call (its problem and what the agent did well or badly) goes to `truth.jsonl`.
"""

import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tools.sample.plan import SAMPLE_DIR, PlannedCall, at_epoch, first_midnight, seeded, unique_id
from tools.sample.recordings import planned_recordings
from tools.sample.roster import agents, epoch_at, on_the_phone
from tools.sample.scripts import read_scripts
from tools.sample.talk import (
    PART_OF_DAY,
    Case,
    Talk,
    read_fragments,
    timed,
    wait_in_words,
    write_problem_call,
    write_routine_call,
    write_unintelligible_call,
)

# Calls a week from week 1 to 8. app_logout emerges in week 7; roaming_fee was fixed at the end of week 4.
ENGLISH = {
    "charged_twice": (4, 4, 3, 4, 4, 4, 4, 4),
    "parcel_missing": (4, 3, 4, 4, 4, 3, 4, 4),
    "internet_evening": (3, 4, 4, 3, 4, 4, 4, 4),
    "reset_email": (2, 3, 2, 2, 3, 2, 3, 2),
    "technician_missed": (2, 2, 3, 2, 3, 2, 2, 3),
    "refund_missing": (3, 2, 2, 3, 2, 2, 3, 2),
    "app_logout": (0, 0, 1, 0, 1, 1, 7, 15),
    "roaming_fee": (6, 6, 5, 6, 1, 0, 1, 0),
    "wrong_item": (1, 1, 1, 1, 1, 1, 1, 1),
    "none": (3, 4, 3, 3, 4, 3, 3, 4),
    "unintelligible": (1, 0, 1, 1, 0, 1, 1, 0),
}
FRENCH = {
    "charged_twice": (1, 1, 1, 2, 1, 1, 1, 1),
    "parcel_missing": (1, 1, 1, 1, 1, 2, 1, 1),
    "internet_evening": (1, 1, 2, 1, 1, 1, 1, 1),
    "reset_email": (1, 1, 0, 1, 1, 0, 1, 1),
    "technician_missed": (1, 0, 1, 1, 0, 1, 1, 1),
    "refund_missing": (1, 1, 0, 1, 1, 0, 1, 0),
    "app_logout": (0, 0, 0, 0, 0, 0, 2, 4),
    "none": (1, 1, 1, 1, 1, 1, 1, 2),
    "unintelligible": (0, 0, 1, 0, 0, 0, 0, 0),
}
NAMES = {
    "en": ("Mrs Walker", "Mr Cooper", "Ms Hughes", "Mr Patel", "Mrs Novak", "Mr Sullivan", "Ms Reed", "Mr Okafor"),
    "fr": ("madame Petit", "monsieur Garnier", "madame Chevalier", "monsieur Roux", "madame Benali"),
}
WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
}
PRODUCTS = {
    "en": ("phone", "router", "tablet", "headset", "camera"),
    "fr": ("le téléphone", "la tablette", "le casque", "la box"),
}
REPEAT_SHARE = 0.2
BUSY_CLOCKS = ("09:05", "10:50")
UNTIMED_WEEK = 1


@dataclass
class Diary:
    """Which stretches of time (epochs) each agent has already been given, by agent name."""

    taken: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def free(self, agent: str, begin: int, end: int) -> bool:
        """Whether `agent` works from `begin` to `end` and has no other call then."""
        return on_the_phone(agents()[agent], begin, end) and all(
            end <= other_begin or begin >= other_end for other_begin, other_end in self.taken[agent]
        )

    def take(self, call: PlannedCall) -> None:
        """Keep the time of `call`, with room before and after it."""
        begin = int(call.entered_at.timestamp()) + call.wait_s
        self.taken[call.agent].append((begin - 180, begin + call.talk_s + 180))


def all_cases(rng: random.Random) -> list[Case]:
    """Every call to write, in the order of the weeks."""
    cases = [
        Case(language, problem, week)
        for language, table in (("en", ENGLISH), ("fr", FRENCH))
        for problem, counts in table.items()
        for week, count in enumerate(counts, start=1)
        for _ in range(count)
    ]
    rng.shuffle(cases)
    return sorted(cases, key=lambda case: case.week)


def draw_wait_s(rng: random.Random) -> int:
    """Seconds in the queue: mostly short, sometimes minutes."""
    kind = rng.random()
    if kind < 0.72:
        return rng.randint(4, 19)
    return rng.randint(22, 85) if kind < 0.85 else rng.randint(95, 420)


def choose_time(case: Case, agent: str, wait_s: int, talk_s: int, diary: Diary, rng: random.Random) -> int | None:
    """An epoch at which the call can enter its queue: answered by `agent`, after the call it repeats; or None.

    Long waits fall on busy hours where the agent is at work then.
    """
    monday = first_midnight().date() + timedelta(weeks=case.week - 1)
    for attempt in range(60):
        busy = wait_s > 90 and attempt < 20
        day: date = monday + timedelta(days=0 if busy else rng.choice((0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5)))
        low, high = BUSY_CLOCKS if busy else ("08:05", "19:40")
        entered = rng.randint(epoch_at(day, low), epoch_at(day, high))
        answered = entered + wait_s
        late_enough = case.earlier is None or entered > case.earlier.entered_at.timestamp() + 20 * 3600
        if late_enough and diary.free(agent, answered - 120, answered + talk_s + 120):
            return entered
    return None


class Writer:
    """Writes all transcript-only calls, keeping track of agents' time, customers and statements used."""

    def __init__(self) -> None:
        self.rng = seeded("transcripts")
        self.words = {language: read_fragments(language) for language in NAMES}
        self.diary = Diary()
        self.statements: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.previous: dict[tuple[str, str], list[PlannedCall]] = defaultdict(list)
        self.customers = self.rng.sample(range(10_000), 600)
        for call in planned_recordings():
            self.diary.take(call)

    def _customer(self, case: Case) -> None:
        """Give the case a customer: a new one, or one who called about the same before."""
        earlier = [
            call
            for call in self.previous[case.language, case.problem]
            if _week(call) == case.week - 1 or (_week(call) == case.week and call.entered_at.isoweekday() < 3)
        ]
        if case.problem not in ("none", "unintelligible") and earlier and self.rng.random() < REPEAT_SHARE:
            case.earlier = self.rng.choice(earlier)
            case.customer = case.earlier.customer
        else:
            case.customer = f"+3363998{self.customers.pop():04d}"

    def _statement(self, case: Case) -> str:
        """A statement of the problem; each is used once before any is used again."""
        pool = self.statements[case.language, case.problem]
        if not pool:
            pool += self.rng.sample(
                states := self.words[case.language]["problems"][case.problem]["states"], len(states)
            )
        return pool.pop()

    def _slots(self, case: Case, agent: str, wait_s: int) -> dict[str, str]:
        """What may be filled into sentences."""
        rng, language = self.rng, case.language
        return {
            "agent": agents()[agent].first_name,
            "customer_name": rng.choice(NAMES[language]),
            "amount": f"{rng.choice((19, 24, 29, 35, 39, 42, 48, 55, 62, 75, 89, 120))} euros",
            "number": str(rng.randint(10_000, 99_999)),
            "weekday": rng.choice(WEEKDAYS[language]),
            "product": rng.choice(PRODUCTS[language]),
            "years": str(rng.randint(3, 15)),
            "part_of_day": PART_OF_DAY,
            "wait_words": wait_in_words(wait_s, language),
        }

    def _talk(self, case: Case, agent: str, wait_s: int, routine: dict) -> Talk:
        """The words of the call."""
        talk = Talk(self.rng, self.words[case.language], self._slots(case, agent, wait_s))
        if case.problem == "none":
            write_routine_call(talk, agents()[agent], case, wait_s, routine)
        elif case.problem == "unintelligible":
            write_unintelligible_call(talk, agents()[agent])
        else:
            write_problem_call(talk, agents()[agent], case, wait_s, self._statement(case))
        return talk

    def write(self, case: Case) -> tuple[PlannedCall, dict, dict]:
        """One call with its transcript and its truth."""
        self._customer(case)
        routine = self.rng.choice(list(self.words[case.language]["routines"].values()))
        queue = (self.words[case.language]["problems"].get(case.problem) or routine)["queue"]
        able = [name for name, agent in agents().items() if queue in agent.queues]
        for _ in range(20):
            agent, wait_s = self.rng.choice(able), draw_wait_s(self.rng)
            talk = self._talk(case, agent, wait_s, routine)
            turns = timed(talk.turns, self.rng)
            talk_s = round(turns[-1]["end_s"] + 1.5)
            entered = choose_time(case, agent, wait_s, talk_s, self.diary, self.rng)
            if entered is not None:
                break
        else:
            raise RuntimeError(f"no time found for {case}")
        call = PlannedCall(unique_id(at_epoch(entered)), at_epoch(entered), queue, agent, case.customer, wait_s, talk_s)
        self.diary.take(call)
        self.previous[case.language, case.problem].append(call)
        hour = call.entered_at.hour
        part_of_day = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
        turns = [turn | {"text": turn["text"].replace(PART_OF_DAY, part_of_day)} for turn in turns]
        return call, _transcript(call, case, turns), _truth(call, case, talk)


def _week(call: PlannedCall) -> int:
    """The week (1 to 8) in which a call was made."""
    return (call.entered_at.date() - first_midnight().date()).days // 7 + 1


def _transcript(call: PlannedCall, case: Case, turns: list[dict]) -> dict:
    """The transcript as it is read by `earshot ingest transcripts`; some old French ones have no times."""
    if case.language == "fr" and case.week == UNTIMED_WEEK:
        turns = [{"speaker": turn["speaker"], "text": turn["text"]} for turn in turns]
    return {
        "call_id": call.call_id,
        "started_at": call.entered_at.isoformat(),
        "queue": call.queue,
        "agent_id": call.agent,
        "customer_id": call.customer,
        "language": case.language,
        "turns": turns,
    }


def _truth(call: PlannedCall, case: Case, talk: Talk) -> dict:
    """What was planted in a transcript-only call."""
    return {
        "call_id": call.call_id,
        "problem": case.problem,
        "repeats": case.earlier and case.earlier.call_id,
        "qualities": talk.qualities,
    }


def recorded_truth() -> list[dict]:
    """What was planted in the recorded calls."""
    calls = dict(zip((script.call for script in read_scripts()), planned_recordings(), strict=True))
    return [
        {
            "call_id": calls[script.call].call_id,
            "problem": script.problem,
            "repeats": None,
            "qualities": dict.fromkeys(script.met, "met") | dict.fromkeys(script.not_met, "not_met"),
        }
        for script in read_scripts()
    ]


def planned_transcripts() -> list[PlannedCall]:
    """The transcript-only calls, as the writer plans them."""
    writer = Writer()
    return [writer.write(case)[0] for case in all_cases(seeded("cases"))]


def write_transcripts(out_dir: Path = SAMPLE_DIR) -> None:
    """Write `transcripts/calls.jsonl` and `truth.jsonl`, in the order of time."""
    writer = Writer()
    written = sorted((writer.write(case) for case in all_cases(seeded("cases"))), key=lambda item: item[0].entered_at)
    (out_dir / "transcripts").mkdir(parents=True, exist_ok=True)
    _write_lines(out_dir / "transcripts" / "calls.jsonl", [transcript for _, transcript, _ in written])
    _write_lines(out_dir / "truth.jsonl", recorded_truth() + [truth for *_, truth in written])
    print(f"{len(written)} transcripts")


def _write_lines(path: Path, rows: list[dict]) -> None:
    """JSON Lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
