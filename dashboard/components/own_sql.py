"""A query of the reader's own over the snapshot. What they wrote stays in their session: never in an address or a log."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.column_config import NumberColumn, TextColumn

from dashboard import queries, session, within
from dashboard.components import rights
from dashboard.components.csv import protected_csv, save
from dashboard.components.tables import heading
from dashboard.i18n import _, ngettext, number
from models import audit, own_sql
from models.access.people import Action
from models.errors import QueryRefused
from models.own_sql import Answer

KEPT, TEXT = "own_sql_kept", "own_sql_text"
FIRST = "select queue, count(*) as calls, avg(wait_s) as wait_s\nfrom calls\ngroup by queue\norder by calls desc"


def show() -> None:
    """The box, and what the query gave; for people with limits a sentence, for a query sees every call."""
    if not rights.may(Action.ASK_SQL):
        return
    if not within.everything():
        st.info(_("You see the calls of some queues or agents only, and a query of one's own would see all of them: so there is "
                  "none here for you. The example queries keep to what you may see."))  # fmt: skip
        return
    st.write(_("One query that reads, over what is published now. It is stopped after {time} seconds and shows {n} rows at "
               "most; it opens no files. For longer work, connect to the file itself.").format(
        time=number(own_sql.LIMIT_S), n=number(own_sql.MOST_ROWS)))  # fmt: skip
    kept, answer = st.session_state.get(KEPT, (FIRST, None))
    st.session_state.setdefault(TEXT, kept)  # another part of the page forgets what stands in a widget
    with st.form("own_sql", border=False):
        sql = st.text_area(_("Query (SQL)"), key=TEXT, height=180, max_chars=own_sql.LONGEST)
        pressed = st.form_submit_button(_("Run"), icon=":material/play_arrow:")
    if pressed:
        answer = asked(sql)
        st.session_state[KEPT] = sql, answer
    if answer is not None:
        result(answer)


def asked(sql: str) -> Answer | None:
    """What the query gives; None when it was not run to its end, and why is said."""
    session.demand(Action.ASK_SQL)
    path = queries.snapshot()
    if path is None or not within.everything():
        return None
    audit.note(queries.app_store(), session.person().name, "searched", detail="own query")
    try:
        with st.spinner(_("Running…")):
            return own_sql.ask(path, sql)
    except QueryRefused as error:
        st.warning(_(str(error)))
        return None


def result(answer: Answer) -> None:
    """The rows as text and numbers, whatever they hold, to save too; or DuckDB's own words."""
    if answer.error is not None:
        st.error(_("DuckDB did not run it:"))
        st.code(answer.error, language=None, wrap_lines=True)
        return
    if not answer.rows:
        st.write(_("No rows."))
        return
    told = ngettext("{n} row", "{n} rows", len(answer.rows)).format(n=number(len(answer.rows)))
    st.caption(_("The first {rows}; there are more.").format(rows=told) if answer.more else told)
    rows = frame(answer)
    config = {
        name: (NumberColumn if pd.api.types.is_numeric_dtype(rows[name]) else TextColumn)(heading(label))
        for name, label in zip(rows.columns, answer.columns, strict=True)
    }
    st.dataframe(rows, hide_index=True, alt=_("Result"), column_config=config)
    save(_("Save as CSV"), lambda: protected_csv(frame(answer), answer.columns), "query.csv", "csv_own_sql")


def frame(answer: Answer) -> pd.DataFrame:
    """The rows, in columns that are numbers throughout or text throughout; named by their places, for names may recur."""
    columns = {}
    for place, values in enumerate(zip(*answer.rows, strict=True)):
        known = [value for value in values if value is not None]
        if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
            columns[f"c{place}"] = pd.Series(pd.to_numeric(pd.Series(values, dtype=object)))
        else:
            columns[f"c{place}"] = pd.Series([None if v is None else str(v) for v in values], dtype=object)
    return pd.DataFrame(columns)
