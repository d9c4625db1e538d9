"""The commands as one: help with an example everywhere, what scripts read, and what counts as wrong usage."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ingest.cli import LazyGroup, earshot
from models.errors import StoreError
from models.settings import Settings


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


def test_an_export_tells_scripts_where_it_is(settings: Settings, tmp_path: Path) -> None:
    """One JSON object with the folder and its tables, each of which is a file there."""
    assert CliRunner().invoke(earshot, ["publish"]).stdout.startswith("Published 0 calls: ")
    command = ["export", "--format", "parquet", "--out", str(tmp_path / "out"), "--json"]
    told = json.loads(CliRunner().invoke(earshot, command).stdout)
    assert (told["folder"], told["format"]) == (str(tmp_path / "out"), "parquet")
    assert {f"{name}.parquet" for name in told["tables"]} == {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_export_that_finds_no_room_says_so(settings: Settings, tmp_path: Path, kind: str) -> None:
    """A file that can't be written is named in a sentence, and the one of the last export stays as it was."""
    CliRunner().invoke(earshot, ["publish"])
    (tmp_path / f"calls.{kind}").write_text("of last week")
    (tmp_path / f".tmp-calls.{kind}").symlink_to("/dev/full")
    said = CliRunner().invoke(earshot, ["export", "--format", kind, "--out", str(tmp_path)])
    assert isinstance(said.exception, StoreError)
    assert f"calls.{kind} can't be written: " in str(said.exception)
    assert (tmp_path / f"calls.{kind}").read_text() == "of last week"
