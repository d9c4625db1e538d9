"""Shipping: versions of Parquet in a folder and in object storage, complete or not at all, that answer as the snapshot does."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from pyarrow import fs

from ingest.cli import earshot
from models.errors import StoreError
from models.publish import current_snapshot
from models.settings import Settings
from models.sharing.relations import relations
from models.sharing.shipping import place_of, ship
from models.store import connect_snapshot, query
from tests.beyond.conftest import EXAMPLES, HOSTILE, add_call


def latest(folder: Path) -> Path:
    """The version that readers are told to read."""
    return folder / json.loads((folder / "latest.json").read_text())["path"]


def opened(version: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB with a shipped version open."""
    con = duckdb.connect()
    con.execute((version / "open.sql").read_text())
    return con


@pytest.fixture(scope="module")
def shipped(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest version in a folder."""
    folder = tmp_path_factory.mktemp("shipped")
    ship(published, str(folder))
    return latest(folder)


def test_every_table_arrives_as_it_was(published: Settings, shipped: Path) -> None:
    """Columns, types, comments and rows of all tables and views are those of the snapshot, hostile text included."""
    with closing(opened(shipped)) as there, closing(connect_snapshot(current_snapshot(published))) as here:
        assert there.execute(query("dictionary")).fetchall() == here.execute(query("dictionary")).fetchall()
        for name, *_ in relations(here):
            sql = f"select * from {name} order by all"
            assert there.execute(sql).fetchall() == here.execute(sql).fetchall(), name
        assert there.execute("select count(*) from turns where text = ?", [HOSTILE]).fetchall() == [(5,)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_analysts_get_the_same_answers(published: Settings, shipped: Path, example: Path) -> None:
    """Each example query, macros included, gives on the shipped files what it gives on the snapshot."""
    with closing(opened(shipped)) as there, closing(connect_snapshot(current_snapshot(published))) as here:
        sql = example.read_text("utf-8")
        assert sorted(there.execute(sql).fetchall(), key=repr) == sorted(here.execute(sql).fetchall(), key=repr)


def test_big_tables_are_divided_by_local_month(shipped: Path) -> None:
    """Calls and turns lie in a folder per month of the call centre; what has no time lies apart."""
    months = {path.name for path in (shipped / "turns").iterdir()}
    assert months and all(name.startswith("month=20") for name in months)
    assert {path.name for path in (shipped / "calls").iterdir()} == {*months, "month=unknown"}


def test_shipping_twice_writes_once(growing: Settings, tmp_path: Path) -> None:
    """Without a new snapshot nothing is written or removed; the command says so."""
    there = tmp_path / "there"
    command = ["export", "--format", "parquet", "--to", str(there)]
    assert "Shipped" in CliRunner().invoke(earshot, command).output
    before = {path: path.stat().st_mtime_ns for path in there.rglob("*")}
    assert "there already" in CliRunner().invoke(earshot, command).output
    assert {path: path.stat().st_mtime_ns for path in there.rglob("*")} == before
    assert json.loads(CliRunner().invoke(earshot, [*command, "--json"]).stdout)["new"] is False


def test_the_newest_versions_stay(growing: Settings, tmp_path: Path) -> None:
    """Two versions are kept unless asked otherwise; the newest is the one that readers are sent to."""
    seen = []
    for name in "abc":
        add_call(growing, name)
        seen.append(ship(growing, str(tmp_path)).version)
    assert sorted(path.name for path in (tmp_path / "versions").iterdir()) == seen[1:]
    assert latest(tmp_path).name == seen[2]
    ship(growing, str(tmp_path), keep=1)
    assert [path.name for path in (tmp_path / "versions").iterdir()] == seen[2:]


SHIPPING = """
import sys, time
from pathlib import Path
from models.settings import Settings
from models.sharing.shipping import place_of, ship
def told(name, number, total):
    if name == "playlists":
        print("half", flush=True)
        time.sleep(60)
ship(Settings(data=Path(sys.argv[1])), sys.argv[2], told=told)
"""


def test_a_killed_shipment_is_never_seen(growing: Settings, tmp_path: Path) -> None:
    """After kill -9 halfway readers have the version before, whole; the next shipment leaves nothing of the half."""
    there = tmp_path / "there"
    first = ship(growing, str(there))
    add_call(growing, "new")
    command = [sys.executable, "-c", SHIPPING, str(growing.data), str(there)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and child.stdout.readline() == "half\n"
        child.send_signal(signal.SIGKILL)
    assert latest(there).name == first.version
    with closing(opened(latest(there))) as con:
        assert con.execute("select count(*) from calls where call_id = 'new'").fetchall() == [(0,)]
    (half,) = {path.name for path in (there / "versions").iterdir()} - {first.version}
    add_call(growing, "newer")
    third = ship(growing, str(there))
    assert {path.name for path in (there / "versions").iterdir()} == {first.version, third.version}
    assert half not in (first.version, third.version)
    assert not list(
        (growing.store / "shipping").glob("tables*")
    )  # the scratch folder of the killed one was cleaned, too


def test_object_storage_gets_versions(growing: Settings, bucket: str) -> None:
    """The same in a bucket: a version, a pointer to it, nothing twice, old ones removed."""
    address = f"s3://{bucket}/a/b"
    first = ship(growing, address)
    assert first.new and not ship(growing, address).new
    versions = [first.version]
    for name in "xy":
        add_call(growing, name)
        versions.append(ship(growing, address).version)
    there = place_of(address).at
    assert json.loads(there.open_input_stream("latest.json").read())["version"] == versions[2]
    found = there.get_file_info(fs.FileSelector("", recursive=True))
    files = {entry.path for entry in found if entry.type == fs.FileType.File}
    assert {path.split("/")[1] for path in files if path.startswith("versions/")} == set(versions[1:])
    manifest = json.loads(there.open_input_stream(f"versions/{versions[2]}/manifest.json").read())
    listed = {file["path"] for table in manifest["tables"].values() for file in table["files"]}
    assert {f"versions/{versions[2]}/{path}" for path in listed} <= files


ASK = """
import duckdb, json, os, sys
con = duckdb.connect()
con.execute("load httpfs")
con.execute(sys.argv[1])
con.execute(open(sys.argv[2]).read())
print(json.dumps([sorted(map(repr, con.execute(open(path).read()).fetchall())) for path in sys.argv[3:]]))
"""


def test_duckdb_reads_object_storage(
    published: Settings, bucket: str, extensions: dict[str, str], beyond: Path, tmp_path: Path
) -> None:
    """DuckDB over the network gives the same answers to every example query as the snapshot."""
    done = ship(published, f"s3://{bucket}/earshot")
    script = tmp_path / "open.sql"
    there = place_of(f"s3://{bucket}/earshot").at
    script.write_bytes(there.open_input_stream(f"versions/{done.version}/open.sql").read())
    host = extensions["AWS_ENDPOINT_URL"].removeprefix("http://")
    secret = (
        f"create secret (type s3, key_id 'test', secret 'secret', endpoint '{host}', url_style 'path', use_ssl false)"
    )
    command = [str(beyond), "-c", ASK, secret, str(script), *map(str, EXAMPLES)]
    asked = subprocess.run(command, env=extensions, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    with closing(connect_snapshot(current_snapshot(published))) as here:
        expected = [sorted(map(repr, here.execute(path.read_text("utf-8")).fetchall())) for path in EXAMPLES]
    assert json.loads(asked.stdout) == expected


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("s3://", "names no bucket; give one like s3://bucket/prefix"),
        ("ftp://x/y", "can't be used .*give a folder, or one like s3://bucket/prefix"),
        ("/dev/null/there", "/dev/null/there can't be written"),
    ],
)
def test_an_address_that_is_none_is_said_in_a_sentence(published: Settings, address: str, says: str) -> None:
    """What can't be written to is named, with what to do."""
    with pytest.raises(StoreError, match=says):
        ship(published, address)


def test_a_bucket_that_is_not_there_is_said_in_a_sentence(published: Settings, bucket: str) -> None:
    """The storage's own reason is passed on, in a sentence; no bucket is made."""
    with pytest.raises(StoreError, match=r"s3://not-there/x can't be written .*bucket"):
        ship(published, "s3://not-there/x")


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_export_to_a_folder_writes_one_file_a_table(
    published: Settings, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table and view of the snapshot is a file; in CSV a text that begins like a formula is disarmed."""
    monkeypatch.setenv("EARSHOT_DATA", str(published.data))
    done = CliRunner().invoke(earshot, ["export", "--format", kind, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    with closing(connect_snapshot(current_snapshot(published))) as con:
        assert {path.stem for path in (tmp_path / "out").iterdir()} == {name for name, *_ in relations(con)}
    texts = f"select distinct text from '{tmp_path}/out/turns.{kind}' where contains(text, '1+1')"
    assert duckdb.sql(texts).fetchall() == [(HOSTILE if kind == "parquet" else "'" + HOSTILE,)]
