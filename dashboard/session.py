"""Who is looking, and from which browser session."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import ParamSpec

import streamlit as st

from dashboard import identity
from dashboard.guard import COOKIE
from dashboard.i18n import N_, _
from models import audit
from models import settings as settings_of
from models.access import people
from models.access.people import LOCAL, NOBODY, Action, Person
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.settings import Settings

OF_ALL = N_(
    "This holds for the whole call centre, and you look after a part of it. Ask somebody who looks after all of it."
)
P = ParamSpec("P")
_acting: ContextVar[Person | None] = ContextVar("acting", default=None)


def person() -> Person:
    """Who is looking and what they may do, as of this run.

    Without sign-in, whoever sits at this machine may do everything. With it, somebody who has not signed in is NOBODY, and
    somebody without a role has a name only.
    """
    if (acting := _acting.get()) is not None:
        return acting
    settings = settings_of.load()
    sign_in = identity.provider(settings)
    if sign_in is None:
        return replace(LOCAL, name=str(st.user.get("email") or LOCAL.name))
    name = identity.name_in(st.user.to_dict(), sign_in)
    return NOBODY if name is None else known(settings, name)


def known(settings: Settings, name: str) -> Person:
    """What somebody may do as it is written at this moment; read again only when the file has changed."""
    store = _store(settings)
    return _known(settings, name, store.stamp())


@functools.lru_cache(maxsize=256)
def _known(settings: Settings, name: str, stamp: object) -> Person:
    return people.find(_store(settings), settings, name)


@functools.cache
def _store(settings: Settings) -> AppStore:
    return AppStore(settings)


@contextmanager
def acting_for(who: Person) -> Iterator[None]:
    """Look with the eyes of ``who``: while their page is drawn, and in a file, which is made after its button was pressed.

    What they may do is read again: it may have changed since the button was drawn.
    """
    settings = settings_of.load()
    token = _acting.set(who if identity.provider(settings) is None else known(settings, who.name))
    try:
        yield
    finally:
        _acting.reset(token)


def may(action: Action) -> bool:
    """Whether whoever looks may do this."""
    return people.may(person(), action)


def demand(action: Action) -> None:
    """Raise ChangeRefused unless whoever looks may do this: what a form hides, a request could still ask."""
    if not may(action):
        of_role = people.has_role_for(person(), action)
        raise ChangeRefused(OF_ALL if of_role else N_("Your role does not allow this."))


def writer(action: Action) -> str:
    """The name under which whoever looks writes. Raises ChangeRefused unless they may do this.

    Every write takes its name from here, so none forgets to ask; ``reviewer`` is for what is read.
    """
    demand(action)
    return reviewer()


def telling(write: Callable[P, object]) -> Callable[P, None]:
    """A callback of a widget that writes: it runs before its page is drawn, so its refusal is told beside the page."""

    @functools.wraps(write)
    def told(*given: P.args, **named: P.kwargs) -> None:
        try:
            write(*given, **named)
        except ChangeRefused as error:
            st.toast(_(str(error)), icon=":material/block:")

    return told


def note(
    what: audit.What, call_id: str | None = None, customer_id: str | None = None, detail: str | None = None
) -> None:
    """A line in the audit log about whoever looks, the same line once in a browser session.

    ``detail`` says where; it never holds words that were sought or read.
    """
    told = st.session_state.setdefault("_noted", set())
    line = (what, call_id, customer_id, detail)
    if line not in told:
        audit.note(_store(settings_of.load()), reviewer(), *line)
        told.add(line)


def reviewer() -> str:
    """The signed-in person's address; without sign-in, one name for all."""
    return person().name


def is_asked() -> bool:
    """Whether people have to sign in here."""
    return identity.provider(settings_of.load()) is not None


def is_signed_in() -> bool:
    """Whether somebody signed in, so can sign out."""
    return is_asked() and bool(person().name)


def browser() -> str:
    """The session cookie of this browser; empty before it has one."""
    value = st.context.cookies.get(COOKIE, "")
    return value if isinstance(value, str) else ""
