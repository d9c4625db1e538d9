"""Links between pages, drawn for those who may open the page; from a figure to the calls behind it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard import navigation, queries, session
from dashboard.components.address import with_language
from dashboard.components.period import Period
from dashboard.i18n import _, duration, ngettext, number
from models.access.people import Person

CALLS = "pages/calls.py"
CALL = "pages/call.py"
NEEDS = "pages/needs.py"
ISSUES = "pages/issues.py"
LISTENING = "pages/listening.py"
TEAM = "pages/team.py"
GOALS = "pages/goals.py"
WAITS = "pages/waits.py"
DATA = "pages/data.py"
COMPLAINTS = "pages/complaints.py"
CUSTOMER = "pages/customer.py"
CUSTOMERS = "pages/customers.py"


def page(
    file: str,
    label: str,
    query_params: dict[str, str | list[str]] | None = None,
    icon: str | None = None,
    width: Literal["content", "stretch"] = "content",
    disabled: bool = False,
) -> None:
    """A link to a page, for whoever may open it; for others, nothing."""
    if is_open(file):
        st.page_link(file, label=label, query_params=query_params, icon=icon, width=width, disabled=disabled)


def is_open(file: str) -> bool:
    """Whether whoever looks may open a page."""
    return navigation.may_open(session.person(), file)


def go(file: str, query_params: dict[str, str | list[str]]) -> None:
    """Go to a page, if this person may open it; else stay."""
    if is_open(file):
        st.switch_page(file, query_params=query_params)


def begin(who: Person) -> None:
    """Go to where somebody begins, with what the address says."""
    go(f"pages/{navigation.home(who).name}.py", {name: st.query_params.get_all(name) for name in st.query_params})


def calls_parameters(period: Period, queues: list[str] | None, **more: object) -> dict[str, str | list[str]]:
    """The address of the Calls page for exactly these days and queues, and what more must hold."""
    days = [day.isoformat() for day in period.days]
    if "outcome" in more:  # what happened in a queue: within the hours that the figure counts
        more.setdefault("hours", queries.hours())
    return with_language({"period": "custom", "days": days, "queue": queues, **more})


def to_calls(n: int, period: Period, queues: list[str] | None, label: str | None = None, **more: object) -> None:
    """A link that says how many calls it leads to."""
    label = label or ngettext("See the call", "See the {n} calls", n).format(n=number(n))
    if n:
        page(CALLS, label=label + " →", query_params=calls_parameters(period, queues, **more))
    else:
        st.caption(_("No calls"))


def open_call(call_id: str, **more: object) -> None:
    """Go to the page of one call."""
    go(CALL, with_language({"call_id": call_id, **more}))


def open_customer(customer_id: str) -> None:
    """Go to the page of one customer."""
    go(CUSTOMER, with_language({"customer_id": customer_id}))


def open_complaint(complaint_id: int) -> None:
    """Go to one complaint."""
    go(COMPLAINTS, with_language({"complaint": str(complaint_id)}))


def to_complaint(complaint_id: int, label: str) -> None:
    """A link to one complaint."""
    page(COMPLAINTS, label=label, query_params=with_language({"complaint": str(complaint_id)}))


def to_due_complaints(to_do: str, label: str) -> None:
    """A link to the complaints that ask for something: ``to_do`` as the filter of their page has it."""
    page(COMPLAINTS, label=label, query_params=with_language({"to_do": to_do}))


def to_customer(customer_id: str, label: str) -> None:
    """A link to the page of one customer."""
    page(CUSTOMER, label=label, query_params=with_language({"customer_id": customer_id}))


def to_issue(issue_id: str) -> None:
    """A link to one recurring issue, over all time."""
    page(ISSUES, label=_("See the issue") + " →", query_params=with_language({"period": "all", "issue": issue_id}))


def to_complaints(issue_id: str, n: int) -> None:
    """A link to the complaints that name an issue, those that are done too; ``n``: how many they are."""
    label = ngettext("See the complaint", "See the {n} complaints", n).format(n=number(n)) + " →"
    page(
        COMPLAINTS,
        label=label,
        query_params=with_language({"to_do": "all", "feedback": "complaint", "about": issue_id}),
    )


def to_call(call_id: str, label: str) -> None:
    """A link to the page of one call."""
    page(CALL, label=label, query_params=with_language({"call_id": call_id}))


def to_moment(call_id: str, at_s: float | None, label: str) -> None:
    """A link to a moment of a call, in its seconds; to the call as a whole where there is none."""
    moment = "" if at_s is None else f" · {duration(at_s)}"
    page(CALL, label + moment, with_language({"call_id": call_id, "at": None if at_s is None else f"{at_s:g}"}))


def open_issue(issue_id: str) -> None:
    """Go to one recurring issue, over all time."""
    go(ISSUES, with_language({"period": "all", "issue": issue_id}))


def to_lost_callers(period: Period, queues: list[str] | None) -> None:
    """A link to the list of those who gave up in these days and are to be called back."""
    days = [day.isoformat() for day in period.days]
    parameters = with_language({"part": "lost", "period": "custom", "days": days, "queue": queues})
    page(CUSTOMERS, label=_("Call back those nobody reached") + " →", query_params=parameters)
