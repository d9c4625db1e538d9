"""What can go wrong, as one small tree. The command line prints the message as one sentence.

EarshotError                 anything Earshot explains in a sentence
├── SettingsError            a setting is missing or makes no sense
├── ScorecardError           the scorecard can't be used: a sentence per problem
├── ChangeRefused            what someone wants to write in the dashboard makes no sense
├── QueryRefused             a reader's own query is not run, or was stopped
├── StoreError               the store can't be opened, locked, migrated or published
│   ├── StoreBusy            another ingest holds the lock longer than we wait
│   └── NotSaved             the disk takes no more of what people write; a ChangeRefused, too
├── ModelUnavailable         a speech or embedding model can't be loaded or downloaded
├── ClusterUnavailable       the Ray cluster can't be used
└── Refused                  one input (file, line, call) is refused; the rest goes on
"""

import errno
import os
from pathlib import Path


class EarshotError(Exception):
    """Anything Earshot explains in a sentence: what is wrong, where, and what to do."""


class SettingsError(EarshotError):
    """A setting is missing or makes no sense."""


class ScorecardError(EarshotError):
    """The scorecard can't be used; the message has a line per problem."""


class ChangeRefused(EarshotError):
    """What someone wants to write in the dashboard makes no sense; nothing was written."""


class QueryRefused(EarshotError):
    """A reader's own query is not run, or was stopped."""


class StoreError(EarshotError):
    """The store can't be opened, locked, migrated or published."""


class StoreBusy(StoreError):
    """Another ingest holds the lock longer than we are willing to wait."""


class NotSaved(StoreError, ChangeRefused):
    """The disk takes no more of what people write: told to them like any other refusal; a note says which file."""


class ModelUnavailable(EarshotError):
    """A speech or embedding model can't be loaded or downloaded."""


class ClusterUnavailable(EarshotError):
    """The Ray cluster can't be used: it is not there, or has no room for a worker."""


class Refused(EarshotError):
    """One input is refused with a reason that is kept; the rest of the run goes on."""


def whole(error: BaseException) -> str:
    """An error's sentence with the notes on it, such as the file it is about."""
    return " ".join([str(error), *getattr(error, "__notes__", ())])


def takes_no_more(error: Exception) -> bool:
    """Whether a disk is full or read-only (as Python or FFmpeg says it): then no input is to blame."""
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def raise_for_disk(error: Exception, store: Path) -> None:
    """Raises StoreError for an error of a disk that takes no more; other errors are the input's own."""
    if takes_no_more(error):
        what = os.strerror(error.errno)  # type: ignore[attr-defined]
        raise StoreError(f"{store} can't be written: {what}. What is loaded is kept; run again to go on.") from error
