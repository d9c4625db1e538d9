"""``earshot dashboard``: opens, says where, and takes its server along when it ends."""

from __future__ import annotations

import socket
import subprocess
import sys

from models.settings import ROOT, Settings


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_killed_command_closes_its_server(settings: Settings) -> None:
    """The address is printed once the page answers; after a polite kill the port is free again."""
    port = free_port()
    command = [sys.executable, "-m", "earshot", "dashboard", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as opened:
        assert opened.stdout is not None
        assert f"http://127.0.0.1:{port}" in opened.stdout.readline()
        opened.terminate()
        assert opened.wait(timeout=30) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_said_in_a_sentence(settings: Settings) -> None:
    """Somebody else on the port: one sentence with the way out, exit code 1, no traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "earshot", "dashboard", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr
