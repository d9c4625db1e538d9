"""The shape of the project: dashboard → models ← ingest."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from models.settings import ROOT

FORBIDDEN = {
    "models": {"ingest", "dashboard", "streamlit", "plotly", "faster_whisper"},
    "ingest": {"dashboard", "streamlit", "plotly"},
    "dashboard": {"ingest", "faster_whisper"},
}
FILES = sorted(p for folder in FORBIDDEN for p in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of every module that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_parts_import_only_what_they_may(path: Path) -> None:
    """Each part keeps to its side: models knows nobody, ingest and dashboard know models alone."""
    assert not imported(path) & FORBIDDEN[path.relative_to(ROOT).parts[0]]


def test_only_one_module_imports_the_speech_library() -> None:
    """faster_whisper is behind one door: ingest/speech.py."""
    users = {str(p.relative_to(ROOT)) for p in FILES if "faster_whisper" in imported(p)}
    assert users <= {"ingest/speech.py"}


def test_no_module_shadows_the_package_models() -> None:
    """A dashboard/models.py would hide the package `models` when the dashboard is started by path."""
    assert not (ROOT / "dashboard" / "models.py").exists()
    assert not (ROOT / "dashboard" / "ingest.py").exists()
