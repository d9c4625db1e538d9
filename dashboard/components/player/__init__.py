"""The player: sound, lanes and transcript of one call, in step with one another.

Streamlit finds its files through pyproject.toml (``[[tool.streamlit.component.components]]``), so Earshot must be
installed, also where it runs from a checkout: ``pip install -e .``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.player.payload import Mark, Sound, turn_payload
from dashboard.i18n import _, lang, locale

__all__ = ["Mark", "Sound", "player"]


@functools.cache
def _component() -> Callable[..., Any]:
    """Registered at first use: its files resolve only where a server runs."""
    return st.components.v2.component(
        "earshot.player",
        html='<section class="player"></section>',
        css="player.css",
        js="player.js",
    )


def player(
    turns: Sequence[Mapping[str, Any]],
    sound: Sound | None,
    *,
    key: str,
    language: str | None = None,
    notice: str = "",
    focus: int | None = None,
    jump: int = 0,
    marks: Sequence[Mark] = (),
    on_renew: Callable[[], None] = lambda: None,
    on_pin: Callable[[], None] | None = None,
    write_in: str = "",
) -> None:
    """Show the player.

    ``turns`` are rows of `turns`; without ``sound`` there is the transcript alone. ``key`` must be the same for the
    same recording: it keeps the sound playing while the page is drawn anew. ``focus`` is the index of a turn to show
    first, and whenever ``jump`` changes, to go to with the sound. ``marks`` are shown in their turns and below the
    lanes. ``on_renew`` is called when the sound's token no longer opens it: draw again with a new one.
    ``on_pin`` is called when the reviewer pins a moment: ``st.session_state[key].pin`` is its second of the recording,
    and the focus moves to the element that the selector ``write_in`` finds.
    """
    _component()(
        key=key,
        data={
            "id": key,
            "turns": [turn_payload(turn, marks) for turn in turns],
            "sound": sound.payload() if sound else None,
            "language": language,
            "focus": focus,
            "jump": jump,
            "pins": on_pin is not None,
            "write_in": write_in,
            "dir": "rtl" if locale().character_order == "right-to-left" else "ltr",
            "labels": {**labels(pins=on_pin is not None), "notice": notice},
        },
        on_renew_change=on_renew,
        on_pin_change=on_pin or (lambda: None),
        width="stretch",
        height="content",
    )


def labels(*, pins: bool = False) -> dict[str, Any]:
    """Every text of the player in the reader's language; with ``pins``, also of pinning a moment."""
    pinning = [[["p"], _("Pin this moment and write")], [["Esc"], _("Back from writing to the player")]] if pins else []
    return {
        "locale": lang(),
        "player": _("Call player"),
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("Back 5 seconds"),
        "forward": _("Forward 5 seconds"),
        "speed": _("Speed"),
        "skip_silence": _("Skip silence and holds"),
        "pin": _("Pin this moment"),
        "transcript": _("Transcript"),
        "play_from": _("Play from {time}"),
        "heard": _("Heard this week: {time}"),
        "marks": _("Evidence"),
        "speaks_for": _("speaks for: {name}"),
        "speaks_against": _("speaks against: {name}"),
        "failed": _("The sound can't be played."),
        "unsure": _("The speech model was unsure of this word"),
        "speakers": {
            "agent": _("Agent"),
            "customer": _("Customer"),
            "unknown": _("Speaker?"),
            "both": _("Everyone"),
            "channel_1": _("Channel 1"),
            "channel_2": _("Channel 2"),
        },
        "keyboard": _("Keyboard"),
        "keys": [
            [[_("Space"), "k"], _("Play or pause; k works anywhere on the page")],
            [["←", "→"], _("5 seconds back or forward")],
            [["↑", "↓"], _("Previous or next turn")],
            [["<", ">"], _("Slower or faster")],
            [["s"], _("Skip silence and holds")],
            *pinning,
        ],
    }
