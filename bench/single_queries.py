"""One transcript, and one search for words, among 20 million turns: ``python -m bench.single_queries [--calls N]``.

What the dashboard asks of the made-up store of ``bench.pages`` (kept in build/), without the dashboard: the index of
words, then the calls that it names. Every question is another one, so that nothing is answered from a cache of ours.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any

import duckdb

from bench.pages import asked_for
from dashboard.components.said import FIRST_CALLS, MOST_HITS, NEAR, holds, plain
from dashboard.queries import MOST_CALLS
from models import said_index
from models.publish import current_snapshot
from models.settings import Settings
from models.store import connect_snapshot, first_row, query

ASKED = 50
TRANSCRIPT_MS, SEARCH_MS = 10, 100
COMMON = ("parcel", "internet", "refund", "annoying", "letter")
"""Words of the made-up turns."""
FILTERS = dict.fromkeys(
    ("start", "end", "queues", "agent", "customer", "min_wait_s", "recorded", "band", "again", "criterion", "result")
)


def waits(ask: Callable[[Any], object], of: Iterable[Any]) -> list[float]:
    """Milliseconds of each question, sorted."""
    took = []
    for one in of:
        began = time.perf_counter()
        ask(one)
        took.append(1000 * (time.perf_counter() - began))
    return sorted(took)


def told(what: str, took: Sequence[float], goal: float) -> None:
    """Print the median and how slow one in twenty is."""
    slow = took[int(0.95 * (len(took) - 1))]
    mark = "" if statistics.median(took) <= goal else "  over the goal"
    print(f"{what:44} median {statistics.median(took):6.1f} ms, p95 {slow:6.1f} ms (goal {goal} ms){mark}", flush=True)


def transcript(con: duckdb.DuckDBPyConnection, call_id: str) -> None:
    """All turns of one call."""
    assert con.execute(query("call_turns"), {"call_id": call_id}).fetchall()


def search(con: duckdb.DuckDBPyConnection, settings: Settings, words: Sequence[str]) -> int:
    """Turns with these words, as the page Calls finds them; how many."""
    calls = said_index.find(settings.store, words, MOST_CALLS)
    if calls is None:
        reach = {"start": None, "end": None, "zone": "UTC", "reach": NEAR}
        *_, since, first, last = first_row(con.execute(query("said_reach"), reach)) or ()
        asked = {
            **FILTERS,
            "start": since,
            "words": words,
            "longest": max(words, key=len),
            "first_row": first,
            "last_row": last,
        }
        return len(con.execute(query("said"), {**asked, "zone": "UTC", "limit": MOST_HITS, "offset": 0}).fetchall())
    able = con.execute(query("said_calls"), {**FILTERS, "calls": calls, "zone": "UTC"}).fetchall()
    wanted = [plain(word) for word in words]
    return sum(
        holds(row[-1], wanted)
        for call_id, *_ in able[:FIRST_CALLS]
        for row in con.execute(query("spoken"), {"call_id": call_id}).fetchall()
    )


def main() -> None:
    """Print a line for transcripts and one for each kind of search."""
    settings = asked_for(__doc__)
    with closing(connect_snapshot(current_snapshot(settings))) as con:
        (turns,) = first_row(con.execute("select count(*) from turns")) or (0,)
        print(f"{turns:,} turns")
        con.execute(f"create temp table transcript_places as {query('transcript_places')}")  # as the dashboard keeps it
        ids = con.execute(
            f"select call_id from transcripts using sample reservoir({ASKED} rows) repeatable (7)"
        ).fetchall()
        told("one transcript", waits(lambda call_id: transcript(con, call_id), (row[0] for row in ids)), TRANSCRIPT_MS)
        searches = {
            "a word that some hundred calls hold": [[f"{1007 + 7 * n}"] for n in range(ASKED)],
            "a word that some thousand calls hold": [["solicitor"]] * 5,
            "a word that most calls hold": [[word] for word in COMMON],
            "two words that most calls hold": [[word, "please"] for word in COMMON],
            "a word that few calls hold, one that most do": [[f"{1009 + 7 * n}", "reference"] for n in range(ASKED)],
        }
        for what, asked in searches.items():
            told(what, waits(lambda words: search(con, settings, words), asked), SEARCH_MS)


if __name__ == "__main__":
    main()
