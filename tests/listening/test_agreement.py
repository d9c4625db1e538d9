"""Krippendorff's alpha and Cohen's kappa: known figures, gaps, intervals, and when a criterion is trusted."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.listening.agreement import Agreement, agreement, among_people, assessed, consensus, kappa, with_people

CANONICAL = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Four judges and twelve units with gaps, from Krippendorff (2011), where nominal alpha is 0.743."""


def test_the_published_example() -> None:
    """Several judges with gaps give the figure of the textbook; a unit with one verdict counts for nothing."""
    judges = [line.split() for line in CANONICAL.strip().splitlines()]
    units = [[value for value in unit if value != "."] for unit in zip(*judges, strict=True)]
    found = agreement(units)
    assert found.n == 11
    assert found.alpha == pytest.approx(0.743, abs=0.0005)


def test_two_judges_by_hand() -> None:
    """Ten units, two disagreements: 1 - 19 * 4 / (2 * 13 * 7) = 0.582."""
    units = [["met", "met"]] * 5 + [["met", "not_met"], ["not_met", "met"], *[["not_met", "not_met"]] * 3]
    counts = {"met": 12, "not_met": 8}
    by_hand = 1 - 19 * 4 / (2 * counts["met"] * counts["not_met"])
    assert agreement(units).alpha == pytest.approx(by_hand)


def test_chance_is_nothing_and_perfection_is_one() -> None:
    """Verdicts thrown like dice agree at about 0; the same verdicts at 1, whatever their shares."""
    rng = random.Random(1)
    dice = [[rng.choice("ab"), rng.choice("ab")] for _ in range(4000)]
    assert agreement(dice).alpha == pytest.approx(0, abs=0.05)
    assert agreement([["a", "a"]] * 30 + [["b", "b"]]).alpha == 1


def test_without_variation_nothing_is_known() -> None:
    """When everyone always says the same, agreement can't be told from habit: no figure, no trust."""
    found = agreement([["met", "met"]] * 50)
    assert (found.n, found.alpha, found.trusted) == (50, None, False)
    assert agreement([]) == Agreement()


def test_needs_an_ear_is_no_verdict() -> None:
    """A call that could not be judged by one of two is not judged twice."""
    assert agreement([["met", "not_assessable"], ["met", "met"]]).n == 1


def test_the_interval_covers_the_truth() -> None:
    """Of 200 samples from one population, nearly 95 % of the intervals hold its alpha; few hold nothing else."""
    rng = random.Random(5)

    def sample(n: int) -> list[list[str]]:
        truth = [rng.choice(["met", "not_met"]) for _ in range(n)]
        return [[t, t if rng.random() < 0.85 else rng.choice(["met", "not_met"])] for t in truth]

    alpha = agreement(sample(40_000)).alpha
    assert alpha is not None
    found = [agreement(sample(60), draws=400) for _ in range(200)]
    covered = sum(a.low <= alpha <= a.high for a in found if a.low is not None and a.high is not None)
    assert 0.88 <= covered / 200 <= 0.99


@pytest.mark.parametrize(
    ("n", "alpha", "trusted"), [(30, 0.667, True), (29, 0.9, False), (100, 0.66, False), (100, None, False)]
)
def test_the_gate(n: int, alpha: float | None, trusted: bool) -> None:
    """Thirty calls judged twice, and alpha from 0.667 on."""
    assert Agreement(n, alpha).trusted is trusted


def test_people_speak_with_one_voice() -> None:
    """What most reviewers say counts, of as many what was said first; nobody's missing verdict counts."""
    blind = [
        ("ana", "c1", "empathy", "met"), ("ben", "c1", "empathy", "not_met"),
        ("ana", "c2", "empathy", "met"), ("ben", "c2", "empathy", "not_met"), ("cleo", "c2", "empathy", "not_met"),
        ("ana", "c3", "empathy", "not_assessable"),
    ]  # fmt: skip
    assert consensus(blind) == {("c1", "empathy"): "met", ("c2", "empathy"): "not_met"}
    found = with_people(blind, {("c1", "empathy"): "met", ("c3", "empathy"): "met", ("c1", "options"): "met"})
    assert {criterion: a.n for criterion, a in found.items()} == {"empathy": 1}


def test_calibration_compares_people_with_people() -> None:
    """Only these reviewers on these calls."""
    blind = [
        (who, call, "empathy", "met" if (call == "c1") != (who == "cleo") else "not_met")
        for who in ("ana", "ben", "cleo") for call in ("c1", "c2", "elsewhere")
    ]  # fmt: skip
    assert among_people(blind, ["c1", "c2"], ["ana", "ben"])["empathy"].alpha == 1
    three = among_people(blind, ["c1", "c2"], ["ana", "ben", "cleo"])["empathy"]
    assert three.n == 2 and three.alpha is not None and three.alpha < 0.2


def test_kappa_of_the_textbook() -> None:
    """Fifty calls, 20 yes and 15 no by both, 5 and 10 apart: observed 0.7, by chance 0.5, so 0.4; what needs an ear is no verdict."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert assessed([*pairs, ("y", "not_assessable"), ("not_assessable", "not_assessable")]) == pairs
    assert kappa([("y", "y")] * 9) is None and kappa([]) is None


VERDICTS = st.lists(st.tuples(*[st.sampled_from(["met", "not_met", "not_applicable"])] * 2), min_size=1, max_size=40)


@given(VERDICTS)
def test_kappa_does_not_ask_who_is_first(pairs: list[tuple[str, str]]) -> None:
    """Swapping the judges changes nothing, it is never above 1, and 1 exactly where they never differ."""
    found, swapped = kappa(pairs), kappa((second, first) for first, second in pairs)
    if found is None or swapped is None:
        assert found is swapped and len({verdict for pair in pairs for verdict in pair}) == 1
        return
    assert found == pytest.approx(swapped) and found <= 1
    assert (found == pytest.approx(1)) == all(first == second for first, second in pairs)


def test_kappa_is_of_two_people() -> None:
    """Two reviewers have one per criterion, over the calls that both judged, whatever order they judged in; three have none."""
    by = {"ana": ["met", "met", "not_met", "met"], "ben": ["met", "not_met", "not_met"], "cleo": ["met"] * 4}
    blind = [(who, f"c{n}", "empathy", result) for who, said in by.items() for n, result in enumerate(said)]
    calls = [f"c{n}" for n in range(4)]
    of_two = among_people(reversed(blind), calls, ["ana", "ben"])["empathy"]
    assert of_two.kappa == pytest.approx(kappa([*zip(by["ana"], by["ben"], strict=False)]) or 0)
    assert of_two.kappa == pytest.approx(0.4)
    assert among_people(blind, calls, by)["empathy"].kappa is None
