"""Bars for work that takes long, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from models.progress import Told, nobody


@contextmanager
def bar(quiet: bool = False, console: Console | None = None) -> Iterator[Told]:
    """What moves the bar. It shows on a terminal only, and is gone when the work is done."""
    console = console or Console(stderr=True)
    if quiet or not console.is_terminal:
        yield nobody
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)
        yield lambda what, done, total: bars.update(task, description=what, completed=done, total=total or None)


@contextmanager
def counting_bar(what: str, total: int, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """What moves the bar on by so many of ``total`` calls, with the time that is left; nothing shows without any."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet or not total, transient=True) as bars:
        task = bars.add_task(what, total=total)
        yield lambda more: bars.advance(task, more)
