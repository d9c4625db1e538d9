"""The self-assessment: its arithmetic at the edges of the bands, what counts as whole, and how it is answered."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as some

from dashboard import queries
from dashboard.i18n import LANGUAGES
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.goals import assessments, questionnaire
from models.settings import Settings
from tests.conftest import asked
from tests.dashboard.conftest import HOSTILE, Open, call_centre, open_page
from tests.dashboard.shown import formatted, texts
from tests.goals.test_goals_page import centre, published

__all__ = ["call_centre", "centre", "open_page", "published"]
OF = questionnaire.load()
IDS = [statement.id for _, statement in OF.statements]
WIDTHS = [len(area.statements) for area in OF.areas]
EDGE_28 = [4] * 25
EDGE_21 = [3] * 25


def fill(store: AppStore, scores: list[int], who: str = "Ana") -> int:
    """A begun assessment with these answers, in order."""
    number = assessments.start(store, OF, who, who)
    for statement, score in zip(IDS, scores, strict=False):
        assessments.answer(store, OF, number, statement, score, who)
    return number


def results(settings: Settings, columns: str = "total, band, is_whole") -> list[tuple[Any, ...]]:
    """The assessments of a new snapshot, in order."""
    return asked(settings, f"select {columns} from assessment_results order by assessment_id")


def by_hand(scores: list[int]) -> Fraction:
    """The total in exact fractions: the sum of the area means."""
    total, rest = Fraction(0), list(scores)
    for width in WIDTHS:
        total, rest = total + Fraction(sum(rest[:width]), width), rest[width:]
    return total


def test_seven_areas_of_these_widths_in_every_language() -> None:
    """Seven areas with 4, 4, 3, 3, 3, 5 and 3 statements; each has words in each language."""
    assert WIDTHS == [4, 4, 3, 3, 3, 5, 3]
    assert all(set(area.name) >= set(LANGUAGES) for area in OF.areas)
    assert all(statement.text[language].strip() for _, statement in OF.statements for language in LANGUAGES)
    assert max(Counter(IDS).values()) == 1


@how(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.lists(some.integers(1, 5), min_size=25, max_size=25), min_size=1, max_size=6))
@example([EDGE_28, EDGE_21, [1] * 25, [5] * 25])
def test_the_total_and_its_band_are_those_of_exact_fractions(settings: Settings, drawn: list[list[int]]) -> None:
    """Thirds and fifths do not add up exactly in floating point: at 21 and 28 the band is still the right one."""
    store = AppStore(settings)
    with store.transaction() as connection:
        connection.execute("delete from assessment_edits")
        connection.execute("delete from assessments")
    for scores in drawn:
        fill(store, scores)
    exact = [by_hand(scores) for scores in drawn]
    bands = ["asset" if one >= 28 else "adequate" if one >= 21 else "losing" for one in exact]
    assert results(settings) == [
        (pytest.approx(float(one)), band, True) for one, band in zip(exact, bands, strict=True)
    ]


@given(some.lists(some.integers(1, 5), min_size=25, max_size=25))
def test_totals_lie_between_7_and_35(scores: list[int]) -> None:
    """Whatever is answered."""
    assert 7 <= by_hand(scores) <= 35


@how(max_examples=60, deadline=None)
@given(some.lists(some.integers(1, 5), min_size=25, max_size=25))
def test_rounded_sums_of_means_keep_their_side_of_a_band(scores: list[int]) -> None:
    """What SQL does, rounding the floating sum to nine digits, never moves a total across 21 or 28."""
    rest, means = list(scores), []
    for width in WIDTHS:
        means, rest = [*means, sum(rest[:width]) / width], rest[width:]
    for edge in (21, 28):
        assert (round(sum(means), 9) >= edge) == (by_hand(scores) >= edge)


def test_half_filled_ones_never_count(settings: Settings) -> None:
    """With 24 of 25 answers there is no total, no band and no mean of the open area; with the last there is."""
    store = AppStore(settings)
    number = fill(store, [4] * 24)
    assert results(settings, "total, band, is_whole, answered, is_newest") == [(None, None, False, 24, False)]
    assessments.answer(store, OF, number, IDS[-1], 4, "Ana")
    assert results(settings, "total, band, is_whole, is_newest") == [(28.0, "asset", True, True)]
    assessments.undo(store, number, "Ana")
    assert results(settings)[0] == (None, None, False)


def test_it_is_resumed_by_its_respondent_and_begun_anew_when_whole(settings: Settings) -> None:
    """Each respondent goes on with their own; after the last answer, the next one is new."""
    store = AppStore(settings)
    ana, ben = fill(store, [3] * 10, "Ana"), fill(store, [5], "Ben")
    assert assessments.start(store, OF, " Ana ", "Ana") == ana != ben
    assert len(assessments.answers(store, ana)) == 10
    fill(store, [3] * 25, "Ana")
    assert assessments.unfinished(store, OF, "Ana") is None
    assert assessments.start(store, OF, "Ana", "Ana") not in (ana, ben)


def test_undo_steps_back_through_the_answers(settings: Settings) -> None:
    """Three edits, three undos; a fourth is refused."""
    store = AppStore(settings)
    number = fill(store, [3, 2])
    assessments.answer(store, OF, number, IDS[0], 5, "Ana")
    seen = []
    for _ in range(3):
        assessments.undo(store, number, "Ana")
        seen.append([assessments.answers(store, number).get(statement) for statement in IDS[:2]])
    assert seen == [[3, 2], [3, None], [None, None]]
    with pytest.raises(ChangeRefused, match="nothing left"):
        assessments.undo(store, number, "Ana")


@pytest.mark.parametrize(("statement", "score"), [(IDS[0], 0), (IDS[0], 6), ("culture.99", 3)])
def test_answers_outside_the_scale_are_refused(settings: Settings, statement: str, score: int) -> None:
    """Neither other numbers nor other statements are kept."""
    store = AppStore(settings)
    number = assessments.start(store, OF, "Ana", "Ana")
    with pytest.raises(ChangeRefused):
        assessments.answer(store, OF, number, statement, score, "Ana")
    with pytest.raises(ChangeRefused):
        assessments.start(store, OF, "  ", "Ana")
    assert assessments.answers(store, number) == {}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_says_where_the_service_stands_and_who_differs(centre: Settings, open_page: Open, lang: str) -> None:
    """Two respondents: the mean total with its band, the areas, the statement they differ on, and the unfinished one apart."""
    store = queries.app_store()
    fill(store, [4] * 25, "Ana")
    fill(store, [4] * 24 + [1], HOSTILE)  # 28 and 27
    fill(store, [1] * 3, "Carl")
    app = open_page("goals", lang=lang, view="self")
    assert any(("27.5" if lang == "en" else "27,5") in element.value for element in app.header)
    assert ("adequate" if lang == "en" else "correct") in texts(app).lower()
    spread = next(frame.value for frame in app.dataframe if "range" in frame.value)
    assert spread["range"].tolist() == ["1–4"] and HOSTILE in spread["who"][0]
    assert len(app.get("plotly_chart")) == 2 and "onerror" not in formatted(app)
    table = app.dataframe[-1].value
    assert [total == "–" for total in table["total"]].count(True) == 1


def test_answers_in_the_page_are_kept_at_once(centre: Settings, open_page: Open) -> None:
    """Begun, answered and left, it is there to go on with; undo takes the last answer back."""
    app = open_page("goals", lang="en", view="self")
    app.text_input(key="respondent").set_value("Dora").run()
    app.button(key="assess").click().run()
    assert len(app.radio) == 25
    number = assessments.unfinished(queries.app_store(), OF, "Dora")
    assert number is not None
    app.radio(key=f"answer_{number}_culture.1").set_value(4).run()
    app.radio(key=f"answer_{number}_culture.2").set_value(2).run()
    assert assessments.answers(queries.app_store(), number) == {"culture.1": 4, "culture.2": 2}
    app.button(key="undo_answer").click().run()
    assert assessments.answers(queries.app_store(), number) == {"culture.1": 4}
    assert app.radio(key=f"answer_{number}_culture.2").value is None
    app.button(key="assessed").click().run()
    assert not app.exception and app.button(key="assess").label == "Go on"
