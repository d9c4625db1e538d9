"""``earshot erase``."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from ingest.progress import bar
from ingest.wording import counted
from models.privacy.erasing import erase as erase_customer
from models.privacy.erasing import others
from models.settings import load


@click.command()
@click.option("--customer", metavar="ID", required=True, help="The customer's id, as calls have it.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="Print what was removed as JSON; needs --yes.")
def erase(customer: str, yes: bool, as_json: bool) -> None:
    """Erase a customer everywhere, for good: calls keep their figures, nobody can tell whose they were.

    What was said, the sound, notes on their calls and what complaints say of them go; so do older snapshots and exports.
    A later import does not bring them back.

    Example:  earshot erase --customer 0199001011
    """
    if as_json and not yes:
        raise click.UsageError("--json asks nothing, and this can't be undone: add --yes.")
    if not (yes or click.confirm("This can't be undone. Erase the customer?")):
        click.echo("Nothing was erased.")
        click.get_current_context().exit(1)
    with bar(as_json) as told:
        removed = erase_customer(load(), customer, told)
    if as_json:
        click.echo(json.dumps({**asdict(removed), "not_reached": list(others())}))
        return
    click.echo(
        f"{counted(removed.calls, 'call')} now {'belong' if removed.calls != 1 else 'belongs'} to {removed.token}."
    )
    if not removed.calls:
        click.echo("No call is known of this customer; is the id as calls have it?")
    for table, rows in sorted(removed.rows.items()):
        click.echo(f"  {table}: {counted(rows, 'row')} removed or emptied")
    click.echo(
        f"  {counted(len(removed.files), 'file')} deleted, {len(removed.rewritten):,} rewritten; one new snapshot, no older one"
    )
    for sentence in others():
        click.echo(sentence)
