"""The filters of the Calls page: in the address, as widgets, and as parameters of its queries."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.components import address, needs, period
from dashboard.components.period import Period
from dashboard.i18n import N_, _, clock_of, weekday

OUTCOMES = {
    "offered": N_("Entered a queue"),
    "answered": N_("Answered"),
    "in_target": N_("Answered in time"),
    "late": N_("Not answered in time"),
    "abandoned": N_("Abandoned"),
    "short": N_("Abandoned very soon"),
    "left": N_("Left the queue otherwise"),
    "lost": N_("Abandoned and not back since"),
    "back": N_("Abandoned, called again, unanswered"),
    "reached": N_("Abandoned, and answered in a later call"),
    "over_limit": N_("Beyond the limit for every call"),
    "transferred": N_("Answered, then passed on"),
    "requeued": N_("Entered a queue again"),
}
SORTS = {
    "newest": N_("Newest first"),
    "oldest": N_("Oldest first"),
    "wait": N_("Longest wait first"),
    "duration": N_("Longest call first"),
    "satisfaction": N_("Least satisfied first (predicted)"),
}
HOURS = {"open": N_("Within them"), "outside": N_("Outside them")}
YES_NO = {"yes": N_("Yes"), "no": N_("No")}
MORE = (
    "outcome", "agent", "customer", "wait", "recorded", "transcribed", "weekday", "slot", "criterion", "result", "band", "hours", "again",
)  # fmt: skip
"""Filters that are folded away."""


def fields(queues: list[str]) -> dict[str, address.Field]:
    """Every filter of the page."""
    return {
        **period.fields(queues, "all"),
        "said": address.text(),
        "outcome": address.choice([*OUTCOMES, None], None),
        "agent": address.text(),
        "customer": address.text(),
        "wait": address.whole(0, 86_400),
        "recorded": address.choice([*YES_NO, None], None),
        "transcribed": address.choice([*YES_NO, None], None),
        "weekday": address.whole(1, 7),
        "slot": address.whole(0, 47),
        "criterion": address.choice([*needs.names(), None], None),
        "result": address.choice([*needs.RESULTS, None], None),
        "band": address.whole(0, 86_400),
        "hours": address.choice([*HOURS, None], None),
        "again": address.choice(["yes", None], None),
        "sort": address.choice(list(SORTS), "newest"),
    }


def widgets() -> None:
    """The folded filters; the fold says how many are set."""
    active = sum(st.session_state[name] not in (None, "") for name in MORE)
    label = _("More filters ({n} set)").format(n=active) if active else _("More filters and order")
    with st.expander(label, expanded=bool(active)):
        first, second = st.columns(4), st.columns(4)
        with first[0]:
            _choose(_("Outcome"), OUTCOMES, "outcome")
        first[1].text_input(
            _("Agent"), key="agent", persist_state="session", max_chars=200,
            help=_("Part of the name, or = and the whole name"),
        )  # fmt: skip
        first[2].text_input(_("Customer"), key="customer", persist_state="session", max_chars=200)
        first[3].number_input(
            _("Waited at least, seconds"), min_value=0, max_value=86_400, step=10, key="wait", value=None,
            persist_state="session",
        )  # fmt: skip
        with second[0]:
            _choose(_("Recording"), YES_NO, "recorded")
        with second[1]:
            _choose(_("Transcript"), YES_NO, "transcribed")
        with second[2]:
            _number(_("Weekday"), list(range(1, 8)), weekday, "weekday")
        with second[3]:
            _number(_("Half hour"), list(range(48)), clock_of, "slot")
        _needs()
        places = st.columns([1, 1, 1, 1], vertical_alignment="bottom")
        places[0].selectbox(
            _("Order"), list(SORTS), format_func=lambda code: _(SORTS[code]), key="sort", persist_state="session"
        )
        with places[1]:
            _choose(_("Opening hours"), HOURS, "hours")
        with places[2]:
            _choose(_("Same customer called again"), {"yes": YES_NO["yes"]}, "again")
        places[3].button(_("Clear all filters"), on_click=_clear)


def _needs() -> None:
    """What was judged: a need, its result, and the band of the wait."""
    named = needs.names()
    if st.session_state.criterion not in named:
        st.session_state.criterion = None
    places = st.columns(4)
    with places[0]:
        _choose(_("Need"), named, "criterion")
    with places[1]:
        _choose(_("Result of this need"), needs.RESULTS, "result", disabled=st.session_state.criterion is None)
    with places[2]:
        _number(_("Wait between"), needs.BANDS, needs.band, "band")


def _choose(label: str, options: dict[str, str], key: str, disabled: bool = False) -> None:
    st.selectbox(
        label, list(options), format_func=lambda code: _(options[code]), key=key, index=None, placeholder=_("Any"),
        persist_state="session", disabled=disabled,
    )  # fmt: skip


def _number(label: str, options: list[int], name: Callable[[int], str], key: str) -> None:
    st.selectbox(
        label,
        options,
        format_func=name,
        key=key,
        index=None,
        placeholder=_("Any"),
        persist_state="session",  # type: ignore[arg-type]
    )


def _clear() -> None:
    for name, field in fields([]).items():
        st.session_state[name] = field.read(())


def parameters(chosen: Period | None, queues: list[str] | None) -> dict[str, object]:
    """What the queries of the page take; None filters nothing."""
    given = st.session_state
    whole = chosen is None or chosen.name == "all"
    return {
        "start": None if whole else chosen.start,  # type: ignore[union-attr]
        "end": None if whole else chosen.end,  # type: ignore[union-attr]
        "queues": queues,
        "agent": given.agent.strip() or None,
        "customer": given.customer.strip() or None,
        "min_wait_s": given.wait,
        "recorded": _yes(given.recorded),
        "transcribed": _yes(given.transcribed),
        "outcome": given.outcome,
        "weekday": given.weekday,
        "slot": given.slot,
        "criterion": given.criterion,
        "result": given.result,
        "band": given.band,
        "hours": given.hours,
        "again": _yes(given.again),
        "sort": given.sort if given.sort in SORTS else "newest",
    }


def _yes(code: str | None) -> bool | None:
    return None if code is None else code == "yes"


def by_visit(filters: dict[str, object]) -> bool:
    """Whether the filters speak of what happened in a queue, rather than of the call as a whole."""
    return any(filters[name] is not None for name in ("outcome", "weekday", "slot", "hours"))
