"""CSV that a spreadsheet opens without running what is in it."""

from __future__ import annotations

import pandas as pd

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: object) -> object:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it; all else unchanged."""
    return "'" + value if isinstance(value, str) and value.startswith(DANGEROUS) else value


def protected_csv(rows: pd.DataFrame) -> bytes:
    """``rows`` as UTF-8 CSV with a byte-order mark, its texts made harmless."""
    safe = rows.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(harmless)
    return str(safe.to_csv(index=False)).encode("utf-8-sig")
