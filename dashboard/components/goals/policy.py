"""The policy: the vision, the top five complaints and expectations beside what the data say, and the check-list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard import queries, session
from dashboard.components import empty, links, period, rights
from dashboard.components.address import with_language
from dashboard.components.changed import before_and_after
from dashboard.components.goals import do, edition, history
from dashboard.i18n import DASH, N_, _, date, lang, missing, money, ngettext, number
from dashboard.session import writer
from models.access.people import Action
from models.changes import Change
from models.goals import policy
from models.goals.policy import Item, Tick

OWN = N_("Our own")
LABELS = {"text": N_("Text"), "done": N_("In place"), "evidence": N_("What shows it"), "left_out": N_("Left out here")}


def show() -> None:
    """The vision, the top fives, the check-list, and what was changed."""
    texts = policy.texts(queries.app_store())
    with st.container(border=True):
        _vision(texts)
    with st.container(border=True):
        _fives(texts)
    with st.container(border=True):
        _check_list()
    history(policy.TABLES, "policy", _words, Action.KEEP_GOALS)


def _vision(known: dict[str, str]) -> None:
    st.header(_("Our vision"))
    st.caption(_("One sentence that everybody can say by heart. It stands at the side of every page."))
    allowed = rights.may(Action.KEEP_GOALS)
    key = f"vision_{edition()}"
    with st.form(key, border=False):
        words = st.text_area(
            _("Our vision"), known.get(policy.VISION, ""), max_chars=policy.LONGEST, height=80, key=f"{key}_text",
            label_visibility="collapsed", placeholder=_("What a customer should say of us after a call"),
        )  # fmt: skip
        if st.form_submit_button(_("Save"), disabled=not allowed):
            do(
                lambda: policy.write_texts(queries.app_store(), {policy.VISION: words}, writer(Action.KEEP_GOALS)),
                _("Saved."),
            )


def _fives(known: dict[str, str]) -> None:
    """What the centre holds its customers to complain about and expect most; beside it, what the data say."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        key = f"fives_{edition()}"
        with st.form(key, border=False):
            places = st.columns(2)
            given = _five(places[0], N_("Top five complaints"), policy.COMPLAINTS, known, key)
            given |= _five(places[1], N_("Top five expectations"), policy.EXPECTATIONS, known, key)
            reason = rights.why_not(Action.KEEP_GOALS)
            if st.form_submit_button(_("Save"), disabled=reason is not None, help=reason):
                changed = {name: words for name, words in given.items() if words.strip() != known.get(name, "")}
                do(lambda: policy.write_texts(queries.app_store(), changed, writer(Action.KEEP_GOALS)), _("Saved."))
    with right:
        _issues()


def _five(place: st.delta_generator.DeltaGenerator, title: str, names: Sequence[str], known: dict[str, str], key: str) -> dict[str, str]:  # fmt: skip
    place.header(_(title))
    return {
        name: place.text_input(
            f"{_(title)}, {number(n)}", known.get(name, ""), max_chars=policy.LONGEST, key=f"{key}_{name}",
            label_visibility="collapsed", placeholder=number(n),
        )
        for n, name in enumerate(names, 1)
    }  # fmt: skip


def _issues() -> None:
    """The five issues of the last eight weeks that cost most and can be acted on."""
    st.header(_("What the calls say"))
    reach = period.reach_of(period.snapshot())
    rows = []
    if reach is not None:
        span = period.resolve("8_weeks", reach, reach.newest)
        rows = queries.query("issue_ledger", start=span.start, end=span.end, queues=None).to_dict("records")
    if not rows:
        empty.no_issue_yet(int(queries.row("issue_state")["gathering"]))
        return
    st.caption(
        _(
            "The five issues that rank highest in the last eight weeks: frequency × cost × whether something can be done."
        )
    )
    for place, row in enumerate(rows[: policy.FIVE], 1):
        calls = ngettext("{n} call", "{n} calls", int(row["calls"])).format(n=number(row["calls"]))
        st.text(f"{number(place)}  {row['name']} · {calls} · {money(row['cost'], queries.settings().currency)}")
    links.page(links.ISSUES, _("Look into it") + " →", with_language({"period": "8_weeks"}))


def _check_list() -> None:
    """Every item with its tick, who said so, when, and what shows it."""
    store = queries.app_store()
    listed, ticks = policy.items(store), policy.ticks(store)
    kept = [item for item in listed if not item.left_out]
    done = sum(item.id in ticks and ticks[item.id].done for item in kept)
    st.header(_("Check-list of the policy"))
    st.progress(done / max(len(kept), 1), _("{n} of {all} in place").format(n=number(done), all=number(len(kept))))
    groups = policy.of_file()[0]
    for code in (*groups, "own"):
        here = [item for item in kept if item.group == code]
        if here:
            st.markdown(f"**{groups[code][lang()] if code in groups else _(OWN)}**")
        for item in here:
            _item(item, ticks.get(item.id))
    _more([item for item in listed if item.left_out])


def words_of(item: Item) -> str:
    """An item in the reader's language, or in the words of those who wrote it."""
    return item.text.get("*") or item.text.get(lang()) or item.text["en"]


def _item(item: Item, tick: Tick | None) -> None:
    key, reason = f"tick_{item.id}_{edition()}", rights.why_not(Action.KEEP_GOALS)
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key=f"item_{item.id}"):
        st.checkbox(
            _("In place") if item.group == "own" else words_of(item), tick.done if tick else False, key=key, on_change=_ticked, args=(item, key), width="content",
            label_visibility="collapsed", disabled=reason is not None, help=reason,
        )  # fmt: skip
        with st.container(gap=None):
            st.text(words_of(item))
            if tick:
                told = [
                    tick.written_by,
                    date(tick.written_at.astimezone(queries.settings().zone).date()),
                    tick.evidence,
                ]
                st.text(" · ".join(part for part in told if part))
        if reason:
            return
        with st.popover(_("More"), key=f"more_{item.id}_{edition()}"), st.form(f"evidence_{item.id}", border=False):
            known = (tick.evidence if tick else None) or ""
            evidence = st.text_area(
                _("What shows it"), known, max_chars=500, key=f"evidence_{item.id}_{edition()}",
                placeholder=_("A document, a page, a date"),
            )  # fmt: skip
            if st.form_submit_button(_("Save")):
                do(
                    lambda: policy.tick(queries.app_store(), item, writer(Action.KEEP_GOALS), evidence=evidence),
                    _("Saved."),
                )
            if st.form_submit_button(_("Leave it out here")):
                do(
                    lambda: policy.leave_out(queries.app_store(), item, True, writer(Action.KEEP_GOALS)),
                    _("Left out. Undo below brings it back."),
                )


@session.telling
def _ticked(item: Item, key: str) -> None:
    policy.tick(queries.app_store(), item, writer(Action.KEEP_GOALS), done=bool(st.session_state[key]))


def _more(left_out: list[Item]) -> None:
    """An item of one's own, and those left out, for whoever may change the list."""
    if not session.may(Action.KEEP_GOALS):
        return
    with st.expander(_("Add an item, or take one in again")):
        with st.form(f"item_{edition()}", border=False):
            words = st.text_input(_("An item of your own"), max_chars=policy.LONGEST, key=f"item_text_{edition()}")
            if st.form_submit_button(_("Add")):
                do(lambda: policy.add_item(queries.app_store(), words, writer(Action.KEEP_GOALS)), _("Added."))
        for item in left_out:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(words_of(item))
                if st.button(_("Take it in again"), key=f"again_{item.id}"):
                    do(partial(_take_in, item), _("It is back."))


def _take_in(item: Item) -> None:
    policy.leave_out(queries.app_store(), item, False, writer(Action.KEEP_GOALS))


def _words(change: Change) -> tuple[str, str]:
    """What a change is about, and what it changed."""
    row = change.after or change.before or {}
    if change.what == "centre_texts":
        return _title(str(change.item["name"])), before_and_after(change, {"text": LABELS["text"]}, _value)
    known = {item.id: words_of(item) for item in policy.items(queries.app_store())}
    about = known.get(str(change.item["item"])) or str(row.get("text") or change.item["item"])
    fields = ("text", "left_out") if change.what == "policy_items" else ("done", "evidence")
    return about, before_and_after(change, {field: LABELS[field] for field in fields}, _value)


def _title(name: str) -> str:
    if name == policy.VISION:
        return _("Our vision")
    kind, _sep, place = name.partition("_")
    return f"{_('Top five complaints') if kind == 'complaint' else _('Top five expectations')}, {place}"


def _value(field: str, value: object) -> str:
    if field in ("done", "left_out"):
        return _("yes") if value else _("no")
    return DASH if missing(value) else str(value)
