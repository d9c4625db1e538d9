"""Who sees which page: the list of pages against a matrix that is written down apart from it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dashboard import navigation
from models.people import Person, Role
from models.settings import ROOT

MATRIX = tomllib.loads(Path(__file__).with_name("role_matrix.toml").read_text("utf-8"))


def somebody(*roles: Role) -> Person:
    """A person with these roles."""
    return Person("someone@example.org", frozenset(roles))


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_pages(role: Role) -> None:
    """A role sees the pages that the matrix says, and an admin every page."""
    seen = {page.name for page in navigation.of(somebody(role))}
    said = {name for name, roles in MATRIX["pages"].items() if role in roles or role == Role.ADMIN}
    assert seen & set(MATRIX["pages"]) == said


def test_every_page_is_in_the_matrix_and_in_the_list() -> None:
    """No page file is reached without the list, no page is without a line in the matrix, none is listed twice."""
    names = [page.name for page in navigation.PAGES]
    assert sorted(names) == sorted({file.stem for file in (ROOT / "dashboard" / "pages").glob("*.py")})
    assert set(names) == set(MATRIX["pages"])


def test_roles_add_up() -> None:
    """Who has two roles sees the pages of both; who has none sees none."""
    both = {page.name for page in navigation.of(somebody(Role.AGENT, Role.SUPERVISOR))}
    assert both == {page.name for role in (Role.AGENT, Role.SUPERVISOR) for page in navigation.of(somebody(role))}
    assert navigation.of(somebody()) == []


@pytest.mark.parametrize("file", ["pages/data.py", "pages/nowhere.py", "data", "../models/settings.py", ""])
def test_what_is_not_ones_page_may_not_be_opened(file: str) -> None:
    """A supervisor opens neither the analysts' page nor anything that is no page."""
    assert not navigation.may_open(somebody(Role.SUPERVISOR), file)
    assert navigation.may_open(somebody(Role.SUPERVISOR), "pages/calls.py")
