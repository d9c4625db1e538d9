"""Filters that live in the address: what the reader chose can be bookmarked, sent and linked to.

Streamlit's own binding writes the labels into the address, and those change with the language; here codes are written.
An address that names any field of the page decides them all; one that names none leaves the last choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

Words = tuple[str, ...]
SEEN = "_address"
LANGUAGE = "lang"


@dataclass(frozen=True, slots=True)
class Field:
    """One filter: how it is read from the address, and written to it (nothing when it has its default)."""

    read: Callable[[Words], object]
    write: Callable[[object], Words]


def choice(options: Sequence[str | None], default: str | None) -> Field:
    """One of some codes."""
    return Field(
        lambda words: words[0] if words and words[0] in options else default,
        lambda value: () if value in (default, None) else (str(value),),
    )


def several(options: Sequence[str]) -> Field:
    """Any of some values; none of them is the default."""
    return Field(
        lambda words: [word for word in words if word in options],
        lambda value: tuple(value or ()),  # type: ignore[arg-type]
    )


def text(longest: int = 200) -> Field:
    """Words as typed, cut at ``longest`` characters."""
    return Field(
        lambda words: words[0][:longest] if words else "",
        lambda value: (str(value),) if value else (),
    )


def whole(lowest: int, highest: int) -> Field:
    """A whole number within bounds, or None."""

    def read(words: Words) -> int | None:
        given = int(words[0]) if words and words[0].isascii() and words[0].isdigit() else None
        return given if given is not None and lowest <= given <= highest else None

    return Field(read, lambda value: () if value is None else (str(value),))


def days() -> Field:
    """Two dates, both inclusive; an empty tuple when there are none."""

    def read(words: Words) -> tuple[date, ...]:
        try:
            first, last = (date.fromisoformat(word) for word in words[:2])
        except ValueError:
            return ()
        return (first, last) if first <= last else (last, first)

    return Field(read, lambda value: tuple(day.isoformat() for day in value or ()))  # type: ignore[attr-defined]


def adopt(page: str, fields: Mapping[str, Field]) -> None:
    """Before a page's widgets: take their values from the address, where it names any and is news."""
    named = {name: tuple(st.query_params.get_all(name)) for name in fields if name in st.query_params}
    news = bool(named) and st.session_state.get(SEEN) != (page, named)
    for name, field in fields.items():
        if news or name not in st.session_state:
            st.session_state[name] = field.read(named.get(name, ()))


def publish(page: str, fields: Mapping[str, Field]) -> None:
    """After a page's widgets: write their values to the address."""
    wanted = {name: words for name, field in fields.items() if (words := field.write(st.session_state.get(name)))}
    others = {name: tuple(st.query_params.get_all(name)) for name in st.query_params if name not in fields}
    current = {name: tuple(st.query_params.get_all(name)) for name in st.query_params}
    if {**others, **wanted} != current:
        st.query_params.from_dict({**others, **wanted})
    st.session_state[SEEN] = (page, wanted)


def with_language(parameters: Mapping[str, object]) -> dict[str, str | list[str]]:
    """Parameters of a link to another page, which keeps the language that the address names; empty ones left out."""
    kept: dict[str, str | list[str]] = {}
    for name, value in parameters.items():
        if isinstance(value, list | tuple):
            if value:
                kept[name] = [str(item) for item in value]
        elif value is not None:
            kept[name] = str(value)
    if LANGUAGE in st.query_params:
        kept[LANGUAGE] = st.query_params[LANGUAGE]
    return kept
