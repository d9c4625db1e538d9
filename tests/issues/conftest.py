"""A call centre whose customers have three problems, for the tests of issues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from ingest.loader import Loader
from models.records import CallMetadata, InputFile, Transcript, Turn
from models.settings import Settings

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SAID = {
    "parcel": [
        "My parcel never arrived.", "The parcel was lost and nobody called me.", "I am still waiting for my parcel.",
        "The courier lost my parcel.", "My parcel has not arrived and I am angry.", "Where is my parcel, it never came.",
    ],
    "charged": [
        "You charged my invoice twice.", "I was charged twice for the same invoice.", "My invoice was charged two times, twice the money.",
        "The invoice has been charged twice again.", "I paid the invoice and was charged twice.", "My bank says the invoice was charged twice.",
    ],
    "evening": [
        "My internet stopped working in the evening.", "The internet is down every evening.", "Every evening the internet does not work.",
        "The internet keeps dropping in the evening.", "The evening internet is broken.", "In the evening my internet is dead.",
    ],
    "anger": [
        "I am unsatisfied with all of this.", "I am not happy with your service.", "This is unacceptable, I am furious.",
        "That is the worst service, I am disappointed.", "I want to make a complaint about this.", "I am fed up, it is really annoying.",
    ],
    "hours": [
        "When is the shop open on Saturday?", "Is your shop open on Sunday?", "What time does the shop open?", "Until when is the shop open today?",
        "Is the shop open tomorrow?", "When does the shop open on Monday?",
    ],
}  # fmt: skip
ANSWERS = {
    "parcel": "I will trace the parcel with the courier.", "charged": "I will refund the second charge of the invoice.",
    "evening": "The internet line is overloaded in the evening.", "hours": "The shop is open from nine to six.",
    "anger": "I am sorry to hear that, I will look into it.",
}  # fmt: skip
Load = Callable[..., None]


def load_calls(
    settings: Settings, matter: str, numbers: Sequence[int] = range(6), day: int = 0, customer: str | None = None, step: int = 1
) -> None:  # fmt: skip
    """Load calls about one matter: the statements with these numbers, the first on ``day`` and one every ``step`` days after it."""
    said = SAID[matter]
    transcripts = []
    for place, number in enumerate(numbers):
        call_id = f"{matter}-{day}-{number}"
        turns = (
            Turn("agent", 0.0, 2.0, "Good morning, how can I help you?"),
            Turn("customer", 3.0, 8.0, said[number % len(said)]),
            Turn("agent", 9.0, 12.0, ANSWERS[matter]),
            Turn("customer", 13.0, 14.0, "Thank you."),
        )
        at = MONDAY + timedelta(days=day + place * step, minutes=number)
        about = CallMetadata(
            call_id, at, customer_id=customer or f"+33{matter}{day}{number}", queue="support", source="transcript"
        )
        transcripts.append(Transcript(call_id, "file", "en", turns, metadata=about))
    name = f"{matter}-{day}-{customer}.jsonl"
    Loader(settings).load_transcripts(
        InputFile(name, "transcript", name, 1, "loaded", None, len(transcripts)), transcripts
    )


@pytest.fixture
def load(settings: Settings) -> Load:
    """``load_calls`` into this test's store."""
    return partial(load_calls, settings)
