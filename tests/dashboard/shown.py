"""What a page shows, for tests to read."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest


def formatted(app: AppTest) -> str:
    """Everything that is read as Markdown."""
    kinds = (app.markdown, app.caption, app.info, app.success, app.warning, app.error, app.header, app.title)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def texts(app: AppTest) -> str:
    """Everything that is shown as plain text."""
    return "\n".join(str(element.value) for element in app.text)


def words(app: AppTest) -> str:
    """Everything that is said outside tables and fields."""
    return f"{formatted(app)}\n{texts(app)}"


def table(app: AppTest, column: str) -> Any:
    """The first table with this column."""
    return next(frame.value for frame in app.dataframe if column in frame.value)
