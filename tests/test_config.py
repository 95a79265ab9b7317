"""Settings: where they come from, and what is refused in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from vmps.config import (
    DEVELOPMENT_ENCRYPTION_KEY,
    SETTINGS,
    ConfigurationError,
    Settings,
    load_settings,
)

GOOD = {
    "SECRET_KEY": "k" * 40,
    "ENCRYPTION_KEYS": "bmV3ZXItMzItYnl0ZS1lbmNyeXB0aW9uLWtleS4uLi4=",
}


def refusal(environ: dict[str, str]) -> str:
    """Return what is said when the environment is refused."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environ=environ)
    return str(caught.value)


def test_production_names_every_development_secret() -> None:
    said = refusal({})
    assert "SECRET_KEY is the development one" in said
    assert "ENCRYPTION_KEYS holds the development key" in said


def test_production_names_only_the_secret_that_is_wrong() -> None:
    assert "ENCRYPTION_KEYS" not in refusal(GOOD | {"SECRET_KEY": ""})


def test_production_refuses_a_short_secret_key() -> None:
    assert "shorter than 32" in refusal(GOOD | {"SECRET_KEY": "k" * 31})


def test_production_refuses_the_development_key_among_others() -> None:
    keys = f"{GOOD['ENCRYPTION_KEYS']}, {DEVELOPMENT_ENCRYPTION_KEY}"
    assert "ENCRYPTION_KEYS" in refusal(GOOD | {"ENCRYPTION_KEYS": keys})


def test_production_starts_on_secrets_of_its_own() -> None:
    assert load_settings(environ=GOOD).environment == "production"


def test_development_starts_on_nothing() -> None:
    settings = load_settings({"ENVIRONMENT": "development"}, environ={})
    assert settings.database_url == "sqlite:///var/vmps.sqlite3"


def test_every_setting_is_an_attribute() -> None:
    settings = load_settings(environ=GOOD)
    assert set(vars(settings)) == {setting.name.lower() for setting in SETTINGS}
    declared = set(Settings.__annotations__) or set(vars(settings))
    assert declared == set(vars(settings))


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("f" * 40 + "\n")
    settings = load_settings(environ=GOOD | {"SECRET_KEY_FILE": str(file)})
    assert settings.secret_key == "f" * 40


def test_only_secrets_are_read_from_files(tmp_path: Path) -> None:
    file = tmp_path / "level"
    file.write_text("DEBUG")
    settings = load_settings(environ=GOOD | {"LOG_LEVEL_FILE": str(file)})
    assert settings.log_level == "INFO"


def test_the_caller_wins_over_the_environment() -> None:
    environ = GOOD | {"LOG_LEVEL": "DEBUG"}
    assert load_settings({"LOG_LEVEL": "ERROR"}, environ).log_level == "ERROR"


def test_lists_are_split_at_commas() -> None:
    environ = GOOD | {"ALLOWED_NETWORKS": " 10.0.0.0/8, ,127.0.0.0/8 "}
    found = load_settings(environ=environ).allowed_networks
    assert found == ("10.0.0.0/8", "127.0.0.0/8")


def test_an_unknown_override_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="Unknown setting: COLOUR"):
        load_settings({"COLOUR": "red"}, environ=GOOD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("DATABASE_URL", "mysql://localhost/vmps"),
        ("LANE_CONCURRENCY", "0"),
        ("LANE_CONCURRENCY", "four"),
        ("LEASE_SECONDS", "-1"),
        ("DRAIN_SECONDS", "0"),
        ("TICK_SECONDS", "soon"),
        ("ALLOWED_NETWORKS", "10.0.0.1/8"),
        ("ALLOWED_NETWORKS", "the office"),
        ("PLUGIN_CONTACT", "the office"),
        ("PLUGIN_CONTACT", f"{'o' * 30}@oakwood.example"),
    ],
)
def test_a_bad_value_is_refused_by_its_setting_s_name(name: str, value: str) -> None:
    assert name in refusal(GOOD | {name: value})
