"""The audit log, newest first, narrowed to a person, a kind or a call."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components import address, links, tables
from dashboard.components.csv import protected_csv, save
from dashboard.i18n import DASH, N_, _, moment, number
from models import audit

PAGE = "audit"
MOST = 500
KINDS = {
    "heard": N_("heard a call"),
    "opened": N_("opened a call or a customer"),
    "searched": N_("searched transcripts"),
    "exported": N_("saved a file"),
    "changed": N_("changed something"),
    "refused": N_("was refused"),
}


def show() -> None:
    """The whole page."""
    st.title(_("Audit log"))
    st.caption(_("Who heard, opened, searched, saved and changed what. Words that were sought or read are not kept, and no "
                 "line can be changed."))  # fmt: skip
    store = queries.app_store()
    people = audit.people(store)
    fields = {
        "who": address.choice([*people, None], None),
        "what": address.choice([*KINDS, None], None),
        "of_call": address.text(),
    }
    address.adopt(PAGE, fields)
    first, second, third = st.columns(3)
    who = first.selectbox(
        _("Who"), [None, *people], format_func=lambda name: name or _("Everybody"), key="who", placeholder=_("Everybody")
    )  # fmt: skip
    what = second.selectbox(
        _("What"), [None, *KINDS], format_func=lambda code: _(KINDS[code]) if code else _("Everything"), key="what",
        placeholder=_("Everything"),
    )  # fmt: skip
    call_id = third.text_input(_("Call"), key="of_call", max_chars=200, placeholder=_("Id of a call")).strip()
    address.publish(PAGE, fields)
    listed(audit.newest(store, MOST, who, what, call_id or None))


def listed(found: list[audit.Entry]) -> None:
    """The lines, each with a button to its call."""
    if not found:
        st.info(_("Nothing is noted that fits. Choose everybody and everything, or clear the call."))
        return
    zone = queries.settings().zone
    shown = pd.DataFrame({
        "at": [moment(line.at.astimezone(zone)) for line in found], "who": [line.who for line in found],
        "what": [_(KINDS[line.what]) for line in found], "call": [line.call_id or DASH for line in found],
        "customer": [line.customer_id or DASH for line in found], "detail": [line.detail or DASH for line in found],
    })  # fmt: skip
    columns = {
        "at": (_("When"), "moment"), "who": (_("Who"), "text"), "what": (_("What"), "text"), "call": (_("Call"), "text"),
        "customer": (_("Customer"), "text"), "detail": (_("Where"), "text"),
    }  # fmt: skip
    row = tables.show(shown, columns, "open_noted", _("Open"), _("The audit log, newest first"))
    if row is not None and found[row].call_id:
        links.open_call(str(found[row].call_id))
    if len(found) == MOST:
        st.caption(_("The newest {n} lines; narrow them to see older ones.").format(n=number(MOST)))
    whole = pd.DataFrame(
        [(line.at.isoformat(), *(getattr(line, name) for name in audit.COLUMNS)) for line in found],
        columns=["at", *audit.COLUMNS],
    )
    save(_("Save as CSV"), lambda: protected_csv(whole), "audit.csv", "audit_csv")
