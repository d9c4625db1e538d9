"""Files that are not finished: held by who writes them, and removed when that process was killed.

The kernel frees the lock of a killed process, so what nobody holds belongs to nobody.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

YOUNG_S = 2.0
"""Between being made and being held, a draft is left alone for so long."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file or folder that exists, for as long as this process lives. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def remove_abandoned(paths: Iterable[Path]) -> None:
    """Remove the files and folders that no process holds."""
    for path in paths:
        with suppress(OSError):
            if abs(time.time() - path.stat().st_mtime) > YOUNG_S and not _is_held(path):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _is_held(path: Path) -> bool:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
