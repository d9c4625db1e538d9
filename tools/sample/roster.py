"""The agents of the sample call centre and their shifts, read from `roster.toml`."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from tools.sample.plan import zone

LUNCH_S = 45 * 60


@dataclass(frozen=True)
class Agent:
    """An agent: queues, shift (a key of `shifts`), weekdays (1 = Monday), and how they treat customers (0…1)."""

    name: str
    queues: tuple[str, ...]
    shift: str
    days: tuple[int, ...]
    warmth: float
    listening: float
    skill: float
    monday_meeting: bool = False

    @property
    def first_name(self) -> str:
        """What the agent says on the phone."""
        return self.name.removeprefix("Agent/").split(".")[0].capitalize()


@dataclass(frozen=True)
class Shift:
    """One working day as epochs in seconds: half-open [begin, end), with the beginning of lunch."""

    begin: int
    end: int
    lunch: int


@functools.cache
def _roster() -> dict:
    """The content of roster.toml."""
    return tomllib.loads(Path(__file__).with_name("roster.toml").read_text(encoding="utf-8"))


@functools.cache
def agents() -> dict[str, Agent]:
    """All agents by name."""
    return {
        name: Agent(name=name, **raw | {"queues": tuple(raw["queues"]), "days": tuple(raw["days"])})
        for name, raw in _roster()["agents"].items()
    }


def epoch_at(day: date, clock: str) -> int:
    """Epoch in seconds of a local clock time (HH:MM or HH:MM:SS) on `day`."""
    return int(datetime.combine(day, time.fromisoformat(clock), zone()).timestamp())


def shift_on(agent: Agent, day: date) -> Shift | None:
    """When `agent` works on `day`; None on a day off."""
    if day.isoweekday() not in agent.days:
        return None
    shift = _roster()["shifts"][agent.shift]
    begin, end = shift["saturday"] if day.isoweekday() == 6 else (shift["begin"], shift["end"])
    return Shift(epoch_at(day, begin), epoch_at(day, end), epoch_at(day, shift["lunch"]))


def on_the_phone(agent: Agent, begin: int, end: int) -> bool:
    """Whether `agent` can talk from `begin` to `end` (epochs): on shift, not at lunch, not in the Monday meeting."""
    day = datetime.fromtimestamp(begin, zone()).date()
    shift = shift_on(agent, day)
    if shift is None or begin < shift.begin + 120 or end > shift.end - 120:
        return False
    meeting = meeting_on(agent, day)
    breaks = [(shift.lunch, shift.lunch + LUNCH_S)] + ([meeting] if meeting else [])
    return all(end <= break_begin - 60 or begin >= break_end + 60 for break_begin, break_end in breaks)


def meeting_on(agent: Agent, day: date) -> tuple[int, int] | None:
    """The team meeting on Monday mornings, as [begin, end) epochs; None if `agent` has none on `day`."""
    if not agent.monday_meeting or day.isoweekday() != 1:
        return None
    return epoch_at(day, "09:02"), epoch_at(day, "10:25")
