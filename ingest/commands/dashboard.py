"""``earshot dashboard``."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import click

from models.errors import EarshotError
from models.settings import ROOT, load

ADDRESS = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1 (the setting dashboard_port).")
def dashboard(port: int | None) -> None:
    """Open the dashboard on this machine, until Ctrl-C.

    Example:  earshot dashboard --port 8600
    """
    serve(port or load().dashboard_port)


def serve(port: int) -> None:
    """Run the dashboard's server in a process of its own and print its address once it answers.

    Ctrl-C and a polite kill close the server with the command.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            raise EarshotError(
                f"Port {port} is in use; is the dashboard open already at http://{ADDRESS}:{port}? "
                f"Else choose another: earshot dashboard --port {port + 1}"
            ) from None
    command = [
        sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "server.py"),
        "--server.address", ADDRESS, "--server.port", str(port), "--server.headless", "true",
        "--browser.gatherUsageStats", "false", "--logger.level", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # the server must not outlive whoever started it
    try:
        wait_until_healthy(server, port)
        click.echo(f"The dashboard is open at http://{ADDRESS}:{port}  (Ctrl-C closes it)")
        server.wait()
    except KeyboardInterrupt:
        click.echo("The dashboard is closed.")
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
    if server.returncode and server.returncode > 0:
        raise EarshotError("The dashboard ended with an error; the lines above say why.")


def wait_until_healthy(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers, at most two minutes."""
    for _ in range(600):
        if server.poll() is not None:
            raise EarshotError("The dashboard could not start; the lines above say why.")
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}:{port}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise EarshotError("The dashboard did not answer within two minutes.")
