"""What a page says when it has nothing to show, and what to do next."""

from __future__ import annotations

import streamlit as st

from dashboard.i18n import _, number
from models.errors import StoreError

COMMANDS = """\
earshot demo                              # {demo}
earshot ingest recordings DIR             # {recordings}
earshot ingest queue-log FILE             # {queue_log}
earshot ingest transcripts FILE.jsonl     # {transcripts}
"""


def commands() -> str:
    """The commands that bring calls in, each with what it brings."""
    return COMMANDS.format(
        demo=_("a made-up call centre, to look around"),
        recordings=_("recorded calls, which are transcribed"),
        queue_log=_("who waited how long: Asterisk, FreeSWITCH, Amazon Connect, CSV"),
        transcripts=_("transcripts made elsewhere"),
    )


def nothing_published() -> None:
    """The whole page before the first calls."""
    st.title("Earshot")
    st.header(_("There are no calls yet"))
    st.write(_("Bring some in with one of these commands, in the folder where Earshot lies; then reload this page."))
    st.code(commands(), language="bash")


def of_another_version() -> None:
    """The whole page when what was published lacks what these pages ask for, or has it otherwise."""
    st.title("Earshot")
    st.header(_("The data were published by another version of Earshot"))
    st.write(_("Publish them again, then reload this page; nothing is lost."))
    st.code("earshot publish", language="bash")


def store_refused(reason: StoreError) -> None:
    """The whole page when what people write can't be opened: the reason as it is, and what tells more."""
    st.title("Earshot")
    st.header(_("What people wrote here can't be opened"))
    st.write(_("Nothing is shown, so that nothing is lost. This is the reason:"))
    st.text(_(str(reason)))
    for note in getattr(reason, "__notes__", ()):
        st.text(note)
    st.code("earshot doctor", language="bash")


def settings_refused() -> None:
    """The whole page when the settings hold a mistake. Who looks may be anybody, as nobody can sign in: no more is told."""
    st.title("Earshot")
    st.header(_("The settings can't be read"))
    st.write(_("This command says which setting is wrong and where it stands. Mend it, then reload this page."))
    st.code("earshot doctor", language="bash")


def not_judged() -> None:
    """Calls are there, but none was judged."""
    st.info(_("No call has been scored yet, so nothing is known about needs. Score the calls that have a transcript:"))
    st.code("earshot score && earshot publish", language="bash")


def no_waits() -> None:
    """Calls are there, but no queue log."""
    st.info(_("No queue log has been loaded, so nothing is known about waits. Bring one in:"))
    st.code("earshot ingest queue-log FILE", language="bash")


def nothing_to_hear() -> None:
    """Calls are there, but none that could be listened to."""
    st.info(_("There is no recorded call of the last weeks that you have not heard yet. Bring recordings in:"))
    st.code("earshot ingest recordings DIR && earshot publish", language="bash")


def no_issues(transcribed: bool) -> None:
    """Nothing was read for recurring issues yet."""
    if transcribed:
        st.info(_("No transcript has been read for recurring issues yet. Read them:"))
        st.code("earshot issues && earshot publish", language="bash")
        return
    st.info(_("Issues are found in what customers say, and no call has a transcript yet. Bring some in:"))
    st.code("earshot ingest recordings DIR && earshot issues && earshot publish", language="bash")


def no_issue_yet(gathering: int) -> None:
    """Calls were read, but nothing recurs in these days."""
    st.info(_("Nothing recurs in the calls of these days. An issue needs four calls of three customers about the same thing; "
              "{n} statements are gathering. Choose more days, or load more calls.").format(n=number(gathering)))  # fmt: skip


def no_complaints(sample: bool) -> bool:
    """The register is empty; whether the reader wants the sample's complaints, where there are some."""
    st.info(
        _(
            "There is no complaint yet. Open one from a call, write one, or bring in a file; the parts above do the last two."
        )
    )
    if not sample:
        return False
    st.write(_("To look around, load the complaints of the sample call centre. They are synthetic."))
    return st.button(_("Load the sample’s complaints"), key="sample_complaints")
