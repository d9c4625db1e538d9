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
) -> None:
    """Show the player.

    ``turns`` are rows of `turns`; without ``sound`` there is the transcript alone. ``key`` must be the same for the
    same recording: it keeps the sound playing while the page is drawn anew. ``focus`` is the index of a turn to show
    first, and whenever ``jump`` changes, to go to with the sound. ``marks`` are shown in their turns and below the
    lanes. ``on_renew`` is called when the sound's token no longer opens it: draw again with a new one.
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
            "dir": "rtl" if locale().character_order == "right-to-left" else "ltr",
            "labels": {**labels(), "notice": notice},
        },
        on_renew_change=on_renew,
        width="stretch",
        height="content",
    )


def labels() -> dict[str, Any]:
    """Every text of the player in the reader's language."""
    return {
        "locale": lang(),
        "player": _("Call player"),
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("Back 5 seconds"),
        "forward": _("Forward 5 seconds"),
        "speed": _("Speed"),
        "skip_silence": _("Skip silence"),
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
            [[_("Space"), "k"], _("Play or pause")],
            [["←", "→"], _("5 seconds back or forward")],
            [["↑", "↓"], _("Previous or next turn")],
            [["<", ">"], _("Slower or faster")],
            [["s"], _("Skip silence")],
        ],
    }
