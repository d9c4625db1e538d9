"""The team's logs: what agents gave at their discretion, ideas with their answers, and thanks. Never counted by agent."""

from __future__ import annotations

from datetime import date as Date
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import queries, within
from dashboard.components import links, period, tables
from dashboard.components.address import with_language
from dashboard.components.changed import before_and_after
from dashboard.components.goals import do, edition, history, said
from dashboard.i18n import DASH, N_, _, date, money
from dashboard.session import writer
from models.access.people import Action
from models.changes import Change
from models.goals import logs
from models.goals.logs import Goodwill

STATUSES = {"new": N_("new"), "under_way": N_("under way"), "done": N_("done"), "declined": N_("declined")}
GOODWILL = ("goodwill_id", "given_on", "agent", "value", "what", "why", "customer_id", "call_id", "written_by")
IDEAS = ("idea_id", "month", "employee", "text", "status", "answer", "written_by")
THANKS = ("recognition_id", "given_on", "employee", "text", "call_id", "written_by")
LABELS = {
    "agent": N_("Agent"), "employee": N_("Employee"), "given_on": N_("Day"), "month": N_("Month"), "value": N_("Cost"),
    "what": N_("What was given"), "why": N_("Why"), "text": N_("Words"), "status": N_("Status"), "answer": N_("Answer"),
    "customer_id": N_("Customer"), "call_id": N_("Call"),
}  # fmt: skip


def goodwill() -> None:
    """What agents gave, the newest first, and the form. There are no sums by agent, on purpose."""
    said()
    st.caption(_("What agents gave at their discretion, to learn what puts things right. It is never added up by agent, and is part "
                 "of no score: whoever is counted by it stops giving."))  # fmt: skip
    rows = within.rows(logs.rows(queries.app_store(), "goodwill", GOODWILL, "given_on desc, goodwill_id desc"))
    if rows:
        shown = pd.DataFrame({
            "day": [_day(row["given_on"]) for row in rows], "agent": [row["agent"] for row in rows],
            "what": [row["what"] for row in rows], "value": [money(row["value"], queries.settings().currency) for row in rows],
            "why": [row["why"] or DASH for row in rows], "customer": [row["customer_id"] or DASH for row in rows],
        })  # fmt: skip
        columns = {
            "day": (_("Day"), "text"), "agent": (_("Agent"), "text"), "what": (_("What was given"), "quote"), "value": (_("Cost"), "n"),
            "why": (_("Why"), "quote"), "customer": (_("Customer"), "text"),
        }  # fmt: skip
        _open(tables.show(shown, columns, "open_goodwill", _("Call"), _("What agents gave, the newest first")), rows)
    else:
        st.info(_("Nothing is noted yet. When an agent gives something to put things right, write it below."))
    key = f"goodwill_{edition()}"
    with st.expander(_("Note what was given"), expanded=not rows), st.form(key, border=False, enter_to_submit=False):
        first, second = st.columns(3), st.columns(2)
        agent = first[0].text_input(_("Agent"), max_chars=logs.NAME, key=f"{key}_agent")
        day = first[1].date_input(_("Day"), "today", max_value="today", format="DD/MM/YYYY", key=f"{key}_day")
        value = first[2].number_input(_("Cost"), 0.0, value=0.0, format="%g", key=f"{key}_value")
        what = st.text_input(_("What was given"), max_chars=logs.TEXT, key=f"{key}_what")
        why = st.text_input(_("Why"), max_chars=logs.TEXT, key=f"{key}_why")
        customer = second[0].text_input(_("Customer"), max_chars=logs.NAME, key=f"{key}_customer")
        call = second[1].text_input(_("Call"), max_chars=logs.NAME, key=f"{key}_call", placeholder=_("its id"))
        if st.form_submit_button(_("Save")) and isinstance(day, Date):
            given = Goodwill(agent, day, value, what, why, customer, call)
            do(lambda: logs.give(queries.app_store(), given, writer(Action.LEAD_TEAM)), _("Saved."))
    history(("goodwill",), "goodwill", _words, Action.LEAD_TEAM, of_people=True)


def ideas() -> None:
    """Ideas of employees with what became of them, thanks, and the forms."""
    said()
    left, right = st.columns(2, gap="large")
    with left:
        _ideas()
    with right:
        _thanks()
    history(("ideas", "recognitions"), "ideas", _words, Action.LEAD_TEAM, of_people=True)


def _ideas() -> None:
    st.header(_("Ideas"))
    st.caption(_("One a month from each employee; each gets an answer."))
    for row in within.rows(logs.rows(queries.app_store(), "ideas", IDEAS, "month desc, idea_id desc")):
        with st.container(border=True, gap="small"):
            st.text(row["text"])
            st.text(f"— {row['employee']} · {row['month']} · {status_word(row['status'])}")
            if row["answer"]:
                st.text(f"→ {row['answer']}")
            key = f"idea_{row['idea_id']}_{edition()}"
            with st.popover(_("Answer"), key=f"{key}_open"), st.form(key, border=False, enter_to_submit=False):
                status = st.selectbox(
                    _("Status"),
                    list(STATUSES),
                    list(STATUSES).index(row["status"]),
                    format_func=status_word,
                    key=f"{key}_status",
                )
                words = st.text_area(_("Answer"), row["answer"] or "", max_chars=logs.TEXT, key=f"{key}_answer")
                if st.form_submit_button(_("Save")):
                    do(
                        partial(_answer, row["idea_id"], status, words),
                        _("Saved."),
                    )
    key = f"new_idea_{edition()}"
    with st.expander(_("Write down an idea")), st.form(key, border=False, enter_to_submit=False):
        places = st.columns(2)
        employee = places[0].text_input(_("Employee"), max_chars=logs.NAME, key=f"{key}_employee")
        month = places[1].text_input(
            _("Month"),
            f"{period.today():%Y-%m}",
            max_chars=7,
            key=f"{key}_month",
        )
        words = st.text_area(_("The idea"), max_chars=logs.TEXT, key=f"{key}_text")
        if st.form_submit_button(_("Save")):
            do(lambda: logs.suggest(queries.app_store(), employee, month, words, writer(Action.LEAD_TEAM)), _("Saved."))


def _answer(idea_id: int, status: str, words: str) -> None:
    logs.answer(queries.app_store(), idea_id, writer(Action.LEAD_TEAM), status, words)


def status_word(code: str) -> str:
    """What became of an idea, in the reader's language."""
    return _(STATUSES[code])


def _thanks() -> None:
    st.header(_("Thanks"))
    st.caption(_("What somebody did well, said by name."))
    for row in within.rows(
        logs.rows(queries.app_store(), "recognitions", THANKS, "given_on desc, recognition_id desc")
    ):
        with st.container(border=True, gap="small"):
            st.text(f"{row['employee']}: {row['text']}")
            st.text(f"— {row['written_by']} · {_day(row['given_on'])}")
            if row["call_id"]:
                links.page(links.CALL, _("The call") + " →", with_language({"call_id": row["call_id"]}))
    key = f"thanks_{edition()}"
    with st.expander(_("Thank somebody")), st.form(key, border=False, enter_to_submit=False):
        employee = st.text_input(_("Employee"), max_chars=logs.NAME, key=f"{key}_employee")
        words = st.text_area(_("For what"), max_chars=logs.TEXT, key=f"{key}_text")
        call = st.text_input(_("Call"), max_chars=logs.NAME, key=f"{key}_call", placeholder=_("its id"))
        if st.form_submit_button(_("Save")):
            today = period.today()
            do(
                lambda: logs.thank(queries.app_store(), employee, today, words, writer(Action.LEAD_TEAM), call),
                _("Saved."),
            )


def _open(row: int | None, rows: list[dict[str, object]]) -> None:
    """Go to the call of a row whose button was pressed, where it names one."""
    if row is None:
        return
    if rows[row]["call_id"]:
        links.open_call(str(rows[row]["call_id"]))
    else:
        st.caption(_("No call is named."))


def _day(text: str) -> str:
    return date(Date.fromisoformat(text))


def _words(change: Change) -> tuple[str, str]:
    row = change.after or change.before or {}
    return str(row.get("agent") or row.get("employee") or ""), before_and_after(change, LABELS, _value)


def _value(field: str, value: object) -> str:
    if value is None:
        return DASH
    if field == "given_on":
        return _day(str(value))
    if field == "status":
        return status_word(str(value))
    return money(float(str(value)), queries.settings().currency) if field == "value" else str(value)
