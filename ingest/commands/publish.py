"""``earshot publish``."""

from __future__ import annotations

import json

import click

from ingest.commands.retain import in_figures
from ingest.progress import bar
from ingest.wording import counted
from models import publish as publishing
from models.privacy.retention import is_unfinished, retain
from models.settings import load


@click.command()
@click.option("--force", is_flag=True, help="Publish even when nothing changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def publish(force: bool, as_json: bool) -> None:
    """Publish a snapshot that the dashboard and analysts read.

    What is older than the setting retention allows is removed first, and said: see earshot retain --dry-run.

    Example:  earshot publish && duckdb -readonly data/store/published/earshot.duckdb
    """
    settings = load()
    unfinished = is_unfinished(settings)
    with bar(as_json) as told:
        removed = retain(settings, told=told) if settings.retention or unfinished else []
        done = publishing.publish(settings, force, told)
    new = done.new or unfinished or bool(removed)
    if as_json:
        click.echo(json.dumps({"path": str(done.path), "new": new, "calls": done.calls, "removed": len(removed)}))
        return
    if removed:
        click.echo(f"Removed, older than the setting retention allows: {in_figures(removed)}.")
    if new:
        click.echo(f"Published {counted(done.calls, 'call')}: {done.path}")
    else:
        click.echo(f"Nothing changed since the last snapshot ({counted(done.calls, 'call')}): {done.path}")
