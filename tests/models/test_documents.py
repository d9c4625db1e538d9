"""Generated documents say what the code says."""

from __future__ import annotations

import pytest

from models.dictionary import documents
from models.settings import ROOT


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Every generated document as it would be written now."""
    return documents()


@pytest.mark.parametrize("name", ["dictionary.md", "settings.md"])
def test_the_committed_document_is_the_generated_one(made: dict[str, str], name: str) -> None:
    """Comments or settings changed without `make docs` are caught."""
    assert (ROOT / "docs" / name).read_text("utf-8") == made[name], "run: make docs"
