"""``earshot dashboard``."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import click

from models.access import sign_in
from models.errors import EarshotError
from models.settings import ROOT, load


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port (the setting dashboard_port).")
@click.option(
    "--address", help="Address to listen on (the setting dashboard_address); beyond 127.0.0.1 with sign-in only."
)
def dashboard(port: int | None, address: str | None) -> None:
    """Open the dashboard, on this machine unless sign-in is configured, until Ctrl-C.

    Example:  earshot dashboard --port 8600
    """
    settings = load()
    serve(port or settings.dashboard_port, address or settings.dashboard_address)


def serve(port: int, address: str = "127.0.0.1") -> None:
    """Run the dashboard's server in a process of its own and print its address once it answers.

    Ctrl-C and a polite kill close the server with the command. Raises SettingsError for an address that needs sign-in.
    """
    provider = sign_in.configured(load())
    sign_in.check_address(address, provider)
    for warning in sign_in.warnings(provider):
        click.echo(warning, err=True)
    check_free(address, port)
    command = [
        sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "server.py"),
        "--server.address", address, "--server.port", str(port), "--server.headless", "true",
        "--browser.gatherUsageStats", "false", "--logger.level", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # the server must not outlive whoever started it
    try:
        wait_until_healthy(server, port, address)
        click.echo(
            f"The dashboard is open at {provider.origin if provider else here(address, port)}  (Ctrl-C closes it)"
        )
        server.wait()
    except KeyboardInterrupt:
        click.echo("The dashboard is closed.")
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
    if server.returncode and server.returncode > 0:
        raise EarshotError("The dashboard ended with an error; the lines above say why.")


def here(address: str, port: int) -> str:
    """The address at which this machine itself finds the dashboard."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(address, f"[{address}]" if ":" in address else address)  # noqa: S104
    return f"http://{host}:{port}"


def check_free(address: str, port: int) -> None:
    """Raise EarshotError when the port is in use, or the address is none of this machine's."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise EarshotError(f"The dashboard can't listen on {address}: {error.strerror or error}.") from None
            raise EarshotError(
                f"Port {port} is in use; is the dashboard open already at {here(address, port)}? "
                f"Else choose another: earshot dashboard --port {port + 1}"
            ) from None


def wait_until_healthy(server: subprocess.Popen[bytes], port: int, address: str = "127.0.0.1") -> None:
    """Wait until the server answers, at most two minutes."""
    for _ in range(600):
        if server.poll() is not None:
            raise EarshotError("The dashboard could not start; the lines above say why.")
        try:
            with urllib.request.urlopen(f"{here(address, port)}/_stcore/health", timeout=5):  # noqa: S310 - http, see here
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise EarshotError("The dashboard did not answer within two minutes.")
