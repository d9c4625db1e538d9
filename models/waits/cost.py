"""What missed targets cost: a few sums over what was measured and what people assume. Assumptions are kept in app.sqlite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from models import changes
from models.app_store import AppStore
from models.errors import ChangeRefused

DEFAULTS = {
    "customer_value": 200.0,
    "leaving_share": 0.1,
    "agent_hour": 30.0,
    "customer_hour": 0.0,
    "unavailable_share": 0.3,
}
"""Money a customer brings over the years; share of lost callers who take their custom elsewhere; what an hour of an
agent costs; what an hour of a customer's time is worth to you; share of paid time in which an agent is not available."""

SHARES = frozenset({"leaving_share", "unavailable_share"})
MOST_UNAVAILABLE = 0.9


@dataclass(frozen=True, slots=True)
class Missed:
    """What was measured in a period."""

    lost_customers: int
    answered_late: int
    in_time_aht_s: float | None
    late_aht_s: float | None
    waited_beyond_s: float
    missing_agent_hours: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Money, part by part; ``agents`` is what the missing agents would cost, for comparison, and no part of ``total``."""

    lost: float
    longer_calls: float
    customers_time: float
    agents: float

    @property
    def total(self) -> float:
        """What the misses cost."""
        return self.lost + self.longer_calls + self.customers_time


def cost(of: Missed, assumed: Mapping[str, float]) -> Cost:
    """lost = lost customers × share who leave × value; longer calls = answered late × (their handling time − that of
    calls answered in time, if longer) × agent hour; customers' time = hours waited beyond the target time × its worth;
    agents = missing hours ÷ (1 − share unavailable) × agent hour.
    """
    longer_s = (
        max((of.late_aht_s or 0.0) - (of.in_time_aht_s or 0.0), 0.0) if of.late_aht_s and of.in_time_aht_s else 0.0
    )
    return Cost(
        lost=of.lost_customers * assumed["leaving_share"] * assumed["customer_value"],
        longer_calls=of.answered_late * longer_s / 3600 * assumed["agent_hour"],
        customers_time=of.waited_beyond_s / 3600 * assumed["customer_hour"],
        agents=of.missing_agent_hours
        / (1 - min(assumed["unavailable_share"], MOST_UNAVAILABLE))
        * assumed["agent_hour"],
    )


def assumptions(store: AppStore) -> dict[str, float]:
    """Every assumption: as written, else its default."""
    with store.reading() as connection:
        written = dict(connection.execute("select name, value from assumptions").fetchall())
    return {name: float(written.get(name, default)) for name, default in DEFAULTS.items()}


def put_assumptions(store: AppStore, values: Mapping[str, float], who: str, at: datetime | None = None) -> bool:
    """Write assumptions that differ from what is known; False when none does. Raises ChangeRefused for nonsense."""
    for name, value in values.items():
        if name not in DEFAULTS or value < 0 or (name in SHARES and value > 1):
            raise ChangeRefused("Assumptions are 0 or more, and shares at most 100%.")
    known = assumptions(store)
    changed = {name: value for name, value in values.items() if value != known[name]}
    with store.transaction() as connection:
        sources = dict(connection.execute("select name, source from assumptions").fetchall())
        for name, value in changed.items():
            row = {"name": name, "value": value, "source": sources.get(name)}
            changes.put(connection, "assumptions", row, who, at or datetime.now(UTC))
    return bool(changed)
