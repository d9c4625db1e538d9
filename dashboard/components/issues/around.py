"""Around one issue: who calls about it, and the complaints that name it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import navigation, queries, session
from dashboard.components import links, tables
from dashboard.components.complaints import this_minute
from dashboard.components.customers import KINDS, PLACES
from dashboard.components.issues import Row, View
from dashboard.i18n import N_, _, money, number, percent

SPLITS = {
    "queue": N_("Queue"), "segment": N_("Segment"), "place": N_("Outside or inside"), "kind": N_("Buys as"),
    "core": N_("Core customer"),
}  # fmt: skip
PARTS = {**PLACES, **KINDS, "core": N_("core customers"), "other": N_("others"), "": N_("not known")}
WRITTEN = frozenset({"place", "kind", "core"})
"""Splits by what people wrote about customers."""


def who(view: View, row: Row) -> None:
    """Who calls about it: by queue, by the source's segment, or by what people know of the customers."""
    chosen = st.segmented_control(
        _("Who calls about it"), list(SPLITS), format_func=lambda code: _(SPLITS[code]), key="issue_split", required=True
    )  # fmt: skip
    split: str = chosen or "queue"
    rows = queries.query("registers/issue_by", issue=row["issue_id"], split=split, **view.span)
    if rows.empty:
        return
    if split in WRITTEN and not any(rows["part"]):
        st.write(_("Of nobody who called about it this is known yet. It is written on the page of each customer."))
        links.page(links.CUSTOMERS, label=_("Customers") + " →")
        return
    named = PARTS if split in WRITTEN else {"": PARTS[""]}
    shown = pd.DataFrame({
        "part": [_(named[part]) if part in named else part for part in rows["part"]], "calls": rows["calls"].map(number),
        "sufferers": rows["sufferers"].map(number), "share": rows["share"].map(lambda share: percent(share, 1)),
    })  # fmt: skip
    columns = {
        "part": (_(SPLITS[split]), "text"), "calls": (_("Calls"), "n"), "sufferers": (_("Sufferers"), "n"),
        "share": (_("Of all calls read there"), "share"),
    }  # fmt: skip
    tables.show(shown, columns, "issue_by", None, _("Calls about the issue by part"))


def complaints(row: Row) -> None:
    """What the complaints register holds about it, and the way there; for whoever may see complaints."""
    if not navigation.may_open(session.person(), links.COMPLAINTS):
        return
    found = queries.row("registers/issue_complaints", issue=row["issue_id"], now=this_minute())
    st.markdown("**" + _("Complaints about it") + "**")
    if not found["complaints"]:
        st.caption(_("No complaint names this issue. Whoever writes one down can choose it there."))
        return
    figures = {
        _("Complaints"): number(found["complaints"]), _("Still open"): number(found["open"]),
        _("Promises broken"): number(found["broken_promises"]),
        _("Compensation given"): money(found["compensation"], queries.settings().currency),
    }  # fmt: skip
    for place, (label, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(label, value)
    st.caption(_("Over all time, whatever the days chosen above."))
    links.to_complaints(str(row["issue_id"]), int(found["complaints"]))
