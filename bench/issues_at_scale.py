"""Placing many statements in issues, and the views over them: seconds, and the most memory that was held.

    python -m bench.issues_at_scale [statements, default 200000]

Statements of the sample's transcripts, each cut and with two of 10,000 made-up words added so that no two are the same,
spread over a year. Reading transcripts is measured by `python -m bench.issues`, calls a second.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, as the figures say

from click.testing import CliRunner

from ingest.cli import earshot
from ingest.issues import Finder, place, splits
from models.publish import publish
from models.settings import SAMPLE, Settings
from models.store import Store, connect_snapshot

SPREAD = """
create temp table seeds as
    select *, row_number() over (order by call_id, statement_no) - 1 as seed from problem_statements;
create temp table made as
    select 'made-' || lpad(n::varchar, 9, '0') as call_id, hash(n) % (select count(*) from seeds) as seed,
           timestamptz '2025-01-01 08:00:00+00' + to_seconds((hash(n * 7) % 31449600)::bigint) as began
    from range($statements) t(n);
delete from problem_statements; delete from statement_calls; delete from found_issues;
insert into calls (call_id, started_at, queue, customer_id, has_recording, has_transcript, visits, talk_s)
    select call_id, began, 'support', '+33' || (hash(call_id) % 400000), false, true, 1, 200 from made;
insert into transcripts (call_id, origin, language, is_demonstration, turn_count, word_count, loaded_at)
    select call_id, 'file', 'en', false, 0, 0, began from made;
insert into statement_calls select call_id, began, 'made', 'en', hash(call_id) % 10 < 8, false from made;
insert into problem_statements
    select m.call_id, 1, 1, s.language, s.quote,
           list_concat(s.words[1:6], ['w' || (hash(m.call_id) % 5000), 'x' || (hash(m.call_id || 'b') % 5000)]),
           s.answer[1:20], null, null, null
    from made m join seeds s using (seed)
"""
VIEWS = {
    "call_issues": "select count(*) from call_issues",
    "issues": "from issues",
    "issue_ledger of a year": "from issue_ledger('2025-01-01', '2026-01-01', null)",
    "issue_weeks": "from issue_weeks",
    "issue_fixes": "from issue_fixes",
}


def fill(settings: Settings, count: int) -> None:
    """A store of so many statements."""
    os.environ["EARSHOT_DATA"] = str(settings.data)
    CliRunner().invoke(earshot, ["ingest", "transcripts", str(SAMPLE / "transcripts" / "calls.jsonl")])
    Finder(settings, 1).run()
    with Store(settings).writing() as con:
        for statement in SPREAD.split(";\n"):
            con.execute(statement, {"statements": count} if "$statements" in statement else None)


def lines(count: int) -> Iterator[str]:
    """The report, line by line as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        fill(settings, count)
        began, worked = time.perf_counter(), time.process_time()
        with Store(settings).writing() as con:
            joined = place(con, splits(settings))
        took, work = time.perf_counter() - began, time.process_time() - worked
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield f"{joined:,} of {count:,} statements placed in {took:.1f} s ({work:.1f} s of work, {count / took:,.0f} a second), at most {most:,.0f} MB"
        with closing(connect_snapshot(publish(settings).path)) as con:
            for name, sql in VIEWS.items():
                began = time.perf_counter()
                found = con.execute(sql).fetchall()
                yield f"{name:25} {len(found):6} rows {time.perf_counter() - began:6.2f} s"


if __name__ == "__main__":
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000):
        print(line, flush=True)
