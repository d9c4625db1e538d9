"""The pages as data: which there are, in which order, and who sees each.

To add a page: write ``pages/<name>.py`` and add one line to ``PAGES``: its name (also its address), its title, its section, its roles;
and the same roles in ``tests/dashboard/role_matrix.toml``.
Admins see every page. A page that is not somebody's is not there for them: neither in the menu nor by its address, and
``dashboard.components.links.page`` draws no link to it (so never call ``st.page_link`` or ``st.switch_page`` elsewhere).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.i18n import N_, _
from models.access.people import Person, Role

AGENT, ANALYST, MANAGER, SUPERVISOR = Role.AGENT, Role.ANALYST, Role.MANAGER, Role.SUPERVISOR
STAFF = (SUPERVISOR, MANAGER, ANALYST)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page: ``pages/<name>.py`` at the address ``/<name>``. A hidden one is reached by links alone."""

    name: str
    title: str
    roles: frozenset[Role]
    section: str
    """Its heading in the menu; none for the first page."""
    hidden: bool = False


def _for(name: str, title: str, section: str, *roles: Role, hidden: bool = False) -> Listed:
    return Listed(name, title, frozenset({*roles, Role.ADMIN}), section, hidden)


LISTEN, KEEP, CARE = N_("Listen and coach"), N_("Keep targets"), N_("Care for customers")
LOOK_UP, ADMINISTER = N_("Look up"), N_("Administer")


PAGES = (
    _for("overview", N_("Overview"), "", *STAFF),
    _for("listening", N_("Listening hour"), LISTEN, SUPERVISOR),
    _for("team", N_("Team"), LISTEN, SUPERVISOR, MANAGER),
    _for("waits", N_("Waits"), KEEP, *STAFF),
    _for("needs", N_("Needs"), KEEP, *STAFF),
    _for("goals", N_("Goals"), KEEP, SUPERVISOR, MANAGER, ANALYST),
    _for("issues", N_("Issues"), CARE, *STAFF),
    _for("complaints", N_("Complaints"), CARE, SUPERVISOR, MANAGER),
    _for("customers", N_("Customers"), CARE, *STAFF),
    _for("customer", N_("Customer"), CARE, *STAFF, hidden=True),
    _for("calls", N_("Calls"), LOOK_UP, *STAFF, AGENT),
    _for("call", N_("Call"), LOOK_UP, *STAFF, AGENT, hidden=True),
    _for("coaching", N_("Coaching"), LISTEN, AGENT),
    _for("data", N_("Data"), LOOK_UP, ANALYST),
    _for("people", N_("People"), ADMINISTER),
    _for("audit", N_("Audit log"), ADMINISTER),
)
"""Every page, in the order of the menu."""

HOME = {Role.SUPERVISOR: "listening", Role.MANAGER: "waits", Role.ANALYST: "data", Role.AGENT: "coaching"}
"""Where somebody of one role begins; an admin, and who has several roles, at the first page that is theirs."""


def of(person: Person) -> list[Listed]:
    """The pages that somebody sees, in order."""
    return [page for page in PAGES if page.roles & person.roles]


def home(person: Person) -> Listed:
    """Where somebody begins: the page of their role. They must have a role."""
    mine = of(person)
    wanted = HOME.get(*person.roles) if len(person.roles) == 1 else None
    return next((page for page in mine if page.name == wanted), mine[0])


def may_open(person: Person, file: str) -> bool:
    """Whether ``pages/<name>.py`` is a page of this person's."""
    return any(f"pages/{page.name}.py" == file for page in of(person))


def streamlit_pages(person: Person, begin: Callable[[], None]) -> dict[str, list[StreamlitPage]]:
    """The pages that somebody sees by section, for ``st.navigation``.

    ``begin`` leads from the root of the address to where they begin. It is a page of its own, for Streamlit knows its default
    page by the root alone: as the default, a home would not be found at its own address.
    """
    sections: dict[str, list[StreamlitPage]] = {
        "": [st.Page(begin, title="Earshot", url_path="begin", default=True, visibility="hidden")]
    }
    for page in of(person):
        heading = _(page.section) if page.section else ""
        shown = st.Page(
            f"pages/{page.name}.py",
            title=_(page.title),
            url_path=page.name,
            visibility="hidden" if page.hidden else "visible",
        )
        sections.setdefault(heading, []).append(shown)
    return sections


def closed(door: Callable[[], None]) -> list[StreamlitPage]:
    """The door at every page's address, for ``st.navigation``: who may see none is not told which there are."""
    return [
        st.Page(door, title="Earshot", url_path=page.name, default=number == 0) for number, page in enumerate(PAGES)
    ]
