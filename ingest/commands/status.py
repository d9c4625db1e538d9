"""``earshot ingest status``: what was loaded, what was refused and why."""

from __future__ import annotations

import json
from typing import Any

import click
import duckdb

from ingest.wording import counted, printable
from models.settings import load
from models.store import Store, query

SHOWN = 20


@click.command()
@click.option("--all", "show_all", is_flag=True, help="Show every refused file and row, not the latest 20.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def status(show_all: bool, as_json: bool) -> None:
    """What was loaded, what was refused and why.

    Example:  earshot ingest status --json
    """
    counts, files, rows = read_status()
    if as_json:
        click.echo(json.dumps({"loaded": counts, "refused_files": files, "refused_rows": rows}, default=str))
        return
    if not counts:
        click.echo("Nothing has been loaded yet. Begin with: earshot demo, or earshot ingest recordings FOLDER")
        return
    for row in counts:
        count, loaded = counted(row["files"], "file"), counted(row["rows_loaded"], "row")
        click.echo(f"{row['kind']:<11} {row['status']:<14} {count:>13} {loaded:>16}")
    limit = None if show_all else SHOWN
    show_refused("Refused or partly refused files", [f"{f['path']!s}: {reason(f)}" for f in files], limit)
    show_refused("Refused rows", [f"{r['source']}:{r['line_no']}: {r['reason']}" for r in rows], limit)


def read_status() -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Counts per kind and status, refused files, refused rows: newest first."""
    store = Store(load())
    if not store.calls_path.exists():
        return [], [], []
    with store.writing() as con:
        names = ("status_counts", "status_refused_files", "status_refused_rows")
        tables = [as_dicts(con.execute(query(name))) for name in names]
    return tables[0], tables[1], tables[2]


def as_dicts(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of a result by column name; an unknown value is None."""
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def reason(file: dict[str, Any]) -> str:
    """Why a file was refused, or how many of its rows were."""
    return (
        file["reason"]
        or f"{counted(file['rows_refused'], 'row')} refused, {counted(file['rows_loaded'], 'row')} loaded."
    )


def show_refused(title: str, lines: list[str], limit: int | None) -> None:
    """Print refused things, one line each; control characters of hostile names are shown as escapes."""
    if not lines:
        return
    click.echo(f"\n{title} ({len(lines):,}):")
    for line in lines[:limit]:
        click.echo("  " + printable(line))
    if limit is not None and len(lines) > limit:
        click.echo(f"  and {len(lines) - limit:,} more: earshot ingest status --all")
