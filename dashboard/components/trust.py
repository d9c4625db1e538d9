"""Whether the automatic results of a criterion may be relied on: said wherever a criterion is shown."""

from __future__ import annotations

import streamlit as st

from dashboard.i18n import _, ngettext, number
from models.listening.agreement import TRUSTED_ALPHA, TRUSTED_CALLS, Agreement

TOLD_FROM = 10
"""On fewer calls than this, α says next to nothing and is not shown."""


def words(agreement: Agreement) -> str:
    """Trusted or not, and why."""
    n = number(agreement.n)
    if not agreement.n:
        return _("Not yet trusted: nobody has judged it blind.")
    if agreement.n < TOLD_FROM:
        some = ngettext(
            "Not yet trusted: judged blind on {n} call of the {least} that it takes.",
            "Not yet trusted: judged blind on {n} calls of the {least} that it takes.",
            agreement.n,
        )
        return some.format(n=n, least=number(TRUSTED_CALLS))
    if agreement.alpha is None:
        return _("Not yet trusted: on {n} calls everyone said the same, which tells nothing.").format(n=n)
    told = _("α {alpha} ({low} to {high}) on {n} calls").format(
        alpha=number(agreement.alpha, 2), low=number(agreement.low, 2), high=number(agreement.high, 2), n=n
    )
    if agreement.trusted:
        return _("Trusted: agrees with people, {alpha}.").format(alpha=told)
    if agreement.n < TRUSTED_CALLS:
        return _("Not yet trusted: {alpha}; it takes {n} calls.").format(alpha=told, n=number(TRUSTED_CALLS))
    return _("Not yet trusted: {alpha}; it takes α {least}.").format(alpha=told, least=number(TRUSTED_ALPHA, 3))


def caption(agreement: Agreement) -> None:
    """In small print, beside a result."""
    icon = ":material/verified:" if agreement.trusted else ":material/hearing:"
    st.caption(f"{icon} {words(agreement)}")


def short(agreement: Agreement) -> str:
    """For a table's cell."""
    if agreement.trusted:
        return _("trusted")
    return _("not yet trusted")
