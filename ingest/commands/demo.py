"""``earshot demo``: the sample call centre through the real ingest, then the dashboard."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from ingest.commands.dashboard import serve
from ingest.commands.issues import issues
from ingest.commands.score import score
from ingest.sample import materialise
from models import publish as publishing
from models.errors import EarshotError
from models.settings import SAMPLE, load


@click.command()
@click.option("--no-dashboard", is_flag=True, help="Load and publish only.")
@click.pass_context
def demo(ctx: click.Context, no_dashboard: bool) -> None:
    """Load the sample call centre (synthetic), publish it, and open the dashboard.

    The dates of the sample move so that its last week is this week. What is loaded already is not loaded again.

    Example:  earshot demo --no-dashboard
    """
    settings = load()
    click.echo("Sample call centre: synthetic voices and a simulated queue log, moved to this week.")
    sample = materialise(SAMPLE, settings.store / "sample", datetime.now(UTC))
    steps = [
        ("queue log", ["queue-log", str(sample.queue_log), "--timezone", sample.time_zone]),
        ("transcripts", ["transcripts", str(sample.transcripts)]),
        ("recordings", ["recordings", str(sample.recordings), "--model", "demo"]),
    ]
    for number, (name, arguments) in enumerate(steps, 1):
        click.echo(f"{number} of 6: {name}")
        run_ingest(arguments)
    click.echo("4 of 6: judging")
    ctx.invoke(score)
    click.echo("5 of 6: recurring issues")
    ctx.invoke(issues)
    click.echo("6 of 6: publish")
    done = publishing.publish(settings)
    click.echo(f"{done.calls:,} calls are in {settings.store / 'published' / 'earshot.duckdb'}")
    if not no_dashboard:
        serve(settings.dashboard_port, settings.dashboard_address)


def run_ingest(arguments: list[str]) -> None:
    """Run ``earshot ingest …`` as a person would; the sample must load without a refusal."""
    from ingest.cli import ingest_group, run

    if run(ingest_group, arguments, "earshot ingest"):
        raise EarshotError("The sample did not load completely; see: earshot ingest status")
