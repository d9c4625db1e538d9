"""Team scores: what people heard in random picks, weighted; beside it the scorecard, where it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import listening, queries
from dashboard.components import needs, tables, trust
from dashboard.components.address import with_language
from dashboard.components.links import LISTENING, page
from dashboard.i18n import DASH, _, number, percent
from models.listening.agreement import Agreement


def show(named: dict[str, str], span: dict[str, Any], agreement: Mapping[str, Agreement]) -> None:
    """One row per need that people judged in random picks; what to do while there is none."""
    st.subheader(_("Team scores"))
    st.caption(_("What people heard in calls drawn by chance, each weighted by how likely it was to be drawn. The "
                 "scorecard's share of all calls stands beside it only where it is trusted."))  # fmt: skip
    rows = needs.in_order(queries.query("team_needs", **span, **listening.random_picks()), named)
    if not rows:
        st.write(_("Nobody has judged a call drawn by chance in these days. An hour a week is enough:"))
        page(LISTENING, label=_("Listening hour") + " →", query_params=with_language({}))
        return
    automatic = {row["criterion"]: row for row in queries.query("needs", **span).to_dict("records")}
    shown = pd.DataFrame([_row(row, automatic, agreement.get(row["criterion"], Agreement())) for row in rows])
    columns = {
        "name": (_("Need"), "text"), "share": (_("Share met"), "share"), "interval": (_("95% interval"), "share"),
        "n": (_("Calls heard"), "n"), "reviewers": (_("Reviewers"), "n"), "scorecard": (_("Scorecard, all calls"), "share"),
        "trust": (_("Agreement with people"), "text"),
    }  # fmt: skip
    tables.show(shown, columns, "team_scores", None, _("Share met of each need as people heard it"))


def _row(row: needs.Row, automatic: Mapping[str, needs.Row], agreement: Agreement) -> dict[str, str]:
    beside = automatic.get(row["criterion"])
    return {
        "name": row["name"],
        "share": percent(row["share"]),
        "interval": f"{percent(row['low'])} – {percent(row['high'])}",
        "n": number(row["n"]),
        "reviewers": number(row["reviewers"]),
        "scorecard": percent(beside["share"]) if agreement.trusted and beside else DASH,
        "trust": trust.short(agreement),
    }
