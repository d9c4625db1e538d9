"""``earshot export``."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
import duckdb

from models.publish import current_snapshot
from models.settings import load
from models.store import connect_snapshot

FORMULA = r"^[=+\-@\t\r]"
"""Text that a spreadsheet would run as a formula begins like this."""


@click.command()
@click.option("--format", "kind", type=click.Choice(["parquet", "csv"]), required=True, help="What to write.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder [default: the store's export/].")
def export(kind: str, out: Path | None) -> None:
    """Write every public table and view of the newest snapshot to files.

    In CSV, text that a spreadsheet would run as a formula gets a ' in front.

    Example:  earshot export --format parquet --out /backup/earshot
    """
    settings = load()
    snapshot = current_snapshot(settings)
    folder = out or settings.store / "export"
    folder.mkdir(parents=True, exist_ok=True)
    with closing(connect_snapshot(snapshot)) as con:
        names = [row[0] for row in con.execute(
            "select table_name from information_schema.tables where table_schema = 'main' order by all"
        ).fetchall()]  # fmt: skip
        with click.progressbar(names, label="Exporting", item_show_func=lambda n: n or "") as bar:
            for name in bar:
                write(con, name, folder / f"{name}.{kind}", kind)
    click.echo(f"{len(names)} tables are in {folder}")


def write(con: duckdb.DuckDBPyConnection, name: str, path: Path, kind: str) -> None:
    """Write one table; the old file is replaced only when the new one is complete."""
    draft = path.with_name(f".tmp-{path.name}")
    relation = con.table(name)
    if kind == "csv":
        columns = [
            f'case when regexp_matches("{c}", \'{FORMULA}\') then \'\'\'\' || "{c}" else "{c}" end as "{c}"'
            if str(t) == "VARCHAR"
            else f'"{c}"'
            for c, t in zip(relation.columns, relation.types, strict=True)
        ]
        relation.project(", ".join(columns)).write_csv(str(draft), header=True)
    else:
        relation.write_parquet(str(draft))
    draft.replace(path)
