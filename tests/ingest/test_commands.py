"""The commands as one: help with an example everywhere, what scripts read, and what counts as wrong usage."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from ingest.cli import LazyGroup, earshot


def below(group: LazyGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words that lead to every command and group."""
    yield path
    for name in group.where:
        command = group.get_command(click.Context(group), name)
        if isinstance(command, LazyGroup):
            yield from below(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(below(earshot)), ids=" ".join)  # type: ignore[arg-type]
def test_help_has_an_example(path: tuple[str, ...]) -> None:
    """Every command and group shows one that begins as it is called itself."""
    said = CliRunner().invoke(earshot, [*path, "--help"]).stdout
    example = said.partition("Example:")[2].partition("Options:")[0]
    assert re.search(rf"\bearshot {' '.join(path)}", example), said
