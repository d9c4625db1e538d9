"""Every write asks first whether whoever looks may do it: the code is read, and the pages are tried role by role."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.components import rights
from models.access import people
from models.access.people import Action, Entry, Role
from models.app_store import AppStore
from models.settings import ROOT, Settings
from tests.dashboard.conftest import BOSS, Open, claims

MATRIX = tomllib.loads(Path(__file__).with_name("role_matrix.toml").read_text("utf-8"))
ANA = "ana@example.org"
READS = {
    "reviews.of_call", "reviews.revealed", "reviews.judged_counts", "remarks.of_call", "weeks.heard_by_week", "weeks.heard_calls",
    "weeks.note", "chosen.open_to", "heard", "mint", "audit.note", "st.session_state.setdefault",
}  # fmt: skip
"""What may be given the name of whoever looks without asking: it reads, or notes what was seen."""


def calls(file: Path) -> Iterator[ast.Call]:
    """Every call in a Python file."""
    return (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))


def is_name_of_reader(node: ast.expr) -> bool:
    """Whether an expression is ``reviewer()``."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("reviewer", "session.reviewer") and not node.args


def test_whoever_writes_was_asked() -> None:
    """The name of whoever looks is passed on as it is only to what reads; what writes gets it from ``session.writer``, which asks."""
    files = [*(ROOT / "dashboard").rglob("*.py")]
    given = {ast.unparse(call.func) for file in files for call in calls(file) if any(map(is_name_of_reader, call.args))}
    assert {name for name in given if not name.endswith(tuple(READS))} == set()
    assert len(files) > 50 and given


def test_whoever_reads_under_a_name_is_listed() -> None:
    """A function that keeps the name of whoever looks in a variable reads, or notes what was seen: these alone."""
    keeping = {
        node.name
        for file in (ROOT / "dashboard").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        for line in node.body
        if isinstance(line, ast.Assign)
        and any(map(is_name_of_reader, line.value.elts if isinstance(line.value, ast.Tuple) else [line.value]))
    }
    assert keeping == {"shown", "playlist", "is_to_judge", "to_calibrate", "without_blind", "current_pass", "rows"}


def test_callbacks_that_write_tell_their_refusal() -> None:
    """A function that is called by a widget, and asks for the right to write itself, is one that tells a refusal."""
    silent = []
    for file in (ROOT / "dashboard").rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        of_widgets = {
            ast.unparse(word.value)
            for call in calls(file)
            for word in call.keywords
            if word.arg in ("on_click", "on_change", "on_select")
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in of_widgets:
                body = ast.unparse(node)
                asks = "writer(" in body or "demand(" in body
                tells = "except ChangeRefused" in body or "telling" in {
                    ast.unparse(d).split(".")[-1] for d in node.decorator_list
                }
                silent += [f"{file.name}: {node.name}"] if asks and not tells else []
    assert silent == []


def test_every_action_says_who_may() -> None:
    """A control that is disabled can say why, whatever it does."""
    assert set(rights.WHO) == set(Action)


@pytest.mark.parametrize("role", Role)
def test_a_write_is_refused_to_whoever_may_not(signed_in: Settings, open_page: Open, role: Role) -> None:
    """On a real page, as each role: ``session.writer`` gives the name for the actions of the matrix, and refuses every other."""

    def ask() -> None:
        import streamlit as st

        from dashboard import session
        from models.access.people import Action
        from models.errors import ChangeRefused

        for action in Action:
            try:
                st.text(f"{action} {session.writer(action)}")
            except ChangeRefused:
                st.text(f"{action} refused")

    listed(signed_in, role)
    app = AppTest.from_function(ask)
    app.user = claims(ANA)
    app.run()
    assert not app.exception
    able = {name for name, roles in MATRIX["actions"].items() if role in roles or role == Role.ADMIN}
    told = dict(line.value.split(" ", 1) for line in app.text)
    assert told == {action: ANA if action in able else "refused" for action in Action}


def listed(settings: Settings, *roles: Role, agents: tuple[str, ...] | None = None) -> None:
    """Ana has these roles from now on."""
    agents = ("agent-01",) if set(roles) == {Role.AGENT} else agents
    people.put(AppStore(settings), Entry(ANA, frozenset(roles), None, agents), BOSS)


@pytest.mark.parametrize("entry", [{"queues": ("billing",)}, {"agents": ("agent-01",)}, {"queues": ()}])
def test_what_holds_for_all_is_not_for_whoever_sees_a_part(
    signed_in: Settings, entry: dict[str, tuple[str, ...]]
) -> None:
    """Limited to queues or agents, no role allows what the matrix lists as centre-wide; everything else stays allowed."""

    def ask() -> None:
        import streamlit as st

        from dashboard import session
        from models.access.people import Action
        from models.errors import ChangeRefused

        for action in Action:
            try:
                session.writer(action)
            except ChangeRefused as refused:
                st.text(f"{action} {refused}")

    roles = frozenset(Role) - {Role.ADMIN}
    people.put(AppStore(signed_in), Entry(ANA, roles, **entry), BOSS)
    app = AppTest.from_function(ask)
    app.user = claims(ANA)
    app.run()
    assert not app.exception
    told = dict(line.value.split(" ", 1) for line in app.text)
    assert {action for action, why in told.items() if why == session.OF_ALL} == set(MATRIX["limited"]["refused"])
    assert set(told) - set(MATRIX["limited"]["refused"]) == {name for name, of in MATRIX["actions"].items() if not of}


def test_pages_say_what_holds_for_all(signed_in: Settings, open_page: Open) -> None:
    """A manager of one team finds no button that changes what is everybody's, and reads why; they still write what is theirs."""
    listed(signed_in, Role.MANAGER, agents=("agent-01",))
    for (page, field, part), buttons in PAGES.items():
        app = open_page(page, user=claims(ANA), lang="en", **{field: part})
        for label, action in buttons.items():
            able = [button for button in app.button if button.label == label and not button.disabled]
            assert bool(able) == (action not in MATRIX["limited"]["refused"]), (page, part, label)
            if not able:
                said = [*(button.help for button in app.button), *(caption.value for caption in app.caption)]
                assert session.OF_ALL in said, (page, part, label)


PAGES = {
    ("goals", "view", "goals"): {"Save": "keep_goals", "Add": "keep_goals"},
    ("goals", "view", "figures"): {"Save": "keep_goals"},
    ("goals", "view", "policy"): {"Save": "keep_goals"},
    ("goals", "view", "self"): {"Begin": "assess"},
    ("customers", "part", "random"): {"Draw": "draw_callbacks"},
    ("waits", "view", "targets"): {"Save the target": "set_targets"},
    ("complaints", "register", "write"): {"Save": "keep_complaints"},
    ("team", "part", "goodwill"): {"Save": "lead_team"},
}
"""Page, and its address → buttons that write, and what one must be allowed for them."""


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MANAGER, Role.ANALYST])
def test_buttons_that_write_are_for_those_who_may(signed_in: Settings, open_page: Open, role: Role) -> None:
    """A button that writes is there and enabled for whoever may; for others it is disabled or not there, and the page says who may."""
    listed(signed_in, role)
    mine = {place: buttons for place, buttons in PAGES.items() if role in MATRIX["pages"][place[0]]}
    assert mine
    for (page, field, part), buttons in mine.items():
        app = open_page(page, user=claims(ANA), lang="en", **{field: part})
        for label, action in buttons.items():
            able = [button for button in app.button if button.label == label and not button.disabled]
            assert bool(able) == (role in MATRIX["actions"][action]), (page, part, label)
            if not able:
                said = [*(button.help for button in app.button), *(caption.value for caption in app.caption)]
                assert rights.WHO[Action(action)] in said, (page, part, label)


def press(label: str) -> Callable[[AppTest], AppTest]:
    """Press the first button with this label."""
    return lambda app: next(button for button in app.button if button.label == label).click().run()


def tick(app: AppTest) -> AppTest:
    """Tick the first item of the policy's check-list: written by a callback, before the page is drawn."""
    return next(box for box in app.checkbox if str(box.key).startswith("tick_")).check().run()


def name(app: AppTest) -> AppTest:
    """Write a complaint."""
    next(area for area in app.text_area if area.label == "What it is about").input("Broken")
    return press("Save")(app)


RACES = {
    "a tick": (Role.MANAGER, Role.ANALYST, ("goals", "view", "policy"), tick),
    "a page that is gone": (Role.MANAGER, Role.ANALYST, ("complaints", "register", "write"), name),
    "a list": (Role.SUPERVISOR, Role.ANALYST, ("customers", "part", "random"), press("Draw")),
    "an assessment": (Role.ANALYST, Role.AGENT, ("goals", "view", "self"), press("Begin")),
}


@pytest.mark.parametrize("what", RACES)
def test_a_role_that_was_taken_away_writes_nothing(signed_in: Settings, open_page: Open, what: str) -> None:
    """Between the page and the press the role changes: nothing is written, nothing fails."""
    before, after, (page, field, part), do = RACES[what]
    listed(signed_in, before)
    app = open_page(page, user=claims(ANA), lang="en", **{field: part})
    st.cache_data.clear()
    listed(signed_in, after)
    do(app)
    assert not app.exception
    with AppStore(signed_in).reading() as connection:
        made = connection.execute("select what from changes where changed_by = ?", (ANA,)).fetchall()
        begun = connection.execute("select count(*) from assessments").fetchone()
        drawn = connection.execute("select count(*) from callback_draws").fetchone()
    assert (made, begun, drawn) == ([], (0,), (0,))


def test_a_right_that_is_kept_writes(signed_in: Settings, open_page: Open) -> None:
    """The same press with the role still there does write: the test above would notice a page that never writes."""
    for before, _after, (page, field, part), do in RACES.values():
        listed(signed_in, before)
        do(open_page(page, user=claims(ANA), lang="en", **{field: part}))
    with AppStore(signed_in).reading() as connection:
        made = connection.execute("select distinct what from changes where changed_by = ?", (ANA,)).fetchall()
        begun = connection.execute("select count(*) from assessments").fetchone()
        drawn = connection.execute("select count(*) from callback_draws").fetchone()
    assert {"policy_ticks", "complaints"} <= {what for (what,) in made}
    assert (begun, drawn) == ((1,), (1,))
