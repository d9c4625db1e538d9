"""``earshot issues``: find what recurs in what customers say is wrong."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from ingest.issues import Finder, Found
from ingest.progress import counting_bar
from ingest.wording import counted
from models.settings import load


@click.command()
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that read calls; by default one per core.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def issues(workers: int | None, as_json: bool) -> None:
    """Find the issues that recur in what customers say is wrong.

    Reads the transcripts that are new since the last run. Issues keep their ids, calls stay in the issues they are in, and
    what people decide in the dashboard is never changed.

    Example:  earshot issues && earshot publish
    """
    done = find_all(workers, as_json)
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    if done.embeddings:
        click.echo(done.embeddings)
    if done.read:
        click.echo(
            f"Read {counted(done.read, 'call')}; {counted(done.joined, 'problem statement')} joined an issue; "
            f"{counted(done.new, 'new group')}."
        )
    else:
        click.echo("Every transcript has been read for issues already.")


def find_all(workers: int | None, quiet: bool) -> Found:
    """Read and place everything that is new, with a progress bar."""
    finder = Finder(load(), workers)
    with counting_bar("Reading", len(finder.pending), quiet) as read:
        return finder.run(read)
