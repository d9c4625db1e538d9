"""``earshot publish``."""

from __future__ import annotations

import json

import click

from ingest.progress import bar
from ingest.wording import counted
from models import publish as publishing
from models.settings import load


@click.command()
@click.option("--force", is_flag=True, help="Publish even when nothing changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def publish(force: bool, as_json: bool) -> None:
    """Publish a snapshot that the dashboard and analysts read.

    Example:  earshot publish && duckdb -readonly data/store/published/earshot.duckdb
    """
    with bar(as_json) as told:
        done = publishing.publish(load(), force, told)
    if as_json:
        click.echo(json.dumps({"path": str(done.path), "new": done.new, "calls": done.calls}))
    elif done.new:
        click.echo(f"Published {counted(done.calls, 'call')}: {done.path}")
    else:
        click.echo(f"Nothing changed since the last snapshot ({counted(done.calls, 'call')}): {done.path}")
