"""What the cost of issues, and so of poor service, is reckoned with: each assumption with where it comes from, to change."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.components import changed, rights
from dashboard.components.issues import SAID
from dashboard.i18n import N_, _, missing
from dashboard.session import writer
from models.access.people import Action
from models.issues import decisions

ASSUMED = {
    "agent_hour": (N_("An hour of an agent"), N_("Wages and everything else that an hour costs.")),
    "customer_value": (N_("What a customer brings"), N_("Money over the years that a customer stays.")),
    "issue_leaving_share": (N_("Sufferers who leave, %"), N_("Of the customers who call about an issue, how many go elsewhere because of it.")),
    "redo_share": (N_("Sufferers for whom work is done again, %"), N_("Of the customers who call about an issue, for how many something is delivered, repaired or booked again.")),
    "redo_value": (N_("What doing it again costs"), N_("Money for one new delivery, visit or booking.")),
    "compensation_share": (N_("Sufferers who are compensated, %"), N_("Of the customers who call about an issue, how many are given something.")),
    "compensation_value": (N_("What one is given"), N_("Money that a compensation costs.")),
}  # fmt: skip


def show(key: str) -> None:
    """The form; ``key`` tells the pages apart that show it. What was written is said on the page under ``SAID``."""
    rows = {str(row["name"]): row for row in queries.query("issue_assumed").to_dict("records")}
    with st.expander(_("How the cost is reckoned")):
        st.markdown(
            _("Handling and repeat contacts: their time × an hour of an agent. Redone work: sufferers × share × cost. "
              "Compensation: sufferers × share × value. Lost customers: sufferers × share who leave × what a customer brings.")
        )  # fmt: skip
        with st.form(f"{key}_assumptions", border=False):
            st.caption(_("In {currency} where it is money. Everyone who uses this dashboard sees the same.").format(
                currency=queries.settings().currency))  # fmt: skip
            values, sources = {}, {}
            for name, (label, help) in ASSUMED.items():
                left, right = st.columns([2, 3])
                factor = 100 if name in decisions.SHARES else 1
                values[name] = left.number_input(
                    _(label), 0.0, 100.0 if factor == 100 else 1e9, float(rows[name]["value"]) * factor, 1.0, "%g",
                    help=_(help), key=f"{key}_{name}",
                ) / factor  # fmt: skip
                source = "" if missing(rows[name]["source"]) else str(rows[name]["source"])
                sources[name] = right.text_input(
                    _("Where that comes from"), source, max_chars=200, key=f"{key}_{name}_source",
                    placeholder=_("ours") if rows[name]["is_written"] else _("Earshot’s own guess: change it"),
                )  # fmt: skip
            reason = rights.why_not(Action.DECIDE_ISSUES)
            if st.form_submit_button(_("Save"), disabled=reason is not None, help=reason):
                new = {
                    name: value
                    for name, value in values.items()
                    if abs(value - rows[name]["value"]) > 1e-9
                    or sources[name].strip() != ("" if missing(rows[name]["source"]) else rows[name]["source"])
                }
                _save(new, {name: sources[name] for name in new})


def _save(values: dict[str, float], sources: dict[str, str]) -> None:
    changed.do(
        lambda: decisions.put_assumptions(
            queries.app_store(), values, writer(Action.DECIDE_ISSUES), sources=sources
        ),
        SAID, _("Saved. Every cost uses it."),
    )  # fmt: skip
