"""Files that are made after their button was pressed, outside of the page."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from models.settings import Settings


@pytest.mark.parametrize(("language", "word"), [("en", "Complaints"), ("fr", "Réclamations")])
def test_a_file_is_in_the_language_of_its_page(
    published: Settings, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    """Made in another thread, where no page is drawn, a file speaks the language of the page that offered it."""
    offered: list[Callable[[], bytes]] = []
    monkeypatch.setattr(st, "download_button", lambda label, data, *given, **named: offered.append(data))

    def page() -> None:
        from dashboard.components.csv import save
        from dashboard.i18n import _

        save("Save", lambda: _("Complaints").encode(), "file.txt", "file")

    app = AppTest.from_function(page)
    app.session_state["lang"] = language
    app.run()
    assert not app.exception
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(offered[0]).result().decode() == word
