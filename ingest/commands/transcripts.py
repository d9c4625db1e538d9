"""``earshot ingest transcripts``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ingest.commands.queue_log import list_refused, progress_bars
from ingest.queue_logs import SHOWN, Outcome, Progress
from ingest.transcripts import read_transcripts, unheard
from ingest.wording import counted, none_loaded
from models.errors import Refused
from models.records import InputFile, RefusedRow, Transcript
from models.settings import Settings, load
from models.store import first_row, query

CALLS_AT_ONCE = 500
"""Calls in one transaction."""
UNFINISHED = "It was not read to its end; load it again."
"""Why a file that was interrupted is not known yet."""


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.jsonl|.vtt|.srt|.json…"
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file.")
@click.pass_context
def transcripts(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Load transcripts: JSON Lines (one call a line), WebVTT, SRT, or Whisper's JSON.

    A .vtt, .srt or Whisper file is one call, named by the file or by a sidecar .json beside it (call_id, started_at,
    queue, agent_id …). A transcript that is loaded again replaces the earlier one of its call.

    Example:  earshot ingest transcripts calls.jsonl 1772439245.118.vtt
    """
    settings, outcomes = load(), []
    with progress_bars(not as_json) as bar_for:
        for path in files:
            outcome = load_file(settings, path, bar_for(path))
            outcomes.append(outcome)
            if as_json:
                click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
    if not as_json:
        report(outcomes)
    if any(o.refused_lines for o in outcomes):
        ctx.exit(1)


def load_file(settings: Settings, path: Path, progress: Progress | None = None) -> Outcome:
    """Load one transcript file, a few hundred calls at a time. Never raises for what the file holds."""
    from ingest import consents
    from ingest.loader import Loader

    outcome, loader, rows = (
        Outcome(str(path), format=path.suffix.lstrip(".").lower()),
        Loader(settings),
        list[RefusedRow](),
    )
    try:
        if not path.is_file():
            raise Refused(f"{path.name} is no file.")
        size, sha256 = path.stat().st_size, digest(path)
        if known(loader, sha256):
            outcome.status = "duplicate"
            return outcome
        held: list[Transcript] = []
        heard = unheard if progress is None else lambda done: progress(done, size)
        for item in read_transcripts(path, settings, consents.of_calls(loader.store), heard):
            if isinstance(item, RefusedRow):
                rows.append(item)
                continue
            held.append(item)
            outcome.new_lines += 1
            if len(held) == CALLS_AT_ONCE:
                loader.load_transcripts(record(outcome, size, sha256, rows, UNFINISHED), held)
                held = []
        note(outcome, rows)
        why_refused = none_loaded(len(rows), rows) if outcome.status == "refused" else None
        loader.load_transcripts(record(outcome, size, sha256, rows, why_refused), held, rows)
    except Refused as why:
        rows.append(RefusedRow(str(path), 0, str(why), ""))
        note(outcome, rows)
        if path.is_file():
            loader.refuse(record(outcome, path.stat().st_size, "", rows, str(why)), rows)
    outcome.calls = outcome.new_lines
    return outcome


def known(loader: Any, sha256: str) -> bool:
    """Whether these bytes were loaded to their end under some name, and not refused as a whole."""
    with loader.store.writing() as con:
        found = first_row(con.execute(query("known_transcripts"), [sha256]))
        return bool(found and found[0])


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def note(outcome: Outcome, rows: Sequence[RefusedRow]) -> None:
    """Put what was refused into the outcome."""
    outcome.refused_lines, outcome.refused = len(rows), list(rows[:SHOWN])
    if rows:
        outcome.status = "partly_refused" if outcome.new_lines else "refused"


def record(
    outcome: Outcome, size: int, sha256: str, rows: Sequence[RefusedRow], reason: str | None = None
) -> InputFile:
    """The file's row in ``ingest_files``."""
    status: Any = outcome.status
    return InputFile(outcome.path, "transcript", sha256, size, status, reason, outcome.new_lines, len(rows))


def report(outcomes: Sequence[Outcome]) -> None:
    """One line a refusal (the first ones), and one summary line."""
    for outcome in outcomes:
        list_refused(outcome.refused, outcome.refused_lines)
    calls, refused = sum(o.new_lines for o in outcomes), sum(o.refused_lines for o in outcomes)
    known = sum(o.status == "duplicate" for o in outcomes)
    said = [f"{counted(calls, 'transcript')} from {counted(len(outcomes), 'file')}"]
    said += [f"{counted(known, 'file')} known before"] if known else []
    said += [f"{refused:,} refused"] if refused else []
    click.echo("; ".join(said) + ".")
