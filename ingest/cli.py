"""The command line: ``earshot``. Each command lives in ``ingest/commands/``; an error is one sentence, exit code 1."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from models.errors import EarshotError, whole

COMMANDS = {
    "demo": "ingest.commands.demo:demo",
    "score": "ingest.commands.score:score",
    "learn": "ingest.commands.learn:learn",
    "issues": "ingest.commands.issues:issues",
    "publish": "ingest.commands.publish:publish",
    "dashboard": "ingest.commands.dashboard:dashboard",
    "doctor": "ingest.commands.doctor:doctor",
    "export": "ingest.commands.export:export",
    "original": "ingest.commands.original:original",
    "backup": "ingest.commands.backup:backup",
    "restore": "ingest.commands.backup:restore",
    "retain": "ingest.commands.retain:retain",
    "erase": "ingest.commands.erase:erase",
    "ingest": "ingest.cli:ingest_group",
}
INGEST_COMMANDS = {
    "recordings": "ingest.commands.recordings:recordings",
    "transcripts": "ingest.commands.transcripts:transcripts",
    "queue-log": "ingest.commands.queue_log:queue_log",
    "status": "ingest.commands.status:status",
}

CLOSED_TO_OTHERS = 0o027
"""For umask: nothing for others, reading for the group."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is asked for: help stays quick, speech models unloaded."""

    def __init__(self, *args: object, where: dict[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.where = where

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which people use them."""
        return list(self.where)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.where:
            return None
        module, name = self.where[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, where=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="earshot")
def earshot() -> None:
    """Earshot: hear what recurs, keep wait-time targets, judge calls with the evidence in view.

    Begin with the sample call centre.

    Example:  earshot demo
    """


@click.group(name="ingest", cls=LazyGroup, where=INGEST_COMMANDS)
def ingest_group() -> None:
    """Load recordings, transcripts and queue logs.

    Everything may be loaded again: what is known changes nothing, what was refused is listed.

    Example:  earshot ingest queue-log /var/log/asterisk/queue_log* && earshot ingest status
    """


def run(group: click.Group, arguments: Sequence[str] | None, name: str) -> int:
    """Run a command and return its exit code; errors pass through to the caller."""
    code = group.main(None if arguments is None else list(arguments), name, standalone_mode=False)
    return code if isinstance(code, int) else 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: a known error is one sentence and exit code 1; wrong usage is exit code 2.

    What a command writes, others on the machine can't read; the group may (analysts open the snapshots).
    """
    os.umask(os.umask(CLOSED_TO_OTHERS) | CLOSED_TO_OTHERS)
    try:
        sys.exit(run(earshot, arguments, "earshot"))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What is done is kept; run the same command to go on.", err=True)
        sys.exit(130)
    except EarshotError as error:
        click.echo(f"earshot: {whole(error)}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:  # a disk that is full, gone or read-only
        click.echo(f"earshot: {error.filename or 'A file'} can't be used: {error.strerror or error}.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
