"""The scorecard is data: versioned by its content, refused with sentences that name the entry and the line."""

from __future__ import annotations

import pytest

from models.errors import ScorecardError
from models.judging.scorecard import FILE, parse, version_of

GOOD = FILE.read_text("utf-8")
OWN = """
[[criterion]]
id = "mentions_warranty"
weight = 1.0
when = "always"
prior = 0.1
for = [{ points = 0.6, cues = { en = ["two year warranty"], fr = ["garantie de deux ans"], he = ["אחריות לשנתיים"] } }]
name = { en = "Warranty", fr = "Garantie", he = "אחריות" }
definition = { en = "The warranty is mentioned.", fr = "La garantie est citée.", he = "האחריות מוזכרת." }
applies = { en = "Always.", fr = "Toujours.", he = "תמיד." }
"""


def with_own(text: str = OWN) -> str:
    """The scorecard with one more criterion, at the top, where its lines are known."""
    return GOOD.replace("[[criterion]]", text + "\n[[criterion]]", 1)


def test_the_version_is_the_content() -> None:
    """The same content is the same version, also with other line ends; another content is another one."""
    assert version_of(GOOD) == version_of(GOOD.replace("\n", "\r\n")) == parse(GOOD).version
    assert version_of(GOOD + "# more\n") != version_of(GOOD)


def test_a_manager_adds_a_criterion_without_touching_code() -> None:
    """A criterion with cues of its own is judged like the others."""
    from models.judging.engine import judge
    from models.judging.records import CallSaid, SaidTurn

    said = ("Good morning, how can I help?", "Is it covered?", "Yes, it has a two-year warranty from today on.")
    turns = tuple(SaidTurn(n, ("customer", "agent")[n % 2], text) for n, text in enumerate(said, 1))  # type: ignore[arg-type]
    found = {r.criterion: r for r in judge(CallSaid("c", turns, "en"), parse(with_own())).results}
    assert found["mentions_warranty"].result == "met"
    assert found["mentions_warranty"].evidence[0].quote == "Yes, it has a two-year warranty from today on."


WRONG = [
    (OWN.replace("weight = 1.0", "weight = -1.0"), "'mentions_warranty' has the weight -1.0, which must be from 0 to 100."),
    (OWN.replace("weight = 1.0", 'weight = "much"'), "'weight' of the criterion 'mentions_warranty' must be a number, not 'much'."),
    (OWN.replace("weight", "wieght"), "the criterion 'mentions_warranty' has the unknown key 'wieght'"),
    (OWN.replace(', he = "תמיד."', ""), "'mentions_warranty' has no applies in the language 'he'."),
    (OWN.replace(', fr = ["garantie de deux ans"]', ""), "has no cues in the language 'fr'."),
    (OWN.replace("two year", "(two year"), "which has an opening bracket without its closing one."),
    (OWN.replace("two year", "two| year"), "which has | outside brackets."),
    (OWN.replace("two year warranty", "... ~"), "which has no word that must be there."),
    (OWN.replace("two year", "{numbers} year"), "names the list {numbers}, which is not there."),
    (OWN.replace('when = "always"', 'when = "never"'), "applies when 'never', which must be one of always, customer, wait."),
    (OWN.replace('when = "always"', 'when = "customer"'), "applies on what customers say, but names no opportunity."),
    (OWN.replace("points = 0.6, cues", 'points = 0.6, place = "end", cues'), "has the place 'end' in 'for'"),
    (OWN.replace('"mentions_warranty"', '"empathy"'), "the criterion 'empathy' is there 2 times."),
    (OWN + 'against = [{ family = "nobody", points = 0.5 }]\n', "names the family 'nobody', which is not there."),
    (
        OWN + 'against = [{ points = 0.5, cues = { en = ["two year warranty"], fr = ["non"], he = ["לא"] } }]\n',
        "the cue 'two year warranty' (en) speaks both for and against the criterion 'mentions_warranty'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("own", "sentence"), WRONG, ids=[sentence[-40:] for _, sentence in WRONG])
def test_what_is_wrong_is_said_with_its_line(own: str, sentence: str) -> None:
    """Each mistake gets a sentence with the file, the line and the entry."""
    with pytest.raises(ScorecardError) as refused:
        parse(with_own(own), "mine.toml")
    assert sentence in str(refused.value)
    first = str(refused.value).splitlines()[0]
    assert first.startswith("mine.toml, line ") and int(first.split()[2].rstrip(":")) > 1


def test_a_criterion_of_the_contract_can_t_be_left_out() -> None:
    """Other parts count on the thirteen criteria: one that is missing is named, with the way to silence it."""
    with pytest.raises(ScorecardError, match="the criterion 'control' is missing; give it the weight 0"):
        parse(GOOD.replace('id = "control"', 'id = "controls"'))


def test_broken_toml_is_one_sentence() -> None:
    """A file that is no TOML says where."""
    with pytest.raises(ScorecardError, match="is not valid TOML"):
        parse("languages = [")
