"""The overview's top three problems: frequent, costly, and something can be done."""

from __future__ import annotations

from textwrap import shorten

import streamlit as st

from dashboard import queries
from dashboard.components import links
from dashboard.components.address import with_language
from dashboard.components.period import Period
from dashboard.i18n import _, missing, money, ngettext, number

MOST = 3
QUOTE = 120
"""Characters of a quote that are shown."""


def show(period: Period, queues: list[str] | None) -> None:
    """Three cards, where issues were found; nothing otherwise."""
    rows = queries.query("issue_ledger", start=period.start, end=period.end, queues=queues).to_dict("records")
    top = [row for row in rows if row["rank_value"] > 0][:MOST]
    if not top:
        return
    st.header(_("Top three problems"))
    for place, row in zip(st.columns(MOST), top, strict=False):
        with place.container(border=True, height="stretch"):
            st.text(str(row["name"]))
            st.text(f"“{shorten(str(row['quote']), QUOTE, placeholder='…')}”")
            calls = ngettext("{n} call", "{n} calls", int(row["calls"])).format(n=number(row["calls"]))
            st.caption(f"{calls} · {money(row['cost'], queries.settings().currency)}")
            st.text(_("Owner: {name}").format(name=row["owner"]) if not missing(row["owner"]) else _("No owner yet"))
            here = {"period": period.name, "days": list(period.days) if period.name == "custom" else None,
                    "queue": queues, "issue": row["issue_id"]}  # fmt: skip
            links.page(links.ISSUES, label=_("Look into it") + " →", query_params=with_language(here))
