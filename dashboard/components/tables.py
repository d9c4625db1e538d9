"""Tables with a button in each row. Cells are drawn as plain text, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.column_config import ButtonColumn, TextColumn

from dashboard.i18n import _, number, percent, seconds

ROW_HEIGHT = 36
BUTTON = "_open"
SIGNS = re.compile("_{2,}")
RIGHT = frozenset({"wait", "length", "n", "share"})


def show(
    rows: pd.DataFrame, columns: Mapping[str, tuple[str, str]], key: str, button: str | None, alt: str,
    also: Mapping[str, str] | None = None,
) -> int | None:  # fmt: skip
    """A table of text; gives the number of the row whose button was pressed in this run.

    ``columns``: column of ``rows`` → heading and kind; kinds in ``RIGHT`` are aligned to the right. ``also``: key → label of
    further buttons of each row, for ``pressed``.
    """
    shown = rows[list(columns)].astype(str)
    config: dict[str, Any] = {
        name: TextColumn(heading, alignment="right" if kind in RIGHT else "left", width=_width(kind))  # type: ignore[arg-type]
        for name, (heading, kind) in columns.items()
    }
    for name, label in reversed([*(also or {}).items()]):
        shown.insert(0, name, label)
        config[name] = ButtonColumn("", key=name, width="small", type="secondary")
    if button:
        shown.insert(0, BUTTON, button)
        config[BUTTON] = ButtonColumn("", key=key, pinned=True, width="small", type="secondary")
    height = (len(shown) + 1) * ROW_HEIGHT + 3
    st.dataframe(
        shown, column_config=config, hide_index=True, row_height=ROW_HEIGHT, height=height, alt=alt, key=f"{key}_table"
    )
    return pressed(key, len(shown)) if button else None


def heading(name: str) -> str:
    """A name from others as the heading of a column, which is read as Markdown: without the signs that would make it so."""
    plain = "".join(letter if letter.isalnum() or letter in " .()@-" else "_" for letter in name)[:60]
    return SIGNS.sub("_", plain)


def pressed(key: str, rows: int) -> int | None:
    """The number of the row whose button of this key was pressed in this run, of a table of so many rows."""
    click = st.session_state.get(key)
    return int(click["row"]) if click and int(click["row"]) < rows else None


def _width(kind: str) -> int | None:
    return {"quote": 500, "state": 240, "words": 170, "moment": 170, "wait": 90, "length": 90}.get(kind)


def by_part(rows: pd.DataFrame, heading: str, with_calls: bool = True) -> int | None:
    """The parts with their figures, and a button to the calls of each. ``rows``: part and the measures of waits_by."""
    shown = pd.DataFrame({
        "part": rows["part"],
        "offered": rows["offered"].map(number),
        "answered": rows["answered"].map(number),
        "abandoned": rows["abandoned"].map(number),
        "service_level": rows["service_level"].map(lambda share: percent(share, 1)),
        "goal": rows["goal"].map(percent),
        "asa_s": rows["asa_s"].map(lambda value: seconds(value, 1)),
        "abandon_rate": rows["abandon_rate"].map(lambda share: percent(share, 1)),
        "longest_wait_s": rows["longest_wait_s"].map(lambda value: seconds(value, 0)),
        "aht_s": rows["aht_s"].map(lambda value: seconds(value, 0)),
    })  # fmt: skip
    columns = {
        "part": (heading, "text"), "offered": (_("Offered"), "n"), "answered": (_("Answered"), "n"),
        "abandoned": (_("Abandoned"), "n"), "service_level": (_("Service level"), "share"), "goal": (_("Goal"), "share"),
        "asa_s": (_("Speed of answer"), "share"), "abandon_rate": (_("Abandonment"), "share"),
        "longest_wait_s": (_("Longest wait"), "share"), "aht_s": (_("Handling time"), "share"),
    }  # fmt: skip
    return show(shown, columns, "part_calls", _("Calls") if with_calls else None, _("Figures of each part"))
