"""The parts of the Waits page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.components.period import Period, Reach


@dataclass(frozen=True, slots=True)
class View:
    """What the reader looks at: which days and queues, how far calls reach, and in which theme."""

    period: Period
    queues: list[str] | None
    reach: Reach
    known: list[str]
    theme: str | None

    @property
    def span(self) -> dict[str, Any]:
        """The parameters of every query of the page."""
        return {"start": self.period.start, "end": self.period.end, "queues": self.queues}
