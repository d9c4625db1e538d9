"""Every setting, declared once: name, default, help. ``EARSHOT_<NAME>`` overrides ``data/settings.toml``."""

from __future__ import annotations

import functools
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from dataclasses import field as declare
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models.errors import SettingsError
from models.setting_checks import CHECKS, Range, in_range, listed, typed

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: Earshot is installed editable, its data folder lies beside its code."""


def _setting(default: Any, help: str, allowed: Range | None = None) -> Any:
    return declare(default=default, metadata={"help": help, "allowed": allowed})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults; each field's help is in its metadata."""

    data: Path = _setting(ROOT / "data", "Folder that holds the store (in `store/`).")
    time_zone: str = _setting("Europe/Paris", "Time zone of the call centre: days and intervals begin in it.")
    opening_hours: str = _setting(
        "", "When the call centre is open, in half hours: `mon-fri 08:00-18:00, sat 09:00-13:00`; empty: always."
    )
    closed_days: str = _setting("", "Days on which it is closed, like `2026-12-25, 2027-01-01`.")
    outside_hours: str = _setting(
        "apart", "Calls outside opening hours: `apart` (in no figure, counted beside them), `left_out`, or `counted`."
    )
    return_days: int = _setting(
        7, "A caller who hung up is lost, and a call is not repeated, after this many days.", (1, 3650)
    )
    currency: str = _setting("EUR", "Currency of costs, as an ISO code.")
    model: str = _setting("small", "Speech model: a faster-whisper name, or a folder.")
    agent_channel: int = _setting(-1, "Channel of the agent in stereo recordings: 0 left, 1 right, -1 find out.")
    default_language: str = _setting("auto", "Language spoken, or auto to detect it per call.")
    lock_wait_s: float = _setting(60.0, "Seconds to wait for another ingest to finish its transaction.", (0, 86_400))
    max_recording_h: float = _setting(6.0, "Longest recording accepted, in hours.", (0.01, 168))
    judge_url: str = _setting(
        "",
        "OpenAI-compatible address of an optional judge, like http://127.0.0.1:8080/v1; empty: off. "
        "A key that it asks for goes into the variable `EARSHOT_JUDGE_API_KEY`.",
    )
    judge_model: str = _setting("", "Model that the optional judge should use.")
    judge_timeout_s: float = _setting(60.0, "Seconds to wait for the optional judge's answer on one call.", (0.1, 3600))
    issue_embeddings: str = _setting(
        "",
        "Folder with an embedding model of your own (`model.onnx`, `tokenizer.json`) by which `earshot issues` groups statements "
        "in English, where it is measured better than without; empty: none.",
    )
    listening_minutes: float = _setting(
        60.0, "Minutes that a supervisor listens each week: the length of a playlist.", (1, 2400)
    )
    listening_mix: str = _setting(
        "random=50, at_risk=15, long_wait=10, exemplary=10, uncertain=15",
        "What a playlist is drawn from, as shares of its minutes. Only random picks feed team scores.",
    )
    listening_days: int = _setting(28, "Days before the newest call from which playlists are drawn.", (1, 3650))
    reviewer_agents: str = _setting(
        "", "Reviewers who take calls themselves, like ana@example.org=ana.diaz; commas between: none hears their own."
    )
    redact: str = _setting(
        "card_number, security_code, bank_account, national_id, password, email, phone",
        "What is taken out of transcripts and silenced in the listening copy before they are written; empty: nothing.",
    )
    require_consent: bool = _setting(
        False,
        "Keep words and sound only of calls whose customer agreed (`consent` in the sidecar, the transcript or a queue visit).",
    )
    retention: str = _setting(
        "",
        "Days that recordings, transcripts and customers' ids are kept: `recordings=90, customers=730; billing: recordings=30`; "
        "empty: for ever. `earshot publish` and `earshot retain` remove what is older.",
    )
    publish_pseudonymous: bool = _setting(
        False,
        "Also publish `earshot-pseudonymous.duckdb`: the same views with hashed ids, without names, words and logs of people. "
        "Takes about as long again.",
    )
    originals: str = _setting(
        "leave", "Recorded files once they are loaded: `leave` them, `delete` them, or `encrypt` them into the store."
    )
    originals_key_file: str = _setting("", "File with the key for `originals = encrypt`; keep it apart from the store.")
    phone_regions: str = _setting("FR, GB, US", "Countries whose telephone numbers are recognised, as ISO codes.")
    dashboard_port: int = _setting(8501, "Port of the dashboard.", (1, 65_535))
    dashboard_address: str = _setting(
        "127.0.0.1", "Address that the dashboard listens on; any other than 127.0.0.1 needs sign-in."
    )
    dashboard_url: str = _setting(
        "", "Where people open the dashboard, like `https://earshot.example.org`; needed for sign-in."
    )
    sign_in_url: str = _setting(
        "",
        "Where the OpenID Connect provider describes itself (`…/.well-known/openid-configuration`); empty: no sign-in.",
    )
    sign_in_client: str = _setting("", "The dashboard's client id at the provider.")
    sign_in_secret_file: str = _setting(
        "", "File with the client's secret; or put the secret itself into the variable `EARSHOT_SIGN_IN_SECRET`."
    )
    sign_in_claim: str = _setting("email", "What of the provider's answer names a person: `email`, or another claim.")
    sign_in_hours: float = _setting(12.0, "Hours after which everybody has to sign in again.", (0.01, 8760))
    admins: str = _setting("", "Who may always say who has which role: names as they sign in, commas between.")

    @property
    def store(self) -> Path:
        """Folder of the databases, audio copies and snapshots."""
        return self.data / "store"

    @property
    def redacted_kinds(self) -> tuple[str, ...]:
        """What ``redact`` lists."""
        return listed(self.redact)

    @property
    def regions(self) -> tuple[str, ...]:
        """What ``phone_regions`` lists."""
        return listed(self.phone_regions.upper())

    @property
    def zone(self) -> ZoneInfo:
        """The call centre's time zone."""
        return ZoneInfo(self.time_zone)


SAMPLE = ROOT / "data" / "sample"
DEMONSTRATION_MODEL = ROOT / "data" / "speech_model"


_kept: ContextVar[Settings | None] = ContextVar("kept", default=None)


@contextmanager
def kept() -> Iterator[None]:
    """Within this, settings are those of its beginning: a page is drawn with the same from top to bottom."""
    token = _kept.set(load())
    try:
        yield
    finally:
        _kept.reset(token)


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Settings from the versioned file, overridden by the environment. Raises SettingsError with the name."""
    if environ is None and file is None and (begun_with := _kept.get()) is not None:
        return begun_with
    environ = os.environ if environ is None else environ
    file = ROOT / "data" / "settings.toml" if file is None else file
    try:
        stat = file.stat()
        seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    except OSError:
        seen = None
    return _load(file, seen, tuple(map(environ.get, VARIABLES)), Path.cwd())


@functools.lru_cache(maxsize=8)
def _load(file: Path, seen: object, overriding: tuple[str | None, ...], folder: Path) -> Settings:
    """The same, read once: pages ask for settings hundreds of times. ``folder``: paths may be relative to it."""
    text = _text_of(file) if seen and file.is_file() else ""
    written = _parsed(file, text)
    variables = {name: value for name, value in zip(NAMES, overriding, strict=True) if value is not None}
    given = {}
    for name, value in (written | variables).items():
        try:
            given[name] = accepted(name, value)
        except SettingsError as error:
            where = f"the variable EARSHOT_{name.upper()}" if name in variables else _line(file, text, name)
            raise SettingsError(f"{error} It stands in {where}.") from None
    return replace(Settings(), **given)


NAMES = tuple(f.name for f in fields(Settings))
VARIABLES = tuple(f"EARSHOT_{name.upper()}" for name in NAMES)
"""Of the environment, one per setting."""


def _text_of(file: Path) -> str:
    """The settings file as text. Raises SettingsError when it can't be read, or is not UTF-8."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{file} can't be read: {error.strerror or error}; make it readable, or remove it."
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{file}, line {line}: this is not UTF-8; save the file as UTF-8.") from None


def _parsed(file: Path, text: str) -> dict[str, Any]:
    """Setting → value, as TOML has them. Raises SettingsError for what is no TOML, and for unknown settings."""
    try:
        written = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(
            f'{file} is no valid TOML: {error}. Write a setting a line, text in quotes, like time_zone = "Europe/Paris".'
        ) from None
    for name in written:
        if name not in NAMES:
            where = _line(file, text, name)
            raise SettingsError(f"{where} has an unknown setting {name!r}; known are {', '.join(NAMES)}.")
    return written


def _line(file: Path, text: str, name: str) -> str:
    """Where a setting stands in the file, as people are told."""
    begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}\b""")
    number = next((number for number, line in enumerate(text.splitlines(), 1) if begins.match(line)), None)
    return f"{file}, line {number}" if number else str(file)


def accepted(name: str, value: Any) -> Any:
    """``value`` as the setting's type. Raises SettingsError for one that makes no sense."""
    field = Settings.__dataclass_fields__[name]
    given = typed(name, value, field.default)
    if field.metadata["allowed"]:
        in_range(name, given, field.metadata["allowed"])
    if name in CHECKS:
        CHECKS[name](name, given)
    return given
