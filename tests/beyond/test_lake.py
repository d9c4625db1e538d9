"""DuckLake with its catalogue in PostgreSQL: several sites in one lake, and the same answers there as on their snapshots."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import StoreError
from models.publish import current_snapshot, publish
from models.settings import ROOT, Settings
from models.sharing.lake import Lake, publish_to_lake
from models.sharing.relations import relations
from models.sharing.shipping import place_of
from models.store import connect_snapshot
from tests.beyond.conftest import EXAMPLES, KEYS, add_call, fill_store

Environment = dict[str, str]

ASK = """
import duckdb, json, sys
con = duckdb.connect()
con.execute(open(sys.argv[1]).read())
for path in sys.argv[2:]:
    print(json.dumps(sorted(map(repr, con.execute(open(path).read()).fetchall()))))
"""


def export(beyond: Path, env: Environment, settings: Settings, to: str, data: Path | str, site: str, *more: str) -> str:
    """What the command says that publishes to the lake; it must succeed."""
    done = start(beyond, env, settings, to, data, site, *more)
    out, err = done.communicate(timeout=300)
    assert done.returncode == 0, err
    return out


def start(
    beyond: Path, env: Environment, settings: Settings, to: str, data: Path | str, site: str, *more: str
) -> subprocess.Popen[str]:
    """The command that publishes to the lake, running."""
    command = [
        beyond,
        "-m",
        "ingest.cli",
        "export",
        "--format",
        "ducklake",
        "--to",
        to,
        "--data",
        data,
        "--site",
        site,
        *more,
    ]
    env = {**env, "EARSHOT_DATA": str(settings.data)}
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answers(beyond: Path, env: Environment, script: Path, *queries: Path) -> list[list[str]]:
    """What queries give in a DuckDB that the script has opened the lake in: the rows of each, sorted."""
    asked = subprocess.run([beyond, "-c", ASK, script, *queries], env=env, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    return [json.loads(line) for line in asked.stdout.splitlines()]


def sql(folder: Path, *queries: str) -> list[Path]:
    """Queries as files."""
    files = [folder / f"query{n}.sql" for n in range(len(queries))]
    for file, query in zip(files, queries, strict=True):
        file.write_text(query)
    return files


def expected(settings: Settings, *queries: Path) -> list[list[str]]:
    """What queries give on the snapshot."""
    with closing(connect_snapshot(current_snapshot(settings))) as con:
        return [sorted(map(repr, con.execute(path.read_text("utf-8")).fetchall())) for path in queries]


@pytest.fixture
def other(tmp_path: Path) -> Settings:
    """A second, smaller call centre, published."""
    settings = Settings(data=tmp_path / "other" / "data")
    fill_store(settings, calls=100)
    publish(settings)
    return settings


def test_two_sites_share_a_lake_and_every_question_has_its_answer(
    published: Settings, other: Settings, catalogue: str, beyond: Path, extensions: Environment, tmp_path: Path
) -> None:
    """Two sites publish at the same time; each finds its own answers to every example query, and all_sites has both."""
    data = tmp_path / "lake"
    both = [start(beyond, extensions, s, catalogue, data, name) for s, name in ((published, "paris"), (other, "lyon"))]
    said = [running.communicate(timeout=300) for running in both]
    assert [running.returncode for running in both] == [0, 0], said
    with closing(connect_snapshot(current_snapshot(published))) as con:
        names = [name for name, *_ in relations(con)]
    tables = sql(tmp_path, *(f"select * from {name}" for name in names))
    for settings, site in ((published, "paris"), (other, "lyon")):
        queries = [*EXAMPLES, *tables]
        found = answers(beyond, extensions, data / f"open-{site}.sql", *queries)
        wanted = dict(zip(queries, expected(settings, *queries), strict=True))
        assert {q.name: a == wanted[q] for q, a in zip(queries, found, strict=True)} == {q.name: True for q in queries}
    (joined,) = answers(
        beyond, extensions, data / "open-paris.sql",
        *sql(tmp_path, "select site, count(*) from lake.all_sites.calls group by all"),
    )  # fmt: skip
    counts = [expected(s, *sql(tmp_path, "select count(*) from calls"))[0][0].strip("(,)") for s in (other, published)]
    assert joined == [f"('lyon', {counts[0]})", f"('paris', {counts[1]})"]


def test_publishing_again_writes_what_has_changed(
    growing: Settings, catalogue: str, beyond: Path, extensions: Environment, tmp_path: Path
) -> None:
    """Without a change nothing is written; a new call changes few tables; files of versions let go are removed."""
    data = tmp_path / "lake"
    export(beyond, extensions, growing, catalogue, data, "paris")
    assert ": 0 of " in export(beyond, extensions, growing, catalogue, data, "paris")
    before = {path for path in data.rglob("*.parquet") if "/calls/" in str(path)}
    add_call(growing, "second")
    said = export(beyond, extensions, growing, catalogue, data, "paris", "--keep-days", "0")
    assert 0 < int(said.split(": ")[1].split(" of ")[0]) < 10
    (calls,) = answers(beyond, extensions, data / "open-paris.sql", *sql(tmp_path, "select call_id from calls"))
    assert calls == ["('first',)", "('second',)"]
    assert not before & set(data.rglob("*.parquet"))


def test_the_lake_in_object_storage(
    growing: Settings,
    catalogue: str,
    beyond: Path,
    bucket: str,
    object_storage: str,
    extensions: Environment,
    tmp_path: Path,
) -> None:
    """The lake's files may lie in object storage, with the keys from the environment."""
    env = {**extensions, "AWS_ENDPOINT_URL": object_storage, **KEYS}
    export(beyond, env, growing, catalogue, f"s3://{bucket}/lake", "paris")
    script = tmp_path / "open.sql"
    host = object_storage.removeprefix("http://")
    secret = f"(type s3, key_id 'test', secret 'secret', endpoint '{host}', url_style 'path', use_ssl false)"
    text = place_of(f"s3://{bucket}/lake").at.open_input_stream("open-paris.sql").read().decode()
    script.write_text(text.replace("attach ", f"create secret {secret}; attach ", 1))
    assert answers(beyond, env, script, *sql(tmp_path, "select call_id from calls")) == [["('first',)"]]


def test_a_lake_that_can_t_be_reached_is_said_in_a_sentence(
    growing: Settings, beyond: Path, extensions: Environment, tmp_path: Path
) -> None:
    """No traceback: one sentence that names the lake."""
    done = start(beyond, extensions, growing, "postgres:dbname=x host=127.0.0.1 port=1", tmp_path, "paris")
    out, err = done.communicate(timeout=120)
    assert (done.returncode, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("earshot: The lake at postgres:dbname=x host=127.0.0.1 port=1 can't be ")


def test_a_missing_extension_is_said_in_a_sentence(
    growing: Settings, beyond: Path, extensions: Environment, tmp_path: Path
) -> None:
    """Where an extension is not there and can't be downloaded, the sentence says which and where to read on."""
    shutil.rmtree(Path(extensions["HOME"]) / ".duckdb")
    env = {**extensions, "http_proxy": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1"}
    done = start(beyond, env, growing, "sqlite:x", tmp_path, "paris")
    _, err = done.communicate(timeout=120)
    assert done.returncode == 1
    assert "has no extension ducklake here" in err and "docs/beyond_one_machine.md" in err and err.count("\n") == 1


@pytest.mark.parametrize("site", ["", "Paris", "all_sites", "x; drop schema y", "1st", "a" * 41])
def test_a_site_s_name_is_plain(published: Settings, site: str) -> None:
    """A site is a schema of the lake: anything but a plain name is refused before anything is opened."""
    with pytest.raises(StoreError, match="is no name for a site"):
        publish_to_lake(published, Lake("sqlite:x", "y"), site)


@pytest.mark.parametrize("catalogue", ["postgres:dbname=x password=y", "postgres:postgresql://me:secret@db/x"])
def test_a_password_on_the_command_line_is_refused(catalogue: str) -> None:
    """Whoever lists processes would read it."""
    with pytest.raises(StoreError, match=r"must not hold a password.*~/\.pgpass"):
        Lake(catalogue, "y")
