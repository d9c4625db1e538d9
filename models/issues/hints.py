"""What becomes of hints from listeners: each is placed with an issue or dismissed, with history and undo.

A hint is a remark of the kind issue, or a closing note (views/142_listener_hints.sql). None of this changes a figure.
"""

from __future__ import annotations

from datetime import datetime

from models.app_store import AppStore
from models.errors import ChangeRefused
from models.goals import registers

TABLE = "issue_hints"


def place(
    store: AppStore, hint: str, call_id: str | None, issue_id: str | None, who: str, at: datetime | None = None
) -> bool:
    """Say which issue a hint is about; False when that is known. Raises ChangeRefused without an issue."""
    if not issue_id:
        raise ChangeRefused("Choose the issue that it is about.")
    return _put(store, hint, call_id, issue_id, None, who, at)


def dismiss(
    store: AppStore, hint: str, call_id: str | None, reason: str | None, who: str, at: datetime | None = None
) -> bool:
    """Put a hint aside, with a reason where there is one; False when it is aside for that reason."""
    return _put(store, hint, call_id, None, registers.text(reason), who, at)


def reopen(store: AppStore, hint: str, who: str, at: datetime | None = None) -> bool:
    """Have a hint looked at anew; False when it was not looked at."""
    return registers.remove(store, TABLE, {"hint": hint}, who, at)


def _put(
    store: AppStore, hint: str, call_id: str | None, issue_id: str | None, reason: str | None, who: str, at: datetime | None
) -> bool:  # fmt: skip
    row = {"hint": hint, "call_id": call_id, "issue_id": issue_id, "reason": reason}
    return registers.put(store, [(TABLE, row)], who, at) > 0
