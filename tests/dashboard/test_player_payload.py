"""What the player is given: words to set apart, whose lane is whose, silences to skip."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st
from streamlit.components.v2.manifest_scanner import scan_component_manifests

from dashboard.components.player.payload import Mark, Sound, holds, lanes, silences, turn_payload, unsure_ranges
from models.intervals import total
from models.settings import ROOT

ASSETS = ROOT / "dashboard" / "components" / "player" / "assets"


def word(text: str, probability: float) -> dict[str, object]:
    """A word as the snapshot has it."""
    return {"word": text, "start_s": 0.0, "end_s": 1.0, "probability": probability}


def test_unsure_words_are_found_where_they_stand() -> None:
    """The second of two equal words is marked when it was the unsure one."""
    words = [word(" no", 0.9), word(" no", 0.2), word(" yes", 0.4)]
    assert unsure_ranges("No, no no yes", [word("No,", 0.9), *words]) == [(7, 9), (10, 13)]


def test_redacted_words_are_passed_over() -> None:
    """Words that are no longer in the text mark nothing, and the next are found all the same."""
    words = [word("four", 0.1), word("two", 0.1), word("thanks", 0.1)]
    assert unsure_ranges("[card number] thanks", words) == [(14, 20)]


def test_ranges_count_as_javascript_does() -> None:
    """A character outside the basic plane counts twice, as in the browser."""
    assert unsure_ranges("😀 well", [word("well", 0.1)]) == [(3, 7)]


@given(st.text(max_size=60), st.lists(st.tuples(st.text(max_size=6), st.floats(0, 1)), max_size=12))
def test_ranges_are_ordered_and_inside(text: str, words: list[tuple[str, float]]) -> None:
    """Whatever the words say, the ranges lie in order within the text."""
    ranges = unsure_ranges(text, [word(*given_word) for given_word in words])
    flat = [index for pair in ranges for index in pair]
    assert flat == sorted(flat)
    assert all(0 <= index <= 2 * len(text) for index in flat)


def test_turn_without_words_or_times() -> None:
    """A transcript brought along may have neither times nor words."""
    row = {"speaker": "robot", "start_s": None, "text": "Hello", "words": None}
    assert turn_payload(row) == {"who": "unknown", "at": None, "text": "Hello", "unsure": [], "marks": []}


def test_evidence_is_marked_in_its_turn() -> None:
    """A turn carries the marks of its own number, each once, with whether they speak for the need."""
    row = {"turn_no": 2, "speaker": "agent", "start_s": 4.0, "text": "So sorry", "words": None}
    marks = [Mark(2, "Empathy", True), Mark(1, "Options", True), Mark(2, "Empathy", True), Mark(2, "Control", False)]
    assert turn_payload(row, marks)["marks"] == [{"label": "Empathy", "for": True}, {"label": "Control", "for": False}]


def test_lanes_are_named_only_where_known() -> None:
    """Two lanes are agent and customer if that is known, channels if not; one lane is everyone."""
    assert [lane["who"] for lane in lanes([[1], [2]], True)] == ["agent", "customer"]
    assert [lane["who"] for lane in lanes([[1], [2]], False)] == ["channel_1", "channel_2"]
    assert [lane["who"] for lane in lanes([[1]], True)] == ["both"]
    assert lanes([], True) == []


def test_silence_is_when_all_lanes_are_quiet() -> None:
    """A stretch counts when neither party speaks, and only if it is long enough to skip."""
    agent = [200] * 4 + [0] * 12
    customer = [0] * 8 + [1] * 6 + [90] * 2
    assert silences([agent, customer], 16.0) == [(4.0, 14.0)]
    assert silences([[200, 0, 200]], 3.0) == []
    assert silences([], 3.0) == []


@given(st.lists(st.integers(0, 255), min_size=1, max_size=200), st.floats(1, 4000))
def test_silences_lie_inside(levels: list[int], duration_s: float) -> None:
    """Silences lie within the recording and last long enough each."""
    found = silences([levels], duration_s)
    assert all(0 <= start < end <= duration_s + 0.01 for start, end in found)
    assert total(found) <= duration_s + 0.01 * len(levels)


def test_a_hold_is_skipped_though_music_plays() -> None:
    """Loud for a minute, but nobody speaks from 12 s to 42 s: skipped but for a second at each end; short gaps are not."""
    said = [(0.5, 4.0), (3.0, 12.0), (42.0, 50.0), (55.0, 60.0)]
    played = Sound("r1", "token", 60.0, [[200] * 60], True, said=said).payload()
    assert played["silences"] == [[13.0, 41.0]]
    assert Sound("r1", "token", 60.0, [[200] * 60], True).payload()["silences"] == []


def test_music_before_the_first_word_is_skipped() -> None:
    """From the very beginning; what follows the last turn is left alone, and a silence within a hold is not told twice."""
    assert holds([(30.0, 40.0)], 90.0) == [(0.0, 29.0)]
    quiet = [200] * 10 + [0] * 5 + [200] * 75
    assert Sound("r1", "token", 90.0, [quiet], True, said=[(30.0, 40.0)]).to_skip() == [(0.0, 29.0)]


TIMES = st.lists(st.tuples(st.floats(-5, 400), st.floats(-5, 400)), max_size=12)


@given(TIMES, st.lists(st.integers(0, 255), max_size=60), st.floats(1, 300))
def test_no_word_is_skipped_as_a_hold(said: list[tuple[float, float]], levels: list[int], duration_s: float) -> None:
    """Whatever the times of turns, even backward ones: holds touch no turn, and all that is skipped is ordered and inside."""
    found = holds(said, duration_s)
    assert all(end <= turn[0] or start >= turn[1] for start, end in found for turn in said if turn[0] < turn[1])
    skipped = Sound("r1", "token", duration_s, [levels], True, said=said).to_skip()
    assert skipped == sorted(skipped) and all(0 <= start < end <= duration_s + 0.02 for start, end in skipped)


def test_sound_payload_is_plain_data() -> None:
    """What is sent to the browser holds numbers, texts and lists alone."""
    payload = Sound("r1", "token", 3.0, [[0, 255, 3]], False, 1.5, [(0.0, 1.5)]).payload()
    assert payload["heard"] == [[0.0, 1.5]]
    assert payload["lanes"] == [{"who": "both", "levels": [0, 255, 3]}]


def test_streamlit_finds_the_player() -> None:
    """The installed distribution leads Streamlit to the player's files."""
    found = [(manifest, root) for manifest, root in scan_component_manifests() if manifest.name == "earshot"]
    assert found
    for manifest, root in found:
        assert [component.name for component in manifest.components] == ["player"]
        assert manifest.components[0].resolve_asset_root(root) == ASSETS


def test_scripts_make_no_html_and_ask_no_other_server() -> None:
    """What people said is never read as HTML, and nothing is fetched from outside."""
    for file in ASSETS.glob("*.js"):
        text = file.read_text("utf-8")
        assert not [word for word in ("innerHTML", "outerHTML", "insertAdjacent", "eval(", "://") if word in text]


def test_vendored_library_names_its_version_and_licence() -> None:
    """What is vendored is unchanged, and says where it comes from."""
    assert "wavesurfer.js 8.0.1" in (ASSETS / "vendor" / "README.md").read_text("utf-8")
    assert "BSD 3-Clause" in (ASSETS / "vendor" / "wavesurfer.LICENSE").read_text("utf-8")
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["streamlit"]["component"]
    assert listed["components"][0]["asset_dir"] == ASSETS.relative_to(ROOT).as_posix()
