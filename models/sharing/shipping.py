"""Shipping: the newest snapshot as Parquet files in a folder or in object storage, complete or not at all.

latest.json                       names the newest version: replaced last, in one piece
versions/<version>/manifest.json  every file of the version with its rows and bytes
versions/<version>/open.sql       opens it in DuckDB: views, comments, macros
versions/<version>/<table>/…      Parquet; big tables in month=YYYY-MM/
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import fs

from models.errors import StoreError
from models.progress import Told, nobody
from models.publish import current_snapshot, info
from models.settings import Settings
from models.sharing.relations import Relation, month_of, relations, script
from models.store import connect_snapshot, file_lock, first_row

LATEST = "latest.json"
KEPT = 2
"""Versions that stay unless said otherwise: whoever reads the one before has until the next but one."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """The version that readers of ``address`` now see; ``new`` is False when it was there already."""

    address: str
    version: str
    new: bool
    tables: int
    rows: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, or a bucket and prefix: ``at`` is rooted there; ``address`` is what DuckDB calls it."""

    at: Any
    address: str
    local: Path | None = None


def place_of(address: str) -> Place:
    """The place that an address names: a folder, or ``s3://bucket/prefix``, ``gs://…``, ``abfs://…``.

    Keys come from the environment, as the cloud's own tools read them. Raises StoreError for an address that is none.
    """
    if "://" not in address:
        folder = Path(address).expanduser().absolute()
        return Place(fs.SubTreeFileSystem(str(folder), fs.LocalFileSystem()), str(folder), folder)
    try:
        system, path = fs.FileSystem.from_uri(address)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise StoreError(
            f"The address {address.split('?')[0]!r} can't be used ({reason(error)}); "
            "give a folder, or one like s3://bucket/prefix."
        ) from error
    path = path.strip("/")
    if not path:
        raise StoreError(f"The address {address.split('?')[0]!r} names no bucket; give one like s3://bucket/prefix.")
    scheme = address.split("://")[0]
    return Place(fs.SubTreeFileSystem(path, system), f"{scheme}://{path}")


def ship(settings: Settings, address: str, keep: int = KEPT, told: Told = nobody) -> Shipped:
    """Ship the newest snapshot unless it is there, and remove all but the newest ``keep`` versions.

    ``told`` hears of each table as it is written. Readers see the version before until everything of the
    new one is there; whatever stops halfway is removed or replaced the next time. Raises StoreError.
    """
    snapshot = current_snapshot(settings)
    place = place_of(address)
    with understood(place):
        version = version_of(snapshot)
        there = read_json(place, LATEST)
        manifest = read_json(place, f"versions/{version}/manifest.json")
        new = manifest is None or (there or {}).get("version") != version
        if manifest is None:
            manifest = write_version(place, snapshot, settings, version, told)
        if new:
            put(place, LATEST, json.dumps({"version": version, "path": f"versions/{version}"}).encode())
        clean(place, version, keep)
    files = [file for table in manifest["tables"].values() for file in table["files"]]
    return Shipped(
        place.address, version, new, len(manifest["tables"]),
        sum(table["rows"] for table in manifest["tables"].values()), sum(file["bytes"] for file in files),
    )  # fmt: skip


def version_of(snapshot: Path) -> str:
    """A name that sorts by time of publishing, and is the same for the same snapshot."""
    with closing(connect_snapshot(snapshot)) as con:
        (at,) = first_row(con.execute("select strftime(published_at, '%Y%m%dT%H%M%S.%fZ') from snapshot_info")) or ("",)
    fingerprint, _ = info(snapshot) or ("", 0)
    return f"{at}-{fingerprint[:12]}"


def write_version(place: Place, snapshot: Path, settings: Settings, version: str, told: Told) -> dict[str, Any]:
    """Write every file of a version, its manifest last; returns the manifest."""
    root = f"versions/{version}"
    if exists(place, root):
        place.at.delete_dir(root)  # what a run that was stopped has left
    tables: dict[str, Any] = {}
    with closing(connect_snapshot(snapshot)) as con, scratch_folder(settings) as scratch:
        every = relations(con)
        for number, relation in enumerate(every):
            told(relation[0], number, len(every))
            tables[relation[0]] = write_table(place, con, relation, root, scratch, settings.time_zone)
    files = {name: [file["path"] for file in table["files"]] for name, table in tables.items()}
    put(place, f"{root}/open.sql", script(f"{place.address}/{root}", files, every, version).encode())
    manifest = {"version": version, "earshot_snapshot": snapshot.name, "tables": tables}
    put(place, f"{root}/manifest.json", json.dumps(manifest, indent=1).encode())
    return manifest


@contextmanager
def scratch_folder(settings: Settings) -> Iterator[Path]:
    """A folder in the store for files on their way; what a killed shipment left in it is removed. One at a time."""
    folder = settings.store / "shipping"
    folder.mkdir(exist_ok=True)
    with file_lock(folder / ".lock", settings.lock_wait_s):
        try:
            for left in folder.glob("tables*"):
                shutil.rmtree(left)
            (folder / "tables").mkdir()
            yield folder / "tables"
        finally:
            shutil.rmtree(folder / "tables", ignore_errors=True)


def write_table(
    place: Place, con: duckdb.DuckDBPyConnection, relation: Relation, root: str, scratch: Path, zone: str
) -> dict[str, Any]:
    """Write one table or view as Parquet and move it there; returns its rows and files."""
    name = relation[0]
    folder = scratch / name
    folder.mkdir()
    month = month_of(name)
    (rows,) = first_row(con.execute(f'select count(*) from "{name}"')) or (0,)  # noqa: S608 - names of our own schema
    if month is None or not rows:
        con.execute(f"copy (from \"{name}\") to '{folder}/part-0.parquet' (format parquet, compression zstd)")
    else:
        con.execute(
            f"copy (select *, {month} as month from \"{name}\" r) to '{folder}' (format parquet, compression zstd, "  # noqa: S608
            "partition_by (month), write_partition_columns false, filename_pattern 'part-{i}')",
            {"zone": zone},
        )
    files = []
    for file in sorted(folder.rglob("*.parquet")):
        path = f"{name}/{file.relative_to(folder)}"
        upload(place, file, f"{root}/{path}")
        files.append({"path": path, "bytes": file.stat().st_size})
        file.unlink()
    return {"rows": rows, "files": files}


def upload(place: Place, file: Path, path: str) -> None:
    """Copy one file there."""
    make_folder(place, path)
    fs.copy_files(str(file), path, source_filesystem=fs.LocalFileSystem(), destination_filesystem=place.at)


def put(place: Place, path: str, content: bytes) -> None:
    """Write a small file in one piece: readers see the one before, or this one."""
    make_folder(place, path)
    target = path if place.local is None else f"{path}.tmp-{os.getpid()}"
    with place.at.open_output_stream(target) as out:
        out.write(content)
    if place.local is not None:
        (place.local / target).replace(place.local / path)


def make_folder(place: Place, path: str) -> None:
    """The folder of a file, where there are folders: object storage has none, and would keep an empty object."""
    if place.local is not None:
        (place.local / path).parent.mkdir(parents=True, exist_ok=True)


def read_json(place: Place, path: str) -> Any:
    """The content of a small JSON file; None when it is not there, or is no JSON."""
    try:
        with place.at.open_input_stream(path) as file:
            return json.loads(file.read())
    except (FileNotFoundError, ValueError):
        return None


def exists(place: Place, path: str) -> bool:
    """Whether there is anything under a path."""
    return bool(place.at.get_file_info(path).type != fs.FileType.NotFound)


def clean(place: Place, current: str, keep: int) -> None:
    """Remove all but the newest ``keep`` versions; never the current one, and the manifest of each first."""
    found = place.at.get_file_info(fs.FileSelector("versions"))
    versions = sorted({entry.base_name for entry in found if entry.type == fs.FileType.Directory}, reverse=True)
    complete = [v for v in versions if exists(place, f"versions/{v}/manifest.json")]
    stay = {current, *[v for v in complete if v != current][: max(keep, 1) - 1]}
    stay |= {v for v in versions if v > current and v not in complete}  # perhaps being written from elsewhere
    for version in set(versions) - stay:
        if exists(place, f"versions/{version}/manifest.json"):
            place.at.delete_file(f"versions/{version}/manifest.json")
        place.at.delete_dir(f"versions/{version}")


@contextmanager
def understood(place: Place) -> Iterator[None]:
    """Turns what the storage says into one sentence."""
    try:
        yield
    except (pa.ArrowException, OSError, duckdb.IOException) as error:
        raise StoreError(
            f"{place.address} can't be written ({reason(error)}); what was there before is kept."
        ) from error


def reason(error: BaseException) -> str:
    """The first line of an error's message, not too long."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip(".")
