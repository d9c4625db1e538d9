"""``earshot backup`` and ``earshot restore``."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from ingest.progress import bar
from ingest.wording import counted
from models import audit
from models.backup import back_up
from models.backup import restore as restore_now
from models.settings import load

WARNING = (
    "It holds everything that people said, and the keys of this installation: keep it where only you can read it, and delete it "
    "when a customer is erased or a retention period ends."
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def backup(file: Path, as_json: bool) -> None:
    """Write one file with both stores, sound, learned models, settings and keys. People may go on working.

    Example:  earshot backup /backup/earshot-2026-03-02.tar
    """
    settings = load()
    audit.note_command(settings, "exported", "backup of everything")
    with bar(as_json) as told:
        done = back_up(settings, file, told)
    if as_json:
        click.echo(json.dumps({"file": str(file), **asdict(done)}, default=datetime.isoformat))
    else:
        click.echo(f"{counted(done.files, 'file')}, {done.size_bytes / 1e6:,.0f} MB, are in {file}.")
    click.echo(WARNING, err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the store that is there. Stop the dashboard and ingest before.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def restore(file: Path, force: bool, as_json: bool) -> None:
    """Put a backup in the place of the store, and publish it. Every file is checked before anything is replaced.

    The settings that were backed up lie beside it, as settings.from-backup.toml: compare them with data/settings.toml.

    Example:  earshot restore /backup/earshot-2026-03-02.tar
    """
    settings = load()
    with bar(as_json) as told:
        done = restore_now(settings, file, force, told)
    if as_json:
        click.echo(json.dumps({"store": str(settings.store), **asdict(done)}, default=datetime.isoformat))
        return
    made_at = f"{done.made_at.astimezone(settings.zone):%Y-%m-%d %H:%M}"
    click.echo(f"{counted(done.files, 'file')} of {made_at} are back in {settings.store}.")
