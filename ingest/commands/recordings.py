"""``earshot ingest recordings``: transcribe and load recorded calls."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from ingest import consents, listening_copy, metadata, originals
from ingest.files import find, shown
from ingest.loader import Loader
from ingest.recordings import Job, Result
from ingest.run import Engine, Progress, Summary, run, watch
from ingest.speech import is_demonstration
from ingest.workers import Workers
from models import redaction
from models.errors import SettingsError
from models.settings import Settings, load

DEMONSTRATION_NOTE = (
    "Note: the bundled demonstration model knows the sample's synthetic English voices only; real speech comes "
    "out as nonsense. Its transcripts are marked as such."
)


def pattern_of(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The pattern as given, or a usage error."""
    try:
        return None if value is None else metadata.compile_pattern(value).pattern
    except SettingsError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="DIR|FILE…")
@click.option(
    "--model",
    metavar="NAME|PATH",
    help="Speech model: a faster-whisper name, a folder, or demo [default: setting model].",
)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option("--compute-type", default="auto", show_default=True, help="Such as int8 or float16.")
@click.option(
    "--language", metavar="CODE", help="Code of the language spoken, or auto [default: setting default_language]."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes [default: one for two cores, of the cluster with ray]."
)
@click.option(
    "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Where it runs."
)
@click.option(
    "--ray-address",
    metavar="HOST:PORT",
    help="Address of a Ray cluster, like 10.0.0.5:6379 [default: Ray on this machine].",
)
@click.option("--watch", "watching", is_flag=True, help="Stay, and load new recordings as they arrive.")
@click.option(
    "--pattern", callback=pattern_of, metavar="REGEX",
    help="Regular expression for paths, with groups call_id, started_at, queue, …",
)  # fmt: skip
@click.option("--agent-channel", type=click.Choice(["auto", "left", "right"]), help="The agent's, in stereo.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def recordings(
    paths: tuple[Path, ...],
    model: str | None,
    device: str,
    compute_type: str,
    language: str | None,
    workers: int | None,
    engine: str,
    ray_address: str | None,
    watching: bool,
    pattern: str | None,
    agent_channel: str | None,
    as_json: bool,
) -> None:
    """Transcribe and load recorded calls: files, or folders with everything in them.

    Who, when and which queue come from a sidecar (call.json beside call.ogg), from the file name (FreePBX,
    Amazon Connect and Post Call Analytics, VICIdial), or from --pattern. What is loaded already is skipped.
    Exit code 1 when something was refused.

    Example:  earshot ingest recordings /var/spool/asterisk/monitor --model small --language fr
    """
    settings = load()
    if ray_address and engine != "ray":
        raise click.UsageError("--ray-address goes with --engine ray.")
    count = workers or (default_workers(device) if engine == "local" else 0)
    job = make_job(settings, model, device, compute_type, language, pattern, agent_channel, max(1, count))
    if is_demonstration(job.model):
        click.echo(DEMONSTRATION_NOTE, err=True)
    files: Iterable[Path | None] = watch(paths, settings.store) if watching else list(find(paths, settings.store))
    total = len(files) if isinstance(files, list) else None
    listening_copy.remove_unfinished(settings.store)
    settle = originals.settler(settings)
    with show(total, quiet=as_json) as progress:
        summary = run(
            files, job, Loader(settings), count, progress, engine=engine_of(engine, ray_address), settle=settle,
            may_be_kept=consents.judge_of(settings, pattern),
        )  # fmt: skip
    report(summary, as_json)
    if summary.problems:
        sys.exit(1)


def engine_of(name: str, ray_address: str | None) -> Engine:
    """What makes the workers: processes here, or workers on a Ray cluster."""
    if name == "local":
        return Workers
    from ingest.ray_workers import RayWorkers  # only here: Ray is optional

    return partial(RayWorkers, address=ray_address)


def default_workers(device: str) -> int:
    """One for two cores: a model uses two threads well, and each worker holds a model in memory."""
    return 1 if device == "cuda" else max(1, min(8, cores() // 2))


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def make_job(
    settings: Settings,
    model: str | None,
    device: str,
    compute_type: str,
    language: str | None,
    pattern: str | None,
    agent_channel: str | None,
    workers: int,
) -> Job:
    """The job that options and settings ask for."""
    spoken = language or settings.default_language
    channel = settings.agent_channel
    if agent_channel is not None:
        channel = {"auto": -1, "left": 0, "right": 1}[agent_channel]
    return Job(
        store=settings.store,
        time_zone=settings.time_zone,
        model=model or settings.model,
        device=device,
        compute_type=compute_type,
        threads=max(1, cores() // workers),
        language=None if spoken == "auto" else spoken,
        agent_channel=None if channel == -1 else channel,
        pattern=pattern,
        max_recording_h=settings.max_recording_h,
        redact=redaction.wanted(settings),
    )


def show(total: int | None, quiet: bool) -> Progress:
    """A bar on a terminal, a line per file elsewhere, nothing when ``quiet``."""
    if quiet:
        return Progress()
    return BarProgress(total) if sys.stderr.isatty() else LineProgress(total)


class LineProgress(Progress):
    """One plain line per file on the error output."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.seen = 0

    def known(self, path: Path) -> None:
        """Known files only count: thousands of them would bury the rest."""
        self.seen += 1

    def done(self, result: Result) -> None:
        """Number, name, status, and speed or reason."""
        self.seen += 1
        self.say(f"{self.seen} of {self.total}" if self.total else f"{self.seen}", outcome(result))

    def say(self, number: str, text: str) -> None:
        """Print one line."""
        click.echo(f"{number}  {text}", err=True)


class BarProgress(LineProgress):
    """A bar on the terminal, lines of trouble above it."""

    def __init__(self, total: int | None) -> None:
        super().__init__(total)
        self.console = Console(stderr=True)
        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        self.bar = Bar(*columns, console=self.console)
        self.task = self.bar.add_task("", total=total)
        self.shares: dict[str, float] = {}

    def __enter__(self) -> BarProgress:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def share(self, path: Path, share: float) -> None:
        """The file's part of the way."""
        self.shares[shown(path.resolve())] = share
        self.bar.update(self.task, completed=self.seen + min(0.99, sum(self.shares.values())))

    def known(self, path: Path) -> None:
        """A step without a line."""
        super().known(path)
        self.bar.update(self.task, completed=self.seen)

    def done(self, result: Result) -> None:
        """A step; the file's outcome beside the bar, trouble above it."""
        self.seen += 1
        self.shares.pop(result.file.path, None)
        if result.file.reason:
            self.console.print(outcome(result), markup=False, highlight=False)
        self.bar.update(self.task, completed=self.seen, description=escape_markup(outcome(result)))


def escape_markup(text: str) -> str:
    """File names are not markup."""
    return text.replace("[", "\\[")


def outcome(result: Result) -> str:
    """One line on a file: its name, then its speed or what is wrong with it."""
    name = result.file.path.rsplit("/", 1)[-1]
    if result.file.reason:
        return f"{name}  {result.file.status.replace('_', ' ')}: {result.file.reason}"
    seconds = result.recording.measures.duration_s if result.recording else 0.0
    return f"{name}  {seconds:.0f} s, {seconds / max(result.took_s, 1e-3):.1f}x real time"


def report(summary: Summary, as_json: bool) -> None:
    """The end of a run: one line of numbers (each refusal had its line when it came), or all of it as JSON."""
    if as_json:
        numbers = {name: getattr(summary, name) for name in Summary.__slots__ if name != "problems"}
        problems = [{"path": path, "reason": reason} for path, reason in summary.problems]
        click.echo(json.dumps({**numbers, "problems": problems}))
        return
    click.echo(summary_line(summary))


def summary_line(summary: Summary) -> str:
    """The run in one sentence."""
    parts = [f"{summary.loaded:,} loaded"]
    if summary.audio_s:
        speed = summary.audio_s / max(summary.took_s, 1e-3)
        parts[0] += f" ({summary.audio_s / 60:,.0f} min of sound, {speed:.1f}x real time)"
    for number, what in (
        (summary.known, "known already"),
        (summary.duplicates, "the same under another name"),
        (summary.partly_refused, "damaged or cut short but loaded"),
        (summary.refused, "refused"),
    ):
        if number:
            parts.append(f"{number:,} {what}")
    return "Recordings: " + ", ".join(parts) + "."
