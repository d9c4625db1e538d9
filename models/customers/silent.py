"""How many stay silent for each one who complains: an assumption with a usual value, kept among the others (app.sqlite)."""

from __future__ import annotations

from datetime import UTC, datetime

from models import changes
from models.app_store import AppStore
from models.errors import ChangeRefused

NAME = "silent_per_complaint"
MOST = 1000.0


def put(store: AppStore, factor: float, who: str, at: datetime | None = None) -> bool:
    """Write the factor; False when nothing would change. Raises ChangeRefused for nonsense."""
    if not 0 <= factor <= MOST:
        raise ChangeRefused("For each one who complains, 0 to 1000 others may stay silent.")
    with store.transaction() as connection:
        row = {"name": NAME, "value": float(factor)}
        return changes.put(connection, "assumptions", row, who, at or datetime.now(UTC))


def undo(store: AppStore, who: str, at: datetime | None = None) -> changes.Change:
    """Take back the newest change of the factor. Raises ChangeRefused when there is none."""
    with store.transaction() as connection:
        return changes.undo(connection, "assumptions", who, at or datetime.now(UTC), {"name": NAME})


def history(store: AppStore) -> list[changes.Change]:
    """The changes of the factor, newest first."""
    with store.reading() as connection:
        return changes.history(connection, "assumptions", item={"name": NAME})
