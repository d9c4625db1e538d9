"""What people type loses card numbers, bank accounts and national ids before it is written: those that check digits prove.

Telephone numbers and addresses stay: people write them down to call back. Codes and passwords are known by what is asked, and nobody
asks here. What the setting ``redact`` does not name stays too.
"""

from __future__ import annotations

from functools import cache

from models.privacy.declared import declared
from models.redaction import Wanted, redact_typed, wanted
from models.settings import Settings

KINDS = frozenset({"card_number", "bank_account", "national_id"})
ALSO = {
    "assumptions": ("source",), "issue_decisions": ("name",), "own_figures": ("name", "unit"), "policy_items": ("text",),
    "policy_ticks": ("text",), "centre_texts": ("text",),
}  # fmt: skip
"""Texts about nobody, where somebody could still type a number."""


@cache
def columns(table: str) -> tuple[str, ...]:
    """The columns of a table of app.sqlite in which people type what they want."""
    known = declared("app").get(table)
    return (*(known.having("text") if known else ()), *ALSO.get(table, ()))


def typed_kinds(settings: Settings) -> Wanted:
    """What of the setting ``redact`` goes from typed text."""
    what = wanted(settings)
    return Wanted(what.kinds & KINDS, what.regions)


def without_secrets(text: str | None, what: Wanted) -> str | None:
    """A typed text with marks in place of its secrets."""
    if not text or not what.kinds:
        return text
    return redact_typed(text, what)
