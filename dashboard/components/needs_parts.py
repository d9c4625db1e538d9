"""The parts of the Needs page: each a chart, the same in words, and the calls behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, queries
from dashboard.components import links, needs, tables, trust
from dashboard.components.clicks import clicked
from dashboard.components.needs import Row
from dashboard.components.period import Period
from dashboard.i18n import N_, _, ngettext, number, percent
from models.listening.agreement import Agreement

SPLITS = {"queue": N_("Queue"), "agent": N_("Agent"), "week": N_("Week"), "band": N_("Wait")}
MOST = 60
"""Parts that are compared at most."""

Queues = list[str] | None
Agreements = Mapping[str, Agreement]
"""Criterion → how well its automatic results agree with people."""


def trusted(named: dict[str, str], agreement: Agreements) -> None:
    """What these results are, before anyone relies on them."""
    known = [name for code, name in named.items() if agreement.get(code, Agreement()).trusted]
    if not known:
        told = _("These are automatic results, not yet trusted: too few agree with what people judge blind. They are "
                 "leanings, and stay out of team scores. Listen before you conclude.")  # fmt: skip
        st.info(told, icon=":material/hearing:")
        return
    told = ngettext("{n} need of {all} is trusted, the others are leanings and stay out of team scores.",
                    "{n} needs of {all} are trusted, the others are leanings and stay out of team scores.", len(known))  # fmt: skip
    st.info(told.format(n=number(len(known)), all=number(len(named))), icon=":material/verified:")


def leaning(name: str, agreement: Agreement) -> str:
    """The name of a need, marked where its automatic results are not trusted."""
    return name if agreement.trusted else _("{need} (leaning)").format(need=name)


def overall(rows: list[Row], period: Period, queues: Queues, agreement: Agreements) -> Row:
    """Every need with its share; gives the one that the reader chose."""
    st.header(_("Needs met"))
    st.caption(
        _(
            "Share of the calls in which it could be judged, with its 95% interval; grey has fewer than {n} calls."
        ).format(n=number(charts.FEW))
    )
    known = {str(row["criterion"]): row for row in rows}
    how = {code: agreement.get(code, Agreement()) for code in known}
    if any(one.trusted for one in how.values()):
        st.caption(_("✓ marks the needs whose automatic results are trusted; the others are leanings."))
    marks = [
        charts.Share(f"✓ {row['name']}" if how[code].trusted else row["name"], row, code) for code, row in known.items()
    ]
    _chart(marks, "needs", "need", _("Share of calls in which each need was met; the table below says the same"))
    with st.expander(_("The same as a table, with the calls that could not be judged")):
        table([{**row, "trust": trust.short(how[code])} for code, row in known.items()], _("Need"), "needs_table")
    if st.session_state.get("need") not in known:
        st.session_state.need = next(iter(known))
    chosen = st.selectbox(
        _("Need"),
        list(known),
        key="need",
        format_func=lambda code: f"{known[code]['name']} · {needs.counted(known[code])}",
    )
    trust.caption(how[chosen])
    needs.calls(known[chosen], period, queues)
    return known[chosen]


def compared(need: Row, span: dict[str, Any], period: Period, queues: Queues, agreement: Agreement) -> None:
    """The chosen need by queue, agent, week or wait."""
    st.header(_("Compared"))
    st.text(leaning(need["name"], agreement))
    if not agreement.trusted:
        st.caption(_("A leaning: it says where to listen, not who does better."))
    split = st.segmented_control(
        _("By"), list(SPLITS), format_func=lambda code: _(SPLITS[code]), key="split", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    split = split or "queue"
    rows = queries.query("needs_by", **span, split=split, criteria=[need["criterion"]], most=MOST).to_dict("records")
    if not rows:
        st.write(_("Nothing is known about this for these calls."))
        return
    known = {str(row["part"]): {**row, "name": needs.part_name(split, str(row["part"]))} for row in rows}
    marks = [charts.Share(row["name"], row, part) for part, row in known.items()]
    _chart(marks, "compared", "part", _("Share of calls in which the need was met, part by part"))
    with st.expander(_("The same as a table, with the calls that could not be judged")):
        table(list(known.values()), _(SPLITS[split]), "compared_table")
    if len(known) == MOST:
        st.caption(_("The {n} with the most calls.").format(n=number(MOST)))
    if st.session_state.get("part") not in known:
        st.session_state.part = None
    part = st.selectbox(
        _(SPLITS[split]), list(known), key="part", index=None, placeholder=_("Choose or click one for its calls"),
        format_func=lambda code: f"{known[code]['name']} · {needs.counted(known[code])}",
    )  # fmt: skip
    if part:
        needs.part_calls(known[part], split, period, queues)


def tone(named: dict[str, str], span: dict[str, Any], period: Period, queues: Queues) -> None:
    """Whether agents are less kind to those who waited long."""
    st.header(_("Does the wait change the tone?"))
    rows = queries.query("needs_by", **span, split="band", criteria=list(needs.TONE), most=MOST)
    if rows.empty:
        st.write(_("No waits are known for the scored calls of these days."))
        return
    bands = sorted({int(part) for part in rows["part"]})
    marks = [
        charts.Share(needs.band(int(row["part"])), row, f"{row['criterion']}:{row['part']}", row["name"])
        for row in needs.in_order(rows, named)
    ]
    _chart(
        marks,
        "tone",
        "tone_part",
        _("Share of calls with friendliness and with empathy, by how long the customer waited"),
    )
    known = {mark.key: mark for mark in sorted(marks, key=lambda mark: bands.index(int(mark.row["part"])))}
    if st.session_state.get("tone_part") not in known:
        st.session_state.tone_part = None
    chosen = st.selectbox(
        _("Wait and need"), list(known), key="tone_part", index=None, placeholder=_("Choose or click one for its calls"),
        format_func=lambda key: f"{known[key].name} · {known[key].series} · {needs.counted(known[key].row)}",
    )  # fmt: skip
    if chosen:
        needs.part_calls(known[chosen].row, "band", period, queues)


def satisfaction(span: dict[str, Any], period: Period, queues: Queues) -> None:
    """How satisfied customers probably were: apart from warmth."""
    st.header(_("Predicted satisfaction"))
    st.caption(_("Warmth and resolution are shown apart: this is how satisfied the customer probably was at the end, "
                 "not how kind the agent was. The model was trained on written helpdesk dialogues, so it is a leaning "
                 "that says what to listen to, not a measurement."))  # fmt: skip
    rows = queries.query("satisfaction_spread", **span)
    if rows.empty:
        st.write(_("Nothing has been predicted for these days."))
        return
    st.plotly_chart(
        charts.satisfaction(rows, st.context.theme.type), key="satisfaction", config=charts.CONFIG,
        alt=_("Number of calls by predicted satisfaction, from −2 to 2"),
    )  # fmt: skip
    label = _("See calls, least satisfied first")
    links.to_calls(int(rows["calls"].sum()), period, queues, label, sort="satisfaction")


def definitions() -> None:
    """What each need asks for, in the scorecard's own words."""
    with st.expander(_("What the needs mean")):
        for row in needs.criteria():
            with st.container(gap=None):
                st.text(row["name"])
                st.text(f"{row['definition']}\n{row['applies']}")
                st.divider()


def table(rows: list[Row], first: str, key: str) -> None:
    """Shares with their intervals, and apart from them the calls that are in no share."""
    shown = pd.DataFrame({
        "name": [row["name"] for row in rows],
        "share": [percent(row["share"]) for row in rows],
        "interval": [f"{percent(row['low'])} – {percent(row['high'])}" if row["n"] else "" for row in rows],
        **{name: [number(row[name]) for row in rows] for name in ("n", *needs.RESULTS)},
    })  # fmt: skip
    columns = {
        "name": (first, "text"), "share": (_("Share met"), "share"), "interval": (_("95% interval"), "share"),
        "n": (_("Judged"), "n"), **{name: (_(label), "n") for name, label in needs.RESULTS.items()},
    }  # fmt: skip
    if rows and "trust" in rows[0]:
        shown.insert(1, "trust", [row["trust"] for row in rows])
        columns["trust"] = (_("Agreement with people"), "text")
    tables.show(shown, columns, key, None, _("Shares with their intervals and counts"))


def _chart(marks: list[charts.Share], key: str, choice: str, alt: str) -> None:
    """Dots with intervals; a click on one chooses it in the list below."""

    def choose() -> None:
        if place := clicked(key):
            st.session_state[choice] = str(place[0])

    st.plotly_chart(
        charts.shares(marks, st.context.theme.type), key=key, config=charts.CONFIG, on_select=choose,
        selection_mode="points", alt=alt,
    )  # fmt: skip
