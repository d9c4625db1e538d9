"""Whether the automatic results of a call may be shown to this reviewer, who might still judge it blind."""

from __future__ import annotations

import streamlit as st

from dashboard import listening, session
from dashboard.calls import Call
from dashboard.components.address import with_language
from dashboard.components.links import LISTENING, page
from dashboard.components.needs import criteria
from dashboard.components.playlist import ADDRESS
from dashboard.i18n import _
from dashboard.session import reviewer
from models.access.people import Action
from models.listening import reviews


def shown(call: Call) -> bool:
    """True unless the call is in the reviewer's hands to judge, and not judged in full yet; noted from then on."""
    who, call_id = reviewer(), call.facts["call_id"]
    if not call.results or reviews.revealed(listening.store(), who, call_id):
        return True
    if listening.is_to_judge(call_id):
        held = reviews.of_call(listening.store(), who, call_id)
        if any(row["criterion"] not in held for row in criteria()):
            return False
    reviews.reveal(listening.store(), who, call_id)
    return True


def ask(call: Call) -> None:
    """Why the scorecard is hidden, and how to see it."""
    st.header(_("Scorecard"))
    st.info(_("This call waits for your own judgement: the automatic results are shown once you have judged."))
    with st.container(horizontal=True):
        call_id = call.facts["call_id"]
        here = with_language({ADDRESS: call_id})
        page(LISTENING, label=_("Judge it in the listening hour") + " →", query_params=here, width="content")
        st.button(
            _("Show it all the same"), key="reveal", type="tertiary", on_click=_reveal, args=(call_id,),
            help=_("Your judgement then no longer counts for how far the scorecard can be trusted."),
        )  # fmt: skip


@session.telling
def _reveal(call_id: str) -> None:
    reviews.reveal(listening.store(), session.writer(Action.LISTEN), call_id)
