"""How patient callers are, how long they waited, and who was lost."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, queries, wait_charts
from dashboard.components import links
from dashboard.components.cards import Figure
from dashboard.components.cards import show as card
from dashboard.components.waits import View
from dashboard.i18n import _, ngettext, number, percent, seconds
from models.waits.erlang import mean_patience_s

BARS = 48
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600)
SHARE = 0.5


def show(view: View) -> None:
    """Patience, waits, and callers who did or did not come back."""
    totals = queries.row("totals", **view.span)
    if not totals["offered"]:
        st.info(_("No calls were offered in these days. Choose other days or queues above."))
        return
    threshold = None if totals["mixed_targets"] else float(totals["threshold_s"])
    with st.container(border=True):
        _patience(totals, threshold, view)
    with st.container(border=True):
        _spread(totals, threshold, view)
    with st.container(border=True):
        _lost(view)


def _patience(totals: dict[str, Any], threshold_s: float | None, view: View) -> None:
    st.header(_("How long callers are ready to wait"))
    if not totals["abandoned"]:
        st.write(_("Nobody hung up in these days, so nothing is known about patience."))
        return
    rows = queries.query("patience", **view.span)
    mean_s = mean_patience_s(float(totals["all_wait_s"]), int(totals["abandoned"]))
    st.plotly_chart(
        wait_charts.patience(rows, threshold_s, mean_s, view.theme), key="patience", config=charts.CONFIG,
        alt=_("Share of callers still ready to wait, by seconds waited"),
    )  # fmt: skip
    sentences = []
    if threshold_s is not None:
        gone = 1 - at(rows, threshold_s)
        sentences.append(_("{share} would hang up within the target time of {time}.").format(
            share=percent(gone, 1), time=seconds(threshold_s)))  # fmt: skip
    half = median_s(rows)
    if half is None:
        sentences.append(_("Fewer than half would hang up within the longest wait that occurred."))
    else:
        sentences.append(_("Half would hang up within {time}.").format(time=seconds(half, 0)))
    st.write(" ".join(sentences))
    st.caption(_("Kaplan–Meier: calls that were answered, or left the queue otherwise, count as patient for as long as "
                 "they waited."))  # fmt: skip


def at(patience: pd.DataFrame, wait_s: float) -> float:
    """Share of callers whose patience is longer than ``wait_s``."""
    upto = patience[patience["wait_s"] <= wait_s]
    return float(upto["still_waiting"].iloc[-1]) if len(upto) else 1.0


def median_s(patience: pd.DataFrame) -> float | None:
    """The patience that half of all callers exceed; None when more than half are left at the end."""
    beyond = patience[patience["still_waiting"] <= SHARE]
    return float(beyond["wait_s"].iloc[0]) if len(beyond) else None


def _spread(totals: dict[str, Any], threshold_s: float | None, view: View) -> None:
    st.header(_("How long they waited"))
    longest = float(totals["longest_wait_s"] or 0)
    step = next((step for step in STEPS if longest <= step * BARS), STEPS[-1])
    rows = queries.query("wait_spread", **view.span, step=step, cut_s=step * BARS)
    st.plotly_chart(
        wait_charts.spread(rows, step, threshold_s, view.theme), key="wait_spread", config=charts.CONFIG,
        alt=_("Calls by how long they waited: answered, abandoned, and left the queue otherwise"),
    )  # fmt: skip
    st.caption(_("Steps of {time}; the dashed line is the target time.").format(time=seconds(step)))
    if threshold_s is not None:
        label = _("See the longest waits")
        links.to_calls(int(totals["offered"]), view.period, view.queues, label, outcome="offered", sort="wait")


def _lost(view: View) -> None:
    days = queries.settings().return_days
    st.header(_("Who came back"))
    lost, again = queries.row("lost", **view.span), queries.row("repeats", **view.span)
    if not lost["known"] and not again["calls"]:
        st.write(_("The queue log gives no callers’ numbers for these days, so nobody can be recognised again."))
        return
    within = ngettext("within a day", "within {n} days", days).format(n=number(days))
    figures = [
        (Figure(_("Lost callers"), number(lost["lost"]), _("Hung up and did not call again {within}.").format(within=within)),
         int(lost["lost"]), {"outcome": "lost"}),
        (Figure(_("Called again, unanswered"), number(lost["back"]), _("Hung up, called again {within}, and were not answered.").format(within=within)),
         int(lost["back"]), {"outcome": "back"}),
        (Figure(_("Reached an agent later"), number(lost["reached"]), _("Hung up, and were answered in another call {within}.").format(within=within)),
         int(lost["reached"]), {"outcome": "reached"}),
        (Figure(_("Repeat calls"), percent(again["repeated"] / again["calls"] if again["calls"] else None, 1), _("Calls of known customers that the same customer followed with another {within}.").format(within=within)),
         int(again["repeated"]), {"again": "yes"}),
    ]  # fmt: skip
    for place, (figure, n, behind) in zip(st.columns(len(figures)), figures, strict=True):
        with place.container(border=True, height="stretch"):
            card(figure, "")
            links.to_calls(n, view.period, view.queues, **behind)
    links.to_lost_callers(view.period, view.queues)
    if lost["undecided"]:
        st.caption(_("{n} more hung up so lately that they may still call again.").format(n=number(lost["undecided"])))
    st.caption(_("Callers whose number is withheld can’t be recognised and are left out."))
