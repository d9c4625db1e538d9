"""A figure with its change against the week before, its trend, and the calls behind it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

GOOD, BAD, NEUTRAL = "green", "red", "gray"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it is shown; ``change`` is signed, ``more_is_better`` is None where neither is."""

    label: str
    value: str
    help: str
    change: float | None = None
    change_text: str = ""
    more_is_better: bool | None = None
    trend: tuple[float, ...] = ()


def colour(figure: Figure) -> str:
    """Whether a change is for the better."""
    if not figure.change or figure.more_is_better is None:
        return NEUTRAL
    return GOOD if (figure.change > 0) == figure.more_is_better else BAD


def show(figure: Figure, compared_with: str) -> None:
    """The figure, in the container it is called in."""
    known = figure.change is not None and not pd.isna(figure.change)
    st.metric(
        figure.label,
        figure.value,
        delta=figure.change_text if known else None,
        delta_color=colour(figure) if known else "off",  # type: ignore[arg-type]
        delta_arrow="off" if not figure.change else "up" if figure.change > 0 else "down",
        delta_description=compared_with if known else None,
        help=figure.help,
        chart_data=list(figure.trend) if len(figure.trend) > 1 else None,
        chart_type="line",
    )
