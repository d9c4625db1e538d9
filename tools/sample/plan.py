"""When the calls of the sample take place, and how they are named."""

import functools
import random
import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SAMPLE_DIR = Path(__file__).resolve().parents[2] / "data" / "sample"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class PlannedCall:
    """A call that has a recording or a transcript, and so must be found in the queue log.

    `entered_at` is aware (when it entered the queue); the agent answers `wait_s` later and talks for `talk_s`.
    """

    call_id: str
    entered_at: datetime
    queue: str
    agent: str
    customer: str
    wait_s: int
    talk_s: int


@functools.cache
def settings() -> dict:
    """The content of data/sample/sample.toml."""
    return tomllib.loads((SAMPLE_DIR / "sample.toml").read_text(encoding="utf-8"))


def zone() -> ZoneInfo:
    """The call centre's time zone."""
    return ZoneInfo(settings()["time_zone"])


def first_midnight() -> datetime:
    """Midnight before the first day of week 1."""
    midnight = datetime.combine(settings()["anchor"], time(), zone())
    return midnight - timedelta(weeks=settings()["weeks"])


def moment(week: int, day: str, clock: str) -> datetime:
    """The aware time of `clock` (HH:MM:SS) on a weekday of week 1 to 8."""
    date = first_midnight().date() + timedelta(weeks=week - 1, days=DAYS.index(day))
    return datetime.combine(date, time.fromisoformat(clock), zone())


def unique_id(entered_at: datetime) -> str:
    """An Asterisk uniqueid for a call that enters its queue at `entered_at`: channel epoch, a counter.

    The counter begins again every Monday, when the telephone system is restarted.
    """
    epoch = int(entered_at.timestamp()) - 1
    since_monday_s = (epoch - int(first_midnight().timestamp())) % (7 * 24 * 3600)
    return f"{epoch}.{11 + since_monday_s // 30}"


def at_epoch(epoch: int) -> datetime:
    """An epoch in seconds as an aware time of the call centre."""
    return datetime.fromtimestamp(epoch, zone())


def seeded(part: str) -> random.Random:
    """A random generator for one part of the sample, so that changing one part leaves the others as they are."""
    return random.Random(f"{settings()['seed']} {part}")
