"""The declaration of what each text column holds of people (models/schema/people_data.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).parent.parent / "schema" / "people_data.toml"
ROLES = ("call", "customer", "name", "text", "json", "raw", "staff", "plain")
Which = Literal["calls", "app"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the role of each text column, and whether an erased customer's rows go as a whole.

    ``line`` is a column with whole lines of input: one that names an erased customer, or a call of theirs, is emptied.
    ``of`` is (column, table) where it is another table's row that says whose a row is.
    """

    name: str
    roles: Mapping[str, str]
    rows_go: bool
    line: str | None = None
    of: tuple[str, str] | None = None

    def having(self, *roles: str) -> list[str]:
        """The columns with one of the roles."""
        return [column for column, role in self.roles.items() if role in roles]


@cache
def declared(which: Which) -> dict[str, Table]:
    """Table name -> what it holds, of calls.duckdb or of app.sqlite."""
    given = tomllib.loads(FILE.read_text("utf-8"))[which]
    return {
        name: Table(
            name,
            {c: role for role in ROLES for c in entry.get(role, ())},
            entry.get("rows") == "delete",
            entry.get("line"),
            tuple(entry["of"]) if "of" in entry else None,
        )
        for name, entry in given.items()
    }
