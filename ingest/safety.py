"""Who can reach what on this installation: the address, sign-in, and what other users of the machine can read."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from models.access import people, sign_in
from models.access.people import Role
from models.app_store import AppStore
from models.errors import EarshotError, SettingsError
from models.settings import Settings

Said = tuple[str, bool, str]
"""What was looked at, whether it is as it should be, and a sentence."""

KEYS = ("dashboard.key", "sign-in.key")
PRIVATE = ("calls.duckdb", "app.sqlite", "audio", "audit", "keys", *KEYS)
"""What of the store holds calls, what people wrote, or keys; published/ is for analysts, so not among them."""


def examine(settings: Settings) -> Iterator[Said]:
    """Everything about who can reach what."""
    yield from entrance(settings)
    yield from readable(settings)


def entrance(settings: Settings) -> Iterator[Said]:
    """The address of the dashboard, and whether people sign in at it."""
    try:
        provider = sign_in.configured(settings)
        sign_in.check_address(settings.dashboard_address, provider)
    except SettingsError as error:
        yield "sign-in", False, str(error)
        return
    if provider is None:
        yield (
            "sign-in",
            True,
            f"none: the dashboard opens on {settings.dashboard_address} alone, and whoever sits there is an admin",
        )
        return
    yield "sign-in", True, f"{provider.metadata_url}, people open {provider.origin}"
    for warning in sign_in.warnings(provider):
        yield "TLS", False, warning
    yield somebody_decides(settings)


def somebody_decides(settings: Settings) -> Said:
    """Whether there is an admin; nobody else can let anybody in."""
    store = AppStore(settings)
    try:
        known = people.entries(store) if store.path.exists() else []
        listed = [entry.person for entry in known if Role.ADMIN in entry.roles]
    except EarshotError as error:
        return "admins", False, str(error)
    admins = sorted({*people.admins(settings), *listed})
    if not admins:
        return "admins", False, "there is no admin, so nobody can get in: put one into the setting admins"
    return "admins", True, ", ".join(admins)


def readable(settings: Settings) -> Iterator[Said]:
    """What other users of this machine can read: of the store, and the file with the client's secret."""
    store = settings.store
    open_to_all = [name for name in PRIVATE if is_open(store / name, store)]
    if open_to_all:
        names = " ".join(open_to_all)
        yield (
            "permissions",
            False,
            f"every user of this machine can read {names} in {store}; run: cd {store} && chmod -R o= {names}",
        )
    elif store.exists():
        yield "permissions", True, "calls, what people wrote and keys are closed to other users of this machine"
    if settings.sign_in_secret_file and is_open(
        secret := Path(settings.sign_in_secret_file).expanduser(), secret.parent
    ):
        yield "secret", False, f"every user of this machine can read {secret}; run: chmod 600 {secret}"


def is_open(path: Path, below: Path) -> bool:
    """Whether users who are neither owner nor in the group can read a path, given the folder it lies in."""
    if not path.exists() or not below.stat().st_mode & stat.S_IXOTH:
        return False
    wanted = stat.S_IROTH | stat.S_IXOTH if path.is_dir() else stat.S_IROTH
    return path.stat().st_mode & wanted == wanted
