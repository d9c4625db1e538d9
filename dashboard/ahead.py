"""Getting snapshots ready ahead of visitors: at the start of the server, and whenever a new one is published."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dashboard import queries
from models.errors import EarshotError, whole

LOOK_EVERY_S = 1.0
log = logging.getLogger(__name__)


@asynccontextmanager
async def kept_ready(_app: object) -> AsyncIterator[None]:
    """While the server runs, a thread of its own gets each new snapshot ready."""
    done = threading.Event()
    thread = threading.Thread(target=_keep_ready, args=(done,), name="ahead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()


def _keep_ready(done: threading.Event) -> None:
    told = ""
    while not done.wait(LOOK_EVERY_S):
        try:
            queries.get_ready()
            why, unknown = "", None
        except (EarshotError, OSError) as error:  # a disk that is full or away, a mistake in the settings: pages say so
            why, unknown = whole(error), None
        except Exception as error:
            why, unknown = repr(error), error
        if why not in ("", told):
            log.log(logging.WARNING, "A snapshot could not be got ready: %s", why, exc_info=unknown)
        told = why
