"""The form of a complaint: its nine groups of fields, and what to do when somebody else wrote meanwhile.

What the reader saw is kept beside the form until it is saved, so that only what they changed is written.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from dashboard import queries, within
from dashboard.components import links
from dashboard.components.complaints import (
    ANSWERS,
    CHANNELS,
    FLAGS,
    KINDS,
    LABELS,
    SAID,
    Row,
    issue_names,
    shown,
)  # fmt: skip
from dashboard.i18n import _
from dashboard.session import writer
from models.access.people import Action
from models.app_store import now
from models.complaints import register
from models.complaints.register import LONGEST, MOMENTS, Complaint, Conflict, Kept
from models.errors import ChangeRefused

BY_HAND = tuple(name for name in LABELS if name not in ("call_id", "escalated_to", "escalated_at"))
"""Fields that have a place in the form."""
MINUTE = timedelta(minutes=5)
NEW = "new"


def of_new(known: Complaint, origin: str) -> None:
    """The form of a new complaint with what is ``known`` from its origin filled in; saved, it leads to the complaint."""
    key = f"{NEW}_{origin}"
    if not (within.everything() or known.call_id):
        st.info(_("This complaint comes from none of your calls. People who see every queue find it in the list; you do if its customer called "
                  "one of yours, else by its number."))  # fmt: skip
    wanted = _form(key, known)
    if wanted is None:
        return
    try:
        kept = register.create(queries.app_store(), wanted, writer(Action.KEEP_COMPLAINTS))
    except ChangeRefused as error:
        st.error(_(str(error)))
        return
    forget(key)
    st.session_state[SAID] = _("Written as number {n}.").format(n=kept.complaint_id)
    links.open_complaint(kept.complaint_id)


def of(kept: Kept) -> None:
    """The form of a complaint that is there."""
    key = str(kept.complaint_id)
    _conflicts(kept)
    wanted = _form(key, kept.complaint)
    if wanted is None:
        return
    try:
        saved = register.edit(
            queries.app_store(), kept.complaint_id, st.session_state[_seen(key)], wanted, writer(Action.KEEP_COMPLAINTS)
        )  # fmt: skip
    except ChangeRefused as error:
        st.error(_(str(error)))
        return
    forget(key)
    if saved.conflicts:
        st.session_state[_asked(key)] = saved.conflicts
    st.session_state[SAID] = _("Saved.") if saved.changed else _("Nothing changed.")
    st.rerun()


def forget(key: str) -> None:
    """Let the form begin anew from what is written."""
    st.session_state.pop(_seen(key), None)


def _seen(key: str) -> str:
    return f"_complaint_seen_{key}"


def _asked(key: str) -> str:
    return f"_complaint_asked_{key}"


def _conflicts(kept: Kept) -> None:
    """Fields that somebody else changed meanwhile: their words stay unless the reader says otherwise."""
    asked = _asked(str(kept.complaint_id))
    conflicts: tuple[Conflict, ...] = st.session_state.get(asked, ())
    if not conflicts:
        return
    issues = issue_names()
    with st.container(border=True, key="complaint-conflicts"):
        st.warning(_("Somebody changed the same meanwhile. What they wrote stands; yours is not lost: choose."))
        for conflict in conflicts:
            st.markdown(f"**{_(LABELS[conflict.field])}**")
            theirs, mine = st.columns(2)
            theirs.caption(_("What stands now"))
            theirs.text(shown(conflict.field, getattr(kept.complaint, conflict.field), issues))
            mine.caption(_("What you wrote"))
            mine.text(shown(conflict.field, conflict.wanted, issues))
            rest = tuple(other for other in conflicts if other.field != conflict.field)
            if theirs.button(_("Leave it so"), key=f"theirs_{conflict.field}"):
                st.session_state[asked] = rest
                st.rerun()
            if mine.button(_("Take mine"), key=f"mine_{conflict.field}"):
                _take_mine(kept, conflict)
                st.session_state[asked] = rest
                st.rerun()


def _take_mine(kept: Kept, conflict: Conflict) -> None:
    """Write what the reader wanted over what they have now seen."""
    seen = Complaint(**{**asdict(kept.complaint), conflict.field: conflict.theirs})
    wanted = Complaint(**{**asdict(seen), conflict.field: conflict.wanted})
    try:
        saved = register.edit(queries.app_store(), kept.complaint_id, seen, wanted, writer(Action.KEEP_COMPLAINTS))
    except ChangeRefused as error:
        st.session_state[SAID] = _(str(error))
        return
    forget(str(kept.complaint_id))
    st.session_state[SAID] = _("Saved.") if saved.changed else _("It was changed once more: look again.")


def _form(key: str, known: Complaint) -> Complaint | None:
    """The form; what is wanted once it was sent."""
    names = {field: f"complaint_{key}_{field}" for field in (*BY_HAND, "closed")}
    if _seen(key) not in st.session_state or any(name not in st.session_state for name in names.values()):
        st.session_state[_seen(key)] = known
        for field, name in names.items():
            st.session_state[name] = _widget_value(field, known)
    with st.form(f"complaint_form_{key}", border=True):
        _groups(names, st.session_state[_seen(key)])
        sent = st.form_submit_button(_("Save"), key=f"save_complaint_{key}")
    if not sent:
        return None
    seen: Complaint = st.session_state[_seen(key)]
    return Complaint(**{**asdict(seen), **_changed(names, seen)})


def _changed(names: dict[str, str], seen: Complaint) -> Row:
    """The fields whose widgets say something else than when the form began."""
    changed: Row = {}
    for field, name in names.items():
        value = st.session_state[name]
        if value == _widget_value(field, seen):
            continue
        if field == "closed":
            changed["closed_at"] = now() if value else None
        elif field in MOMENTS and isinstance(value, datetime):
            changed[field] = value.replace(tzinfo=queries.settings().zone)
        else:
            changed[field] = value
    return changed


def _widget_value(field: str, complaint: Complaint) -> Any:
    """What a field's widget shows of a complaint."""
    if field == "closed":
        return complaint.closed_at is not None
    value = getattr(complaint, field)
    if field in MOMENTS:
        return (
            value.astimezone(queries.settings().zone).replace(tzinfo=None, second=0, microsecond=0) if value else None
        )
    chosen = field in (
        "kind",
        "channel",
        "issue_id",
        "received_by",
        "satisfied_after",
        "would_buy_again",
        "done_on_spot",
    )
    return (
        value
        if chosen or isinstance(value, Date | float) or field in ("promised_for", "compensation_value")
        else value or ""
    )


def _groups(names: dict[str, str], seen: Complaint) -> None:
    """The nine groups of fields, each with its heading."""
    groups = {
        _("1 · Customer"): (("customer_name", "customer_phone", "customer_id"), ("customer_address",)),
        _("2 · Received by"): (("received_by", "channel", "kind"),),
        _("3 · When"): (("received_at", "resolved_at", "answered_at"),),
        _("4 · Nature"): (("nature",), ("issue_id", "reference")),
        _("5 · Agreed solution"): (("solution",), ("done_on_spot", "promised_for")),
        _("6 · Steps under way"): (("steps",),),
        _("7 · Follow-up"): (("follow_up_at", "satisfied_after", "would_buy_again"),),
        _("8 · Compensation"): (("compensation_value", "compensation"),),
        _("9 · Prevention"): (("prevention",),),
    }
    for heading, lines in groups.items():
        st.markdown(f"**{heading}**")
        for line in lines:
            for place, field in zip(st.columns(len(line)), line, strict=True):
                with place:
                    _widget(field, names[field], seen)
    st.checkbox(_("Nothing more is to be done: close it"), key=names["closed"])


def _widget(field: str, key: str, seen: Complaint) -> None:
    """One field."""
    label = _(LABELS[field])
    if field in MOMENTS:
        st.datetime_input(label, key=key, format="DD/MM/YYYY", step=MINUTE)
    elif field == "promised_for":
        st.date_input(label, key=key, format="DD/MM/YYYY")
    elif field == "compensation_value":
        currency = queries.settings().currency
        st.number_input(
            f"{label} ({currency})", min_value=0.0, max_value=999_999_999.0, step=1.0, format="%.2f", key=key
        )
    elif field in ("kind", "channel"):
        options = KINDS if field == "kind" else CHANNELS
        st.selectbox(label, list(options), format_func=lambda code: _(options[code]), key=key)
    elif field in ("satisfied_after", "would_buy_again"):
        st.segmented_control(label, list(ANSWERS), format_func=lambda code: _(ANSWERS[code]), key=key)
    elif field == "done_on_spot":
        st.segmented_control(label, list(FLAGS), format_func=lambda flag: _(FLAGS[flag]), key=key)
    elif field == "issue_id":
        issues = issue_names()
        ids = [*issues] + ([seen.issue_id] if seen.issue_id and seen.issue_id not in issues else [])
        st.selectbox(label, ids, None, format_func=lambda one: issues.get(one, one), key=key, placeholder=_("None"))
    elif field == "received_by":
        agents = [str(name) for name in queries.query("registers/complaint_agents")["name"]]
        typed = st.session_state.get(key)
        st.selectbox(
            label, agents + ([typed] if typed and typed not in agents else []), None, key=key, accept_new_options=True,
            placeholder=_("Choose or type a name"),
        )  # fmt: skip
    elif field in ("nature", "solution", "steps", "prevention", "customer_address"):
        st.text_area(label, key=key, max_chars=LONGEST, height=68)
    else:
        st.text_input(label, key=key, max_chars=300)
