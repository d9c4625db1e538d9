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
from models.listening.agreement import TRUSTED_CALLS, Agreement


def show(named: dict[str, str], span: dict[str, Any], agreement: Mapping[str, Agreement]) -> None:
    """One row per trusted need that people judged in random picks, the others apart; what to do while there is none."""
    st.header(_("Team scores"))
    st.caption(_("What people heard in calls drawn by chance, each weighted by how likely it was to be drawn. A need "
                 "that is not trusted yet stays out."))  # fmt: skip
    rows = needs.in_order(queries.query("team_needs", **span, **listening.random_picks()), named)
    if not rows:
        st.write(_("Nobody has judged a call drawn by chance in these days. An hour a week is enough:"))
        page(LISTENING, label=_("Listening hour") + " →", query_params=with_language({}))
        return
    automatic = {row["criterion"]: row for row in queries.query("needs", **span).to_dict("records")}
    how = {row["criterion"]: agreement.get(row["criterion"], Agreement()) for row in rows}
    scores = [_row(row, automatic, how[row["criterion"]]) for row in rows if how[row["criterion"]].trusted]
    others = [_row(row, automatic, how[row["criterion"]]) for row in rows if not how[row["criterion"]].trusted]
    if scores:
        _table(scores, "team_scores", _("Share met of each need as people heard it"))
    else:
        st.info(_("No need is trusted yet, so there is no team score: a need is in from {n} calls that people judged blind, "
                  "when they agree with the scorecard.").format(n=number(TRUSTED_CALLS)))  # fmt: skip
    if others:
        with st.expander(_("Heard, but not in the team scores yet"), expanded=not scores):
            st.caption(_("What people heard of needs that are not trusted yet: people and the scorecard may not mean the same "
                         "by them. Don't compare teams by these."))  # fmt: skip
            _table(others, "team_leanings", _("Share met of each need that is not trusted yet"))


def _table(rows: list[dict[str, str]], key: str, alt: str) -> None:
    columns = {
        "name": (_("Need"), "text"), "share": (_("Share met"), "share"), "interval": (_("95% interval"), "share"),
        "n": (_("Calls heard"), "n"), "reviewers": (_("Reviewers"), "n"), "scorecard": (_("Scorecard, all calls"), "share"),
        "trust": (_("Agreement with people"), "text"),
    }  # fmt: skip
    tables.show(pd.DataFrame(rows), columns, key, None, alt)


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
