"""Who sees which page, which calls, and may do what: against a matrix that is written down apart from the code."""

from __future__ import annotations

import sqlite3
import tomllib
from pathlib import Path

import pytest

from dashboard import navigation
from models import audit
from models.access import people
from models.access.people import Action, Entry, Person, Role
from models.app_store import AppStore
from models.errors import ChangeRefused
from models.settings import ROOT, Settings
from models.waits.targets import history
from tests.dashboard.conftest import BOSS, Open, claims

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


@pytest.mark.parametrize(
    ("call", "owner"),
    [("st.page_link(", "links.py"), ("st.switch_page(", "links.py"), ("st.download_button(", "csv.py")],
)
def test_links_and_files_go_one_way(call: str, owner: str) -> None:
    """Links that leave out pages of others, and files that are noted, are drawn in one place each, so no page forgets it."""
    users = {file.name for file in (ROOT / "dashboard").rglob("*.py") if call in file.read_text("utf-8")}
    assert users == {owner}


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


@pytest.mark.parametrize("action", Action)
def test_each_role_may_do_what_the_matrix_says(action: Action) -> None:
    """What a role may do beyond looking, and that an admin may do everything."""
    able = {role for role in Role if people.may(somebody(role), action)}
    assert able == {*MATRIX["actions"][action], Role.ADMIN}
    assert not people.may(somebody(), action)


ANA = "ana@example.org"


def listed(
    settings: Settings, *roles: Role, queues: tuple[str, ...] | None = None, agents: tuple[str, ...] | None = None
) -> None:
    """Ana is on the list of people."""
    people.put(AppStore(settings), Entry(ANA, frozenset(roles), queues, agents), BOSS)


@pytest.mark.parametrize("role", Role)
def test_pages_of_others_are_not_there(signed_in: Settings, open_page: Open, role: Role) -> None:
    """Asked by its address, a page of another role gives the reader's own first page, and what it would show is not sent."""
    listed(signed_in, role, agents=("agent-01",) if role == Role.AGENT else None)
    mine, home = [page.name for page in navigation.of(somebody(role))], navigation.home(somebody(role)).name
    titles = {page.name: page.title for page in navigation.PAGES}
    for name in MATRIX["pages"]:
        app = open_page(name, user=claims(ANA), lang="en")
        shown = app.title[0].value if name != "call" or name not in mine else titles["call"]
        assert shown == titles[name if name in mine else home], name


HOMES = {"supervisor": "listening", "manager": "waits", "analyst": "data", "agent": "coaching", "admin": "overview"}


@pytest.mark.parametrize("role", Role)
def test_everybody_begins_at_the_page_of_their_role(signed_in: Settings, open_page: Open, role: Role) -> None:
    """At the root of the address a role sees its own page first, in the language that the address asks for."""
    listed(signed_in, role, agents=("agent-01",) if role == Role.AGENT else None)
    titles = {page.name: page.title for page in navigation.PAGES}
    app = open_page("", user=claims(ANA), lang="en")
    assert app.title[0].value == titles[HOMES[role]]
    assert app.query_params["lang"] in ("en", ["en"])


def test_who_has_several_roles_begins_at_the_first_page() -> None:
    """No role is put before another, and an admin's first page is everybody's."""
    assert navigation.home(somebody(Role.SUPERVISOR, Role.ANALYST)).name == "overview"
    assert navigation.home(somebody(Role.SUPERVISOR, Role.ADMIN)).name == "overview"


def test_nobody_gets_in_when_nobody_can_tell_who_may(
    signed_in: Settings, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of people can't be read, as the disk takes no more: a sentence, and no page."""

    def full(self: AppStore, connection: sqlite3.Connection) -> sqlite3.Connection:
        connection.execute("pragma query_only = on")
        return connection.execute("create table more (n)").connection  # raises, as on a full disk

    monkeypatch.setattr(AppStore, "_prepare", full)
    app = open_page("", user=claims("who.is.this@example.org"), lang="en")
    assert "The disk takes no more" in app.error[0].value
    assert not app.header and not app.dataframe


def test_nobody_gets_in_without_a_role(signed_in: Settings, open_page: Open) -> None:
    """Whoever is not listed is told whom to ask; whoever did not sign in, or too long ago, sees the door; nothing else is sent."""
    asked = open_page("data", user=claims("eve@example.org"), lang="en")
    assert asked.header[0].value == "You are signed in, but have no role here yet"
    assert asked.code[0].value == "eve@example.org"
    for user in (
        {},
        {"is_logged_in": False},
        claims(BOSS, iat=1),
        claims(BOSS, aud="another"),
        claims(BOSS, email_verified=False),
    ):
        door = open_page("calls", user=user, lang="fr")
        assert [button.label for button in door.button] == ["Se connecter"]
        assert not door.dataframe and not door.metric


def test_roles_are_looked_up_at_each_run(signed_in: Settings, open_page: Open) -> None:
    """Taken from the list, somebody sees nothing from their next click on, in a page that is open."""
    listed(signed_in, Role.ANALYST)
    app = open_page("calls", user=claims(ANA.upper()), lang="en")
    assert len(app.dataframe[0].value) == 50
    people.remove(AppStore(signed_in), ANA, BOSS)
    app.run()
    assert not app.exception and not app.dataframe
    assert app.header[0].value == "You are signed in, but have no role here yet"


def test_limits_hold_on_every_page(signed_in: Settings, open_page: Open) -> None:
    """A supervisor of one queue finds its calls alone, in lists, in figures, in searches and by a call's address."""
    listed(signed_in, Role.SUPERVISOR, queues=("billing",))
    calls = open_page("calls", user=claims(ANA), lang="en", period="all")
    assert set(calls.dataframe[0].value["queue"]) == {"billing"}
    waits = open_page("waits", user=claims(ANA), lang="en", period="all")
    assert waits.multiselect(key="queue").options == ["billing"]
    said = open_page("calls", user=claims(ANA), lang="en", said="abracadabra")
    assert not said.dataframe
    call = open_page("call", user=claims(ANA), lang="en", call_id="hostile")
    assert "There is no call with this id" in call.info[0].value
    assert open_page("call", user=claims(BOSS), lang="en", call_id="hostile").title[0].value != "Call"


def test_an_agent_sees_own_calls_alone(signed_in: Settings, open_page: Open) -> None:
    """An agent finds the calls they took, may save nothing, and without a name in the calls finds none."""
    listed(signed_in, Role.AGENT, agents=("agent-01",))
    known = open_page("calls", user=claims(ANA), lang="en", period="all")
    own = set(known.dataframe[0].value["agent"])
    boss = open_page("calls", user=claims(BOSS), lang="en", period="all", agent="=agent-01")
    assert own == set(boss.dataframe[0].value["agent"]) == {"agent-01"}
    assert (len(known.get("download_button")), len(boss.get("download_button"))) == (0, 1)
    with pytest.raises(ChangeRefused):
        listed(signed_in, Role.AGENT)


def test_what_a_form_hides_is_refused_too(signed_in: Settings, open_page: Open) -> None:
    """A manager whose role changes while the form is open can't write any more: nothing is written, and it is said."""
    listed(signed_in, Role.MANAGER)
    app = open_page("waits", user=claims(ANA), lang="en", view="targets")
    listed(signed_in, Role.SUPERVISOR)
    save = next(button for button in app.button if button.label == "Save the target")
    save.click().run()
    assert not app.exception
    assert history(AppStore(signed_in)) == []
    assert not [button for button in app.button if button.label == "Save the target"]


def test_opening_is_noted_once(signed_in: Settings, open_page: Open) -> None:
    """Opening a call's page and searching its words leave a line each in the audit log, without the words."""
    listed(signed_in, Role.ANALYST)
    open_page("call", user=claims(ANA), lang="en", call_id="hostile").run()
    open_page("calls", user=claims(ANA), lang="en", said="abracadabra")
    told = [(line.who, line.what, line.call_id) for line in audit.newest(AppStore(signed_in), 10, who=ANA)]
    assert told == [(ANA, "searched", None), (ANA, "opened", "hostile")]
    assert "abracadabra" not in repr(audit.newest(AppStore(signed_in), 10))
    page = open_page("audit", user=claims(BOSS), lang="en", who=ANA)
    assert page.dataframe[0].value["what"].tolist() == ["searched transcripts", "opened a call or a customer"]


def test_people_are_added_and_taken_back(signed_in: Settings, open_page: Open) -> None:
    """An admin adds somebody on the page, sees it in the list and the history, and undoes it."""
    app = open_page("people", user=claims(BOSS), lang="en")
    app.text_input[0].set_value("New@Example.org")
    app.multiselect[0].set_value([Role.MANAGER])
    app.multiselect[1].set_value(["billing"])
    next(button for button in app.button if button.label == "Save").click().run()
    assert not app.exception
    assert people.entries(AppStore(signed_in)) == [
        Entry("new@example.org", frozenset({Role.MANAGER}), ("billing",), None)
    ]
    assert app.dataframe[0].value["person"].tolist() == ["new@example.org"]
    app.button(key="undo_person").click().run()
    assert people.entries(AppStore(signed_in)) == []
    assert [line.what for line in audit.newest(AppStore(signed_in), 9, who=BOSS)] == ["changed", "changed"]
