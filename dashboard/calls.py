"""What the Call page knows of one call: rows of named queries, with None where there is no value."""

from __future__ import annotations

import functools
import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components.call_list import OUTCOMES
from dashboard.components.player import Sound
from dashboard.i18n import _, duration, lang, moment
from dashboard.queries import query, settings
from dashboard.session import browser, reviewer
from dashboard.tokens import LIFETIME_S, Tokens
from models.app_store import AppStore
from models.intervals import Interval, clip, shift
from models.settings import Settings

Row = dict[str, Any]

SECOND = re.compile(r"\d{1,5}(?:\.\d{1,3})?", re.ASCII)
CLIP = re.compile(rf"({SECOND.pattern})-({SECOND.pattern})", re.ASCII)
LISTED = 12
"""Other calls that are listed beside one."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call and everything that is shown with it."""

    facts: Row
    recordings: list[Row]
    turns: list[Row]
    visits: list[Row]
    others: list[Row]
    previous_id: str | None
    next_id: str | None
    results: list[Row] = field(default_factory=list)
    """How it was judged: see queries/call_results.sql."""


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of a result as dicts, None for every missing value."""
    rows: list[Row] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return rows


def find(call_id: str) -> Call | None:
    """The call with this id in the newest snapshot; None when there is none."""
    facts = records(query("call", call_id=call_id))
    if not facts:
        return None
    neighbours = records(query("call_neighbours", call_id=call_id, started_us=facts[0]["started_us"]))[0]
    return Call(
        facts=facts[0],
        recordings=records(query("call_recordings", call_id=call_id)),
        turns=records(query("call_turns", call_id=call_id)),
        visits=records(query("call_visits", call_id=call_id)),
        others=records(query("customer_calls", call_id=call_id, limit=LISTED)),
        **neighbours,
        results=records(query("call_results", call_id=call_id, language=lang())),
    )


def recent() -> list[Row]:
    """The newest calls that can be heard or read."""
    return records(query("recent_calls", limit=LISTED))


def outcome(row: Row) -> str:
    """How a call or a visit ended, in the reader's language; empty when it is not known."""
    return _(OUTCOMES.get(row["outcome"] or "", ""))


def title(row: Row) -> str:
    """A call in a list: when, how long, and how it ended if nobody answered. Nothing in it was written by callers."""
    lost = row["outcome"] not in ("answered", "transferred")
    long = duration(row["duration_s"]) if row["duration_s"] else ""
    parts = [when(row["started_at"]), outcome(row) if lost else "", long]
    return " · ".join(part for part in parts if part)


def when(at: datetime | None) -> str:
    """A moment, or that it is not known."""
    return moment(at) if at is not None else _("Date not known")


def transcribed(call: Call) -> Row | None:
    """The recording that the transcript was made from; else the first that can be heard."""
    audible = [recording for recording in call.recordings if recording["audible"]]
    made_from = call.facts["transcript_recording_id"]
    return next((r for r in audible if r["recording_id"] == made_from), audible[0] if audible else None)


def turn_index(call: Call, turn_no: str | None) -> int | None:
    """Where the turn with a number, as an address gives it, stands in the transcript; None if it doesn't."""
    return next((n for n, turn in enumerate(call.turns) if str(turn["turn_no"]) == turn_no), None)


def second_in(recording: Row | None, text: str | None) -> float | None:
    """The second of a recording that an address names by a second of the call, like ``65.5``; None where it lies in another.

    Without a recording it is the second of the transcript.
    """
    if not text or not SECOND.fullmatch(text):
        return None
    if recording is None:
        return float(text)
    at_s = float(text) - recording["offset_s"]
    return at_s if 0 <= at_s < recording["duration_s"] else None


def turn_at(call: Call, at_s: float) -> int | None:
    """Where the turn stands that is said at a second of the recording it comes from: the last that began; None before any."""
    begun = [n for n, turn in enumerate(call.turns) if turn["start_s"] is not None and turn["start_s"] <= at_s]
    return begun[-1] if begun else None


def clip_of(text: str | None) -> Interval | None:
    """The seconds of the call that an address names to be played alone, like ``12.5-20``; None for anything else."""
    found = CLIP.fullmatch(text or "")
    bounds = (float(found[1]), float(found[2])) if found else None
    return bounds if bounds and bounds[0] < bounds[1] else None


def sound(call: Call, recording: Row, start_s: float | None = None, only: Interval | None = None) -> Sound:
    """One recording of a call for the player, with what this reviewer has heard of it and a pass to it.

    It begins at ``start_s`` seconds of the recording; without it, where the reviewer left off. ``only`` is the stretch of
    the call that is played alone.
    """
    heard = app_store(settings()).heard(reviewer(), call.facts["call_id"])
    first_s, end_s = recording["offset_s"], recording["offset_s"] + recording["duration_s"]
    left_off_s = heard.position_s - first_s if first_s <= heard.position_s < end_s else 0.0
    return Sound(
        recording_id=recording["recording_id"],
        token=current_pass(call.facts["call_id"]),
        duration_s=recording["duration_s"],
        waveform=recording["waveform"] or [],
        agent_known=recording["agent_known"],
        resume_s=left_off_s if start_s is None else start_s,
        heard=shift(clip(heard.intervals, first_s, end_s), -first_s),
        clip=next(iter(shift(clip([only], first_s, end_s), -first_s)), None) if only else None,
        said=said_in(call, recording),
    )


def said_in(call: Call, recording: Row) -> list[Interval]:
    """When somebody speaks in a recording; empty unless every turn of it has its times."""
    made_from, only_one = call.facts["transcript_recording_id"], len(call.recordings) == 1
    if made_from != recording["recording_id"] and not (made_from is None and only_one):
        return []
    times = [(turn["start_s"], turn["end_s"]) for turn in call.turns]
    return [] if any(None in pair for pair in times) else times


def current_pass(call_id: str) -> str:
    """This session's pass to a call's sound: the same while it is fresh, so that it counts as one opening."""
    key = (call_id, reviewer(), browser())
    kept = st.session_state.setdefault("passes", {})
    token, made_at = kept.get(key, ("", 0.0))
    if time.time() - made_at > LIFETIME_S / 2:
        token = _tokens(settings()).mint(reviewer(), call_id, browser())
        kept[key] = (token, time.time())
    return str(token)


def renew_pass() -> None:
    """Forget the passes of this session: the next are new."""
    st.session_state["passes"] = {}


@functools.cache
def _tokens(of: Settings) -> Tokens:
    return Tokens(of.store)


@functools.cache
def app_store(of: Settings) -> AppStore:
    """The store of what people write."""
    return AppStore(of)
