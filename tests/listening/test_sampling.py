"""Playlists: about an hour, drawn by chance that is known, and fair to all calls."""

from __future__ import annotations

import random
from collections import Counter

import duckdb
import pandas as pd
import pytest

from models.errors import SettingsError
from models.listening.sampling import Candidate, draw, draw_random, parse_mix, pools, replacement, systematic
from models.publish import VIEWS
from models.settings import Settings

MIX = parse_mix(Settings().listening_mix)
HOUR = 3600.0


def frame(calls: int = 300, seed: int = 7) -> list[Candidate]:
    """Calls of very different lengths, some judged."""
    rng = random.Random(seed)
    return [
        Candidate(
            f"c{n}", rng.lognormvariate(5.3, 0.7), rng.choice(["billing", "support", "orders"]),
            rng.expovariate(1 / 60), rng.random() if n % 3 else None, rng.uniform(-2, 2) if n % 2 else None,
            rng.random() if n % 3 else None,
        )
        for n in range(calls)
    ]  # fmt: skip


def met(call: Candidate) -> int:
    """A made-up truth that depends on length and queue, as an unfair draw would show."""
    return int((call.duration_s > 200) == (call.queue != "support"))


def test_weighted_estimates_are_unbiased_over_many_draws() -> None:
    """Over 3000 whole playlists, the weighted total and the team's share come out at the truth of all calls.

    Longer calls are met more often here: a draw that stopped when the hour was full would be off, and so would one
    that counted the picks for learning. The share is that of the team_scores view: its own macro is run.
    """
    calls = frame()
    picks = pd.DataFrame(
        [
            (n, met(d.candidate), d.probability)
            for n in range(3000)
            for d in draw(calls, MIX, HOUR, seed=n)
            if d.pick == "random"
        ],
        columns=["draw", "met", "probability"],
    )
    con = duckdb.connect()
    con.register("picks", picks)
    view = (VIEWS / "130_team_scores.sql").read_text("utf-8")
    con.execute(view[: view.index("-- Picks of equal weight")])
    total, share, spread = con.execute(
        "select avg(total), avg(share), stddev(total) from (select sum(met / probability) as total,"
        " weighted_share(sum(met / probability), sum(1 / probability)) as share from picks group by draw)"
    ).fetchall()[0]
    truth = sum(map(met, calls))
    assert total == pytest.approx(truth, abs=4 * spread / 3000**0.5)
    assert share == pytest.approx(truth / len(calls), abs=0.015)


def test_every_call_is_picked_as_often_as_it_says() -> None:
    """The probability on a random pick is how often that call is picked, be it short or long."""
    calls = frame(40)
    times = Counter(d.candidate.call_id for n in range(4000) for d in draw_random(calls, HOUR / 2, random.Random(n)))
    probability = draw_random(calls, HOUR / 2, random.Random(1))[0].probability
    assert set(times) == {call.call_id for call in calls}
    spread = (probability * (1 - probability) / 4000) ** 0.5
    assert all(abs(n / 4000 - probability) < 5 * spread for n in times.values())


def test_unequal_probabilities_are_kept_too() -> None:
    """Walking along the probabilities takes each index exactly as often as it should, over all starts."""
    given = [0.1, 0.9, 0.5, 1.0, 0.25]
    starts = [(n + 0.5) / 1000 for n in range(1000)]
    times = Counter(index for start in starts for index in systematic(given, start))
    assert [times[index] / 1000 for index in range(5)] == pytest.approx(given, abs=0.002)


def test_a_playlist_is_about_an_hour() -> None:
    """The time set, within a few minutes; every reason is there, and no call twice."""
    for seed in range(50):
        drawn = draw(frame(), MIX, HOUR, seed)
        assert sum(d.candidate.duration_s for d in drawn) == pytest.approx(HOUR, abs=900)
        assert len({d.candidate.call_id for d in drawn}) == len(drawn)
        assert all(0 < d.probability <= 1 for d in drawn)
    assert {d.pick for seed in range(5) for d in draw(frame(), MIX, HOUR, seed)} == set(MIX)


def test_the_same_seed_draws_the_same() -> None:
    """In whatever order the calls come in; another seed draws others."""
    calls = frame()
    assert draw(calls, MIX, HOUR, 3) == draw(calls[::-1], MIX, HOUR, 3)
    assert draw(calls, MIX, HOUR, 3) != draw(calls, MIX, HOUR, 4)


def test_learning_picks_are_what_they_are_called() -> None:
    """Long waits waited long, those at risk went worse than the exemplary ones, and the uncertain are unsure."""
    found = pools(frame())
    assert min(call.wait_s or 0 for call in found["long_wait"]) >= 60
    assert max(call.confidence or 0 for call in found["uncertain"]) < 0.5
    assert not {c.call_id for c in found["at_risk"]} & {c.call_id for c in found["exemplary"]}
    assert all(len(pool) <= 45 for pool in found.values())


def test_few_calls_or_none_are_no_trouble() -> None:
    """With less than an hour there is, everything is drawn for sure; with nothing, nothing."""
    few = [Candidate("a", 60.0), Candidate("b", 90.0)]
    drawn = draw(few, {"random": 1.0}, HOUR, 1)
    assert {(d.candidate.call_id, d.probability) for d in drawn} == {("a", 1.0), ("b", 1.0)}
    assert draw([], MIX, HOUR, 1) == []


def test_a_replacement_is_new_and_for_the_same_reason() -> None:
    """It was not in the playlist; where nothing is left, there is none."""
    calls = frame()
    long_waits = [call.call_id for call in pools(calls)["long_wait"]]
    found = replacement(calls, long_waits[:3], "long_wait", 200.0, random.Random(1))
    assert found is not None and found.call_id in long_waits[3:]
    assert replacement(calls, [call.call_id for call in calls], "random", 200.0, random.Random(1)) is None


@pytest.mark.parametrize("text", ["random", "at_risk=100", "random=0", "randomly=50", "random=-5"])
def test_a_mix_that_makes_no_sense_is_refused(text: str) -> None:
    """With a sentence; without random picks nothing would speak for all calls."""
    with pytest.raises(SettingsError, match="listening_mix"):
        parse_mix(text)


def test_shares_of_a_mix_add_up() -> None:
    """Shares are relative."""
    assert parse_mix("random=2, at_risk=2") == {"random": 0.5, "at_risk": 0.5}
