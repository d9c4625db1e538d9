"""The overview's row of needs: friendliness and empathy of the period, beside the one before."""

from __future__ import annotations

import streamlit as st

from dashboard import listening, queries
from dashboard.components import cards, links, trust
from dashboard.components.address import with_language
from dashboard.components.needs import TONE, Row
from dashboard.components.period import Period, Reach
from dashboard.i18n import N_, _, ngettext, number, percent, points
from models.listening.agreement import Agreement

NAMES = {"friendliness": N_("Friendliness"), "empathy": N_("Empathy")}


def show(period: Period, queues: list[str] | None, reach: Reach, before: str) -> None:
    """Two cards, where calls were judged; nothing otherwise."""
    if not queries.row("judged")["judged"]:
        return
    now, then = _shares(period, queues), _shares(period.before(reach.newest), queues)
    st.header(_("Needs met"))
    agreement = listening.agreement()
    for place, criterion in zip(st.columns(len(TONE)), TONE, strict=True):
        with place.container(border=True, height="stretch"):
            row = now.get(criterion)
            cards.show(_figure(criterion, row, then.get(criterion)), before)
            trust.caption(agreement.get(criterion, Agreement()))
            _link(int(row["n"]) if row else 0, criterion, period, queues)


def _shares(period: Period, queues: list[str] | None) -> dict[str, Row]:
    rows = queries.query("needs", start=period.start, end=period.end, queues=queues).to_dict("records")
    return {str(row["criterion"]): row for row in rows}


def _figure(criterion: str, row: Row | None, before: Row | None) -> cards.Figure:
    judged = row is not None and bool(row["n"])
    change = row["share"] - before["share"] if judged and row and before and before["n"] else None
    return cards.Figure(
        _(NAMES[criterion]), percent(row["share"] if judged and row else None),
        _("Calls in which it was met ÷ calls in which it was met or not met; calls without an occasion are left out."),
        change, points(change), True,
    )  # fmt: skip


def _link(n: int, criterion: str, period: Period, queues: list[str] | None) -> None:
    if not n:
        st.caption(_("No calls"))
        return
    label = ngettext("Of {n} judged call", "Of {n} judged calls", n).format(n=number(n)) + " →"
    here = with_language({"period": period.name, "days": list(period.days) if period.name == "custom" else None,
                          "queue": queues, "need": criterion})  # fmt: skip
    links.page(links.NEEDS, label=label, query_params=here)
