"""Eight weeks of an Asterisk queue_log: a discrete-event simulation of the sample call centre.

Time is in whole seconds (epochs). Callers arrive, wait with limited patience, are rung through to the agent who has
been idle longest, talk, are transferred, or call again. The calls that have a recording or a transcript take place
as planned: their agents are kept free for them.
"""

import gzip
import heapq
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tools.sample.plan import SAMPLE_DIR, PlannedCall, at_epoch, first_midnight, seeded, settings, unique_id
from tools.sample.recordings import planned_recordings
from tools.sample.roster import LUNCH_S, Agent, agents, epoch_at, meeting_on, shift_on
from tools.sample.transcripts import planned_transcripts

CALLS_A_DAY = {"support": 132, "billing": 84, "orders": 70, "francais": 38}
WEEKDAY_LOAD = (1.22, 1.06, 1.0, 0.98, 1.0, 0.5)
HALF_HOUR_LOAD = (  # from 08:00 to 20:00
    0.5,
    0.7,
    1.1,
    1.4,
    1.55,
    1.6,
    1.45,
    1.3,
    1.35,
    1.25,
    1.05,
    1.0,
    1.05,
    1.15,
    1.2,
    1.2,
    1.1,
    1.0,
    0.9,
    0.8,
    0.6,
    0.45,
    0.35,
    0.25,
)
FIRST_CLOCK, HALF_HOUR_S = "08:00", 1800
CLOSING = {"support": "19:58", "billing": "19:58", "orders": "19:58", "francais": "17:58"}
TIMEOUT_S = {"support": 900, "billing": 900, "orders": 600, "francais": 600}
EXTENSIONS = {"support": "7001", "billing": "7002", "orders": "7003", "francais": "7004"}
MEAN_TALK_S, SIGMA_TALK, WRAP_UP_S = 235, 0.62, 35
PATIENCE_SCALE_S, PATIENCE_SHAPE = 620, 0.8
RING_NO_ANSWER = 0.025
NO_ANSWER_RING_S = 18
DESK_WORK_S = 40 * 60


@dataclass
class Caller:
    """One call; `talk_s` and `patience_s` are fixed on arrival, `origpos` and `entered` when it enters a queue."""

    call_id: str
    number: str
    queue: str
    talk_s: int
    patience_s: int
    plan: PlannedCall | None = None
    entered: int = 0
    origpos: int = 0
    ringing: bool = False
    visits: int = 0


@dataclass
class Desk:
    """What an agent is doing; `busy` covers ringing, talking and wrap-up, `booked` are planned calls still to come."""

    agent: Agent
    booked: list[PlannedCall]
    logged_in: bool = False
    paused: bool = False
    busy: bool = False
    idle_since: int = 0

    def next_booking(self, now: int) -> float:
        """The epoch at which the agent's next planned call starts to ring; infinity without one."""
        while self.booked and _answered(self.booked[0]) < now:
            self.booked.pop(0)
        return _answered(self.booked[0]) - 15 if self.booked else float("inf")

    def can_take(self, caller: Caller, now: int) -> bool:
        """Whether the agent is free for `caller`, and would be done before the next planned call."""
        if not self.logged_in or self.paused or self.busy or caller.queue not in self.agent.queues:
            return False
        return now + NO_ANSWER_RING_S + caller.talk_s + WRAP_UP_S + 15 < self.next_booking(now)


def _answered(plan: PlannedCall) -> int:
    """The epoch at which a planned call is answered."""
    return int(plan.entered_at.timestamp()) + plan.wait_s


@dataclass
class Simulation:
    """The state of the call centre, the events still to come, and the log written so far."""

    rng: random.Random
    desks: dict[str, Desk]
    last_day: date
    lines: list[str] = field(default_factory=list)
    now: int = 0
    waiting: dict[str, list[Caller]] = field(default_factory=lambda: defaultdict(list))
    events: list[tuple[int, int, Callable, tuple]] = field(default_factory=list)
    order: itertools.count = field(default_factory=itertools.count)
    used_ids: set[str] = field(default_factory=set)

    def at(self, when: int, action: Callable, *arguments) -> None:
        """Do `action` at epoch `when`; actions of the same second happen in the order in which they were asked for."""
        heapq.heappush(self.events, (when, next(self.order), action, arguments))

    def log(self, call_id: str, queue: str, agent: str, event: str, *data) -> None:
        """Write one line of queue_log."""
        self.lines.append("|".join(map(str, (self.now, call_id, queue, agent, event, *data))))

    def run(self) -> None:
        """Let everything happen."""
        while self.events:
            self.now, _, action, arguments = heapq.heappop(self.events)
            action(*arguments)

    # Agents

    def log_in(self, desk: Desk) -> None:
        """The agent begins the shift."""
        desk.logged_in, desk.idle_since = True, self.now
        for queue in desk.agent.queues:
            self.log("REALTIME", queue, desk.agent.name, "ADDMEMBER", "")
        self.serve(desk)

    def log_out(self, desk: Desk) -> None:
        """The agent leaves; a queue left without agents lets its callers go."""
        desk.logged_in = False
        for queue in desk.agent.queues:
            self.log("REALTIME", queue, desk.agent.name, "REMOVEMEMBER", "")
            for caller in [caller for caller in self.waiting[queue] if not caller.plan]:
                self.leave_empty(caller, caller.visits)

    def pause(self, desk: Desk, reason: str, until: int) -> None:
        """The agent takes no calls until `until`, for a reason as telephone systems keep it."""
        desk.paused = True
        self.log("NONE", "NONE", desk.agent.name, "PAUSEALL", reason)
        for queue in desk.agent.queues:
            self.log("NONE", queue, desk.agent.name, "PAUSE", reason)
        self.at(until, self.unpause, desk)

    def unpause(self, desk: Desk) -> None:
        """The agent is back."""
        desk.paused, desk.idle_since = False, self.now
        self.log("NONE", "NONE", desk.agent.name, "UNPAUSEALL", "")
        for queue in desk.agent.queues:
            self.log("NONE", queue, desk.agent.name, "UNPAUSE", "")
        self.serve(desk)

    # Callers

    def arrive(self, caller: Caller) -> None:
        """A caller enters a queue, and leaves it again at some time unless somebody answers."""
        if not caller.visits and not caller.plan:
            caller.call_id = self.new_id()
        line = self.waiting[caller.queue]
        caller.visits += 1
        caller.entered, caller.origpos, caller.ringing = self.now, len(line) + 1, False
        if caller.visits == 1:
            self.log(caller.call_id, caller.queue, "NONE", "DID", f"01990001{EXTENSIONS[caller.queue][-2:]}")
        self.log(caller.call_id, caller.queue, "NONE", "ENTERQUEUE", "", caller.number, caller.origpos)
        line.append(caller)
        if caller.plan:
            ring_s = min(4, caller.plan.wait_s - 1)
            self.at(_answered(caller.plan) - ring_s, self.ring, self.desks[caller.plan.agent], caller, ring_s)
            return
        self.at(self.now + caller.patience_s, self.abandon, caller, caller.visits)
        self.at(self.now + TIMEOUT_S[caller.queue], self.time_out, caller, caller.visits)
        if self.rng.random() < 0.05:
            self.at(self.now + self.rng.randint(70, 240), self.press_key, caller, caller.visits)
        self.at(self.now + 3, self.leave_empty, caller, caller.visits)
        free = [desk for desk in self.desks.values() if desk.can_take(caller, self.now)]
        if free:
            self.ring(min(free, key=lambda desk: desk.idle_since), caller)

    def new_id(self) -> str:
        """A uniqueid not yet in use for a call that enters its queue now."""
        epoch, counter = unique_id(at_epoch(self.now)).split(".")
        while f"{epoch}.{counter}" in self.used_ids:
            counter = str(int(counter) + 1)
        self.used_ids.add(f"{epoch}.{counter}")
        return f"{epoch}.{counter}"

    def _position(self, caller: Caller) -> int:
        """Where the caller stands in the queue, from 1."""
        return self.waiting[caller.queue].index(caller) + 1

    def _still_waiting(self, caller: Caller, visit: int) -> bool:
        """Whether this visit of the caller is still going on, and no telephone is ringing for it."""
        return caller.visits == visit and caller in self.waiting[caller.queue] and not caller.ringing

    def _leave(self, caller: Caller, event: str, *data) -> None:
        """The caller leaves the queue unanswered."""
        self.log(caller.call_id, caller.queue, "NONE", event, *data)
        self.waiting[caller.queue].remove(caller)

    def abandon(self, caller: Caller, visit: int) -> None:
        """The caller hangs up; some call again within the hour."""
        if not self._still_waiting(caller, visit):
            return
        self._leave(caller, "ABANDON", self._position(caller), caller.origpos, self.now - caller.entered)
        if self.rng.random() < 0.4:
            self.call_again(caller, self.now + self.rng.randint(60, 2400))

    def time_out(self, caller: Caller, visit: int) -> None:
        """The queue gives up after its longest wait."""
        if self._still_waiting(caller, visit):
            self._leave(caller, "EXITWITHTIMEOUT", self._position(caller), caller.origpos, self.now - caller.entered)

    def press_key(self, caller: Caller, visit: int) -> None:
        """The caller presses 1 to be called back."""
        if self._still_waiting(caller, visit):
            self._leave(caller, "EXITWITHKEY", 1, self._position(caller), caller.origpos, self.now - caller.entered)

    def leave_empty(self, caller: Caller, visit: int) -> None:
        """The caller is let go if no agent is logged in to the queue."""
        staffed = any(desk.logged_in and caller.queue in desk.agent.queues for desk in self.desks.values())
        if not staffed and self._still_waiting(caller, visit):
            self._leave(caller, "EXITEMPTY", self._position(caller), caller.origpos, self.now - caller.entered)

    def call_again(self, caller: Caller, when: int) -> None:
        """The same person calls the same queue at `when`, if it is open then."""
        if is_open(caller.queue, when) and at_epoch(when).date() <= self.last_day:
            self.at(when, self.arrive, new_caller(caller.number, caller.queue, self.rng))

    # Conversations

    def serve(self, desk: Desk) -> None:
        """A free agent takes the caller who has been waiting longest in any of the agent's queues."""
        callers = [
            caller
            for queue in desk.agent.queues
            for caller in self.waiting[queue]
            if not caller.ringing and not caller.plan and desk.can_take(caller, self.now)
        ]
        if callers:
            self.ring(desk, min(callers, key=lambda caller: caller.entered))

    def ring(self, desk: Desk, caller: Caller, ring_s: int | None = None) -> None:
        """The agent's telephone rings; now and then nobody takes it."""
        desk.busy, caller.ringing = True, True
        if caller.plan is None and self.rng.random() < RING_NO_ANSWER:
            self.at(self.now + NO_ANSWER_RING_S, self.not_answered, desk, caller)
            return
        seconds = self.rng.choice((1, 2, 2, 3, 3, 4, 5, 7)) if ring_s is None else ring_s
        self.at(self.now + seconds, self.connect, desk, caller, seconds)

    def not_answered(self, desk: Desk, caller: Caller) -> None:
        """Back to waiting; the agent is tried again a little later."""
        self.log(caller.call_id, caller.queue, desk.agent.name, "RINGNOANSWER", NO_ANSWER_RING_S * 1000)
        caller.ringing = False
        free = [other for other in self.desks.values() if other is not desk and other.can_take(caller, self.now)]
        if self.now - caller.entered >= caller.patience_s:
            self.abandon(caller, caller.visits)
        elif free:
            self.ring(min(free, key=lambda other: other.idle_since), caller)
        self.at(self.now + 10, self.free, desk)

    def connect(self, desk: Desk, caller: Caller, ring_s: int) -> None:
        """The agent answers."""
        self.waiting[caller.queue].remove(caller)
        hold_s = self.now - caller.entered
        epoch, counter = unique_id(at_epoch(self.now - ring_s + 1)).split(".")
        self.log(
            caller.call_id, caller.queue, desk.agent.name, "CONNECT", hold_s, f"{epoch}.{int(counter) + 1}", ring_s
        )
        talk_s = caller.plan.talk_s if caller.plan else caller.talk_s
        self.at(self.now + talk_s, self.finish, desk, caller, hold_s, talk_s)

    def finish(self, desk: Desk, caller: Caller, hold_s: int, talk_s: int) -> None:
        """The conversation ends, or goes on with another queue."""
        chance = self.rng.random()
        if caller.plan is None and caller.visits == 1 and chance < 0.035:
            self._transfer(desk, caller, hold_s, talk_s, blind=chance < 0.022)
        else:
            event = "COMPLETEAGENT" if chance < 0.35 else "COMPLETECALLER"
            self.log(caller.call_id, caller.queue, desk.agent.name, event, hold_s, talk_s, caller.origpos)
            if caller.plan is None and self.rng.random() < 0.03:
                self.call_again(caller, self.now + self.rng.randint(1, 5) * 86_400 + self.rng.randint(-7000, 7000))
        self.at(self.now + WRAP_UP_S, self.free, desk)

    def _transfer(self, desk: Desk, caller: Caller, hold_s: int, talk_s: int, blind: bool) -> None:
        """The call goes to another queue under the same id."""
        target = self.rng.choice([queue for queue in ("support", "billing", "orders") if queue != caller.queue])
        if blind:
            self.log(
                caller.call_id,
                caller.queue,
                desk.agent.name,
                "BLINDTRANSFER",
                EXTENSIONS[target],
                "from-queue",
                hold_s,
                talk_s,
                caller.origpos,
            )
        else:
            self.log(
                caller.call_id,
                caller.queue,
                desk.agent.name,
                "ATTENDEDTRANSFER",
                "BRIDGE",
                f"{self.rng.getrandbits(48):012x}",
                hold_s,
                talk_s,
                caller.origpos,
            )
        if is_open(target, self.now):
            again = new_caller(caller.number, target, self.rng)
            again.call_id, again.visits = caller.call_id, 1
            self.at(self.now + 1, self.arrive, again)

    def free(self, desk: Desk) -> None:
        """The agent is done with a call."""
        desk.busy, desk.idle_since = False, self.now
        self.serve(desk)


def is_open(queue: str, when: int) -> bool:
    """Whether callers are let into the queue at epoch `when`."""
    day = at_epoch(when).date()
    closing = "16:58" if day.isoweekday() == 6 else CLOSING[queue]
    opening = "09:00" if day.isoweekday() == 6 or queue == "francais" else FIRST_CLOCK
    return day.isoweekday() < 7 and epoch_at(day, opening) <= when < epoch_at(day, closing)


def new_caller(number: str, queue: str, rng: random.Random) -> Caller:
    """A caller with a drawn length of talk and patience, both in seconds."""
    talk_s = rng.lognormvariate(0, SIGMA_TALK) * MEAN_TALK_S / 1.212  # 1.212 = mean of the lognormal with this sigma
    patience_s = rng.weibullvariate(PATIENCE_SCALE_S, PATIENCE_SHAPE)
    return Caller("", number, queue, max(12, round(talk_s)), max(2, round(patience_s)))


def arrivals(day: date, rng: random.Random) -> list[tuple[int, Caller]]:
    """The callers of one day with the epochs at which they call: a Poisson process for each half hour."""
    result = []
    for queue, calls_a_day in CALLS_A_DAY.items():
        for slot, load in enumerate(HALF_HOUR_LOAD):
            begin = epoch_at(day, FIRST_CLOCK) + slot * HALF_HOUR_S
            rate = calls_a_day * WEEKDAY_LOAD[day.weekday()] * load / sum(HALF_HOUR_LOAD) / HALF_HOUR_S
            when = begin + rng.expovariate(rate)
            while when < begin + HALF_HOUR_S:
                if is_open(queue, int(when)):
                    number = f"+3363998{rng.randrange(10_000):04d}"
                    result.append((int(when), new_caller(number, queue, rng)))
                when += rng.expovariate(rate)
    return result


def _breaks(agent: Agent, day: date, booked: list[PlannedCall], rng: random.Random) -> list[tuple[int, int, str]]:
    """Pauses of an agent's day as (begin, end, reason), clear of planned calls."""
    shift = shift_on(agent, day)
    pauses = [(shift.lunch, shift.lunch + LUNCH_S, "lunch")] if shift.lunch + 2 * LUNCH_S < shift.end else []
    if meeting := meeting_on(agent, day):
        pauses.append((*meeting, "team meeting"))
    for reason, length_s in (("e-mail", DESK_WORK_S), ("e-mail", DESK_WORK_S), ("break", 900)):
        for _ in range(8):
            begin = rng.randrange(shift.begin + 900, shift.end - length_s - 900)
            clear = all(begin + length_s + 300 < other or end + 300 < begin for other, end, _ in pauses)
            calls = (_answered(call) for call in booked)
            if clear and all(end_of(call) < begin or call > begin + length_s + 120 for call in calls):
                pauses.append((begin, begin + length_s, reason))
                break
    return pauses


def end_of(answered: int) -> int:
    """The latest end of a planned call answered at that epoch, with wrap-up."""
    return answered + 240 + WRAP_UP_S


def _plan_days(simulation: Simulation, days: list[date]) -> None:
    """Put shifts, pauses and arrivals of all days into the simulation."""
    for day in days:
        if day.isoweekday() == 1:
            restart = epoch_at(day, "03:30")
            simulation.at(restart, _note, simulation, "QUEUESTART")
            simulation.at(restart + 2, _note, simulation, "CONFIGRELOAD")
        for desk in simulation.desks.values():
            shift = shift_on(desk.agent, day)
            if shift:
                simulation.at(shift.begin, simulation.log_in, desk)
                simulation.at(shift.end, simulation.log_out, desk)
                for begin, end, reason in _breaks(desk.agent, day, desk.booked, simulation.rng):
                    simulation.at(begin, simulation.pause, desk, reason, end)
        if day.isoweekday() < 7:
            for when, caller in arrivals(day, simulation.rng):
                simulation.at(when, simulation.arrive, caller)


def _note(simulation: Simulation, event: str) -> None:
    """An event of the telephone system itself."""
    simulation.log("NONE", "NONE", "NONE", event, "")


def simulate() -> list[str]:
    """The lines of the queue log, in the order of time."""
    plans = sorted(planned_recordings() + planned_transcripts(), key=_answered)
    desks = {name: Desk(agent, [plan for plan in plans if plan.agent == name]) for name, agent in agents().items()}
    first = first_midnight().date()
    days = [first + timedelta(days=number) for number in range(7 * settings()["weeks"])]
    simulation = Simulation(seeded("queue log"), desks, days[-1], used_ids={plan.call_id for plan in plans})
    _plan_days(simulation, days)
    for plan in plans:
        caller = Caller(plan.call_id, plan.customer, plan.queue, plan.talk_s, 0, plan)
        simulation.at(int(plan.entered_at.timestamp()), simulation.arrive, caller)
    simulation.run()
    return simulation.lines


def write_queue_log(out_dir: Path = SAMPLE_DIR) -> None:
    """Write `queue_log.gz`."""
    lines = simulate()
    data = "".join(line + "\n" for line in lines).encode()
    (out_dir / "queue_log.gz").write_bytes(gzip.compress(data, mtime=0))
    events = Counter(line.split("|")[4] for line in lines)
    print(f"{len(lines)} lines: " + ", ".join(f"{count} {event}" for event, count in events.most_common()))
