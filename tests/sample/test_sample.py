"""The sample call centre: what is committed, and the copy that the demo moves to the current week."""

import gzip
import json
import re
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import pytest

from ingest.sample import SampleFiles, materialise
from tools.sample.plan import SAMPLE_DIR
from tools.sample.queue_log import simulate
from tools.sample.scripts import read_scripts, word_counts

PARIS = ZoneInfo("Europe/Paris")
MOMENTS = {
    "Monday half an hour after midnight": "2026-11-16T00:30:00",
    "Wednesday in the middle of the day": "2026-11-18T12:00:00",
    "Saturday evening": "2026-11-21T21:00:00",
    "the Monday after the clocks go forward": "2027-03-29T08:00:00",
    "the Sunday on which the clocks go back": "2026-10-25T02:30:00",
    "before the sample was made": "2025-07-10T10:00:00",
}


def sounds(folder: Path) -> list[Path]:
    """The recordings in a folder, without their sidecars."""
    return sorted(path for path in folder.iterdir() if path.suffix != ".json")


def sidecar(sound: Path) -> dict:
    """What stands beside a recording."""
    return json.loads(sound.with_suffix(".json").read_text("utf-8"))


def json_lines(path: Path) -> list[dict]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def committed_log() -> list[str]:
    """The lines of the committed queue log."""
    return gzip.decompress((SAMPLE_DIR / "queue_log.gz").read_bytes()).decode().splitlines()


def events_of_calls(lines: list[str]) -> dict[str, dict[str, list[str]]]:
    """The last event of each kind by call id, as the fields of its line."""
    events: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for line in lines:
        fields = line.split("|")
        events[fields[1]][fields[4]] = fields
    return events


def duration_s(sound: Path) -> float:
    """The length of a recording in seconds, as its container gives it."""
    with av.open(str(sound)) as container:
        return container.duration / av.time_base


def check_in_log(call: dict, length_s: float | None, events: dict[str, list[str]]) -> None:
    """One call's stay in the queue fits its metadata; `length_s` None: not known."""
    entered, connect = events["ENTERQUEUE"], events["CONNECT"]
    end = events.get("COMPLETEAGENT") or events["COMPLETECALLER"]
    assert int(entered[0]) == datetime.fromisoformat(call["started_at"]).timestamp()
    assert (entered[2], entered[6], connect[3]) == (call["queue"], call["customer_id"], call["agent_id"])
    assert int(connect[0]) - int(entered[0]) == int(connect[5])
    assert int(end[0]) - int(connect[0]) == int(end[6])
    assert length_s is None or abs(int(end[6]) - length_s) <= 3


def test_the_queue_log_is_what_the_seed_gives() -> None:
    """Simulating again gives the committed queue log, line by line."""
    assert simulate() == committed_log()


def test_the_queue_log_is_a_believable_call_centre() -> None:
    """Eight weeks, about 15,000 calls, three quarters answered in 20 s, one in twelve to twenty given up."""
    answered = in_target = abandoned = 0
    calls = set()
    for line in committed_log():
        _, call_id, _, _, event, *data = line.split("|")
        if event == "ENTERQUEUE":
            calls.add(call_id)
        answered += event == "CONNECT"
        in_target += event == "CONNECT" and int(data[0]) <= 20
        abandoned += event == "ABANDON"
    assert 14_000 < len(calls) < 17_000
    assert 0.75 <= in_target / (answered + abandoned) <= 0.80
    assert 0.05 <= abandoned / (answered + abandoned) <= 0.08


def test_log_lines_are_in_order_of_time() -> None:
    """No line of the queue log is older than the one before it."""
    epochs = [int(line.split("|", 1)[0]) for line in committed_log()]
    assert epochs == sorted(epochs)


def test_nobody_talks_to_two_callers_at_once() -> None:
    """Between CONNECT and the end of a call, an agent answers no other."""
    talking: dict[str, str] = {}
    for line in committed_log():
        _, call_id, _, agent, event, *_ = line.split("|")
        if event == "CONNECT":
            assert talking.setdefault(agent, call_id) == call_id, line
        elif event.startswith("COMPLETE") or event.endswith("TRANSFER"):
            assert talking.pop(agent) == call_id, line


def test_every_recording_and_transcript_is_in_the_log() -> None:
    """Each call with words entered a queue, was answered by its agent and completed, as long as it lasts."""
    events = events_of_calls(committed_log())
    for sound in sounds(SAMPLE_DIR / "recordings"):
        call = sidecar(sound)
        check_in_log(call, duration_s(sound), events[call["call_id"]])
    for call in json_lines(SAMPLE_DIR / "transcripts" / "calls.jsonl"):
        check_in_log(call, call["turns"][-1].get("end_s"), events[call["call_id"]])


def test_recordings_are_short_stereo_calls_that_fit_in_the_repository() -> None:
    """60 to 150 s, one party a channel, 14 MB in all."""
    recordings = sounds(SAMPLE_DIR / "recordings")
    assert len(recordings) >= 26
    assert sum(path.stat().st_size for path in recordings) <= 14_000_000
    for sound in recordings:
        with av.open(str(sound)) as container:
            assert container.streams.audio[0].channels == 2, sound.name
        assert 60 <= duration_s(sound) <= 150, sound.name


def test_the_reference_holds_the_script_of_every_recording() -> None:
    """Call ids, words and times of the reference belong to the recordings and the scripts."""
    reference = {call["call_id"]: call for call in json_lines(SAMPLE_DIR / "reference.jsonl")}
    spoken = {tuple((turn.speaker, turn.text) for turn in script.turns) for script in read_scripts()}
    recordings = sounds(SAMPLE_DIR / "recordings")
    assert len(reference) == len(recordings) == len(spoken)
    for sound in recordings:
        known = sidecar(sound)
        call = reference[known["call_id"]]
        assert {key: call[key] for key in call if key != "turns"} == {key: known[key] for key in call if key != "turns"}
        assert tuple((turn["speaker"], turn["text"]) for turn in call["turns"]) in spoken
        assert all(0 <= turn["start_s"] < turn["end_s"] <= duration_s(sound) for turn in call["turns"])


def test_every_call_with_words_has_a_truth() -> None:
    """The planted problem is known for exactly the recorded and the transcript-only calls."""
    calls = json_lines(SAMPLE_DIR / "reference.jsonl") + json_lines(SAMPLE_DIR / "transcripts" / "calls.jsonl")
    truths = json_lines(SAMPLE_DIR / "truth.jsonl")
    assert sorted(call["call_id"] for call in calls) == sorted(truth["call_id"] for truth in truths)
    assert len({call["call_id"] for call in calls}) == len(calls)


def test_policy_is_labelled_only_where_a_rule_came_up() -> None:
    """A script says how policy was used only when its agent names a policy or a rule: else there was no occasion."""
    for script in read_scripts():
        said = " ".join(turn.text.lower() for turn in script.turns if turn.speaker == "agent")
        labelled = "no_policy_weapon" in (*script.met, *script.not_met)
        assert not labelled or re.search(r"\b(policy|rule|rules)\b", said), script.call


def test_scripts_keep_to_a_small_vocabulary() -> None:
    """The bundled speech model has to know every word."""
    assert 600 <= len(word_counts(read_scripts())) <= 1200


@pytest.fixture(scope="module", params=MOMENTS.values(), ids=MOMENTS.keys())
def moved(request, tmp_path_factory) -> tuple[SampleFiles, datetime]:
    """A moved copy of the sample, and the time it was made for."""
    now = datetime.fromisoformat(request.param).replace(tzinfo=PARIS)
    return materialise(SAMPLE_DIR, tmp_path_factory.mktemp("moved") / "sample", now), now


def test_nothing_lies_in_the_future(moved) -> None:
    """All events, transcripts and recordings are over at the time of the copy."""
    files, now = moved
    lines = files.queue_log.read_text("utf-8").splitlines()
    epochs = [int(line.split("|", 1)[0]) for line in lines]
    assert epochs == sorted(epochs)
    assert epochs[-1] <= now.timestamp()
    events = events_of_calls(lines)
    for call in json_lines(files.transcripts):
        check_in_log(call, None, events[call["call_id"]])


def test_every_recording_is_there_and_in_the_log(moved) -> None:
    """All recordings are kept, with the date of the sidecar in their names, and their log lines moved with them."""
    files, now = moved
    events = events_of_calls(files.queue_log.read_text("utf-8").splitlines())
    recordings = sounds(files.recordings)
    assert len(recordings) == len(sounds(SAMPLE_DIR / "recordings"))
    for sound in recordings:
        call = sidecar(sound)
        started_at = datetime.fromisoformat(call["started_at"])
        assert started_at < now
        assert f"{started_at:%Y%m%d-%H%M%S}" in sound.name or f"{started_at:%Y-%m-%dT%H-%M-%S}" in sound.name
        check_in_log(call, None, events[call["call_id"]])


def test_weekdays_and_times_of_day_stay(moved) -> None:
    """A recorded call keeps its weekday and its time of day, on either side of a change of the clocks."""
    files, _ = moved
    before = {sidecar(sound)["call_id"]: sidecar(sound)["started_at"] for sound in sounds(SAMPLE_DIR / "recordings")}
    for sound in sounds(files.recordings):
        call = sidecar(sound)
        old, new = datetime.fromisoformat(before[call["call_id"]]), datetime.fromisoformat(call["started_at"])
        assert (old.weekday(), old.time()) == (new.weekday(), new.time())
        assert new.utcoffset() == new.astimezone(PARIS).utcoffset()


def test_a_customer_who_calls_again_does_so_later(moved) -> None:
    """The recorded calls of one customer stay in their order and distance, wherever they are moved."""
    files, _ = moved
    starts: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for folder in (SAMPLE_DIR / "recordings", files.recordings):
        for sound in sounds(folder):
            call = sidecar(sound)
            wall = datetime.fromisoformat(call["started_at"]).replace(tzinfo=None)
            starts[call["customer_id"]].append((call["call_id"], wall))
    for calls in starts.values():
        half = len(calls) // 2
        old, new = dict(calls[:half]), dict(calls[half:])
        assert len({new[call_id] - old[call_id] for call_id in old}) == 1


def test_the_last_week_is_the_current_one(moved) -> None:
    """The copy reaches from seven weeks before this week's Monday to now."""
    files, now = moved
    first = datetime.fromtimestamp(int(files.queue_log.read_text("utf-8").split("|", 1)[0]), PARIS)
    monday = now.date() - timedelta(days=now.weekday())
    assert first.date() == monday - timedelta(weeks=7)


def test_a_second_copy_changes_nothing(tmp_path) -> None:
    """What is there already is returned as it is, and nothing else is left behind."""
    (tmp_path / "sample").mkdir()
    now = datetime(2026, 11, 18, 12, tzinfo=PARIS)
    assert materialise(SAMPLE_DIR, tmp_path / "sample", now).folder == tmp_path / "sample"
    assert list(tmp_path.rglob("*")) == [tmp_path / "sample"]


def test_a_copy_that_fails_leaves_nothing(tmp_path) -> None:
    """Without a readable sample there is neither a copy nor a half of one."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sample.toml").write_bytes((SAMPLE_DIR / "sample.toml").read_bytes())
    with pytest.raises(OSError, match="queue_log"):
        materialise(broken, tmp_path / "out" / "sample", datetime(2026, 11, 18, 12, tzinfo=PARIS))
    assert list((tmp_path / "out").iterdir()) == []


def test_now_must_carry_its_time_zone(tmp_path) -> None:
    """A naive time is refused rather than guessed."""
    with pytest.raises(ValueError, match="time zone"):
        materialise(SAMPLE_DIR, tmp_path / "sample", datetime(2026, 11, 18, 12))
