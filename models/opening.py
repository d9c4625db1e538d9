"""Opening hours and closed days as people write them in the settings, read into half hours of the local day.

``mon-fri 08:00-18:00, sat 09:00-13:00``; several stretches a day are written as several parts; a stretch that ends
before it begins goes on into the next day; ``24:00`` is the end of the day.
"""

from __future__ import annotations

import re
from datetime import date

from models.errors import SettingsError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PART = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))? +(\d\d):(00|30)-(\d\d):(00|30)")
SLOTS = 48
"""Half hours of a day."""

Opening = tuple[int, int, int]
"""ISO weekday, first half hour, and the half hour at which it closes, exclusive."""


def openings(text: str) -> list[Opening]:
    """The stretches of the week; none means always open. Raises SettingsError with the part that can't be read."""
    found: list[Opening] = []
    for part in (part.strip().lower() for part in text.split(",")):
        if part:
            found += _stretches(part)
    return sorted(set(found))


def _stretches(part: str) -> list[Opening]:
    match = PART.fullmatch(part)
    if match is None:
        raise _unreadable(part)
    first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
    begins, ends = (int(match[n]) * 2 + int(match[n + 1]) // 30 for n in (3, 5))
    if begins >= SLOTS or ends > SLOTS or begins == ends:
        raise _unreadable(part)
    found: list[Opening] = []
    for day in ((first + n) % 7 for n in range((last - first) % 7 + 1)):
        if ends > begins:
            found.append((day + 1, begins, ends))
            continue
        found.append((day + 1, begins, SLOTS))
        if ends:
            found.append(((day + 1) % 7 + 1, 0, ends))
    return found


def _unreadable(part: str) -> SettingsError:
    return SettingsError(
        f"The setting opening_hours has {part!r}; write days and half hours like mon-fri 08:00-18:00, sat 09:00-13:00."
    )


def closings(text: str) -> list[date]:
    """The closed days. Raises SettingsError with the one that is no date."""
    days = []
    for word in (word.strip() for word in text.split(",")):
        try:
            days += [date.fromisoformat(word)] if word else []
        except ValueError:
            raise SettingsError(f"The setting closed_days has {word!r}; write dates like 2026-12-25.") from None
    return sorted(set(days))
