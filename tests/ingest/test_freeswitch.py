"""Events of FreeSWITCH's mod_callcenter: how people keep them, and that no order, split or repetition matters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import line_stream, records
from ingest.event_blocks import events
from tests.ingest.queue_log_store import load, rows, state
from tests.ingest.test_queue_logs import FIXTURES

PLAIN = (FIXTURES / "freeswitch_plain.txt").read_text()
AT = 1_772_439_245


def event(action: str, at: int, member: str = "m", session: str = "s", queue: str = "q", **times: object) -> str:
    """One event as text; ``joined=…`` and so on become CC-Member-Joined-Time and so on."""
    names = {
        "joined": "CC-Member-Joined-Time", "answered": "CC-Agent-Answered-Time", "left": "CC-Member-Leaving-Time",
        "terminated": "CC-Bridge-Terminated-Time", "cause": "CC-Cause", "reason": "CC-Cancel-Reason",
        "agent": "CC-Agent", "hangup": "Hangup-Cause", "state": "Answer-State",
    }  # fmt: skip
    said = "".join(f"{names[k]}: {v}\n" for k, v in times.items())
    return (
        f"Event-Name: CUSTOM\nEvent-Subclass: callcenter%3A%3Ainfo\nEvent-Date-Timestamp: {at}500000\nCC-Queue: {queue}\n"
        f"CC-Action: {action}\nCC-Member-UUID: {member}\nCC-Member-Session-UUID: {session}\n{said}"
    )


def as_json(text: str) -> list[str]:
    """The events of a text as JSON, one each."""
    return [json.dumps(one.value) for one in events(text, 1) if one.value]


def visits(folder: Path) -> list[dict[str, object]]:
    """The stays in a store, without the file they came from."""
    return rows(folder, "select * exclude (source) from queue_visits order by all")


@pytest.mark.parametrize("form", ["lines", "array", "socket"])
def test_json_gives_the_same_as_text(form: str, tmp_path: Path) -> None:
    """JSON Lines, an array, and JSON as it comes off the socket give the stays that the text gives."""
    found = as_json(PLAIN)
    texts = {
        "lines": "".join(f"{e}\n" for e in found),
        "array": "[" + ",\n".join(found) + "]",
        "socket": "".join(f"Content-Length: {len(e)}\nContent-Type: text/event-json\n\n{e}" for e in found),
    }
    (tmp_path / "cc.json").write_text(texts[form])
    load(tmp_path / "text", FIXTURES / "freeswitch_plain.txt")
    (outcome,) = load(tmp_path / "json", tmp_path / "cc.json")
    assert outcome.status == "loaded" and visits(tmp_path / "json") == visits(tmp_path / "text")


def test_windows_line_ends_and_noise_change_nothing(tmp_path: Path) -> None:
    """Carriage returns, a byte-order mark, what the command line prints before events, and bodies of others are passed over."""
    noise = (
        "\ufeffRECV EVENT\nEvent-Name: BACKGROUND_JOB\nContent-Length: 12\n\n+OK done\n\nfor good\n\n"
        "Content-Type: text/disconnect-notice\nContent-Length: 20\n\nDisconnected, goodbye.\n\n\n"
    )
    (tmp_path / "cc.log").write_bytes((noise + PLAIN).replace("\n", "\r\n").encode())
    load(tmp_path / "a", FIXTURES / "freeswitch_plain.txt")
    (outcome,) = load(tmp_path / "b", tmp_path / "cc.log")
    assert outcome.refused_lines == 0 and state(tmp_path / "a") == state(tmp_path / "b")


def test_last_event_counts_and_may_still_grow(tmp_path: Path) -> None:
    """An event at the end without a blank line counts; when the log goes on there, it is read again, whole."""
    log = tmp_path / "cc.log"
    first, last = (
        event("member-queue-start", AT),
        event("member-queue-end", AT + 9, joined=AT, left=AT + 9, cause="Cancel"),
    )
    log.write_text(f"{first}\n{last}")
    load(tmp_path, log)
    assert rows(tmp_path, "select outcome from queue_visits") == [{"outcome": "abandoned"}]
    log.write_text(f"{first}\n{last}CC-Cancel-Reason: TIMEOUT\n\n{event('member-queue-start', AT + 60)}")
    (outcome,) = load(tmp_path, log)
    assert (outcome.new_lines, outcome.refused_lines) == (2, 0)
    found = rows(tmp_path, "select outcome, wait_s from queue_visits order by entered_at")
    assert [tuple(r.values()) for r in found] == [("timeout", 9.0), (None, None)]


def test_half_an_event_waits_for_its_rest(tmp_path: Path) -> None:
    """An event that is being written is left with a note, and loaded whole once it is there."""
    log, whole = tmp_path / "cc.log", event("member-queue-start", AT) + "\n"
    log.write_text(whole + whole.replace("CC-Member-UUID: m", "CC-Member-UUID: m2")[:150])
    (outcome,) = load(tmp_path, log)
    assert (outcome.new_lines, outcome.refused_lines, len(outcome.notes)) == (1, 0, 1)
    log.write_text(whole + event("member-queue-start", AT + 60) + "\n")
    assert load(tmp_path, log)[0].new_lines == 1


def test_small_pieces_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that lie across the border of two batches come out as from one, and lines keep their numbers."""
    names = ("freeswitch_again.txt", "freeswitch_refused.txt")
    load(tmp_path / "whole", *(FIXTURES / n for n in names))
    monkeypatch.setattr(records, "BATCH_ROWS", 1)
    monkeypatch.setattr(line_stream, "PIECE_BYTES", 700)
    load(tmp_path / "pieces", *(FIXTURES / n for n in names))
    assert state(tmp_path / "pieces") == state(tmp_path / "whole")
    lines = "select source, line_no from rejected_rows order by all"
    assert rows(tmp_path / "pieces", lines) == rows(tmp_path / "whole", lines)


def test_entry_without_joined_time_is_that_of_its_call(tmp_path: Path) -> None:
    """A start that only its own time dates is one stay with the events that tell when the call joined."""
    (tmp_path / "1").write_text(event("member-queue-start", AT + 1) + "\n")
    (tmp_path / "2").write_text(
        event("member-queue-end", AT + 9, left=AT + 9, cause="Cancel", reason="NONE", joined=AT) + "\n"
    )
    load(tmp_path, tmp_path / "1", tmp_path / "2")
    found = rows(tmp_path, "select entered_at, outcome, wait_s from queue_visits")
    assert [tuple(r.values()) for r in found] == [("2026-03-02T08:14:05+00:00", "abandoned", 9.0)]


def test_an_end_finds_its_entry_whichever_came_first(tmp_path: Path) -> None:
    """An end that doesn't say when its call joined is kept, makes no stay alone, and ends the stay of its member."""
    (tmp_path / "end").write_text(
        event("member-queue-end", AT + 9, left=AT + 9, cause="Cancel", reason="TIMEOUT") + "\n"
    )
    (tmp_path / "start").write_text(event("member-queue-start", AT) + "\n")
    (outcome,) = load(tmp_path, tmp_path / "end")
    assert outcome.refused_lines == 0 and visits(tmp_path) == []
    load(tmp_path, tmp_path / "start")
    assert [(v["outcome"], v["wait_s"]) for v in visits(tmp_path)] == [("timeout", 9.0)]


def test_clock_jump_between_events_is_a_sentence_until_explained(tmp_path: Path) -> None:
    """A stay that ends before it is answered, told by two events, is refused by its last event; other calls go on."""
    answer = event("bridge-agent-start", AT + 50, joined=AT, answered=AT + 50, agent="1001")
    end = event("bridge-agent-end", AT + 20, joined=AT, terminated=AT + 20, agent="1001")
    (tmp_path / "1").write_text(answer + "\n" + end + "\n" + event("member-queue-start", AT, session="t") + "\n")
    load(tmp_path, tmp_path / "1")
    load(tmp_path, tmp_path / "1")
    assert [v["call_id"] for v in visits(tmp_path)] == ["t"]
    reasons = rows(tmp_path, "select line_no, reason from rejected_rows")
    assert [(r["line_no"], "before it is answered" in r["reason"]) for r in reasons] == [(1, True)]


def test_an_agent_who_answered_outweighs_a_cancel(tmp_path: Path) -> None:
    """The music that ends when the caller hangs up just then is logged as a cancel: the call was answered all the same."""
    parts = [
        event("member-queue-start", AT), event("bridge-agent-start", AT + 5, joined=AT, answered=AT + 5, agent="1001"),
        event("member-queue-end", AT + 6, joined=AT, left=AT + 6, cause="Cancel", reason="NONE"),
    ]  # fmt: skip
    (tmp_path / "cc.log").write_text("\n".join(parts))
    load(tmp_path, tmp_path / "cc.log")
    assert [(v["outcome"], v["wait_s"]) for v in visits(tmp_path)] == [("answered", 5.0)]


ENDS = {
    "answered": ("Terminated", None, {}),
    "transferred": ("Terminated", None, {"hangup": "ATTENDED_TRANSFER"}),
    "abandoned": ("Cancel", "NONE", {}),
    "timeout": ("Cancel", "TIMEOUT", {}),
    "empty": ("Cancel", "NO_AGENT_TIMEOUT", {}),
    "key": ("Cancel", "BREAK_OUT", {"state": "answered"}),
    "hung up": ("Cancel", "BREAK_OUT", {"state": "hangup"}),
    "open": None,
}


def stay(at: int, wait: int, talk: int, end: str, **ids: str) -> list[str]:
    """The events of one stay."""
    found = [event("member-queue-start", at, **ids)]
    if (how := ENDS[end]) is None:
        return found
    cause, reason, more = how
    if cause == "Cancel":
        left = at + wait
        return [
            *found,
            event("member-queue-end", left, **ids, joined=at, left=left, cause=cause, reason=reason, **more),
        ]
    answered, left = at + wait, at + wait + talk
    given = {"joined": at, "answered": answered, "agent": "1001"}
    return [
        *found,
        event("bridge-agent-start", answered, **ids, **given),
        event("bridge-agent-end", left, **ids, **given, terminated=left, **more),
        event("member-queue-end", left, **ids, **given, left=left, cause=cause),
    ]


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[str], dict[str, int]]:
    """(events, how many stays end how): calls that enter one or two queues, one stay after the other."""
    found: list[str] = []
    ends: dict[str, int] = {}
    for number in range(draw(st.integers(1, 4))):
        at = AT + draw(st.integers(0, 50))
        for nth in range(draw(st.integers(1, 3))):
            wait, talk, end = draw(st.integers(0, 40)), draw(st.integers(0, 90)), draw(st.sampled_from(sorted(ENDS)))
            ids = {"session": f"s-{number}", "member": f"m-{number}-{nth}", "queue": draw(st.sampled_from(["q", "r"]))}
            found += stay(at, wait, talk, end, **ids)
            ends[end] = ends.get(end, 0) + 1
            at += wait + talk + draw(st.integers(0, 60))
    return found, ends


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(log=logs(), data=st.data())
def test_any_split_order_and_repetition_is_the_whole(
    log: tuple[list[str], dict[str, int]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """However events are split into files of text or JSON, in any order and repeated, the store ends the same.

    And everyone who entered is counted once: answered + abandoned + flow-outs + open = entered.
    """
    found, ends = log
    folder = tmp_path_factory.mktemp("split")
    mixed = data.draw(st.permutations(found)) + data.draw(st.lists(st.sampled_from(found), max_size=4))
    cut = data.draw(st.integers(1, len(mixed)))
    (folder / "whole").write_text("\n".join(found))
    (folder / "1").write_text("\n".join(mixed[:cut]))
    (folder / "2").write_text("".join(f"{e}\n" for e in as_json("\n".join(mixed[cut:]))))
    load(folder / "a", folder / "whole")
    load(folder / "b", folder / "1", *([folder / "2"] if mixed[cut:] else []))
    whole = state(folder / "a")
    assert state(folder / "b") == whole
    names = {"hung up": "abandoned", "open": None}
    expected = sorted(str(names.get(e, e)) for e, n in ends.items() for _ in range(n))
    assert sorted(str(visit["outcome"]) for visit in whole[1]) == expected
    assert all(v["wait_s"] is None or v["wait_s"] >= 0 for v in whole[1]) and not whole[3]


@given(data=st.data())
def test_a_cut_event_costs_itself_alone(data: st.DataObject) -> None:
    """Of events with one cut anywhere, all others are found, and no half header becomes a value of another event."""
    found = [event("member-queue-start", AT + n, session=f"s-{n}") for n in range(3)]
    cut = found[1][: data.draw(st.integers(1, len(found[1]) - 1))]
    values = [one.value for one in events("\n".join([found[0], cut + "\n", found[2]]), 1) if one.value]
    assert [v["CC-Member-Session-UUID"] for v in (values[0], values[-1])] == ["s-0", "s-2"] and len(values) <= 3
