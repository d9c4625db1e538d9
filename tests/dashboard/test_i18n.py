"""Every visible string is translated, and dates and numbers are written as the reader's language writes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dashboard import catalogues, i18n

DASHBOARD = catalogues.DASHBOARD
SHOWN = {
    "title", "header", "subheader", "write", "markdown", "text", "caption", "info", "success", "warning", "error",
    "button", "selectbox", "multiselect", "text_input", "number_input", "date_input", "text_area", "checkbox", "toggle",
    "radio", "slider", "expander", "metric", "link_button", "download_button", "badge", "toast", "popover",
    "form_submit_button", "segmented_control", "pills", "TextColumn", "NumberColumn", "ButtonColumn", "CheckboxColumn",
}  # fmt: skip
NAMED = {"label", "help", "placeholder", "alt", "caption", "delta_description", "hovertemplate", "page_title"}
NAMES = {"Earshot"}
"""Proper names, the same in every language."""


def literal(node: ast.expr) -> str:
    """The words that an expression writes itself, outside ``_``; fields of f-strings don't count."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return literal(node.left) + literal(node.right)
    return ""


def visible(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and words of every literal that a reader would see."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        shown = [*call.args[:1]] if name in SHOWN else []
        shown += [keyword.value for keyword in call.keywords if keyword.arg in NAMED]
        for node in shown:
            text = literal(node)
            if re.search(r"[^\W\d_]{2,}", text) and text not in NAMES:
                yield node.lineno, text


@pytest.mark.parametrize("file", sorted(DASHBOARD.rglob("*.py")), ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_no_visible_string_escapes_translation(file: Path) -> None:
    """What a page shows is passed through ``_``."""
    assert list(visible(ast.parse(file.read_text("utf-8")))) == []


def test_the_catalogues_hold_exactly_the_strings_of_the_code() -> None:
    """Run ``python -m dashboard.i18n update`` when this fails, then translate what is new."""
    wanted = {str(message.id) for message in catalogues.extracted() if message.id}
    for language in i18n.LANGUAGES:
        assert {str(message.id) for message in catalogues.read(language) if message.id} == wanted


def test_french_is_complete() -> None:
    """No string lacks a translation, and none is only guessed."""
    assert catalogues.incomplete(catalogues.read("fr")) == []


def test_translations_keep_the_placeholders() -> None:
    """A translation names the same fields as its original, or showing it would fail."""
    for message in catalogues.read("fr"):
        originals = message.id if isinstance(message.id, tuple | list) else (message.id,)
        given = message.string if isinstance(message.string, tuple | list) else (message.string,)
        for original, translation in zip(originals, given, strict=True):
            assert set(re.findall(r"{\w+}", translation)) <= set(re.findall(r"{\w+}", original)), original


WRITTEN = [
    ("en", i18n.number, (1234567,), "1,234,567"),
    ("fr", i18n.number, (1234567,), "1\u202f234\u202f567"),
    ("en", i18n.percent, (0.8254, 1), "82.5%"),
    ("fr", i18n.percent, (0.8254, 1), "82,5\u202f%"),
    ("fr", i18n.points, (-0.034,), "−3,4 points"),
    ("en", i18n.seconds, (8.44,), "8.4\u00a0s"),
    ("fr", i18n.seconds, (8.44,), "8,4\u00a0s"),
    ("en", i18n.duration, (3723,), "1:02:03"),
    ("fr", i18n.weekday, (1,), "lundi"),
    ("en", i18n.percent, (float("nan"),), "–"),
    ("fr", i18n.clock_of, (19,), "09:30"),
]


@pytest.mark.parametrize(("language", "function", "given", "written"), WRITTEN)
def test_numbers_are_written_in_the_readers_way(
    monkeypatch: pytest.MonkeyPatch, language: str, function: object, given: tuple[object, ...], written: str
) -> None:
    """Separators, signs and units follow the language."""
    monkeypatch.setattr(st, "session_state", {"lang": language})
    assert function(*given) == written  # type: ignore[operator]


def test_texts_within_f_strings_are_found() -> None:
    """A text that stands within an f-string is in the catalogues, with its plural: whatever the version of Python."""
    known = {message.id for message in catalogues.extracted()}
    assert {"Did it work?", ("{n} complaint or comment", "{n} complaints and comments")} <= known
