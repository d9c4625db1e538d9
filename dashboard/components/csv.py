"""What people save to files: for whoever may, noted in the audit log, and harmless in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from dashboard import queries, session
from dashboard.i18n import _, lang, speaking
from models import audit
from models.access.people import Action
from models.settings import SAMPLE
from models.sharing.formulas import harmless


def protected_csv(rows: pd.DataFrame, names: Sequence[str] | None = None) -> bytes:
    """``rows`` as UTF-8 CSV with a byte-order mark, its texts made harmless; ``names``, too, instead of those of its columns."""
    safe = rows.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(harmless)
    # with "\n" alone as the end of a line, pandas leaves a "\r" in a text without quotes: a new row to a spreadsheet
    header = True if names is None else [str(harmless(name)) for name in names]
    return str(safe.to_csv(index=False, header=header, lineterminator="\r\n")).encode("utf-8-sig")


def save(
    label: str, made: Callable[[], bytes], file_name: str, key: str, mime: str = "text/csv", icon: str | None = None
) -> None:
    """A button that saves a file, for whoever may; the file is made, in the reader's language, and noted when the button is
    pressed.

    The only place that offers files: ``st.download_button`` is not used elsewhere.
    """
    if not session.may(Action.SAVE_FILES):
        return
    who, store, language = session.person(), queries.app_store(), lang()

    def noted() -> bytes:
        with session.acting_for(who), speaking(language):
            session.demand(Action.SAVE_FILES)
            content = made()
        audit.note(store, who.name, "exported", detail=file_name)
        return content

    st.download_button(label, noted, file_name, mime, on_click="ignore", key=key, icon=icon)


def example(name: str) -> None:
    """A button that saves a file of the sample call centre, to see what such a file looks like and to try loading one."""
    save(_("Save an example (synthetic)"), (SAMPLE / name).read_bytes, name, f"example_{name}")
