"""Recordings on a Ray cluster of two nodes: the figures of this machine's workers, and nothing lost when a worker is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # read when Ray is imported: stay on 127.0.0.1

from ray.cluster_utils import Cluster
from sounds import TWO_PEOPLE, ScriptedTranscriber, scripted, tones, write
from test_run import Shelf, inbox, unavailable

from ingest import ray_workers
from ingest.cli import earshot
from ingest.loader import Loader
from ingest.ray_workers import RayWorkers, needs, room
from ingest.recordings import Job
from ingest.run import run
from models.errors import ClusterUnavailable, ModelUnavailable
from models.publish import publish
from models.settings import ROOT, SAMPLE, Settings
from models.store import connect_snapshot


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Address of a cluster of two nodes with two processors each, on 127.0.0.1 alone."""
    paths = [str(ROOT), str(Path(__file__).parent)]  # where its workers find Earshot and these tests
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    node: dict[str, Any] = {
        "num_cpus": 2, "include_dashboard": False, "node_ip_address": "127.0.0.1", "object_store_memory": 80 * 2**20,
    }  # fmt: skip
    nodes = Cluster(initialize_head=True, head_node_args=node)
    try:
        nodes.add_node(**node)
        yield nodes.address
    finally:
        nodes.shutdown()
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job with an empty store and a model of scripted words."""
    return Job(store=tmp_path / "store", time_zone="Europe/Paris", model="scripted", load=scripted)


def dying(folder: Path, times: int, job: Job) -> ScriptedTranscriber:
    """A transcriber whose process is killed, as by a machine that goes away, ``times`` times on a file called crash."""
    work = ray_workers.process

    def deadly(path: Path, *rest: Any, **more: Any) -> Any:
        if "crash" in path.name and len(list(folder.iterdir())) < times:
            (folder / str(time.time_ns())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return work(path, *rest, **more)

    ray_workers.process = deadly  # type: ignore[assignment]
    return ScriptedTranscriber()


def deaths(tmp_path: Path) -> Path:
    """A folder where each death leaves a mark."""
    folder = tmp_path / "deaths"
    folder.mkdir()
    return folder


def test_a_worker_killed_in_the_middle_is_replaced(tmp_path: Path, job: Job, cluster: str) -> None:
    """Its recording is tried again by another and loaded, and so is every other."""
    marks, shelf = deaths(tmp_path), Shelf()
    job = replace(job, load=partial(dying, marks, 2))
    summary = run(
        inbox(tmp_path, "a.wav", "crash.wav", "b.wav"), job, shelf, 2, engine=partial(RayWorkers, address=cluster)
    )
    assert len(list(marks.iterdir())) == 2
    assert shelf.statuses() == {"a.wav": "loaded", "crash.wav": "loaded", "b.wav": "loaded"}
    assert summary.loaded == 3


def test_a_recording_that_kills_every_worker_is_refused(tmp_path: Path, job: Job, cluster: str) -> None:
    """After three workers it is refused with a sentence; empty files and the rest go their usual way."""
    marks, shelf = deaths(tmp_path), Shelf()
    paths = inbox(tmp_path, "a.wav", "crash.wav", "b.wav", "empty.wav")
    paths[3].write_bytes(b"")
    job = replace(job, load=partial(dying, marks, 99))
    summary = run([*paths, tmp_path / "gone.wav"], job, shelf, 2, engine=partial(RayWorkers, address=cluster))
    assert len(list(marks.iterdir())) == 3
    assert shelf.statuses() == {
        "a.wav": "loaded", "b.wav": "loaded", "crash.wav": "refused", "empty.wav": "refused", "gone.wav": "refused",
    }  # fmt: skip
    reasons = {Path(path).name: reason for path, reason in summary.problems}
    assert reasons["crash.wav"] == "It was tried 3 times on the cluster, and each time its worker died."


def test_a_model_that_can_t_be_had_ends_the_run(tmp_path: Path, job: Job, cluster: str) -> None:
    """One sentence, as with local workers."""
    with pytest.raises(ModelUnavailable, match=r"^There is no such model\.$"):
        run(
            inbox(tmp_path, "a.wav"),
            replace(job, load=unavailable),
            Shelf(),
            engine=partial(RayWorkers, address=cluster),
        )


def test_the_store_is_the_same_as_with_local_workers(
    tmp_path: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recordings with sidecars and names, judged by what is published: every row and listening copy is the same."""
    found = {}
    sample = sorted((SAMPLE / "recordings").glob("q-orders-*.ogg"), key=lambda path: path.stat().st_size)[:1]
    plain = write(tmp_path / "20260301-101500_0199001099_support_ana.diaz.wav", tones(3, 8000))
    for engine, more in {"local": [], "ray": ["--engine", "ray", "--ray-address", cluster]}.items():
        settings = Settings(data=tmp_path / engine, model="demo")
        monkeypatch.setenv("EARSHOT_DATA", str(settings.data))
        command = ["ingest", "recordings", *map(str, [*sample, plain]), "--model", "demo", "--language", "en", *more]
        done = CliRunner().invoke(earshot, command)
        assert done.exit_code == 0, (done.output, done.exception)
        with closing(connect_snapshot(publish(settings).path)) as con:
            found[engine] = {
                "recordings": con.execute("select * exclude (loaded_at) from recordings order by all").fetchall(),
                "transcripts": con.execute("select * exclude (loaded_at) from transcripts order by all").fetchall(),
                "turns": con.execute(
                    "select call_id, turn_no, speaker, text, round(start_s, 2) from turns order by all"
                ).fetchall(),
                "files": con.execute("select * exclude (loaded_at) from ingest_files order by all").fetchall(),
                "copies": sorted(
                    (str(p.relative_to(settings.store)), p.stat().st_size)
                    for p in (settings.store / "audio").rglob("*.webm")
                ),
            }
    assert found["ray"] == found["local"]
    assert len(found["ray"]["copies"]) == 2 and found["ray"]["turns"]


STARTED = """
import sys
from pathlib import Path
from ingest.recordings import Job
from ingest.ray_workers import RayWorkers
sys.path.insert(0, sys.argv[2])
from sounds import scripted
from test_run import Shelf
from ingest.run import run
shelf = Shelf()
run([Path(sys.argv[3])], Job(Path(sys.argv[1]), "UTC", "x", load=scripted), shelf, 1, engine=RayWorkers)
import ray
print(shelf.statuses(), ray.is_initialized())
"""


def test_without_an_address_it_runs_on_this_machine_alone(tmp_path: Path) -> None:
    """Ray is started for the run, listens on 127.0.0.1 only, reports to nobody, and is ended with it."""
    command = [sys.executable, "-c", STARTED, str(tmp_path / "store"), str(Path(__file__).parent), str(TWO_PEOPLE)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)])}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        seen: set[str] = set()
        while child.poll() is None:
            seen |= open_elsewhere()
            time.sleep(0.5)
        assert child.stdout is not None and child.stderr is not None
        assert child.stdout.read() == "{'two_people.ogg': 'loaded'} False\n", child.stderr.read()
    assert seen == set()


LOOPBACK = ("0100007F", "0" * 16 + "FFFF00000100007F", "0" * 24 + "01000000")
"""127.0.0.1, ::ffff:127.0.0.1 and ::1 as the kernel lists them."""


def open_elsewhere() -> set[str]:
    """Addresses other than this machine's own on which a process of Ray listens now."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            if b"/ray/" not in command and not command.startswith(b"ray::"):
                continue
            sockets = {str(fd.readlink()) for fd in (process / "fd").iterdir() if fd.is_symlink()}
            lines = [
                line.split()
                for name in ("tcp", "tcp6")
                for line in (process / "net" / name).read_text().splitlines()[1:]
            ]
        except OSError:
            continue  # it has just ended
        found |= {
            address for _, address, _, state, *_, inode in (line[:10] for line in lines)
            if state == "0A" and f"socket:[{inode}]" in sockets and not address.startswith(LOOPBACK)
        }  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("127.0.0.1:1", r"The Ray cluster at 127\.0\.0\.1:1 can't be reached .*is it running"),
        ("ray://127.0.0.1:1", r"The Ray cluster at ray://127\.0\.0\.1:1 can't be reached"),
        ("nowhere", "'nowhere' is no address of a Ray cluster; write one like 10"),
    ],
)
def test_a_cluster_that_is_not_there_is_said_in_a_sentence(settings: Settings, address: str, says: str) -> None:
    """At once, without a traceback, and nothing is loaded or refused."""
    command = ["ingest", "recordings", str(TWO_PEOPLE), "--model", "demo", "--engine", "ray", "--ray-address", address]
    done = CliRunner().invoke(earshot, command)
    assert isinstance(done.exception, ClusterUnavailable)
    with pytest.raises(ClusterUnavailable, match=says):
        raise done.exception
    assert Loader(settings).known_recordings() == {}


def test_ray_that_is_not_installed_is_said_in_a_sentence(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray is optional: the sentence says how to install it."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterUnavailable, match=r"Ray is not installed; install it with: .*\[ray\]"):
        RayWorkers(job, 1)


def test_a_cluster_without_room_is_said_in_a_sentence(job: Job) -> None:
    """A GPU is asked for where there is none: nobody waits for ever."""
    with pytest.raises(ClusterUnavailable, match="has 2 processors and 1 GPUs for a worker"):
        needs([{"CPU": 8.0}, {"CPU": 4.0}], replace(job, threads=2, device="cuda"))


def test_workers_fill_the_machines() -> None:
    """As many workers as whole ones fit on each machine, by processors and by GPUs."""
    nodes = [{"CPU": 8.0, "GPU": 1.0}, {"CPU": 3.0}, {"CPU": 1.0}, {}]
    assert room(nodes, {"num_cpus": 2.0, "num_gpus": 0.0}) == 5
    assert room(nodes, {"num_cpus": 2.0, "num_gpus": 1.0}) == 1
