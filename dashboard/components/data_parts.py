"""The parts of the Data page."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.column_config import NumberColumn, TextColumn

from dashboard import queries
from dashboard.components.call_list import known
from dashboard.components.csv import protected_csv, save
from dashboard.i18n import N_, _, moment, ngettext, number
from models.store import Store

MOST_REFUSED = 200

KINDS = {"recording": N_("recording"), "transcript": N_("transcript"), "queue_log": N_("queue log")}
STATUSES = {
    "loaded": N_("loaded"),
    "partly_refused": N_("partly refused"),
    "refused": N_("refused"),
    "duplicate": N_("known already"),
}


def connect() -> None:
    """How to open the snapshot from the command line and from Python."""
    link = Store(queries.settings()).published / "earshot.duckdb"
    st.write(_("Everything the dashboard shows is in one DuckDB file, which anyone may open read-only, for as long as "
               "they like, while calls are being loaded. Reconnect to see what was published since."))  # fmt: skip
    st.header(_("On the command line"))
    st.code(f"duckdb -readonly '{link}'", language="bash")
    st.caption(_("The command comes from DuckDB's site, or with: pip install duckdb-cli"))
    st.header(_("In Python"))
    st.code(
        "import duckdb\n\n"
        f"con = duckdb.connect({str(link)!r}, read_only=True)\n"
        'con.sql("from service_level_by_interval limit 5").show()',
        language="python",
    )
    st.header(_("Good to know"))
    for hint in (
        _("Times are stored in UTC; durations are seconds and end in `_s`."),
        _(
            "A rule lives once, in a view or a macro: use `service_level`, `abandon_rate` and "
            "`average_speed_of_answer` on sums rather than averaging rates."
        ),
        _("Every column has a comment: `select * from duckdb_columns()` shows them, as does the data dictionary here."),
    ):
        st.markdown("- " + hint)


def dictionary() -> None:
    """Every public table, view and column with its comment, filtered as the reader types."""
    sought = st.text_input(_("Find a table, column or meaning"), key="find", type="search", max_chars=200)
    rows = queries.query("dictionary")
    rows["comment"] = rows["comment"].map(lambda text: _(text) if text else "")
    if sought:
        haystack = rows["table_name"] + " " + rows["column_name"] + " " + rows["comment"]
        rows = rows[haystack.str.contains(sought, case=False, regex=False)]
    st.caption(ngettext("{n} column", "{n} columns", len(rows)).format(n=number(len(rows))))
    st.dataframe(
        rows[["table_name", "column_name", "data_type", "comment"]], hide_index=True, height=560,
        alt=_("Data dictionary"), column_config={
            "table_name": TextColumn(_("Table or view"), width="medium"), "column_name": TextColumn(_("Column")),
            "data_type": TextColumn(_("Type"), width="small"), "comment": TextColumn(_("Meaning"), width=700),
        },
    )  # fmt: skip


def examples() -> None:
    """Queries to copy, and to run on this snapshot."""
    st.write(_("Copy one to start from, or run it on what is published now."))
    for name, sql in queries.examples().items():
        title, statement = sql.split("\n", 1)
        with st.expander(_(title.removeprefix("-- "))):
            st.code(statement.strip(), language="sql")
            if st.button(_("Run"), key=f"run_{name}"):
                _result(name)


def _result(name: str) -> None:
    rows = queries.example(name)
    if rows.empty:
        st.write(_("No rows."))
        return
    st.dataframe(rows, hide_index=True, alt=_("Result"))
    save(_("Save as CSV"), lambda: protected_csv(rows), f"{name}.csv", f"csv_{name}")


def refused() -> None:
    """Files and rows that ingest refused, with the reason."""
    summary = queries.query("files_summary")
    if summary.empty:
        st.info(_("No file has been looked at yet."))
        return
    st.header(_("Files"))
    _table({
        _("Kind"): summary["kind"].map(lambda code: _(KINDS.get(str(code), str(code)))),
        _("Status"): summary["status"].map(lambda code: _(STATUSES.get(str(code), str(code)))),
        _("Files"): summary["files"].map(number),
        _("Rows loaded"): summary["rows_loaded"].map(number),
        _("Rows refused"): summary["rows_refused"].map(number),
    }, _("Files looked at"))  # fmt: skip
    files = queries.query("files", limit=MOST_REFUSED)
    rows = queries.query("refused_rows", limit=MOST_REFUSED)
    if files.empty and rows.empty:
        st.success(_("Nothing was refused."))
        return
    _refused_files(files)
    _refused_rows(rows)


def _refused_files(files: pd.DataFrame) -> None:
    if files.empty:
        return
    st.header(_("Refused files"))
    _table({
        _("File"): files["path"], _("Reason"): files["reason"].map(known),
        _("Rows refused"): files["rows_refused"].map(number), _("When"): files["loaded_at"].map(moment),
    }, _("Refused files"))  # fmt: skip


def _refused_rows(rows: pd.DataFrame) -> None:
    if rows.empty:
        return
    st.header(_("Refused rows"))
    reasons = queries.query("refused_reasons")
    _table({_("Reason"): reasons["reason"], _("Rows"): reasons["rows"].map(number)}, _("Reasons"))
    st.caption(_("The newest {n}, as they were read:").format(n=number(len(rows))))
    _table({
        _("Source"): rows["source"], _("Line"): rows["line_no"], _("Reason"): rows["reason"],
        _("As read"): rows["raw"],
    }, _("Refused rows"))  # fmt: skip


def _table(columns: dict[str, pd.Series], alt: str) -> None:
    config = {name: NumberColumn(name) if name == _("Line") else TextColumn(name) for name in columns}
    st.dataframe(pd.DataFrame(columns), hide_index=True, alt=alt, column_config=config)
