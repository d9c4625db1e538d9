"""Words, dates and numbers in the reader's language: gettext catalogues with Babel, read straight from their .po files.

Every visible string passes through ``_`` (or ``ngettext``); ``N_`` marks one that is translated later.
``python -m dashboard.i18n update`` refreshes the catalogues from the code.
"""

from __future__ import annotations

import functools
import gettext
import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date as Date
from datetime import datetime
from pathlib import Path
from typing import Literal

import streamlit as st
from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent

LOCALE: Path = Path(__file__).parent / "locale"
LANGUAGES: dict[str, str] = {"en": "English", "fr": "Français"}
"""The languages on offer, each named in itself."""

LOCALES = {"en": "en_GB", "fr": "fr_FR"}
"""How each language writes dates and numbers."""

SECOND_DIGITS = 10
"""Below this many seconds a tenth is shown."""

DASH = "–"
"""Shown where there is no value."""


_spoken: ContextVar[str] = ContextVar("spoken", default="")


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The texts of ``language``, compiled in memory from its .po file."""
    file = LOCALE / language / "LC_MESSAGES" / "earshot.po"
    if not file.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def lang() -> str:
    """The reader's language: as chosen, else as the address says, else as the browser asks, else English."""
    if spoken := _spoken.get():
        return spoken
    chosen = st.session_state.get("lang")
    if chosen in LANGUAGES:
        return str(chosen)
    for wanted in (st.query_params.get("lang"), st.context.locale):
        code = str(wanted or "").split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language: that of a page while it is drawn, and in a file, which is made after its button was pressed."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(text: str) -> str:
    """``text`` in the reader's language."""
    return catalogue(lang()).gettext(text) if text else ""


def N_(text: str) -> str:
    """``text`` unchanged, marked for the catalogues: pass it through ``_`` when it is shown."""
    return text


def ngettext(one: str, many: str, n: int) -> str:
    """``one`` or ``many`` in the reader's language, as ``n`` asks; put the number in yourself."""
    return catalogue(lang()).ngettext(one, many, n)


def locale() -> Locale:
    """How the reader's language writes dates and numbers."""
    return _locale(lang())


@functools.cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


def missing(value: object) -> bool:
    """Whether ``value`` is no value: None, NaN or NaT."""
    return value is None or value != value


def number(value: float | None, digits: int = 0) -> str:
    """1234.5 as 1,234.5 or 1 234,5; a dash where there is no value."""
    if missing(value):
        return DASH
    return _decimal(_rounded(value, digits) + 0.0, digits, lang())


def percent(share: float | None, digits: int = 0) -> str:
    """0.825 as 83% or 83 %; a dash where there is no value."""
    if missing(share):
        return DASH
    return _percent(_rounded(share, digits + 2) + 0.0, digits, lang())


@functools.lru_cache(maxsize=20_000)
def _decimal(value: float, digits: int, language: str) -> str:
    """Kept, for pages write the same numbers again and again, and each takes a tenth of a millisecond."""
    return str(format_decimal(value, format=_pattern("#,##0", digits), locale=_locale(language)))


@functools.lru_cache(maxsize=20_000)
def _percent(value: float, digits: int, language: str) -> str:
    pattern = _pattern("#,##0", digits) + _percent_sign(language)
    return str(format_percent(value, format=pattern, locale=_locale(language)))


def percent_sign() -> str:
    """What stands after a percentage: French puts a thin space before the sign."""
    return _percent_sign(lang())


def _percent_sign(language: str) -> str:
    return "\u202f%" if language == "fr" else "%"


def points(difference: float | None, digits: int = 1) -> str:
    """A difference of two shares as signed percentage points: 0.05 as +5.0 points."""
    if missing(difference):
        return DASH
    return _("{n} points").format(n=signed(100 * difference, digits))  # type: ignore[operator]


def signed(value: float | None, digits: int = 0) -> str:
    """A number with its sign, as changes are shown."""
    if missing(value):
        return DASH
    sign = "+" if _rounded(value, digits) > 0 else "−" if _rounded(value, digits) < 0 else "±"
    return sign + number(abs(value), digits)  # type: ignore[arg-type]


def money(value: float | None, currency: str) -> str:
    """Whole units of a currency: €1,235, 1 235 €."""
    if missing(value):
        return DASH
    return str(format_currency(round(value), currency, locale=locale(), currency_digits=False, format=_money(lang())))  # type: ignore[arg-type]


def _money(language: str) -> str:
    return "#,##0\u00a0¤" if language == "fr" else "¤#,##0"


def seconds(value: float | None, digits: int | None = None) -> str:
    """A short duration, like 8.4 s or 95 s: waits and thresholds are spoken of in seconds."""
    if missing(value):
        return DASH
    digits = (1 if abs(value) < SECOND_DIGITS and value != int(value) else 0) if digits is None else digits  # type: ignore[operator,arg-type]
    return f"{number(value, digits)}\u00a0s"


def duration(value: float | None) -> str:
    """Seconds as a clock shows them: 4:05, 1:02:03; a dash where there is no value."""
    if missing(value):
        return DASH
    minutes, rest = divmod(round(value), 60)  # type: ignore[arg-type]
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def date(day: Date | None, form: str = "medium") -> str:
    """A date: 3 Mar 2026, 3 mars 2026."""
    return DASH if missing(day) else str(format_date(day, form, locale=locale()))


def short_date(day: Date) -> str:
    """A date without its year, for axes: 3 Mar, 3 mars."""
    return str(format_date(day, "d MMM", locale=locale()))


def date_range(first: Date, last: Date) -> str:
    """Two dates, both inclusive: 3 Mar 2026 – 9 Mar 2026."""
    return date(first) if first == last else f"{date(first)} – {date(last)}"


def moment(at: datetime | None) -> str:
    """A date with its time to the minute, in the zone that ``at`` carries: 3 Mar 2026, 14:05."""
    return DASH if missing(at) else str(format_datetime(at, "d MMM y, HH:mm", locale=locale()))


def clock(at: datetime) -> str:
    """The time of day: 14:05."""
    return str(format_time(at, "HH:mm", locale=locale()))


def clock_of(slot: int) -> str:
    """The beginning of a half hour of the day, 0 to 47: 09:30."""
    return f"{slot // 2:02d}:{slot % 2 * 30:02d}"


def weekday(day: int, width: Literal["wide", "abbreviated"] = "wide") -> str:
    """The name of an ISO weekday, 1 being Monday."""
    return str(get_day_names(width, "stand-alone", locale=locale())[day - 1])


def listed(items: list[str]) -> str:
    """Items as a sentence lists them: a, b and c."""
    return str(format_list(items, locale=locale()))


def _rounded(value: float | None, digits: int) -> float:
    return math.copysign(round(abs(value), digits), value) if value else 0.0


def _pattern(whole: str, digits: int) -> str:
    return f"{whole}.{'0' * digits}" if digits else whole


def plotly_separators() -> str:
    """Decimal and thousands separators as Plotly wants them."""
    return ",\u202f" if lang() == "fr" else ".,"


if __name__ == "__main__":
    import sys

    from dashboard.catalogues import main

    sys.exit(main(sys.argv[1:]))
