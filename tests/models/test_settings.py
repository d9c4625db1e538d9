"""Settings: declared once, checked with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import SettingsError
from models.settings import Settings, load


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
        ("agent_channel = 7", "agent_channel"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, says: str) -> None:
    """A setting that makes no sense is refused with a sentence that names it."""
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=says):
        load({}, file)


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
