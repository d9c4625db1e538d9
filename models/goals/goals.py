"""Quantified goals: a target, an owner and a due date for a measure. What is measured is in views/160_goals.sql."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any, Literal

from models.app_store import AppStore
from models.errors import ChangeRefused
from models.goals import registers

Direction = Literal["at_least", "at_most"]
TABLES = ("goals", "own_figures")
EMPTY: dict[str, Any] = {"direction": "at_least", "target": None, "owner": None, "due_on": None}


def set_goal(
    store: AppStore, measure: str, values: Mapping[str, Any], is_share: bool, who: str, at: datetime | None = None
) -> bool:
    """Change some of direction, target (a share is 0 to 1), owner and due_on of a goal; what is not named stays.

    False when nothing changed. Raises ChangeRefused for what makes no sense.
    """
    if unknown := set(values) - set(EMPTY):
        raise ValueError(f"A goal has no {', '.join(sorted(unknown))}.")
    known = registers.row(store, "goals", {"measure": measure}) or {"measure": measure, **EMPTY}
    row = {**known, **values}
    row["owner"] = registers.text(row["owner"], 120)
    row["due_on"] = row["due_on"].isoformat() if isinstance(row["due_on"], date) else row["due_on"]
    if row["direction"] not in ("at_least", "at_most"):
        raise ChangeRefused("A goal is met at its target or above, or at its target or below.")
    if row["target"] is not None and not isfinite(row["target"]):
        raise ChangeRefused("The target must be a number.")
    if row["target"] is not None and is_share and not 0 <= row["target"] <= 1:
        raise ChangeRefused("The target of a share lies between 0 and 100%.")
    return registers.put(store, [("goals", row)], who, at) > 0


def add_own(
    store: AppStore, name: str, unit: str | None, adds_up: bool, values: Mapping[str, Any], who: str, at: datetime | None = None
) -> str:  # fmt: skip
    """A goal of people's own: a figure with its name and unit, and the goal for it, written at once. Gives its id."""
    title = registers.text(name, 120)
    if title is None:
        raise ChangeRefused("A goal of your own needs a name.")
    with store.reading() as connection:
        taken = {
            str(row[0])
            for row in connection.execute("select item ->> '$.figure' from changes where what = 'own_figures'")
        }
    figure = next(key for n in range(1, 10_000) if (key := f"own-{n}") not in taken)
    goal = {"measure": figure, **EMPTY, **values}
    goal["owner"] = registers.text(goal["owner"], 120)
    goal["due_on"] = goal["due_on"].isoformat() if isinstance(goal["due_on"], date) else goal["due_on"]
    kind = {"figure": figure, "name": title, "unit": registers.text(unit, 20), "adds_up": int(adds_up)}
    registers.put(store, [("own_figures", kind), ("goals", goal)], who, at)
    return figure
