"""Files of surveys: how to begin, loading one, what was refused, the history with undo, and a form to print."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import queries, within
from dashboard.components import rights, tables
from dashboard.components.csv import example, protected_csv, save
from dashboard.components.customers import do, history
from dashboard.i18n import N_, _, ngettext, number
from dashboard.session import writer
from models.access.people import Action
from models.changes import Change
from models.errors import ChangeRefused
from models.redaction import wanted
from models.surveys import files, reading
from models.surveys.reading import Scale

MOST_REFUSED, MOST_MB = 200, 20
SCALES = {"1-5": Scale(1, 5), "1-10": Scale(1, 10), "0-10": Scale(0, 10), "1-7": Scale(1, 7)}
FIELDS = {"name": N_("File"), "kept": N_("Used lines"), "refused": N_("Refused lines"), "highest": N_("Highest rating")}


def nothing_yet() -> None:
    """Before the first file."""
    st.info(_("No survey has been loaded yet. Ask the open question first and the rating after, send it to every customer or to a "
              "random part of them, and load what comes back as CSV."))  # fmt: skip


def show() -> None:
    """Loading, what was refused, and what was loaded."""
    st.header(_("Load surveys"))
    st.caption(_("CSV with the columns call_id or customer_id, and open_answer, rating or both; sent_at and answered_at where they are "
                 "known. Put the unanswered ones in, too: without them nobody knows how many answer. Days come before months, times "
                 "without an offset are those of {zone}.").format(zone=queries.settings().time_zone))  # fmt: skip
    allowed = rights.may(Action.LOAD_SURVEYS)
    scale = st.segmented_control(
        _("Ratings go from – to"), list(SCALES), default="1-5", required=True, key="scale",
        format_func=lambda code: code.replace("-", " – "),
    )  # fmt: skip
    upload = st.file_uploader(
        _("File of surveys"), ["csv", "txt", "tsv"], key="survey_upload", max_upload_size=MOST_MB, disabled=not allowed
    )
    if st.button(_("Load"), disabled=upload is None or not allowed, key="load_surveys") and upload is not None:
        _load(upload.name, upload.getvalue(), SCALES[scale or "1-5"])
    if within.everything():  # lines that were refused don't say whose they are
        _refused()
    made = files.history(queries.app_store())
    if made:
        with st.expander(_("What was loaded")):
            history(
                made, lambda: files.undo(queries.app_store(), writer(Action.LOAD_SURVEYS)), FIELDS, _about, "surveys",
                action=Action.LOAD_SURVEYS,
            )  # fmt: skip
    example("surveys.csv")
    save(_("A survey form to print"), lambda: form().encode("utf-8-sig"), "survey.txt", "survey_form", "text/plain")


def _load(name: str, content: bytes, scale: Scale) -> None:
    said = ""

    def write() -> None:
        nonlocal said
        named = reading.calls_named(content)
        known = set(queries.query("calls_there", ids=named)["call_id"]) if named else set()
        done = files.load(
            queries.app_store(), name, content, known, scale, wanted(queries.settings()), writer(Action.LOAD_SURVEYS)
        )
        if done.again:
            said = _("This file was loaded before: nothing changed.")
            return
        said = ngettext("{n} survey was loaded.", "{n} surveys were loaded.", done.kept).format(n=number(done.kept))
        if done.refused:
            n = len(done.refused)
            words = ngettext(
                "{n} line was refused; it is listed below.", "{n} lines were refused; they are listed below.", n
            )
            said += " " + words.format(n=number(n))

    try:
        write()
    except ChangeRefused as error:
        st.error(_(str(error)))
        return
    do(lambda: None, said)


def _refused() -> None:
    rows = queries.query("registers/survey_refused", most=MOST_REFUSED)
    if rows.empty:
        return
    total = int(rows["lines"].iloc[0])
    with st.expander(_("Refused lines: {n}").format(n=number(total)), expanded=True):
        shown = pd.DataFrame({
            "source": rows["source"], "line": rows["line_no"].map(number), "reason": [_(reason) for reason in rows["reason"]],
            "raw": rows["raw"],
        })  # fmt: skip
        columns = {
            "source": (_("File"), "text"), "line": (_("Line"), "n"), "reason": (_("Why"), "quote"), "raw": (_("As it stands"), "quote"),
        }  # fmt: skip
        tables.show(shown, columns, "refused_surveys", None, _("Refused lines of files of surveys"))
        st.caption(_("Correct the lines, then load the file again; a line whose call has come in since is used by loading the same "
                     "file once more."))  # fmt: skip
        save(
            _("Save the refused lines as CSV"),
            lambda: protected_csv(rows),
            "refused_surveys.csv",
            "refused_surveys_csv",
        )


def _about(change: Change) -> str:
    return str((change.after or change.before or {}).get("name", ""))


def form() -> str:
    """A survey to print or to copy: the open question first, so that the rating does not lead the words."""
    line = "_" * 60
    return "\n\n".join([
        _("How did we serve you?"), _("Your call on: ____________   Number of the call: ____________"),
        "1. " + _("What should we know about your call? What was good, what was not, what would have helped?"), "\n\n".join([line] * 5),
        "2. " + _("All in all, how satisfied are you with how we handled it?"),
        _("not at all   ( ) 1   ( ) 2   ( ) 3   ( ) 4   ( ) 5   completely"),
        "3. " + _("May we call you back about it?  ( ) yes   ( ) no"), _("Thank you. A person reads every answer."),
    ]) + "\n"  # fmt: skip
