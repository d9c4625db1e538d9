"""Words said: an index names the calls that can hold them, and the newest of these are read.

Words that nearly every call holds are looked for in the newest transcripts, a bounded number. The page says how far.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries, session
from dashboard.components import call_filters, call_list, links, tables
from dashboard.i18n import DASH, N_, _, date, duration, missing, moment, ngettext, number

FIRST_REACH = 5_000
"""Transcripts searched at first where the index can't tell; each press on the button searches ``FURTHER`` times as many."""
NEAR = 1_000
"""Where so many hold enough, no more are searched."""
FIRST_CALLS = 30
"""Calls searched at first among those that the index names."""
FURTHER = 4

MOST_HITS = 50
MOST_WORDS = 8
AROUND = 36
"""Characters of the turn that are shown before and after the first word found."""

SPEAKERS = {"agent": N_("agent"), "customer": N_("customer"), "unknown": N_("unknown speaker")}


def words_of(typed: str) -> list[str]:
    """The words to look for."""
    return typed.split()[:MOST_WORDS]


def show(words: list[str], filters: dict[str, Any]) -> None:
    """The turns that contain the words, with the quote, and how far was searched."""
    if call_filters.by_visit(filters):
        st.caption(_("Words are searched in all transcripts of these dates and queues: outcome, weekday and half hour "
                     "don't narrow the search."))  # fmt: skip
    key = f"reach_{hash(repr((words, sorted(filters.items()))))}"
    pressed = int(st.session_state.get(key, 0))
    calls = queries.calls_that_say(tuple(words))
    looked = among(calls, words, filters, pressed) if calls is not None else newest(words, filters, pressed)
    searched(looked, words)
    session.note("searched", detail="words said")
    if not looked.hits.empty:
        table(looked.hits, words)
        call_list.download(looked.hits, "quotes")
    if looked.searched < looked.able and len(looked.hits) < MOST_HITS:
        st.button(_("Search further back"), on_click=_further, args=(key, pressed))


@dataclass(frozen=True, slots=True)
class Looked:
    """Turns found, and in how many of the transcripts that might hold them was looked, back to when."""

    hits: pd.DataFrame
    searched: int
    able: int
    oldest: datetime | None
    indexed: bool
    """Whether the others are known not to hold the words."""


def among(calls: Sequence[str], words: list[str], filters: dict[str, Any], pressed: int) -> Looked:
    """The newest of the calls that the index names: others don't hold the words."""
    able = queries.query("said_calls", **filters, calls=list(calls))
    near = able.head(FIRST_CALLS * FURTHER**pressed)
    hits = near if near.empty else _heard(near, words)
    oldest = None if near.empty else near["started_at"].iloc[-1]
    return Looked(hits, len(near), len(able), oldest, indexed=True)


def _heard(calls: pd.DataFrame, words: list[str]) -> pd.DataFrame:
    """Turns of these calls that hold every word, letter case and accents aside."""
    spoken = queries.query_each("spoken", "call_id", call_id=list(calls["call_id"]))
    wanted = [plain(word) for word in words]
    held = spoken["text"].map(lambda text: holds(str(text), wanted)).astype(bool)
    return spoken[held].merge(calls, on="call_id").head(MOST_HITS)


def newest(words: list[str], filters: dict[str, Any], pressed: int) -> Looked:
    """The newest transcripts, for words so common that many of these hold them; first in few, then in more."""
    most = FIRST_REACH * FURTHER**pressed
    looked = _newest(words, filters, min(NEAR, most))
    return looked if len(looked.hits) == MOST_HITS or looked.searched == looked.able else _newest(words, filters, most)


def _newest(words: list[str], filters: dict[str, Any], reach: int) -> Looked:
    far = queries.row("said_reach", **filters, reach=reach)
    near = filters if missing(far["since"]) else {**filters, "start": far["since"]}
    hits = queries.query(
        "said", **near, words=words, longest=max(words, key=len), limit=MOST_HITS, offset=0,
        first_row=far["first_row"], last_row=far["last_row"],
    )  # fmt: skip
    oldest = None if missing(far["oldest"]) else far["oldest"]
    return Looked(hits, far["searched"], far["able"], oldest, indexed=False)


def _further(key: str, pressed: int) -> None:
    st.session_state[key] = pressed + 1


def searched(looked: Looked, words: Sequence[str]) -> None:
    """What was found, how far was searched, and what to try where nothing was found."""
    if not looked.able and not looked.indexed:
        st.info(_("No call of these dates has a transcript."))
        return
    n = len(looked.hits)
    found = ngettext("{n} turn found", "{n} turns found", n).format(n=number(n))
    if n == MOST_HITS:
        found = _("The newest {n} turns; choose earlier dates to see older ones").format(n=number(n))
    st.markdown(f"**{found}**")
    if looked.searched < looked.able and looked.indexed:
        how_far = _("Searched the newest {n} of {all} transcripts that can hold such words, back to {day}.")
    elif looked.searched < looked.able:
        how_far = _("Searched the newest {n} of {all} transcripts, back to {day}.")
    elif looked.indexed:
        how_far = _("Searched all transcripts of these dates for words that begin like these.")
    else:
        how_far = _("Searched all {all} transcripts of these dates.")
    st.caption(how_far.format(n=number(looked.searched), all=number(looked.able), day=date(looked.oldest)))
    if not n and len(words) > 1:
        st.info(_("A turn is found when all of these words are said in it: try fewer of them, or other dates."))
    elif not n:
        st.info(_("Try the beginning of the word alone, another word for it, or other dates."))


def table(hits: pd.DataFrame, words: list[str]) -> None:
    """The quotes, each with a button that opens its call."""
    shown = pd.DataFrame({
        "started_at": hits["started_at"].map(moment),
        "quote": hits["text"].map(lambda text: quote(str(text), words)),
        "speaker": hits["speaker"].map(lambda code: _(SPEAKERS.get(str(code), str(code)))),
        "at": hits["start_s"].map(lambda start: DASH if missing(start) else duration(start)),
        "queue": hits["queue"].map(call_list.known), "agent": hits["agent_id"].map(call_list.known),
        "customer": hits["customer_id"].map(call_list.known),
    })  # fmt: skip
    columns = {
        "quote": (_("Quote"), "quote"), "speaker": (_("Speaker"), "text"), "at": (_("At"), "length"),
        "started_at": (_("Began"), "moment"), "queue": (_("Queue"), "text"), "agent": (_("Agent"), "text"),
        "customer": (_("Customer"), "text"),
    }  # fmt: skip
    row = tables.show(shown, columns, "open_quote", _("Open"), _("Turns found"))
    if row is not None:
        links.open_call(str(hits["call_id"].iloc[row]), turn=int(hits["turn_no"].iloc[row]))


def holds(text: str, wanted: Sequence[str]) -> bool:
    """Whether every one of ``wanted``, which are ``plain``, is somewhere in ``text``."""
    said = plain(text)
    return all(word in said for word in wanted)


def plain(text: str) -> str:
    """``text`` without case and accents."""
    return text.lower() if text.isascii() else folded(text)[0]


def folded(text: str) -> tuple[str, list[int]]:
    """``text`` without case and accents, and for each of its characters where it stood in ``text``."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFD", letter.lower()):
            if not unicodedata.combining(part):
                letters.append(part)
                places.append(place)
    return "".join(letters), places


def quote(text: str, words: list[str]) -> str:
    """The stretch of ``text`` around the first of ``words`` in it; an ellipsis where it is cut."""
    bare, places = folded(text)
    found = [(bare.find(part), len(part)) for word in words if (part := plain(word)) and part in bare]
    at, length = min(found, default=(0, 0))
    first = places[at] if places else 0
    start, end = max(0, first - AROUND), first + length + AROUND
    if start:
        start = text.find(" ", start, first) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", first + length, end), first + length)
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
