"""The parts of the Issues page. Names and quotes come from calls: shown as plain text, whatever they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.components.period import Period

Row = dict[str, Any]
SAID = "_issues_said"
"""Where a word on what happened waits for the page to be shown again."""
WANTED = "_issue_wanted"
"""Where the issue waits that the page is to open when it is shown again."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page is about: the period, the queues, the ledger's rows, the hints of listeners, the theme."""

    period: Period
    queues: list[str] | None
    ledger: list[Row]
    heard: list[Row]
    theme: str | None

    @property
    def span(self) -> dict[str, Any]:
        """The period and the queues as parameters of queries."""
        return {"start": self.period.start, "end": self.period.end, "queues": self.queues}

    def row(self, issue_id: str) -> Row | None:
        """One issue of the ledger."""
        return next((row for row in self.ledger if row["issue_id"] == issue_id), None)

    def name(self, issue_id: str | None) -> str:
        """What an issue is called; its id where the ledger has none of it."""
        row = self.row(issue_id or "")
        return str(row["name"]) if row else str(issue_id or "")
