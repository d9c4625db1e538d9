"""Another machine's parts, for real: object storage and PostgreSQL on 127.0.0.1, DuckDB with its extensions.

They run in the environment .venv-beyond (``make test-beyond`` makes it). Where it is missing, tests fail and say so: a check
that is left out in silence protects nobody.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.synthetic_store import fill
from models.publish import publish
from models.settings import ROOT, Settings
from models.store import Store

HOSTILE = "=1+1'; drop table calls; -- <b>é\u202e\n"
PYTHON = Path(os.environ.get("EARSHOT_TEST_BEYOND", ROOT / ".venv-beyond" / "bin" / "python"))
EXAMPLES = sorted((ROOT / "models" / "queries" / "examples").glob("*.sql"))


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: Sequence[str | Path], log: Path, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    """A server of the test's own: started, and ended by its process id."""
    with log.open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=out, **options)  # type: ignore[call-overload]
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def fill_store(settings: Settings, calls: int = 400) -> None:
    """A small made-up call centre, with a text that means harm."""
    with Store(settings).writing() as con:
        fill(con, calls=calls, turns=4)
        con.execute(
            "update turns set text = ? where turn_no = 1 and call_id in (select call_id from calls limit 5)", [HOSTILE]
        )
        con.execute(
            "insert into calls (call_id, has_recording, has_transcript, visits) values ('no time', false, false, 0)"
        )


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small made-up call centre, published, to be read only."""
    settings = Settings(data=tmp_path_factory.mktemp("published") / "data")
    fill_store(settings)
    publish(settings)
    return settings


@pytest.fixture
def growing(settings: Settings) -> Settings:
    """A call centre that has just begun, published: for tests that add to it."""
    add_call(settings, "first")
    return settings


def add_call(settings: Settings, call_id: str) -> None:
    """One more call, published."""
    with Store(settings).writing() as con:
        con.execute(
            "insert into calls (call_id, has_recording, has_transcript, visits) values (?, false, false, 0)", [call_id]
        )
    publish(settings)


@pytest.fixture(scope="session")
def beyond() -> Path:
    """The Python of the environment with DuckDB's extensions and the object storage."""
    if not PYTHON.exists():
        pytest.fail(f"{PYTHON} is missing; run make test-beyond, which makes it.")
    return PYTHON


KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_EC2_METADATA_DISABLED": "true"}  # fmt: skip


@pytest.fixture(scope="session")
def object_storage(beyond: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an S3-compatible server on this machine."""
    port = free_port()
    log = tmp_path_factory.mktemp("s3") / "log"
    with server(
        [beyond, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], log, env={**os.environ, **KEYS}
    ) as run:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert run.poll() is None, log.read_text()
                time.sleep(0.1)
        yield address


@pytest.fixture
def bucket(object_storage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An empty bucket, with the keys to it in the environment, as everybody has them there."""
    name = f"b{abs(hash(tmp_path))}"
    for key, value in {**KEYS, "AWS_ENDPOINT_URL": object_storage}.items():
        monkeypatch.setenv(key, value)
    urllib.request.urlopen(urllib.request.Request(f"{object_storage}/{name}", method="PUT")).close()
    return name


@pytest.fixture
def extensions(beyond: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a process that has DuckDB's extensions, as ``install`` leaves them in the home folder."""
    home = tmp_path / "home"
    home.mkdir()
    env = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT)}
    code = (
        "from duckdb_extensions import import_extension as i\nfor n in ('ducklake', 'postgres_scanner', 'httpfs'): i(n)"
    )
    subprocess.run([str(beyond), "-c", code], env=env, check=True)
    return env


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Debian's PostgreSQL with an empty database, in a folder and on a port of its own; the variables that lead to it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(p) for p in [shutil.which("initdb")] if p]
    if not found:
        pytest.fail("PostgreSQL is missing; run make test-beyond, which installs it.")
    programs, port = found[-1].parent, str(free_port())
    with tempfile.TemporaryDirectory(prefix="earshot-postgres-") as folder:
        # PostgreSQL refuses to run as root
        someone = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if someone:
            shutil.chown(folder, **someone)
        data, run = Path(folder) / "data", {"cwd": folder, "check": True, "capture_output": True, **someone}
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "earshot", "--auth=trust", "-E", "UTF8", "--no-sync"], **run
        )
        options = ["-D", data, "-p", port, "-h", "127.0.0.1", "-k", folder, "-F"]
        log = tmp_path_factory.mktemp("postgres") / "log"
        with server([programs / "postgres", *options], log, cwd=folder, **someone):
            env = {"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "earshot"}
            ready = [programs / "pg_isready", "-q", "-d", "postgres"]
            for _ in range(300):
                if subprocess.run(ready, env={**os.environ, **env}, check=False).returncode == 0:
                    break
                time.sleep(0.1)
            else:
                pytest.fail(log.read_text())
            yield env


@pytest.fixture
def catalogue(postgres: dict[str, str]) -> str:
    """A database of its own for a lake's catalogue, as DuckLake names it."""
    name = f"lake_{time.time_ns()}"
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/createdb"))
    createdb = programs[-1] if programs else "createdb"
    subprocess.run([createdb, name], env={**os.environ, **postgres}, check=True)
    return f"postgres:dbname={name} host={postgres['PGHOST']} port={postgres['PGPORT']} user={postgres['PGUSER']}"
