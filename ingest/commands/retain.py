"""``earshot retain``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

import click

from ingest.progress import bar
from ingest.wording import counted
from models.privacy.retention import KINDS, Due
from models.privacy.retention import retain as retain_now
from models.settings import load

SHOWN = 20
WHAT = {"recordings": "recording", "transcripts": "transcript", "customers": "customer"}


@click.command()
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def retain(dry_run: bool, as_json: bool) -> None:
    """Remove sound, words and customers' ids that are older than the setting retention allows. earshot publish does it, too.

    Waits and outcomes stay. Older snapshots go, so that nothing is left in them.

    Example:  EARSHOT_RETENTION="recordings=90, customers=730" earshot retain --dry-run
    """
    settings = load()
    with bar(as_json) as told:
        found = retain_now(settings, dry_run=dry_run, told=told)
    if as_json:
        click.echo(json.dumps([asdict(d) for d in found], default=str))
        return
    if not settings.retention:
        click.echo("Everything is kept for ever: the setting retention is empty.")
        return
    for item in found[: SHOWN if dry_run else 0]:
        click.echo(f"  {WHAT[item.kind]:<10} {item.started_at:%Y-%m-%d}  {item.queue or '-'}  {item.call_id}")
    click.echo(f"{'Would remove' if dry_run else 'Removed'}: {in_figures(found)}.")


def in_figures(found: Sequence[Due]) -> str:
    """What is removed, in figures."""
    numbers = Counter(d.kind for d in found)
    said = ", ".join(counted(numbers[kind], WHAT[kind]) for kind in KINDS)
    return f"{said} of {counted(len({d.call_id for d in found}), 'call')}"
