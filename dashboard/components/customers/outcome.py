"""What came of calling a customer back: the form that both lists share, and its history."""

from __future__ import annotations

import streamlit as st

from dashboard import queries, within
from dashboard.components import links, rights
from dashboard.components.customers import do, history, value
from dashboard.i18n import N_, _
from dashboard.session import writer
from models.access.people import Action
from models.customers import callbacks, facts
from models.customers.callbacks import OUTCOMES, SATISFIED, Callback, Reason
from models.errors import ChangeRefused

FIELDS = {"outcome": N_("Outcome"), "satisfied": N_("Satisfied"), "note": N_("Note")}
OPEN = "_callback_open"


def open_form(reason: Reason, call_id: str, customer_id: str) -> None:
    """Let the form be about this customer; what is known now is what the writer sees."""
    seen = callbacks.outcomes(queries.app_store(), reason).get(call_id)
    st.session_state[OPEN] = (reason, call_id, customer_id, seen, _version() + 1)
    st.rerun()


def _version() -> int:
    return int(st.session_state[OPEN][4]) if st.session_state.get(OPEN) else 0


def close() -> None:
    """No form."""
    st.session_state[OPEN] = ("", "", "", None, _version() + 1)


def form(reason: Reason) -> None:
    """The form of the customer that was picked from the list, if any."""
    kept = st.session_state.get(OPEN)
    if not kept or kept[0] != reason:
        return
    _reason, call_id, customer_id, seen, version = kept
    with st.container(border=True, key="callback-form"):
        st.markdown(f"**{_('What came of it')}**")
        st.text(customer_id)
        with st.container(horizontal=True):
            links.to_customer(customer_id, _("Their history") + " →")
            links.to_call(call_id, _("The call") + " →")
        allowed = rights.may(Action.KEEP_CUSTOMERS)
        with st.form(f"callback_{version}", border=False):
            outcome = st.radio(
                _("Outcome"), OUTCOMES, OUTCOMES.index(seen.outcome) if seen else 0, horizontal=True, key=f"outcome_{version}",
                format_func=lambda code: value("outcome", code),
            )  # fmt: skip
            satisfied = st.radio(
                _("Are they satisfied? (only if reached)"), SATISFIED, horizontal=True, key=f"satisfied_{version}",
                index=SATISFIED.index(seen.satisfied) if seen and seen.satisfied else None,
                format_func=lambda code: value("satisfied", code),
            )  # fmt: skip
            note = st.text_area(
                _("What they said"),
                (seen.note or "") if seen else "",
                max_chars=callbacks.LONGEST,
                key=f"said_{version}",
            )
            if st.form_submit_button(_("Save"), disabled=not allowed):
                made = Callback(reason, call_id, customer_id, outcome, satisfied, note.strip() or None)
                do(lambda: _save(made, seen), _("Saved."), close)
        if seen and allowed and st.button(_("Remove"), key=f"remove_{version}", type="tertiary"):
            do(
                lambda: callbacks.remove(queries.app_store(), seen, writer(Action.KEEP_CUSTOMERS)),
                _("Removed. Undo brings it back."),
                close,
            )


def _save(made: Callback, seen: Callback | None) -> None:
    """Keep the outcome; whoever asks not to be called is on no list from then on."""
    store, who = queries.app_store(), writer(Action.KEEP_CUSTOMERS)
    callbacks.record(store, made, who, seen)
    if made.outcome == "refused":
        known = facts.of(store, made.customer_id)
        facts.put(store, known, facts.barred(known), who)


def changes(reason: Reason) -> None:
    """What was written about calls back of this list, with undo; it names customers of all queues, so not with limits."""
    if not within.everything():
        return
    made = [c for c in callbacks.history(queries.app_store()) if c.item["reason"] == reason]
    with st.expander(_("What was changed")):
        if not made:
            st.write(_("Nothing yet: nobody wrote down what came of a call."))
            return
        history(made, lambda: undo(reason), FIELDS, _about, f"callbacks_{reason}", close)


def _about(change: object) -> str:
    row = getattr(change, "after", None) or getattr(change, "before", None) or {}
    return str(row.get("customer_id", ""))


def undo(reason: Reason) -> None:
    """Take back the newest outcome of this list."""
    store = queries.app_store()
    newest = next(
        (c for c in callbacks.history(store) if c.item["reason"] == reason and c.undoes is None and not c.is_undone),
        None,
    )
    if newest is None:
        raise ChangeRefused("There is nothing left to undo.")
    callbacks.undo(store, reason, str(newest.item["call_id"]), writer(Action.KEEP_CUSTOMERS))
