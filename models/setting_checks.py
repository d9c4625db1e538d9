"""What each setting may be: one check per setting, each a sentence when it makes no sense."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models.errors import SettingsError
from models.listening.identity import reviewers_of
from models.listening.sampling import parse_mix
from models.opening import closings, openings
from models.retention_rules import retention_rules

REDACTED = ("card_number", "security_code", "bank_account", "national_id", "password", "email", "phone")
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
OUTSIDE_HOURS = ("apart", "left_out", "counted")
ORIGINALS = ("leave", "delete", "encrypt")

Check = Callable[[str, Any], object]
"""Takes a setting's name and value; raises SettingsError. What it gives back does not matter."""

Range = tuple[float, float]
"""Least and most of a number, both allowed."""


def listed(text: str) -> tuple[str, ...]:
    """The parts of a list with commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def typed(name: str, value: Any, default: Any) -> Any:
    """``value`` as the type of ``default``; paths become absolute. Raises SettingsError."""
    if isinstance(default, bool):
        return _yes_or_no(name, value)
    if isinstance(default, int | float):
        return _number(name, value, type(default))
    text = _text(name, value)
    return _path(name, text) if isinstance(default, Path) else text


def _yes_or_no(name: str, value: Any) -> bool:
    said = YES_NO.get(str(value).strip().lower())
    if said is None:
        raise SettingsError(f"The setting {name} is {value!r}; write yes or no.")
    return said


def _number(name: str, value: Any, kind: type[int] | type[float]) -> int | float:
    what = "a whole number" if kind is int else "a number"
    try:
        number = kind(value)
    except (TypeError, ValueError, OverflowError):
        raise SettingsError(f"The setting {name} is {value!r}; write {what}.") from None
    if isinstance(value, bool) or (kind is int and isinstance(value, float) and number != value):
        raise SettingsError(f"The setting {name} is {value!r}; write {what}.")
    return number


def _text(name: str, value: Any) -> str:
    if isinstance(value, list | dict | bool):
        raise SettingsError(
            f"The setting {name} is {value!r}; write one text in quotes, with commas where it is a list."
        )
    if "\0" in (text := str(value)):
        raise SettingsError(f"The setting {name} holds a null character; write it again without.")
    return text


def _path(name: str, text: str) -> Path:
    if not text.strip():
        raise SettingsError(f"The setting {name} is empty; name a folder, or leave it out.")
    try:
        return Path.cwd() / Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(
            f"The setting {name} is {text!r}, but that home folder is unknown; write the whole path."
        ) from None


def in_range(name: str, value: Any, allowed: Range) -> None:
    """Refuse a number outside of its range, and what is no number at all (nan). Raises SettingsError."""
    least, most = allowed
    if not least <= value <= most:
        raise SettingsError(f"The setting {name} is {value}; write a number from {least:g} to {most:g}.")


def one_of(values: Sequence[object], told: str = "") -> Check:
    """The setting must be one of these."""

    def check(name: str, value: Any) -> None:
        if value not in values:
            raise SettingsError(f"The setting {name} is {value!r}; write {told or _either(values)}.")

    return check


def _either(values: Sequence[object]) -> str:
    *most, last = map(str, values)
    return f"{', '.join(most)} or {last}"


def _time_zone(name: str, value: str) -> None:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        raise SettingsError(
            f"The setting {name} is {value!r}, which is no time zone; write one like Europe/Paris."
        ) from None


def _redact(name: str, value: str) -> None:
    if unknown := set(listed(value)) - set(REDACTED):
        raise SettingsError(f"The setting {name} has {min(unknown)!r}; it knows {', '.join(REDACTED)}.")


def _regions(name: str, value: str) -> None:
    for region in listed(value.upper()):
        if not (len(region) == 2 and region.isascii() and region.isalpha()):
            raise SettingsError(f"The setting {name} has {region!r}; write ISO codes of countries like FR, GB.")


def _currency(name: str, value: str) -> None:
    if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        raise SettingsError(f"The setting {name} is {value!r}; write an ISO code like EUR.")


def reads(read: Callable[[str], object]) -> Check:
    """The setting must be what this function reads: it raises SettingsError with the name itself."""
    return lambda _, value: read(value)


CHECKS: Mapping[str, Check] = {
    "time_zone": _time_zone,
    "opening_hours": reads(openings),
    "closed_days": reads(closings),
    "outside_hours": one_of(OUTSIDE_HOURS),
    "currency": _currency,
    "agent_channel": one_of((-1, 0, 1), "0 (left), 1 (right) or -1 (find out)"),
    "listening_mix": reads(parse_mix),
    "reviewer_agents": reads(reviewers_of),
    "redact": _redact,
    "retention": reads(retention_rules),
    "originals": one_of(ORIGINALS),
    "phone_regions": _regions,
}
"""Setting → its check; numbers have a range instead, where they are declared."""
