"""A customer's history: calls and what else is known, on one time line and as a list that leads to each."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, customer_charts, queries, within
from dashboard.components import links, period, tables
from dashboard.components.call_list import outcome
from dashboard.components.customers import known, value
from dashboard.customer_charts import ONE
from dashboard.i18n import DASH, _, date, missing, moment, number, seconds
from models.customers import callbacks

MOST = 300
"""Calls that are shown."""
ASKED = {"yes": 2.0, "no": -2.0}
"""Tone of what a customer says when called back."""
GAVE_UP = -1.0
COMPLAINED = -2.0


def show(customer_id: str, theme: str | None) -> None:
    """The picture and the list."""
    calls = queries.query("customer_history", customer=customer_id, most=MOST)
    events = in_order(
        [*of_calls(calls), *of_complaints(customer_id), *of_surveys(customer_id), *of_callbacks(customer_id)]
    )
    if events.empty:
        st.info(_("Nothing is known of this customer’s past: no call that says when it was."))
        return
    st.plotly_chart(
        customer_charts.history(events, theme), key="customer_history", config=charts.CONFIG,
        alt=_("What happened when: calls, complaints, surveys and calls back, coloured by how they went"),
    )  # fmt: skip
    st.caption(_("The colour says how it went: for calls the predicted satisfaction, for surveys the rating, for calls back what they "
                 "said; a cross is a call that was given up. Grey: nobody can tell."))  # fmt: skip
    if len(calls) == MOST:
        st.caption(
            _("The newest {n} calls of {total}.").format(n=number(MOST), total=number(int(calls["calls"].iloc[0])))
        )
    _list(events)


def in_order(events: list[dict[str, Any]]) -> pd.DataFrame:
    """Events, newest first. Columns: at, what, symbol, tone, words, call_id, complaint_id."""
    columns = ["at", "what", "symbol", "tone", "words", "call_id", "complaint_id"]
    found = pd.DataFrame(events, columns=columns)
    return found.sort_values("at", ascending=False, kind="stable", ignore_index=True) if events else found


def of_calls(calls: pd.DataFrame) -> list[dict[str, Any]]:
    """A row per call: how it ended, with whom, and how it went."""
    return [_call(row) for row in calls.to_dict("records")]


def _call(row: dict[Any, Any]) -> dict[str, Any]:
    lost = row["outcome"] == "abandoned"
    parts = [
        outcome(row["outcome"]),
        known(row["queue"]),
        known(row["agent_id"]) if not missing(row["agent_id"]) else "",
    ]
    waited = _("waited {time}").format(time=seconds(row["wait_s"], 0)) if not missing(row["wait_s"]) else ""
    tone = row["predicted_satisfaction"]
    return {
        "at": row["at"], "what": "call", "symbol": "gave_up" if lost else "call", "tone": GAVE_UP if lost and missing(tone) else tone,
        "words": " · ".join(part for part in [*parts, waited] if part), "call_id": row["call_id"],
    }  # fmt: skip


def of_complaints(customer_id: str) -> list[dict[str, Any]]:
    """A row per complaint, and one per promise that was made in it."""
    made = []
    for row in queries.query("registers/customer_complaints", customer=customer_id).to_dict("records"):
        call_id = None if missing(row["call_id"]) else row["call_id"]
        if row["kind"] == "complaint":
            made.append({"at": row["at"], "what": "complaint", "symbol": "complaint", "tone": COMPLAINED, "words": str(row["nature"]),
                         "call_id": call_id, "complaint_id": row["complaint_id"]})  # fmt: skip
        if not missing(row["promised_for"]):
            words = _("promised for {day}").format(day=date(row["promised_for"]))
            tone = COMPLAINED if row["is_promised"] and row["promised_for"] < period.today() else None
            made.append({
                "at": pd.Timestamp(row["promised_for"]), "what": "promise", "symbol": "promise", "tone": tone, "words": words,
                "call_id": call_id, "complaint_id": row["complaint_id"],
            })  # fmt: skip
    return made


def of_surveys(customer_id: str) -> list[dict[str, Any]]:
    """A row per survey: what they wrote, how they rated; the tone is the rating on the scale of calls."""
    made = []
    for row in queries.query("registers/customer_surveys", customer=customer_id).to_dict("records"):
        words = [known(row["open_answer"]) if row["is_answered"] else _("not answered")]
        if not missing(row["rating"]):
            words.append(f"{number(row['rating'])} / {number(row['highest'])}")
        tone = None if missing(row["satisfaction"]) else 4 * row["satisfaction"] - 2
        made.append({
            "at": row["at"], "what": "survey", "symbol": "survey", "tone": tone, "words": " · ".join(words),
            "call_id": None if missing(row["call_id"]) else row["call_id"],
        })  # fmt: skip
    return made


def promises(customer_id: str) -> None:
    """What was promised to them and is not kept yet."""
    rows = queries.query("registers/customer_complaints", customer=customer_id).to_dict("records")
    open_ones = [row for row in rows if row["is_promised"]]
    if not open_ones:
        return
    st.header(_("Promises open"))
    for row in open_ones:
        late = not missing(row["promised_for"]) and row["promised_for"] < period.today()
        with st.container(border=True, gap="small"):
            st.text(str(row["nature"] if missing(row["solution"]) else row["solution"]))
            st.caption(_("promised for {day}").format(day=date(row["promised_for"])))
            if late:
                st.badge(_("overdue"), color="red")
            links.to_complaint(int(row["complaint_id"]), _("The complaint") + " →")


def of_callbacks(customer_id: str) -> list[dict[str, Any]]:
    """A row per time that they were called back."""
    zone = queries.settings().zone
    made = []
    every = callbacks.of_customer(queries.app_store(), customer_id)
    seen = within.calls(back.call_id for _at, back in every)
    for at, back in (one for one in every if one[1].call_id in seen):
        words = [
            value("outcome", back.outcome),
            value("satisfied", back.satisfied),
            back.note or "",
        ]
        made.append({
            "at": at.astimezone(zone).replace(tzinfo=None), "what": "callback", "symbol": "callback", "tone": ASKED.get(back.satisfied or ""),
            "words": " · ".join(word for word in words if word and word != DASH), "call_id": back.call_id,
        })  # fmt: skip
    return made


def _list(events: pd.DataFrame) -> None:
    shown = pd.DataFrame({
        "at": events["at"].map(moment), "what": [_(ONE[what]) for what in events["what"]], "words": events["words"],
        "tone": events["tone"].map(lambda tone: number(tone, 1)),
    })  # fmt: skip
    columns = {
        "at": (_("When"), "moment"),
        "what": (_("What"), "text"),
        "words": ("", "quote"),
        "tone": (_("Tone"), "n"),
    }
    place = tables.show(shown, columns, "open_event", _("Open"), _("What happened, newest first"))
    if place is not None:
        if not missing(events["complaint_id"].iloc[place]) and links.is_open(links.COMPLAINTS):
            links.open_complaint(int(events["complaint_id"].iloc[place]))
        elif missing(events["call_id"].iloc[place]):
            st.caption(_("No call belongs to it."))
        else:
            links.open_call(str(events["call_id"].iloc[place]))


def issues(customer_id: str) -> None:
    """What recurs for them."""
    rows = queries.query("customer_issues", customer=customer_id)
    st.header(_("What they call about"))
    if rows.empty:
        st.write(_("None of their calls that were read is about a recurring issue."))
        return
    for row in rows.to_dict("records"):
        with st.container(border=True, gap="small"):
            st.text(str(row["name"]))
            st.caption(_("{n} calls, last {day}").format(n=number(row["calls"]), day=moment(row["last_at"])))
            st.text(f"“{row['quote']}”")
            if st.button(_("Listen"), icon=":material/hearing:", key=f"hear_{row['issue_id']}"):
                links.open_call(str(row["call_id"]), turn=int(row["turn_no"]))
            links.to_issue(str(row["issue_id"]))
