"""Writes one call from hand-written sentences (`fragments/*.toml`), the way a given agent would hold it."""

import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from tools.sample.plan import PlannedCall
from tools.sample.roster import Agent

FRAGMENT_DIR = Path(__file__).parent / "fragments"
WORDS_A_SECOND = 2.7
PART_OF_DAY = "<part of day>"  # stands in a text until the time of the call is known


@dataclass
class Case:
    """One customer with one problem in one week; `earlier` is the call it repeats, if any."""

    language: str
    problem: str
    week: int
    customer: str = ""
    earlier: PlannedCall | None = None


@dataclass
class Talk:
    """A call being written: its turns, and what was planted in it."""

    rng: random.Random
    words: dict
    slots: dict[str, str]
    turns: list[tuple[str, str]] = field(default_factory=list)
    qualities: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def pick(self, options: list[str]) -> str:
        """One of the sentences with its slots filled; one not yet said in this call if there is any."""
        sentence = self.rng.choice([option for option in options if option not in self.used] or options)
        self.used.add(sentence)
        return sentence.format(**self.slots)

    def say(self, speaker: str, *sentences: str) -> None:
        """Add a turn; to the last one if the speaker is still the same."""
        text = " ".join(sentence for sentence in sentences if sentence)
        if not text:
            return
        if self.turns and self.turns[-1][0] == speaker:
            text = f"{self.turns.pop()[1]} {text}"
        self.turns.append((speaker, text))

    def agent(self, key: str) -> str:
        """A sentence of the agent's common stock."""
        return self.pick(self.words["agent"][key])

    def customer(self, key: str) -> str:
        """A sentence of the customer's common stock."""
        return self.pick(self.words["customer"][key])

    def decide(self, criterion: str, chance: float) -> bool:
        """Whether the agent does this in this call; kept as planted."""
        met = self.rng.random() < chance
        self.qualities[criterion] = "met" if met else "not_met"
        return met


def read_fragments(language: str) -> dict:
    """The sentences of one language."""
    return tomllib.loads((FRAGMENT_DIR / f"{language}.toml").read_text(encoding="utf-8"))


def wait_in_words(wait_s: int, language: str) -> str:
    """A wait as people say it, in whole minutes."""
    minutes = max(1, round(wait_s / 60))
    if language == "fr":
        return "une bonne minute" if minutes == 1 else f"{minutes} minutes"
    return "more than a minute" if minutes == 1 else f"{minutes} minutes"


def _opening(talk: Talk, agent: Agent, case: Case, wait_s: int, statement: str, detail: str) -> None:
    """Greeting, the wait if there was one, and the customer's matter."""
    friendly = talk.decide("friendliness", agent.warmth)
    greeting = "greet_warm" if friendly else "greet_curt" if agent.warmth < 0.4 else "greet_plain"
    talk.say("agent", talk.agent(greeting))
    waited = wait_s > 90
    if waited and talk.decide("timeliness", agent.warmth):
        talk.say("agent", talk.agent("wait_acknowledged"))
    repeat = talk.customer("repeats") if case.earlier else ""
    complaint = talk.customer("wait_complaints") if waited and talk.rng.random() < 0.6 else ""
    talk.say("customer", talk.customer("openers"), complaint, repeat, statement, detail)


def _caring(talk: Talk, agent: Agent, problem: dict) -> None:
    """What the agent says to the trouble before looking: feeling, restating, or nothing of the kind."""
    if talk.decide("empathy", agent.listening):
        talk.say("agent", talk.pick(talk.words["agent"]["empathy"] + problem["feelings"]))
    elif agent.warmth < 0.4 and talk.rng.random() < 0.6:
        talk.say("agent", talk.agent("brush_off"))
    if talk.decide("restatement", agent.listening):
        talk.say("agent", talk.pick(problem["restates"]))
        talk.say("customer", talk.customer("confirms"))


def _looking_up(talk: Talk, agent: Agent) -> None:
    """The customer number, and perhaps a hold."""
    friendly = talk.qualities["friendliness"] == "met"
    talk.say("agent", talk.agent("verify_warm" if friendly else "verify_curt"))
    card = talk.customer("cards") if talk.rng.random() < 0.02 else ""
    talk.say("customer", talk.customer("numbers"), card)
    if talk.rng.random() < 0.25:
        if talk.rng.random() < agent.warmth:
            talk.say("agent", talk.agent("hold_asked"))
            talk.say("customer", talk.customer("hold_answers"))
            talk.say("agent", talk.agent("hold_thanked"))
        else:
            talk.say("agent", talk.agent("hold_not_asked"))


def _asking_more(talk: Talk) -> None:
    """Up to two questions about the circumstances, answered by the customer."""
    for probe, *answers in talk.rng.sample(talk.words["agent"]["probes"], talk.rng.choice((0, 1, 1, 2))):
        talk.say("agent", probe.format(**talk.slots))
        talk.say("customer", talk.pick(answers))


def _solving(talk: Talk, agent: Agent, problem: dict) -> None:
    """Cause, ownership, the customer's idea, options and a solution."""
    if talk.decide("information", agent.skill):
        talk.say("agent", talk.pick(problem["causes"]))
    if talk.decide("ownership", agent.listening):
        talk.say("agent", talk.agent("ownership"))
    if talk.decide("customer_idea", agent.listening * 0.6):
        talk.say("agent", talk.agent("customer_idea"))
        talk.say("customer", talk.customer("idea_answers"))
    if talk.decide("options", agent.skill * agent.listening):
        talk.say("agent", talk.pick(problem["options"]))
        talk.say("customer", talk.customer("choices"))
    talk.decide("resolution", 1.0)
    talk.say("agent", talk.pick(problem["fixes"]))


def _refusing(talk: Talk, agent: Agent, problem: dict) -> None:
    """No solution: excuses, policy, and with some agents a sneer or a suspicion."""
    for criterion in ("resolution", "information", "ownership", "customer_idea", "options"):
        talk.decide(criterion, 0.0)
    talk.say("agent", talk.pick(problem["stalls"]))
    talk.say("customer", talk.customer("angry"))
    if talk.decide("fairness", 1 - 0.4 * (1 - agent.warmth)):
        talk.say("agent", talk.pick(problem["stalls"]))
    else:
        talk.say("agent", talk.agent("suspicion"))
    talk.say("customer", talk.customer("angry"))
    if talk.decide("no_policy_weapon", 0.35 + 0.5 * agent.warmth):
        del talk.qualities["no_policy_weapon"]  # no rule came up
    else:
        talk.say("agent", talk.agent("policy"))
        talk.say("customer", talk.customer("angry"))
    if talk.rng.random() < 0.6 * (1 - agent.warmth):
        talk.qualities["friendliness"] = "not_met"
        talk.say("agent", talk.agent("sneer"))


def _closing(talk: Talk, agent: Agent) -> None:
    """The end: satisfaction asked or not, thanks or anger."""
    resolved = talk.qualities.get("resolution") == "met"
    if talk.decide("satisfaction_check", agent.listening * (0.9 if resolved else 0.2)):
        talk.say("agent", talk.agent("satisfaction_check"))
        talk.say("customer", talk.customer("checks_yes" if resolved else "unhappy"))
    else:
        warm = resolved and talk.qualities.get("empathy") == "met"
        talk.say("customer", talk.customer("happy" if warm else "neutral" if resolved else "unhappy"))
    friendly = talk.qualities["friendliness"] == "met"
    talk.say("agent", talk.agent("close_warm" if friendly and resolved else "close_plain"))


def write_problem_call(talk: Talk, agent: Agent, case: Case, wait_s: int, statement: str) -> None:
    """A call about a problem."""
    problem = talk.words["problems"][case.problem]
    detail = talk.pick(problem["details"]) if talk.rng.random() < 0.8 else ""
    _opening(talk, agent, case, wait_s, statement.format(**talk.slots), detail)
    _caring(talk, agent, problem)
    _looking_up(talk, agent)
    _asking_more(talk)
    (_solving if talk.rng.random() < agent.skill else _refusing)(talk, agent, problem)
    _closing(talk, agent)
    unless_planted = {"fairness": "met", "no_policy_weapon": "not_applicable", "timeliness": "not_applicable"}
    talk.qualities = unless_planted | talk.qualities


def write_routine_call(talk: Talk, agent: Agent, case: Case, wait_s: int, routine: dict) -> None:
    """A call without any trouble: a question and its answer."""
    question, answer = talk.rng.choice(routine["pairs"])
    _opening(talk, agent, case, wait_s, question.format(**talk.slots), "")
    if routine.get("needs_account", True):
        _looking_up(talk, agent)
    talk.say("agent", answer.format(**talk.slots))
    talk.qualities |= {"empathy": "not_applicable", "resolution": "met", "information": "met"}
    _closing(talk, agent)


def write_unintelligible_call(talk: Talk, agent: Agent) -> None:
    """A call in which nearly nothing was understood."""
    talk.say("agent", talk.agent("greet_warm" if agent.warmth > 0.6 else "greet_plain"))
    for _ in range(talk.rng.randint(3, 5)):
        talk.say("customer", talk.customer("unintelligible"))
        talk.say("agent", talk.customer("unintelligible"))
    talk.qualities["needs_an_ear"] = "met"


def timed(turns: list[tuple[str, str]], rng: random.Random) -> list[dict]:
    """Turns with times in seconds, as if spoken; now and then one interrupts the other."""
    now_s, result = rng.uniform(0.4, 1.5), []
    for speaker, text in turns:
        length_s = max(0.6, len(text.split()) / WORDS_A_SECOND * rng.uniform(0.9, 1.15))
        result.append(
            {"speaker": speaker, "start_s": round(now_s, 2), "end_s": round(now_s + length_s, 2), "text": text}
        )
        chance = rng.random()
        gap_s = -rng.uniform(0.3, 0.9) if chance < 0.06 else rng.uniform(0.2, 2.2)
        gap_s += rng.uniform(4.0, 16.0) if chance > 0.88 else 0.0
        now_s += max(0.5, length_s + gap_s)
    return result
