"""Complaints on the Call page: those made in the call, others of its customer, and the way to a new one."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from dashboard import navigation, queries, session
from dashboard.components import links
from dashboard.components.address import with_language
from dashboard.components.complaints import STATUSES, this_minute
from dashboard.i18n import _, date, missing
from models.complaints.register import Complaint
from models.listening.remarks import Remark

LISTED = 8
PHONE = re.compile(r"\+?[\d\s().-]{6,20}")


def show(call_id: str) -> None:
    """The list with a warning where a promise was broken, and the way to a new one; for whoever may see complaints."""
    if not navigation.may_open(session.person(), links.COMPLAINTS):
        return
    st.header(_("Complaints"))
    rows = queries.query("registers/complaints_around_call", call_id=call_id, now=this_minute(), limit=LISTED)
    if rows["is_broken_here"].any():
        st.warning(_("This call shows a broken promise: the customer called again about what was said to be done."))
    elif (rows["broken_promises"].gt(0) & rows["is_open"]).any():
        st.warning(_("A promise to this customer was broken."))
    for row in rows.to_dict("records"):
        links.page(
            links.COMPLAINTS, label=_title({str(k): v for k, v in row.items()}),
            query_params=with_language({"complaint": str(row["complaint_id"])}),
        )  # fmt: skip
    links.page(
        links.COMPLAINTS, label=_("Open a complaint from this call"), icon=":material/feedback:",
        query_params=with_language({"from_call": call_id}),
    )  # fmt: skip


def _title(row: dict[str, Any]) -> str:
    """A complaint in a link; nothing in it was written by people."""
    day, status = date(row["received_at"]), row["status"]
    words = (
        _("Made here") if row["is_of_call"] else day
    ) + f" · {_('No.')} {row['complaint_id']} · {_(STATUSES[status])}"
    if row["broken_promises"]:
        return words + " · " + _("promise broken")
    if row["status"] == "promised" and not missing(row["promised_for"]):
        return words + " · " + _("promised by {day}").format(day=date(row["promised_for"]))
    return words


def of_remark(remark: Remark) -> None:
    """The way from a remark that a complaint should be opened to its form."""
    links.page(
        links.COMPLAINTS, label=_("Open the complaint"), icon=":material/feedback:",
        query_params=with_language({"from_call": remark.call_id, "from_remark": str(remark.remark_id)}),
    )  # fmt: skip


def known_of(call_id: str, words: str | None = None) -> Complaint | None:
    """A complaint made in a call, with what is known filled in; None when there is no such call.

    ``words``: what a reviewer wrote, instead of the customer's first problem.
    """
    rows = queries.query("registers/complaint_from_call", call_id=call_id)
    if rows.empty or missing(rows["started_at"].iloc[0]):
        return None
    row = rows.astype(object).where(rows.notna(), None).to_dict("records")[0]
    customer = row["customer_id"]
    phone = row["customer_phone"] or (customer if customer and PHONE.fullmatch(customer) else None)
    return Complaint(
        nature=words or row["quote"] or "", received_at=row["started_at"].to_pydatetime(), channel="call", call_id=call_id,
        customer_id=customer, customer_name=row["customer_name"], customer_address=row["customer_address"], customer_phone=phone,
        received_by=row["agent_id"], issue_id=row["issue_id"],
    )  # fmt: skip
