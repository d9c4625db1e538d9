"""What transcripts call the two parties, as our three speakers."""

from __future__ import annotations

import unicodedata
from typing import Any

from models.records import Speaker

AGENT = frozenset(
    [
        "agent",
        "advisor",
        "adviser",
        "operator",
        "representative",
        "rep",
        "csr",
        "support",
        "employee",
        "clerk",
        "assistant",
        "staff",
        "conseiller",
        "conseillere",
        "operateur",
        "operatrice",
        "teleconseiller",
        "teleconseillere",
        "teleoperateur",
        "teleoperatrice",
        "charge",
        "chargee",
        "collaborateur",
        "collaboratrice",
        "employe",
        "employee",
        "נציג",
        "נציגה",
    ]
)
CUSTOMER = frozenset(
    [
        "customer",
        "caller",
        "client",
        "cliente",
        "user",
        "consumer",
        "guest",
        "member",
        "patient",
        "contact",
        "appelant",
        "appelante",
        "usager",
        "usagere",
        "utilisateur",
        "utilisatrice",
        "abonne",
        "abonnee",
        "consommateur",
        "consommatrice",
        "לקוח",
        "לקוחה",
    ]
)


def speaker_of(name: Any) -> Speaker:
    """agent, customer, or unknown: 'Agent 12', 'Conseillère', 'CUSTOMER_1' and 'client:' are understood."""
    if not isinstance(name, str):
        return "unknown"
    words = set(_letters(name[:100]).split())
    is_agent, is_customer = bool(words & AGENT), bool(words & CUSTOMER)
    if words & {"service"} and words & CUSTOMER:
        return "agent"  # "customer service" speaks for the company
    if is_agent == is_customer:
        return "unknown"
    return "agent" if is_agent else "customer"


def is_known_name(name: str) -> bool:
    """Whether ``name`` is what somebody calls a party of a call (and not the beginning of a sentence)."""
    words = _letters(name).split()
    return 0 < len(words) <= 3 and (speaker_of(name) != "unknown" or words[0] in {"speaker", "locuteur", "unknown"})


def _letters(name: str) -> str:
    """Lower case, without accents, everything that is no letter as a space."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c if c.isalpha() else " " for c in plain if not unicodedata.combining(c))
