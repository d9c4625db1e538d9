"""Settings: declared once, checked with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import SettingsError
from models.settings import NAMES, Settings, accepted, kept, load


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A variable of the environment overrides the settings file."""
    file = tmp_path / "settings.toml"
    file.write_text('time_zone = "Europe/Paris"\nagent_channel = 1\n')
    settings = load({"EARSHOT_TIME_ZONE": "America/Montreal"}, file)
    assert (settings.time_zone, settings.agent_channel) == ("America/Montreal", 1)


def test_no_file_means_defaults(tmp_path: Path) -> None:
    """Without a file and variables, every setting has its declared default."""
    assert load({}, tmp_path / "none.toml") == Settings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('time_zoen = "Europe/Paris"', "time_zoen"),
        ('time_zone = "Paris"', "no time zone"),
        ('agent_channel = "left"', "agent_channel"),
        ("agent_channel = 7", "0 (left), 1 (right) or -1 (find out)"),
        ("dashboard_port = [1]", "dashboard_port is [1]; write a whole number"),
        ("dashboard_port = 8501.5", "write a whole number"),
        ("dashboard_port = true", "write a whole number"),
        ("dashboard_port = 99999", "from 1 to 65535"),
        ("dashboard_port = 0", "from 1 to 65535"),
        ("return_days = inf", "return_days"),
        ("listening_days = 0", "listening_days"),
        ("listening_minutes = -5", "listening_minutes is -5.0; write a number from 1 to 2400"),
        ("listening_minutes = nan", "listening_minutes is nan"),
        ("lock_wait_s = nan", "lock_wait_s is nan"),
        ("sign_in_hours = nan", "sign_in_hours is nan"),
        ("max_recording_h = inf", "max_recording_h is inf"),
        ("judge_timeout_s = 0", "judge_timeout_s"),
        ("require_consent = [true]", "write yes or no"),
        ('admins = ["ana@example.org"]', "one text in quotes, with commas"),
        ('listening_mix = "x=1"', "listening_mix has 'x=1'"),
        ('listening_mix = "random=\u00b2"', "listening_mix has"),
        ('reviewer_agents = "foo"', "like ana@example.org=ana.diaz"),
        ('data = ""', "data is empty; name a folder"),
        ('data = "~nobody-has-this-name/x"', "write the whole path"),
        ('originals_key_file = "\\u0000"', "null character"),
        ("[redact]\nphone = true", "redact"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, says: str) -> None:
    """A setting that makes no sense is refused with a sentence that names it, and the line it stands in."""
    file = tmp_path / "settings.toml"
    file.write_text(f'# ours\ncurrency = "EUR"\n{text}\n', "utf-8")
    with pytest.raises(SettingsError) as refused:
        load({}, file)
    assert says in str(refused.value) and f"{file}, line 3" in str(refused.value)


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    """What the environment gives is checked alike: the sentence says which variable it was, not a line of the file."""
    file = tmp_path / "settings.toml"
    file.write_text("dashboard_port = 8501\n")
    for name, value in {"DASHBOARD_PORT": "99999", "DATA": " ", "LOCK_WAIT_S": "nan"}.items():
        with pytest.raises(SettingsError, match=rf"It stands in the variable EARSHOT_{name}\.$"):
            load({f"EARSHOT_{name}": value}, file)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'currency = "EUR"\ntime_zone = Europe/Paris\n', "(at line 2, column 13)"),
        (b"currency", "(at end of document)"),
        (b'currency = "EUR"\n# caf\xe9\n', ", line 2: this is not UTF-8"),
        (b"x = " + b"[" * 20_000, "no valid TOML"),
    ],
)
def test_a_broken_file_is_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    """A settings file that is no TOML, or not UTF-8, is named with the line at fault and a way out."""
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        load({}, file)
    assert str(refused.value).startswith(str(file)) and says in str(refused.value)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Editors on Windows put one in front of UTF-8."""
    (tmp_path / "settings.toml").write_bytes(b'\xef\xbb\xbfcurrency = "GBP"\r\n')
    assert load({}, tmp_path / "settings.toml").currency == "GBP"


@given(st.sampled_from(NAMES), st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.lists(st.integers())))
def test_every_value_is_taken_or_refused_in_a_sentence(name: str, value: object) -> None:
    """Whatever stands in the file: it becomes the setting's own type, or SettingsError names the setting."""
    kind = Path if name == "data" else type(Settings.__dataclass_fields__[name].default)
    try:
        assert isinstance(accepted(name, value), kind)
    except SettingsError as refused:
        said = str(refused)
        assert name in said


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """What is written in the settings file counts from the next time settings are asked for, a refusal included."""
    file = tmp_path / "settings.toml"
    file.write_text('currency = "EUR"')
    assert load({}, file).currency == "EUR"
    file.write_text('currency = "pounds"')
    for _ in range(2):
        with pytest.raises(SettingsError, match="currency"):
            load({}, file)
    file.write_text('currency = "GBP"\n')
    assert load({}, file).currency == "GBP"
    file.unlink()
    assert load({}, file).currency == "EUR"


def test_a_page_keeps_the_settings_it_began_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes while a page is drawn counts from the next one on."""
    monkeypatch.setenv("EARSHOT_CURRENCY", "USD")
    with kept():
        monkeypatch.setenv("EARSHOT_CURRENCY", "GBP")
        assert load().currency == "USD"
    assert load().currency == "GBP"
