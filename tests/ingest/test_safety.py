"""What ``earshot doctor`` says about who can reach what."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import safety
from models.access import people, sign_in
from models.access.people import Entry, Role
from models.app_store import AppStore
from models.settings import ROOT, Settings


@pytest.fixture
def signed_in(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with sign-in, the secret in a file of its owner's alone."""
    monkeypatch.delenv(sign_in.SECRET, raising=False)
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    secret.chmod(0o600)
    return replace(
        settings, sign_in_url="https://id.example.org/.well-known/openid-configuration", sign_in_client="earshot",
        dashboard_url="https://earshot.example.org", dashboard_address="0.0.0.0", sign_in_secret_file=str(secret),
        admins="boss@example.org",
    )  # fmt: skip


def wrong(settings: Settings) -> dict[str, str]:
    """What is not as it should be."""
    return {name: says for name, ok, says in safety.examine(settings) if not ok}


def test_a_machine_of_its_own(settings: Settings) -> None:
    """Without sign-in on 127.0.0.1 nothing is wrong; on another address, it says what to do."""
    assert wrong(settings) == {}
    assert "127.0.0.1 alone" in wrong(replace(settings, dashboard_address="0.0.0.0"))["sign-in"]


def test_sign_in_is_looked_at_whole(signed_in: Settings) -> None:
    """Whole, nothing is wrong; without TLS, without the secret, or without anybody who lets people in, it is named."""
    assert wrong(signed_in) == {}
    assert "without TLS" in wrong(replace(signed_in, dashboard_url="http://earshot.example.org"))["TLS"]
    assert sign_in.SECRET in wrong(replace(signed_in, sign_in_secret_file=""))["sign-in"]
    assert "no admin" in wrong(replace(signed_in, admins=""))["admins"]
    signed_in.store.mkdir(mode=0o700, parents=True)
    people.put(AppStore(signed_in), Entry("ana@example.org", frozenset({Role.ADMIN})), "boss@example.org")
    assert "admins" not in wrong(replace(signed_in, admins=""))


def test_what_others_can_read(signed_in: Settings) -> None:
    """Files of calls, keys and the secret that every user of the machine can read are named with the command that closes them."""
    store = signed_in.store
    AppStore(signed_in).connect().close()
    (store / "audio").mkdir()
    for name in ("app.sqlite", "audio"):
        (store / name).chmod(0o755)
    secret = Path(signed_in.sign_in_secret_file)
    secret.parent.chmod(0o755)
    secret.chmod(0o644)
    found = wrong(signed_in)
    assert f"cd {store} && chmod -R o= app.sqlite audio" in found["permissions"]
    assert "chmod 600" in found["secret"]
    for name in ("app.sqlite", "audio"):
        (store / name).chmod(0o750)
    secret.chmod(0o600)
    assert wrong(signed_in) == {}


def test_a_closed_folder_closes_what_is_in_it(signed_in: Settings) -> None:
    """Where nobody else may enter the store, the modes of its files don't matter."""
    AppStore(signed_in).connect().close()
    (signed_in.store / "app.sqlite").chmod(0o644)
    signed_in.store.chmod(0o700)
    assert wrong(signed_in) == {}


def test_commands_close_what_they_write_to_others(settings: Settings) -> None:
    """Whatever the umask of whoever runs a command, others on the machine can't get into the store."""
    environment = {**os.environ, "EARSHOT_DATA": str(settings.data)}
    command = 'umask 000; exec "$0" -m ingest.cli publish'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert settings.store.stat().st_mode & 0o007 == 0
    for name in ("calls.duckdb", "app.sqlite"):
        assert (settings.store / name).stat().st_mode & 0o007 == 0, name
