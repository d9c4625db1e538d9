"""Cells that a spreadsheet would run as a formula: one rule for every CSV that leaves, in Python and in SQL."""

from __future__ import annotations

from typing import cast

import numpy as np
from duckdb.sqltypes import DuckDBPyType

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins with one of these may be run."""


def harmless(value: object) -> object:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it, in lists too; all else unchanged."""
    if isinstance(value, str):
        return "'" + value if value.startswith(STARTS) else value
    if isinstance(value, list | tuple | np.ndarray):
        return [harmless(one) for one in value]
    if isinstance(value, dict):
        return {name: harmless(one) for name, one in value.items()}
    return value


def harmless_sql(value: str, kind: DuckDBPyType, depth: int = 0) -> str:
    """The same for a value in SQL: ``value`` is an expression of type ``kind``."""
    if kind.id in ("varchar", "json"):
        starts = ", ".join(f"chr({ord(start)})" for start in STARTS)
        return f"case when left({value}, 1) in ({starts}) then '''' || {value} else {value} end"
    if "VARCHAR" not in str(kind):
        return value
    if kind.id == "list":
        each = f"x{depth}"
        return f"list_transform({value}, lambda {each}: {harmless_sql(each, kind.child, depth + 1)})"
    if kind.id == "struct":
        fields = cast("list[tuple[str, DuckDBPyType]]", kind.children)
        parts = ", ".join(
            f""""{n}" := {harmless_sql(f"struct_extract({value}, '{n}')", part, depth)}""" for n, part in fields
        )
        return f"case when {value} is not null then struct_pack({parts}) end"
    return value
