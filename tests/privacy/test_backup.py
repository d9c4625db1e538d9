"""A backup restored equals the original, byte by byte and row by row; a damaged one replaces nothing."""

from __future__ import annotations

import getpass
import io
import json
import stat
import tarfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from test_erasing import fill

from ingest.cli import earshot
from ingest.commands.doctor import examine
from models import audit
from models.app_store import AppStore
from models.backup import LAST, back_up, last_backup, restore
from models.errors import StoreError
from models.privacy.keys import key
from models.settings import Settings
from models.store import Store, connect_snapshot
from tests.conftest import MadeOnce


def fill_and_back_up(settings: Settings) -> None:
    """The full call centre with a key, and its backup."""
    fill(settings)
    key(settings, "erasure")
    back_up(settings, settings.data / "backup.tar")


@pytest.fixture
def kept(settings: Settings, made_once: MadeOnce) -> tuple[Settings, Path]:
    """That call centre, and where its backup is."""
    return made_once(fill_and_back_up, settings), settings.data / "backup.tar"


def rows(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of both stores."""
    found = {}
    with closing(duckdb.connect(str(Store(settings).calls_path), read_only=True)) as con:
        for (table,) in con.execute("select table_name from duckdb_tables() order by 1").fetchall():
            found[f"calls.{table}"] = con.execute(f'select cast(t as varchar) from "{table}" t order by 1').fetchall()
    with AppStore(settings).reading() as app:
        for (table,) in app.execute("select name from sqlite_master where type = 'table' order by 1").fetchall():
            found[f"app.{table}"] = app.execute(f'select * from "{table}" order by rowid').fetchall()
    return found


def files(settings: Settings) -> dict[str, bytes]:
    """The bytes of sound and keys."""
    return {
        str(p.relative_to(settings.store)): p.read_bytes()
        for d in ("audio", "keys")
        for p in (settings.store / d).rglob("*")
        if p.is_file()
    }


def test_restored_equals_original(kept: tuple[Settings, Path], tmp_path: Path) -> None:
    """In a new place every row, sound and key is as it was, and a snapshot of it is published."""
    settings, file = kept
    elsewhere = replace(settings, data=tmp_path / "elsewhere")
    restore(elsewhere, file)
    assert (rows(elsewhere), files(elsewhere)) == (rows(settings), files(settings))
    snapshots = [Store(s).snapshot_path() for s in (settings, elsewhere)]
    counts = []
    for path in snapshots:
        assert path is not None
        with closing(connect_snapshot(path)) as con:
            counts.append(con.execute("select count(*), sum(wait_s) from calls").fetchall())
    assert counts[0] == counts[1]


def test_only_the_owner_reads_it(kept: tuple[Settings, Path]) -> None:
    """Nobody else on the machine may read a backup or a key."""
    settings, file = kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (settings.store / "keys").glob("*.key")} == {0o600}


def test_a_store_is_not_overwritten_by_accident(kept: tuple[Settings, Path]) -> None:
    """Without force a store that is there stays; with it, what was written since is gone."""
    settings, file = kept
    before = rows(settings)
    with AppStore(settings).transaction() as app:
        app.execute("delete from remark_edits")
    with pytest.raises(StoreError, match="--force"):
        restore(settings, file)
    assert rows(settings) != before
    restore(settings, file, force=True)
    assert rows(settings) == before


def entry(tar: tarfile.TarFile, name: str, content: bytes = b"", link: str | None = None) -> None:
    """Add one member to a tar."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    if link is not None:
        info.type, info.linkname = tarfile.SYMTYPE, link
    tar.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize("harm", ["cut", "changed", "outside", "link", "no tar", "empty list"])
def test_a_bad_backup_replaces_nothing(harm: str, kept: tuple[Settings, Path], tmp_path: Path) -> None:
    """A backup that is cut, changed, or would write elsewhere is refused with a sentence; the store stays as it is."""
    settings, file = kept
    before, content, bad = rows(settings), file.read_bytes(), tmp_path / "bad.tar"
    if harm in ("outside", "link", "empty list"):
        with tarfile.open(bad, "w") as tar:
            if harm == "outside":
                entry(tar, "store/../../evil", b"x")
            elif harm == "link":
                entry(tar, "store/calls.duckdb", link="/etc/passwd")
            entry(
                tar,
                "earshot-backup.json",
                json.dumps({"form": 1, "made_at": "2026-01-01", "sha256": {"store/x": ""}}).encode(),
            )
    else:
        at = content.index(b"\x1aE\xdf\xa3 sound")
        made = {
            "cut": content[: len(content) // 2],
            "changed": content[:at] + b"!" + content[at + 1 :],
            "no tar": b"hello",
        }
        bad.write_bytes(made[harm])
    with pytest.raises(StoreError, match=r"can't be restored"):
        restore(settings, bad, force=True)
    assert rows(settings) == before
    assert not (tmp_path / "evil").exists()
    assert not list(settings.data.glob(".restore-*"))


@pytest.mark.parametrize("told", [None, b"[]", b"{}", b"no json", b'{"form": 1, "made_at": 5, "sha256": {}}'])
def test_a_tar_of_others_is_no_backup(told: bytes | None, settings: Settings, tmp_path: Path) -> None:
    """Without a list of its files that Earshot wrote, a tar is refused in one sentence, without errors of the system in it."""
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        if told is not None:
            entry(tar, "earshot-backup.json", told)
    with pytest.raises(StoreError, match=r"other\.tar can't be restored: [^?]*no backup that Earshot made"):
        restore(settings, tmp_path / "other.tar")


def test_what_a_killed_restore_left_is_removed(kept: tuple[Settings, Path], tmp_path: Path) -> None:
    """Unpacked calls don't lie about for ever; a store that was being replaced is kept until a restore goes well."""
    settings, backup = kept
    unpacked, replaced = settings.data / ".restore-999998", settings.data / ".restore-999999"
    (unpacked / "store").mkdir(parents=True)
    (replaced / "aside").mkdir(parents=True)
    (tmp_path / "bad.tar").write_bytes(b"no backup")
    with pytest.raises(StoreError, match="Nothing was replaced"):
        restore(settings, tmp_path / "bad.tar", force=True)
    assert (unpacked.exists(), replaced.exists()) == (False, True)
    restore(settings, backup, force=True)
    assert not list(settings.data.glob(".restore-*"))


def test_a_folder_that_is_not_there_is_named(kept: tuple[Settings, Path], tmp_path: Path) -> None:
    """The sentence says which folder to make, and nothing of drafts."""
    with pytest.raises(StoreError) as refused:
        back_up(kept[0], tmp_path / "nowhere" / "x.tar")
    assert f"there is no folder {tmp_path / 'nowhere'}" in str(refused.value)
    assert "Errno" not in str(refused.value) and ".x.tar" not in str(refused.value)


def test_commands(kept: tuple[Settings, Path], tmp_path: Path) -> None:
    """Both commands say what they did, in words or as JSON; the backup warns of what is in it."""
    file = tmp_path / "again.tar"
    done = CliRunner().invoke(earshot, ["backup", str(file)])
    assert (done.exit_code, "keys" in done.output) == (0, True)
    done = CliRunner().invoke(earshot, ["restore", str(file), "--force"])
    assert done.exit_code == 0, done.output
    written = CliRunner().invoke(earshot, ["backup", str(file), "--json"])
    made = json.loads(written.stdout)
    assert made["file"] == str(file) and made["files"] > 2 and "keys" in written.stderr
    back = json.loads(CliRunner().invoke(earshot, ["restore", str(file), "--force", "--json"]).stdout)
    assert {name: back[name] for name in ("made_at", "files", "size_bytes")} == {
        name: made[name] for name in ("made_at", "files", "size_bytes")
    }


def test_doctor_knows_how_old_the_backup_is(kept: tuple[Settings, Path]) -> None:
    """A backup of today is fine; one of last month, or none, is worth a look; so is a key that others can read."""
    settings, _ = kept
    assert last_backup(settings) is not None
    found = {f.name: f.ok for f in examine(settings)}
    assert (found["backup"], found["keys"]) == (True, True)
    old = datetime.now(UTC) - timedelta(days=30)
    (settings.store / LAST).write_text(json.dumps({"made_at": old.isoformat()}))
    (settings.store / "keys" / "erasure.key").chmod(0o644)
    found = {f.name: f.ok for f in examine(settings)}
    assert (found["backup"], found["keys"]) == (False, False)
    (settings.store / LAST).unlink()
    assert not {f.name: f.ok for f in examine(settings)}["backup"]


@pytest.mark.parametrize(
    ("command", "detail"),
    [
        (["backup", "all.tar"], "backup of everything"),
        (["export", "--format", "csv", "--out", "out"], "snapshot as csv"),
    ],
)
def test_commands_that_give_data_away_are_in_the_audit_log(
    command: list[str], detail: str, kept: tuple[Settings, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who took everything along on the command line is in the audit log, by the machine's user."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(earshot, command, catch_exceptions=False).exit_code == 0
    (entry,) = audit.newest(AppStore(kept[0]), 1)
    assert (entry.what, entry.detail, entry.who) == ("exported", detail, f"{getpass.getuser()} (command line)")
