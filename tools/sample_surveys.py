"""Makes data/sample/surveys.csv: synthetic surveys about the calls of the sample call centre, a few lines spoilt on purpose.

    python -m tools.sample_surveys

Deterministic: what a customer writes and gives follows from what was planted in the call (truth.jsonl) and from the call's id.
Neither dates nor customers are in it, because the sample moves in time when it is loaded.
"""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
ANSWERED = 0.38
WORDS = {
    "charged_twice": (
        ["The payment was taken twice from my bank account. Why must I call about that?", "Charged twice again. Please check your direct debit."],
        ["J’ai été prélevé deux fois et ma banque ne comprend pas.", "Le paiement a été prélevé deux fois, remboursez-moi plus vite."],
    ),
    "parcel_missing": (
        ["My parcel is said to be delivered, but I never got it. The neighbours have nothing either.", "Where is the parcel? Nobody could tell me."],
        ["Le colis est marqué livré, je n’ai rien reçu.", "Mon colis n’est jamais arrivé."],
    ),
    "internet_evening": (
        ["The internet still goes down every evening, I have restarted the router ten times.", "Evening after evening no internet. Send somebody."],
        ["Le soir, internet coupe toujours. J’ai redémarré la box.", "La box coupe tous les soirs."],
    ),
    "app_logout": (["The app logs me out since the update. Bring back the old version.", "Since the new version the app wants my password every day."],
                   ["Depuis la mise à jour, l’application me déconnecte.", "L’ancienne version marchait mieux."]),
    "reset_email": (["The mail with the password link never came.", "I cannot reset my password, the link does not arrive by mail."],
                    ["Le mail pour le mot de passe n’arrive pas.", "Je n’ai jamais reçu le lien pour mon mot de passe."]),
    "technician_missed": (["I took a day off and the technician did not come to the appointment.", "The technician missed the appointment without a call."],
                          ["J’ai attendu toute la journée, le technicien n’est pas venu.", "Rendez-vous manqué, personne n’a appelé."]),
    "refund_missing": (["The refund that was promised is still not on my account.", "Three weeks for a refund of a return is too long."],
                       ["Le remboursement promis n’est toujours pas là.", "J’attends mon remboursement depuis trois semaines."]),
    "roaming_fee": (["The bill had roaming fees that should be included in Europe.", "Charged for roaming, although it is included."],
                    ["Des frais d’itinérance sur ma facture, en Europe !", "L’itinérance devait être comprise."]),
    "wrong_item": (["You sent the wrong item.", "It was not what I had ordered."], ["Ce n’était pas le bon article.", "Article faux."]),
    "none": (["Quick and friendly, thank you.", "I got my answer at once."], ["Rapide et aimable, merci.", "Réponse claire."]),
    "unintelligible": (["The line was terrible.", "We hardly heard each other."], ["La ligne était mauvaise.", "On ne s’entendait pas."]),
}  # fmt: skip
SPOILT = [
    ["unknown-call", "Nobody knows this call.", "3", "synthetic"], ["", "Who am I?", "2", "synthetic"],
    ["1767600535.1108", "Off the scale.", "11", "synthetic"], ["1772284401.16117", "Rated in words.", "five", "synthetic"],
]  # fmt: skip


def chance(call_id: str, what: str) -> float:
    """A number from 0 to 1 that depends on nothing but the call and what it decides."""
    return int(hashlib.sha256(f"{what} {call_id}".encode()).hexdigest()[:8], 16) / 2**32


def row(truth: dict[str, Any], language: str) -> list[str]:
    """The survey of one call: call_id, open_answer, rating, origin."""
    call_id, qualities = truth["call_id"], truth["qualities"]
    if chance(call_id, "answer") > ANSWERED:
        return [call_id, "", "", "synthetic"]
    met = sum(result == "met" for result in qualities.values())
    told = sum(result in ("met", "not_met") for result in qualities.values()) or 1
    rating = min(
        5, max(1, round(1.2 + 3.2 * met / told + (truth["problem"] == "none") + 1.6 * (chance(call_id, "mood") - 0.5)))
    )
    wordless = chance(call_id, "wordless") < 0.2
    choice = WORDS[truth["problem"]][language == "fr"]
    words = choice[int(chance(call_id, "words") * len(choice))]
    if met > 0.7 * told and truth["problem"] != "none":
        words += (
            " Merci à la personne qui m’a aidé." if language == "fr" else " Thanks to the agent, though, who helped."
        )
    return [call_id, "" if wordless else words, str(rating), "synthetic"]


def main() -> None:
    """Write the file, as a French spreadsheet would: semicolons, a byte-order mark."""
    lines = (SAMPLE / "transcripts" / "calls.jsonl").read_text("utf-8").splitlines()
    languages = {call["call_id"]: call["language"] for call in map(json.loads, lines)}
    truths = [json.loads(line) for line in (SAMPLE / "truth.jsonl").read_text("utf-8").splitlines()]
    rows = [row(truth, languages.get(truth["call_id"], "en")) for truth in truths]
    with (SAMPLE / "surveys.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(["call_id", "open_answer", "rating", "origin"])
        writer.writerows([*rows[:60], *SPOILT[:2], *rows[60:], *SPOILT[2:]])


if __name__ == "__main__":
    main()
