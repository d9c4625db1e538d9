"""``earshot ingest queue-log``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ingest.queue_logs import SHOWN, Outcome, Progress, load_queue_log
from ingest.wording import counted, printable
from models.records import RefusedRow
from models.settings import load

FORMATS = ("asterisk", "asterisk-database", "freeswitch", "connect", "csv")


def zone_of(ctx: click.Context, parameter: click.Parameter, value: str | None) -> ZoneInfo | None:
    """The named time zone, or a usage error."""
    try:
        return ZoneInfo(value) if value else None
    except (KeyError, OSError, ValueError):  # ZoneInfo raises KeyError for an unknown name
        raise click.BadParameter(f"{value!r} is no time zone; write one like Europe/Paris.") from None


@click.command("queue-log")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Format; recognised from the content otherwise.")
@click.option(
    "--timezone", "zone", metavar="ZONE", callback=zone_of,
    help="Zone of times written without an offset (the setting time_zone).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file.")
@click.pass_context
def queue_log(
    ctx: click.Context, files: tuple[Path, ...], format_: str | None, zone: ZoneInfo | None, as_json: bool
) -> None:
    """Load queue logs, plain or compressed (.gz), in any order.

    \b
    asterisk           queue_log
    asterisk-database  its database table as CSV
    freeswitch         events of mod_callcenter (callcenter::info), as text or JSON
    connect            contact records of Amazon Connect, as JSON
    csv                visits: call_id, queue, entered_at, answered_at, left_at…

    The same file twice changes nothing; a longer log adds what is new, whatever it is called by now. The last line of a
    log that is still being written waits for its line end. A stay that two sources tell is one visit: csv goes before
    connect, freeswitch and asterisk.

    \b
    Example:  earshot ingest queue-log /var/log/asterisk/queue_log* --timezone Europe/Paris
              earshot ingest queue-log callcenter.log* contact-records/*.gz
    """
    settings, outcomes = load(), []
    with progress_bars(not as_json) as bar_for:
        for path in files:
            outcome = load_queue_log(settings, path, format_, zone, bar_for(path))  # type: ignore[arg-type]
            outcomes.append(outcome)
            if as_json:
                click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
    if not as_json:
        report(outcomes)
    if any(o.refused_lines for o in outcomes):
        ctx.exit(1)


@contextmanager
def progress_bars(wanted: bool) -> Iterator:  # type: ignore[type-arg]
    """A function from a path to its progress callback; bars show on a terminal only."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda path: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:

        def bar_for(path: Path) -> Progress:
            task = bars.add_task(escape(path.name), total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield bar_for


def report(outcomes: Sequence[Outcome]) -> None:
    """One line a refusal (the first ones), a line for each note, and one summary line."""
    for outcome in outcomes:
        list_refused(outcome.refused, outcome.refused_lines)
        for note in outcome.notes:
            click.echo(f"{outcome.path}: {note}.", err=True)
    new, repeated = sum(o.new_lines for o in outcomes), sum(o.repeated_lines for o in outcomes)
    refused, known = sum(o.refused_lines for o in outcomes), sum(o.status == "duplicate" for o in outcomes)
    said = [f"{counted(new, 'new line')} from {counted(len(outcomes), 'file')}"]
    said += [f"{counted(sum(o.calls for o in outcomes), 'call')} touched"]
    said += [f"{counted(repeated, 'line')} known before"] if repeated else []
    said += [f"{counted(known, 'file')} without anything new"] if known else []
    said += [f"{refused:,} refused"] if refused else []
    click.echo("; ".join(said) + ".")


def list_refused(rows: Sequence[RefusedRow], count: int) -> None:
    """The first refusals, one line each, on standard error; control characters can't reach the terminal."""
    for row in rows[:SHOWN]:
        line = f"{row.source}:{row.line_no}: {row.reason} {row.raw[:80]}" if row.line_no else in_whole(row)
        click.echo(printable(line.rstrip()), err=True)
    if count > SHOWN:
        click.echo(f"… and {count - SHOWN:,} more: earshot ingest status", err=True)


def in_whole(row: RefusedRow) -> str:
    """Why a whole file was refused; most reasons name the file themselves."""
    return row.reason if row.reason.startswith(Path(row.source).name) else f"{row.source}: {row.reason}"
