"""What people know of a customer: the form, and the history with undo."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.components import rights
from dashboard.components.customers import KINDS, PLACES, do, history
from dashboard.i18n import N_, _
from dashboard.session import writer
from models.access.people import Action
from models.customers import facts
from models.customers.facts import Facts

ANSWERS = {None: N_("Not decided"), True: N_("Yes"), False: N_("No")}
NOT_KNOWN = N_("not known")
FIELDS = {
    "is_core": N_("Core customer"), "lifetime_value": N_("What they bring"), "kind": N_("Buys as"), "place": N_("Where"),
    "is_hard_on_staff": N_("Hard on staff"), "do_not_call": N_("Not to be called"), "note": N_("Note"),
}  # fmt: skip
SEEN = "_facts_seen"


def form(customer_id: str) -> None:
    """What is known, to change. What somebody else changed since the form was opened is not overwritten unseen."""
    seen, version = _seen(customer_id)
    with st.form(f"facts_{customer_id}_{version}", border=False):
        allowed = rights.may(Action.KEEP_CUSTOMERS)
        is_core = _decision(_("Core customer, one the company lives on?"), seen.is_core, f"core_{version}")
        kind = st.radio(
            _("Buys as"), [None, *KINDS], [None, *KINDS].index(seen.kind), horizontal=True, key=f"kind_{version}",
            format_func=lambda code: _(KINDS.get(code, NOT_KNOWN)),
        )  # fmt: skip
        place = st.radio(
            _("Outside or inside the company"), [None, *PLACES], [None, *PLACES].index(seen.place), horizontal=True,
            format_func=lambda code: _(PLACES.get(code, NOT_KNOWN)), key=f"place_{version}",
        )  # fmt: skip
        hard = _decision(_("Hard on staff?"), seen.is_hard_on_staff, f"hard_{version}")
        value = st.number_input(
            _("What they bring over the years, {currency}").format(currency=queries.settings().currency), 0.0, 1e9,
            seen.lifetime_value, 50.0, "%g", placeholder=_("not known"), key=f"value_{version}",
        )  # fmt: skip
        barred = st.checkbox(_("Must not be called back"), seen.do_not_call, key=f"barred_{version}")
        note = st.text_area(_("Note"), seen.note or "", max_chars=facts.LONGEST, key=f"note_{version}")
        if st.form_submit_button(_("Save"), disabled=not allowed):
            wanted = Facts(customer_id, is_core, value, kind, place, hard, barred, note.strip() or None)
            _save(seen, wanted)


def _decision(label: str, known: bool | None, key: str) -> bool | None:
    return st.radio(
        label,
        list(ANSWERS),
        [*ANSWERS].index(known),
        format_func=lambda value: _(ANSWERS[value]),
        horizontal=True,
        key=key,
    )


def _seen(customer_id: str) -> tuple[Facts, int]:
    """What the form was opened with, and the number of times it was opened anew."""
    kept = st.session_state.get(SEEN)
    if kept is None or kept[0].customer_id != customer_id:
        kept = st.session_state[SEEN] = (facts.of(queries.app_store(), customer_id), 1 + (kept[1] if kept else 0))
    return kept[0], kept[1]


def forget() -> None:
    """Open the form anew: with what is known now."""
    kept = st.session_state.get(SEEN)
    if kept:
        st.session_state[SEEN] = (facts.of(queries.app_store(), kept[0].customer_id), kept[1] + 1)


def _save(seen: Facts, wanted: Facts) -> None:
    do(lambda: facts.put(queries.app_store(), seen, wanted, writer(Action.KEEP_CUSTOMERS)), _("Saved."), forget)


def changes(customer_id: str) -> None:
    """What was written about this customer."""
    made = facts.history(queries.app_store(), customer_id)
    if not made:
        return
    with st.expander(_("What was changed")):
        undo = lambda: facts.undo(queries.app_store(), customer_id, writer(Action.KEEP_CUSTOMERS))  # noqa: E731
        history(made, undo, FIELDS, lambda change: str(change.item["customer_id"]), "facts", forget)
