"""Generated documents say what the code says."""

from __future__ import annotations

import re

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


def test_every_variable_is_documented(made: dict[str, str]) -> None:
    """What the product reads from the environment is a setting, or named in docs/settings.md."""
    code = [
        path.read_text("utf-8") for part in ("models", "ingest", "dashboard") for path in (ROOT / part).rglob("*.py")
    ]
    read = set(re.findall(r"EARSHOT_[A-Z_]*[A-Z]", "".join(code)))
    known = {f"EARSHOT_{name.upper()}" for name in re.findall(r"^\| `([a-z_]+)`", made["settings.md"], re.M)}
    assert {"EARSHOT_JUDGE_API_KEY", "EARSHOT_MODEL"} <= read
    assert {name for name in read - known if f"`{name}`" not in made["settings.md"]} == set()
