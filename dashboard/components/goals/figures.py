"""Operational figures: what was typed and loaded, month by month; loading a file; typing a value."""

from __future__ import annotations

from datetime import date as Date

import pandas as pd
import streamlit as st

from dashboard import queries, session
from dashboard.components import rights, tables
from dashboard.components.csv import example, protected_csv, save
from dashboard.components.goals import Row, amount, do, edition, history, name
from dashboard.i18n import DASH, _, date, moment, ngettext, number
from dashboard.session import writer
from models.access.people import Action
from models.changes import Change
from models.goals import figures

MOST_REFUSED, MOST_MB = 200, 20
LOADED = "_figures_loaded"


def show() -> None:
    """What is known, loading and typing, what was refused, and what was changed."""
    kinds = {
        str(row["figure"]): {**row, "how": "sum" if row["adds_up"] else "mean"} for row in _records("figure_kinds")
    }
    rows = queries.query("registers/figures")
    if rows.empty:
        st.info(_("There are no figures yet: products shipped and returned, orders that wait for stock, rejects… Type them below, "
                  "or load a CSV file."))  # fmt: skip
    else:
        _by_month(kinds)
    left, right = st.columns(2)
    with left.container(border=True):
        _load()
    with right.container(border=True):
        _type(kinds)
    _refused()
    if not rows.empty:
        _values(rows, kinds)
    history(figures.TABLES, "figures", lambda change: _words(change, kinds), Action.KEEP_GOALS)


def _records(query: str) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in queries.query(f"registers/{query}").to_dict("records")]


def _by_month(kinds: dict[str, Row]) -> None:
    found = queries.query("registers/figure_months")
    wide = found.pivot_table(index="period_on", columns="measure", values="value").sort_index(ascending=False)
    codes = [code for code in kinds if code in wide.columns]
    month = [date(day, "MMMM y") for day in wide.index]
    shown = pd.DataFrame(
        {"month": month, **{code: [amount(kinds[code], value) for value in wide[code]] for code in codes}}
    )
    columns = {"month": (_("Month"), "text"), **{code: (name(kinds[code]), "n") for code in codes}}
    tables.show(shown, columns, "figure_months", None, _("Figures by month"))


def _load() -> None:
    st.header(_("Load a file"))
    st.caption(_("CSV with a column for the day, week or month, and one for each figure (shipped, returned, backorders, made, "
                 "internal rejects, received, supplier rejects, orders, late deliveries, or a name of your own); or with the "
                 "columns day, figure and value. The same file again changes nothing."))  # fmt: skip
    allowed = rights.may(Action.KEEP_GOALS)
    file = st.file_uploader(
        _("CSV file"), ["csv", "txt"], key=f"figures_file_{edition()}", max_upload_size=MOST_MB, disabled=not allowed
    )
    if st.button(_("Load"), disabled=file is None or not allowed, key="load_figures") and file is not None:
        do(lambda: _keep(figures.load(queries.app_store(), file.name, file.getvalue(), writer(Action.KEEP_GOALS))), "")
    if done := st.session_state.pop(LOADED, None):
        _tell(done)
    example("figures.csv")


def _keep(done: figures.Loaded) -> None:
    st.session_state[LOADED] = done


def _tell(done: figures.Loaded) -> None:
    """What loading did."""
    words = ngettext("{n} value was written", "{n} values were written", done.changed).format(n=number(done.changed))
    words += ", " + ngettext("{n} was known already", "{n} were known already", done.known).format(n=number(done.known))
    n = len(done.refused)
    if n:
        words += ", " + ngettext("{n} line was refused: see below", "{n} lines were refused: see below", n).format(
            n=number(n)
        )
    (st.warning if n else st.success)(words + ".")


def _type(kinds: dict[str, Row]) -> None:
    st.header(_("Type a value"))
    allowed = rights.may(Action.KEEP_GOALS)
    key = f"figure_{edition()}"
    with st.form(key, border=False):
        figure = st.selectbox(_("Figure"), list(kinds), format_func=lambda code: name(kinds[code]), key=f"{key}_what")
        places = st.columns(2)
        day = places[0].date_input(
            _("Day"), "today", max_value="today", format="DD/MM/YYYY", key=f"{key}_day",
            help=_("For a week or a month, its first day."),
        )  # fmt: skip
        value = places[1].number_input(_("Value"), 0.0, value=None, format="%g", key=f"{key}_value")
        if st.form_submit_button(_("Save"), disabled=not allowed):
            if value is None or not isinstance(day, Date) or figure is None:
                st.warning(_("Type a value first."))
                return
            chosen, typed = day, float(value)
            do(
                lambda: figures.put(queries.app_store(), str(figure), chosen, typed, writer(Action.KEEP_GOALS)),
                _("Saved."),
            )


def _refused() -> None:
    """Lines of files that could not be used."""
    rows = queries.query("registers/refused_figure_lines", most=MOST_REFUSED)
    if rows.empty:
        return
    with st.expander(_("Refused lines") + f" ({number(len(rows))})", expanded=True):
        st.caption(_("Put them right in the file and load it again: what is known already is left alone."))
        shown = pd.DataFrame({
            "source": rows["source"], "line": rows["line_no"].map(number), "reason": rows["reason"].map(lambda why: _(str(why))),
            "raw": rows["raw"], "who": rows["written_by"],
        })  # fmt: skip
        columns = {
            "source": (_("File"), "text"), "line": (_("Line"), "n"), "reason": (_("Reason"), "quote"),
            "raw": (_("As read"), "quote"), "who": (_("Who"), "text"),
        }  # fmt: skip
        tables.show(shown, columns, "refused_figures", None, _("Refused lines"))


def _values(rows: pd.DataFrame, kinds: dict[str, Row]) -> None:
    """Every value with where it comes from; each can be removed."""
    with st.expander(_("Every value, with where it comes from")):
        zone = queries.settings().zone
        shown = pd.DataFrame({
            "figure": [name(kinds[code]) if code in kinds else code for code in rows["figure"]],
            "day": [date(day) for day in rows["day"]],
            "value": [amount(kinds.get(code, {}), value) for code, value in zip(rows["figure"], rows["value"], strict=True)],
            "source": [_("typed") if source == figures.TYPED else source for source in rows["source"]],
            "line": [DASH if pd.isna(line) else number(line) for line in rows["line_no"]], "who": rows["written_by"],
            "at": [moment(pd.Timestamp(at).to_pydatetime().astimezone(zone)) for at in rows["written_at"]],
        })  # fmt: skip
        columns = {
            "figure": (_("Figure"), "text"), "day": (_("Day"), "text"), "value": (_("Value"), "n"),
            "source": (_("Source"), "text"), "line": (_("Line"), "n"), "who": (_("Who"), "text"), "at": (_("When"), "moment"),
        }  # fmt: skip
        row = tables.show(
            shown,
            columns,
            f"remove_figure_{edition()}",
            _("Remove") if session.may(Action.KEEP_GOALS) else None,
            _("Every value"),
        )
        if row is not None:
            figure, day = str(rows["figure"].iloc[row]), pd.Timestamp(rows["day"].iloc[row]).date()
            do(
                lambda: figures.remove(queries.app_store(), figure, day, writer(Action.KEEP_GOALS)),
                _("Removed. Undo below brings it back."),
            )
        save(_("Save as CSV"), lambda: protected_csv(rows), "figures.csv", "figures_csv")


def _words(change: Change, kinds: dict[str, Row]) -> tuple[str, str]:
    figure = str(change.item["figure"])
    kind = kinds.get(figure, {"figure": figure, "name": figure})
    values = [amount(kind, row["value"]) if row else DASH for row in (change.before, change.after)]
    day = date(Date.fromisoformat(str(change.item["day"])))
    return name(kind), f"{day}: {values[0]} → {values[1]}"
