"""Who may come in at all: without sign-in only this machine by its own name, with it nobody unknown behind the door."""

from __future__ import annotations

import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.guard import COOKIE, Door, Guard
from models.settings import ROOT, Settings

REFUSED = (WebSocketDisconnect, WebSocketDenialResponse)


async def stream(socket: WebSocket) -> None:
    """What Streamlit's stream would do."""
    await socket.accept()
    await socket.send_text("in")
    await socket.close()


def app(door: Door) -> Starlette:
    """A page, a file that somebody saves, and a stream behind a guard."""
    page = Route("/{path:path}", lambda request: HTMLResponse("page"))
    return Starlette(routes=[WebSocketRoute("/stream", stream), page], middleware=[Middleware(Guard, door=door)])


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "[::1]:8501", "localhost:1"])
def test_this_machine_comes_in_by_its_own_name(host: str) -> None:
    """Without sign-in, pages and the stream answer to names that mean this machine."""
    client = TestClient(app(Door(local_only=True)), base_url=f"http://{host}")
    assert client.get("/").status_code == 200
    with client.websocket_connect("/stream", headers={"host": host}) as socket:
        assert socket.receive_text() == "in"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5:8501", "", "localhost.evil.example"]
)
def test_other_names_are_refused_without_sign_in(host: str) -> None:
    """A site that points its own name at this machine, or a proxy before it, gets nothing: neither page nor stream."""
    client = TestClient(app(Door(local_only=True)))
    assert client.get("/", headers={"host": host}).status_code == 403
    with pytest.raises(REFUSED), client.websocket_connect("/stream", headers={"host": host}):
        pass


def test_files_to_save_are_behind_the_door() -> None:
    """With sign-in, what people save and upload is served to those who signed in; pages themselves hold nothing yet."""
    client = TestClient(app(Door(is_known=lambda cookies: cookies.get("who") == "ana")))
    files = ("/media/calls.csv", "/_stcore/upload_file/1/2")
    assert [client.get(path).status_code for path in (*files, "/")] == [403, 403, 200]
    client.cookies.set("who", "ana")
    assert [client.get(path).status_code for path in files] == [200, 200]


def test_cookies_are_secure_behind_tls() -> None:
    """Where people open the dashboard by https, no cookie travels without it, also behind a proxy that speaks http."""
    cookie = TestClient(app(Door(is_encrypted=True))).get("/").headers["set-cookie"]
    assert cookie.startswith(COOKIE) and cookie.endswith("; Secure")
    assert "Secure" not in TestClient(app(Door())).get("/").headers["set-cookie"]


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "earshot", "dashboard", "--address", "0.0.0.0"],
        ["-m", "streamlit", "run", "dashboard/server.py", "--server.address", "0.0.0.0"],
    ],
    ids=["earshot", "streamlit"],
)
def test_it_refuses_to_bind_wider_without_sign_in(settings: Settings, command: list[str]) -> None:
    """However it is started: one sentence that says what to do, no traceback, and no server."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=120)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Without sign-in the dashboard opens on 127.0.0.1 alone" in said
    assert "Traceback" not in said
