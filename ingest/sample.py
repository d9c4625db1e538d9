"""The sample call centre, moved in time so that its last week is the current one.

All dates move by whole weeks of wall-clock time in the call centre's time zone, so weekdays and times of day stay as
they are on both sides of a daylight-saving change. Nothing may lie in the future: calls that have not ended by now
are left out, except that recorded calls are moved back by further weeks, so that every recording is there.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_NO_CALL = {"NONE", "REALTIME", "MANAGER"}


@dataclass(frozen=True)
class SampleFiles:
    """Where a moved copy of the sample lies (a folder of recordings, two files), and its call centre's time zone."""

    folder: Path
    recordings: Path
    transcripts: Path
    queue_log: Path
    time_zone: str


@dataclass(frozen=True)
class _Event:
    """One line of the queue log: its epoch in seconds, its call (None for the system's own) and what follows."""

    epoch: int
    call_id: str | None
    rest: str


@dataclass(frozen=True)
class _Recorded:
    """A recording with its sidecar's content."""

    sound: Path
    sidecar: dict[str, Any]

    @property
    def call_id(self) -> str:
        """The telephony id of the call."""
        return str(self.sidecar["call_id"])


class _Clock:
    """Moves moments by whole weeks of wall-clock time in one time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def moved(self, moment: datetime, weeks: int) -> datetime:
        """``moment``, ``weeks`` later at the same time of day; ``moment`` is aware, and so is the result.

        A time that the clocks skip becomes the one an hour later, as clocks on the wall would show.
        """
        wall = moment.astimezone(self.zone).replace(fold=0) + timedelta(weeks=weeks)
        return datetime.fromtimestamp(wall.timestamp(), self.zone)

    def moved_epoch(self, epoch: int, weeks: int) -> int:
        """An epoch in seconds, ``weeks`` later at the same time of day."""
        return int(self.moved(datetime.fromtimestamp(epoch, self.zone), weeks).timestamp())


def materialise(sample_dir: Path, out_dir: Path, now: datetime) -> SampleFiles:
    """Write a copy of the sample, moved so that its eighth week is the week of ``now``, to ``out_dir``.

    If ``out_dir`` exists nothing is done. It appears whole or not at all. Raises ValueError when ``now`` is naive,
    OSError when the sample can't be read or the copy can't be written.
    """
    if now.tzinfo is None:
        raise ValueError("now must carry its time zone")
    settings = tomllib.loads((sample_dir / "sample.toml").read_text("utf-8"))
    zone = ZoneInfo(settings["time_zone"])
    if not out_dir.exists():
        out_dir.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{out_dir.name}-", dir=out_dir.parent))
        try:
            partial.chmod(0o755)
            weeks = _weeks_to_move(settings["anchor"], now.astimezone(zone).date())
            _write(sample_dir, _files(partial, zone), weeks, now)
            _put_in_place(partial, out_dir)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return _files(out_dir, zone)


def _files(folder: Path, zone: ZoneInfo) -> SampleFiles:
    """The places of the parts within ``folder``."""
    return SampleFiles(folder, folder / "recordings", folder / "transcripts.jsonl", folder / "queue_log", zone.key)


def _put_in_place(partial: Path, out_dir: Path) -> None:
    """Give the finished copy its name, unless another process was faster."""
    try:
        partial.rename(out_dir)
    except OSError:
        if not out_dir.is_dir():
            raise


def _write(sample_dir: Path, files: SampleFiles, weeks: int, now: datetime) -> None:
    """Write the copy, moved by ``weeks``."""
    clock = _Clock(ZoneInfo(files.time_zone))
    events = list(_read_events(sample_dir / "queue_log.gz"))
    ends = {event.call_id: event.epoch for event in events if event.call_id}
    recorded = list(_read_recorded(sample_dir / "recordings"))
    weeks_of = _weeks_of_recorded(recorded, ends, weeks, clock, now)
    moved_ends = {call: clock.moved_epoch(end, weeks_of.get(call, weeks)) for call, end in ends.items()}
    over = {call for call, end in moved_ends.items() if end <= now.timestamp()}
    _write_events(events, weeks_of, weeks, over, clock, now, files.queue_log)
    _write_transcripts(sample_dir / "transcripts" / "calls.jsonl", weeks, over, clock, files.transcripts)
    _write_complaints(sample_dir / "complaints.csv", weeks_of, weeks, clock, now, files.folder / "complaints.csv")
    files.recordings.mkdir()
    for recording in recorded:
        _write_recording(recording, weeks_of[recording.call_id], clock, files.recordings)


def _weeks_to_move(anchor: date, today: date) -> int:
    """By how many weeks to move, so that the week before the Monday ``anchor`` becomes the week of ``today``."""
    this_monday = today - timedelta(days=today.weekday())
    return (this_monday - anchor).days // 7 + 1


def _read_events(path: Path) -> Iterable[_Event]:
    """The lines of the gzipped queue log."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            epoch, call_id, rest = line.rstrip("\n").split("|", 2)
            yield _Event(int(epoch), None if call_id in _NO_CALL else call_id, f"{call_id}|{rest}")


def _read_recorded(folder: Path) -> Iterable[_Recorded]:
    """All recordings with their sidecars, by name."""
    for sidecar in sorted(folder.glob("*.json")):
        (sound,) = (path for path in folder.glob(f"{sidecar.stem}.*") if path.suffix != ".json")
        yield _Recorded(sound, json.loads(sidecar.read_text("utf-8")))


def _weeks_of_recorded(
    recorded: list[_Recorded], ends: dict[str, int], weeks: int, clock: _Clock, now: datetime
) -> dict[str, int]:
    """By how many weeks each recorded call moves, by call id.

    All calls of one customer move together: a second call must not come before the first.
    """
    customers: dict[str, int] = {}
    for recording in recorded:
        customer, end = recording.sidecar["customer_id"], ends[recording.call_id]
        fitting = weeks
        while clock.moved_epoch(end, fitting) > now.timestamp():
            fitting -= 1
        customers[customer] = min(fitting, customers.get(customer, weeks))
    return {recording.call_id: customers[recording.sidecar["customer_id"]] for recording in recorded}


def _write_events(
    events: list[_Event],
    weeks_of: dict[str, int],
    weeks: int,
    over: set[str],
    clock: _Clock,
    now: datetime,
    path: Path,
) -> None:
    """Write the moved log in the order of time: calls that are ``over``, the system's own events until ``now``."""
    moved = [
        (clock.moved_epoch(event.epoch, weeks_of.get(event.call_id or "", weeks)), event.rest)
        for event in events
        if event.call_id is None or event.call_id in over
    ]
    past = sorted((line for line in moved if line[0] <= now.timestamp()), key=lambda line: line[0])
    path.write_text("".join(f"{epoch}|{rest}\n" for epoch, rest in past), "utf-8")


def _write_transcripts(source: Path, weeks: int, over: set[str], clock: _Clock, path: Path) -> None:
    """Write the moved transcripts of calls that are ``over``."""
    with source.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as out:
        for call in map(json.loads, lines):
            if call["call_id"] in over:
                call["started_at"] = clock.moved(datetime.fromisoformat(call["started_at"]), weeks).isoformat()
                out.write(json.dumps(call, ensure_ascii=False) + "\n")


def _write_complaints(
    source: Path, weeks_of: dict[str, int], weeks: int, clock: _Clock, now: datetime, path: Path
) -> None:
    """Write the moved complaints, each with its call; what lies ahead has not happened, only promises may."""
    with source.open(encoding="utf-8", newline="") as lines, path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictReader(lines)
        written = csv.DictWriter(out, rows.fieldnames or [], lineterminator="\n")
        written.writeheader()
        for row in rows:
            by = weeks_of.get(row["call_id"], weeks)
            for name in ("received_at", "resolved_at", "answered_at", "follow_up_at"):
                if row[name]:
                    at = clock.moved(datetime.fromisoformat(row[name]).replace(tzinfo=clock.zone), by)
                    row[name] = "" if at > now and name != "follow_up_at" else at.isoformat()
            if row["promised_for"]:
                row["promised_for"] = (date.fromisoformat(row["promised_for"]) + timedelta(weeks=by)).isoformat()
            if not row["resolved_at"]:
                row["satisfied_after"] = row["would_buy_again"] = ""
            if row["received_at"]:
                written.writerow(row)


def _write_recording(recording: _Recorded, weeks: int, clock: _Clock, folder: Path) -> None:
    """Copy a recording under its moved name, with its moved sidecar."""
    before = datetime.fromisoformat(recording.sidecar["started_at"])
    after = clock.moved(before, weeks)
    name = recording.sound.name
    for stamp in ("%Y%m%d-%H%M%S", "%Y-%m-%dT%H-%M-%S"):
        name = name.replace(before.strftime(stamp), after.strftime(stamp))
    shutil.copyfile(recording.sound, folder / name)
    sidecar = json.dumps(recording.sidecar | {"started_at": after.isoformat()}, indent=2)
    (folder / name).with_suffix(".json").write_text(sidecar + "\n", "utf-8")
