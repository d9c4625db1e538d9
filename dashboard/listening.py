"""The reviewer's week: the playlist, what was heard and judged, and the agreement of people with the scorecard.

What people write is read from app.sqlite, so that it shows at once; what is known of calls comes from the snapshot.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import streamlit as st

from dashboard import queries, session
from dashboard.calls import Row, app_store, records
from dashboard.session import reviewer
from models.access.people import Action, Limits
from models.app_store import AppStore, now, week_of
from models.listening import calibration, playlists, reviews, sampling, weeks
from models.listening.agreement import Agreement, Blind, with_people
from models.listening.own_calls import own_agents
from models.listening.playlists import Playlist
from models.listening.sampling import Candidate
from models.store import query

T = TypeVar("T")
SHORTEST_S = 15.0
"""Shorter recordings hold no conversation."""


def store() -> AppStore:
    """The store of what people write."""
    return app_store(queries.settings())


def this_week() -> str:
    """The ISO week that it is in the call centre."""
    return week_of(now(), queries.settings().zone)


def target_s() -> float:
    """Seconds to listen each week."""
    return queries.settings().listening_minutes * 60


def first_day(week: str) -> date:
    """The Monday of an ISO week."""
    return weeks.monday(week)


def frame(who: str) -> list[Candidate]:
    """The calls that may be drawn for a reviewer: recent, audible, not heard yet, not their own."""
    settings = queries.settings()
    own = own_agents(store(), settings, who)
    rows = records(queries.query("playlist_frame", days=settings.listening_days, own=own, shortest_s=SHORTEST_S))
    taken = playlists.touched(store(), who)
    return [Candidate(**row) for row in rows if row["call_id"] not in taken]


def playlist() -> Playlist | None:
    """This reviewer's playlist of this week, drawn now if it was not yet; None while there is nothing to draw."""
    who, week = reviewer(), this_week()
    known = playlists.load(store(), who, week)
    if known is not None:
        return known
    calls, mix, seed = frame(who), queries.settings().listening_mix, secrets.randbits(48)
    drawn = sampling.draw(calls, sampling.parse_mix(mix), target_s(), seed)
    if not drawn:
        return None
    about = {"seed": seed, "mix": mix, "target_s": target_s(), "frame_calls": len(calls)}
    return playlists.keep(store(), who, week, drawn, **about)  # type: ignore[arg-type]


def replace(call_id: str, reason: str) -> bool:
    """Put another call in a call's place; False when there is none left. Raises ChangeRefused."""
    who, week = session.writer(Action.LISTEN), this_week()
    known = playlists.load(store(), who, week)
    listed = next((call for call in known.current if call.call_id == call_id), None) if known else None
    if known is None or listed is None:
        return False
    rng = random.Random(secrets.randbits(48))  # noqa: S311 - sampling, not secrets
    by = sampling.replacement(frame(who), [call_id], listed.pick, listed.duration_s, rng)
    if by is None:
        return False
    playlists.replace(store(), who, week, call_id, by, reason)
    return True


def named(call_ids: list[str]) -> dict[str, Row]:
    """Call → what lists say of it; calls that are gone are missing."""
    return {row["call_id"]: row for row in records(queries.query("calls_by_id", ids=call_ids))}


def agreement() -> dict[str, Agreement]:
    """Criterion → agreement of the automatic results with people, with the judgements of this minute."""
    seen = (str(queries.snapshot()), str(queries.settings().store), session.person().limits)
    return _agreement(seen, reviews.last_edit(store()))


@st.cache_data(max_entries=8, show_spinner=False)
def _agreement(seen: tuple[str, str, Limits | None], last_edit: int) -> dict[str, Agreement]:
    """Reckoned once per snapshot, edit and limits: it reads every judgement."""
    blind = blind_results()
    calls = sorted({call_id for _, call_id, _, _ in blind})
    rows = records(queries.query("automatic_of", ids=calls)) if calls else []
    return with_people(blind, {(row["call_id"], row["criterion"]): row["result"] for row in rows})


def blind_results() -> list[Blind]:
    """What everybody judged before they could know the automatic result, as of this minute."""
    with store().reading() as connection:
        rows: list[Blind] = connection.execute(query("blind_results")).fetchall()
    return rows


def random_picks() -> dict[str, list[object]]:
    """The judged random picks of everybody, column by column, as queries/team_needs.sql takes them."""
    with store().reading() as connection:
        rows = connection.execute(query("random_picks")).fetchall()
    columns = ("pick_reviewers", "pick_calls", "pick_criteria", "pick_results", "pick_probabilities")
    return {name: [row[place] for row in rows] for place, name in enumerate(columns)}


def is_to_judge(call_id: str) -> bool:
    """Whether the reviewer is to judge this call, in this week's playlist or a calibration set: then that comes first."""
    who = reviewer()
    known = playlists.load(store(), who, this_week())
    if known is not None and any(call.call_id == call_id for call in known.current):
        return True
    return call_id in to_calibrate()


def to_calibrate() -> set[str]:
    """The calls of calibration sets that this reviewer still judges: what others say of them stays hidden until then."""
    who = reviewer()
    return {call_id for one in calibration.sets(store()) if not one.open_to(who) for call_id in one.calls}


def without_blind(found: Iterable[T], about: Callable[[T], tuple[str | None, str]]) -> list[T]:
    """What people wrote, less what others wrote on calls that this reviewer is still to judge blind.

    ``about``: the call and the writer of one.
    """
    who, blind = reviewer(), to_calibrate()
    told = ((one, *about(one)) for one in found)
    return [one for one, call_id, writer in told if call_id not in blind or writer == who]


def reviewers() -> list[str]:
    """Everybody who has ever had a playlist or judged a call, and this reviewer."""
    return sorted({reviewer(), *weeks.reviewers(store())})


def common_frame(people: list[str]) -> list[Candidate]:
    """The calls that none of these reviewers has heard, and that none of them took."""
    frames = [{call.call_id: call for call in frame(person)} for person in people]
    shared = set.intersection(*map(set, frames)) if frames else set()
    return [frames[0][call_id] for call_id in sorted(shared)]


def bounds(week: str) -> tuple[datetime, datetime]:
    """Beginning and end of an ISO week in the call centre's time zone, half-open."""
    zone = queries.settings().zone
    first = first_day(week)
    start, end = (datetime.combine(first + timedelta(days=n), time(), zone) for n in (0, 7))
    return start, end
