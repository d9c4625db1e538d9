"""``earshot original``."""

from __future__ import annotations

from pathlib import Path

import click

from ingest import originals
from models import audit
from models.errors import EarshotError
from models.privacy.erasing import original_path
from models.settings import load


@click.command()
@click.argument("recording_id")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def original(recording_id: str, out: Path) -> None:
    """Decrypt the original of a recording that was kept encrypted (setting originals). It is not redacted.

    Example:  earshot original 5f2c…e1 /tmp/original.wav
    """
    settings = load()
    if not (recording_id.isalnum() and recording_id.isascii()):
        raise EarshotError("A recording's id is its SHA-256: 64 hex digits; see recordings.recording_id.")
    source = settings.store / original_path(recording_id)
    if not source.is_file():
        raise EarshotError("There is no original of this recording.")
    pieces = list(originals.pieces(source, originals.key(settings)))
    audit.note_command(settings, "exported", f"original of recording {recording_id}")
    out.write_bytes(b"".join(pieces))
    click.echo(f"The original is in {out}. It holds everything that was said.", err=True)
