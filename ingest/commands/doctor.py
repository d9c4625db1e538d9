"""``earshot doctor``: is this installation sound?"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from ingest import safety
from models.app_store import AppStore
from models.backup import last_backup
from models.checks import offending
from models.errors import StoreError, whole
from models.privacy.keys import folder as key_folder
from models.publish import is_of_this_version
from models.settings import DEMONSTRATION_MODEL, Settings, load
from models.store import Store, connect_snapshot, is_current

LOW_DISK = 5 * 2**30
BACKUP_DAYS = 7
"""An older backup is worth a look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: ``ok`` or not, and a sentence."""

    name: str
    ok: bool
    says: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check the installation: folders, disk, keys, backup, speech model, snapshot, sign-in, who can read what.

    Example:  earshot doctor
    """
    findings = list(examine(load()))
    if as_json:
        click.echo(json.dumps([asdict(f) for f in findings]))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.ok else 'LOOK'}  {finding.name}: {finding.says}")
    if not all(f.ok for f in findings):
        ctx.exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything that has gone wrong in installations before."""
    yield writable(settings.store)
    free = shutil.disk_usage(nearest(settings.store)).free
    yield Finding("disk", free > LOW_DISK, f"{free / 2**30:.1f} GiB free where the store is")
    yield Finding("time zone", True, f"{settings.time_zone}, now {datetime.now(settings.zone):%H:%M}; is that right?")
    yield keys(settings)
    yield backup(settings)
    yield speech_model(settings)
    yield versions(settings)
    yield snapshot(settings)
    for said in safety.examine(settings):
        yield Finding(*said)
    yield from data(settings)


def keys(settings: Settings) -> Finding:
    """Whether nobody else on the machine can read the keys."""
    open_ones = [p.name for p in key_folder(settings).glob("*.key") if p.stat().st_mode & 0o077]
    if open_ones:
        return Finding(
            "keys", False, f"others can read {', '.join(open_ones)} in {key_folder(settings)}; chmod 600 them"
        )
    return Finding("keys", True, f"only their owner can read what is in {key_folder(settings)}")


def backup(settings: Settings) -> Finding:
    """How old the newest backup is."""
    made_at = last_backup(settings)
    if made_at is None:
        return Finding("backup", not Store(settings).calls_path.exists(), "none was made yet; run earshot backup FILE")
    days = (datetime.now(UTC) - made_at).days
    return Finding("backup", days <= BACKUP_DAYS, f"the newest is {days} days old")


def nearest(folder: Path) -> Path:
    """The folder itself, or the closest parent that exists."""
    return folder if folder.exists() else nearest(folder.parent)


def writable(folder: Path) -> Finding:
    """Whether the store can be written, or made."""
    there = nearest(folder)
    ok = os.access(there, os.W_OK | os.X_OK)
    return Finding("store", ok, f"{folder} can be written" if ok else f"{there} can't be written; change its owner")


def speech_model(settings: Settings) -> Finding:
    """Which speech model recordings get."""
    if settings.model == "demo" or Path(settings.model) == DEMONSTRATION_MODEL:
        return Finding("speech model", False, "the demonstration model is set: it knows synthetic voices only")
    if Path(settings.model).is_dir():
        return Finding("speech model", True, f"the folder {settings.model}")
    return Finding("speech model", True, f"{settings.model}: downloaded once, when recordings are first ingested")


def versions(settings: Settings) -> Finding:
    """Whether this version of Earshot may open what the store holds."""
    store, app = Store(settings), settings.store / "app.sqlite"
    try:
        if app.exists():
            AppStore(settings).connect().close()
        if store.calls_path.exists():
            with store.locked():
                current = is_current(store.calls_path)
            if not current:
                return Finding(
                    "version", True, "calls.duckdb is of an earlier version; the next ingest or publish updates it"
                )
    except StoreError as error:
        return Finding("version", False, whole(error))
    return Finding("version", True, "the store is of this version")


def snapshot(settings: Settings) -> Finding:
    """How old the newest snapshot is, and whether this version made it."""
    path = Store(settings).snapshot_path()
    if path is None:
        return Finding("snapshot", False, "nothing published yet; run earshot demo, or ingest and earshot publish")
    if not is_of_this_version(path):
        return Finding("snapshot", False, "published by another version of Earshot; run earshot publish")
    age = datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Finding("snapshot", True, f"published {age.total_seconds() / 3600:.1f} hours ago")


def data(settings: Settings) -> Iterator[Finding]:
    """Whether the published data keeps its promises (models/checks)."""
    path = Store(settings).snapshot_path()
    if path is None or not is_of_this_version(path):
        return
    with closing(connect_snapshot(path)) as con:
        found = offending(con)
    for name, rows in found.items():
        yield Finding("data", False, f"{name.replace('_', ' ')} does not hold, for example {rows[0]}")
    if not found:
        yield Finding("data", True, "every check of the published data holds")
