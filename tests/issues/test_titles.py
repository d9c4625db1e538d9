"""Names of issues: short stretches of what customers say, which a manager recognises."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st

from ingest.issues import Finder
from models.app_store import AppStore
from models.issues import decisions, statements, titles
from models.issues.naming import Spoken
from models.settings import Settings
from models.store import Store
from tests.conftest import asked
from tests.issues.conftest import Load
from tests.issues.test_finding import settled

LOST = [
    "My parcel never arrived.", "The parcel never arrived, I live alone.", "A parcel never arrived at my house on Monday.", "The courier lost the parcel.",
    "I waited for the parcel all day.",
]  # fmt: skip
TWICE = [
    "You charged me twice in January.",
    "I was charged twice, 48 euros each.",
    "The bank says I was charged twice.",
    "It was charged twice again.",
]


def heard(texts: Sequence[str], language: str = "en") -> list[Spoken]:
    """Statements as they are kept."""
    return [Spoken(text, statements.telling_words(text, language)) for text in texts]


def named(
    texts: Sequence[str], others: Sequence[str] = TWICE, language: str = "en", now: str | None = None
) -> str | None:
    """The name of an issue beside another."""
    inside = heard(texts, language)
    found = titles.choose(inside, titles.counted([inside, heard(others, language)]), language, (), now)
    return found.text if found else None


def test_a_name_is_said_so() -> None:
    """The name is a stretch of a statement, with a capital at its beginning, without bullets, figures or dates."""
    assert named(LOST) == "Parcel never arrived"
    assert named(TWICE, LOST) == "Charged twice"


def test_a_name_has_the_language_of_what_is_said() -> None:
    """French statements make a French name, with its negation whole."""
    said = [
        "Mon colis n'est jamais arrivé.",
        "Le colis n'est jamais arrivé chez moi.",
        "Mon colis n'est toujours pas là.",
    ]
    assert (
        named(said, ["Vous m'avez débité deux fois.", "Je suis débité en double."], "fr") == "Colis n'est jamais arrivé"
    )


def test_a_name_keeps_the_capitals_of_words_that_have_them() -> None:
    """Capitals inside sentences stay as they are written; transcripts without any give a name with one."""
    assert named(["The PIN does not work.", "My PIN does not work.", "Her PIN does not work."]) == "PIN does not work"
    assert (
        named(["my router does not work", "the router does not work", "our router does not work"])
        == "Router does not work"
    )


def test_nobody_is_in_a_name() -> None:
    """What one customer alone says, and names written with a capital, are in no name, though they stand beside its words."""
    said = [f"{who} lost my parcel." for who in ("Marvin", "Ottilie", "Zenobia", "Marvin")]
    said += ["The driver Stefan lost my parcel.", "The driver Igor lost my parcel."]
    assert named(said) == "Lost my parcel"


def test_a_name_that_stands_stays_unless_another_is_much_better() -> None:
    """A name that is nearly as good as the best is kept; key phrases in a row, which nobody says, give way."""
    said = [*TWICE, "The bank says it was charged twice.", "You charged me twice."]
    assert named(said, LOST, now="Charged me twice") == "Charged me twice"
    assert named(said, LOST, now="Charged · twice · bank") == "Charged twice"


def test_a_name_is_taken_once() -> None:
    """An issue does not get the name of another."""
    inside, others = heard(LOST), heard(TWICE)
    found = titles.choose(inside, titles.counted([inside, others]), "en", ["parcel never arrived"])
    assert found and found.text.lower() != "parcel never arrived"


def test_what_shares_no_words_has_no_name() -> None:
    """Without words that enough of them have there is no name, and the quote stands for it, shortened between words."""
    assert (
        named(["Apples rot.", "Bears dance wildly.", "Cars crash often.", "Dogs bark loudly.", "Elks roam free."])
        is None
    )
    assert titles.said(None, (), "I have been waiting for somebody to tell me what is going on with all of this") == (
        "I have been waiting for somebody to tell me what is going on…"
    )


def test_names_by_earlier_rules_are_looked_at_once(settings: Settings, load: Load) -> None:
    """A row of key phrases kept by an earlier version gets a name at the next run, a person's name stays; then nothing changes."""
    load("parcel")
    load("charged")
    Finder(settings, 1).run()
    ids = settled(settings)
    parcel, charged = ids["parcel-0-0", 2], ids["charged-0-0", 2]
    decisions.decide(AppStore(settings), charged, {"name": "Billing bug"}, "Maria")
    with Store(settings).writing() as con:
        con.execute("update found_issues set machine_name = 'Parcel · lost · waiting', named_by = null")
    assert Finder(settings, 1).run().read == 0
    names = dict(asked(settings, "select issue_id, name from issues"))
    assert (names[charged], "·" in names[parcel], "parcel" in names[parcel].lower()) == ("Billing bug", False, True)
    assert dict(asked(settings, "select issue_id, machine_name from issues"))[charged] == "Charged twice"


@limited(deadline=None)
@given(
    st.lists(st.text("abc DEé'’-.,?!1\n<>*", max_size=60), min_size=1, max_size=12),
    st.sampled_from(["en", "fr", "he", "?", "xx"]),
)
def test_a_name_is_always_a_stretch_of_one_statement(texts: list[str], language: str) -> None:
    """Whatever is said, a name is words of one statement in their order, and the same whatever the order of statements."""
    name = named(texts, language=language)
    assert name == named(texts[::-1], language=language)
    if name:
        plain = [" ".join(titles.TOKEN.findall(text.replace("’", "'"))).casefold() for text in texts]
        assert any(name.casefold() in text for text in plain)
