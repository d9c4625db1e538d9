"""What is known about a recorded call: from a sidecar beside it, a user's pattern, or the conventions of file
names.

Order: the sidecar wins field by field, then the user's pattern, then the known conventions. A name that
matches nothing yields ``source="unknown"`` and no start: it is never stamped with the present.

Local times in names are read in the call centre's zone. In the hour that happens twice when the clocks go
back, the first occurrence is taken (``fold=0``), except where the name carries an epoch (FreePBX's unique
id), which decides. A time in the hour that is skipped in spring is read with the offset before the change, so
it comes out an hour later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from models.errors import Refused, SettingsError
from models.records import CallMetadata, Direction
from models.setting_checks import YES_NO

SIDECAR_MAX_BYTES = 1_000_000
TEXT_MAX = 200
PATTERN_GROUPS = (
    "call_id",
    "started_at",
    "date",
    "time",
    "queue",
    "agent_id",
    "customer_id",
    "direction",
    "language",
)
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_DIRECTIONS: dict[str, Direction] = {
    **dict.fromkeys(("in", "inbound", "incoming"), "inbound"),  # type: ignore[dict-item]
    **dict.fromkeys(("out", "outbound", "outgoing"), "outbound"),  # type: ignore[dict-item]
    **dict.fromkeys(("internal", "exten"), "internal"),  # type: ignore[dict-item]
}
_EPOCH_SLACK_S = 12 * 3600


def read(
    path: Path, zone: ZoneInfo, pattern: re.Pattern[str] | None = None, known_as: Path | None = None
) -> CallMetadata:
    """Metadata of the recording at ``path``. Raises Refused when its sidecar can't be understood.

    ``known_as`` is the path that names the call when the file at hand is a copy of it.
    """
    named = from_name(known_as or path, zone, pattern)
    sidecar = find_sidecar(path)
    return named if sidecar is None else _over(from_sidecar(sidecar, zone), named)


def fallback_call_id(recording_id: str) -> str:
    """The id of a call whose telephony id nobody knows: ``rec-`` and 16 hex digits of the recording's hash."""
    return f"rec-{recording_id[:16]}"


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The user's regular expression with named groups. Raises SettingsError with one sentence."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise SettingsError(f"The pattern {pattern!r} is no regular expression: {error}.") from None
    known = ", ".join(PATTERN_GROUPS)
    if not compiled.groupindex:
        raise SettingsError(f"The pattern {pattern!r} names no group like (?P<call_id>…); known are {known}.")
    for group in compiled.groupindex:
        if group not in PATTERN_GROUPS:
            raise SettingsError(f"The pattern {pattern!r} has an unknown group {group!r}; known are {known}.")
    return compiled


def find_sidecar(path: Path) -> Path | None:
    """``call.ogg.json`` or ``call.json`` beside ``call.ogg``; the longer name is the more exact one."""
    for candidate in (path.with_name(path.name + ".json"), path.with_suffix(".json")):
        if candidate != path and candidate.is_file() and not candidate.is_symlink():
            return candidate
    return None


def from_sidecar(path: Path, zone: ZoneInfo) -> CallMetadata:
    """The fields a sidecar gives; unknown keys are ignored. Raises Refused when it makes no sense."""
    given = _load_object(path)
    name = f"The sidecar {path.name!r}"
    values: dict[str, object] = {}
    for key in ("call_id", "queue", "agent_id", "customer_id", "language"):
        if given.get(key) is not None:
            if not isinstance(given[key], str | int):
                raise Refused(f"{name} has a {key} that is no text.")
            values[key] = _text(str(given[key]))
    if (started := given.get("started_at")) is not None:
        values["started_at"] = _moment(str(started), zone)
        if values["started_at"] is None:
            raise Refused(f"{name} has a started_at that is no time: write one like 2026-03-02T09:14:05+01:00.")
    if (direction := given.get("direction")) is not None:
        values["direction"] = _direction(str(direction))
    if (channel := given.get("agent_channel")) is not None:
        if channel not in (0, 1) or isinstance(channel, bool):
            raise Refused(f"{name} has an agent_channel other than 0 (left) or 1 (right).")
        values["agent_channel"] = channel
    values["consent"] = consent(given.get("consent"), name)
    return CallMetadata(**values, source="sidecar")  # type: ignore[arg-type]


def consent(given: object, where: str) -> bool | None:
    """Whether somebody agreed: true, false, yes or no; None where it isn't told. Raises Refused for anything else."""
    said = None if given is None or given == "" else YES_NO.get(str(given).strip().lower())
    if said is None and given is not None and given != "":
        raise Refused(f"{where} has a consent that is neither yes nor no.")
    return said


def from_name(path: Path, zone: ZoneInfo, pattern: re.Pattern[str] | None = None) -> CallMetadata:
    """The metadata that the path alone gives; ``source`` names the convention, or is ``unknown``."""
    if pattern is not None and (found := pattern.search(path.as_posix())):
        return _from_pattern(found.groupdict(), zone)
    stem = path.name.rsplit(".", 1)[0] if path.suffix else path.name
    for convention in _CONVENTIONS:
        if (metadata := convention(stem, zone)) is not None:
            return metadata
    return CallMetadata()


def _load_object(path: Path) -> Mapping[str, object]:
    if path.stat().st_size > SIDECAR_MAX_BYTES:
        raise Refused(f"The sidecar {path.name!r} is larger than {SIDECAR_MAX_BYTES // 1_000_000} MB.")
    try:
        given = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(f"The sidecar {path.name!r} isn't valid JSON: {error}.") from None
    if not isinstance(given, dict):
        raise Refused(f"The sidecar {path.name!r} isn't a JSON object.")
    return given


def _over(first: CallMetadata, second: CallMetadata) -> CallMetadata:
    """``first``, with what it leaves open taken from ``second``."""
    gaps = {f.name: getattr(second, f.name) for f in fields(first) if getattr(first, f.name) is None}
    return replace(first, **gaps)


def _from_pattern(groups: Mapping[str, str | None], zone: ZoneInfo) -> CallMetadata:
    given = {key: value for key, value in groups.items() if value}
    when = given.get("started_at") or f"{given.get('date', '')} {given.get('time', '')}".strip()
    return CallMetadata(
        call_id=_text(given.get("call_id")),
        started_at=_moment(when, zone),
        queue=_text(given.get("queue")),
        agent_id=_text(given.get("agent_id")),
        customer_id=_text(given.get("customer_id")),
        direction=_direction(given["direction"]) if "direction" in given else None,
        language=_text(given.get("language")),
        source="pattern",
    )


_FREEPBX = re.compile(
    r"(?P<kind>in|out|q|exten|external|internal|rg|group|conf)-(?P<dst>[^-]*)-(?P<src>[^-]*)"
    r"-(?P<date>\d{8})-(?P<time>\d{6})-(?P<call_id>(?P<epoch>\d{9,11})(?:\.\d+)*|[\w.]+)"
)


def _freepbx(stem: str, zone: ZoneInfo) -> CallMetadata | None:
    """``{in|out|q|exten|external}-dst-src-YYYYMMDD-HHMMSS-uniqueid``, in dated folders or not."""
    if (found := _FREEPBX.fullmatch(stem)) is None:
        return None
    when = _moment(f"{found['date']} {found['time']}", zone)
    if when is None:
        return None
    kind, dst, src = found["kind"], _text(found["dst"]), _text(found["src"])
    queue, agent, customer, direction = _freepbx_parties(kind, dst, src)
    return CallMetadata(
        call_id=_text(found["call_id"]),
        started_at=_nearer_fold(when, found["epoch"], zone),
        queue=queue,
        agent_id=agent,
        customer_id=customer,
        direction=direction,
        source="freepbx",
    )


def _freepbx_parties(
    kind: str, dst: str | None, src: str | None
) -> tuple[str | None, str | None, str | None, Direction]:
    """(queue, agent, customer, direction). ``exten`` and ``external`` tell the sides apart by the numbers'
    length.
    """
    if kind == "q":
        return dst, None, src, "inbound"
    if kind in ("in", "rg", "group", "conf"):
        return None, None, src, "inbound"
    if kind == "out" or (_outside(dst) and not _outside(src)):
        return None, src, dst, "outbound"
    if kind == "external" or _outside(src):
        return None, dst, src, "inbound"
    return None, dst, None, "internal"


def _outside(number: str | None) -> bool:
    """Whether a number is a telephone number rather than an extension of the house."""
    return number is not None and sum(c.isdigit() for c in number) >= 7


def _nearer_fold(when: datetime, epoch: str | None, zone: ZoneInfo) -> datetime:
    """``when``, or its second occurrence if the unique id's epoch lies nearer to that one."""
    if epoch is None:
        return when
    second = _in_utc(when.astimezone(zone).replace(tzinfo=None), zone, fold=1)
    apart = [abs(t.timestamp() - float(epoch)) for t in (when, second)]
    return second if apart[1] < apart[0] and apart[1] < _EPOCH_SLACK_S else when


_PCA = re.compile(r"(?s)_(CUST|GUID|AGENT|DT)_(.+?)(?=_(?:CUST|GUID|AGENT|DT)_|\Z)")


def _aws_pca(stem: str, zone: ZoneInfo) -> CallMetadata | None:
    """Amazon Post Call Analytics: ``_CUST_x_GUID_x_AGENT_x_DT_2021-12-01T07-55-51``, in any order."""
    found = dict(_PCA.findall("_" + stem))
    if len(found) < 2:
        return None
    when = re.match(r"(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})", found.get("DT", ""))
    return CallMetadata(
        call_id=_text(found.get("GUID")),
        started_at=_moment(f"{when[1]}T{when[2]}:{when[3]}:{when[4]}", zone) if when else None,
        agent_id=_text(found.get("AGENT")),
        customer_id=_text(found.get("CUST")),
        source="aws_pca",
    )


# Colons can't stand in names on every system: downloads carry `_`, `-` or nothing in their place.
_CONNECT = re.compile(rf"(?P<call_id>{_UUID})_(?P<date>\d{{8}})T(?P<h>\d{{2}})(?::|_|-|%3A)?(?P<m>\d{{2}})_UTC.*")


def _connect(stem: str, zone: ZoneInfo) -> CallMetadata | None:
    """Amazon Connect: ``ContactId_YYYYMMDDTHH:MM_UTC``; the time is in UTC, whatever the zone."""
    if (found := _CONNECT.fullmatch(stem)) is None:
        return None
    when = _moment(f"{found['date']} {found['h']}{found['m']}00", ZoneInfo("UTC"))
    return None if when is None else CallMetadata(call_id=found["call_id"], started_at=when, source="connect")


_VICIDIAL = re.compile(
    r"(?P<when>\d{8}-\d{6})_(?P<customer>\+?\d*)_(?P<campaign>[^_]+)_(?P<agent>[^_]+?)(?:-(?:all|in|out))?"
)


def _vicidial(stem: str, zone: ZoneInfo) -> CallMetadata | None:
    """VICIdial ``FULLDATE_CUSTPHONE_CAMPAIGN_AGENT``; the campaign stands where others have a queue."""
    if (found := _VICIDIAL.fullmatch(stem)) is None:
        return None
    when = _moment(found["when"].replace("-", " "), zone)
    if when is None:
        return None
    return CallMetadata(
        started_at=when,
        queue=_text(found["campaign"]),
        agent_id=_text(found["agent"]),
        customer_id=_text(found["customer"]),
        source="vicidial",
    )


_CONVENTIONS: tuple[Callable[[str, ZoneInfo], CallMetadata | None], ...] = (
    _freepbx,
    _connect,
    _aws_pca,
    _vicidial,
)


@dataclass(frozen=True, slots=True)
class _Clock:
    """One way of writing a local time: its shape and how strptime reads it."""

    shape: re.Pattern[str]
    form: str


_CLOCKS = (
    _Clock(re.compile(r"\d{8}[ T_-]?\d{6}"), "%Y%m%d%H%M%S"),
    _Clock(re.compile(r"\d{8}[ T_-]?\d{4}"), "%Y%m%d%H%M"),
    _Clock(re.compile(r"\d{4}-\d{2}-\d{2}[ T_]\d{2}-\d{2}-\d{2}"), "%Y%m%d%H%M%S"),
    _Clock(re.compile(r"\d{4}-\d{2}-\d{2}[ T_]\d{6}"), "%Y%m%d%H%M%S"),
)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant that ``text`` names, in UTC: ISO 8601, an epoch, or YYYYMMDD HHMMSS; None when it names
    none.
    """
    text = text.strip()
    try:
        if re.fullmatch(r"\d{9,11}(\.\d+)?", text):
            return datetime.fromtimestamp(float(text), UTC)
        for clock in _CLOCKS:
            if clock.shape.fullmatch(text):
                return _in_utc(datetime.strptime(re.sub(r"\D", "", text), clock.form), zone)
        # A date alone is no time of a call: midnight would be made up.
        return _in_utc(datetime.fromisoformat(text), zone) if len(text) > 10 else None
    except (ValueError, OverflowError):
        return None


def _in_utc(when: datetime, zone: ZoneInfo, fold: int = 0) -> datetime:
    """``when`` in UTC; a time without an offset is read in ``zone``."""
    local = when if when.tzinfo is not None else when.replace(tzinfo=zone, fold=fold)
    return local.astimezone(UTC)


def _direction(text: str) -> Direction:
    return _DIRECTIONS.get(text.strip().lower(), "unknown")


def _text(value: str | None) -> str | None:
    """``value`` without control characters and undecodable bytes, cut to a sane length; None when nothing is
    left.
    """
    if value is None:
        return None
    clean = value.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in clean if c.isprintable()).strip()[:TEXT_MAX] or None
