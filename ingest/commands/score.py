"""``earshot score``: judge calls by the scorecard, and say why."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

import click

from ingest.progress import counting_bar
from ingest.scoring import Scored, Scorer
from ingest.wording import counted, printable
from models.errors import EarshotError
from models.settings import load
from models.store import Store, query

MARKS = {"met": "met", "not_met": "NOT MET", "not_applicable": "no occasion", "not_assessable": "needs an ear"}


@click.command()
@click.option("--explain", "call_id", metavar="CALL", help="Say why this call was judged as it was, with the quotes.")
@click.option("--language", default="en", help="Language of the criteria's names with --explain.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that judge; by default one per core.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def score(call_id: str | None, language: str, workers: int | None, as_json: bool) -> None:
    """Judge the calls whose transcript, wait or scorecard changed.

    The scorecard is data/scorecard.toml; one that can't be used leaves the last good one in force.

    Example:  earshot score && earshot score --explain 1711.42
    """
    if call_id is not None:
        explain(call_id, language, as_json)
        return
    done = score_all(workers, as_json)
    if done.warning:
        click.echo(done.warning, err=True)
    if as_json:
        click.echo(json.dumps({"judged": done.judged, "scorecard": done.version, "warning": done.warning}))
    elif done.judged:
        click.echo(f"Judged {counted(done.judged, 'call')} by scorecard {done.version}.")
    else:
        click.echo(f"Every call is judged by scorecard {done.version} already.")


def score_all(workers: int | None, quiet: bool) -> Scored:
    """Judge everything that needs it, with a progress bar."""
    scorer = Scorer(load(), workers)
    with counting_bar("Judging", len(scorer.pending), quiet) as judged:
        return scorer.run(judged)


def explain(call_id: str, language: str, as_json: bool) -> None:
    """Print every criterion of a judged call with its quotes."""
    rows = explanation(call_id, language)
    if as_json:
        click.echo(json.dumps({"call_id": call_id, "criteria": rows}, ensure_ascii=False))
        return
    for row in rows:
        score = "" if row["score"] is None else f" {row['score']:.2f}"
        click.echo(f"{row['name']}: {MARKS[row['result']]}{score} ({row['reason']})")
        for quoted in row["evidence"]:
            at = "" if quoted["start_s"] is None else f" at {quoted['start_s']:.1f} s"
            sign = "+" if quoted["points"] == "for" else "-"
            click.echo(f"  {sign} turn {quoted['turn_no']}{at}: “{printable(quoted['quote'])}” [{quoted['why']}]")


def explanation(call_id: str, language: str) -> list[dict[str, Any]]:
    """The criteria of a judged call in the scorecard's order, each with its evidence. Raises EarshotError."""
    with Store(load()).writing() as con:
        cursor = con.execute(query("explain_call"), [call_id, language])
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if not rows:
        raise EarshotError(f"The call {call_id} has not been judged; is it loaded, and has earshot score run since?")
    quoted = ("turn_no", "start_s", "end_s", "quote", "points", "why")
    found = []
    for _, group in groupby(rows, lambda row: row["criterion"]):
        criterion = list(group)
        evidence = [{name: row[name] for name in quoted} for row in criterion if row["quote"] is not None]
        found.append({**{n: criterion[0][n] for n in names if n not in quoted}, "evidence": evidence})
    return found
