"""Bringing in a file: looked at first, then written as a whole; what was refused is listed; an import can be taken back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.components import rights, tables
from dashboard.components.complaints import CHANNELS, do, issue_names, local
from dashboard.components.csv import protected_csv, save
from dashboard.i18n import DASH, N_, _, listed, moment, ngettext, number
from dashboard.session import writer
from models.access.people import Action
from models.complaints import imports, sheets
from models.complaints.imports import Preview
from models.complaints.sheets import RefusedLine
from models.errors import ChangeRefused

SHOWN = 20
MOST_REFUSED = 500
ORDERS = {True: N_("day first"), False: N_("month first")}
EXAMPLE = {
    "reference": "K-1001", "received_at": "2026-03-02 09:40", "nature": "The parcel came broken.", "customer_name": "Ana Example",
    "channel": "letter", "promised_for": "2026-03-09",
}  # fmt: skip


def show() -> None:
    """The uploader, the preview, what was brought in before, and what was refused."""
    st.write(_("Complaints and comments from another system, a website or a mailbox, as CSV. First you see what would happen; "
               "the same file twice changes nothing."))  # fmt: skip
    with st.expander(_("Which columns a file may have")):
        st.write(_("Two are needed: what it is about (nature) and when it was received (received_at). The others: {names}. "
                   "French headings are known, too.").format(names=", ".join(name for name in sheets.HEADINGS if name not in sheets.NEEDED)))  # fmt: skip
        save(_("Save an empty table"), _template, "complaints-template.csv", "template")
    if not rights.may(Action.BRING_IN_COMPLAINTS):
        return
    file = st.file_uploader(_("CSV file"), type=["csv", "txt", "tsv"], key="complaint_file", max_upload_size=20)
    if file is not None:
        look(file.name, file.getvalue())
    _earlier()
    refused_lines()


def _template() -> bytes:
    return protected_csv(pd.DataFrame([{**dict.fromkeys(sheets.HEADINGS, ""), **EXAMPLE}]))


def sample() -> bytes | None:
    """The complaints of the sample call centre (synthetic), where it was loaded."""
    path = queries.settings().store / "sample" / "complaints.csv"
    return path.read_bytes() if path.is_file() else None


def bring_in_sample(data: bytes) -> None:
    """Write the sample's complaints."""
    seen = _preview("complaints.csv", data, None)
    do(
        lambda: imports.bring_in(queries.app_store(), seen, writer(Action.BRING_IN_COMPLAINTS)),
        _("The sample’s complaints are here. They are synthetic."),
    )


def _preview(name: str, data: bytes, days_first: bool | None) -> Preview:
    def calls(ids: list[str]) -> dict[str, dict[str, str | None]]:
        rows = queries.query("registers/complaint_calls", ids=ids)
        found = rows.astype(object).where(rows.notna(), None).to_dict("records")
        return {str(row["call_id"]): {str(k): v for k, v in row.items() if k != "call_id"} for row in found}

    return imports.preview(queries.app_store(), name, data, issue_names(), days_first, calls=calls)


def look(name: str, data: bytes) -> None:
    """What a file would bring, and the button that does it."""
    try:
        seen = _preview(name, data, st.session_state.get("days_first"))
    except ChangeRefused as error:
        st.error(_(str(error)))
        return
    with st.container(border=True, key="complaint-preview"):
        _understood(seen)
        places = st.columns(3)
        places[0].metric(_("New"), number(len(seen.new)))
        places[1].metric(_("Known already"), number(seen.known))
        places[2].metric(_("Refused"), number(len(seen.refused)))
        if seen.differing:
            n = len(seen.differing)
            st.warning(ngettext(
                "{n} known line says something else than the register, which stays as it is: line {lines}.",
                "{n} known lines say something else than the register, which stays as it is: lines {lines}.", n,
            ).format(n=number(n), lines=listed([str(line) for line in seen.differing[:10]])))  # fmt: skip
        if seen.new:
            _new(seen)
        if seen.refused:
            _refused(seen.refused)
        label = ngettext("Bring in {n} complaint", "Bring in {n} complaints", len(seen.new)).format(
            n=number(len(seen.new))
        )
        label = label if seen.new else _("Keep the list of refused lines")
        if (seen.new or seen.refused) and st.button(label, key="bring_in"):
            do(lambda: _bring_in(seen))


def _bring_in(seen: Preview) -> str:
    done = imports.bring_in(queries.app_store(), seen, writer(Action.BRING_IN_COMPLAINTS))
    st.session_state.pop("complaint_file", None)
    return _("Brought in: {n}. Known already: {known}. Refused: {refused}.").format(
        n=number(done.rows_added), known=number(done.rows_known), refused=number(done.rows_refused))  # fmt: skip


def _understood(seen: Preview) -> None:
    """How the file was read."""
    separators = {"\t": _("tabs"), ";": _("semicolons"), ",": _("commas"), "|": _("bars")}
    words = _("Read as {encoding}, separated by {separator}.").format(
        encoding=seen.sheet.encoding, separator=separators[seen.sheet.separator]
    )
    st.caption(words)
    if seen.sheet.ignored:
        st.caption(_("Columns that mean nothing here are left out:"))
        st.text(", ".join(seen.sheet.ignored))
    if seen.days_first is None:
        st.radio(
            _("How are dates like 03/04/2026 meant?"), list(ORDERS), format_func=lambda first: _(ORDERS[first]), horizontal=True,
            key="days_first",
        )  # fmt: skip


def _new(seen: Preview) -> None:
    st.caption(_("The first of what is new:"))
    some = seen.new[:SHOWN]
    table = pd.DataFrame({
        "line": [str(line_no) for line_no, _made in some], "received": [moment(local(made.received_at)) for _line, made in some],
        "customer": [made.customer_name or made.customer_id or DASH for _line, made in some],
        "nature": [made.nature for _line, made in some], "channel": [_(CHANNELS[made.channel]) for _line, made in some],
    })  # fmt: skip
    columns = {
        "line": (_("Line"), "n"), "received": (_("Received"), "moment"), "customer": (_("Customer"), "text"),
        "nature": (_("What it is about"), "quote"), "channel": (_("Came by"), "text"),
    }  # fmt: skip
    tables.show(table, columns, "preview_new", None, _("The first of what is new"))


def _refused(lines: tuple[RefusedLine, ...]) -> None:
    """Lines that can't be used, in words."""
    st.caption(_("Refused lines: put them right in the file and bring it in again; what is known stays as it is."))
    table = pd.DataFrame({
        "line": [str(one.line_no) for one in lines[:MOST_REFUSED]],
        "reason": [f"{one.heading}: {_(one.sentence)}" if one.heading else _(one.sentence) for one in lines[:MOST_REFUSED]],
        "raw": [one.raw for one in lines[:MOST_REFUSED]],
    })  # fmt: skip
    columns = {"line": (_("Line"), "n"), "reason": (_("Reason"), "quote"), "raw": (_("As read"), "quote")}
    tables.show(table, columns, "preview_refused", None, _("Refused lines"))


def _earlier() -> None:
    """What was brought in before; each import can be taken back."""
    known = imports.imports(queries.app_store())
    if not known:
        return
    st.header(_("Brought in before"))
    table = pd.DataFrame({
        "at": [moment(local(one.imported_at)) for one in known], "who": [one.imported_by for one in known],
        "file": [one.file_name for one in known], "added": [number(one.rows_added) for one in known],
        "known": [number(one.rows_known) for one in known], "refused": [number(one.rows_refused) for one in known],
        "standing": [number(one.standing) for one in known],
    })  # fmt: skip
    columns = {
        "file": (_("File"), "text"), "at": (_("When"), "moment"), "who": (_("Who"), "text"), "added": (_("Brought in"), "n"),
        "known": (_("Known already"), "n"), "refused": (_("Refused"), "n"), "standing": (_("Still there"), "n"),
    }  # fmt: skip
    row = tables.show(table, columns, "take_back", _("Take back"), _("Brought in before"))
    if row is not None:
        do(lambda: _take_back(known[row].import_id))


def _take_back(import_id: int) -> str:
    gone, stayed = imports.take_back(queries.app_store(), import_id, writer(Action.BRING_IN_COMPLAINTS))
    return _("Taken back: {n}. Changed by people since, so still here: {stayed}.").format(
        n=number(gone), stayed=number(stayed)
    )


def refused_lines() -> None:
    """Lines of earlier files that could not be used."""
    rows = queries.query("registers/refused_complaints", import_id=None, limit=MOST_REFUSED)
    if rows.empty:
        return
    n = int(rows["refused"].iloc[0])
    with st.expander(ngettext("{n} line was refused", "{n} lines were refused", n).format(n=number(n))):
        table = pd.DataFrame({
            "file": rows["file_name"], "line": rows["line_no"].astype(str), "reason": rows["reason"].map(_said), "raw": rows["raw"],
            "at": rows["imported_at"].map(moment),
        })  # fmt: skip
        columns = {
            "file": (_("File"), "text"), "line": (_("Line"), "n"), "reason": (_("Reason"), "quote"), "raw": (_("As read"), "quote"),
            "at": (_("When"), "moment"),
        }  # fmt: skip
        tables.show(table, columns, "refused_kept", None, _("Refused lines"))


def _said(reason: str) -> str:
    """A kept reason in the reader's language: the sentence stands after the heading."""
    heading, mark, sentence = reason.partition(": ")
    return f"{heading}: {_(sentence)}" if mark else _(reason)
