"""A backup is one tar file: both stores as they are at one moment, sound, learned models, settings and keys, with a list of hashes.

Restoring checks every hash before anything is replaced; what is restored equals what was backed up, byte by byte.
"""

from __future__ import annotations

import glob
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

from models import publish as publishing
from models.app_store import AppStore
from models.errors import StoreError
from models.progress import Told, nobody
from models.settings import ROOT, Settings
from models.store import Store, file_lock, make_folder

MANIFEST = "earshot-backup.json"
FORM = 1
FOLDERS = ("audio", "originals", "learned", "keys")
LAST = "last_backup.json"
ASIDE = "aside"
"""Where the store that a backup replaces lies until all of the backup is in its place."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: when it was made, its files and their bytes."""

    made_at: datetime
    files: int
    size_bytes: int


def back_up(settings: Settings, target: Path, told: Told = nobody) -> Backup:
    """Write a backup to ``target``, whole or not at all, readable by its owner alone. Ingest waits while the store is copied.

    What one that was killed left behind is removed. Raises StoreError when it can't be written, or another is under way.
    """
    if not target.parent.is_dir():
        raise StoreError(f"The backup {target} can't be written: there is no folder {target.parent}; make it first.")
    store = Store(settings)
    make_folder(store.root)
    with file_lock(store.root / ".backup.lock", settings.lock_wait_s):
        return _back_up(settings, store, target, told)


def _back_up(settings: Settings, store: Store, target: Path, told: Told) -> Backup:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    work = store.root / f".backup-{os.getpid()}"
    try:
        for left in store.root.glob(".backup-*"):
            shutil.rmtree(left, ignore_errors=True)
        publishing.remove(target.parent.glob(f".{glob.escape(target.name)}.[0-9]*"))
        work.mkdir(mode=0o700)
        told("Copying the store", 0, 0)
        with store.locked():
            publishing.checkpoint(store)
            publishing.copy(store.calls_path, work / "calls.duckdb")
            _copy_app(settings, work / "app.sqlite")
        found = _write(draft, list(_sources(settings, work)), told)
        publishing.sync(draft)
        draft.replace(target)
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        raise StoreError(f"The backup {target} can't be written: {why(error)}.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        draft.unlink(missing_ok=True)
    note = {"made_at": found.made_at.isoformat(), "file": str(target.resolve())}
    (store.root / LAST).write_text(json.dumps(note), "utf-8")
    return found


def restore(settings: Settings, source: Path, force: bool = False, told: Told = nobody) -> Backup:
    """Put a backup in the place of the store, and publish it. Raises StoreError, with the store as it was.

    A store that holds anything is replaced only with ``force``. What a restore that was killed left behind is removed: the
    unpacked backup at once, a store that it had begun to replace when this one is in its place.
    """
    store = Store(settings)
    if not force and any((store.root / name).exists() for name in ("calls.duckdb", "app.sqlite")):
        raise StoreError(f"There is a store in {store.root} already; add --force to replace it with the backup.")
    make_folder(store.root)
    with file_lock(store.root / ".restore.lock", settings.lock_wait_s):
        found = _restore(settings, store, source, told)
    publishing.publish(settings, force=True, told=told)
    return found


def _restore(settings: Settings, store: Store, source: Path, told: Told) -> Backup:
    left = list(settings.data.glob(".restore-*"))
    for folder in (f for f in left if not (f / ASIDE).exists()):
        shutil.rmtree(folder, ignore_errors=True)
    work = Path(mkdtemp(prefix=".restore-", dir=settings.data))
    try:
        found = _read(source, work, told)
        with store.locked():
            _replace(store.root, work)
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise StoreError(f"{source} can't be restored: {why(error)}. Nothing was replaced.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return found


def why(error: Exception) -> str:
    """What went wrong, without numbers of the system and names of drafts."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def last_backup(settings: Settings) -> datetime | None:
    """When the newest backup was made; None when none is known."""
    try:
        return datetime.fromisoformat(json.loads((settings.store / LAST).read_text("utf-8"))["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _copy_app(settings: Settings, target: Path) -> None:
    """A consistent copy of app.sqlite, also while people write."""
    with AppStore(settings).reading() as app, closing(sqlite3.connect(target)) as copy:
        app.backup(copy)
        copy.execute("pragma journal_mode = delete")


def _sources(settings: Settings, work: Path) -> Iterator[tuple[str, Path]]:
    """(name in the backup, file) of everything, the databases first."""
    yield "store/calls.duckdb", work / "calls.duckdb"
    yield "store/app.sqlite", work / "app.sqlite"
    for folder in FOLDERS:
        for path in sorted((settings.store / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield f"store/{path.relative_to(settings.store).as_posix()}", path
    given = ROOT / "data" / "settings.toml"
    if given.is_file():
        yield "settings.toml", given


class _Hashed:
    """A file, and the hash of what was read of it: what changes meanwhile has the hash of what is in the backup."""

    def __init__(self, file: IO[bytes], told: Callable[[int], None]) -> None:
        self.file, self.told, self.sha256 = file, told, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        block = self.file.read(size)
        self.sha256.update(block)
        self.told(len(block))
        return block


def _size(path: Path) -> int:
    """Bytes of a file that may be gone by now."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _write(draft: Path, sources: list[tuple[str, Path]], told: Told) -> Backup:
    hashes: dict[str, str] = {}
    size, made_at = 0, datetime.now(UTC)
    total, done = sum(_size(path) for _, path in sources), 0

    def read_more(block: int) -> None:
        nonlocal done
        done += block
        told("Backing up", done, total)

    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
        for name, path in sources:
            try:
                with path.open("rb") as file:
                    entry = tar.gettarinfo(arcname=name, fileobj=file)
                    read = _Hashed(file, read_more)
                    tar.addfile(entry, read)
            except FileNotFoundError:  # erased meanwhile
                continue
            hashes[name] = read.sha256.hexdigest()
            size += entry.size
        manifest = json.dumps({"form": FORM, "made_at": made_at.isoformat(), "sha256": hashes}).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(manifest)
        tar.addfile(entry, io.BytesIO(manifest))
    return Backup(made_at, len(hashes), size)


def _read(source: Path, work: Path, told: Told) -> Backup:
    """Unpack a backup into ``work`` and compare every hash. Raises ValueError for anything that is not as listed."""
    size = source.stat().st_size
    with tarfile.open(source, "r:") as tar:
        for member in tar:
            told("Unpacking", member.offset, size)
            if not (member.isreg() and _is_ours(member.name)):
                raise ValueError(f"{member.name!r} does not belong in a backup")
            tar.extract(member, work, filter="data")
    if not (work / MANIFEST).is_file():
        raise ValueError("its list of files is missing: it is cut short, or no backup that Earshot made")
    made_at, hashes = _told(work / MANIFEST)
    found = {p.relative_to(work).as_posix(): p for p in work.rglob("*") if p.is_file() and p.name != MANIFEST}
    if set(found) != set(hashes):
        raise ValueError("files are missing in it, or too many")
    for number, (name, digest) in enumerate(hashes.items()):
        told("Checking", number, len(hashes))
        with found[name].open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise ValueError(f"{name} in it is damaged")
    return Backup(made_at, len(found), sum(p.stat().st_size for p in found.values()))


def _told(manifest: Path) -> tuple[datetime, dict[str, str]]:
    """When a backup was made, and the hash of each of its files. Raises ValueError for what we did not write."""
    try:
        told = json.loads(manifest.read_text("utf-8"))
        form, made_at, hashes = told["form"], datetime.fromisoformat(told["made_at"]), dict(told["sha256"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("it is no backup that Earshot made") from None
    if form != FORM:
        raise ValueError("it was made by another version of Earshot")
    return made_at, hashes


def _is_ours(name: str) -> bool:
    parts = name.split("/")
    return ".." not in parts and (name in (MANIFEST, "settings.toml") or (parts[0] == "store" and len(parts) > 1))


def _replace(root: Path, work: Path) -> None:
    """Exchange what a backup holds for what is in the store; on an error everything is put back."""
    aside = work / ASIDE
    aside.mkdir()
    names = ["calls.duckdb", "app.sqlite", *FOLDERS]
    extra = [
        "calls.duckdb.wal",
        "app.sqlite-wal",
        "app.sqlite-shm",
        "said.sqlite",
        "said.sqlite-wal",
        "said.sqlite-shm",
    ]
    moved: list[str] = []
    try:
        for name in [*names, *extra]:
            if (root / name).exists():
                (root / name).rename(aside / name)
                moved.append(name)
        for name in names:
            if (work / "store" / name).exists():
                (work / "store" / name).rename(root / name)
    except OSError:
        for name in names:
            if (root / name).exists():
                shutil.move(str(root / name), str(work / "store" / name))
        for name in moved:
            (aside / name).rename(root / name)
        raise
    given = work / "settings.toml"
    if given.exists():
        given.replace(root / "settings.from-backup.toml")
    publishing.sync(root)
