"""``earshot export``."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

import click
import duckdb

from ingest.progress import bar
from models import audit
from models.errors import StoreError
from models.publish import current_snapshot
from models.settings import load
from models.sharing.formulas import harmless_sql
from models.sharing.lake import KEPT_DAYS, Lake, Landed, publish_to_lake
from models.sharing.relations import relations
from models.sharing.shipping import KEPT, Shipped, ship
from models.store import connect_snapshot, first_line


@click.command()
@click.option(
    "--format", "kind", type=click.Choice(["parquet", "csv", "ducklake"]), required=True, help="What to write."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder [default: the store's export/].")
@click.option("--to", "address", help="Folder or object storage for versions, or the catalogue of a DuckLake.")
@click.option("--keep", type=click.IntRange(1), default=KEPT, show_default=True, help="Versions that stay there.")
@click.option("--data", help="Folder or object storage of the DuckLake's files.")
@click.option("--site", help="Name of this call centre in the DuckLake, such as paris.")
@click.option(
    "--keep-days", type=click.IntRange(0), default=KEPT_DAYS, show_default=True, help="History of the DuckLake."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def export(
    kind: str,
    out: Path | None,
    address: str | None,
    keep: int,
    data: str | None,
    site: str | None,
    keep_days: int,
    as_json: bool,
) -> None:
    """Write every public table and view of the newest snapshot to files.

    In CSV, text that a spreadsheet would run as a formula gets a ' in front, in lists too. With --to, a version of Parquet files
    appears there complete or not at all, with an open.sql for DuckDB; what is there already is not written again.
    See docs/beyond_one_machine.md.

    \b
    Example:  earshot export --format parquet --to s3://bucket/earshot
              earshot export --format ducklake --to "postgres:dbname=lake host=db" --data s3://bucket/lake --site paris
    """
    lake = None
    if kind == "ducklake":
        if address is None or data is None or site is None:
            raise click.UsageError("--format ducklake needs --to, --data and --site.")
        lake = Lake(address, data)
    elif address is not None and (kind != "parquet" or out is not None):
        raise click.UsageError("--to goes with --format parquet, and without --out.")
    settings = load()
    snapshot = current_snapshot(settings)
    audit.note_command(settings, "exported", f"snapshot as {kind}")
    if lake is not None:
        with bar(as_json) as told:
            landed = publish_to_lake(settings, lake, str(site), keep_days, told)
        show_landed(landed, as_json)
        return
    if address is not None:
        with bar(as_json) as told:
            shipped = ship(settings, address, keep, told)
        show_shipped(shipped, as_json)
        return
    folder = out or settings.store / "export"
    folder.mkdir(parents=True, exist_ok=True)
    with closing(connect_snapshot(snapshot)) as con, bar(as_json) as told:
        names = [relation[0] for relation in relations(con)]
        for number, name in enumerate(names):
            told(name, number, len(names))
            write(con, name, folder / f"{name}.{kind}", kind)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "format": kind, "tables": names}))
    else:
        click.echo(f"{len(names)} tables are in {folder}")


def show_shipped(done: Shipped, as_json: bool) -> None:
    """Say what was shipped, and how to open it."""
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    if not done.new:
        click.echo(f"The newest snapshot is there already: {done.address}/versions/{done.version}")
        return
    size = f"{done.tables} tables, {done.rows:,} rows, {done.size_bytes / 2**20:,.1f} MiB"
    click.echo(f"Shipped {size}: {done.address}/versions/{done.version}")
    click.echo("Open it with: duckdb -init open.sql, a file of that folder")


def show_landed(done: Landed, as_json: bool) -> None:
    """Say what was written to the lake, and how to open it."""
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    what = f"{done.written} of {done.tables} tables had changed, {done.rows:,} rows were written"
    click.echo(f"The lake has the newest snapshot of {done.site}: {what}")
    click.echo(f"Open it with: duckdb -init {done.script}")


def write(con: duckdb.DuckDBPyConnection, name: str, path: Path, kind: str) -> None:
    """Write one table; the old file is replaced only when the new one is complete. Raises StoreError."""
    draft = path.with_name(f".tmp-{path.name}")
    relation = con.table(name)
    try:
        if kind == "csv":
            columns = [
                f'{harmless_sql(chr(34) + c + chr(34), t)} as "{c}"'
                for c, t in zip(relation.columns, relation.types, strict=True)
            ]
            relation.project(", ".join(columns)).write_csv(str(draft), header=True)
        else:
            relation.write_parquet(str(draft))
        draft.replace(path)
    except (duckdb.IOException, OSError) as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise StoreError(
            f"{path} can't be written: {first_line(error)}. Make room, and run it again; the files before it are complete."
        ) from error
